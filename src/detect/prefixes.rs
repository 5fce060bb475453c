//! All prefixes of the token lane, looked up at every byte of a run.
//!
//! A bitmap over the first three bytes says at almost every place that no prefix begins there; only where it says otherwise
//! are the prefixes with that beginning compared. Inside of a word only the prefixes of rules that can prove their match
//! are looked for, where there is room for a long one. So an automaton over all prefixes is not walked, and of the runs most
//! bytes are never looked at.

use super::boundary::{LONGEST_ESCAPE, begins_escape, can_prove};
use super::head::{Head, four};
use super::runs::{Letters, bits};
use super::simd::{Beginnings, WORD};
use super::{REACH, WIDE, is_wide};
use crate::rule::facts::{ByteSet, Facts};
use crate::rule::lane::{LOOKBACK, MARKED_BODY, RUN_MIN, is_mark, is_token_byte};
use crate::rule::{MatcherKind, Rule, RuleId, RuleSet};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Bits of the hash of three bytes.
const HASH_BITS: u32 = 16;

/// Inside of a word a token is looked for where that many bytes of the run are left: what is shorter may be there by chance.
const ROOM_INSIDE: usize = 36;

#[derive(Debug)]
pub(super) struct Prefixes {
    /// Hashes of the first three bytes of all prefixes, of those that have no more, and of the first four bytes of the others.
    anywhere: Set,
    short: Set,
    long: Set,
    /// The beginnings of prefixes that are looked for inside of words, too.
    inside_may: Beginnings,
    /// Does one begin with a token character that is neither letter nor digit?
    has_signs: bool,
    /// Pairs of bytes that can stand before a run when a prefix begins before it, and the beginnings of those prefixes.
    before: Set,
    ahead_may: Beginnings,
    /// For each hash in `anywhere`, in order, where its entries begin; the next one's beginning is their end.
    starts: Box<[u16]>,
    entries: Vec<Entry>,
    /// What may stand in a match of the tier behind its run.
    goes_on: ByteSet,
    /// Most bytes of a match of the tier in which blanks may stand there.
    blanks: usize,
    /// How far from a match of the tier the farthest word may stand that one of its rules asks for.
    pub(super) distance: usize,
    /// The same for all rules.
    pub(super) farthest: usize,
}

/// Rules by how far from a match bytes can stand that decide about it: up to so many, and beyond. Hardly a rule asks for more than the
/// first, so what is new concerns hardly a run that is not near.
const REACHES: [usize; TIERS - 1] = [320, 640];
pub(super) const TIERS: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Of the first three bytes.
    hash: usize,
    prefix: Box<[u8]>,
    /// What follows its first two bytes.
    third: u8,
    head: Head,
    /// How many bytes of a match stand in the run at least.
    reach: usize,
    /// Can it begin before the run?
    ahead: bool,
    rule: RuleId,
}

/// A set of 16-bit numbers.
#[derive(Debug)]
struct Set {
    words: Box<[u64; 1024]>,
    /// How many numbers stand in the words before each.
    before: Box<[u16; 1024]>,
}

impl Set {
    fn new(numbers: impl Iterator<Item = usize>) -> Self {
        let mut set = Self { words: Box::new([0; 1024]), before: Box::new([0; 1024]) };
        numbers.for_each(|number| set.insert(number));
        for word in 1..1024 {
            set.before[word] = set.before[word - 1] + set.words[word - 1].count_ones() as u16;
        }
        set
    }

    fn insert(&mut self, number: usize) {
        self.words[(number >> 6) & 1023] |= 1 << (number & 63);
    }

    #[inline]
    fn holds(&self, number: usize) -> bool {
        self.words[(number >> 6) & 1023] >> (number & 63) & 1 == 1
    }

    /// How many smaller numbers it holds, if it was made of all at once.
    fn rank(&self, number: usize) -> usize {
        let word = (number >> 6) & 1023;
        let below = self.words[word] & ((1 << (number & 63)) - 1);
        usize::from(self.before[word]) + below.count_ones() as usize
    }
}

