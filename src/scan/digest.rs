//! What a scanner is, in one number.

use super::scanner::Scanner;
use crate::judge::model;
use sha2::{Digest, Sha256};

impl Scanner {
    /// Names everything that decides about what is found in a text: the program, its rules, its model, and the least confidence. Two
    /// scanners with the same digest find the same.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(concat!("caulk scanner ", env!("CARGO_PKG_VERSION")));
        hash.update(self.rules.digest());
        hash.update(model::digest());
        hash.update([self.least as u8]);
        hash.finalize().into()
    }
}
