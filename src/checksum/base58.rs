//! Base58 and Base58Check, the text forms of Bitcoin and its relatives.

use sha2::{Digest, Sha256};

/// The alphabet of Bitcoin: no `0`, `O`, `I`, `l`.
pub const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The alphabet of the XRP ledger: the same letters in another order.
pub const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// Longest text that is read; decoding takes quadratic time.
const LONGEST: usize = 160;

/// Reads Base58; none for foreign letters and for text longer than any key.
pub fn decode(text: &[u8], alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut reversed: Vec<u8> = Vec::with_capacity(text.len());
    for letter in text {
        let mut carry = alphabet.iter().position(|known| known == letter)? as u32;
        for byte in &mut reversed {
            carry += u32::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            reversed.push(carry as u8);
        }
    }
    let zeros = text.iter().take_while(|letter| **letter == alphabet[0]).count();
    reversed.extend(std::iter::repeat_n(0, zeros));
    reversed.reverse();
    Some(reversed)
}

/// Writes `bytes` as Base58.
pub fn encode(bytes: &[u8], alphabet: &[u8; 58]) -> Vec<u8> {
    let mut reversed: Vec<u8> = Vec::with_capacity(bytes.len() * 138 / 100 + 1);
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut reversed {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            reversed.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    reversed.extend(std::iter::repeat_n(0, zeros));
    reversed.iter().rev().map(|digit| alphabet[usize::from(*digit)]).collect()
}

/// The first four bytes of SHA-256 applied twice, which Base58Check appends.
pub fn checksum(payload: &[u8]) -> [u8; 4] {
    let twice = Sha256::digest(Sha256::digest(payload));
    [twice[0], twice[1], twice[2], twice[3]]
}

/// Reads Base58Check and gives the payload; none if the checksum does not hold.
pub fn decode_checked(text: &[u8], alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    let mut bytes = decode(text, alphabet)?;
    let payload_length = bytes.len().checked_sub(4)?;
    let holds = checksum(&bytes[..payload_length]) == bytes[payload_length..];
    bytes.truncate(payload_length);
    holds.then_some(bytes)
}

/// Writes `payload` and its checksum as Base58.
pub fn encode_checked(payload: &[u8], alphabet: &[u8; 58]) -> Vec<u8> {
    encode(&[payload, &checksum(payload)].concat(), alphabet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_internet_draft_come_out() {
        assert_eq!(encode(b"Hello World!", BITCOIN), b"2NEpo7TZRRrLZSi2U");
        assert_eq!(encode(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd], BITCOIN), b"11233QC4");
        assert_eq!(decode(b"11233QC4", BITCOIN), Some(vec![0, 0, 0x28, 0x7f, 0xb4, 0xcd]));
    }

    #[test]
    fn a_published_address_has_its_checksum() {
        let address = ["1BvBMSEYstWet", "qTFn5Au4m4GFg7xJaNVN2"].concat();
        assert_eq!(decode_checked(address.as_bytes(), BITCOIN).map(|payload| payload.len()), Some(21));
        assert_eq!(decode_checked(address.replace('B', "C").as_bytes(), BITCOIN), None);
    }

    #[test]
    fn what_is_written_is_read_back_in_both_alphabets() {
        for length in 1..48_u8 {
            let payload: Vec<u8> = (0..length).map(|index| index.wrapping_mul(71)).collect();
            for alphabet in [BITCOIN, RIPPLE] {
                let text = encode_checked(&payload, alphabet);
                assert_eq!(decode_checked(&text, alphabet), Some(payload.clone()));
            }
        }
    }

    #[test]
    fn foreign_letters_and_endless_text_are_refused() {
        assert_eq!(decode(b"0OIl", BITCOIN), None);
        assert_eq!(decode(&[b'2'; 1000], BITCOIN), None);
        assert_eq!(decode_checked(b"2", BITCOIN), None);
    }
}
