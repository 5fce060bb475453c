//! Values that are the Base64 of a text, and what that text says.

use crate::checksum::base64;
use crate::detect::identifier::words as words_of;
use crate::judge::value::Look;
use crate::judge::{name, placeholder, value};

/// Most bytes of a text in Base64 that are looked at.
const DECODED: usize = 48;

/// Shortest Base64 that is decoded, in letters.
const SHORTEST_ENCODED: usize = 8;

/// Letters of the Base64 of the shortest user without a password.
const SHORTEST_USER: usize = 6;

/// Is the value the Base64 of a text? 1 it is, 2 of a user with a password.
pub(super) fn basic(value: &[u8]) -> u8 {
    let mut text = [0; DECODED];
    decode(value, &mut text).map_or(0, |text| 1 + u8::from(text.contains(&b':')))
}

/// Is the value the Base64 of what stands in for a secret?
pub(super) fn encodes_placeholder(value: &[u8]) -> bool {
    let mut text = [0; DECODED];
    decode(value, &mut text).is_some_and(|text| placeholder::is_reference(text) || placeholder::is_placeholder(text))
}

/// Is the value the Base64 of words that only say its name, or whose place they hold: `my-client-secret`, `username:password`?
pub fn encodes_name(words: &[String], value: &[u8]) -> bool {
    let mut text = [0; DECODED];
    let Some(text) = decode(value, &mut text) else { return false };
    if let Some(at) = text.iter().position(|byte| *byte == b':') {
        return placeholder::is_placeholder(&text[at + 1..]);
    }
    let of_text = words_of(text);
    let ends = |word: &String| word.len() >= LONG_WORD && of_text.iter().any(|one| one.ends_with(word));
    let says = of_text.len() > 1 && name::is_secret(&of_text) || words.iter().any(ends);
    says && value::look(text) == Look::Words
}

/// Shortest word of a name that a longer one in its value does not hold by chance.
const LONG_WORD: usize = 5;

/// Is the value the Base64 of a user with an empty password?
pub(super) fn encodes_user(value: &[u8]) -> bool {
    let letters = value.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let mut text = [0; DECODED];
    (SHORTEST_USER..DECODED).contains(&letters)
        && decode_letters(&value[..letters], &mut text).is_some_and(|text| text.ends_with(b":"))
}

/// Is the value the Base64 of what is stored in place of a password?
pub fn encodes_hash(value: &[u8]) -> bool {
    let mut text = [0; DECODED];
    decode(value, &mut text).is_some_and(|text| value::look(text) == Look::Hashed)
}

/// Is the value the Base64 of a text in one line, without the armour of a key?
pub fn encodes_text(value: &[u8]) -> bool {
    decode(value, &mut [0; DECODED]).is_some_and(|text| !text.starts_with(b"-----"))
}

/// The beginning of the printable text that `value` is the Base64 of.
fn decode<'b>(value: &[u8], text: &'b mut [u8; DECODED]) -> Option<&'b [u8]> {
    let end = value.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let letters = &value[..end.min(DECODED / 3 * 4)];
    if letters.len() < SHORTEST_ENCODED { None } else { decode_letters(letters, text) }
}

fn decode_letters<'b>(letters: &[u8], text: &'b mut [u8; DECODED]) -> Option<&'b [u8]> {
    let (mut bits, mut state, mut count) = (0_u32, 0_u32, 0);
    for (at, &byte) in letters.iter().enumerate() {
        let six = base64::sextet(byte, base64::STANDARD)?;
        (state, bits) = (state << 6 | u32::from(six), bits + 6);
        if bits >= 8 {
            bits -= 8;
            let decoded = (state >> bits) as u8;
            // `echo` ends a line.
            if decoded == b'\n' && at + 1 == letters.len() {
                break;
            }
            if !(b' '..=b'~').contains(&decoded) {
                return None;
            }
            text[count] = decoded;
            count += 1;
        }
    }
    Some(&text[..count])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::template::{self, Random};
    use data_encoding::BASE64;

    #[test]
    fn stand_ins_are_known_in_base64_too() {
        for text in ["password", "admin:changeme", "your-api-key-here", "${DB_PASSWORD}"] {
            assert!(encodes_placeholder(BASE64.encode(text.as_bytes()).as_bytes()), "{text}");
        }
        let mut random = Random::seeded(3);
        for _ in 0..100 {
            let drawn = template::expand("{base62:24}", &mut random).expect("is a template");
            assert!(!encodes_placeholder(&drawn) && !encodes_placeholder(BASE64.encode(&drawn).as_bytes()));
        }
    }

    #[test]
    fn words_that_say_their_name_are_known_in_base64() {
        let encodes = |name: &str, text: &str| {
            encodes_name(&words_of(name.as_bytes()), BASE64.encode(text.as_bytes()).as_bytes())
        };
        assert!(encodes("clientSecret", "my-client-secret\n"), "ends its line");
        assert!(encodes("accesskey", "someaccesskey") && encodes("auth", "username:password"));
        assert!(!encodes("password", "S0me-Phrase") && !encodes("auth", "flux:S0me-Phrase"));
    }
}
