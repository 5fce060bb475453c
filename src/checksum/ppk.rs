//! The code at the end of a private key of PuTTY in version 3, without a pass phrase.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What the code covers: algorithm, encryption, comment, and both parts of the key.
#[derive(Clone, Copy, Debug)]
pub struct Covered<'k> {
    /// The algorithm, as SSH names it.
    pub algorithm: &'k str,
    /// The comment.
    pub comment: &'k str,
    /// The public part.
    pub public: &'k [u8],
    /// The private part.
    pub private: &'k [u8],
}

impl Covered<'_> {
    /// The code: HMAC with SHA-256 (RFC 2104), whose key is empty without a pass phrase.
    pub fn code(&self) -> [u8; 32] {
        let mut message = Vec::new();
        for part in [self.algorithm.as_bytes(), b"none", self.comment.as_bytes(), self.public, self.private] {
            message.extend((part.len() as u32).to_be_bytes());
            message.extend_from_slice(part);
        }
        sha256(b"", &message)
    }
}

/// The code of `message` under `key`.
fn sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let code = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    code.chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        let code = sha256(b"Jefe", b"what do ya want for nothing?");
        assert!(data_encoding::HEXLOWER.encode(&code).starts_with("5bdcc146bf60754e6a04"));
    }
}
