//! Bech32 (BIP-173), the checksummed text form of age keys and of Nostr keys.

/// Longest text that is read. BIP-173 stops at 90 characters; age plugins write longer ones.
const LONGEST: usize = 1024;

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// A Bech32 text whose checksum holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The human-readable part in lower case, without the separating `1`.
    pub prefix: String,
    /// The data, five bits a byte, without the checksum.
    pub data: Vec<u8>,
}

impl Decoded {
    /// The data as bytes; none if the bits left over do not form a proper end.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.data.len() * 5 / 8);
        let (mut pending, mut bits) = (0_u32, 0);
        for value in &self.data {
            pending = (pending << 5 | u32::from(*value)) & 0x0fff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((pending >> bits & 0xff) as u8);
            }
        }
        let padding_is_zero = pending & ((1 << bits) - 1) == 0;
        (bits < 5 && padding_is_zero).then_some(bytes)
    }
}

/// Reads a Bech32 text in one case; none if it is malformed or its checksum does not hold.
pub fn decode(text: &[u8]) -> Option<Decoded> {
    let has = |test: fn(&u8) -> bool| text.iter().any(test);
    if text.len() > LONGEST || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let separator = lower.iter().rposition(|byte| *byte == b'1')?;
    let (prefix, letters) = (lower.get(..separator)?, lower.get(separator + 1..)?);
    if prefix.is_empty() || !prefix.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let mut data = letters
        .iter()
        .map(|letter| ALPHABET.iter().position(|known| known == letter).map(|at| at as u8))
        .collect::<Option<Vec<u8>>>()?;
    if data.len() < 6 || polymod(prefix, &data) != 1 {
        return None;
    }
    data.truncate(data.len() - 6);
    Some(Decoded { prefix: String::from_utf8(prefix.to_vec()).ok()?, data })
}

/// Writes `bytes` as lower-case Bech32 under `prefix`.
pub fn encode(prefix: &str, bytes: &[u8]) -> String {
    let mut data = Vec::with_capacity(bytes.len() * 8 / 5 + 7);
    let (mut pending, mut bits) = (0_u32, 0);
    for byte in bytes {
        pending = (pending << 8 | u32::from(*byte)) & 0x0fff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            data.push((pending >> bits & 31) as u8);
        }
    }
    if bits > 0 {
        data.push((pending << (5 - bits) & 31) as u8);
    }
    let mut padded = data.clone();
    padded.extend([0; 6]);
    let checksum = polymod(prefix.as_bytes(), &padded) ^ 1;
    data.extend((0..6).rev().map(|place| (checksum >> (5 * place) & 31) as u8));
    let letters = data.iter().map(|value| char::from(ALPHABET[usize::from(*value & 31)]));
    prefix.chars().chain(['1']).chain(letters).collect()
}

/// The checksum polynomial over the expanded prefix and the data.
fn polymod(prefix: &[u8], data: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = prefix.iter().map(|byte| byte >> 5);
    let low = prefix.iter().map(|byte| byte & 31);
    high.chain([0]).chain(low).chain(data.iter().copied()).fold(1, |state: u32, value| {
        let top = state >> 25;
        let shifted = (state & 0x01ff_ffff) << 5 ^ u32::from(value);
        (0..5).filter(|bit| top >> bit & 1 == 1).fold(shifted, |sum, bit| sum ^ GENERATOR[bit])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_valid_strings_of_bip_173_are_read() {
        let longest =
            ["an83characterlonghumanreadablepartthatcontains", "thenumber1andtheexcluded", "charactersbio1tt5tgs"]
                .concat();
        for text in [
            "A12UEL5L",
            "a12uel5l",
            &longest,
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
            "?1ezyfcl",
        ] {
            assert!(decode(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn the_invalid_strings_of_bip_173_are_refused() {
        for text in [
            "pzry9x0s0muk",
            "1pzry9x0s0muk",
            "x1b4n0q5v",
            "li1dgmt3",
            "A1G7SGD8",
            "10a06t8",
            "1qzzfhee",
            "A12uEL5L",
            "",
        ] {
            assert!(decode(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for length in 0..64_u8 {
            let bytes: Vec<u8> = (0..length).map(|index| index.wrapping_mul(89)).collect();
            let decoded = decode(encode("part", &bytes).as_bytes()).expect("just written");
            assert_eq!((decoded.prefix.as_str(), decoded.bytes()), ("part", Some(bytes)));
        }
    }
}
