//! The name lane: what the stems of credential words lead to.
//!
//! A `://` is read as a URL, a `-----BEGIN` as an armoured block, the prefixes of rules without a long run are compared where
//! their stem stands, and everything else is read as an assignment whose name is looked up in the rules' names.

use super::head::{Head, four};
use super::identifier::{MAX_IDENTIFIER, each_word};
use super::stems::{StemFinder, StemHit};
use super::{Candidate, Focus, Found, REACH, SLACK, Scratch, armor, assignment, is_wide, is_wide_at, token_lane, url};
use crate::blob::{Chunk, Syntax};
use crate::rule::lane::{ARMOR_OFFSET, ARMOR_STEM, SIGNATURE_STEM, STEMS, URL_STEM, is_name};
use crate::rule::{MatcherKind, Rule, RuleId, RuleSet};
use crate::span::Span;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

#[derive(Debug)]
pub(super) struct NameLane {
    rules: Arc<RuleSet>,
    /// The rules that take what looks drawn, if any.
    hints: Vec<RuleId>,
    finder: StemFinder,
    index: OnceLock<Index>,
}

/// Which rules each kind of hit concerns.
#[derive(Debug, Default)]
struct Index {
    /// By the words of a name, glued.
    names: FxHashMap<Box<[u8]>, Vec<RuleId>>,
    /// The rules that look at every name with a stem: those whose values the model judges, and hints.
    judged: Vec<RuleId>,
    /// Most bytes of a glued name.
    longest_name: usize,
    /// How far in front of a stem bytes stand that decide about what it leads to.
    before: usize,
    /// By scheme; `*` is any.
    schemes: HashMap<String, Vec<RuleId>>,
    labels: HashMap<String, Vec<RuleId>>,
    /// For each stem: rules, their prefix, and where in it the stem stands.
    prefixes: Vec<Vec<StemPrefix>>,
}

/// A prefix that holds a stem.
#[derive(Clone, Debug)]
struct StemPrefix {
    rule: RuleId,
    bytes: Box<[u8]>,
    head: Head,
    /// Where in it the stem begins.
    offset: usize,
}

impl NameLane {
    pub(super) fn new(rules: &Arc<RuleSet>, hints: &[RuleId]) -> Self {
        Self { rules: Arc::clone(rules), hints: hints.to_vec(), finder: StemFinder::new(), index: OnceLock::new() }
    }

    #[inline(always)]
    pub(super) fn detect(&self, chunk: &Chunk<'_>, focus: Focus<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        let text = chunk.text;
        let (mut read_to, mut focus_at) = (0, focus.in_order());
        let Scratch { stems, wide, .. } = scratch;
        let until = if focus.is_narrow() { focus.reach(text.len(), self.index().before) } else { text.len() };
        self.finder.find(text, until, stems, |hit| {
            let index = self.index();
            if !focus_at.gaps(Span::new(hit.at, hit.at)).hold(index.before, || REACH) {
                return;
            }
            *wide |= index.prefixed(&self.rules, text, hit, out);
            match hit.stem {
                URL_STEM => index.url(text, hit.at, out),
                ARMOR_STEM => *wide |= index.armored(&self.rules, text, hit.at.saturating_sub(ARMOR_OFFSET), out),
                // One identifier may hold several stems; it is read once.
                stem if (is_name(stem) || stem == SIGNATURE_STEM) && hit.at >= read_to => {
                    let name = assignment::identifier(text, hit.at);
                    read_to = name.end;
                    let judged = if hit.stem == SIGNATURE_STEM { &[][..] } else { &index.judged };
                    *wide |= index.assigned(&self.rules, chunk, name, judged, out);
                }
                _ => {}
            }
        });
    }
}

impl NameLane {
    /// Makes what every text needs.
    pub(super) fn make_ready(&self) {
        self.index();
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.rules, &self.hints))
    }
}

/// The part of a name that says what the value is: in code what stands behind the last dot, in configuration all of it.
fn last_part(name: &[u8], syntax: Syntax) -> &[u8] {
    match memchr::memrchr(b'.', name) {
        Some(dot) if syntax == Syntax::Code => &name[dot + 1..],
        _ => name,
    }
}

impl Index {
    fn new(rules: &RuleSet, hints: &[RuleId]) -> Self {
        let mut index =
            Self { prefixes: vec![Vec::new(); STEMS.len()], judged: hints.to_vec(), before: SLACK, ..Self::default() };
        for (id, rule) in rules.iter() {
            if matches!(rule.kind(), MatcherKind::Name | MatcherKind::StemPrefix) {
                index.before = index.before.max(rule.word_distance());
            }
            if rule.is_judged() {
                index.judged.push(id);
                continue;
            }
            let head = rule.head();
            for name in &head.names {
                let glued: String = name.split_whitespace().collect();
                index.longest_name = index.longest_name.max(glued.len());
                index.names.entry(glued.into_bytes().into()).or_default().push(id);
            }
            for scheme in &head.schemes {
                index.schemes.entry(scheme.to_ascii_lowercase()).or_default().push(id);
            }
            for label in &head.labels {
                index.labels.entry((*label).to_owned()).or_default().push(id);
            }
            if rule.kind() == MatcherKind::StemPrefix {
                index.add_prefixes(id, rule);
            }
        }
        // The stem may stand anywhere in the name.
        index.before += MAX_IDENTIFIER;
        index
    }

