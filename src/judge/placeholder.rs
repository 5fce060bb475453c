//! The one place that decides what stands in for a secret: placeholders, references, templates, documentation values.

mod host;
mod monotone;
mod reference;

use monotone::is_one_character;

pub use host::{is_local_host, is_reserved_host};
pub use monotone::is_monotone;
pub use reference::is_reference;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use std::sync::LazyLock;

/// Finds [`WORDS`] in any case.
static WORD_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder().ascii_case_insensitive(true).build(WORDS).ok());

/// Values are short, so that what finds the first sign of a word in long text only costs time.
fn finder() -> AhoCorasickBuilder {
    let mut finder = AhoCorasickBuilder::new();
    finder.kind(Some(AhoCorasickKind::DFA)).prefilter(false);
    finder
}

fn holds(finder: &Option<AhoCorasick>, value: &[u8], counts: impl Fn(usize) -> bool) -> bool {
    finder.iter().any(|finder| finder.find_overlapping_iter(value).any(|hit| counts(hit.pattern().as_usize())))
}

/// Words that say "put yours here".
const WORDS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "change_this",
    "change-this",
    "replace",
    "your_",
    "your-",
    "yourkey",
    "yourtoken",
    "yoursecret",
    "yourpass",
    "your ",
    "yourapi",
    "insert",
    "redacted",
    "dummy",
    "fake",
    "todo",
    "fixme",
    "xxxx",
    "notreal",
    "not-real",
    "not_real",
    "nosecret",
    "secret_here",
    "key_here",
    "token_here",
    "goes_here",
    "goes-here",
    "-here",
    "_here",
    "fill_in",
    "fill-in",
    "enter_",
    "<",
    "***",
    "...",
    "\u{2026}",
    "foobar",
    "deadbeef",
    "insecure",
    "lorem",
    "ipsum",
    "mock",
    "test_",
    "test-",
    "testing",
    "put_",
    "add_your",
    "my-secret",
    "my_secret",
    "mysecret",
    "super-secret",
    "super_secret",
    "supersecret",
    "mypassword",
    "my-password",
    "my_password",
    "mytoken",
    "my-token",
    "my_token",
    "mykey",
    "my-key",
    "my_key",
    "not-set",
    "not_set",
    "unset",
    "removed",
    "hidden",
    "masked",
    "strong-password",
    "strong_password",
    "generated",
];

/// A word of hexadecimal digits, which fills the place of a key and does not say so.
const FILLER: &str = "deadbeef";

/// Whole values that say nothing.
const VALUES: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "apikey",
    "api_key",
    "api-key",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "str",
    "text",
    "value",
    "default",
    "empty",
    "required",
    "optional",
    "username",
    "user",
    "test",
    "tests",
    "foo",
    "bar",
    "baz",
    "abc",
    "abcd",
    "abc123",
    "pw",
    "na",
    "n/a",
    "yes",
    "no",
    "on",
    "off",
    "auto",
    "disabled",
    "enabled",
    "basic",
    "bearer",
    "hash",
    "credentials",
    "auth",
    "unknown",
    "password1",
    "password123",
    "secret123",
    "pass123",
    "pass1234",
    "test123",
    "test1234",
    "1234",
    "12345",
    "123456",
    "12345678",
];

/// Is `value` a placeholder?
pub fn is_placeholder(value: &[u8]) -> bool {
    if WORD_FINDER.as_ref().is_some_and(|finder| finder.is_match(value)) || is_monotone(value) {
        return true;
    }
    let bare = trimmed(value, |byte| !byte.is_ascii_alphanumeric() && byte < 0x80);
    // What is longer is in no list.
    let mut lower = [0; LONGEST_VALUE];
    let Some(lower) = lower.get_mut(..value.len()) else { return bare.is_empty() };
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    let known = |text: &[u8]| VALUES.iter().any(|known| known.as_bytes() == text);
    if bare.is_empty() || known(trimmed(lower, |byte| !byte.is_ascii_alphanumeric() && byte < 0x80)) {
        return true;
    }
    lower.iter_mut().for_each(|byte| *byte = plain_letter(*byte));
    known(lower)
}

/// Longest of [`VALUES`] with signs around it, in bytes.
const LONGEST_VALUE: usize = 24;

/// `value` without what `holds` at both ends.
fn trimmed(value: &[u8], holds: impl Fn(u8) -> bool) -> &[u8] {
    let start = value.iter().take_while(|byte| holds(**byte)).count();
    let end = value[start..].iter().rev().take_while(|byte| holds(**byte)).count();
    &value[start..value.len() - end]
}

/// The letter in whose place people write a digit or sign: `p@55w0rd`.
const fn plain_letter(lower: u8) -> u8 {
    match lower {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => other,
    }
}

/// Does the body of a token, which has the right shape, show that it was made up?
pub fn in_token(body: &[u8]) -> bool {
    holds(&WORD_FINDER, body, |at| is_telling(WORDS[at], body.len())) || is_monotone(body)
}

/// Is `word` too long to come up by chance in the random letters of a token whose body has `length` bytes?
fn is_telling(word: &str, length: usize) -> bool {
    word.len() >= 6 || (word == "xxxx" && length < 64) || !word.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// Does the body of a token say outright that it stands in for another: in words, or by one character over and over?
///
/// What is only counted up or put together by hand may stand where a token belongs, and is worth a hint.
pub fn is_outright(body: &[u8]) -> bool {
    let tells = |word: &str| is_telling(word, body.len()) && word != FILLER;
    holds(&WORD_FINDER, body, |at| tells(WORDS[at])) || is_one_character(body)
}

/// Can it be what many are set up with and leave, as a word: `changeme`, or the word for a password?
pub fn is_left(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_alphanumeric) && !is_monotone(value)
}

/// Is it counted up, repeated or spelled in hexadecimal digits, and does not say outright what it stands in for?
pub fn is_filler(body: &[u8]) -> bool {
    let spelled = || holds(&WORD_FINDER, body, |at| WORDS[at] == FILLER);
    (is_monotone(body) || spelled()) && !is_outright(body)
}

/// The same for a value that may hold any sign: in a long one signs come up by chance, words do not.
pub fn in_signs(value: &[u8]) -> bool {
    let telling = |word: &str| word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    holds(&WORD_FINDER, value, |at| telling(WORDS[at])) || is_monotone(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_recognised() {
        for value in [
            "your-api-key",
            "YOUR_KEY",
            "<strong-password>",
            "changeme",
            "xxxxxxxxxxxx",
            "************",
            "REPLACE_WITH_TOKEN",
            "password",
            "example-value",
            "0123456789abcdef",
            "a1b2c3d4e5f6a7b8c9d0",
            "1a2b3c4d5e6f7g8h9i0j",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "your_actual_key_here",
            "insert token",
            "...",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["kQ7pLw3zTn", "correct-horse-77", "Tr0ub4dor&3", "S3cure!pw"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }
}
