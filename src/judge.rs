//! Judging: candidates in, confident findings with their evidence out.
//!
//! Shape, then proof, then value, then context; every step leaves its reason. One place decides what a placeholder is
//! ([`placeholder`]), one what a value looks like ([`value`]), one what a name says ([`name`]), one what is true offline ([`proof`]).
//! Of candidates on the same bytes one wins.

mod aside;
mod digest;
mod drawn;
mod heads;
pub mod letters;
mod line;
mod misses;
pub mod model;
pub mod name;
mod pair;
pub mod placeholder;
pub mod proof;
mod public_key;
mod rejected;
mod sure;
pub mod value;
mod verdict;
mod winner;

pub use rejected::Rejected;
pub(crate) use verdict::found_evidence;
pub use verdict::known_prefix;

use crate::blob::Chunk;
use crate::detect::{Candidate, Found, identifier};
use crate::finding::{Confidence, Evidence};
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use heads::Heads;
use misses::Misses;
use proof::{Proof, Strength};
use std::sync::{Arc, OnceLock};
use value::Look;
use verdict::Verdict;

/// A candidate that is a finding.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The candidate.
    pub candidate: Candidate,
    /// How sure we are.
    pub confidence: Confidence,
    /// What counted.
    pub evidence: Vec<Evidence>,
    /// The ids that belong to it.
    pub parts: Vec<Candidate>,
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
    heads: OnceLock<Heads>,
    misses: OnceLock<Misses>,
}

impl Judged {
    /// The best of what was found in a text that stands in Base64 at `span`, as a finding there.
    pub fn decoded(found: Vec<Self>, span: Span) -> Option<Self> {
        let told = found.into_iter().filter(|one| one.confidence >= Confidence::Medium);
        let best = told.max_by_key(|one| one.confidence)?;
        let candidate =
            Candidate { matched: span, secret: span, found: Found::Decoded, bounded: true, ..best.candidate };
        let evidence = std::iter::once(Evidence::Encoded).chain(best.evidence).collect();
        // Its parts stand in the text that was decoded.
        Some(Self { candidate, evidence, parts: Vec::new(), ..best })
    }
}

impl Judge {
    /// A judge for `rules`.
    ///
    /// # Errors
    /// A rule names a proof that does not exist.
    pub fn new(rules: &Arc<RuleSet>) -> Result<Self, UnknownProof> {
        let proof_of = |rule: &crate::rule::Rule| {
            let head = rule.head();
            let Some(name) = head.proof else { return Ok(None) };
            let unknown = || UnknownProof { rule: rule.id().to_owned(), proof: name.to_owned() };
            proof::by_name(name).ok_or_else(unknown).map(Some)
        };
        let proofs = rules.iter().map(|(_, rule)| proof_of(rule)).collect::<Result<_, _>>()?;
        Ok(Self { rules: Arc::clone(rules), proofs, heads: OnceLock::new(), misses: OnceLock::new() })
    }

    /// The findings among `candidates` of `chunk` and those that were `decoded` from it, by where they begin, none overlapping
    /// another.
    pub fn judge(&self, chunk: &Chunk<'_>, candidates: &[Candidate], decoded: Vec<Judged>) -> Vec<Judged> {
        self.sift(chunk, candidates, decoded, |_, _, _| {})
    }

    /// The same; `dropped` is told of every candidate that is no finding, why not, and what had counted until then.
    pub(crate) fn sift(
        &self,
        chunk: &Chunk<'_>,
        candidates: &[Candidate],
        decoded: Vec<Judged>,
        mut dropped: impl FnMut(&Candidate, Rejected, &[Evidence]),
    ) -> Vec<Judged> {
        let (mut judged, mut made_up) = (decoded, Vec::new());
        for candidate in candidates {
            let rule = self.rules.rule(candidate.rule);
            let proof = self.proofs[usize::from(candidate.rule.0)];
            match verdict::judge(rule, proof, chunk, candidate) {
                Verdict::Finding(mut finding) => {
                    self.doubt(chunk, &mut finding);
                    judged.push(finding);
                }
                Verdict::MadeUp(why, evidence) => {
                    made_up.push((candidate.secret, candidate.rule));
                    dropped(candidate, why, &evidence);
                }
                Verdict::Nothing(why, evidence) => dropped(candidate, why, &evidence),
            }
        }
        if !made_up.is_empty() {
            made_up.sort_unstable();
            let general = |rule| self.rules.rule(rule).provider() == "Generic";
            // What does not parse may be a secret of another kind, what fails a checksum is none.
            let checksum = |rule: RuleId| {
                self.proofs[usize::from(rule.0)].is_some_and(|proof| proof.strength == Strength::Checksum)
            };
            judged.retain(|one| {
                let Candidate { rule, secret, .. } = one.candidate;
                // What begins behind this secret cannot share bytes with it, nor what ends long before.
                let before = made_up.partition_point(|(span, _)| span.start < secret.end);
                let by = made_up[..before].iter().rev().take(64).find(|(span, _)| span.overlaps(secret));
                let hint = self.rules.rule(rule).is_hint();
                let by = by.filter(|(_, token)| general(rule) && (!hint || checksum(*token)));
                by.iter().for_each(|(_, token)| dropped(&one.candidate, Rejected::Token(*token), &one.evidence));
                by.is_none()
            });
        }
        let mut lost = |one: &Judged, why: Rejected| dropped(&one.candidate, why, &one.evidence);
        let mut judged = pair::link(&self.rules, winner::choose(&self.rules, judged, &mut lost));
        for one in &mut judged {
            // Whoever configured it knows better than everything that speaks for it.
            one.confidence = self.rules.rule(one.candidate.rule).fixed_confidence().unwrap_or(one.confidence);
        }
        judged
    }

    /// A general rule says little of what begins like a token whose own rule does not know it, nearly has the shape of one, or is an
    /// address.
    fn doubt(&self, chunk: &Chunk<'_>, one: &mut Judged) {
        let rule = self.rules.rule(one.candidate.rule);
        let general = rule.is_judged() || rule.kind() == MatcherKind::Name && rule.syntax().pattern.is_none();
        // A match that is only a part of what stands there says as little.
        let token =
            matches!(one.candidate.found, Found::Prefix { .. } | Found::Shape { .. } | Found::Assignment { .. });
        let unsure = one.confidence > Confidence::Low && one.confidence < Confidence::Certain;
        if token && unsure && !rule.is_judged() && Misses::goes_on(chunk, one.candidate.matched) {
            one.confidence = Confidence::Low;
            one.evidence.push(Evidence::Misshapen);
        }
        let Found::Assignment { name, .. } = one.candidate.found else { return };
        if !general || one.confidence <= Confidence::Low {
            return;
        }
        let value = one.candidate.secret.of(chunk.text);
        let heads = self.heads.get_or_init(|| Heads::of(&self.rules));
        let misses = || self.misses.get_or_init(|| Misses::of(&self.rules));
        let chosen = || name::is_password(&identifier::words(name.of(chunk.text)));
        let doubt = match () {
            () if heads.begin(value) => Evidence::Marked,
            () if chosen() => return,
            () if Misses::is_mutated(value) || Misses::is_unsound(value) => Evidence::Misshapen,
            () if !heads::is_joined(value) && misses().hold(&self.rules, chunk, &one.candidate) => Evidence::Misshapen,
            () if value.contains(&b'@') && value::look(value) == Look::Path => Evidence::Looks(Look::Path.word()),
            () => return,
        };
        one.confidence = Confidence::Low;
        one.evidence.push(doubt);
    }
}
