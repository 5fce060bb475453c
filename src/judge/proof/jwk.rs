//! The private members of JSON Web Keys.

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::base64;

pub(super) const PRIVATE_MEMBER: Proof = Proof {
    name: "jwk-member",
    about: "The URL-safe Base64 is a private exponent, scalar or secret of a length that keys have.",
    source: "RFC 7518, section 6; RFC 8037",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(private_member(value)),
};

fn private_member(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let url_safe = !value.iter().any(|byte| matches!(byte, b'+' | b'/' | b'='));
    let bytes = base64::decode_canonical(value).filter(|_| url_safe).ok_or("not URL-safe Base64")?;
    let kind = match bytes.len() {
        // A leading zero of the exponent may be left out.
        127 | 128 => "RSA, 1024 bits",
        255 | 256 => "RSA, 2048 bits",
        383 | 384 => "RSA, 3072 bits",
        511 | 512 => "RSA, 4096 bits",
        32 => "elliptic curve or secret, 256 bits",
        48 => "elliptic curve or secret, 384 bits",
        57 | 64 | 66 => "elliptic curve or secret, more than 384 bits",
        _ => return Err("no key has this length"),
    };
    Ok(vec![Fact::new("key", kind)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_the_lengths_of_keys() {
        let check =
            |length: usize| private_member(data_encoding::BASE64URL_NOPAD.encode(&vec![0xa7; length]).as_bytes());
        assert_eq!(check(256), Ok(vec![Fact::new("key", "RSA, 2048 bits")]));
        assert!(check(32).is_ok() && check(66).is_ok());
        assert!(check(31).is_err() && check(200).is_err() && check(0).is_err());
    }
}
