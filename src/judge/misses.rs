//! Misses: values that the name of a provider leads to, and that nearly have the shape of its keys.
//!
//! A key that was cut, changed or made up is one of them, and so is a key of another kind: a hint, whatever its name says.

mod owner;

use super::line;
use crate::blob::Chunk;
use crate::checksum::base64;
use crate::detect::{Candidate, Found, identifier};
use crate::rule::lane::{holds_stem, is_token_byte};
use crate::rule::{MatcherKind, Rule, RuleId, RuleSet};
use crate::span::Span;
use std::collections::HashMap;

/// How far in front of a value the name may stand on its line, in bytes.
const REACH: usize = 96;

/// Signs between the parts of tokens.
const SEPARATORS: &[u8] = b".:~|";

/// Signs that are too few for a password of many kinds of characters, and the shortest token that they stand in.
const MOST_FOREIGN: usize = 2;
const SHORTEST_MUTATED: usize = 16;

/// What strings stand in.
const QUOTES: &[u8] = b"\"'`";

/// Shortest part of what is built like a JSON Web Token.
const SHORTEST_PART: usize = 16;

/// Words for keys that are glued to the names of providers.
const GLUED: &[&str] = &[
    "apikey", "key", "token", "secret", "api", "access", "personal", "project", "oauth", "client", "account", "write",
    "private",
];

/// Shortest name of a provider.
const SHORTEST_NAME: usize = 3;

/// Most words of a name.
const MOST_WORDS: usize = 3;

/// What stands between the name of a provider and its key.
const KEY_WORDS: &[&str] =
    &["api", "access", "client", "app", "id", "personal", "project", "account", "bearer", "oauth", "write"];

/// Names of providers that say what a key is written in, or whose it is.
const PLAIN: &[&str] = &[
    "generic",
    "hex",
    "private",
    "privatekey",
    "user",
    "mail",
    "host",
    "auth",
    "oauth",
    "key",
    "token",
    "secret",
    "password",
    "session",
    "jwt",
    "api",
];

/// Shortest first word that stands for a name of several.
const SHORTEST_FIRST: usize = 5;

/// What may be chosen by whoever keeps it with the provider.
const CHOSEN: &[&str] = &["secret", "secrets", "auth"];

/// In front of "secret": it was issued with an id.
const ISSUED: &[&str] = &["client", "app", "api", "access", "consumer", "oauth"];

/// The rules for keys by the names of their providers.
#[derive(Debug)]
pub(super) struct Misses(HashMap<String, Vec<RuleId>>);

impl Misses {
    /// Takes the rules that know the keys of a provider.
    pub(super) fn of(rules: &RuleSet) -> Self {
        let mut known: HashMap<String, Vec<RuleId>> = HashMap::new();
        for (id, rule) in rules.iter() {
            for name in names(rule) {
                known.entry(name).or_default().push(id);
            }
        }
        Self(known)
    }

    /// Is it a run of token characters with a sign or two in it that no token has?
    pub(super) fn is_mutated(value: &[u8]) -> bool {
        let foreign = value.iter().filter(|byte| !is_token_byte(**byte) && !SEPARATORS.contains(byte)).count();
        let odd = value.iter().any(|byte| b"?!".contains(byte));
        value.len() >= SHORTEST_MUTATED && odd && foreign <= MOST_FOREIGN
    }

    /// Does what stands in quotes go on beside the match, so that all of it is a token with a sign in it that none has?
    pub(super) fn goes_on(chunk: &Chunk<'_>, matched: Span) -> bool {
        let (before, behind) = (&chunk.text[..matched.start], &chunk.text[matched.end..]);
        let quote = |byte: &u8| QUOTES.contains(byte);
        let near = &before[before.len().saturating_sub(REACH)..];
        let start = near.iter().rev().position(quote).map(|length| matched.start - length);
        let end = behind.iter().take(REACH).position(quote).map(|length| matched.end + length);
        let Some(span) = start.zip(end).map(|(start, end)| Span { start, end }) else { return false };
        let value = span.of(chunk.text);
        span != matched && !value.iter().any(|byte| b"/= \t\n".contains(byte)) && Self::is_mutated(value)
    }

    /// Is it built like a JSON Web Token, and none?
    pub(super) fn is_unsound(value: &[u8]) -> bool {
        let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        let mut parts = 0;
        let long = value.split(|byte| *byte == b'.').all(|part| {
            parts += 1;
            part.len() >= SHORTEST_PART && part.iter().all(letter)
        });
        let unread = || base64::decode(value).is_none_or(|text| std::str::from_utf8(&text).is_err());
        parts == 3 && long || value.starts_with(b"eyJ") && value.len() >= SHORTEST_MUTATED && unread()
    }

