//! Character classes, single characters, and what people would write.

use super::{Draft, Expected, Word, count};
use crate::checksum::base58;

pub(super) const DIGITS: &[u8] = b"0123456789";
pub(super) const HEX: &[u8] = b"0123456789abcdef";
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";
pub(super) const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const UPPER36: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(super) const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn class(draft: &mut Draft, argument: Option<&str>, alphabet: &[u8]) -> Result<(), Expected> {
    let count = count(argument, None, draft.random)?;
    draft.letters(alphabet, count);
    Ok(())
}

/// The character classes; each takes a count or a range.
pub(super) static WORDS: &[Word] = &[
    Word::new("digits", "Decimal digits.", |draft, argument| class(draft, argument, DIGITS)),
    Word::new("hex", "Hexadecimal digits in lower case.", |draft, argument| class(draft, argument, HEX)),
    Word::new("upperhex", "Hexadecimal digits in upper case.", |draft, argument| class(draft, argument, UPPER_HEX)),
    Word::new("lower", "Letters in lower case.", |draft, argument| class(draft, argument, LOWER)),
    Word::new("upper", "Letters in upper case.", |draft, argument| class(draft, argument, UPPER)),
    Word::new("letters", "Letters in either case.", |draft, argument| class(draft, argument, LETTERS)),
    Word::new("base62", "Letters and digits.", |draft, argument| class(draft, argument, BASE62)),
    Word::new("base36", "Lower-case letters and digits.", |draft, argument| class(draft, argument, BASE36)),
    Word::new("upper36", "Upper-case letters and digits.", |draft, argument| class(draft, argument, UPPER36)),
    Word::new("base32", "Upper-case letters and the digits 2 to 7.", |draft, argument| class(draft, argument, BASE32)),
    Word::new("base58", "Letters and digits without 0, O, I and l.", |draft, argument| {
        class(draft, argument, base58::BITCOIN)
    }),
    Word::new("base64", "Letters, digits, + and /.", |draft, argument| class(draft, argument, BASE64)),
    Word::new("base64url", "Letters, digits, - and _.", |draft, argument| class(draft, argument, BASE64URL)),
];

/// What people choose, and UUIDs.
pub(super) static PEOPLE: &[Word] = &[
    Word::new("uuid", "A random UUID, version 4, in lower case.", |draft, argument| alone(draft, argument, uuid)),
    Word::new("uuid4", "As uuid.", |draft, argument| alone(draft, argument, uuid)),
    Word::new("word", "An English word in lower case.", |draft, argument| alone(draft, argument, word)),
    Word::new("password", "What a person would choose: words, digits, a sign.", |draft, argument| {
        alone(draft, argument, password)
    }),
];

/// Runs `make` for a word that takes no argument.
pub(super) fn alone(draft: &mut Draft, argument: Option<&str>, make: fn(&mut Draft)) -> Result<(), Expected> {
    if argument.is_some() {
        return Err("it takes nothing after a colon");
    }
    make(draft);
    Ok(())
}

/// One character, again and again.
pub(super) fn repeat(letter: char, argument: Option<&str>, draft: &mut Draft) -> Result<(), Expected> {
    let count = count(argument, None, draft.random)?;
    draft.push(letter.to_string().repeat(count));
    Ok(())
}

fn uuid(draft: &mut Draft) {
    let mut digits = draft.random.letters(HEX, 32);
    digits[12] = b'4';
    digits[16] = *draft.random.pick(b"89ab");
    for (index, digit) in digits.into_iter().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            draft.push("-");
        }
        draft.push([digit]);
    }
}

const NOUNS: &[&str] = &[
    "anchor", "bridge", "candle", "dragon", "engine", "forest", "garden", "harbor", "island", "jacket", "kettle",
    "lantern", "meadow", "needle", "orange", "planet", "quartz", "rocket", "shadow", "timber", "umbrella", "valley",
    "window", "yellow", "zephyr", "summer", "winter", "monkey", "coffee", "silver", "thunder", "velvet",
];

fn word(draft: &mut Draft) {
    let noun = *draft.random.pick(NOUNS);
    draft.push(noun);
}

fn password(draft: &mut Draft) {
    let mut noun = draft.random.pick(NOUNS).to_string();
    if let Some(first) = noun.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let (second, sign) = (*draft.random.pick(NOUNS), *draft.random.pick(b"!#$*?%"));
    let digits = draft.random.letters(DIGITS, 3);
    draft.push(noun);
    if draft.random.below(2) == 0 {
        draft.push(second);
    }
    draft.push(digits);
    draft.push([sign]);
}
