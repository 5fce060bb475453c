//! Random keys in plain Base64, Base32 or Base58, known by their length and a few fixed bits.

use data_encoding::BASE32_NOPAD;

use super::{Outcome, Proof, Strength};
use crate::checksum::{base58, base64};

pub(super) const FERNET: Proof = Proof {
    name: "fernet",
    about: "The 44 characters are the URL-safe Base64 of 32 bytes.",
    source: "github.com/fernet/spec",
    strength: Strength::Structure,
    check: |key| verdict(fernet(key), "not 32 bytes in URL-safe Base64"),
};

pub(super) const WIREGUARD: Proof = Proof {
    name: "wireguard",
    about: "The Base64 is 32 bytes with the five bits set and cleared that Curve25519 asks for.",
    source: "wg(8); RFC 7748, section 5",
    strength: Strength::Structure,
    check: |key| verdict(wireguard(key), "not 32 bytes with the bits of a private key"),
};

pub(super) const NUGET: Proof = Proof {
    name: "nuget",
    about: "The Base32 in one case is a version mark, an id of ten bytes and a password of sixteen, without bits left over.",
    source: "NuGet/NuGetGallery, ApiKeyV4.cs",
    strength: Strength::Structure,
    check: |key| verdict(nuget(key).is_some(), "not the Base32 of id and password"),
};

pub(super) const JFROG_BASE58: Proof = Proof {
    name: "jfrog-base58",
    about: "The characters, prefix included, are Base58 of 54 bytes.",
    source: "Samsung/CredSweeper, value_jfrog_token_check.py",
    strength: Strength::Structure,
    check: |key| verdict(jfrog(key), "not 54 bytes in Base58"),
};

pub(super) const SECP256K1: Proof = Proof {
    name: "secp256k1",
    about: "The 64 hexadecimal digits are a number above zero and below the order of the curve secp256k1.",
    source: "SEC 2, section 2.4.1",
    strength: Strength::Structure,
    check: |key| verdict(secp256k1(key), "not a private key of the curve"),
};

/// The order of secp256k1's group.
const ORDER: &[u8] = b"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

fn verdict(holds: bool, reason: &'static str) -> Outcome {
    if holds { Outcome::Passed(Vec::new()) } else { Outcome::Failed(reason) }
}

fn fernet(key: &[u8]) -> bool {
    let url_safe = !key.iter().any(|byte| matches!(byte, b'+' | b'/'));
    key.len() == 44 && url_safe && base64::decode_canonical(key).is_some_and(|bytes| bytes.len() == 32)
}

fn wireguard(key: &[u8]) -> bool {
    let clamped = |bytes: Vec<u8>| bytes.len() == 32 && bytes[0] & 7 == 0 && bytes[31] & 0xc0 == 0x40;
    key.len() == 44 && base64::decode_canonical(key).is_some_and(clamped)
}

/// Id and password are encoded apart, 20 and 26 characters; the id begins with the letters `v4`.
fn nuget(key: &[u8]) -> Option<()> {
    let lower = key.iter().any(u8::is_ascii_lowercase);
    let upper = key.iter().any(u8::is_ascii_uppercase);
    if key.len() != 46 || (lower && upper) {
        return None;
    }
    let (id, password) = key.split_at(20);
    // The decoder refuses letters whose unused bits are set.
    let id = BASE32_NOPAD.decode(&id.to_ascii_uppercase()).ok()?;
    BASE32_NOPAD.decode(&password.to_ascii_uppercase()).ok()?;
    id.starts_with(b"v4").then_some(())
}

fn secp256k1(key: &[u8]) -> bool {
    let digits = key.strip_prefix(b"0x").unwrap_or(key).to_ascii_lowercase();
    let hexadecimal = digits.len() == 64 && digits.iter().all(u8::is_ascii_hexdigit);
    hexadecimal && digits.iter().any(|digit| *digit != b'0') && digits.as_slice() < ORDER
}

fn jfrog(key: &[u8]) -> bool {
    key.starts_with(b"AKCp") && base58::decode(key, base58::BITCOIN).is_some_and(|bytes| bytes.len() == 54)
}
