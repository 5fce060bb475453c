//! What may stand beside a match.

use crate::rule::Rule;
use crate::rule::facts::Facts;
use crate::span::Span;

/// How far in front of a match bytes stand that decide about what it continues.
pub(super) const REACH: usize = BASE64_REACH + 1;

/// Longest part of an escape that consists of letters and digits, in bytes: `u003d`.
pub(super) const LONGEST_ESCAPE: usize = 5;

/// Can `byte`, right before a run, begin an escape whose letters and digits the run begins with? See [`ends_escape`].
pub(super) const fn begins_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'[' | b';')
}

/// Can a match of `rule` stand inside of something longer? Only a proof whose failure drops it can say so.
pub(super) fn can_prove(rule: &Rule) -> bool {
    let head = rule.head();
    head.proof.is_some() && head.drops
}

/// Does something on either side make `matched` a part of something longer?
pub(super) fn is_bounded(text: &[u8], matched: Span, facts: Option<&Facts>) -> bool {
    !continued_left(text, matched.start) && !continued_right(text, matched.end, facts) && !in_base64(text, matched)
}

/// Does `matched` stand in the middle of Base64, with a plus or slash on both sides? Slashes alone may be those of a path, unless what
/// stands before them is Base64, too.
fn in_base64(text: &[u8], matched: Span) -> bool {
    let (left, right) = (matched.start.checked_sub(1).map(|at| text[at]), text.get(matched.end).copied());
    let sign = |byte: Option<u8>| matches!(byte, Some(b'+' | b'/'));
    if !sign(left) || !sign(right) {
        return false;
    }
    let letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'+' | b'/');
    let count = text[..matched.start].iter().rev().take(BASE64_REACH).take_while(letter).count();
    let before = &text[matched.start - count..matched.start];
    let holds = |kind: fn(&u8) -> bool| before.iter().any(kind);
    let mixed = holds(u8::is_ascii_digit) && holds(u8::is_ascii_lowercase) && holds(u8::is_ascii_uppercase);
    before.contains(&b'+') || count >= BASE64_REACH / 2 && mixed
}

/// How far before a match is looked for Base64, in bytes.
const BASE64_REACH: usize = 32;

/// Does a letter or digit stand right before `at`, other than as the end of an escape?
pub(super) fn continued_left(text: &[u8], at: usize) -> bool {
    let (Some(before), Some(first)) = (at.checked_sub(1).map(|previous| text[previous]), text.get(at)) else {
        return false;
    };
    before.is_ascii_alphanumeric() && first.is_ascii_alphanumeric() && !ends_escape(&text[..at])
}

/// Does a letter, a digit or another byte of the pattern's last class stand at `at`?
fn continued_right(text: &[u8], at: usize, facts: Option<&Facts>) -> bool {
    text.get(at).is_some_and(|&next| {
        let continues = facts.is_some_and(|facts| facts.tail.contains(next));
        continues || next.is_ascii_alphanumeric() && at > 0 && text[at - 1].is_ascii_alphanumeric()
    })
}

/// Does `text` end with an escape: `\n`, `%3D`, `\x3d`, `\u003d`, or a terminal's colour code?
fn ends_escape(text: &[u8]) -> bool {
    let hex = |count: usize| text.len() > count && text[text.len() - count..].iter().all(u8::is_ascii_hexdigit);
    let before = |count: usize, mark: &[u8]| text[..text.len() - count].ends_with(mark);
    let last = text[text.len() - 1];
    if matches!(last, b'n' | b't' | b'r' | b'b' | b'f' | b'v' | b'0' | b'a' | b'e') && before(1, b"\\") {
        return true;
    }
    if hex(2) && (before(2, b"%") || before(2, b"\\x")) || hex(4) && before(4, b"\\u") {
        return true;
    }
    let digits = text[..text.len() - 1].iter().rev().take(8).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    last == b'm' && before(1 + digits, b"\x1b[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_continue_a_token_and_escapes_do_not() {
        for (text, continued) in [
            ("x|k", true),
            (" |k", false),
            ("_|k", false),
            (r"\n|k", false),
            ("%3D|k", false),
            (r"\u003d|k", false),
            (r"\x3d|k", false),
            ("\x1b[1;31m|k", false),
            ("am|k", true),
            ("3D|k", true),
            ("|k", false),
        ] {
            let at = text.find('|').expect("has a mark");
            let text = text.replace('|', "");
            assert_eq!(continued_left(text.as_bytes(), at), continued, "{text:?}");
        }
    }
}
