//! The code at the end of a private key of PuTTY in version 3, without a pass phrase.

use super::hmac;

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
    /// The code: without a pass phrase its key is empty.
    pub fn code(&self) -> [u8; 32] {
        let mut message = Vec::new();
        for part in [self.algorithm.as_bytes(), b"none", self.comment.as_bytes(), self.public, self.private] {
            message.extend((part.len() as u32).to_be_bytes());
            message.extend_from_slice(part);
        }
        hmac::sha256(b"", &message)
    }
}
