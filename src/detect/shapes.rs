//! Shapes: values without a prefix, one class repeated, behind the word that names their provider.
//!
//! A run is cut into segments at what no shape's class holds; segments of a length that some shape has, with a digit or letters
//! of both cases in them, are compared with the shapes, and only then is the text in front of them searched for the words of all shapes.

use super::runs::Letters;
use super::words::Words;
use super::{Candidate, Found};
use crate::rule::facts::{ByteSet, Shape};
use crate::rule::lane::MAX_SPAN;
use crate::rule::{MatcherKind, RuleId, RuleSet};
use crate::span::Span;
use std::collections::BTreeMap;

/// Classes of token characters with all letters and digits differ in `+ / = _ -` alone.
const MAX_GROUPS: usize = 32;

#[derive(Debug)]
pub(super) struct Shapes {
    groups: Vec<Group>,
    /// For each byte, a bit for each group whose segments it continues.
    continued: [u32; 256],
    words: Words,
    /// The rules that ask for each word, with its farthest distance.
    rules: Vec<Vec<(RuleId, usize)>>,
    farthest: usize,
    /// How far in front of a value bytes stand that decide about it: the word and what it continues, or the mark of a digest.
    pub(super) before: usize,
}

/// Shapes whose values end at the same characters.
#[derive(Debug)]
struct Group {
    /// The class and all letters and digits: what would continue a value.
    continues: ByteSet,
    /// Each shape once, with the rules that ask for it.
    shapes: Vec<(Shape, Vec<RuleId>)>,
    /// For each length the shapes that can have it.
    of_length: Vec<Vec<usize>>,
}

/// The words found so far in one text, so that no byte is searched twice however many values stand close together.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Where each word begins and ends, and which it is; nearly in order of their beginnings.
    hits: Vec<(usize, usize, usize)>,
    /// Up to here the text is searched.
    searched: usize,
    /// Where the run begins that is looked at.
    run: usize,
}

/// The segments of one run.
struct Segments<'t> {
    text: &'t [u8],
    /// Where that of each group begins.
    starts: [usize; MAX_GROUPS],
    /// The last one that was looked at, for many groups have the same, and whether it looks drawn.
    last: Span,
    drawn: bool,
}

impl Segments<'_> {
    fn is_drawn(&mut self, segment: Span) -> bool {
        if self.last != segment {
            (self.last, self.drawn) = (segment, looks_drawn(segment.of(self.text)));
        }
        self.drawn
    }
}

