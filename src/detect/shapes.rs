//! Shapes: values without a prefix, one class repeated, behind the word that names their provider.
//!
//! A run is cut into segments at what no shape's class holds; segments of a length that some shape has, with a digit or letters
//! of both cases in them, are compared with the shapes, and only then is the text in front of them searched for the words of all shapes.

use super::drawn::Drawn;
use super::runs::Letters;
use super::words::Words;
use super::{Candidate, Found};
use crate::rule::facts::{ByteSet, Shape};
use crate::rule::lane::MAX_SPAN;
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Classes of token characters with all letters and digits differ in `+ / = _ -` alone.
const MAX_GROUPS: usize = 32;

/// What continues a value whatever its class is.
static ALPHANUMERIC: LazyLock<ByteSet> = LazyLock::new(|| ByteSet::from_fn(|byte| byte.is_ascii_alphanumeric()));

#[derive(Debug)]
pub(super) struct Shapes {
    groups: Vec<Group>,
    /// For each byte, a bit for each group whose segments it continues.
    continued: [u32; 256],
    /// For each length, a bit for each group with shapes that can have it.
    of_length: Vec<u32>,
    words: Words,
    /// The rules that ask for each word, with its farthest distance.
    rules: Vec<Vec<(RuleId, usize)>>,
    /// How far in front of a value bytes stand that decide about it: the word and what it continues, or the mark of a digest.
    pub(super) before: usize,
}

/// Shapes whose values end at the same characters.
#[derive(Debug)]
struct Group {
    /// The class and all letters and digits: what would continue a value.
    continues: ByteSet,
    /// Each shape once.
    shapes: Vec<Wanted>,
    /// For each length the shapes that can have it.
    of_length: Vec<Vec<usize>>,
}

/// A shape and who asks for it.
#[derive(Debug)]
struct Wanted {
    shape: Shape,
    rules: Vec<RuleId>,
    /// Has it all that a segment of its group consists of?
    whole: bool,
    /// How far from it one of their words may stand.
    farthest: usize,
}

/// The words found so far in one text, so that hardly a byte is searched twice however many values stand close together.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Where each word begins and ends, and which it is; nearly in order of their beginnings.
    hits: Vec<(usize, usize, usize)>,
    /// What of the text is searched.
    searched: Span,
    /// Where the run begins that is looked at, and what it looks like.
    run: usize,
    drawn: Drawn,
}

/// Where the open segments of one run begin, each with its groups, a bit each; no group is in two.
#[derive(Default)]
struct Open {
    segments: [(usize, u32); MAX_GROUPS],
    count: usize,
}

impl Open {
    fn begin(&mut self, at: usize, groups: u32) {
        self.segments[self.count] = (at, groups);
        self.count += 1;
    }

    /// Takes the segments of `ended` groups out, and calls `visit` with where each began and whose it is.
    fn end(&mut self, ended: u32, mut visit: impl FnMut(usize, u32)) {
        let (mut kept, count) = (0, self.count);
        for at in 0..count {
            let (start, groups) = self.segments[at];
            if groups & ended != 0 {
                visit(start, groups & ended);
            }
            if groups & !ended != 0 {
                self.segments[kept] = (start, groups & !ended);
                kept += 1;
            }
        }
        self.count = kept;
    }
}

