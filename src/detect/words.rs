//! Many words at once, each as a whole word of the text, in any case.
//!
//! Words begin where what kind of byte stands there changes, which vectors tell; a bitmap over three bytes says at nearly every such
//! place that none of them does, and only where it says otherwise are words compared. Made in microseconds, where an automaton over a thousand words takes milliseconds of every start.

use super::head::{Head, folded, four};
use super::identifier::{is_word_byte, stands_alone};
use super::runs::each_bit;
use super::simd::{Kinds, WORD};
use crate::span::Span;

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
    /// Sorted by hash.
    entries: Vec<Entry>,
    /// Bytes of the longest word.
    pub(super) longest: usize,
    /// Does one begin with a byte that belongs to no word?
    signs: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Of the first three bytes.
    hash: u32,
    /// In lower case.
    word: Box<[u8]>,
    /// In any case.
    head: Head,
    number: usize,
}

impl Words {
    /// The set of `words`, numbered in their order; words of fewer than three bytes are never found.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let entry = |(number, word): (usize, &str)| {
            let word = word.to_ascii_lowercase().into_bytes().into_boxed_slice();
            Entry { hash: hash(&word), head: Head::in_any_case(&word), word, number }
        };
        let mut entries: Vec<_> = words.enumerate().filter(|(_, word)| word.len() >= SHORTEST).map(entry).collect();
        entries.sort_unstable();
        let mut filter = vec![0_u64; 1 << (HASH_BITS - 6)].into_boxed_slice();
        let mut starts = vec![0_u16; (1 << HASH_BITS) + 1].into_boxed_slice();
        for entry in &entries {
            filter[entry.hash as usize >> 6] |= 1 << (entry.hash & 63);
            starts[entry.hash as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let longest = entries.iter().map(|entry: &Entry| entry.word.len()).max().unwrap_or(0);
        let signs = entries.iter().any(|entry| !is_word_byte(entry.word[0]));
        Self { filter, starts, entries, longest, signs }
    }

    /// Calls `visit` with beginning, end and number of every word that begins in `text[from..to]` and ends there, in order
    /// of their beginnings.
    pub(super) fn find(&self, text: &[u8], from: usize, to: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let last = (to + 1).saturating_sub(SHORTEST);
        each_beginning(text, Span::new(from, last.max(from)), self.signs, |at| {
            let hash = hash(&text[at..at + SHORTEST]);
            if self.filter[hash as usize >> 6] >> (hash & 63) & 1 == 0 {
                return;
            }
            let places = usize::from(self.starts[hash as usize])..usize::from(self.starts[hash as usize + 1]);
            let four = folded(four(&text[at..]));
            for entry in self.entries[places].iter().filter(|entry| entry.head.begins(four)) {
                let end = at + entry.word.len();
                if end <= to && text[at..end].eq_ignore_ascii_case(&entry.word) && stands_alone(text, at, end) {
                    visit(at, end, entry.number);
                }
            }
        });
    }
}

/// Calls `visit` for every place in `span` at which a word may begin: behind what belongs to no word, and where [`stands_alone`] could
/// see a border between two of its bytes.
fn each_beginning(text: &[u8], span: Span, signs: bool, visit: impl FnMut(usize)) {
    let first = span.start / WORD;
    let mut before = first.checked_sub(1).map_or_else(Kinds::default, |before| Kinds::of(text, before));
    let mut here = Kinds::of(text, first);
    let beginnings = |word: usize| {
        let next = Kinds::of(text, word + 1);
        let shifted = |kind: fn(&Kinds) -> u64| kind(&here) << 1 | kind(&before) >> (WORD - 1);
        let (lower, upper) = (shifted(|kinds| kinds.lower), shifted(|kinds| kinds.upper));
        let (digit, high) = (shifted(|kinds| kinds.digit), shifted(|kinds| kinds.high));
        let small_next = here.lower >> 1 | next.lower << (WORD - 1);
        let splits = lower & here.upper | upper & here.upper & small_next | digit ^ here.digit;
        let inside = lower | upper | digit | high;
        let of_words = here.lower | here.upper | here.digit | here.high;
        (before, here) = (here, next);
        of_words & (!inside | splits) | if signs { !of_words } else { 0 }
    };
    each_bit(span, beginnings, visit);
}

/// A multiplicative hash of the first three bytes of `text`, which has as many, whatever their case.
fn hash(text: &[u8]) -> u32 {
    let three = u32::from(text[0]) | u32::from(text[1]) << 8 | u32::from(text[2]) << 16 | 0x20_2020;
    three.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_beginning_is_passed_over(text in "[a-cA-C0-2_. é]{0,200}", from in 0usize..200, length in 0usize..200, signs: bool) {
            let text = text.as_bytes();
            let span = Span::new(from.min(text.len()), (from + length).min(text.len()));
            let mut found = Vec::new();
            each_beginning(text, span, signs, |at| found.push(at));
            for at in span.start..span.end {
                let begins = (signs || is_word_byte(text[at])) && stands_alone(text, at, text.len());
                prop_assert!(!begins || found.contains(&at), "{at}");
            }
            prop_assert!(found.is_sorted() && found.iter().all(|at| (span.start..span.end).contains(at)));
        }
    }

    #[test]
    fn whole_words_are_found_in_any_case() {
        let words = Words::new(["twilio", "api.acme", "box", "xy", "@acme"].into_iter());
        let text = b"TWILIO_KEY twilioish myBox api.acme.io boxes xy ann@acme";
        let mut found = Vec::new();
        words.find(text, 0, text.len(), |start, end, number| found.push((start, end, number)));
        assert_eq!(found, [(0, 6, 0), (23, 26, 2), (27, 35, 1), (51, 56, 4)]);
    }
}
