//! Cyclic redundancy checks of 16, 24 and 32 bits.

/// CRC-32 as in zlib and IEEE 802.3 (ITU-T V.42).
pub fn crc32(data: &[u8]) -> u32 {
    crc32fast::hash(data)
}

/// CRC-16 as in XMODEM: polynomial 0x1021, initial value zero, most significant bit first.
///
/// NATS keys and Stellar keys (SEP-23) end in it, low byte first.
pub fn crc16_xmodem(data: &[u8]) -> u16 {
    data.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            let shifted = crc << 1;
            if crc & 0x8000 == 0 { shifted } else { shifted ^ 0x1021 }
        })
    })
}

/// CRC-24 of OpenPGP armour (RFC 9580, section 6.1): polynomial 0x864cfb, initial value 0xb704ce.
pub fn crc24_openpgp(data: &[u8]) -> u32 {
    let crc = data.iter().fold(0x00b7_04ce_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 16), |crc, _| {
            let shifted = crc << 1;
            if crc & 0x0080_0000 == 0 { shifted } else { shifted ^ 0x0086_4cfb }
        })
    });
    crc & 0x00ff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The input for which every catalogue of CRCs gives the answer.
    const CATALOGUE_INPUT: &[u8] = b"123456789";

    #[test]
    fn the_catalogue_values_come_out() {
        assert_eq!(crc32(CATALOGUE_INPUT), 0xcbf4_3926);
        assert_eq!(crc16_xmodem(CATALOGUE_INPUT), 0x31c3);
        assert_eq!(crc24_openpgp(CATALOGUE_INPUT), 0x0021_cf02);
    }

    #[test]
    fn nothing_hashes_to_the_initial_value() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc16_xmodem(b""), 0);
        assert_eq!(crc24_openpgp(b""), 0x00b7_04ce);
    }
}
