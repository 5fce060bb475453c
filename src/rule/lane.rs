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

/// Literals the name lane searches for, lower case, found in any case: parts of credential words, and signs in front of secrets.
///
/// The search filters on the first three bytes of each, by nibbles, in eight [`BUCKETS`]. So they are cut to begin with three bytes
/// that are rare in code (`ecret` and not `secret`, for `sec` begins `section`).
pub const STEMS: &[&str] = &[
    "pass",
    "pwd",
    "ecret",
    "token",
    "key",
    "cred",
    "auth",
    "://",
    "rase",
    "salt",
    "dsn",
    "ebhook",
    "enha",
    "--begin",
    "ig=",
    "arol",
    "psk",
    "otp",
    "dpw",
    "tified by",
    " -u",
    " -p",
    "--u",
    "_pw",
    "pdo(",
    "wifi.b",
    ":5432:",
    "sqli(",
    "sqli_connect(",
];

/// The bucket of each of [`STEMS`]: those that share one let through every mixture of their first three bytes. Chosen by annealing on
/// 4 MB of code, where 0.3 % of all places pass; 0.17 % begin like a stem.
pub const BUCKETS: &[u8] = &[1, 0, 2, 0, 7, 6, 7, 7, 1, 4, 6, 2, 2, 3, 7, 3, 0, 5, 6, 0, 5, 5, 5, 1, 4, 0, 7, 3, 3];

/// Does `stem` stand in names, and not in front of what is secret?
pub fn is_name(stem: usize) -> bool {
    STEMS[stem].bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// The stem that begins an authority.
pub const URL_STEM: usize = stem("://");

/// The stem of the signatures of Azure, whose names say nothing to others.
pub const SIGNATURE_STEM: usize = stem("ig=");

/// The stem in the beginning of an armoured block, and how far from its beginning it stands.
pub const ARMOR_STEM: usize = stem("--begin");
/// See [`ARMOR_STEM`].
pub const ARMOR_OFFSET: usize = 3;

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

/// Fewest bytes of a literal that marks its token wherever it stands.
const MARK_MIN: usize = 4;

/// Fewest bytes that follow such a mark in a token that is cut short or changed.
pub const MARKED_BODY: usize = 12;

/// Words that begin the tokens of some providers and many other things.
const PLAIN_MARKS: &[&str] = &[
    "api",
    "console",
    "https",
    "key",
    "live",
    "oauth",
    "organizations",
    "pat",
    "perm",
    "private",
    "production",
    "sandbox",
    "secret",
    "stage",
    "standard",
    "test",
    "user",
];

/// Does `literal` say by itself whose token it begins, whatever follows?
pub fn is_mark(literal: &str) -> bool {
    if literal.len() < MARK_MIN {
        return false;
    }
    let word = literal.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let closed = word.len() < literal.len() || literal.len() > MARK_MIN;
    closed
        && literal.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
        && !PLAIN_MARKS.contains(&word.as_str())
}

/// Words of two letters that begin the keys of many providers, and say nothing of the rest.
const PLAIN_HEADS: &[&str] = &["ac", "ak", "ck", "db", "ek", "lk", "pa", "pb", "pk", "pl", "sk", "st", "tk", "up"];

/// Does a value that begins with `literal` claim to be the token that it begins? A whole value needs less for that than a place in
/// some text does.
pub fn is_head(literal: &str) -> bool {
    let word = literal.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let telling = literal.len() > 3 || literal.len() == 3 && word.len() < 3;
    telling
        && literal.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
        && !PLAIN_MARKS.contains(&word.as_str())
        && !PLAIN_HEADS.contains(&word.as_str())
}

/// Does `text` hold one of the stems, in any case?
pub fn holds_stem(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    STEMS.iter().any(|stem| lower.contains(stem))
}
