//! Pairs: a secret and the id that belongs to it are one finding.
//!
//! Takes the winners of a chunk, gives them with each id folded into the nearest secret whose rule names the id's rule in its
//! `pair`. An id that stands alone stays a finding of its own, at its own confidence.

use super::Judged;
use crate::detect::Found;
use crate::finding::{Confidence, Evidence};
use crate::rule::{RuleId, RuleSet};
use crate::span::Span;

/// How far apart the two may stand, in bytes: a few lines.
const DISTANCE: usize = 400;

/// Links what belongs together; `judged` is in order and none overlaps another.
pub(super) fn link(rules: &RuleSet, mut judged: Vec<Judged>) -> Vec<Judged> {
    if judged.len() < 2 {
        return judged;
    }
    let mut folded = vec![false; judged.len()];
    for at in 0..judged.len() {
        let wanted = &rules.rule(judged[at].candidate.rule).syntax().pair;
        if wanted.is_empty() || judged[at].candidate.secret.is_empty() {
            continue;
        }
        let wanted: Vec<RuleId> = wanted.iter().filter_map(|id| rules.by_name(id)).collect();
        let Some(with) = nearest(&judged, at, &wanted) else { continue };
        folded[with] = true;
        let part = judged[with].candidate;
        let facts: Vec<Evidence> =
            judged[with].evidence.iter().filter(|one| matches!(one, Evidence::Fact { .. })).cloned().collect();
        let secret = &mut judged[at];
        secret.evidence.push(Evidence::Pair { with: rules.rule(part.rule).title() });
        secret.evidence.extend(facts);
        secret.parts.push(part);
        // The two together are no chance, where the id has a mark of its own.
        if matches!(part.found, Found::Prefix { .. }) && secret.confidence == Confidence::Medium {
            secret.confidence = Confidence::High;
        }
    }
    let mut folded = folded.into_iter();
    judged.retain(|_| !folded.next().unwrap_or(false));
    judged
}

/// The place of the nearest finding of one of the `wanted` rules.
fn nearest(judged: &[Judged], at: usize, wanted: &[RuleId]) -> Option<usize> {
    let own = judged[at].candidate.secret;
    let gap = |other: Span| other.start.saturating_sub(own.end).max(own.start.saturating_sub(other.end));
    let close = |place: &usize| gap(judged[*place].candidate.secret) <= DISTANCE;
    let before = (0..at).rev().take_while(close);
    let behind = (at + 1..judged.len()).take_while(close);
    let fits = |place: &usize| wanted.contains(&judged[*place].candidate.rule);
    before.chain(behind).filter(fits).min_by_key(|place| gap(judged[*place].candidate.secret))
}
