//! From a rule as written to a rule that can be matched.
//!
//! [`Rule`] holds the written form, the facts of its pattern and the pattern's automaton; of a built-in rule the first and the last
//! are made on first use, so that start-up costs nothing. The only place that makes a `Regex` of a rule.

use super::facts::{self, Facts};
use super::head::{self, Head, Packed};
use super::lane;
use super::lint::{self, MatcherKind};
use super::syntax::{Confidence, RuleSyntax, Severity};
use super::template::{self, Random};
use regex::bytes::{Regex, RegexBuilder};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Largest compiled size of one pattern, in bytes.
const SIZE_LIMIT: usize = 32 << 20;

/// A rule ready to be matched.
#[derive(Debug)]
pub struct Rule {
    source: Source,
    kind: MatcherKind,
    facts: Option<Facts>,
    regex: OnceLock<Option<Regex>>,
    /// What a configuration says in place of the rule.
    configured: Configured,
}

/// What a configuration can say about a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Configured {
    severity: Option<Severity>,
    confidence: Option<Confidence>,
}

/// Where a rule's words stand.
#[derive(Debug)]
enum Source {
    /// In a rule file.
    Written(Box<RuleSyntax>),
    /// In the built-in pack; read when the rule first matches.
    Packed(Box<Packed<'static>>, OnceLock<Box<RuleSyntax>>),
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
        // What no matcher fits has complaints.
        let kind = lint::matcher_kind(&syntax, facts.as_ref()).unwrap_or(MatcherKind::Shape);
        let configured = Configured::default();
        let rule = Self { source: Source::Written(Box::new(syntax)), kind, facts, regex: OnceLock::new(), configured };
        match rule.anchored_pattern().map(|pattern| build(&pattern)) {
            Some(Err(error)) => Err(vec![format!("the pattern does not compile: {error}")]),
            _ => Ok(rule),
        }
    }

    /// A rule of the built-in pack.
    pub(super) fn packed(rule: Packed<'static>) -> Self {
        let (kind, facts) = (rule.head.kind, rule.head.facts);
        let (source, configured) = (Source::Packed(Box::new(rule), OnceLock::new()), Configured::default());
        Self { source, kind, facts, regex: OnceLock::new(), configured }
    }

    /// The rule as written.
    pub fn syntax(&self) -> &RuleSyntax {
        match &self.source {
            Source::Written(syntax) => syntax,
            Source::Packed(rule, syntax) => syntax.get_or_init(|| {
                postcard::from_bytes(rule.whole).expect("the build script wrote the rule with the same types")
            }),
        }
    }

    /// What the lanes need of it, without reading the rest.
    pub fn head(&self) -> Cow<'_, Head<'_>> {
        match &self.source {
            Source::Written(syntax) => Cow::Owned(Head::of(syntax, self.facts, self.kind)),
            Source::Packed(rule, _) => Cow::Borrowed(&rule.head),
        }
    }

    /// Unique name.
    pub fn id(&self) -> &str {
        match &self.source {
            Source::Written(syntax) => &syntax.id,
            Source::Packed(rule, _) => rule.head.id,
        }
    }

    /// Provider and secret in one phrase, for people.
    pub fn title(&self) -> String {
        let syntax = self.syntax();
        match syntax.provider.as_str() {
            "Generic" => syntax.secret.clone(),
            provider => format!("{provider} {}", syntax.secret),
        }
    }

    /// How its candidates are found.
    pub const fn kind(&self) -> MatcherKind {
        self.kind
    }

    /// Does the trained model judge its assignments, whatever the exact name?
    pub fn is_judged(&self) -> bool {
        match &self.source {
            Source::Written(syntax) => head::is_judged(syntax, self.kind),
            Source::Packed(rule, _) => rule.head.judged,
        }
    }

    /// Is it but a hint, from what a value looks like?
    pub fn is_hint(&self) -> bool {
        self.kind == MatcherKind::Anywhere
    }

    /// Could a finding of it be reported from `least` on? Only of hints is that known beforehand.
    pub fn can_reach(&self, least: Confidence) -> bool {
        !self.is_hint() || self.fixed_confidence().unwrap_or(Confidence::Low) >= least
    }

    /// Does a match go on to the end of its run?
    pub fn extends(&self) -> bool {
        match &self.source {
            Source::Written(syntax) => syntax.extend.is_some(),
            Source::Packed(rule, _) => rule.head.extends,
        }
    }

    /// What its pattern promises.
    pub const fn facts(&self) -> Option<&Facts> {
        self.facts.as_ref()
    }

    /// Is `literal` one of its prefixes that say by themselves whose token they begin?
    pub fn marks(&self, literal: &[u8]) -> bool {
        self.syntax().prefixes.iter().any(|prefix| prefix.as_bytes() == literal && lane::is_mark(prefix))
    }

    /// Confidence of the shape alone.
    pub fn confidence(&self) -> Confidence {
        let default = match self.kind {
            MatcherKind::Shape | MatcherKind::Name => Confidence::Medium,
            _ => Confidence::High,
        };
        if self.syntax().public { Confidence::Low } else { self.syntax().confidence.unwrap_or(default) }
    }

    /// The harm of what it finds.
    pub fn severity(&self) -> Severity {
        let own = if self.syntax().public { Severity::Info } else { self.syntax().severity };
        self.configured.severity.unwrap_or(own)
    }

    /// How sure its findings are whatever speaks for them, if a configuration says so.
    pub const fn fixed_confidence(&self) -> Option<Confidence> {
        self.configured.confidence
    }

    /// Has its findings do this harm.
    pub const fn set_severity(&mut self, severity: Severity) {
        self.configured.severity = Some(severity);
    }

    /// Has its findings be this sure.
    pub const fn set_confidence(&mut self, confidence: Confidence) {
        self.configured.confidence = Some(confidence);
    }

    /// Adds everything that it says to `hash`; a rule of the pack is hashed as it lies there, since reading it takes time.
    pub(super) fn digest(&self, hash: &mut Sha256) {
        match &self.source {
            Source::Written(syntax) => hash.update(postcard::to_stdvec(syntax).unwrap_or_default()),
            Source::Packed(rule, _) => hash.update(rule.whole),
        }
        let Configured { severity, confidence } = self.configured;
        if severity.is_some() || confidence.is_some() {
            hash.update(postcard::to_stdvec(&(severity, confidence)).unwrap_or_default());
        }
    }

    /// Farthest distance of its `near` words, in bytes.
    pub fn near_distance(&self) -> usize {
        usize::from(self.head().max_distance.unwrap_or(lane::NEAR_DISTANCE))
    }

    /// How far from a match bytes can stand that decide whether a `near` word stands there; 0 if it asks for none.
    pub fn word_distance(&self) -> usize {
        // The letters beside a word decide whether it is one.
        if self.head().near.is_empty() { 0 } else { self.near_distance() + 2 }
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
        self.syntax().pattern.is_none() || self.regex().is_some_and(|regex| regex.is_match(value))
    }

    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| build(&self.anchored_pattern()?).ok()).as_ref()
    }

    /// The pattern, bound to the place where a lane puts it.
    fn anchored_pattern(&self) -> Option<String> {
        let pattern = self.syntax().pattern.as_deref()?;
        Some(match self.kind {
            MatcherKind::Prefix | MatcherKind::StemPrefix => format!("^(?:{pattern})"),
            _ => format!("^(?:{pattern})$"),
        })
    }
}

fn build(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(SIZE_LIMIT).build()
}
