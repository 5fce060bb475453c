//! The token lane: provider prefixes and shapes inside long runs.
//!
//! Finds runs with [`runs`], searches them and the few bytes in front of them for the prefixes of all rules, and lets the
//! rules with a hit match from there. What has no prefix goes to [`Shapes`].

use super::prefixes::{Prefixes, TIERS};
use super::runs::Letters;
use super::shapes::{Named, Shapes};
use super::{Candidate, Focus, Found, Scratch, boundary, encoded, escapes, is_wide_at, near, runs};
use crate::rule::lane::{LOOKBACK, MARKED_BODY, MAX_SPAN, is_mark, is_token_byte};
use crate::rule::{Extend, Rule, RuleId, RuleSet};
use crate::span::Span;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How far in front of a run bytes stand that decide about a token in it: it may begin before the run, and what stands before it counts.
const BEFORE_TOKEN: usize = LOOKBACK + boundary::REACH;

/// Most bytes behind a mark that are taken for its token.
const MAX_MARKED: usize = 256;

#[derive(Debug)]
pub(super) struct TokenLane {
    rules: Arc<RuleSet>,
    prefixes: [OnceLock<Prefixes>; TIERS],
    shapes: OnceLock<Shapes>,
}

impl TokenLane {
    pub(super) fn new(rules: &Arc<RuleSet>) -> Self {
        Self { rules: Arc::clone(rules), prefixes: std::array::from_fn(|_| OnceLock::new()), shapes: OnceLock::new() }
    }

    pub(super) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    #[inline(always)]
    pub(super) fn detect(&self, text: &[u8], focus: Focus<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        let Scratch { classes, runs, wide, encoded, .. } = scratch;
        encoded.clear();
        runs::find(self.part(text, focus), classes, runs);
        let letters = Letters::of(classes);
        let shapes = self.shapes();
        let (mut searched, mut named) = ([0; TIERS], Named::default());
        let mut focus_at = focus.in_order();
        for &run in runs.iter() {
            let gaps = focus_at.gaps(run);
            if gaps.hold(1, || 1) {
                encoded::find(text, run, encoded);
            }
            let near = |tier: &usize| {
                let prefixes = self.prefixes(*tier);
                gaps.hold(BEFORE_TOKEN + prefixes.distance, || prefixes.reach(text, run))
            };
            if let Some(tier) = (0..TIERS).find(near) {
                let from = searched[tier];
                searched[tier] = self.prefixes(tier).find(text, run, letters, from, |at, rule, literal| {
                    *wide |= is_wide_at(self.rules.rule(rule), text, at);
                    out.extend(match_at(&self.rules, rule, text, at, literal));
                });
            }
            if gaps.hold(shapes.before, || 1) {
                shapes.find(text, run, letters, &mut named, out);
            }
        }
    }

    /// The part of `text` behind which no run is in `focus`, and no escape.
    fn part<'t>(&self, text: &'t [u8], focus: Focus<'_>) -> &'t [u8] {
        if !focus.is_narrow() {
            return text;
        }
        let before = self.shapes().before.max(BEFORE_TOKEN + self.prefixes(0).farthest).max(escapes::REACH);
        let (part, rest) = text.split_at(focus.reach(text.len(), before));
        let more = rest.iter().take_while(|byte| is_token_byte(**byte)).count();
        &text[..part.len() + more]
    }

    /// Makes what every text needs.
    pub(super) fn make_ready(&self) {
        self.prefixes(0);
        self.shapes();
    }

    /// The prefixes of this tier and all behind it.
    fn prefixes(&self, tier: usize) -> &Prefixes {
        self.prefixes[tier].get_or_init(|| Prefixes::new(&self.rules, tier))
    }

    fn shapes(&self) -> &Shapes {
        self.shapes.get_or_init(|| Shapes::new(&self.rules))
    }

    /// See [`super::Detector::tries`].
    pub(super) fn tries(&self, text: &[u8], scratch: &mut Scratch, mut visit: impl FnMut(RuleId, Duration)) {
        let Scratch { classes, runs, .. } = scratch;
        runs::find(text, classes, runs);
        let (mut searched, letters) = (0, Letters::of(classes));
        for &run in runs.iter() {
            searched = self.prefixes(0).find(text, run, letters, searched, |at, rule, literal| {
                let begun = Instant::now();
                std::hint::black_box(match_at(&self.rules, rule, text, at, literal));
                visit(rule, begun.elapsed());
            });
        }
    }
}

/// The candidate of `rule` that begins at `at` with one of its prefixes.
pub(super) fn match_at(rules: &RuleSet, id: RuleId, text: &[u8], at: usize, literal: usize) -> Option<Candidate> {
    let rule = rules.rule(id);
    let exact = exact_at(rule, id, text, at, literal);
    if exact.is_some_and(|candidate| candidate.bounded) {
        return exact;
    }
    exact.or_else(|| marked_at(rule, id, text, at, literal))
}

/// The candidate of `rule` at `at` that has all of its shape.
fn exact_at(rule: &Rule, id: RuleId, text: &[u8], at: usize, literal: usize) -> Option<Candidate> {
    let can_prove = boundary::can_prove(rule);
    if !can_prove && boundary::continued_left(text, at) {
        return None;
    }
    let longest = rule.facts().map_or(MAX_SPAN, |facts| facts.max_len as usize);
    let window = &text[at..text.len().min(at + longest)];
    let (matched, secret) = rule.match_at_start(window)?;
    let mut matched = Span::new(at + matched.start, at + matched.end);
    let mut secret = Span::new(at + secret.start, at + secret.end);
    let mut bounded = boundary::is_bounded(text, matched, rule.facts());
    if rule.syntax().extend == Some(Extend::Run) {
        let rest = text[matched.end..text.len().min(at + MAX_SPAN)].iter().take_while(|byte| is_token_byte(**byte));
        matched.end += rest.count();
        secret.end = matched.end;
        bounded = !boundary::continued_left(text, at);
    }
    let wanted = (bounded || can_prove) && near_holds(rule, text, matched);
    wanted.then_some(Candidate { rule: id, matched, secret, found: Found::Prefix { literal }, bounded })
}

/// What begins with a mark of `rule` and has not its shape: cut short, too long, or with characters that do not belong.
fn marked_at(rule: &Rule, id: RuleId, text: &[u8], at: usize, literal: usize) -> Option<Candidate> {
    let marks = || std::str::from_utf8(&text[at..at + literal]).is_ok_and(is_mark);
    if boundary::continued_left(text, at) || !marks() {
        return None;
    }
    let body = &text[at + literal..text.len().min(at + literal + MAX_MARKED)];
    let length = body.iter().take_while(|byte| is_token_byte(**byte) || **byte == b'.').count();
    let span = Span::new(at, at + literal + body[..length].trim_ascii_end().len());
    let found = Found::Marked { literal };
    let marked = length >= MARKED_BODY && rule.syntax().near.is_empty() && !rule.syntax().public;
    marked.then_some(Candidate { rule: id, matched: span, secret: span, found, bounded: true })
}

/// Does the rule's `near` condition, if it has one, hold around `matched`?
pub(super) fn near_holds(rule: &Rule, text: &[u8], matched: Span) -> bool {
    let words = &rule.syntax().near;
    if words.is_empty() {
        return true;
    }
    let distance = rule.near_distance();
    let window = matched.start.saturating_sub(distance)..text.len().min(matched.end + distance);
    near::holds_word(&text[window], words.iter().map(String::as_str))
}
