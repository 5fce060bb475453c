//! Marvin32, the keyed checksum in Microsoft's identifiable secrets.
//!
//! Published as part of SymCrypt (`marvin32.c`) and of `microsoft/security-utilities`; the seeds are public,
//! so it proves the origin of a value and protects nothing.

/// The seed that an eight-character name stands for: its bytes, first one most significant.
pub const fn seed(name: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*name)
}

/// Marvin32 with its full 64-bit result.
pub fn marvin64(data: &[u8], seed: u64) -> u64 {
    let mut state = [seed as u32, (seed >> 32) as u32];
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        absorb(&mut state, *word);
    }
    let mut last = [0; 4];
    for (slot, byte) in last.iter_mut().zip(rest.iter().chain(&[0x80])) {
        *slot = *byte;
    }
    absorb(&mut state, last);
    mix(&mut state);
    u64::from(state[1]) << 32 | u64::from(state[0])
}

/// Marvin32 folded to 32 bits: the halves of [`marvin64`] combined by exclusive or.
pub fn marvin32(data: &[u8], seed: u64) -> u32 {
    let wide = marvin64(data, seed);
    (wide >> 32) as u32 ^ wide as u32
}

fn absorb(state: &mut [u32; 2], word: [u8; 4]) {
    state[0] = state[0].wrapping_add(u32::from_le_bytes(word));
    mix(state);
}

fn mix(state: &mut [u32; 2]) {
    let [mut low, mut high] = *state;
    high ^= low;
    low = low.rotate_left(20).wrapping_add(high);
    high = high.rotate_left(9) ^ low;
    low = low.rotate_left(27).wrapping_add(high);
    *state = [low, high.rotate_left(19)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_symcrypt_come_out() {
        assert_eq!(marvin64(b"abc", 0xd53c_d9ce_cd08_93b7), 0x22c7_4339_4927_69bf);
        assert_eq!(marvin64(b"abcdefghijklmnopqrstuvwxyz", 0x0ddd_deee_efff_f000), 0xa128_eb7e_7260_aca2);
    }

    #[test]
    fn the_vectors_of_every_length_up_to_seven_come_out() {
        let vectors: [(u64, &[u8]); 8] = [
            (0x30ed_35c1_00cd_3c7d, &[]),
            (0x48e7_3fc7_7d75_ddc1, &[175]),
            (0xb5f6_e1fc_485d_bff8, &[231, 15]),
            (0xf0b0_7c78_9b8c_f7e8, &[55, 244, 149]),
            (0x7008_f2e8_7e9c_f556, &[134, 66, 220, 89]),
            (0xe6c0_8c6d_a2af_a997, &[21, 63, 183, 152, 38]),
            (0x6f04_bf1a_5ea2_4060, &[9, 50, 230, 36, 108, 71]),
            (0xe118_47e4_f067_8c41, &[171, 66, 126, 168, 209, 15, 199]),
        ];
        for (expected, input) in vectors {
            assert_eq!(marvin64(input, 0x004f_b61a_001b_dbcc), expected, "{input:?}");
        }
    }

    #[test]
    fn a_seed_is_its_name() {
        assert_eq!(seed(b"Default0"), 0x4465_6661_756c_7430);
    }
}
