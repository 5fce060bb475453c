//! From a rule as written to a rule that can be matched.
//!
//! [`Rule`] holds the written form, the facts of its pattern and the pattern's automaton; of a built-in rule the first and the last
//! are made on first use, so that start-up costs nothing. The only place that makes a `Regex` of a rule.

use super::facts::{self, Facts};
use super::head::{self, Head, Packed};
use super::lane;
use super::lint::{self, MatcherKind};
use super::pattern::{Pattern, Secret};
use super::syntax::{Confidence, RuleSyntax, Severity};
use super::template::{self, Random};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A rule ready to be matched.
#[derive(Debug)]
pub struct Rule {
    source: Source,
    kind: MatcherKind,
    /// Few rules of a run come to it, so the others have but room for where it is.
    pattern: OnceLock<Option<Box<Pattern>>>,
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
    /// In a rule file; with the facts of its pattern.
    Written(Box<(RuleSyntax, Option<Facts>)>),
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
        let source = Source::Written(Box::new((syntax, facts)));
        let rule = Self { source, kind, pattern: OnceLock::new(), configured };
        match rule.ready() {
            Some(Err(error)) => Err(vec![format!("the pattern does not compile: {error}")]),
            _ => Ok(rule),
        }
    }

    /// A rule of the built-in pack.
    pub(super) fn packed(rule: Packed<'static>) -> Self {
        let kind = rule.head.kind;
        let (source, configured) = (Source::Packed(Box::new(rule), OnceLock::new()), Configured::default());
        Self { source, kind, pattern: OnceLock::new(), configured }
    }

    /// The rule as written.
    pub fn syntax(&self) -> &RuleSyntax {
        match &self.source {
            Source::Written(written) => &written.0,
            Source::Packed(rule, syntax) => syntax.get_or_init(|| {
                postcard::from_bytes(rule.whole).expect("the build script wrote the rule with the same types")
            }),
        }
    }

    /// What the lanes need of it, without reading the rest.
    pub fn head(&self) -> Cow<'_, Head<'_>> {
        match &self.source {
            Source::Written(written) => Cow::Owned(Head::of(&written.0, written.1, self.kind)),
            Source::Packed(rule, _) => Cow::Borrowed(&rule.head),
        }
    }

    /// Unique name.
    pub fn id(&self) -> &str {
        match &self.source {
            Source::Written(written) => &written.0.id,
            Source::Packed(rule, _) => rule.head.id,
        }
    }

    /// Whose secrets it finds.
    pub fn provider(&self) -> &str {
        match &self.source {
            Source::Written(written) => &written.0.provider,
            Source::Packed(rule, _) => rule.head.provider,
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
            Source::Written(written) => head::is_judged(&written.0, self.kind),
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
            Source::Written(written) => written.0.extend.is_some(),
            Source::Packed(rule, _) => rule.head.extends,
        }
    }

    /// What its pattern promises.
    pub fn facts(&self) -> Option<&Facts> {
        match &self.source {
            Source::Written(written) => written.1.as_ref(),
            Source::Packed(rule, _) => rule.head.facts.as_ref(),
        }
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
            Source::Written(written) => hash.update(postcard::to_stdvec(&written.0).unwrap_or_default()),
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
        // Most of what begins like a token goes on as none does: no pattern is made ready for that.
        let fits = |facts: &Facts| {
            text.get(..facts.min_len as usize).is_some_and(|part| part.iter().all(|byte| facts.bytes.contains(*byte)))
        };
        if !self.facts().is_none_or(fits) {
            return None;
        }
        self.pattern()?.at_start(text)
    }

    /// Does the pattern, if there is one, match the whole of `value`?
    pub fn matches_whole(&self, value: &[u8]) -> bool {
        self.syntax().pattern.is_none() || self.match_at_start(value).is_some()
    }

    fn pattern(&self) -> Option<&Pattern> {
        self.pattern.get_or_init(|| self.ready()?.ok().map(Box::new)).as_deref()
    }

    /// The pattern made ready, bound to the place where a lane puts it; an error says in words why it cannot be.
    fn ready(&self) -> Option<Result<Pattern, String>> {
        let pattern = self.syntax().pattern.as_deref()?;
        let secret = if self.facts().is_some_and(|facts| facts.has_group) { Secret::Group } else { Secret::Match };
        Some(match self.kind {
            MatcherKind::Prefix | MatcherKind::StemPrefix => Pattern::new(pattern, secret),
            _ => Pattern::new(&format!("(?:{pattern})$"), secret),
        })
    }
}
