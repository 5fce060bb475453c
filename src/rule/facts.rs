//! What a pattern promises, read off its syntax tree: longest match, guaranteed runs, what would continue it.
//!
//! Takes a pattern, gives [`Facts`]; the lanes and the chunk overlap are computed from these and never guessed.
//! Also compiled into the build script, so that loading the built-in rules parses no pattern.

use super::lane::{RUN_MIN, is_token_byte};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// The set of bytes for which `holds` is true.
    pub fn from_fn(holds: impl Fn(u8) -> bool) -> Self {
        let mut set = Self::default();
        (0..=255).filter(|&byte| holds(byte)).for_each(|byte| set.insert(byte));
        set
    }

    /// Adds one byte.
    pub fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    /// Is `byte` in it?
    #[inline]
    pub const fn contains(&self, byte: u8) -> bool {
        self.0[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
    }

    /// All bytes of either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }
}

/// One class repeated and nothing else: what `near` rules look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The characters.
    pub class: ByteSet,
    /// Fewest of them.
    pub min: u32,
    /// Most of them.
    pub max: u32,
}

/// What is known about every match of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Shortest match in bytes.
    pub min_len: u32,
    /// Longest match in bytes.
    pub max_len: u32,
    /// Bytes that would continue a match to its right: its last class.
    pub tail: ByteSet,
    /// Latest offset in a match at which a run of [`RUN_MIN`] token characters begins, if every match holds one.
    pub run_at: Option<u32>,
    /// What is no token character and may stand before that run.
    pub gap: ByteSet,
    /// What is no token character and may stand behind the beginning of that run.
    pub behind: ByteSet,
    /// Every byte that can stand in a match.
    pub bytes: ByteSet,
    /// Does a match consist of token characters alone?
    pub only_tokens: bool,
    /// What the third byte of a match can be.
    pub third: ByteSet,
    /// Set if the pattern is one class of token characters repeated.
    pub shape: Option<Shape>,
    /// Does it have a group named `secret`?
    pub has_group: bool,
}

/// Reads the facts off `pattern`.
///
/// # Errors
/// In words, with what to mend: the pattern does not parse, can match nothing, or has no longest match.
pub fn facts(pattern: &str) -> Result<Facts, String> {
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .map_err(|error| format!("the pattern does not parse: {error}"))?;
    let properties = hir.properties();
    let Some(max_len) = properties.maximum_len() else {
        return Err("the pattern has no longest match: write `{1,200}` in place of `+` and `*`".to_owned());
    };
    let min_len = properties.minimum_len().unwrap_or(0);
    if min_len == 0 {
        return Err("the pattern matches the empty text: it has to ask for something".to_owned());
    }
    if !properties.look_set().is_empty() {
        return Err("anchors and word boundaries are not for rules: what may stand beside a match is fixed".to_owned());
    }
    let walk = Walk::default().over(&hir);
    Ok(Facts {
        min_len: u32::try_from(min_len).unwrap_or(u32::MAX),
        max_len: u32::try_from(max_len).unwrap_or(u32::MAX),
        tail: tail(&hir),
        run_at: walk.found,
        gap: walk.gap,
        behind: walk.behind,
        bytes: all_bytes(&hir),
        only_tokens: all_tokens(&all_bytes(&hir)),
        third: heads(&hir).0.get(2).copied().unwrap_or_else(|| ByteSet::from_fn(|_| true)),
        shape: shape(&hir),
        has_group: pattern.contains("(?<secret>") || pattern.contains("(?P<secret>"),
    })
}

/// The state of a left-to-right walk over a pattern; all figures hold for every match.
#[derive(Clone, Copy, Default)]
struct Walk {
    /// Latest offset at which the walk can stand.
    offset: u32,
    /// Token characters that surely stand right before it, and where they began at the latest.
    run: u32,
    run_start: u32,
    /// Where the first long enough run began at the latest, and what is no token character before it and behind that.
    found: Option<u32>,
    gap: ByteSet,
    behind: ByteSet,
}

