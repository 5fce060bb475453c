//! Whether a value looks as if it was drawn at random rather than named by people, from the kinds of its characters alone.
//!
//! Reads the kinds of a run's characters once, 64 at a time, and counts for any value in it where one kind follows another.

use super::simd::{Kinds, WORD};
use crate::span::Span;

/// The kinds of the characters of a run, and of those beside it that share its words.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    first: usize,
    kinds: Vec<Kinds>,
}

/// How many characters of each kind a value has, and how many differ in kind from the one before; the first one does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    changes: usize,
    digits: usize,
    lower: usize,
    upper: usize,
}

impl Drawn {
    /// Reads `run`, which is not empty.
    pub(super) fn read(&mut self, text: &[u8], run: Span) {
        self.first = run.start / WORD;
        self.kinds.clear();
        self.kinds.extend((self.first..=(run.end - 1) / WORD).map(|word| Kinds::of(text, word)));
    }

    /// Does `value`, which lies in the run, hold a digit, or letters of both cases?
    pub(super) fn mixes(&self, value: Span) -> bool {
        let (mut digit, mut upper, mut lower) = (0, 0, 0);
        self.each_word(value, |kinds, _, inside| {
            digit |= kinds.digit & inside;
            upper |= kinds.upper & inside;
            lower |= kinds.lower & inside;
        });
        digit != 0 || upper != 0 && lower != 0
    }

    /// Do kinds of characters of `value`, which lies in the run, change as often as they do in what is drawn at random, and seldom in what
    /// people name?
    ///
    /// Of neighbours that are drawn from letters of both cases and digits six in ten differ in kind, from lower case and digits four; in
    /// names of several words it is three, and digits are rare. All but one in fifty values of the shortest shapes pass, and of the
    /// names in code one in twenty. Letters of one case alone are words.
    pub(super) fn looks_drawn(&self, value: Span) -> bool {
        let Counts { changes, digits, lower, upper } = self.counts(value);
        match (digits, lower > 0 && upper > 0) {
            (0, false) => false,
            (0, true) => changes * 12 >= value.len() * 5,
            (_, true) => changes * 11 >= value.len() * 4,
            (_, false) => changes * 8 >= value.len(),
        }
    }

    fn counts(&self, value: Span) -> Counts {
        let mut counts = Counts::default();
        self.each_word(value, |kinds, changed, inside| {
            counts.changes += count(changed & inside);
            counts.digits += count(kinds.digit & inside);
            counts.lower += count(kinds.lower & inside);
            counts.upper += count(kinds.upper & inside);
        });
        counts
    }

    /// Calls `visit` for every word that `value` lies in, with the kinds, the bits of characters that differ in kind from the one before,
    /// and those of the characters of `value`, of which the first differs from what is not in it.
    #[inline]
    fn each_word(&self, value: Span, mut visit: impl FnMut(&Kinds, u64, u64)) {
        if value.is_empty() {
            return;
        }
        let (first, last) = (value.start / WORD, (value.end - 1) / WORD);
        let words = &self.kinds[first - self.first..=last - self.first];
        let (mut before, mut begins) = (Kinds::default(), 1 << (value.start % WORD));
        let mut inside = u64::MAX << (value.start % WORD);
        for (at, kinds) in words.iter().enumerate() {
            if first + at == last {
                inside &= u64::MAX >> (WORD - 1 - (value.end - 1) % WORD);
            }
            let change = |kind: fn(&Kinds) -> u64| kind(kinds) ^ (kind(kinds) << 1 | kind(&before) >> (WORD - 1));
            let changed = change(|kinds| kinds.lower) | change(|kinds| kinds.upper) | change(|kinds| kinds.digit);
            visit(kinds, changed | begins, inside);
            (before, begins, inside) = (*kinds, 0, u64::MAX);
        }
    }
}

const fn count(bits: u64) -> usize {
    bits.count_ones() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Character by character.
    fn plain(value: &[u8]) -> Counts {
        let kind = |byte: u8| match byte {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => 3,
            _ => 4,
        };
        let of = |wanted: u8| value.iter().filter(|byte| kind(**byte) == wanted).count();
        let changes = value.windows(2).filter(|two| kind(two[0]) != kind(two[1])).count();
        Counts { changes: changes + usize::from(!value.is_empty()), digits: of(3), lower: of(1), upper: of(2) }
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_plain_loop(text in "[a-cA-C0-2_./é]{1,200}", from in 0usize..200, length in 0usize..200) {
            let text = text.as_bytes();
            let value = Span::new(from.min(text.len()), (from + length).min(text.len()));
            let mut drawn = Drawn::default();
            drawn.read(text, Span::new(0, text.len()));
            let counts = plain(value.of(text));
            prop_assert_eq!(drawn.counts(value), counts);
            prop_assert_eq!(drawn.mixes(value), counts.digits > 0 || counts.lower > 0 && counts.upper > 0);
        }
    }
}
