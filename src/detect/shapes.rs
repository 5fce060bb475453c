//! Shapes: values without a prefix, one class repeated, behind the word that names their provider.
//!
//! A run is cut into segments at what no shape's class holds; segments of a length that some shape has, with a digit in
//! them, are compared with the shapes, and only then is the text in front of them searched for words.

use super::{Candidate, Found, near};
use crate::rule::facts::{ByteSet, Shape};
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;

#[derive(Debug)]
pub(super) struct Shapes {
    groups: Vec<Group>,
}

/// Shapes whose values end at the same characters.
#[derive(Debug)]
struct Group {
    /// The class and all letters and digits: what would continue a value.
    continues: ByteSet,
    shapes: Vec<(Shape, RuleId)>,
    shortest: u32,
    longest: u32,
}

impl Shapes {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Shape) {
            let Some(shape) = rule.facts().and_then(|facts| facts.shape) else { continue };
            let continues = shape.class.union(ByteSet::from_fn(|byte| byte.is_ascii_alphanumeric()));
            let group = match groups.iter_mut().find(|group| group.continues == continues) {
                Some(group) => group,
                None => {
                    groups.push(Group { continues, shapes: Vec::new(), shortest: u32::MAX, longest: 0 });
                    groups.last_mut().expect("was just pushed")
                }
            };
            group.shapes.push((shape, id));
            group.shortest = group.shortest.min(shape.min);
            group.longest = group.longest.max(shape.max);
        }
        Self { groups }
    }

    pub(super) fn find(&self, rules: &RuleSet, text: &[u8], run: Span, out: &mut Vec<Candidate>) {
        if self.groups.is_empty() || !run.of(text).iter().any(u8::is_ascii_digit) {
            return;
        }
        for group in &self.groups {
            group.segments(text, run, |segment| group.compare(rules, text, segment, out));
        }
    }
}

impl Group {
    /// Calls `visit` with the maximal segments of `run` that can be a value of this group.
    fn segments(&self, text: &[u8], run: Span, mut visit: impl FnMut(Span)) {
        let (mut start, mut digit) = (run.start, false);
        for at in run.start..=run.end {
            let byte = if at < run.end { text[at] } else { b' ' };
            if self.continues.contains(byte) {
                digit |= byte.is_ascii_digit();
                continue;
            }
            let length = u32::try_from(at - start).unwrap_or(u32::MAX);
            if digit && (self.shortest..=self.longest).contains(&length) {
                visit(Span::new(start, at));
            }
            (start, digit) = (at + 1, false);
        }
    }

    fn compare(&self, rules: &RuleSet, text: &[u8], segment: Span, out: &mut Vec<Candidate>) {
        let value = segment.of(text);
        for &(shape, id) in &self.shapes {
            let fits = (shape.min as usize..=shape.max as usize).contains(&value.len())
                && value.iter().all(|&byte| shape.class.contains(byte));
            if !fits {
                continue;
            }
            let rule = rules.rule(id);
            let before = &text[segment.start.saturating_sub(rule.near_distance())..segment.start];
            if near::holds_word(before, rule.syntax().near.iter().map(String::as_str)) {
                out.push(Candidate { rule: id, matched: segment, secret: segment, found: Found::Shape, bounded: true });
            }
        }
    }
}
