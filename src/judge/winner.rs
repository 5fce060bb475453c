//! One finding per place: of judged candidates that share bytes, the most specific wins.

use super::Judged;
use super::proof::STAND_IN;
use super::rejected::Rejected;
use crate::detect::{Candidate, Found};
use crate::finding::{Confidence, Evidence};
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// From the beginning of a provider's name to the value: the rest of an identifier and an operator at most, in bytes.
const CLOSE: usize = 32;

/// The winners, by where their secrets begin; `lost` is told of the others, each with the rule that it gives way to.
pub(super) fn choose(
    rules: &RuleSet,
    mut judged: Vec<Judged>,
    lost: &mut impl FnMut(&Judged, Rejected),
) -> Vec<Judged> {
    if judged.len() < 2 {
        return judged;
    }
    judged.sort_by_key(|one| (one.candidate.secret.start, one.candidate.secret.end, one.candidate.rule));
    drop_beaten(rules, &mut judged, lost);
    drop_parts(rules, &mut judged, lost);
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by_cached_key(|&at| Reverse((rank(rules, &judged[at]), Reverse(at))));
    // Of each winner the end, and its place.
    let mut taken: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut wins = vec![false; judged.len()];
    for at in order {
        let span = judged[at].candidate.secret;
        // Winners do not overlap, so only the last one that begins before the end of this span can.
        let last = taken
            .range(..span.end.max(span.start + 1))
            .next_back()
            .map(|(&start, &(end, winner))| (start, end, winner));
        match last {
            Some((start, end, winner)) if end > span.start => {
                if (start, end) == (span.start, span.end) {
                    support(rules, &mut judged, winner, at);
                }
                lost(&judged[at], Rejected::Lost(judged[winner].candidate.rule));
            }
            _ => {
                taken.insert(span.start, (span.end, at));
                wins[at] = true;
            }
        }
    }
    let mut wins = wins.into_iter();
    judged.retain(|_| wins.next().unwrap_or(true));
    judged
}

/// A rule that knows what the secret is keeps it, and is at least as sure as the model is of the value.
fn support(rules: &RuleSet, judged: &mut [Judged], winner: usize, other: usize) {
    let public = rules.rule(judged[winner].candidate.rule).syntax().public;
    // What only begins like a token and has not its shape is no surer for looking like one.
    let marked = matches!(judged[winner].candidate.found, Found::Marked { .. });
    let stands_in = |one: &Evidence| matches!(one, Evidence::Fact { value, .. } if value == STAND_IN);
    let useless = judged[winner].evidence.iter().any(stands_in);
    let judges = rules.rule(judged[other].candidate.rule).is_judged();
    if !public && !marked && !useless && judges && judged[other].confidence > judged[winner].confidence {
        judged[winner].confidence = judged[other].confidence;
        let evidence = judged[other].evidence.iter().filter(|one| matches!(one, Evidence::Model { .. })).cloned();
        let evidence: Vec<Evidence> = evidence.collect();
        judged[winner].evidence.extend(evidence);
    }
}

/// Takes out what a rule on the same bytes says that it beats.
fn drop_beaten(rules: &RuleSet, judged: &mut Vec<Judged>, lost: &mut impl FnMut(&Judged, Rejected)) {
    let mut losers: Vec<(Span, RuleId, Vec<RuleId>)> = Vec::new();
    for one in judged.iter() {
        let beats = &rules.rule(one.candidate.rule).syntax().beats;
        if !beats.is_empty() && !is_made_up(one) {
            losers.push((
                one.candidate.secret,
                one.candidate.rule,
                beats.iter().filter_map(|id| rules.by_name(id)).collect(),
            ));
        }
    }
    if !losers.is_empty() {
        judged.retain(|one| {
            let Candidate { rule, secret, .. } = one.candidate;
            // Sorted by where they begin: what begins behind this secret cannot share bytes with it.
            let before = losers.partition_point(|(span, ..)| span.start < secret.end);
            let mut near = losers[..before].iter().rev().take(64);
            let by = near.find(|(span, _, ids)| span.overlaps(secret) && ids.contains(&rule));
            by.iter().for_each(|(_, winner, _)| lost(one, Rejected::Lost(*winner)));
            by.is_none()
        });
    }
}

/// Takes out what the model sees in a part of something that a rule knows as a whole: the key in the URL of a webhook.
fn drop_parts(rules: &RuleSet, judged: &mut Vec<Judged>, lost: &mut impl FnMut(&Judged, Rejected)) {
    let mut wholes: Vec<(Span, Span, RuleId)> = judged
        .iter()
        .map(|one| one.candidate)
        .filter(|one| one.matched != one.secret && !is_general(rules, one.rule))
        .map(|one| (one.matched, one.secret, one.rule))
        .collect();
    wholes.sort_unstable();
    if !wholes.is_empty() {
        judged.retain(|one| {
            let Candidate { rule, secret, .. } = one.candidate;
            if !is_general(rules, rule) {
                return true;
            }
            let before = wholes.partition_point(|(whole, ..)| whole.start < secret.end);
            let inside = |(whole, known, _): &&(Span, Span, RuleId)| whole.overlaps(secret) && *known != secret;
            let by = wholes[..before].iter().rev().take(64).find(inside);
            by.iter().for_each(|(.., winner)| lost(one, Rejected::Lost(*winner)));
            by.is_none()
        });
    }
}

/// Has it the shape alone, and was put together by somebody?
fn is_made_up(judged: &Judged) -> bool {
    judged.evidence.contains(&Evidence::MadeUp)
}

/// Does the word stand so close to the value that both are hardly parts of different things?
fn is_close(judged: &Judged) -> bool {
    matches!(judged.candidate.found, Found::Shape { distance } if distance <= CLOSE)
}

/// Does the rule look at values without knowing what they are?
fn is_general(rules: &RuleSet, rule: RuleId) -> bool {
    rules.rule(rule).is_judged() || rules.rule(rule).is_hint()
}

/// What makes a candidate win, most important first: a checksum, kind of matcher, length of the name, confidence, length of the
/// match, a condition, a word that stands near.
fn rank(rules: &RuleSet, judged: &Judged) -> (bool, u8, usize, Confidence, usize, bool, Reverse<usize>) {
    let rule = rules.rule(judged.candidate.rule);
    let kind = match rule.kind() {
        MatcherKind::Anywhere => 0,
        // What stands in Base64 is said better by a rule that knows it as it is written.
        _ if judged.candidate.found == Found::Decoded => 2,
        // The mark alone is worth more than a general name, and less than all that fits.
        _ if matches!(judged.candidate.found, Found::Marked { .. }) || is_made_up(judged) => 2,
        MatcherKind::Armor => 7,
        MatcherKind::Prefix | MatcherKind::StemPrefix => 6,
        MatcherKind::Url => 5,
        // What a word of the language stands in front of says less than the name of a secret, unless it is a part of that name.
        MatcherKind::Shape if judged.confidence == Confidence::Low && !is_close(judged) => 1,
        MatcherKind::Shape => 4,
        MatcherKind::Name if rule.syntax().pattern.is_some() => 4,
        MatcherKind::Name if rule.provider() != "Generic" => 2,
        MatcherKind::Name => 1,
    };
    let letters = if let Found::Assignment { letters, .. } = judged.candidate.found { letters } else { 0 };
    let certain = judged.confidence == Confidence::Certain;
    let distance = if let Found::Shape { distance } = judged.candidate.found { distance } else { 0 };
    let length = judged.candidate.matched.len();
    (certain, kind, letters, judged.confidence, length, !rule.syntax().near.is_empty(), Reverse(distance))
}