impl Shapes {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut words: BTreeMap<String, Vec<(RuleId, usize)>> = BTreeMap::new();
        let mut before = 0;
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Shape) {
            let Some(shape) = rule.facts().and_then(|facts| facts.shape) else { continue };
            let distance = rule.near_distance();
            Group::add(&mut groups, shape, id, distance);
            before = before.max(distance + 16);
            for word in &rule.head().near {
                words.entry(word.to_ascii_lowercase()).or_default().push((id, distance));
            }
        }
        let bits = |holds: &dyn Fn(&Group) -> bool| {
            groups.iter().enumerate().fold(0, |bits, (at, group)| bits | u32::from(holds(group)) << at)
        };
        let longest = groups.iter().map(|group| group.of_length.len()).max().unwrap_or(0);
        let has = |length: usize| move |group: &Group| group.of_length.get(length).is_some_and(|of| !of.is_empty());
        Self {
            continued: std::array::from_fn(|byte| bits(&|group| group.continues.contains(byte as u8))),
            of_length: (0..longest).map(|length| bits(&has(length))).collect(),
            groups,
            words: Words::new(words.keys().map(String::as_str)),
            rules: words.into_values().collect(),
            before,
        }
    }

    /// Appends the candidates in `run`; `named` is kept from run to run of one text.
    pub(super) fn find(
        &self,
        text: &[u8],
        run: Span,
        letters: Letters<'_>,
        named: &mut Named,
        out: &mut Vec<Candidate>,
    ) {
        if self.groups.is_empty() {
            return;
        }
        named.drawn.read(text, run);
        if !named.drawn.mixes(run) {
            return;
        }
        named.run = run.start;
        let mut open = Open::default();
        open.begin(run.start, u32::MAX >> (MAX_GROUPS - self.groups.len().min(MAX_GROUPS)));
        let mut end = |ended: u32, at: usize, open: &mut Open| {
            let mut groups = 0;
            open.end(ended, |start, ended| {
                groups |= ended;
                self.compare(ended, text, Span::new(start, at), named, out);
            });
            groups
        };
        // For letters and digits no segment ends.
        letters.others(run, |at| {
            let ended = end(!self.continued[usize::from(text[at])], at, &mut open);
            if ended != 0 {
                open.begin(at + 1, ended);
            }
        });
        end(u32::MAX, run.end, &mut open);
    }

    /// Compares `segment` with the shapes of these `groups`, a bit each: the rules of those that it has and one of whose words stands
    /// in front of it.
    fn compare(&self, groups: u32, text: &[u8], segment: Span, named: &mut Named, out: &mut Vec<Candidate>) {
        let groups = groups & self.of_length.get(segment.len()).copied().unwrap_or(0);
        if groups == 0 || !named.drawn.looks_drawn(segment) {
            return;
        }
        let value = segment.of(text);
        let fitting = || self.of_length(groups, segment.len()).filter(|wanted| wanted.fits(value));
        let Some(farthest) = fitting().map(|wanted| wanted.farthest).max() else { return };
        let words = self.before(text, segment.start, farthest, named);
        if words.is_empty() {
            return;
        }
        let nearest = |id: RuleId| words.iter().filter(|(named, _)| *named == id).map(|(_, distance)| *distance).min();
        let wanted = fitting().flat_map(|wanted| &wanted.rules).filter_map(|&id| Some((id, nearest(id)?)));
        out.extend(wanted.map(|(rule, distance)| Candidate {
            rule,
            matched: segment,
            secret: segment,
            found: Found::Shape { distance },
            bounded: true,
        }));
    }

    /// The shapes of these `groups`, a bit each, that can have this `length`.
    fn of_length(&self, mut groups: u32, length: usize) -> impl Iterator<Item = &Wanted> {
        let next = move || {
            let number = (groups != 0).then(|| groups.trailing_zeros() as usize)?;
            groups &= groups - 1;
            Some(&self.groups[number])
        };
        std::iter::from_fn(next).flat_map(move |group| group.of_length[length].iter().map(|at| &group.shapes[*at]))
    }

    /// The rules one of whose words stands in the `farthest` bytes in front of `at`, near enough, and from how far.
    fn before(&self, text: &[u8], at: usize, farthest: usize, named: &mut Named) -> Vec<(RuleId, usize)> {
        let from = at.saturating_sub(farthest);
        // A later value of this run may begin before this one.
        self.search(text, Span::new(named.run.min(at).saturating_sub(farthest), at), named);
        let mut found = Vec::new();
        let near = named.hits.iter().rev().take_while(|(start, ..)| *start >= from);
        for &(start, _, word) in near.filter(|(_, end, _)| *end <= at) {
            let close = self.rules[word].iter().filter(|(_, farthest)| at - start <= *farthest);
            found.extend(close.map(|&(rule, _)| (rule, at - start)));
        }
        found
    }

    /// Finds the words in `span` that are not found yet.
    fn search(&self, text: &[u8], span: Span, named: &mut Named) {
        let done = named.searched;
        let fresh = span.start < done.start || span.start > done.end;
        if fresh {
            named.hits.clear();
            named.searched = span;
        } else if span.end <= done.end {
            return;
        } else {
            named.searched.end = span.end;
        }
        // A word may lie across the end of what was searched.
        let begin = if fresh { span.start } else { done.end.saturating_sub(self.words.longest).max(done.start) };
        let known = |end: usize| !fresh && end <= done.end;
        self.words.find(text, begin, span.end, |start, end, word| {
            if !known(end) {
                named.hits.push((start, end, word));
            }
        });
    }
}

impl Wanted {
    /// Does `value`, a segment of its group of one of its lengths, consist of its characters?
    fn fits(&self, value: &[u8]) -> bool {
        self.whole || value.iter().all(|byte| self.shape.class.contains(*byte))
    }
}

impl Group {
    fn add(groups: &mut Vec<Self>, shape: Shape, id: RuleId, distance: usize) {
        let continues = shape.class.union(*ALPHANUMERIC);
        let group = match groups.iter().position(|group| group.continues == continues) {
            Some(at) => &mut groups[at],
            None => groups.push_mut(Self { continues, shapes: Vec::new(), of_length: Vec::new() }),
        };
        match group.shapes.iter_mut().find(|wanted| wanted.shape == shape) {
            Some(wanted) => {
                wanted.rules.push(id);
                wanted.farthest = wanted.farthest.max(distance);
            }
            None => {
                // No run that is looked at is longer.
                let longest = (shape.max as usize).min(MAX_SPAN);
                group.of_length.resize(group.of_length.len().max(longest + 1), Vec::new());
                group.of_length[(shape.min as usize).min(longest)..=longest]
                    .iter_mut()
                    .for_each(|of| of.push(group.shapes.len()));
                let whole = shape.class == continues;
                group.shapes.push(Wanted { shape, rules: vec![id], whole, farthest: distance });
            }
        }
    }
}
