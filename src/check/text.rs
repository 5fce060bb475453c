//! A text out of a file that may be a secret: wiped when dropped, masked when printed.

use crate::finding::Secret;
use std::fmt;

/// What stands in a file as a value.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Secret);

impl Text {
    /// Keeps a copy of `text`.
    pub fn new(text: &str) -> Self {
        Self(Secret::new(text.as_bytes(), 0))
    }

    /// The text, for decisions; what is printed is [`Text::masked`], unless the name says that it is no secret.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.0.expose()).unwrap_or_default()
    }

    /// The mask.
    pub fn masked(&self) -> String {
        self.0.to_string()
    }

    /// The value as a secret.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }

    /// Is it `word`, in any case?
    pub fn is(&self, word: &str) -> bool {
        self.as_str().trim().eq_ignore_ascii_case(word)
    }

    /// Is it one of the ways to write yes?
    pub fn is_on(&self) -> bool {
        ["true", "yes", "on", "1", "enabled"].iter().any(|word| self.is(word))
    }

    /// Is it one of the ways to write no?
    pub fn is_off(&self) -> bool {
        ["false", "no", "off", "0", "disabled"].iter().any(|word| self.is(word))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Text({})", self.0)
    }
}
