//! Text inside of Base64 and of hexadecimal digits: what a run of letters says once it is decoded.
//!
//! Takes a run, gives the stretches of it that decode to printable text. Nearly every run is refused after its first eight letters,
//! so that ordinary text and binary data cost nothing.

use crate::checksum::base64;
use crate::span::Span;
use data_encoding::HEXLOWER_PERMISSIVE;

/// Shortest and longest stretch that is decoded, in bytes: a shorter one holds no token, a longer one is data.
const SHORTEST: usize = 24;
const LONGEST: usize = 16 * 1024;

/// Letters that have to decode to printable text before the rest is looked at.
const FIRST: usize = 8;

/// Text in Base64 or in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Where it stands, padding included.
    pub span: Span,
    /// What it says.
    pub text: Vec<u8>,
}

/// Appends the text in the stretches of `run` between equals signs, which end Base64 and stand behind names.
pub(super) fn find(text: &[u8], run: Span, out: &mut Vec<Encoded>) {
    if run.len() < SHORTEST {
        return;
    }
    let mut start = run.start;
    while start < run.end {
        let length = memchr::memchr(b'=', &text[start..run.end]).unwrap_or(run.end - start);
        let padding = text[start + length..run.end].iter().take(2).take_while(|byte| **byte == b'=').count();
        let letters = &text[start..start + length];
        let as_text = |decoded: &Vec<u8>| decoded.iter().all(|byte| is_text(*byte));
        let fits = (SHORTEST..=LONGEST).contains(&length);
        if fits && hex_begins_as_text(letters) {
            let decoded = HEXLOWER_PERMISSIVE.decode(letters).ok().filter(as_text);
            let span = Span::new(start, start + length);
            out.extend(decoded.map(|text| Encoded { span, text }));
        } else if fits && begins_as_text(letters) {
            let decoded = base64::decode(letters).filter(as_text);
            let span = Span::new(start, start + length + padding);
            out.extend(decoded.map(|text| Encoded { span, text }));
        }
        start += length + padding.max(1);
    }
}

/// Do the first letters decode to printable text? Without a look at the rest, and without memory.
fn begins_as_text(letters: &[u8]) -> bool {
    letters[..FIRST].chunks_exact(4).all(|four| {
        let value = four.iter().try_fold(0_u32, |sum, letter| Some(sum << 6 | sextet(*letter)?));
        value.is_some_and(|value| value.to_be_bytes()[1..].iter().all(|byte| is_text(*byte)))
    })
}

/// The same for hexadecimal digits, of which there are two a byte.
fn hex_begins_as_text(letters: &[u8]) -> bool {
    letters.len().is_multiple_of(2)
        && letters[..FIRST].chunks_exact(2).all(|two| {
            let digit = |letter: u8| char::from(letter).to_digit(16);
            matches!((digit(two[0]), digit(two[1])), (Some(2..=7), Some(_)))
        })
}

const fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

/// The six bits of a letter of either alphabet.
fn sextet(letter: u8) -> Option<u32> {
    base64::sextet(letter, base64::STANDARD).or_else(|| base64::sextet(letter, base64::URL_SAFE)).map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        find(text.as_bytes(), Span::new(0, text.len()), &mut found);
        let show = |one: Encoded| {
            (text[one.span.start..one.span.end].to_owned(), String::from_utf8(one.text).expect("printable text"))
        };
        found.into_iter().map(show).collect()
    }

    #[test]
    fn text_is_found_behind_a_name_and_with_its_padding() {
        let encoded = data_encoding::BASE64.encode(b"user: ann, place: here");
        assert_eq!(texts(&format!("VALUE={encoded}")), [(encoded, "user: ann, place: here".to_owned())]);
    }

    #[test]
    fn text_in_hexadecimal_digits_is_found_and_digests_are_none() {
        let encoded = data_encoding::HEXLOWER.encode(b"user: ann, place: here");
        assert_eq!(texts(&encoded), [(encoded.clone(), "user: ann, place: here".to_owned())]);
        assert_eq!(texts("5d41402abc4b2a76b9719d911017c592"), []);
    }

    #[test]
    fn names_paths_and_data_say_nothing() {
        let data = data_encoding::BASE64.encode(&(0..60).map(|byte| byte * 4 + 1).collect::<Vec<u8>>());
        for text in ["createElementWithAttributes", "some/long/path/to/a/file", "short=", &data] {
            assert_eq!(texts(text), [], "{text}");
        }
    }
}
