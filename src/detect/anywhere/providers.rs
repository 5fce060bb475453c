//! Short keys that only the name of their provider leads to: the words behind it on the same line and on the next.
//!
//! The names are those that the rules ask for, in `near` and at the beginning of `names`; a run that is long enough needs none.

use super::super::assignment::{Assignment, Way};
use super::super::identifier::stands_alone;
use super::read::next_words;
use crate::rule::lane::{RUN_MIN, holds_stem};
use crate::rule::{MatcherKind, RuleSet};
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::collections::BTreeSet;

/// Words behind the name that are looked at.
const MOST_WORDS: usize = 6;

/// Words on the line below that are looked at.
const MOST_BELOW: usize = 3;

/// Shortest key that is told by its provider alone, in bytes.
const SHORTEST: usize = 8;

/// Longest such key, and the most signs between its parts.
const LONGEST: usize = 192;
const MOST_PARTS: usize = 4;

/// Longest call that a key is the only argument of, in bytes.
const LONGEST_CALL: usize = 256;

/// Shortest name; what is shorter stands in many words.
const SHORTEST_NAME: usize = 3;

/// Finds the names of providers.
#[derive(Debug)]
pub(super) struct Providers(Option<AhoCorasick>);

impl Providers {
    pub(super) fn of(rules: &RuleSet) -> Self {
        let mut names = BTreeSet::new();
        for (_, rule) in rules.iter().filter(|(_, rule)| !rule.is_judged() && rule.kind() != MatcherKind::Anywhere) {
            let head = rule.head();
            names.extend(head.near.iter().map(|name| (*name).to_owned()));
            let provider = |name: &&str| {
                let words: Vec<&str> = name.split(' ').take_while(|word| !says_key(word)).collect();
                words.join(" ")
            };
            names.extend(head.names.iter().map(provider));
        }
        let fits = |name: &&String| name.len() >= SHORTEST_NAME && !says_key(name);
        let mut finder = AhoCorasickBuilder::new();
        finder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
        Self(finder.build(names.iter().filter(fits)).ok())
    }

    /// Calls `visit` with the name and each of the words that follow it on the line.
    pub(super) fn detect(&self, text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
        for hit in self.0.iter().flat_map(|finder| finder.find_iter(text)) {
            if !stands_alone(text, hit.start(), hit.end()) {
                continue;
            }
            let name = Span::new(hit.start(), hit.end());
            let end = memchr::memchr(b'\n', &text[hit.end()..]).map_or(text.len(), |length| hit.end() + length + 1);
            let below = next_words(text, end).take(MOST_BELOW);
            let words = next_words(text, hit.end()).take(MOST_WORDS).chain(below);
            let given = argument(text, hit.end());
            for value in words.map(|word| behind_comma(text, word)).chain(given).filter(|value| is_key(value.of(text)))
            {
                visit(name, Assignment { name, value, way: Way::LaterArgument, quoted: false, plain: false });
            }
        }
    }
}

/// The literal that is given to what the name begins: `new AcmeClient("...")`.
fn argument(text: &[u8], at: usize) -> Option<Span> {
    let rest = &text[at..text.len().min(at + LONGEST_CALL)];
    let open = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"_.".contains(byte))?;
    let quote = *rest.get(open + 1).filter(|byte| rest[open] == b'(' && b"\"'`".contains(byte))?;
    let length = memchr::memchr(quote, &rest[open + 2..])?;
    Some(Span::new(at + open + 2, at + open + 2 + length))
}

/// What stands behind the last comma of `word`, as in a table.
fn behind_comma(text: &[u8], word: Span) -> Span {
    memchr::memrchr(b',', word.of(text)).map_or(word, |comma| Span::new(word.start + comma + 1, word.end))
}

/// Can `word` be a key: letters and digits in one or a few parts?
fn is_key(word: &[u8]) -> bool {
    let parts = word.iter().filter(|byte| b"-_.:".contains(byte)).count();
    (SHORTEST..=LONGEST).contains(&word.len())
        && parts <= MOST_PARTS
        && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
        && (word.iter().any(u8::is_ascii_digit) || parts == 0 && word.len() >= RUN_MIN)
}

/// Is it a word for keys of all kinds, rather than the name of somebody?
fn says_key(word: &str) -> bool {
    holds_stem(word) || matches!(word, "api" | "access" | "app" | "client" | "account" | "bearer" | "the" | "http")
}
