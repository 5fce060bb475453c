//! Judging: candidates in, confident findings with their evidence out.
//!
//! Shape, then proof, then value, then context; every step leaves its reason. One place decides what a placeholder is
//! ([`placeholder`]), one what a value looks like ([`value`]), one what a name says ([`name`]), one what is true offline ([`proof`]).
//! Of candidates on the same bytes one wins.

pub mod letters;
pub mod model;
pub mod name;
pub mod placeholder;
pub mod proof;
pub mod value;
mod verdict;
mod winner;

pub use verdict::known_prefix;

use crate::blob::Chunk;
use crate::detect::Candidate;
use crate::finding::{Confidence, Evidence};
use crate::rule::RuleSet;
use proof::Proof;
use std::sync::Arc;

/// A candidate that is a finding.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The candidate.
    pub candidate: Candidate,
    /// How sure we are.
    pub confidence: Confidence,
    /// What counted.
    pub evidence: Vec<Evidence>,
}

/// A rule names a proof that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule `{rule}`: there is no proof named `{proof}`; `caulk rules proofs` lists them")]
pub struct UnknownProof {
    /// The rule.
    pub rule: String,
    /// The name it gives.
    pub proof: String,
}

/// Judges the candidates of a set of rules.
#[derive(Debug)]
pub struct Judge {
    rules: Arc<RuleSet>,
    /// The proof of each rule, by rule id.
    proofs: Vec<Option<&'static Proof>>,
}

impl Judge {
    /// A judge for `rules`.
    ///
    /// # Errors
    /// A rule names a proof that does not exist.
    pub fn new(rules: &Arc<RuleSet>) -> Result<Self, UnknownProof> {
        let proof_of = |rule: &crate::rule::Rule| {
            let Some(name) = rule.syntax().proof.as_deref() else { return Ok(None) };
            let unknown = || UnknownProof { rule: rule.id().to_owned(), proof: name.to_owned() };
            proof::by_name(name).ok_or_else(unknown).map(Some)
        };
        let proofs = rules.iter().map(|(_, rule)| proof_of(rule)).collect::<Result<_, _>>()?;
        Ok(Self { rules: Arc::clone(rules), proofs })
    }

    /// The findings among `candidates` of `chunk`, by where they begin, none overlapping another.
    pub fn judge(&self, chunk: &Chunk<'_>, candidates: &[Candidate]) -> Vec<Judged> {
        let judged = candidates.iter().filter_map(|candidate| {
            let rule = self.rules.rule(candidate.rule);
            let proof = self.proofs[usize::from(candidate.rule.0)];
            verdict::judge(rule, proof, chunk, candidate)
        });
        winner::choose(&self.rules, judged.collect())
    }
}
