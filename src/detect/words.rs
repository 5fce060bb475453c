//! Many words at once, each as a whole word of the text, in any case.
//!
//! A bitmap over three bytes says at nearly every place that none of them begins there; only where it says otherwise are words
//! compared. Made in microseconds, where an automaton over a thousand words takes milliseconds of every start.

use super::identifier::stands_alone;

/// Bits of the hash of three bytes.
const HASH_BITS: u32 = 15;

/// Fewest bytes of a word.
const SHORTEST: usize = 3;

/// A set of words to look for.
#[derive(Debug)]
pub(super) struct Words {
    filter: Box<[u64]>,
    /// For each hash, where its entries begin; the next one's beginning is their end.
    starts: Box<[u16]>,
    /// Hash of the first three bytes, the word in lower case, and its number; sorted.
    entries: Vec<(u32, Box<[u8]>, usize)>,
    /// Bytes of the longest word.
    pub(super) longest: usize,
}

impl Words {
    /// The set of `words`, numbered in their order; words of fewer than three bytes are never found.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut entries: Vec<_> = words
            .enumerate()
            .filter(|(_, word)| word.len() >= SHORTEST)
            .map(|(number, word)| (hash(word.as_bytes()), word.to_ascii_lowercase().into_bytes().into(), number))
            .collect();
        entries.sort_unstable();
        let mut filter = vec![0_u64; 1 << (HASH_BITS - 6)].into_boxed_slice();
        let mut starts = vec![0_u16; (1 << HASH_BITS) + 1].into_boxed_slice();
        for (hash, ..) in &entries {
            filter[*hash as usize >> 6] |= 1 << (hash & 63);
            starts[*hash as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let longest = entries.iter().map(|(_, word, _): &(_, Box<[u8]>, _)| word.len()).max().unwrap_or(0);
        Self { filter, starts, entries, longest }
    }

    /// Calls `visit` with beginning, end and number of every word that begins in `text[from..to]` and ends there, in order
    /// of their beginnings.
    pub(super) fn find(&self, text: &[u8], from: usize, to: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let mut inside = from > 0 && text[from - 1].is_ascii_lowercase();
        for (at, three) in (from..to).zip(text[from..to.max(from)].windows(SHORTEST)) {
            // No word begins between two small letters, where most places are.
            let small = three[0].is_ascii_lowercase();
            let between = small & std::mem::replace(&mut inside, small);
            let hash = hash(three);
            if between | (self.filter[hash as usize >> 6] >> (hash & 63) & 1 == 0) {
                continue;
            }
            let places = usize::from(self.starts[hash as usize])..usize::from(self.starts[hash as usize + 1]);
            for (_, word, number) in &self.entries[places] {
                let end = at + word.len();
                if end <= to && text[at..end].eq_ignore_ascii_case(word) && stands_alone(text, at, end) {
                    visit(at, end, *number);
                }
            }
        }
    }
}

/// A multiplicative hash of the first three bytes of `text`, which has as many, whatever their case.
fn hash(text: &[u8]) -> u32 {
    let three = u32::from(text[0]) | u32::from(text[1]) << 8 | u32::from(text[2]) << 16 | 0x20_2020;
    three.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_in_any_case() {
        let words = Words::new(["twilio", "api.acme", "box", "xy"].into_iter());
        let text = b"TWILIO_KEY twilioish myBox api.acme.io boxes xy";
        let mut found = Vec::new();
        words.find(text, 0, text.len(), |start, end, number| found.push((start, end, number)));
        assert_eq!(found, [(0, 6, 0), (23, 26, 2), (27, 35, 1)]);
    }
}
