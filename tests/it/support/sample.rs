//! Values and texts, made from seeds.

use caulk::rule::template::{Random, expand};

/// A sample of `template`; equal seeds give equal samples.
pub(crate) fn sample(template: &str, seed: u64) -> String {
    let bytes = expand(template, &mut Random::seeded(seed)).expect("the template is well formed");
    String::from_utf8(bytes).expect("the sample is text")
}

/// A personal access token with a checksum that holds: certain wherever it stands.
pub(crate) fn github(seed: u64) -> String {
    sample("ghp_{crc32-base62:30}", seed)
}

/// A value that only its name betrays.
pub(crate) fn unlike_words(seed: u64) -> String {
    sample("{base62:24}", seed)
}

/// `name = "value"`, written apart so that no line of this suite is an assignment itself.
pub(crate) fn assignment(name: &str, value: &str) -> String {
    [name, " = \"", value, "\""].concat()
}

/// A URL with a password, written apart for the same reason.
pub(crate) fn url(scheme: &str, password: &str) -> String {
    [scheme, "://", "app:", password, "@db.prod.acme.io/app"].concat()
}

/// `text` as UTF-16 without a mark.
pub(crate) fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_of).collect()
}

/// Ordinary text without end.
pub(crate) struct Filler {
    random: Random,
    line_end: &'static str,
}

const WORDS: &[&str] = &[
    "scan", "walk", "river", "stone", "garden", "let", "return", "value", "index", "größe", "house", "(", ")", "{",
    "}", ";", "=", "==", "42", "0x1f", "name", "title", "//", "window", "table", "日本", "orange", "\"text\"", "&",
    "file.rs",
];

impl Filler {
    /// Text in lines, or in one line if `line_end` is no line end.
    pub(crate) fn new(seed: u64, line_end: &'static str) -> Self {
        Self { random: Random::seeded(seed), line_end }
    }

    /// At least `bytes` of it.
    pub(crate) fn text(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 16);
        while text.len() < bytes {
            text.push_str(self.random.pick::<&str>(WORDS));
            text.push_str(if self.random.below(9) == 0 { self.line_end } else { " " });
        }
        text
    }
}