impl Walk {
    fn over(self, hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => self,
            HirKind::Literal(literal) => {
                literal.0.iter().fold(self, |walk, &byte| walk.step(ByteSet::from_fn(|b| b == byte), 1, 1))
            }
            HirKind::Class(class) => self.step(bytes_of(class), 1, 1),
            HirKind::Capture(capture) => self.over(&capture.sub),
            HirKind::Concat(parts) => parts.iter().fold(self, Self::over),
            HirKind::Alternation(branches) => {
                branches.iter().map(|branch| self.over(branch)).reduce(Self::either).unwrap_or(self)
            }
            HirKind::Repetition(repetition) => {
                let sub = &repetition.sub;
                let length = |len: Option<usize>| u32::try_from(len.unwrap_or(0)).unwrap_or(u32::MAX);
                let fewest = repetition.min.saturating_mul(length(sub.properties().minimum_len()));
                let most = repetition.max.unwrap_or(u32::MAX).saturating_mul(length(sub.properties().maximum_len()));
                self.step(all_bytes(sub), fewest, most)
            }
        }
    }

    /// Steps over `fewest..=most` bytes out of `bytes`.
    fn step(mut self, bytes: ByteSet, fewest: u32, most: u32) -> Self {
        if all_tokens(&bytes) {
            if self.run == 0 {
                self.run_start = self.offset;
            }
            self.run = self.run.saturating_add(fewest);
            if self.run >= RUN_MIN as u32 && self.found.is_none() {
                self.found = Some(self.run_start);
            }
        } else {
            self.run = 0;
            let signs = ByteSet::from_fn(|byte| bytes.contains(byte) && !is_token_byte(byte));
            let side = if self.found.is_none() { &mut self.gap } else { &mut self.behind };
            *side = side.union(signs);
        }
        self.offset = self.offset.saturating_add(most);
        self
    }

    /// What holds whichever of the two walks was taken.
    fn either(self, other: Self) -> Self {
        Self {
            offset: self.offset.max(other.offset),
            run: self.run.min(other.run),
            run_start: self.run_start.max(other.run_start),
            found: self.found.zip(other.found).map(|(one, two)| one.max(two)),
            gap: self.gap.union(other.gap),
            behind: self.behind.union(other.behind),
        }
    }
}

/// The bytes of a class; all for one that holds more than single bytes.
fn bytes_of(class: &Class) -> ByteSet {
    let mut set = ByteSet::default();
    let mut insert = |start: u32, end: u32| (start..=end.min(255)).for_each(|byte| set.insert(byte as u8));
    match class {
        Class::Bytes(class) => class.iter().for_each(|range| insert(range.start().into(), range.end().into())),
        Class::Unicode(class) => class.iter().for_each(|range| insert(range.start().into(), range.end().into())),
    }
    set
}

fn all_tokens(set: &ByteSet) -> bool {
    (0..=255).all(|byte| !set.contains(byte) || is_token_byte(byte))
}

/// Every byte that can stand anywhere in a match.
fn all_bytes(hir: &Hir) -> ByteSet {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => ByteSet::default(),
        HirKind::Literal(literal) => ByteSet::from_fn(|byte| literal.0.contains(&byte)),
        HirKind::Class(class) => bytes_of(class),
        HirKind::Repetition(repetition) => all_bytes(&repetition.sub),
        HirKind::Capture(capture) => all_bytes(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(all_bytes).fold(ByteSet::default(), ByteSet::union)
        }
    }
}

/// Most bytes of a match's beginning that [`heads`] tells.
const HEADS: usize = 4;

/// What the first bytes of a match can be, as far as that is fixed, up to [`HEADS`]; and whether it is all of a match.
fn heads(hir: &Hir) -> (Vec<ByteSet>, bool) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (Vec::new(), true),
        HirKind::Literal(literal) => (
            literal.0.iter().take(HEADS).map(|&byte| ByteSet::from_fn(|b| b == byte)).collect(),
            literal.0.len() <= HEADS,
        ),
        HirKind::Class(class) => (vec![bytes_of(class)], true),
        HirKind::Capture(capture) => heads(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (sub, whole) = heads(&repetition.sub);
            let times = if whole { repetition.min.min(HEADS as u32) } else { repetition.min.min(1) };
            let mut sets = sub.repeat(times as usize);
            let whole = whole
                && repetition.max == Some(repetition.min)
                && sets.len() <= HEADS
                && repetition.min <= HEADS as u32;
            sets.truncate(HEADS);
            (sets, whole)
        }
        HirKind::Concat(parts) => {
            let mut sets = Vec::new();
            for part in parts {
                let (more, whole) = heads(part);
                sets.extend(more);
                if !whole || sets.len() >= HEADS {
                    sets.truncate(HEADS);
                    return (sets, false);
                }
            }
            (sets, true)
        }
        HirKind::Alternation(branches) => {
            let all: Vec<_> = branches.iter().map(heads).collect();
            let shared = all.iter().map(|(sets, _)| sets.len()).min().unwrap_or(0);
            let whole = all.iter().all(|(sets, whole)| *whole && sets.len() == shared);
            let union = |at: usize| all.iter().map(|(sets, _)| sets[at]).fold(ByteSet::default(), ByteSet::union);
            ((0..shared).map(union).collect(), whole)
        }
    }
}

