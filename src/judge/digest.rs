//! Digests by their names: what says in front of a value that it is one, and no secret.

use super::line;
use crate::span::Span;

/// What stands right in front of a digest, as it is written; `secure:` in front of what services for CI have encrypted.
const MARKS: &[&[u8]] =
    &[b"sha256", b"sha512", b"sha1", b"sha384", b"sha-", b"md5", b" h1:", b"integrity", b"digest", b" secure: "];

/// How far in front of the value a mark may begin, in bytes.
const MARK_REACH: usize = 14;

/// Longest digest, in letters of Base64.
const LONGEST: usize = 88;

/// What names a digest somewhere before it on the same line, in lower case: more words, of which each says less.
const NAMES: &[&[u8]] = &[
    b"sha",
    b"md5",
    b"digest",
    b"checksum",
    b"integrity",
    b"commit",
    b"rev",
    b"hash",
    b"etag",
    b"@",
    b"crc",
    b"blob",
    b"fingerprint",
];

/// How far before a value its name may stand, in bytes.
const NAME_REACH: usize = 48;

/// Does a digest's mark stand right in front of `value`?
pub(super) fn is_marked(text: &[u8], value: Span) -> bool {
    let start = value.start.saturating_sub(MARK_REACH);
    let marked = |mark: &&[u8]| {
        memchr::memmem::find(&text[start..value.start], mark).is_some_and(|at| !keys(&text[..start + at]))
    };
    MARKS.iter().any(marked)
}

/// Does a digest that is named behind `before` take a key: `createHmac('sha256', "...")`?
fn keys(before: &[u8]) -> bool {
    let length = before.len() - before.iter().rev().take_while(|byte| b"\"'`(".contains(byte)).count();
    length >= 4 && length < before.len() && before[length - 4..length].eq_ignore_ascii_case(b"hmac")
}

/// Is what begins at `at` a digest or a piece of one, whose mark stands in front of it?
pub(super) fn holds(text: &[u8], at: usize) -> bool {
    let digit = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_+/".contains(byte);
    let count = text[at.saturating_sub(LONGEST)..at].iter().rev().take_while(digit).count();
    is_marked(text, Span::new(at - count, at))
}

/// Does the line call what stands at `value` a digest?
pub(super) fn is_named(text: &[u8], value: Span) -> bool {
    let line = line::before(text, value.start, NAME_REACH).to_ascii_lowercase();
    NAMES.iter().any(|name| memchr::memmem::find(&line, name).is_some())
}
