//! The vocabulary of the two lanes: what a run is, and which stems are looked for.
//!
//! Rules are checked against it when they are loaded, `detect` searches by it. Constants and tiny predicates
//! only; also compiled into the build script.

/// Shortest run of token characters that the token lane looks at, in bytes.
pub const RUN_MIN: usize = 16;

/// How far before a run a prefix may begin, in bytes (`SG.`, `hooks.slack.com/`).
pub const LOOKBACK: usize = 24;

/// Longest match any rule may have, in bytes; chunks overlap by it.
pub const MAX_SPAN: usize = 16 * 1024;

/// Default distance of a `near` word, in bytes.
pub const NEAR_DISTANCE: u16 = 80;

/// Literals the name lane searches for, lower case, found in any case.
///
/// Each is at least three bytes long, because the search filters on three.
pub const STEMS: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "dsn",
    "salt",
    "sig=",
    "webhook",
    "://",
    "-----begin",
    "contrase",
    "senha",
    "parol",
];

/// The stem that begins an authority.
pub const URL_STEM: usize = stem("://");

/// The stem that begins an armoured block.
pub const ARMOR_STEM: usize = stem("-----begin");

/// The place of `text` in [`STEMS`].
const fn stem(text: &str) -> usize {
    let mut at = 0;
    while at < STEMS.len() {
        let (one, two) = (STEMS[at].as_bytes(), text.as_bytes());
        if one.len() == two.len() && one[0] == two[0] && one[1] == two[1] {
            return at;
        }
        at += 1;
    }
    unreachable!()
}

/// Is `byte` a character of tokens: letters, digits, `+ / = _ -`?
pub const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

/// Does `text` hold one of the stems, in any case?
pub fn holds_stem(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    STEMS.iter().any(|stem| lower.contains(stem))
}