    /// Does a provider's name lead to the value, and is it none of its keys?
    pub(super) fn hold(&self, rules: &RuleSet, chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
        let value = candidate.secret.of(chunk.text);
        let words = identifier::words(line::before(chunk.text, candidate.secret.start, REACH));
        let keys = words.iter().rev().take_while(|word| is_key_word(word)).count();
        let ends = words.len() - keys..=words.len();
        match ends.rev().find_map(|end| Some((self.named(&words[..end])?, end))) {
            Some((known, end)) => {
                let keys = if end < words.len() { &words[end..] } else { &words[end.saturating_sub(1)..] };
                // The provider learns it from whoever is called.
                let own = keys.iter().any(|word| word.contains("webhook"));
                let misses = Self::is_none(rules, known, value);
                misses && !own && (is_issued(keys) || Self::is_near_one(rules, known, value))
            }
            None => self.is_owned(rules, chunk, candidate),
        }
    }

    /// The same for a provider whose name stands around the whole assignment, which says less.
    fn is_owned(&self, rules: &RuleSet, chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
        let Found::Assignment { name, .. } = candidate.found else { return false };
        let keys = identifier::words(name.of(chunk.text));
        if !is_issued(&keys) || keys.iter().any(|word| word.contains("webhook")) {
            return false;
        }
        let value = candidate.secret.of(chunk.text);
        let owners = owner::owners(chunk.text, name.start);
        let mut known = owners.into_iter().filter_map(|owner| {
            let words = identifier::words(owner);
            self.named(&words).or_else(|| self.0.get(words.first()?))
        });
        known.next().is_some_and(|known| Self::is_none(rules, known, value) && Self::is_near_one(rules, known, value))
    }

    /// Have the keys of `known` a form, and is `value` of none of them?
    fn is_none(rules: &RuleSet, known: &[RuleId], value: &[u8]) -> bool {
        // What has no form is found by its own name.
        let mut forms = Self::forms(rules, known).peekable();
        forms.peek().is_some() && !forms.any(|rule| fits(rule, value))
    }

    fn is_near_one(rules: &RuleSet, known: &[RuleId], value: &[u8]) -> bool {
        Self::forms(rules, known).any(|rule| is_near(rule, value))
    }

    fn forms<'r>(rules: &'r RuleSet, known: &'r [RuleId]) -> impl Iterator<Item = &'r Rule> {
        known.iter().map(|id| rules.rule(*id)).filter(|rule| rule.syntax().pattern.is_some())
    }

    /// The rules of the provider whose name `words` end with.
    fn named(&self, words: &[String]) -> Option<&Vec<RuleId>> {
        let most = MOST_WORDS.min(words.len());
        let whole = (1..=most).rev().find_map(|count| self.0.get(&words[words.len() - count..].concat()));
        whole.or_else(|| self.0.get(bare(words.last()?)))
    }
}

/// What the provider of `rule` is called in identifiers, if the rule knows keys by their form or their name.
fn names(rule: &Rule) -> Vec<String> {
    let (head, id) = (rule.head(), rule.id());
    let glued_id = id.replace('-', "");
    let mut names: Vec<String> = match rule.kind() {
        MatcherKind::Shape | MatcherKind::Prefix | MatcherKind::StemPrefix => {
            head.near.iter().map(|word| glued(word)).collect()
        }
        MatcherKind::Name => head.names.iter().map(|name| provider(name)).collect(),
        _ => return Vec::new(),
    };
    // What the rule is not called after is a word for keys of all kinds.
    names.retain(|name| glued_id.starts_with(name.as_str()));
    let provider = glued(rule.provider());
    let of_id = id.split('-').next().unwrap_or_default();
    let telling = of_id.len() >= SHORTEST_FIRST || !provider.starts_with(of_id);
    names.extend(telling.then(|| of_id.to_owned()));
    names.push(provider);
    names.retain(|name| name.len() >= SHORTEST_NAME && !PLAIN.contains(&name.as_str()));
    names.sort_unstable();
    names.dedup();
    names
}

/// Is `value` a key as `rule` knows them?
fn fits(rule: &Rule, value: &[u8]) -> bool {
    rule.match_at_start(value).is_some_and(|(whole, _)| whole.end == value.len())
}

/// Has it about the length of such a key, and nearly all of the characters?
fn is_near(rule: &Rule, value: &[u8]) -> bool {
    let Some(facts) = rule.facts() else { return false };
    let (min, max) = (facts.min_len as usize, facts.max_len as usize);
    let foreign = value.iter().filter(|byte| !facts.bytes.contains(**byte)).count();
    (min / 2..=max + max / 2).contains(&value.len()) && foreign * 5 <= value.len()
}

/// Do the words for a key say that the provider made it, and not who uses it?
fn is_issued(words: &[String]) -> bool {
    let chosen = words.iter().any(|word| CHOSEN.contains(&word.as_str()));
    words.iter().any(|word| holds_stem(word)) && (!chosen || words.iter().any(|word| ISSUED.contains(&word.as_str())))
}

/// `word` without the words for keys that are glued to its end: `acme` of `acmeprojectkey`.
fn bare(word: &str) -> &str {
    let cut = |word: &str| {
        let ends = GLUED.iter().find(|key| word.len() >= key.len() + SHORTEST_NAME && word.ends_with(**key));
        ends.map(|key| word.len() - key.len())
    };
    let mut bare = word;
    while let Some(length) = cut(bare) {
        bare = &bare[..length];
    }
    bare
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
