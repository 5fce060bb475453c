//! Misses: values that the name of a provider leads to, and that nearly have the shape of its keys.
//!
//! A key that was cut, changed or made up is one of them, and so is a key of another kind: a hint, whatever its name says.

use crate::blob::Chunk;
use crate::detect::{Candidate, identifier};
use crate::rule::facts::Facts;
use crate::rule::lane::{holds_stem, is_token_byte};
use crate::rule::{MatcherKind, RuleSet};
use std::collections::HashMap;

/// How far in front of a value the name may stand on its line, in bytes.
const REACH: usize = 96;

/// Signs between the parts of tokens.
const SEPARATORS: &[u8] = b".:~|";

/// Signs that are too few for a password of many kinds of characters, and the shortest token that they stand in.
const MOST_FOREIGN: usize = 2;
const SHORTEST_MUTATED: usize = 16;

/// Most words of a name.
const MOST_WORDS: usize = 3;

/// What stands between the name of a provider and its key.
const KEY_WORDS: &[&str] = &["api", "access", "client", "app", "id", "personal", "project", "account", "bearer"];

/// The forms of keys by the names of their providers.
#[derive(Debug)]
pub(super) struct Misses(HashMap<String, Vec<Form>>);

/// What a provider's keys look like.
#[derive(Debug)]
struct Form(Facts);

impl Misses {
    /// Takes the forms of the rules that ask for a provider's name.
    pub(super) fn of(rules: &RuleSet) -> Self {
        let mut forms: HashMap<String, Vec<Form>> = HashMap::new();
        for (_, rule) in rules.iter() {
            let (head, Some(facts)) = (rule.head(), rule.facts()) else { continue };
            let id = rule.id().replace('-', "");
            let mut names: Vec<String> = match rule.kind() {
                MatcherKind::Shape | MatcherKind::Prefix | MatcherKind::StemPrefix => {
                    head.near.iter().map(|word| glued(word)).collect()
                }
                MatcherKind::Name => head.names.iter().map(|name| provider(name)).collect(),
                _ => continue,
            };
            names.sort_unstable();
            names.dedup();
            // What the rule is not called after is a word for keys of all kinds.
            for name in names.into_iter().filter(|name| !name.is_empty() && id.starts_with(name.as_str())) {
                forms.entry(name).or_default().push(Form(*facts));
            }
        }
        Self(forms)
    }

    /// Is it a run of token characters with a sign or two in it that no token has?
    pub(super) fn is_mutated(value: &[u8]) -> bool {
        let foreign = value.iter().filter(|byte| !is_token_byte(**byte) && !SEPARATORS.contains(byte)).count();
        let odd = value.iter().any(|byte| b"?!".contains(byte));
        value.len() >= SHORTEST_MUTATED && odd && foreign <= MOST_FOREIGN
    }

    /// Does a provider's name stand in front of the value, with nothing but words for keys between, and is it nearly one of its keys?
    pub(super) fn hold(&self, chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
        let value = candidate.secret.of(chunk.text);
        let start = candidate.secret.start;
        let before = &chunk.text[start.saturating_sub(REACH)..start];
        let line = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
        let words = identifier::words(line);
        let keys = words.iter().rev().take_while(|word| is_key_word(word)).count();
        let named = &words[..words.len() - keys];
        let names = (1..=MOST_WORDS.min(named.len())).map(|count| named[named.len() - count..].concat());
        let known: Vec<&Form> = names.filter_map(|name| self.0.get(&name)).flatten().collect();
        !known.iter().any(|form| form.fits(value)) && known.iter().any(|form| form.is_near(value))
    }
}

impl Form {
    /// Has `value` the length and the characters of such a key?
    fn fits(&self, value: &[u8]) -> bool {
        (self.0.min_len as usize..=self.0.max_len as usize).contains(&value.len()) && self.foreign(value) == 0
    }

    /// Has it about the length, and nearly all of the characters?
    fn is_near(&self, value: &[u8]) -> bool {
        let (min, max) = (self.0.min_len as usize, self.0.max_len as usize);
        (min / 2..=max + max / 2).contains(&value.len()) && self.foreign(value) * 5 <= value.len()
    }

    fn foreign(&self, value: &[u8]) -> usize {
        value.iter().filter(|byte| !self.0.bytes.contains(**byte)).count()
    }
}

fn is_key_word(word: &str) -> bool {
    holds_stem(word) || KEY_WORDS.contains(&word)
}

/// The words of `name` in front of those for keys, as one.
fn provider(name: &str) -> String {
    name.split(' ').take_while(|word| !is_key_word(word)).collect()
}

fn glued(word: &str) -> String {
    identifier::words(word.as_bytes()).concat()
}