impl Shapes {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let alphanumeric = ByteSet::from_fn(|byte| byte.is_ascii_alphanumeric());
        let mut words: BTreeMap<String, Vec<(RuleId, usize)>> = BTreeMap::new();
        let mut farthest = 0;
        for (id, rule) in rules.iter().filter(|(_, rule)| rule.kind() == MatcherKind::Shape) {
            let Some(shape) = rule.facts().and_then(|facts| facts.shape) else { continue };
            Group::add(&mut groups, shape.class.union(alphanumeric), shape, id);
            farthest = farthest.max(rule.near_distance());
            for word in &rule.head().near {
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
        let words_of_all = Words::new(words.keys().map(String::as_str));
        Self {
            groups,
            continued,
            words: words_of_all,
            rules: words.into_values().collect(),
            farthest,
            before: farthest + 16,
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
        if self.groups.is_empty() || !mixes(run.of(text)) {
            return;
        }
        named.run = run.start;
        let last = Span::new(run.start, run.start);
        let mut segments = Segments { text, starts: [run.start; MAX_GROUPS], last, drawn: false };
        // For letters and digits no segment ends.
        letters.others(run, |at| {
            let ended = !self.continued[usize::from(text[at])];
            self.end(ended, at, &mut segments, named, out);
        });
        self.end(u32::MAX, run.end, &mut segments, named, out);
    }

    /// Compares the segments that end at `at`: those of the groups whose bits are in `ended`.
    fn end(&self, ended: u32, at: usize, segments: &mut Segments<'_>, named: &mut Named, out: &mut Vec<Candidate>) {
        let mut ended = ended & u32::MAX >> (32 - self.groups.len().min(MAX_GROUPS));
        while ended != 0 {
            let number = ended.trailing_zeros() as usize;
            ended &= ended - 1;
            let segment = Span::new(segments.starts[number], at);
            segments.starts[number] = at + 1;
            let group = &self.groups[number];
            let shapes = group.of_length.get(segment.len()).map_or(&[][..], |shapes| shapes);
            if !shapes.is_empty() && segments.is_drawn(segment) {
                let shapes = shapes.iter().map(|at| &group.shapes[*at]);
                self.compare(shapes, segments.text, segment, named, out);
            }
        }
    }

    /// The rules of those `shapes` that `segment` has and one of whose words stands in front of it.
    fn compare<'g>(
        &self,
        shapes: impl Iterator<Item = &'g (Shape, Vec<RuleId>)>,
        text: &[u8],
        segment: Span,
        named: &mut Named,
        out: &mut Vec<Candidate>,
    ) {
        let mut fitting = shapes.filter(|(shape, _)| shape.fits(segment.of(text))).peekable();
        if fitting.peek().is_none() {
            return;
        }
        let words = self.before(text, segment.start, named);
        if words.is_empty() {
            return;
        }
        let nearest = |id: RuleId| words.iter().filter(|(named, _)| *named == id).map(|(_, distance)| *distance).min();
        let wanted = fitting.flat_map(|(_, rules)| rules).filter_map(|&id| Some((id, nearest(id)?)));
        out.extend(wanted.map(|(rule, distance)| Candidate {
            rule,
            matched: segment,
            secret: segment,
            found: Found::Shape { distance },
            bounded: true,
        }));
    }

    /// The rules one of whose words stands in front of `at`, near enough, and from how far.
    fn before(&self, text: &[u8], at: usize, named: &mut Named) -> Vec<(RuleId, usize)> {
        let from = at.saturating_sub(self.farthest);
        // A later value of this run may begin before this one.
        self.search(text, named.run.saturating_sub(self.farthest), at, named);
        let mut found = Vec::new();
        let near = named.hits.iter().rev().take_while(|(start, ..)| *start >= from);
        for &(start, _, word) in near.filter(|(_, end, _)| *end <= at) {
            let close = self.rules[word].iter().filter(|(_, farthest)| at - start <= *farthest);
            found.extend(close.map(|&(rule, _)| (rule, at - start)));
        }
        found
    }

    /// Finds the words in `text[from..to]` that are not found yet.
    fn search(&self, text: &[u8], from: usize, to: usize, named: &mut Named) {
        let fresh = from > named.searched;
        if fresh {
            named.hits.clear();
        }
        let done = named.searched.max(from);
        if done >= to {
            return;
        }
        // A word may lie across the end of what was searched.
        let begin = if fresh { from } else { done.saturating_sub(self.words.longest).max(from) };
        let known = |end: usize| !fresh && end <= done;
        self.words.find(text, begin, to, |start, end, word| {
            if !known(end) {
                named.hits.push((start, end, word));
            }
        });
        named.searched = to;
    }
}

/// Does `value` hold a digit, or letters of both cases? Without an early end, so that it is done in vectors.
fn mixes(value: &[u8]) -> bool {
    let (mut digit, mut upper, mut lower) = (false, false, false);
    for byte in value {
        digit |= byte.is_ascii_digit();
        upper |= byte.is_ascii_uppercase();
        lower |= byte.is_ascii_lowercase();
    }
    digit || upper && lower
}

/// Do kinds of characters change as often as they do in what is drawn at random, and seldom in what people name?
///
/// Of neighbours that are drawn from letters of both cases and digits six in ten differ in kind, from lower case and digits four; in
/// names of several words it is three, and digits are rare. All but one in fifty values of the shortest shapes pass, and of the
/// names in code one in twenty.
pub(super) fn looks_drawn(value: &[u8]) -> bool {
    let (mut changes, mut digits, mut last, mut kinds) = (0, 0, 0_u8, 0_u8);
    for &byte in value {
        let kind = KINDS[usize::from(byte)];
        changes += usize::from(kind != last);
        digits += usize::from(kind == DIGIT);
        kinds |= 1 << kind;
        last = kind;
    }
    let both_cases = kinds & 0b110 == 0b110;
    match (digits, both_cases) {
        (0, _) => changes * 12 >= value.len() * 5,
        (_, true) => changes * 11 >= value.len() * 4,
        (_, false) => changes * 8 >= value.len(),
    }
}

const DIGIT: u8 = 3;

/// The kind of each byte: lower case, upper case, digit, other.
static KINDS: [u8; 256] = {
    let mut kinds = [4; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = byte as u8;
        kinds[byte] = match letter {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => DIGIT,
            _ => 4,
        };
        byte += 1;
    }
    kinds
};

impl Group {
    fn add(groups: &mut Vec<Self>, continues: ByteSet, shape: Shape, id: RuleId) {
        let group = match groups.iter().position(|group| group.continues == continues) {
            Some(at) => &mut groups[at],
            None => groups.push_mut(Self { continues, shapes: Vec::new(), of_length: Vec::new() }),
        };
        match group.shapes.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, rules)) => rules.push(id),
            None => {
                // No run that is looked at is longer.
                let longest = (shape.max as usize).min(MAX_SPAN);
                group.of_length.resize(group.of_length.len().max(longest + 1), Vec::new());
                group.of_length[(shape.min as usize).min(longest)..=longest]
                    .iter_mut()
                    .for_each(|of| of.push(group.shapes.len()));
                group.shapes.push((shape, vec![id]));
            }
        }
    }
}
