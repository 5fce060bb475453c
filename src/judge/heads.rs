//! Heads: the literals by which a value claims to be the token of some provider.
//!
//! What begins like a token and is none by its rule was cut, changed or made up; under the name of a secret it is worth a hint.

use crate::rule::lane::is_head;
use crate::rule::{MatcherKind, RuleSet};
use std::collections::HashSet;

/// Longest head that is looked at, in bytes.
const LONGEST: usize = 24;

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
            heads.extend(prefixes.iter().filter(|prefix| is_head(prefix)).map(|prefix| prefix.as_bytes().into()));
        }
        Self(heads)
    }

    /// Does `value` begin with one of them, or like a JSON Web Token?
    pub(super) fn begin(&self, value: &[u8]) -> bool {
        let token = value.starts_with(b"eyJ") && value.contains(&b'.');
        token || (3..=value.len().min(LONGEST)).any(|length| self.0.contains(&value[..length]))
    }
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