impl Prefixes {
    /// Those of the rules of this tier and all behind it.
    pub(super) fn new(rules: &RuleSet, tier: usize) -> Self {
        let (mut entries, mut before) = (Vec::new(), Set::new(std::iter::empty()));
        let (mut goes_on, mut blanks, mut distance, mut farthest) = (ByteSet::from_fn(is_token_byte), 0, 0, 0);
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Prefix) {
            let Some(facts) = rule.facts() else { continue };
            let own = tier_of(rule, facts);
            if own < tier {
                continue;
            }
            farthest = farthest.max(rule.word_distance());
            if own == tier {
                distance = distance.max(rule.word_distance());
                match blanks_reach(rule, facts) {
                    0 => goes_on = goes_on.union(facts.behind),
                    reach => blanks = blanks.max(reach),
                }
            }
            for prefix in rule.head().prefixes.iter().map(|prefix| prefix.as_bytes()) {
                Entry::add(&mut entries, prefix, facts, id);
                Before::of(prefix, facts).add_pairs(prefix, &mut before);
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let begins = |at: &usize| *at == 0 || entries[*at].hash != entries[at - 1].hash;
        let starts = (0..entries.len()).filter(begins).chain([entries.len()]).map(|at| at as u16).collect();
        let is_sign = |byte: u8| is_token_byte(byte) && !byte.is_ascii_alphanumeric();
        let has_signs = entries.iter().any(|entry| is_sign(entry.prefix[0]));
        let provable = entries.iter().filter(|entry| can_prove(rules.rule(entry.rule)));
        Self {
            anywhere: Set::new(entries.iter().map(|entry| entry.hash)),
            short: Set::new(entries.iter().filter(|entry| entry.prefix.len() < 4).map(|entry| entry.hash)),
            long: Set::new(
                entries.iter().filter(|entry| entry.prefix.len() >= 4).map(|entry| hash_of_four(four(&entry.prefix))),
            ),
            inside_may: beginnings(provable),
            has_signs,
            before,
            ahead_may: beginnings(entries.iter().filter(|entry| entry.ahead)),
            entries,
            starts,
            goes_on,
            blanks,
            distance,
            farthest,
        }
    }

    /// How far behind `run` bytes stand that decide about a match of the tier that was found by it.
    ///
    /// A match holds a long run, which begins behind its prefix soon; from there on it holds nothing but what [`Facts::behind`] says.
    pub(super) fn reach(&self, text: &[u8], run: Span) -> usize {
        let rest = text.get(run.end + LOOKBACK..).unwrap_or_default();
        let more = rest.iter().take(REACH).take_while(|byte| self.goes_on.contains(**byte)).count();
        LOOKBACK + more.max(self.blanks) + 1 + self.distance
    }

    /// Calls `visit` with place, rule and length of every prefix that can begin a match in `run`, from `searched` on; gives the
    /// place up to which all are searched then.
    pub(super) fn find(
        &self,
        text: &[u8],
        run: Span,
        letters: Letters<'_>,
        searched: usize,
        mut visit: impl FnMut(usize, RuleId, usize),
    ) -> usize {
        let start = match run.start {
            at @ 2.. if self.before.holds(pair(text[at - 2], text[at - 1])) => {
                at.saturating_sub(LOOKBACK).max(searched)
            }
            // Too little stands before it to tell.
            0 | 1 => 0,
            at => at,
        };
        // A match holds a whole shortest run, so it begins that much before the end.
        let end = run.end - RUN_MIN + 1;
        // Up to here a letter before a letter may be the end of an escape.
        let escapes = match run.start.checked_sub(1) {
            Some(before) if begins_escape(text[before]) => (run.start + LONGEST_ESCAPE + 1).min(end),
            _ => run.start,
        };
        let (ahead, escaped) = (Span::new(start.min(run.start), run.start), Span::new(run.start, escapes));
        let rest = Span::new(escapes, end);
        let roomy = Span::new(escapes, (run.end + 1).saturating_sub(ROOM_INSIDE));
        for word in start / WORD..=(end - 1) / WORD {
            let (beginnings, continued) = letters.beginnings(word);
            let mut places = bits(escaped, word) | beginnings & bits(rest, word);
            if self.has_signs {
                places |= !(beginnings | continued) & bits(rest, word);
            }
            let (inside, ahead) = (continued & bits(roomy, word), bits(ahead, word));
            if inside != 0 {
                places |= inside & self.inside_may.word(text, word);
            }
            if ahead != 0 {
                places |= ahead & self.ahead_may.word(text, word);
            }
            while places != 0 {
                let at = word * WORD + places.trailing_zeros() as usize;
                places &= places - 1;
                // The run goes on for longer than these four bytes.
                let four = four(&text[at..]);
                let hash = hash(four);
                if self.anywhere.holds(hash) && (self.long.holds(hash_of_four(four)) || self.short.holds(hash)) {
                    self.compare(&text[at..], run.end - at, hash, |entry| visit(at, entry.rule, entry.prefix.len()));
                }
            }
        }
        end
    }

    /// Calls `visit` with the entries that `here` begins with; `left` bytes of it are in the run.
    #[inline(never)]
    fn compare(&self, here: &[u8], left: usize, hash: usize, mut visit: impl FnMut(&Entry)) {
        let four = four(here);
        let rank = self.anywhere.rank(hash);
        let entries = usize::from(self.starts[rank])..usize::from(self.starts[rank + 1]);
        for entry in &self.entries[entries] {
            let begins = || entry.prefix.len() <= 4 || here.starts_with(&entry.prefix);
            if entry.head.begins(four) && left >= entry.reach && begins() {
                visit(entry);
            }
        }
    }
}

/// How far behind the beginning of a match it may still hold blanks; 0 if it holds none behind its run.
fn blanks_reach(rule: &Rule, facts: &Facts) -> usize {
    let longest = facts.max_len as usize;
    match () {
        () if !facts.behind.contains(b' ') && !facts.behind.contains(b'\n') => 0,
        // What goes on for longer is told of apart, and the rest holds a byte by then that ends it.
        () if is_wide(rule, longest) => WIDE,
        () => longest,
    }
}

fn tier_of(rule: &Rule, facts: &Facts) -> usize {
    let reach = rule.word_distance().max(blanks_reach(rule, facts));
    REACHES.iter().filter(|most| reach > **most).count()
}

impl Entry {
    fn add(entries: &mut Vec<Self>, prefix: &[u8], facts: &Facts, rule: RuleId) {
        let whole = if facts.only_tokens { facts.min_len as usize } else { 0 };
        // What is marked is looked at even where it is too short.
        let marked = std::str::from_utf8(prefix).is_ok_and(is_mark);
        let reach = if marked { whole.min(prefix.len() + MARKED_BODY) } else { whole };
        let ahead = !matches!(Before::of(prefix, facts), Before::Nothing);
        let mut add = |third| {
            let hash = hash(u32::from_le_bytes([prefix[0], prefix[1], third, 0]));
            entries.push(Self { hash, prefix: prefix.into(), third, head: Head::of(prefix), reach, ahead, rule });
        };
        match *prefix {
            [_, _, third, ..] => add(third),
            // A prefix of two bytes is followed by what the pattern allows.
            [_, _] => (0..=255).filter(|third| facts.third.contains(*third)).for_each(add),
            _ => {}
        }
    }
}

/// The first three bytes of `entries`.
fn beginnings<'e>(entries: impl Iterator<Item = &'e Entry>) -> Beginnings {
    let mut thirds: BTreeMap<&[u8], BTreeSet<u8>> = BTreeMap::new();
    for entry in entries {
        thirds.entry(&entry.prefix[..2]).or_default().insert(entry.third);
    }
    let thirds: Vec<(&[u8], Vec<u8>)> =
        thirds.into_iter().map(|(two, thirds)| (two, thirds.into_iter().collect())).collect();
    Beginnings::new(thirds.iter().map(|(two, thirds)| [&two[..1], &two[1..], thirds]))
}

