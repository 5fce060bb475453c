//! What no generator gives: one character over and over, a piece repeated, characters or bytes counted up.

/// Values up to this many bytes are looked at in place.
const SHORT: usize = 128;

/// Longest piece that is looked for again, and how many characters of it have to come again.
const LONGEST_PERIOD: usize = 8;
const AGAIN: usize = 8;

/// One character over and over, a short piece repeated, or characters counted up: nothing a generator gives.
pub fn is_monotone(value: &[u8]) -> bool {
    let mut short = [0; SHORT];
    let long: Vec<u8>;
    let lower = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    let letters = if value.len() <= SHORT {
        let count = short.iter_mut().zip(lower).map(|(place, letter)| *place = letter).count();
        &short[..count]
    } else {
        long = lower.collect();
        long.as_slice()
    };
    if letters.len() < 6 {
        return letters.len() > 2 && letters.windows(2).all(|two| two[0] == two[1]);
    }
    // Three times over, or so many characters again that chance gives none of it.
    let often = |period: &usize| *period <= letters.len() / 3 || letters.len() >= *period + AGAIN;
    let repeats = (1..=LONGEST_PERIOD)
        .filter(often)
        .any(|period| letters.iter().zip(&letters[period..]).all(|(one, two)| one == two));
    let (mut longest, mut climbing, mut falling) = (0, 0, 0);
    for two in letters.windows(2) {
        let up = two[1] == two[0].wrapping_add(1) || two == b"90" || two == b"9a" || two == b"z0";
        let down = two[0] == two[1].wrapping_add(1);
        climbing = if up { climbing + 1 } else { 0 };
        falling = if down { falling + 1 } else { 0 };
        longest = longest.max(climbing).max(falling);
    }
    // Two rows that are counted up in turn: `a1b2c3d4e5f6`.
    let next = |one: u8, two: u8| two == one.wrapping_add(1) || matches!((one, two), (b'9', b'0') | (b'f', b'a'));
    let interleaved = letters.windows(3).filter(|three| next(three[0], three[2])).count();
    let keyboard = letters.windows(6).any(|part| match part[0] {
        b'q' => part == b"qwerty",
        b'a' => part == b"asdfgh",
        b'z' => part == b"zxcvbn",
        b'1' => part == b"1q2w3e",
        _ => false,
    });
    repeats
        || is_counter(letters)
        || interleaved * 4 >= letters.len() * 3 - 8 && letters.len() >= 10
        || longest >= 7
        || longest * 2 >= letters.len()
        || keyboard
        || has_long_repeat(value)
}

/// Bytes in hexadecimal that are counted up or down, in one row or several, as test vectors have them: `000102030405`.
fn is_counter(letters: &[u8]) -> bool {
    if letters.len() < 16 || !letters.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let digit = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'a' + 10 };
    let byte = |at: usize| digit(letters[at]) << 4 | digit(letters[at + 1]);
    let step = |at: usize| byte(at + 2).wrapping_sub(byte(at));
    let counted = |shift: usize| {
        let steps = (shift..letters.len() - 5).step_by(2);
        let even = steps
            .clone()
            .filter(|at| matches!(step(*at), 1 | 0x10 | 0x11 | 0xEF | 0xF0 | 0xFF) && step(*at) == step(at + 2));
        even.count() * 4 >= steps.count() * 3
    };
    counted(0) || counted(1)
}

/// Is one character written eight times in a row? In a long value `A` may be: base64 writes zeros so.
fn has_long_repeat(value: &[u8]) -> bool {
    let zeros = value.len() >= 40;
    value.windows(8).any(|part| !(zeros && part[0] == b'A') && part.iter().all(|byte| *byte == part[0]))
}

/// One character over and over, whatever signs stand between.
pub(super) fn is_one_character(value: &[u8]) -> bool {
    let mut letters = value.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let first = letters.next();
    letters.all(|letter| Some(letter) == first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::template::{self, Random};

    /// Hexadecimal digits of bytes.
    fn digits(bytes: impl Iterator<Item = u8>) -> String {
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn bytes_that_are_counted_up_or_down_are_monotone() {
        let rows = digits((0xF0..=0xFF).rev().chain(0xF0..=0xFF));
        for counted in
            [digits(0..16), digits(1..33), digits((0..16).map(|byte| byte * 0x11)), digits((0..16).rev()), rows]
        {
            assert!(is_monotone(counted.as_bytes()), "{counted}");
            assert!(is_monotone(counted.to_uppercase().as_bytes()), "{counted}");
        }
    }

    #[test]
    fn pieces_that_come_again_are_monotone() {
        for repeated in ["k7k7k7", "abc123abc123abc1", "q8w9e0r1q8w9e0r1"] {
            assert!(is_monotone(repeated.as_bytes()), "{repeated}");
        }
        assert!(!is_monotone(b"hunter2hunter9"));
    }

    #[test]
    fn steps_count_in_one_direction() {
        assert!(is_monotone(b"abcdxw") && is_monotone(b"dcbaxw"));
        assert!(!is_monotone(b"abcbxw"));
    }

    #[test]
    fn what_is_drawn_at_random_is_not() {
        let mut random = Random::seeded(7);
        for template in ["{hex:16}", "{hex:32}", "{hex:64}", "{base62:24}", "{digits:20}"] {
            for _ in 0..100 {
                let drawn = template::expand(template, &mut random).expect("is a template");
                assert!(!is_monotone(&drawn), "{}", String::from_utf8_lossy(&drawn));
            }
        }
    }
}