/// The bytes a match can end with, where the end is a class; a literal end continues with nothing.
fn tail(hir: &Hir) -> ByteSet {
    match hir.kind() {
        HirKind::Class(class) => bytes_of(class),
        HirKind::Repetition(repetition) => tail(&repetition.sub),
        HirKind::Capture(capture) => tail(&capture.sub),
        HirKind::Concat(parts) => {
            let mut set = ByteSet::default();
            for part in parts.iter().rev() {
                set = set.union(tail(part));
                if part.properties().minimum_len() != Some(0) {
                    break;
                }
            }
            set
        }
        HirKind::Alternation(branches) => branches.iter().map(tail).fold(ByteSet::default(), ByteSet::union),
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => ByteSet::default(),
    }
}

/// The shape, if `hir` is one class of token characters with one repetition, groups aside.
fn shape(hir: &Hir) -> Option<Shape> {
    match hir.kind() {
        HirKind::Capture(capture) => shape(&capture.sub),
        HirKind::Repetition(repetition) => {
            let HirKind::Class(class) = repetition.sub.kind() else { return None };
            let class = bytes_of(class);
            let max = repetition.max?;
            all_tokens(&class).then_some(Shape { class, min: repetition.min, max })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_behind_a_dotted_prefix_is_found_at_its_offset() {
        let facts = facts(r"SG\.[\w-]{22}\.[\w-]{43}").expect("parses");
        assert_eq!((facts.run_at, facts.min_len, facts.max_len), (Some(3), 69, 69));
        assert!(facts.tail.contains(b'-') && !facts.tail.contains(b'.'));
    }

    #[test]
    fn every_branch_must_promise_the_run() {
        assert_eq!(facts("a{20}|b{10}").expect("parses").run_at, None);
        assert_eq!(facts("x:(a{20}|b{17})").expect("parses").run_at, Some(2));
    }

    #[test]
    fn a_variable_part_before_the_run_counts_with_its_longest() {
        assert_eq!(facts(r"[a-z]{1,9}\.[0-9a-f]{32}").expect("parses").run_at, Some(10));
    }

    #[test]
    fn what_stands_before_the_run_and_third_is_known() {
        let facts = facts(r"s[kp]_?[0-9]\.[a-z]{20}").expect("parses");
        assert_eq!(facts.third, ByteSet::from_fn(|_| true), "the underscore may be there or not");
        assert_eq!(facts.gap, ByteSet::from_fn(|byte| byte == b'.'));
        let facts = super::facts("(?:5[HJK]|[KL]1)[a-f]{20}").expect("parses");
        assert_eq!(facts.third, ByteSet::from_fn(|byte| (b'a'..=b'f').contains(&byte)));
        assert!(facts.only_tokens);
    }

    #[test]
    fn one_repeated_class_is_a_shape() {
        let shape = facts("[0-9a-f]{32,40}").expect("parses").shape.expect("is a shape");
        assert_eq!((shape.min, shape.max, shape.class.contains(b'g')), (32, 40, false));
        assert_eq!(facts("k[0-9a-f]{32}").expect("parses").shape, None);
    }

    #[test]
    fn what_has_no_longest_match_is_refused_with_the_mend() {
        for pattern in ["a+", "x[a-z]*", "a{3,}"] {
            assert!(facts(pattern).expect_err("unbounded").contains("{1,200}"), "{pattern}");
        }
        assert!(facts(r"\bkey").is_err() && facts("a{0,3}").is_err() && facts("(").is_err());
    }
}
