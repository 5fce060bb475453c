//! Inline exceptions of a blob: found in the chunks that hold findings, bound to one finding each.

use crate::finding::{Directive, Finding, Secret, directive};
use crate::rule::RuleSet;
use crate::span::{Advance, Span};

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
    let newlines = |span: Span| memchr::memchr_iter(b'\n', span.of(text)).count() as i64;
    let secret = |span: Span| {
        let value = |secret: &Secret| memchr::memmem::find(span.of(text), secret.expose()).is_some();
        masks.iter().any(|(at, secret)| at.overlaps(span) || !secret.is_empty() && value(secret))
    };
    let placed = |one: directive::Written| Near {
        lines: if one.at >= start { newlines(Span::new(start, one.at)) } else { -newlines(Span::new(one.at, start)) },
        alone: one.alone,
        reason: if secret(one.reason_span) { HIDDEN.to_owned() } else { one.reason },
        rule: one.rule,
    };
    directive::find(text).into_iter().map(placed).collect()
}

/// The directives of a blob, each with the line it stands on and the line it is about.
#[derive(Default)]
pub(super) struct Directives {
    stated: Vec<(Directive, u64)>,
}

impl Directives {
    /// Takes those of a chunk whose owned part begins behind `before`.
    pub(super) fn add(&mut self, before: Advance, near: Vec<Near>) {
        let known = self.stated.len();
        let line_of = |one: &Near| before.position().line.saturating_add_signed(one.lines);
        let alone: Vec<u64> = near.iter().filter(|one| one.alone).map(line_of).collect();
        for one in near {
            let line = line_of(&one);
            // Several that stand alone, one above the other, are all about what follows them.
            let about = (line..).find(|line| !one.alone || !alone.contains(line)).unwrap_or(line);
            let directive = Directive { rule: one.rule, reason: one.reason, line };
            // A neighbouring chunk may have seen it in its margin.
            if !self.stated[..known].iter().any(|(other, _)| *other == directive) {
                self.stated.push((directive, about));
            }
        }
    }

    /// Binds each to the first finding of its rule on its line that has none; what fits no finding is told to one of another rule
    /// there, so that a person learns why it does not hold.
    pub(super) fn bind(self, rules: &RuleSet, findings: &mut [Finding]) {
        let mut left = Vec::new();
        for (directive, about) in self.stated {
            let on_line = |finding: &Finding| finding.place.start.line == about || finding.place.end.line == about;
            let fits = |finding: &&mut Finding| {
                on_line(finding) && finding.directive.is_none() && rules.rule(finding.rule).id() == directive.rule
            };
            match findings.iter_mut().find(fits) {
                Some(finding) => finding.directive = Some(Box::new(directive)),
                None => left.push((directive, about)),
            }
        }
        for (directive, about) in left {
            let unbound = |finding: &&mut Finding| finding.place.start.line == about && finding.directive.is_none();
            if let Some(finding) = findings.iter_mut().find(unbound) {
                finding.directive = Some(Box::new(directive));
            }
        }
    }
}
