//! What is wrong with rules beside each other: the same thing twice, overlaps that no one decides, ids that do not exist.

use super::compile::Rule;
use super::set::RuleSet;
use std::collections::HashMap;

/// All complaints about the rules of `set` as a whole, each naming the rules concerned; empty if there are none.
pub fn complaints(set: &RuleSet) -> Vec<String> {
    let mut found = Vec::new();
    let mut by_shape: HashMap<(&str, &[String]), Vec<&Rule>> = HashMap::new();
    for (_, rule) in set.iter() {
        let syntax = rule.syntax();
        for (key, ids) in [("beats", &syntax.beats), ("pair", &syntax.pair)] {
            let unknown = ids.iter().filter(|id| set.by_name(id).is_none());
            found.extend(unknown.map(|id| format!("rule `{}`: `{key}` names `{id}`, which is no rule", rule.id())));
        }
        if let Some(pattern) = syntax.pattern.as_deref() {
            let same = by_shape.entry((pattern, &syntax.near)).or_default();
            found.extend(same.iter().filter_map(|other| overlap(other, rule)));
            same.push(rule);
        }
    }
    found
}

/// What two rules with the same pattern and the same condition have to settle.
fn overlap(one: &Rule, two: &Rule) -> Option<String> {
    let (first, second) = (one.syntax(), two.syntax());
    let share = |left: &[String], right: &[String]| left.iter().any(|text| right.contains(text));
    let meet = if one.kind() == two.kind() {
        first.prefixes == second.prefixes && first.names == second.names
            || share(&first.prefixes, &second.prefixes)
            || share(&first.names, &second.names)
    } else {
        false
    };
    let settled = first.beats.contains(&second.id) || second.beats.contains(&first.id);
    // The same provider's rules are told apart for people; whichever wins says where to revoke.
    (meet && !settled && first.provider != second.provider)
        .then(|| format!("rules `{}` and `{}` match the same and neither `beats` the other", first.id, second.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSyntax;

    fn rule(id: &str, provider: &str, more: &str) -> Rule {
        let text = format!(
            "id = \"{id}\"\nprovider = \"{provider}\"\nsecret = \"key\"\nseverity = \"high\"\npattern = 'acme_[0-9a-f]{{32}}'\n\
             prefixes = [\"acme_\"]\nexamples = [\"acme_{{hex:32}}\"]\nrevoke = \"https://acme.example\"\n{more}"
        );
        let syntax: RuleSyntax = toml::from_str(&text).expect("a rule");
        Rule::compile(syntax).expect("a good rule")
    }

    fn of(rules: [Rule; 2]) -> Vec<String> {
        let mut set = RuleSet::empty();
        rules.into_iter().for_each(|rule| set.put(rule));
        complaints(&set)
    }

    #[test]
    fn the_same_thing_of_two_providers_needs_a_winner() {
        assert_eq!(of([rule("acme-a", "Acme", ""), rule("other-a", "Other", "")]).len(), 1);
        assert!(of([rule("acme-a", "Acme", ""), rule("other-a", "Other", "beats = [\"acme-a\"]")]).is_empty());
    }

    #[test]
    fn ids_that_do_not_exist_are_named() {
        let found =
            of([rule("acme-a", "Acme", "pair = [\"acme-id\"]"), rule("acme-b", "Acme", "beats = [\"acme-a\"]")]);
        assert_eq!(found, ["rule `acme-a`: `pair` names `acme-id`, which is no rule"]);
    }
}
