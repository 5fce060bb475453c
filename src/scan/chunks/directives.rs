//! Inline exceptions of a blob: found in the chunks that hold findings, bound to one finding each.
//!
//! Whoever writes a file can fill it with both, so every step here takes time in proportion to their number.

use crate::finding::{Directive, Finding, Secret, directive};
use crate::rule::RuleSet;
use crate::span::{Advance, Span};
use aho_corasick::AhoCorasick;
use std::collections::{HashMap, HashSet, VecDeque};

/// What is said of a reason that holds a secret itself.
const HIDDEN: &str = "(not shown: it holds a secret)";

/// A directive, placed relative to the beginning of the owned part of its chunk.
pub(super) struct Near {
    /// Lines behind that beginning; in front of it if negative.
    lines: i64,
    alone: bool,
    rule: String,
    reason: String,
}

/// The directives in `text`, whose owned part begins at `start`; `masks` are all secrets in it.
pub(super) fn near(text: &[u8], start: usize, masks: &[(Span, Secret)]) -> Vec<Near> {
    let written = directive::find(text);
    if written.is_empty() {
        return Vec::new();
    }
    let newlines = |from: usize, to: usize| memchr::memchr_iter(b'\n', &text[from..to]).count() as i64;
    let values = masks.iter().map(|(_, secret)| secret.expose()).filter(|value| !value.is_empty());
    let values = AhoCorasick::new(values).ok();
    // The value of a neighbour may begin or end in it, or be told in it again.
    let holds_secret = |span: Span| {
        let first = masks.partition_point(|(at, _)| at.end <= span.start);
        masks.get(first).is_some_and(|(at, _)| at.overlaps(span))
            || values.as_ref().is_none_or(|values| values.is_match(span.of(text)))
    };
    let (before, mut at, mut lines) = (newlines(0, start), 0, 0);
    let placed = |one: directive::Written| {
        lines += newlines(at, one.at);
        at = one.at;
        let reason = if holds_secret(one.reason_span) { HIDDEN.to_owned() } else { one.reason };
        Near { lines: lines - before, alone: one.alone, rule: one.rule, reason }
    };
    written.into_iter().map(placed).collect()
}

/// The directives of a blob, each with the line it is about.
#[derive(Default)]
pub(super) struct Directives {
    stated: Vec<(Directive, u64)>,
    seen: HashSet<(u64, String, String)>,
}

impl Directives {
    /// Takes those of a chunk whose owned part begins behind `before`.
    pub(super) fn add(&mut self, before: Advance, near: Vec<Near>) {
        let line_of = |one: &Near| before.position().line.saturating_add_signed(one.lines);
        // Several that stand alone, one above the other, are all about what follows them: so from the last one up.
        let mut about: HashMap<u64, u64> = HashMap::new();
        for line in near.iter().rev().filter(|one| one.alone).map(line_of) {
            let next = about.get(&(line + 1)).copied().unwrap_or(line + 1);
            about.insert(line, next);
        }
        let key = |one: &Near| (line_of(one), one.rule.clone(), one.reason.clone());
        let keys: Vec<_> = near.iter().map(key).collect();
        for one in near {
            let line = line_of(&one);
            let line_about = if one.alone { about.get(&line).copied().unwrap_or(line) } else { line };
            let key = (line, one.rule, one.reason);
            // A neighbouring chunk may have seen it in its margin.
            if !self.seen.contains(&key) {
                let (line, rule, reason) = key;
                self.stated.push((Directive { rule, reason, line }, line_about));
            }
        }
        self.seen.extend(keys);
    }

    /// Binds each to the first finding of its rule on its line that has none; what fits no finding is told to one of another rule
    /// there, so that a person learns why it does not hold.
    pub(super) fn bind(self, rules: &RuleSet, findings: &mut [Finding]) {
        if self.stated.is_empty() {
            return;
        }
        let mut waiting: HashMap<(u64, &str), VecDeque<usize>> = HashMap::new();
        let mut on_line: HashMap<u64, VecDeque<usize>> = HashMap::new();
        for (at, finding) in findings.iter().enumerate() {
            let (first, last) = (finding.place.start.line, finding.place.end.line);
            for line in std::iter::once(first).chain((last != first).then_some(last)) {
                waiting.entry((line, rules.rule(finding.rule).id())).or_default().push_back(at);
            }
            on_line.entry(first).or_default().push_back(at);
        }
        let mut left = Vec::new();
        for (directive, about) in &self.stated {
            let queue = waiting.get_mut(&(*about, directive.rule.as_str()));
            match queue.and_then(|queue| next_unbound(queue, findings)) {
                Some(at) => findings[at].directive = Some(Box::new(directive.clone())),
                None => left.push((directive, about)),
            }
        }
        for (directive, about) in left {
            let queue = on_line.get_mut(about);
            if let Some(at) = queue.and_then(|queue| next_unbound(queue, findings)) {
                findings[at].directive = Some(Box::new(directive.clone()));
            }
        }
    }
}

/// The next finding of a queue that nothing is said about.
fn next_unbound(queue: &mut VecDeque<usize>, findings: &[Finding]) -> Option<usize> {
    std::iter::from_fn(|| queue.pop_front()).find(|at| findings[*at].directive.is_none())
}
