//! Heads: the literals by which a value claims to be the token of some provider.
//!
//! What begins like a token and is none by its rule was cut, changed or made up; under the name of a secret it is worth a hint.

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

/// The heads of all rules that know their tokens by them.
#[derive(Debug)]
pub(super) struct Heads(HashSet<Box<[u8]>>);

impl Heads {
    pub(super) fn of(rules: &RuleSet) -> Self {
        let marked =
            rules.iter().filter(|(_, rule)| matches!(rule.kind(), MatcherKind::Prefix | MatcherKind::StemPrefix));
        let mut heads = HashSet::new();
        for (_, rule) in marked {
            let prefixes = &rule.head().prefixes;
            for prefix in prefixes.iter().filter(|prefix| is_head(prefix)) {
                heads.insert(prefix.as_bytes().into());
                // In capitals it is a copy that somebody changed.
                let capitals = prefix.to_ascii_uppercase();
                heads.extend((prefix.len() >= SHORTEST_CHANGED).then(|| capitals.into_bytes().into()));
            }
        }
        Self(heads)
    }

    /// Does `value` begin with one of them, or like a JSON Web Token?
    pub(super) fn begin(&self, value: &[u8]) -> bool {
        let token = value.starts_with(b"eyJ") && (value.contains(&b'.') || is_header(value));
        token || (3..=value.len().min(LONGEST)).any(|length| self.0.contains(&value[..length]))
    }
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
        for value in ["key-1234", "test_value", "sk-1234", "eyJhIjoxfQ", "gh", ""] {
            assert!(!heads.begin(value.as_bytes()), "{value}");
        }
    }
}
