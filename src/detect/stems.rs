//! Stems: the beginnings of credential words, `://` and `-----BEGIN`, found with a vector search.
//!
//! Takes text, gives every place of every stem in any case, in order; what the place means is for the readers.

use super::head::{Head, folded, four};
use super::simd::{self, Beginnings, WORD, fold};
use crate::rule::lane::STEMS;

/// One occurrence of a stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StemHit {
    /// Offset of its first byte.
    pub at: usize,
    /// Which of [`STEMS`] it is.
    pub stem: usize,
}

/// Searches for all of [`STEMS`].
#[derive(Clone, Debug)]
pub struct StemFinder {
    tables: Beginnings,
    /// Stems by the low five bits of their first byte.
    by_first: [Vec<Stem>; 32],
}

/// A stem, and what settles quickly that it does not stand somewhere.
#[derive(Clone, Copy, Debug)]
struct Stem {
    /// In any case.
    head: Head,
    /// Which of [`STEMS`] it is.
    number: usize,
}

impl StemFinder {
    /// The finder; cheap.
    pub fn new() -> Self {
        let mut by_first: [Vec<Stem>; 32] = std::array::from_fn(|_| Vec::new());
        for (number, stem) in STEMS.iter().enumerate() {
            let stem = stem.as_bytes();
            by_first[bucket(stem[0])].push(Stem { head: Head::in_any_case(stem), number });
        }
        Self { tables: Beginnings::of_stems(), by_first }
    }

    /// Calls `visit` for every stem that begins in `text[..until]`, in order; `mask` is scratch space.
    #[inline(always)]
    pub fn find(&self, text: &[u8], until: usize, mask: &mut Vec<u64>, mut visit: impl FnMut(StemHit)) {
        // What begins there may end behind it.
        simd::stem_mask(&text[..text.len().min(until + LONGEST)], &self.tables, mask);
        for (word, &bits) in mask.iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                let at = word * WORD + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let here = &text[at..];
                let four = folded(four(here));
                for stem in self.by_first[bucket(text[at])].iter().filter(|stem| stem.head.begins(four)) {
                    if at < until && begins_with(here, STEMS[stem.number].as_bytes()) {
                        visit(StemHit { at, stem: stem.number });
                    }
                }
            }
        }
    }
}

/// Bytes of the longest stem.
const LONGEST: usize = {
    let (mut longest, mut at) = (0, 0);
    while at < STEMS.len() {
        if STEMS[at].len() > longest {
            longest = STEMS[at].len();
        }
        at += 1;
    }
    longest
};

impl Default for StemFinder {
    fn default() -> Self {
        Self::new()
    }
}

const fn bucket(byte: u8) -> usize {
    (fold(byte) & 31) as usize
}

fn begins_with(text: &[u8], stem: &[u8]) -> bool {
    text.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_found_in_any_case_and_at_the_very_end() {
        let text = format!("{}API_KEY and PassWord at postgres:// with toKEN", " ".repeat(70));
        let mut found = Vec::new();
        StemFinder::new().find(text.as_bytes(), text.len(), &mut Vec::new(), |hit| found.push(STEMS[hit.stem]));
        assert_eq!(found, ["key", "pass", "://", "token"]);
        assert_eq!(STEMS.len(), crate::rule::lane::BUCKETS.len());
    }
}
