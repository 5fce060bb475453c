//! From a rule as written to a rule that can be matched.
//!
//! [`Rule`] holds the written form, the facts of its pattern and the pattern's automaton, which is built on first use so
//! that start-up costs nothing. The only place that makes a `Regex` of a rule.

use super::facts::{self, Facts};
use super::lint::{self, MatcherKind};
use super::syntax::{Confidence, Plausible, RuleSyntax};
use super::template::{self, Random};
use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Largest compiled size of one pattern, in bytes.
const SIZE_LIMIT: usize = 32 << 20;

/// A rule with the facts of its pattern: the form in which the built-in pack is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompactRule {
    /// As written.
    pub syntax: RuleSyntax,
    /// Facts of its pattern, if it has one.
    pub facts: Option<Facts>,
}

/// A rule ready to be matched.
#[derive(Debug)]
pub struct Rule {
    syntax: RuleSyntax,
    facts: Option<Facts>,
    kind: MatcherKind,
    regex: OnceLock<Option<Regex>>,
}

impl Rule {
    /// Checks and compiles a rule as written.
    ///
    /// # Errors
    /// Every complaint about the rule, in words.
    pub fn compile(syntax: RuleSyntax) -> Result<Self, Vec<String>> {
        let facts = syntax.pattern.as_deref().map(facts::facts).transpose().map_err(|complaint| vec![complaint])?;
        let mut complaints = lint::complaints(&syntax, facts.as_ref());
        let templates = syntax.examples.iter().chain(&syntax.counter_examples);
        let expanded = templates.filter_map(|template| template::expand(template, &mut Random::seeded(0)).err());
        complaints.extend(expanded.map(|error| error.to_string()));
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let rule = Self::from_checked(CompactRule { syntax, facts });
        match rule.anchored_pattern().map(|pattern| build(&pattern)) {
            Some(Err(error)) => Err(vec![format!("the pattern does not compile: {error}")]),
            _ => Ok(rule),
        }
    }

    /// A rule that was checked before; what no matcher fits counts as a shape and matches nothing.
    pub fn from_checked(rule: CompactRule) -> Self {
        let kind = lint::matcher_kind(&rule.syntax, rule.facts.as_ref()).unwrap_or(MatcherKind::Shape);
        Self { syntax: rule.syntax, facts: rule.facts, kind, regex: OnceLock::new() }
    }

    /// The rule as written.
    pub const fn syntax(&self) -> &RuleSyntax {
        &self.syntax
    }

    /// Unique name.
    pub fn id(&self) -> &str {
        &self.syntax.id
    }

    /// Provider and secret in one phrase, for people.
    pub fn title(&self) -> String {
        match self.syntax.provider.as_str() {
            "Generic" => self.syntax.secret.clone(),
            provider => format!("{provider} {}", self.syntax.secret),
        }
    }

    /// How its candidates are found.
    pub const fn kind(&self) -> MatcherKind {
        self.kind
    }

    /// Does the trained model judge its assignments, whatever the exact name?
    pub fn is_judged(&self) -> bool {
        self.syntax.plausible == Plausible::Model && self.kind == MatcherKind::Name && self.syntax.pattern.is_none()
    }

    /// What its pattern promises.
    pub const fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()
    }

    /// Confidence of the shape alone.
    pub fn confidence(&self) -> Confidence {
        let default = match self.kind {
            MatcherKind::Shape | MatcherKind::Name => Confidence::Medium,
            _ => Confidence::High,
        };
        if self.syntax.public { Confidence::Low } else { self.syntax.confidence.unwrap_or(default) }
    }

    /// Farthest distance of its `near` words, in bytes.
    pub fn near_distance(&self) -> usize {
        usize::from(self.syntax.max_distance.unwrap_or(super::lane::NEAR_DISTANCE))
    }

    /// The span of a match that begins at the start of `text`, and of the secret in it.
    pub fn match_at_start(&self, text: &[u8]) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
        let regex = self.regex()?;
        if self.facts.is_some_and(|facts| facts.has_group) {
            let captures = regex.captures(text)?;
            let whole = captures.get(0)?.range();
            let secret = captures.name("secret").map_or(whole.clone(), |group| group.range());
            return Some((whole, secret));
        }
        let whole = regex.find(text)?.range();
        Some((whole.clone(), whole))
    }

    /// Does the pattern, if there is one, match the whole of `value`?
    pub fn matches_whole(&self, value: &[u8]) -> bool {
        self.syntax.pattern.is_none() || self.regex().is_some_and(|regex| regex.is_match(value))
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| build(&self.anchored_pattern()?).ok()).as_ref()
    }

    /// The pattern, bound to the place where a lane puts it.
    fn anchored_pattern(&self) -> Option<String> {
        let pattern = self.syntax.pattern.as_deref()?;
        Some(match self.kind {
            MatcherKind::Prefix | MatcherKind::StemPrefix => format!("^(?:{pattern})"),
            _ => format!("^(?:{pattern})$"),
        })
    }
}

fn build(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(SIZE_LIMIT).build()
}