/// What stands right before the run of a match that begins before it.
enum Before {
    /// No match does.
    Nothing,
    /// One of these bytes.
    Gap(ByteSet),
    /// The prefix up to this byte, which is the last one that is no token character.
    Prefix(usize),
}

impl Before {
    fn of(prefix: &[u8], facts: &Facts) -> Self {
        let run_at = facts.run_at.unwrap_or(0) as usize;
        if run_at > prefix.len() {
            // The run begins somewhere behind the prefix.
            return Self::Gap(facts.gap);
        }
        // The run reaches back to the last byte of the prefix that is no token character.
        prefix[..run_at].iter().rposition(|byte| !is_token_byte(*byte)).map_or(Self::Nothing, Self::Prefix)
    }

    /// Adds the pairs of bytes that can stand there in a match that begins with `prefix`.
    fn add_pairs(self, prefix: &[u8], pairs: &mut Set) {
        let mut behind_any = |second| (0..=255).for_each(|first| pairs.insert(pair(first, second)));
        match self {
            Self::Nothing => {}
            Self::Gap(gap) => (0..=255).filter(|byte| gap.contains(*byte)).for_each(behind_any),
            Self::Prefix(0) => behind_any(prefix[0]),
            Self::Prefix(at) => pairs.insert(pair(prefix[at - 1], prefix[at])),
        }
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// A multiplicative hash of three bytes, the lower ones of `four`.
#[inline]
const fn hash(four: u32) -> usize {
    hash_of_four(four & 0xFF_FFFF)
}

/// The same of four bytes.
#[inline]
const fn hash_of_four(four: u32) -> usize {
    (four.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::runs::{self, Classes};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_prefix_at_a_boundary_is_found_once(noise in "[a-zA-Z_-]{0,40}", pick in 0usize..1000) {
            let rules = RuleSet::builtin();
            let prefixes = Prefixes::new(&rules, 0);
            let wanted = &prefixes.entries[pick % prefixes.entries.len()];
            let rest = "0".repeat(wanted.reach.max(RUN_MIN));
            let text = [noise.as_bytes(), b"/", &wanted.prefix, rest.as_bytes()].concat();
            let (mut found, mut searched) = (0, 0);
            let (mut classes, mut runs) = (Classes::default(), Vec::new());
            runs::find(&text, &mut classes, &mut runs);
            for run in runs {
                searched = prefixes.find(&text, run, Letters::of(&classes), searched, |at, rule, length| {
                    found += usize::from(at == noise.len() + 1 && rule == wanted.rule && length == wanted.prefix.len());
                });
            }
            // A prefix of two bytes asks for more than zeros.
            prop_assert!(found == 1 || wanted.prefix.len() == 2);
        }
    }
}
