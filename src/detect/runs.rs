//! Runs: the long stretches of token characters in which secrets stand.
//!
//! Takes the bitmap of token characters, gives every maximal run of at least [`RUN_MIN`] bytes, in order, with the bitmap of letters
//! and digits. Ordinary text has few, so everything behind this sees a tenth of the bytes.

pub use super::simd::Classes;
use super::simd::WORD;
use crate::rule::lane::RUN_MIN;
use crate::span::Span;

/// Which bytes of a text are letters and digits.
#[derive(Clone, Copy, Debug)]
pub struct Letters<'m>(&'m [u64]);

impl<'m> Letters<'m> {
    /// Those of the text that `classes` were read from.
    pub(super) fn of(classes: &'m Classes) -> Self {
        Self(&classes.letters)
    }

    /// Calls `visit` for every letter or digit in `span` with none before it.
    pub fn beginnings(self, span: Span, visit: impl FnMut(usize)) {
        let word = |at: usize| {
            let before = at.checked_sub(1).map_or(0, |before| self.0[before] >> (WORD - 1));
            self.0[at] & !(self.0[at] << 1 | before)
        };
        each_bit(span, word, visit);
    }

    /// Calls `visit` for every letter or digit in `span` with one before it whose bit is set in the bitmap of which `wanted` gives the words.
    pub fn continued(self, span: Span, wanted: impl Fn(usize) -> u64, visit: impl FnMut(usize)) {
        let word = |at: usize| {
            let before = at.checked_sub(1).map_or(0, |before| self.0[before] >> (WORD - 1));
            match self.0[at] & (self.0[at] << 1 | before) {
                0 => 0,
                inside => inside & wanted(at),
            }
        };
        each_bit(span, word, visit);
    }

    /// Calls `visit` for every place in `span` that holds neither letter nor digit.
    pub fn others(self, span: Span, visit: impl FnMut(usize)) {
        each_bit(span, |at| !self.0[at], visit);
    }
}

/// Calls `visit` for the set bits in `span` of the bitmap of which `word` gives the words, one after the other.
pub(super) fn each_bit(span: Span, mut word: impl FnMut(usize) -> u64, mut visit: impl FnMut(usize)) {
    if span.start >= span.end {
        return;
    }
    let (first, last) = (span.start / WORD, (span.end - 1) / WORD);
    for at in first..=last {
        let mut bits = word(at);
        if at == first {
            bits &= u64::MAX << (span.start % WORD);
        }
        if at == last {
            bits &= u64::MAX >> (WORD - 1 - (span.end - 1) % WORD);
        }
        while bits != 0 {
            visit(at * WORD + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
}

/// Calls `visit` for every maximal run of [`RUN_MIN`] or more token characters of `text`; `classes` is scratch space.
#[inline(always)]
pub fn find(text: &[u8], classes: &mut Classes, mut visit: impl FnMut(Span, Letters<'_>)) {
    classes.read(text);
    let letters = Letters::of(classes);
    let mut visit = |run: Span| visit(run, letters);
    let mut open: Option<usize> = None;
    for (word, &bits) in classes.tokens.iter().enumerate() {
        let base = word * WORD;
        if bits == u64::MAX {
            open.get_or_insert(base);
            continue;
        }
        let mut rest = bits;
        if let Some(start) = open.take() {
            let ones = bits.trailing_ones();
            report(Span::new(start, base + ones as usize), &mut visit);
            rest &= u64::MAX << ones;
        }
        let top = rest.leading_ones();
        if top > 0 {
            open = Some(base + WORD - top as usize);
            rest &= u64::MAX >> top;
        }
        let mut starts = sixteen_ones(rest);
        while starts != 0 {
            let start = starts.trailing_zeros();
            let end = start + (rest >> start).trailing_ones();
            visit(Span::new(base + start as usize, base + end as usize));
            // A run that reached the top bit was taken out above, so `end` is at most 63.
            starts &= u64::MAX << end;
        }
    }
    if let Some(start) = open {
        report(Span::new(start, text.len()), &mut visit);
    }
}

fn report(run: Span, visit: &mut impl FnMut(Span)) {
    if run.len() >= RUN_MIN {
        visit(run);
    }
}

/// The bits from which on sixteen ones stand.
const fn sixteen_ones(bits: u64) -> u64 {
    const { assert!(RUN_MIN == 16) };
    let two = bits & bits >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & eight >> 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::lane::is_token_byte;
    use proptest::prelude::*;

    fn plain(text: &[u8]) -> Vec<Span> {
        let mut runs = Vec::new();
        let mut start = 0;
        for at in 0..=text.len() {
            if at == text.len() || !is_token_byte(text[at]) {
                if at - start >= RUN_MIN {
                    runs.push(Span::new(start, at));
                }
                start = at + 1;
            }
        }
        runs
    }

    proptest! {
        #[test]
        fn runs_are_what_a_plain_loop_finds(pieces in proptest::collection::vec(("[a-z0-9]{0,90}", " {0,3}"), 0..12)) {
            let text: String = pieces.iter().flat_map(|(run, gap)| [run.as_str(), gap.as_str()]).collect();
            let mut found = Vec::new();
            find(text.as_bytes(), &mut Classes::default(), |run, _| found.push(run));
            prop_assert_eq!(found, plain(text.as_bytes()));
        }

        #[test]
        fn letters_are_what_a_plain_loop_finds(text in "[a-c0-2_/=]{0,200}", from in 0usize..200, length in 0usize..200) {
            let text = text.as_bytes();
            let span = Span::new(from.min(text.len()), (from + length).min(text.len()));
            let mut classes = Classes::default();
            classes.read(text);
            let letters = Letters::of(&classes);
            let is_letter = |at: usize| text[at].is_ascii_alphanumeric();
            let (mut beginnings, mut others) = (Vec::new(), Vec::new());
            letters.beginnings(span, |at| beginnings.push(at));
            letters.others(span, |at| others.push(at));
            let begins = |at: &usize| is_letter(*at) && (*at == 0 || !is_letter(*at - 1));
            prop_assert_eq!(beginnings, (span.start..span.end).filter(begins).collect::<Vec<_>>());
            prop_assert_eq!(others, (span.start..span.end).filter(|at| !is_letter(*at)).collect::<Vec<_>>());
        }
    }
}
