//! Public halves of keys, known by their structure: what anybody may read is no secret, whatever it is called.

use crate::checksum::base64;

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;

/// How a certificate of version 3 begins inside of its two sequences.
const VERSION_3: &[u8] = &[0xA0, 0x03, 0x02, 0x01, 0x02];

/// Bytes of the shortest modulus of RSA, and of the longest exponent that is in use.
const MODULUS: usize = 64;
const EXPONENT: usize = 5;

/// How extended public keys of wallets begin, behind the letter of their kind, and how long they are.
const EXTENDED: &[u8] = b"pub";
const EXTENDED_LENGTH: usize = 111;

/// How armour begins, and the kinds of it that hold what is public.
const ARMOUR: &[u8] = b"-----BEGIN ";
const KINDS: &[&[u8]] = &[b"CERTIFICATE", b"TRUSTED CERTIFICATE", b"PUBLIC KEY", b"RSA PUBLIC KEY", b"PGP PUBLIC KEY"];

/// How public keys of age begin, and how many letters follow.
const AGE: &[u8] = b"age1";
const AGE_LENGTH: usize = 58;

/// Is `value` a public key or a certificate, in Base64 or as wallets write it? Of one that is cut off at its end the beginning is enough.
pub(super) fn is_public(value: &[u8]) -> bool {
    let armour = value.trim_ascii_start().strip_prefix(ARMOUR).unwrap_or_default();
    if KINDS.iter().any(|kind| armour.starts_with(kind)) {
        return true;
    }
    if value.get(1..4) == Some(EXTENDED) {
        return value.len() == EXTENDED_LENGTH && value.iter().all(u8::is_ascii_alphanumeric);
    }
    if let Some(key) = value.strip_prefix(AGE) {
        return key.len() == AGE_LENGTH && key.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    }
    // A sequence begins with `M`, the length of a name with `AAAA`.
    if !value.starts_with(b"M") && !value.starts_with(b"AAAA") {
        return false;
    }
    let bytes = base64::decode(value).or_else(|| base64::decode(&value[..value.len() / 4 * 4]));
    bytes.is_some_and(|bytes| {
        is_key_info(&bytes).or_else(|| is_rsa(&bytes)).or_else(|| is_certificate(&bytes)).is_some()
            || is_ssh(&bytes).is_some()
    })
}

/// X.509: an algorithm and a string of bits, where a private key begins with its version.
fn is_key_info(bytes: &[u8]) -> Option<()> {
    let (length, inner) = header(bytes, SEQUENCE)?;
    let (algorithm, rest) = header(inner, SEQUENCE)?;
    let bits = rest.get(algorithm..).filter(|_| rest.first() == Some(&OBJECT))?;
    let (key, rest) = header(bits, BIT_STRING)?;
    (inner.len() - rest.len() + key == length && rest.first().is_none_or(|unused| *unused == 0)).then_some(())
}

/// PKCS#1: modulus and exponent, and nothing behind them.
fn is_rsa(bytes: &[u8]) -> Option<()> {
    let (length, inner) = header(bytes, SEQUENCE)?;
    let (modulus, rest) = header(inner, INTEGER)?;
    let (exponent, rest) = header(rest.get(modulus..)?, INTEGER)?;
    (modulus >= MODULUS && exponent <= EXPONENT && rest.len() == exponent && inner.len() == length).then_some(())
}

fn is_certificate(bytes: &[u8]) -> Option<()> {
    let (_, inner) = header(bytes, SEQUENCE)?;
    let (_, signed) = header(inner, SEQUENCE)?;
    signed.starts_with(VERSION_3).then_some(())
}

/// OpenSSH: the name of the algorithm behind its length.
fn is_ssh(bytes: &[u8]) -> Option<()> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let name = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    let known = [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];
    known.iter().any(|start| name.starts_with(start)).then_some(())
}

/// The length that the header with this tag tells, and what follows the header.
fn header(bytes: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    let count = usize::from(first & 0x7F);
    if first & 0x80 == 0 {
        return Some((count, rest));
    }
    let (digits, rest) = rest.split_at_checked(count).filter(|_| (1..=3).contains(&count))?;
    Some((digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    /// An element of DER.
    fn element(tag: u8, inner: &[u8]) -> Vec<u8> {
        let length = match inner.len() {
            short @ ..=127 => vec![short as u8],
            long => vec![0x82, (long >> 8) as u8, long as u8],
        };
        [&[tag][..], &length, inner].concat()
    }

    fn drawn(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 151 + 77) as u8).collect()
    }

    #[test]
    fn public_keys_are_known_by_their_structure_and_private_ones_are_not() {
        let algorithm = element(SEQUENCE, &element(OBJECT, &drawn(7)));
        let bits = element(BIT_STRING, &[&[0][..], &drawn(65)].concat());
        let info = element(SEQUENCE, &[algorithm.clone(), bits].concat());
        let modulus = element(INTEGER, &[&[0][..], &drawn(128)].concat());
        let rsa = element(SEQUENCE, &[modulus.clone(), element(INTEGER, &[1, 0, 1])].concat());
        let signed = element(SEQUENCE, &[VERSION_3, &drawn(80)].concat());
        let certificate = element(SEQUENCE, &signed);
        let ssh = [&[0, 0, 0, 11][..], b"ssh-ed25519", &[0, 0, 0, 32], &drawn(32)].concat();
        for (what, public) in [("info", &info), ("rsa", &rsa), ("certificate", &certificate), ("ssh", &ssh)] {
            assert!(is_public(BASE64.encode(public).as_bytes()), "{what}");
        }
        assert!(is_public(&BASE64.encode(&info).as_bytes()[..60]), "cut off");
        assert!(is_public(["zpub", &"6".repeat(107)].concat().as_bytes()) && !is_public(b"zpub6"), "extended");
        assert!(is_public(["age1", &"q7".repeat(29)].concat().as_bytes()), "age");
        assert!(is_public(b"\n-----BEGIN CERTIFICATE-----\nMII"), "armour");
        let version = element(INTEGER, &[0]);
        let private = element(SEQUENCE, &[version.clone(), algorithm, element(4, &drawn(34))].concat());
        let private_rsa = element(SEQUENCE, &[version, modulus, element(INTEGER, &[1, 0, 1]), drawn(99)].concat());
        for (what, other) in [("private", &private), ("private rsa", &private_rsa), ("drawn", &drawn(64))] {
            assert!(!is_public(BASE64.encode(other).as_bytes()), "{what}");
        }
    }
}
