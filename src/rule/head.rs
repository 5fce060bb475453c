//! The part of a rule that every run needs: what the lanes look for.
//!
//! The built-in pack keeps it apart from the rest, borrowed from the program itself, so that a start reads no rule whole;
//! the rest is read when a rule first matches. Also compiled into the build script, which writes the pack.

use super::facts::Facts;
use super::lint::MatcherKind;
use super::syntax::{FailedProof, Plausible, RuleSyntax};
use serde::{Deserialize, Serialize};

/// What the lanes need of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head<'a> {
    /// Unique id.
    pub id: &'a str,
    /// Whose secrets it finds.
    pub provider: &'a str,
    /// How its candidates are found.
    pub kind: MatcherKind,
    /// Facts of its pattern, if it has one.
    pub facts: Option<Facts>,
    /// Name of the offline check.
    pub proof: Option<&'a str>,
    /// Does a failed check mean that there is no finding?
    pub drops: bool,
    /// Does the trained model judge its assignments, whatever the exact name?
    pub judged: bool,
    /// Does a match go on to the end of its run?
    pub extends: bool,
    /// Farthest distance of its `near` words, in bytes, if it says one.
    pub max_distance: Option<u16>,
    /// See [`RuleSyntax`].
    #[serde(borrow)]
    pub prefixes: Vec<&'a str>,
    /// See [`RuleSyntax`].
    pub near: Vec<&'a str>,
    /// See [`RuleSyntax`].
    pub names: Vec<&'a str>,
    /// See [`RuleSyntax`].
    pub schemes: Vec<&'a str>,
    /// See [`RuleSyntax`].
    pub labels: Vec<&'a str>,
}

impl<'a> Head<'a> {
    /// The head of `syntax`.
    pub fn of(syntax: &'a RuleSyntax, facts: Option<Facts>, kind: MatcherKind) -> Self {
        Self {
            id: &syntax.id,
            provider: &syntax.provider,
            kind,
            facts,
            proof: syntax.proof.as_deref(),
            drops: syntax.failed_proof == FailedProof::Drop,
            judged: is_judged(syntax, kind),
            extends: syntax.extend.is_some(),
            max_distance: syntax.max_distance,
            prefixes: texts(&syntax.prefixes),
            near: texts(&syntax.near),
            names: texts(&syntax.names),
            schemes: texts(&syntax.schemes),
            labels: texts(&syntax.labels),
        }
    }
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// A built-in rule in the pack: its head, and the whole of it as it is read on first use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Packed<'a> {
    /// What every run needs.
    #[serde(borrow)]
    pub head: Head<'a>,
    /// The rule as written.
    pub whole: &'a [u8],
}

/// Does the trained model judge the assignments of a rule, whatever the exact name?
pub(super) fn is_judged(syntax: &RuleSyntax, kind: MatcherKind) -> bool {
    syntax.plausible == Plausible::Model && kind == MatcherKind::Name && syntax.pattern.is_none()
}
