//! Shapes: values without a prefix, one class repeated, behind the word that names their provider.
//!
//! A run is cut into segments at what no shape's class holds; segments of a length that some shape has, with a digit in
//! them, are compared with the shapes, and only then is the text in front of them searched for the words of all shapes.

use super::identifier::stands_alone;
use super::{Candidate, Found};
use crate::rule::facts::{ByteSet, Shape};
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Shapes {
    groups: Vec<Group>,
    words: Option<AhoCorasick>,
    /// The rules that ask for each word, with its farthest distance.
    rules: Vec<Vec<(RuleId, usize)>>,
    farthest: usize,
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
        let mut words: BTreeMap<String, Vec<(RuleId, usize)>> = BTreeMap::new();
        let mut farthest = 0;
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Shape) {
            let Some(shape) = rule.facts().and_then(|facts| facts.shape) else { continue };
            Group::add(&mut groups, shape, id);
            farthest = farthest.max(rule.near_distance());
            for word in &rule.syntax().near {
                words.entry(word.to_ascii_lowercase()).or_default().push((id, rule.near_distance()));
            }
        }
        let words_of_all = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words.keys()).ok();
        Self { groups, words: words_of_all, rules: words.into_values().collect(), farthest }
    }

    pub(super) fn find(&self, text: &[u8], run: Span, out: &mut Vec<Candidate>) {
        if !run.of(text).iter().any(u8::is_ascii_digit) {
            return;
        }
        for group in &self.groups {
            group.segments(text, run, |segment| self.compare(group, text, segment, out));
        }
    }

    /// The rules of `group` whose shape `segment` has and one of whose words stands in front of it.
    fn compare(&self, group: &Group, text: &[u8], segment: Span, out: &mut Vec<Candidate>) {
        let value = segment.of(text);
        let fits = |shape: &Shape| {
            (shape.min as usize..=shape.max as usize).contains(&value.len()) && value.iter().all(|&byte| shape.class.contains(byte))
        };
        if !group.shapes.iter().any(|(shape, _)| fits(shape)) {
            return;
        }
        let named = self.named(text, segment.start);
        let wanted = group.shapes.iter().filter(|(shape, id)| named.contains(id) && fits(shape));
        out.extend(wanted.map(|&(_, rule)| Candidate { rule, matched: segment, secret: segment, found: Found::Shape, bounded: true }));
    }

    /// The rules one of whose words stands in front of `at`, near enough.
    fn named(&self, text: &[u8], at: usize) -> Vec<RuleId> {
        let start = at.saturating_sub(self.farthest);
        let mut named = Vec::new();
        let hits = self.words.iter().flat_map(|words| words.find_overlapping_iter(&text[start..at]));
        for hit in hits.filter(|hit| stands_alone(text, start + hit.start(), start + hit.end())) {
            let distance = at - (start + hit.start());
            let near = self.rules[hit.pattern().as_usize()].iter().filter(|(_, farthest)| distance <= *farthest);
            named.extend(near.map(|&(rule, _)| rule));
        }
        named
    }
}

impl Group {
    fn add(groups: &mut Vec<Self>, shape: Shape, id: RuleId) {
        let continues = shape.class.union(ByteSet::from_fn(|byte| byte.is_ascii_alphanumeric()));
        let group = match groups.iter().position(|group| group.continues == continues) {
            Some(at) => &mut groups[at],
            None => groups.push_mut(Self { continues, shapes: Vec::new(), shortest: u32::MAX, longest: 0 }),
        };
        group.shapes.push((shape, id));
        group.shortest = group.shortest.min(shape.min);
        group.longest = group.longest.max(shape.max);
    }

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
}
