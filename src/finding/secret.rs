//! The one type that holds a raw secret value.
//!
//! `Debug`, `Display` and `Serialize` show a mask, dropping it wipes the memory, and the bytes come out only through
//! [`Secret::expose`].

use serde::{Serialize, Serializer};
use std::fmt;
use zeroize::Zeroizing;

/// Most bytes of a literal prefix that a mask shows.
const MAX_SHOWN: usize = 12;

/// From this length on, a mask shows the first characters of a value without a known prefix.
const LONG: usize = 24;

/// A secret value, masked unless exposed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    value: Zeroizing<Vec<u8>>,
    shown: usize,
}

impl Secret {
    /// Takes a copy of `value`, of which the first `literal` bytes are known to everybody (a rule's prefix).
    pub fn new(value: &[u8], literal: usize) -> Self {
        let first_line = value.iter().take_while(|byte| byte.is_ascii_graphic() || **byte == b' ').count();
        let shown = match literal {
            0 if value.len() >= LONG => 4,
            literal => literal.min(MAX_SHOWN),
        };
        // At least three quarters of a value stay hidden, whatever its prefix.
        let shown = shown.min(first_line).min(value.len() / 4);
        Self { value: Zeroizing::new(value.to_vec()), shown }
    }

    /// The raw bytes. For fingerprints, for finding the same value elsewhere, and for `--show-secrets`; nothing else.
    pub fn expose(&self) -> &[u8] {
        &self.value
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// The mask: `ghp_...(40)`.
impl fmt::Display for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = String::from_utf8_lossy(&self.value[..self.shown]);
        write!(out, "{shown}...({})", self.value.len())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Secret({self})")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_expose_shows_the_value() {
        let value = ["gh", "p_", &"x7Qa".repeat(9)].concat();
        let secret = Secret::new(value.as_bytes(), 4);
        assert_eq!(secret.to_string(), "ghp_...(40)");
        assert_eq!(format!("{secret:?}"), "Secret(ghp_...(40))");
        assert_eq!(serde_json::to_string(&secret).expect("serialises"), "\"ghp_...(40)\"");
        assert_eq!(secret.expose(), value.as_bytes());
    }

    #[test]
    fn short_values_show_nothing() {
        assert_eq!(Secret::new(b"hunter2", 0).to_string(), "...(7)");
        assert_eq!(Secret::new(b"sk-abc", 3).to_string(), "s...(6)");
    }
}
