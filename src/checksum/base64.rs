//! Base64 as it is met in the wild: either alphabet, padded or not.

use std::sync::LazyLock;

use data_encoding::{BASE64_NOPAD, Encoding, Specification};

/// Longest text that is decoded; the largest tokens (private keys, bundles of macaroons) stay far below.
pub const LONGEST: usize = 256 * 1024;

/// The standard alphabet, also reading `-` and `_`, indifferent to bits that no byte uses.
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.check_trailing_bits = false;
    specification.encoding().expect("the specification is a constant and the tests use it")
});

/// The last two letters of the standard alphabet.
pub const STANDARD: [u8; 2] = *b"+/";

/// Those of the URL-safe one.
pub const URL_SAFE: [u8; 2] = *b"-_";

/// The six bits of a letter of the alphabet with these last two letters.
pub const fn sextet(letter: u8, last: [u8; 2]) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        _ if letter == last[0] => 62,
        _ if letter == last[1] => 63,
        _ => return None,
    })
}

/// Decodes `text` in the standard or the URL-safe alphabet, with or without padding.
///
/// Unused bits of the last letter may be anything: many writers cut tokens without care for them.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let letters = without_padding(text)?;
    LENIENT.decode(letters).ok()
}

/// As [`decode`], but the unused bits of the last letter must be zero, so no two texts give the same bytes.
pub fn decode_canonical(text: &[u8]) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let last = *without_padding(text)?.last()?;
    let standard = match last {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    (BASE64_NOPAD.encode(&bytes).as_bytes().last() == Some(&standard)).then_some(bytes)
}

/// Cuts off up to two `=`; none for text too long to be a token.
fn without_padding(text: &[u8]) -> Option<&[u8]> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.strip_suffix(b"=").unwrap_or(text);
    Some(text.strip_suffix(b"=").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_their_place_in_the_alphabet() {
        for (last, decoder) in [(STANDARD, data_encoding::BASE64), (URL_SAFE, data_encoding::BASE64URL)] {
            for letter in 0..=255 {
                let place = decoder.specification().symbols.bytes().position(|symbol| symbol == letter);
                assert_eq!(sextet(letter, last).map(usize::from), place, "{letter}");
            }
        }
    }

    #[test]
    fn both_alphabets_and_any_padding_are_read() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(decode(text.as_bytes()), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(decode(b""), Some(Vec::new()));
        assert_eq!(decode(b"A"), None);
        assert_eq!(decode(b"A$=="), None);
    }

    #[test]
    fn only_the_canonical_reading_minds_unused_bits() {
        assert_eq!(decode(b"AB"), Some(vec![0]));
        assert_eq!(decode_canonical(b"AB"), None);
        assert_eq!(decode_canonical(b"AA=="), Some(vec![0]));
        assert_eq!(decode_canonical(b"AA_"), None);
        assert_eq!(decode_canonical(b"AA__"), Some(vec![0, 0x0f, 0xff]));
    }
}
