//! Lists of numbers in brackets, as programs store the bytes of keys: `[12, 250, ...]`, `key[16] = {0x2b, 0x7e, ...}`.

use super::super::assignment::{Assignment, Way};
use crate::span::Span;

/// Shortest and longest list, in bytes of text.
const SHORTEST: usize = 31;
const LONGEST: usize = 1000;

/// How far in front of a list its name begins, in bytes.
const NAME: usize = 64;

/// Calls `visit` with each list, and what stands in front of it on its line.
pub(super) fn lists(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    for open in memchr::memchr2_iter(b'[', b'{', text) {
        let rest = &text[open + 1..text.len().min(open + 1 + LONGEST)];
        let in_list = |byte: &&u8| byte.is_ascii_hexdigit() || b",xX".contains(byte) || byte.is_ascii_whitespace();
        let length = rest.iter().take_while(in_list).count();
        if length < SHORTEST || !matches!(rest.get(length), Some(b']' | b'}')) {
            continue;
        }
        let before = &text[open.saturating_sub(NAME)..open];
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let name = Span::new(open - before.len() + start, open);
        let value = Span::new(open + 1, open + 1 + length);
        visit(name, Assignment { name, value, way: Way::LaterArgument, quoted: true, plain: false });
    }
}
