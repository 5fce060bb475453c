//! Heads: the literals by which a value claims to be the token of some provider.
//!
//! What begins like a token and is none by its rule was cut, changed or made up; under the name of a secret it is worth a hint.

use super::value::{self, Look};
use crate::checksum::base64;
use crate::rule::lane::is_head;
use crate::rule::{MatcherKind, RuleSet};
use std::collections::HashSet;

/// Longest head that is looked at, in bytes.
const LONGEST: usize = 24;

/// Shortest head that is known in capitals, too.
const SHORTEST_CHANGED: usize = 4;

/// Longest header of a JSON Web Token that may stand alone, in bytes.
const LONGEST_HEADER: usize = 64;

/// Shortest head that is known without its first letter, and shortest value that may begin so.
const SHORTEST_CUT: usize = 5;
const SHORTEST_TOKEN: usize = 16;

/// The heads of all rules that know their tokens by them.
#[derive(Debug)]
pub(super) struct Heads {
    /// As they are, and in capitals.
    whole: HashSet<Box<[u8]>>,
    /// Letters and digits alone, too few for a short value, and those that lost their first letter.
    weak: HashSet<Box<[u8]>>,
}

impl Heads {
    pub(super) fn of(rules: &RuleSet) -> Self {
        let marked =
            rules.iter().filter(|(_, rule)| matches!(rule.kind(), MatcherKind::Prefix | MatcherKind::StemPrefix));
        let (mut whole, mut weak) = (HashSet::new(), HashSet::new());
        for (_, rule) in marked {
            let prefixes = &rule.head().prefixes;
            for prefix in prefixes.iter().filter(|prefix| is_head(prefix)) {
                whole.insert(prefix.as_bytes().into());
                // In capitals it is a copy that somebody changed.
                let capitals = prefix.to_ascii_uppercase();
                let known =
                    prefix.len() >= SHORTEST_CHANGED || !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
                whole.extend(known.then(|| capitals.into_bytes().into()));
                let word = prefix.trim_end_matches(|sign: char| !sign.is_ascii_alphanumeric());
                weak.extend((word.len() >= SHORTEST_CUT).then(|| word.as_bytes()[1..].into()));
            }
            let short = prefixes.iter().filter(|prefix| prefix.len() == 3 && is_short_head(prefix));
            weak.extend(short.map(|prefix| Box::from(prefix.as_bytes())));
        }
        Self { whole, weak }
    }

    /// Does `value` begin with one of them, or like a JSON Web Token?
    pub(super) fn begin(&self, value: &[u8]) -> bool {
        let token = value.starts_with(b"eyJ") && (value.contains(&b'.') || is_header(value));
        let heads = || (3..=value.len().min(LONGEST)).map(|length| &value[..length]);
        let drawn = value.len() >= SHORTEST_TOKEN && value::look(value) == Look::Random;
        let alone = !is_joined(value);
        let weak = || drawn && heads().any(|head| self.weak.contains(head));
        token || alone && (heads().any(|head| self.whole.contains(head)) || weak())
    }
}

/// Does more belong to the token: `id:secret`, or the scope of a signature behind an id?
pub(super) fn is_joined(value: &[u8]) -> bool {
    let rest = value.get(SHORTEST_TOKEN..).unwrap_or_default();
    rest.contains(&b':') || [&b"%2F"[..], b"%2f"].iter().any(|sign| memchr::memmem::find(rest, sign).is_some())
}

/// Three letters or digits that begin the tokens of a provider.
fn is_short_head(prefix: &str) -> bool {
    // Much is JSON in Base64.
    prefix != "eyJ"
        && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && prefix.bytes().any(|byte| !byte.is_ascii_lowercase())
}

/// The header of a JSON Web Token alone, which says nothing.
fn is_header(value: &[u8]) -> bool {
    let text = (value.len() <= LONGEST_HEADER).then(|| base64::decode(value)).flatten();
    text.is_some_and(|text| memchr::memmem::find(&text, b"\"alg\"").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_token_is_told_from_words() {
        let heads = Heads::of(&RuleSet::builtin());
        for value in ["ghp_short", "AKIAlower", "SG.no", "eyJh.x.y", "glpat-1"] {
            assert!(heads.begin(value.as_bytes()), "{value}");
        }
        let scope = ["AKIA", &"Q7".repeat(8), "%2F20250131%2F"].concat();
        assert!(!heads.begin(scope.as_bytes()) && heads.begin(&scope.as_bytes()[..20]));
        for value in ["key-1234", "test_value", "sk-1234", "eyJhIjoxfQ", "gh", ""] {
            assert!(!heads.begin(value.as_bytes()), "{value}");
        }
    }
}
