//! Why a candidate is no finding: what each step of the judge says where it ends.
//!
//! The scan drops it, `caulk explain` shows it; so it is cheap to make, and what takes time to find out is found out when it is asked
//! for.

use super::model::{self, features::Subject};
use super::placeholder;
use crate::blob::{Chunk, Role};
use crate::detect::Candidate;
use crate::rule::{RuleId, RuleSet};

/// Why a candidate is no finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The rule's proof says that the value is made up.
    Proof {
        /// Name of the proof.
        proof: &'static str,
        /// Why it failed.
        reason: &'static str,
    },
    /// It begins like a token with a proof and has not its shape.
    Form,
    /// A well-formed value that somebody made up as a sample.
    Sample,
    /// More of the same follows or stands before it.
    Continues,
    /// It does not look drawn by a machine, or says that it stands in for a value.
    Drawn,
    /// A digest stands there by name.
    Digest,
    /// A block that is too short or cut.
    Block,
    /// Nothing that could be a secret; [`Rejected::words`] finds out what it is.
    Closed,
    /// The model takes it for no secret.
    Model,
    /// The name is that of something else.
    Name,
    /// The name is about a secret and does not hold one.
    About,
    /// It refers to a value or stands in for one.
    StandIn,
    /// Too short.
    Short,
    /// What it looks like is no secret.
    Looks(&'static str),
    /// In files of this role such values mean nothing.
    Role(Role),
    /// It is a token of this rule that turned out to be made up.
    Token(RuleId),
    /// What this rule found on the same bytes says more.
    Lost(RuleId),
}

impl Rejected {
    /// The step of the judge that ended it, in one word.
    pub const fn step(self) -> &'static str {
        match self {
            Self::Proof { .. } | Self::Token(_) => "proof",
            Self::Form | Self::Continues | Self::Block => "shape",
            Self::Sample | Self::StandIn => "placeholder",
            Self::Drawn | Self::Short | Self::Looks(_) => "value",
            Self::Digest | Self::Name | Self::About | Self::Role(_) => "context",
            Self::Closed | Self::Model => "model",
            Self::Lost(_) => "overlap",
        }
    }

    /// Why, in words.
    pub fn words(self, rules: &RuleSet, chunk: &Chunk<'_>, candidate: &Candidate) -> String {
        match self {
            Self::Proof { proof, reason } => {
                format!("the proof {proof} fails: {reason}; so it is made up, cut or changed")
            }
            Self::Token(rule) => {
                format!("it is what `{}` looks for, and its proof failed there", rules.rule(rule).id())
            }
            Self::Lost(rule) => format!("`{}` says more about the same bytes", rules.rule(rule).id()),
            Self::Role(role) => format!("in a {} file only values with a long shape of their own count", role.word()),
            Self::Looks(what) => format!("it looks {what}"),
            Self::Closed => closed(chunk, candidate).to_owned(),
            Self::Model => model(chunk, candidate),
            Self::Form => "it begins like such a token, and the rest has not its shape".to_owned(),
            Self::Sample => "it is well formed, but repeats or counts like a sample that somebody made up".to_owned(),
            Self::Continues => {
                "more characters of its kind follow or stand before it, so it is a part of something else".to_owned()
            }
            Self::Drawn => "it looks made up or like words, not drawn by a machine".to_owned(),
            Self::Digest => "a digest stands there by its name".to_owned(),
            Self::Block => "the block is too short, or marked as left out".to_owned(),
            Self::Name => "the name says that it is something else".to_owned(),
            Self::About => "the name is about a secret, and does not hold one".to_owned(),
            Self::StandIn => "it refers to a value, or stands in for one".to_owned(),
            Self::Short => "it is too short".to_owned(),
        }
    }
}

/// What keeps a value from being asked about.
fn closed(chunk: &Chunk<'_>, candidate: &Candidate) -> &'static str {
    let value = candidate.secret.of(chunk.text);
    let readable = Subject::of(chunk, candidate).is_some_and(|subject| subject.is_readable());
    match () {
        () if !readable => "in generated files, lock files and translations names and values mean nothing",
        () if placeholder::is_reference(value) => "it refers to a value that stands elsewhere",
        () if placeholder::is_placeholder(value) => "it is a placeholder",
        () => "it is too short, or a word of the program and no value",
    }
}

fn model(chunk: &Chunk<'_>, candidate: &Candidate) -> String {
    let subject = Subject::of(chunk, candidate).filter(Subject::is_open);
    match subject.map(|subject| model::doubt(&subject)) {
        Some((percent, reasons)) if !reasons.is_empty() => {
            format!("the model takes it for a secret by {percent} % only (what counted most: {})", reasons.join(", "))
        }
        Some((percent, _)) => format!("the model takes it for a secret by {percent} % only"),
        None => "nothing speaks for a secret there".to_owned(),
    }
}
