//! Runs: the long stretches of token characters in which secrets stand.
//!
//! Takes the bitmap of token characters, gives every maximal run of at least [`RUN_MIN`] bytes, in order. Ordinary text
//! has few, so everything behind this sees a tenth of the bytes.

use super::simd::{self, WORD};
use crate::rule::lane::RUN_MIN;
use crate::span::Span;

/// Calls `visit` for every maximal run of [`RUN_MIN`] or more token characters of `text`; `mask` is scratch space.
pub fn find(text: &[u8], mask: &mut Vec<u64>, mut visit: impl FnMut(Span)) {
    simd::token_mask(text, mask);
    let mut open: Option<usize> = None;
    for (word, &bits) in mask.iter().enumerate() {
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
            find(text.as_bytes(), &mut Vec::new(), |run| found.push(run));
            prop_assert_eq!(found, plain(text.as_bytes()));
        }
    }
}
