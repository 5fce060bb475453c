//! All prefixes of the token lane, looked up at every byte of a run.
//!
//! A bitmap over the first three bytes says at almost every place that no prefix begins there; only where it says otherwise
//! are the prefixes with that beginning compared. On runs this is several times faster than an automaton, because most
//! runs are left after a few bytes and the bitmap stays in the first-level cache.

use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;

/// Bits of the hash of three bytes.
const HASH_BITS: u32 = 16;

#[derive(Debug)]
pub(super) struct Prefixes {
    /// One bit for each hash that some prefix has.
    filter: Box<[u64]>,
    /// For each hash, where its entries begin; the next one's beginning is their end.
    starts: Box<[u16]>,
    entries: Vec<(Box<[u8]>, RuleId)>,
    longest: usize,
}

impl Prefixes {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut hashed: Vec<(usize, &[u8], RuleId)> = Vec::new();
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Prefix) {
            for prefix in rule.syntax().prefixes.iter().map(String::as_bytes) {
                match *prefix {
                    [first, second, third, ..] => hashed.push((hash([first, second, third]), prefix, id)),
                    // A prefix of two bytes may be followed by anything.
                    [first, second] => hashed.extend((0..=255).map(|third| (hash([first, second, third]), prefix, id))),
                    _ => {}
                }
            }
        }
        hashed.sort_unstable();
        hashed.dedup();
        let mut filter = vec![0_u64; 1 << (HASH_BITS - 6)].into_boxed_slice();
        let mut starts = vec![0_u16; (1 << HASH_BITS) + 1].into_boxed_slice();
        for &(hash, ..) in &hashed {
            filter[hash >> 6] |= 1 << (hash & 63);
            starts[hash + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let longest = hashed.iter().map(|(_, prefix, _)| prefix.len()).max().unwrap_or(0);
        let entries = hashed.into_iter().map(|(_, prefix, id)| (prefix.into(), id)).collect();
        Self { filter, starts, entries, longest }
    }

    /// Calls `visit` with place, rule and length of every prefix that ends in `window` of `text`, behind `searched`.
    pub(super) fn find(&self, text: &[u8], window: Span, searched: usize, mut visit: impl FnMut(usize, RuleId, usize)) {
        let start = window.start.max(searched.saturating_sub(self.longest));
        let bytes = &text[start..window.end];
        for (offset, three) in bytes.windows(3).enumerate() {
            let hash = hash([three[0], three[1], three[2]]);
            if self.filter[hash >> 6] >> (hash & 63) & 1 == 0 {
                continue;
            }
            let entries = usize::from(self.starts[hash])..usize::from(self.starts[hash + 1]);
            for (prefix, rule) in &self.entries[entries] {
                // What ends in the window before was seen there.
                if bytes[offset..].starts_with(prefix) && start + offset + prefix.len() > searched {
                    visit(start + offset, *rule, prefix.len());
                }
            }
        }
    }
}

/// A multiplicative hash of three bytes.
const fn hash(three: [u8; 3]) -> usize {
    let key = u32::from_le_bytes([three[0], three[1], three[2], 0]);
    (key.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_prefix_in_the_window_is_found_once(noise in "[a-zA-Z_-]{0,40}", pick in 0usize..1000) {
            let rules = RuleSet::builtin();
            let prefixes = Prefixes::new(&rules);
            let (wanted, id) = &prefixes.entries[pick % prefixes.entries.len()];
            let text = [noise.as_bytes(), wanted, noise.as_bytes()].concat();
            let mut found = 0;
            prefixes.find(&text, Span::new(0, text.len()), 0, |at, rule, length| {
                found += usize::from(at == noise.len() && rule == *id && length == wanted.len());
            });
            prop_assert_eq!(found, 1);
        }
    }
}
