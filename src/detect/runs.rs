//! Runs: the long stretches of token characters in which secrets stand.
//!
//! Takes the bitmap of token characters, gives every maximal run of at least [`RUN_MIN`] bytes, in order. Ordinary text has few, so
//! everything behind this sees a tenth of the bytes.

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

    /// In the word of this number: letters and digits with none before them, and those with one before them.
    #[inline]
    pub(super) fn beginnings(self, word: usize) -> (u64, u64) {
        let before = word.checked_sub(1).map_or(0, |before| self.0[before] >> (WORD - 1));
        let behind = self.0[word] << 1 | before;
        (self.0[word] & !behind, self.0[word] & behind)
    }

    /// Calls `visit` for every place in `span` that holds neither letter nor digit.
    pub(super) fn others(self, span: Span, visit: impl FnMut(usize)) {
        each_bit(span, |at| !self.0[at], visit);
    }
}

/// The bits of the places in `span` in the word of this number; none if it is empty.
#[inline]
pub(super) fn bits(span: Span, word: usize) -> u64 {
    let base = word * WORD;
    if span.start >= base + WORD || span.end <= base {
        return 0;
    }
    let (first, behind) = (span.start.saturating_sub(base), (span.end - base).min(WORD));
    u64::MAX << first & u64::MAX >> (WORD - behind)
}

/// Calls `visit` for the set bits in `span` of the bitmap of which `word` gives the words, one after the other.
pub(super) fn each_bit(span: Span, mut word: impl FnMut(usize) -> u64, mut visit: impl FnMut(usize)) {
    if span.start >= span.end {
        return;
    }
    let (first, last) = (span.start / WORD, (span.end - 1) / WORD);
    for at in first..=last {
        let mut bits = word(at) & bits(span, at);
        while bits != 0 {
            visit(at * WORD + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
    }
}

/// Writes every maximal run of [`RUN_MIN`] or more token characters of `text` to `runs`, in order; `classes` are those of the text
/// then.
pub fn find(text: &[u8], classes: &mut Classes, runs: &mut Vec<Span>) {
    classes.read(text);
    runs.clear();
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
            report(Span::new(start, base + ones as usize), runs);
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
            runs.push(Span::new(base + start as usize, base + end as usize));
            // A run that reached the top bit was taken out above, so `end` is at most 63.
            starts &= u64::MAX << end;
        }
    }
    if let Some(start) = open {
        report(Span::new(start, text.len()), runs);
    }
}

fn report(run: Span, runs: &mut Vec<Span>) {
    if run.len() >= RUN_MIN {
        runs.push(run);
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
            find(text.as_bytes(), &mut Classes::default(), &mut found);
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
            let (mut beginnings, mut continued, mut others) = (Vec::new(), Vec::new(), Vec::new());
            each_bit(span, |word| letters.beginnings(word).0, |at| beginnings.push(at));
            each_bit(span, |word| letters.beginnings(word).1, |at| continued.push(at));
            letters.others(span, |at| others.push(at));
            let begins = |at: &usize| is_letter(*at) && (*at == 0 || !is_letter(*at - 1));
            let goes_on = |at: &usize| is_letter(*at) && !begins(at);
            prop_assert_eq!(beginnings, (span.start..span.end).filter(begins).collect::<Vec<_>>());
            prop_assert_eq!(continued, (span.start..span.end).filter(goes_on).collect::<Vec<_>>());
            prop_assert_eq!(others, (span.start..span.end).filter(|at| !is_letter(*at)).collect::<Vec<_>>());
        }
    }
}