    fn add_prefixes(&mut self, id: RuleId, rule: &Rule) {
        for prefix in &rule.head().prefixes {
            let lower = prefix.to_ascii_lowercase();
            let stem = STEMS.iter().enumerate().find_map(|(stem, text)| Some((stem, lower.find(text)?)));
            if let Some((stem, offset)) = stem {
                let bytes = prefix.as_bytes();
                self.prefixes[stem].push(StemPrefix { rule: id, bytes: bytes.into(), head: Head::of(bytes), offset });
            }
        }
    }

    /// Lets the rules match whose prefix holds the stem; gives whether one of them is wide.
    fn prefixed(&self, rules: &RuleSet, text: &[u8], hit: StemHit, out: &mut Vec<Candidate>) -> bool {
        let mut wide = false;
        for StemPrefix { rule, bytes, head, offset } in &self.prefixes[hit.stem] {
            let begins = |&at: &usize| head.begins(four(&text[at..])) && text[at..].starts_with(bytes);
            let Some(at) = hit.at.checked_sub(*offset).filter(begins) else { continue };
            wide |= is_wide_at(rules.rule(*rule), text, at);
            out.extend(token_lane::match_at(rules, *rule, text, at, bytes.len()));
        }
        wide
    }

    fn url(&self, text: &[u8], at: usize, out: &mut Vec<Candidate>) {
        if self.schemes.is_empty() {
            return;
        }
        let Some(url) = url::read(text, at) else { return };
        let scheme = String::from_utf8_lossy(url.scheme.of(text)).to_ascii_lowercase();
        let rules = self.schemes.get(&scheme).or_else(|| self.schemes.get("*"));
        out.extend(rules.into_iter().flatten().map(|&rule| Candidate {
            rule,
            matched: Span::new(url.scheme.start, url.host.end),
            secret: url.password,
            found: Found::Url { user: url.user, host: url.host },
            bounded: true,
        }));
    }

    /// Reads a block; gives whether one of such a label could be one, however long it is.
    fn armored(&self, rules: &RuleSet, text: &[u8], at: usize, out: &mut Vec<Candidate>) -> bool {
        let label = armor::label(text, at).map(|label| String::from_utf8_lossy(label.of(text)));
        let Some(wanted) = label.and_then(|label| self.labels.get(label.as_ref())) else { return false };
        let Some(block) = armor::read(text, at).map(|armored| armored.block) else { return true };
        out.extend(
            wanted
                .iter()
                .filter(|rule| token_lane::near_holds(rules.rule(**rule), text, block))
                .map(|&rule| Candidate { rule, matched: block, secret: block, found: Found::Armor, bounded: true }),
        );
        true
    }

    /// Reads what `name` is given, for the rules with that name and for those that the model `judged`; gives whether one of them
    /// is wide.
    fn assigned(
        &self,
        rules: &RuleSet,
        chunk: &Chunk<'_>,
        name: Span,
        judged: &[RuleId],
        out: &mut Vec<Candidate>,
    ) -> bool {
        let (text, kind) = (chunk.text, chunk.kind);
        if self.names.is_empty() && self.judged.is_empty()
            || kind.syntax == Syntax::Binary
            || name.len() >= MAX_IDENTIFIER
        {
            return false;
        }
        let mut wide = false;
        assignment::read(chunk, name, |assignment| {
            let value = assignment.value;
            let found = |letters| Found::Assignment { name, letters, way: assignment.way, quoted: assignment.quoted };
            let candidate =
                |rule, letters| Candidate { rule, matched: value, secret: value, found: found(letters), bounded: true };
            if assignment.plain {
                for (rule, letters) in self.named(last_part(name.of(text), kind.syntax)) {
                    let matches = rules.rule(rule).matches_whole(value.of(text));
                    wide |= matches && is_wide(rules.rule(rule), value.len());
                    if matches && token_lane::near_holds(rules.rule(rule), text, value) {
                        out.push(candidate(rule, letters));
                    }
                }
            }
            out.extend(judged.iter().map(|&rule| candidate(rule, 0)));
        });
        wide
    }

    /// The rules one of whose names stands in `identifier` as whole words, with the letters of the longest.
    fn named(&self, identifier: &[u8]) -> Vec<(RuleId, usize)> {
        // The words one behind another, in lower case, and where each begins; at the end where the last one ends.
        let (mut glued, mut starts) = ([0; MAX_IDENTIFIER], [0; MAX_IDENTIFIER + 1]);
        let (mut length, mut count) = (0, 0);
        each_word(identifier, |word| {
            glued[length..length + word.len()].copy_from_slice(word);
            length += word.len();
            count += 1;
            starts[count] = length;
        });
        glued[..length].make_ascii_lowercase();
        let mut rules: Vec<(RuleId, usize)> = Vec::new();
        for (first, &start) in starts[..count].iter().enumerate() {
            let ends = starts[first + 1..=count].iter().take_while(|end| *end - start <= self.longest_name);
            for name in ends.map(|&end| &glued[start..end]) {
                rules.extend(self.names.get(name).into_iter().flatten().map(|&rule| (rule, name.len())));
            }
        }
        rules.sort_unstable_by_key(|&(rule, letters)| (rule, std::cmp::Reverse(letters)));
        rules.dedup_by_key(|(rule, _)| *rule);
        rules
    }
}
