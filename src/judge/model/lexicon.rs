//! Which words are common in source code, and how letters follow each other in words.
//!
//! The tables were made by `tools/model/lexicon.py`: a Bloom filter of common words, and for each two letters (or the edge of a
//! word) how much likelier than by chance the next letter is.

pub(super) static TABLES: &[u8] = include_bytes!("lexicon.bin");

/// Bits of the filter, as a power of two.
const BITS: u32 = 19;
const FILTER: usize = 1 << (BITS - 3);

/// Shortest and longest word in the filter, in letters.
const SHORTEST: usize = 3;
const LONGEST: usize = 14;

/// Most letters of one value whose words are looked for.
const MOST: usize = 32;

/// The score of letters that never follow each other in common words: what stands in one of them has more, unless its beginning is in
/// a thousand others.
const UNHEARD: i8 = -40;

/// What the letters of a value are like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Letters in all.
    pub(super) letters: usize,
    /// Letters that common words cover.
    pub(super) covered: usize,
    /// Letters of the longest common word.
    pub(super) longest: usize,
    /// Eighths of a bit by which the letters are likelier in words than by chance, in all.
    pub(super) score: i32,
    /// The lowest such score of one stretch of letters, for each letter.
    pub(super) worst: i32,
    /// Pairs and triples that no common word holds.
    pub(super) unheard: usize,
}

/// Looks at the stretches of letters of `value`, split where case says that a word begins.
pub(super) fn letters(value: &[u8]) -> Letters {
    let mut found = Letters { worst: 127, ..Letters::default() };
    let mut start = 0;
    for at in 0..=value.len() {
        let letter = value.get(at).is_some_and(u8::is_ascii_alphabetic);
        let camel = letter && at > start && value[at - 1].is_ascii_lowercase() && value[at].is_ascii_uppercase();
        if !letter || camel {
            stretch(&value[start..at], &mut found);
            start = if letter { at } else { at + 1 };
        }
    }
    if found.letters == 0 {
        found.worst = 0;
    }
    found
}

/// Adds one stretch of letters.
fn stretch(letters: &[u8], found: &mut Letters) {
    if letters.is_empty() {
        return;
    }
    found.letters += letters.len();
    let index = |byte: u8| usize::from((byte | 0x20) - b'`');
    let (mut first, mut second, mut score) = (0, 0, 0);
    for &byte in letters.iter().chain(std::iter::once(&b'`')) {
        // The sign before `a` is the edge of a word.
        let third = index(byte);
        let step = i32::from(TABLES[FILTER + (first * 27 + second) * 27 + third].cast_signed());
        found.unheard += usize::from(step <= -24);
        score += step;
        (first, second) = (second, third);
    }
    found.score += score;
    if letters.len() >= 3 {
        found.worst = found.worst.min(score / i32::try_from(letters.len()).unwrap_or(i32::MAX));
    }
    cover(&letters[..letters.len().min(MOST)], found);
}

/// Finds the common words that cover most of `letters`.
fn cover(letters: &[u8], found: &mut Letters) {
    // The most letters that words cover up to each place.
    let mut best = [0_u8; MOST + 1];
    for start in 0..letters.len() {
        best[start + 1] = best[start + 1].max(best[start]);
        let mut state = 0x811C_9DC5_u32;
        for end in start..letters.len().min(start + LONGEST) {
            let three = letters.get(end.saturating_sub(2)..=end).filter(|_| end >= start + 2);
            if three.is_some_and(is_unheard) {
                break;
            }
            state = (state ^ u32::from(letters[end] | 0x20)).wrapping_mul(0x0100_0193);
            let length = end + 1 - start;
            if length >= SHORTEST && is_common(state) {
                best[end + 1] = best[end + 1].max(best[start] + length as u8);
                found.longest = found.longest.max(length);
            }
        }
    }
    found.covered += usize::from(best[letters.len()]);
}

/// Do three letters that stand in no common word follow each other?
fn is_unheard(three: &[u8]) -> bool {
    let index = |at: usize| usize::from((three[at] | 0x20) - b'`');
    TABLES[FILTER + (index(0) * 27 + index(1)) * 27 + index(2)].cast_signed() <= UNHEARD
}

/// Is the word with this hash in the filter?
fn is_common(state: u32) -> bool {
    let state = state ^ state >> 15;
    let holds = |place: u32| TABLES[(place >> 3) as usize] >> (place & 7) & 1 == 1;
    holds(state & ((1 << BITS) - 1)) && holds(state.wrapping_mul(0x9E37_79B1) >> (32 - BITS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::template::{self, Random};

    #[test]
    fn words_are_covered_and_random_letters_are_not() {
        for words in ["authorization_code", "refreshTokenExpired", "supersecret", "mypassword", "testuser"] {
            let letters = letters(words.as_bytes());
            assert!(letters.covered * 10 >= letters.letters * 8, "{words}: {letters:?}");
            assert!(letters.score > 0, "{words}: {letters:?}");
        }
        let mut random = Random::seeded(7);
        let mut covered = |template| letters(&template::expand(template, &mut random).expect("a template")).covered;
        let mean = (0..200).map(|_| covered("{lower:8}")).sum::<usize>() / 200;
        assert!(mean <= 3, "{mean}");
    }

    #[test]
    fn nothing_has_no_letters() {
        assert_eq!(letters(b"").letters + letters(b"12-34").covered, 0);
    }
}
