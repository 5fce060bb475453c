//! The token lane: provider prefixes and shapes inside long runs.
//!
//! Finds runs with [`runs`], searches them and the few bytes in front of them for the prefixes of all rules, and lets the
//! rules with a hit match from there. What has no prefix goes to [`Shapes`].

use super::shapes::Shapes;
use super::{Candidate, Found, boundary, near, runs};
use crate::rule::lane::{LOOKBACK, MAX_SPAN, is_token_byte};
use crate::rule::{Extend, FailedProof, MatcherKind, Rule, RuleId, RuleSet};
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

#[derive(Debug)]
pub(super) struct TokenLane {
    rules: Arc<RuleSet>,
    prefixes: OnceLock<Prefixes>,
    shapes: OnceLock<Shapes>,
}

/// All prefixes in one automaton, and the rules that each of them starts.
#[derive(Debug)]
struct Prefixes {
    automaton: Option<AhoCorasick>,
    rules: Vec<Vec<RuleId>>,
    longest: usize,
}

impl TokenLane {
    pub(super) fn new(rules: &Arc<RuleSet>) -> Self {
        Self { rules: Arc::clone(rules), prefixes: OnceLock::new(), shapes: OnceLock::new() }
    }

    pub(super) fn detect(&self, text: &[u8], mask: &mut Vec<u64>, out: &mut Vec<Candidate>) {
        let mut searched = 0;
        runs::find(text, mask, |run| {
            let prefixes = self.prefixes.get_or_init(|| Prefixes::new(&self.rules));
            prefixes.find(text, run, searched, |at, rule, literal| {
                out.extend(match_at(&self.rules, rule, text, at, literal));
            });
            self.shapes.get_or_init(|| Shapes::new(&self.rules)).find(&self.rules, text, run, out);
            searched = run.end;
        });
    }
}

impl Prefixes {
    fn new(rules: &RuleSet) -> Self {
        let mut by_prefix: BTreeMap<&str, Vec<RuleId>> = BTreeMap::new();
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Prefix) {
            for prefix in &rule.syntax().prefixes {
                by_prefix.entry(prefix).or_default().push(id);
            }
        }
        // The DFA is the fast form; it fails only on sizes that no rule pack has, and then nothing may be missed.
        let build = |kind| AhoCorasickBuilder::new().kind(Some(kind)).build(by_prefix.keys());
        let automaton = build(AhoCorasickKind::DFA).or_else(|_| build(AhoCorasickKind::NoncontiguousNFA)).ok();
        let longest = by_prefix.keys().map(|prefix| prefix.len()).max().unwrap_or(0);
        Self { automaton, rules: by_prefix.into_values().collect(), longest }
    }

    /// Calls `visit` with every prefix in `run` and just before it that does not end before `searched`.
    fn find(&self, text: &[u8], run: Span, searched: usize, mut visit: impl FnMut(usize, RuleId, usize)) {
        let Some(automaton) = &self.automaton else { return };
        let start = run.start.saturating_sub(LOOKBACK).max(searched.saturating_sub(self.longest));
        for hit in automaton.find_overlapping_iter(&text[start..run.end]) {
            let end = start + hit.end();
            // What ends in the run before was seen there.
            if end <= searched {
                continue;
            }
            for &rule in &self.rules[hit.pattern().as_usize()] {
                visit(start + hit.start(), rule, hit.end() - hit.start());
            }
        }
    }
}

/// The candidate of `rule` that begins at `at` with one of its prefixes.
pub(super) fn match_at(rules: &RuleSet, id: RuleId, text: &[u8], at: usize, literal: usize) -> Option<Candidate> {
    let rule = rules.rule(id);
    // Only a checksum can say that something inside of a longer word is a token all the same.
    let can_prove = rule.syntax().proof.is_some() && rule.syntax().failed_proof == FailedProof::Drop;
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
