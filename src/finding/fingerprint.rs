//! The name by which a finding is known again.

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;

/// 128 bits over rule, value and path; no line and no commit, so it survives moved lines, rebases and squashes.
///
/// SHA-256 over a label, the rule's id, the path and the value, each with its length in front, cut to 16 bytes and written as 32
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of a value that `rule` found in the file at `path` (the stable one of its origin).
    pub fn new(rule: &str, path: &[u8], value: &[u8]) -> Self {
        Self(digest("caulk fingerprint v1", &[rule.as_bytes(), path, value]))
    }

    /// Reads 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The same for the same rule and value wherever they stand: groups the places of one secret.
    pub fn of_value(rule: &str, value: &[u8]) -> Self {
        Self(digest("caulk secret v1", &[rule.as_bytes(), value]))
    }
}

fn digest(label: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(label);
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
