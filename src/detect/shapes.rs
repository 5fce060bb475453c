//! Shapes: values without a prefix, one class repeated, behind the word that names their provider.
//!
//! A run is cut into segments at what no shape's class holds; segments of a length that some shape has, with a digit or letters
//! of both cases in them, are compared with the shapes, and only then is the text in front of them searched for the words of all shapes.

use super::identifier::stands_alone;
use super::{Candidate, Found};
use crate::rule::facts::{ByteSet, Shape};
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::collections::BTreeMap;

/// Classes of token characters with all letters and digits differ in `+ / = _ -` alone.
const MAX_GROUPS: usize = 32;

#[derive(Debug)]
pub(super) struct Shapes {
    groups: Vec<Group>,
    /// For each byte, a bit for each group whose segments it continues.
    continued: [u32; 256],
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
        let mut continued = [0; 256];
        for (byte, bits) in (0..=255_u8).zip(&mut continued) {
            *bits = groups
                .iter()
                .enumerate()
                .fold(0, |bits, (at, group)| bits | u32::from(group.continues.contains(byte)) << at);
        }
        let words_of_all = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words.keys()).ok();
        Self { groups, continued, words: words_of_all, rules: words.into_values().collect(), farthest }
    }

    /// Appends the candidates in `run`.
    pub(super) fn find(&self, text: &[u8], run: Span, out: &mut Vec<Candidate>) {
        if self.groups.is_empty() || !looks_drawn(run.of(text)) {
            return;
        }
        let all = u32::MAX >> (32 - self.groups.len().min(MAX_GROUPS));
        let mut starts = [run.start; MAX_GROUPS];
        for at in run.start..=run.end {
            let byte = if at < run.end { text[at] } else { b' ' };
            // A bit for each group whose segment ends here; for letters and digits there is none.
            let mut ended = all & !self.continued[usize::from(byte)];
            while ended != 0 {
                let group = ended.trailing_zeros() as usize;
                ended &= ended - 1;
                let segment = Span::new(starts[group], at);
                starts[group] = at + 1;
                self.compare(&self.groups[group], text, segment, out);
            }
        }
    }

    /// The rules of `group` whose shape `segment` has and one of whose words stands in front of it.
    fn compare(&self, group: &Group, text: &[u8], segment: Span, out: &mut Vec<Candidate>) {
        let value = segment.of(text);
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        if !(group.shortest..=group.longest).contains(&length) {
            return;
        }
        let fits = |shape: &Shape| {
            (shape.min..=shape.max).contains(&length) && value.iter().all(|&byte| shape.class.contains(byte))
        };
        if !looks_drawn(value) || !group.shapes.iter().any(|(shape, _)| fits(shape)) {
            return;
        }
        let named = self.named(text, segment.start);
        let nearest = |id: RuleId| named.iter().filter(|(named, _)| *named == id).map(|(_, distance)| *distance).min();
        let wanted = group.shapes.iter().filter(|(shape, _)| fits(shape)).filter_map(|&(_, id)| Some((id, nearest(id)?)));
        out.extend(wanted.map(|(rule, distance)| Candidate {
            rule,
            matched: segment,
            secret: segment,
            found: Found::Shape { distance },
            bounded: true,
        }));
    }

    /// The rules one of whose words stands in front of `at`, near enough, and from how far.
    fn named(&self, text: &[u8], at: usize) -> Vec<(RuleId, usize)> {
        let start = at.saturating_sub(self.farthest);
        let mut named = Vec::new();
        let hits = self.words.iter().flat_map(|words| words.find_overlapping_iter(&text[start..at]));
        for hit in hits.filter(|hit| stands_alone(text, start + hit.start(), start + hit.end())) {
            let distance = at - (start + hit.start());
            let near = self.rules[hit.pattern().as_usize()].iter().filter(|(_, farthest)| distance <= *farthest);
            named.extend(near.map(|&(rule, _)| (rule, distance)));
        }
        named
    }
}

/// Does `value` hold a digit, or letters of both cases? Without an early end, so that it is done in vectors.
fn looks_drawn(value: &[u8]) -> bool {
    let (mut digit, mut upper, mut lower) = (false, false, false);
    for byte in value {
        digit |= byte.is_ascii_digit();
        upper |= byte.is_ascii_uppercase();
        lower |= byte.is_ascii_lowercase();
    }
    digit || upper && lower
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
}
