//! Characters that are repeated or counted up: nothing a generator gives.

/// Values up to this many bytes are looked at in place.
const SHORT: usize = 128;

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
    let repeats = (1..=letters.len() / 3)
        .take(8)
        .any(|period| letters.iter().zip(&letters[period..]).all(|(one, two)| one == two));
    let mut longest = 0;
    let mut climbing = 0;
    for two in letters.windows(2) {
        let next = two[1] == two[0].wrapping_add(1)
            || two == b"90"
            || two == b"9a"
            || two == b"z0"
            || two[0] == two[1].wrapping_add(1);
        climbing = if next { climbing + 1 } else { 0 };
        longest = longest.max(climbing);
    }
    // Two rows that are counted up in turn: `a1b2c3d4e5f6`.
    let next = |one: u8, two: u8| two == one.wrapping_add(1) || matches!((one, two), (b'9', b'0') | (b'f', b'a'));
    let interleaved = letters.windows(3).filter(|three| next(three[0], three[2])).count();
    let keyboard = ["qwerty", "asdfgh", "zxcvbn", "1q2w3e"]
        .iter()
        .any(|row| letters.windows(6).any(|part| part == row.as_bytes()));
    repeats
        || interleaved * 4 >= letters.len() * 3 - 8 && letters.len() >= 10
        || longest >= 7
        || longest * 2 >= letters.len()
        || keyboard
        || has_long_repeat(value)
}

/// One character over and over, whatever signs stand between.
pub(super) fn is_one_character(value: &[u8]) -> bool {
    let mut letters = value.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let first = letters.next();
    letters.all(|letter| Some(letter) == first)
}

/// Is one character written eight times in a row? In a long value `A` may be: base64 writes zeros so.
fn has_long_repeat(value: &[u8]) -> bool {
    let zeros = value.len() >= 40;
    value.windows(8).any(|part| !(zeros && part[0] == b'A') && part.iter().all(|byte| *byte == part[0]))
}
