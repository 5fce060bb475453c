//! Text written in escapes: `%7B%22key%22%3A...` in URLs, `\u0070\u0061...` and `\x70\x61...` in literals.
//!
//! Gives the stretches that say something else once they are decoded: those with a quote, an equals sign, a colon or a brace among
//! their escapes, and those that are nothing but escapes. What stands there as plain text is found without this.

use super::Focus;
use super::encoded::Encoded;
use super::runs::{Classes, each_bit};
use super::simd::WORD;
use crate::span::Span;

/// Shortest and longest stretch that is decoded, in bytes: little enough that what decides about it is within
/// [`REACH`](crate::detect::REACH).
const SHORTEST: usize = 24;
const LONGEST: usize = 2048;

/// How far behind the beginning of a stretch its first escape can stand that is looked for.
pub(super) const REACH: usize = LONGEST + 2;

/// Escapes in a row that are worth a look though none of them is a sign.
const ALL_ESCAPED: usize = 8;

/// Signs that, escaped, hide where a name ends and its value begins.
const HIDING: &[u8] = b"\"':={}";

/// Appends the texts that stand escaped in `text`, of which `classes` were read, and that something new is in or beside, to `out`, in order.
pub(super) fn find(text: &[u8], classes: &Classes, focus: Focus<'_>, out: &mut Vec<Encoded>) {
    let mut done = 0;
    let read = (classes.escapes.len() * WORD).min(text.len());
    each_bit(
        Span::new(0, read),
        |word| classes.escapes[word],
        |at| {
            if at < done || escape(&text[at..]).is_none() {
                return;
            }
            let stretch = match text[at] {
                b'%' => percent_stretch(text, done, at),
                _ => literal_stretch(text, at),
            };
            done = stretch.end;
            if (SHORTEST..=LONGEST).contains(&stretch.len()) && focus.holds(stretch, 1, 1) {
                out.extend(decoded(stretch.of(text)).map(|text| Encoded { span: stretch, text }));
            }
        },
    );
}

/// The byte that the escape at the beginning of `text` stands for, and the length of the escape.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let (digits, length) = match text {
        [b'%', one, two, ..] | [b'\\', b'x', one, two, ..] => ([*one, *two], if text[0] == b'%' { 3 } else { 4 }),
        [b'\\', b'u', b'0', b'0', one, two, ..] => ([*one, *two], 6),
        _ => return None,
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()?;
    Some((byte, length))
}

/// The characters of an encoded URL component around `at`, from `from` on.
fn percent_stretch(text: &[u8], from: usize, at: usize) -> Span {
    let holds = |byte: &&u8| byte.is_ascii_alphanumeric() || b"%-._~+*".contains(byte);
    let start = at - text[from..at].iter().rev().take(LONGEST + 1).take_while(holds).count();
    let end = at + text[at..].iter().take(LONGEST + 1).take_while(holds).count();
    Span::new(start, end)
}

/// The escapes of a literal from `at` on.
fn literal_stretch(text: &[u8], at: usize) -> Span {
    let mut end = at;
    while let Some((_, length)) = text.get(end..).filter(|_| end - at <= LONGEST).and_then(escape) {
        end += length;
    }
    Span::new(at, end)
}

/// What `stretch` says, if its escapes hide something and all of it is text.
fn decoded(stretch: &[u8]) -> Option<Vec<u8>> {
    let (mut text, mut hides, mut row, mut longest, mut at) = (Vec::new(), false, 0, 0, 0);
    while at < stretch.len() {
        match escape(&stretch[at..]) {
            Some((byte, length)) => {
                if !matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t') {
                    return None;
                }
                hides |= HIDING.contains(&byte);
                row += 1;
                text.push(byte);
                at += length;
            }
            None => {
                row = 0;
                text.push(stretch[at]);
                at += 1;
            }
        }
        longest = longest.max(row);
    }
    (hides || longest >= ALL_ESCAPED).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let (mut found, mut classes) = (Vec::new(), Classes::default());
        classes.read(text.as_bytes());
        find(text.as_bytes(), &classes, Focus::EVERYTHING, &mut found);
        found.into_iter().map(|one| String::from_utf8(one.text).expect("printable text")).collect()
    }

    #[test]
    fn escaped_text_is_decoded_where_the_escapes_hide_something() {
        assert_eq!(texts("x=%7B%22user%22%3A%22ann%22%7D&y"), ["{\"user\":\"ann\"}"]);
        let escape = |format: fn(u8) -> String| "some words".bytes().map(format).collect::<String>();
        for text in
            [escape(|b| format!("%{b:02X}")), escape(|b| format!("\\x{b:02x}")), escape(|b| format!("\\u{b:04x}"))]
        {
            assert_eq!(texts(&format!("'{text}'")), ["some words"]);
        }
    }

    #[test]
    fn paths_formats_and_what_is_no_text_say_nothing() {
        for text in [
            "a%20path%20with%20many%20blanks",
            "100%25%20of%20it%20and%20more",
            "%d of %s with %5d and more",
            "%00%3A%01 and %22",
            "\\u00e9",
        ] {
            assert!(texts(text).is_empty(), "{text}");
        }
    }
}
