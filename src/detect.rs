//! Detection: chunks in, candidates out.
//!
//! Two lanes find candidates without walking an automaton over ordinary text: the token lane looks inside long runs, the
//! name lane reads what stands around a few stems. Pure: no paths, no I/O, no allocation without a hit. Every candidate is
//! decided by bytes within [`MARGIN`] of where it begins, so chunks that overlap by it find what a whole blob holds.

mod anywhere;
pub mod armor;
pub mod assignment;
mod boundary;
mod drawn;
mod encoded;
mod escapes;
mod focus;
mod head;
pub mod identifier;
mod name_lane;
mod near;
mod prefixes;
pub mod runs;
mod shapes;
mod simd;
pub mod stems;
mod token_lane;
pub mod url;
mod words;

pub use encoded::Encoded;
pub use focus::Focus;

use crate::blob::Chunk;
use crate::rule::lane::{MAX_SPAN, NEAR_DISTANCE};
use crate::rule::{Confidence, Rule, RuleId, RuleSet};
use crate::span::Span;
use std::sync::Arc;
use std::time::Duration;

/// How many bytes around the beginning of a candidate can decide about it.
pub const MARGIN: usize = 2 * MAX_SPAN;

/// How many bytes decide about a candidate at most, from the first one that counts to the last, unless what it begins with is
/// told by [`Scratch::wide`]: a value of an assignment, its name, and the words that have to stand near on both sides.
pub const REACH: usize = assignment::MAX_VALUE + SLACK + 2 * NEAR_DISTANCE as usize;

/// What goes on for as long may be longer than [`REACH`].
const WIDE: usize = REACH / 2;

/// What may stand around a match and counts: an escape before it, the bytes that would continue it; or a name and an operator.
const SLACK: usize = 512;

/// How far from a name and its value something is looked at that speaks for or against them.
pub const CONTEXT: usize = 352;

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// By a literal it begins with.
    Prefix {
        /// Length of the literal.
        literal: usize,
    },
    /// By a literal that no other thing begins with, though the rest has not the rule's shape.
    Marked {
        /// Length of the literal.
        literal: usize,
    },
    /// By its shape behind a word.
    Shape {
        /// From the beginning of the word to the value, in bytes.
        distance: usize,
    },
    /// As the value of an assignment.
    Assignment {
        /// The identifier.
        name: Span,
        /// Letters of the longest of the rule's names in it: the longer, the more specific.
        letters: usize,
        /// How the value is given.
        way: assignment::Way,
        /// Does the value stand in quotes?
        quoted: bool,
    },
    /// As the password of a URL.
    Url {
        /// The user name in front of it.
        user: Span,
        /// The host behind it.
        host: Span,
    },
    /// As an armoured block.
    Armor,
    /// In text that is written in Base64.
    Decoded,
    /// By what it looks like.
    Drawn {
        /// Does it stand in quotes?
        quoted: bool,
    },
}

/// A span that a rule wants judged; all spans are offsets in the chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rule.
    pub rule: RuleId,
    /// Everything the rule matched.
    pub matched: Span,
    /// The part that is secret.
    pub secret: Span,
    /// How it was found.
    pub found: Found,
    /// Does nothing continue the match on either side?
    pub bounded: bool,
}

impl Candidate {
    /// Does anything new decide about it?
    fn concerns(&self, rules: &RuleSet, focus: Focus<'_>) -> bool {
        let rule = rules.rule(self.rule);
        let words = rule.word_distance();
        match self.found {
            Found::Armor | Found::Decoded | Found::Drawn { .. } => true,
            Found::Shape { .. } => focus.holds(self.secret, rule.near_distance() + 16, 1),
            Found::Assignment { name, .. } => {
                let whole = Span::new(name.start.min(self.secret.start), name.end.max(self.secret.end));
                focus.holds(whole, words.max(CONTEXT), words.max(CONTEXT))
            }
            Found::Url { .. } => focus.holds(self.matched, CONTEXT, SLACK),
            Found::Prefix { .. } | Found::Marked { .. } => {
                // What the pattern might have matched instead decides, too.
                let longest = rule.facts().map_or(0, |facts| facts.max_len as usize);
                let more = longest.saturating_sub(self.matched.len());
                focus.holds(self.matched, boundary::REACH + words, more + words + 1)
            }
        }
    }
}

/// Reusable space of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    classes: runs::Classes,
    runs: Vec<Span>,
    stems: Vec<u64>,
    wide: bool,
    /// The texts in Base64 that the last chunk held, in order.
    pub encoded: Vec<Encoded>,
}

impl Scratch {
    /// Did the last chunk hold the beginning of something that takes more than [`REACH`] bytes to decide about?
    pub const fn wide(&self) -> bool {
        self.wide
    }
}

/// Finds the candidates of a set of rules.
#[derive(Debug)]
pub struct Detector {
    tokens: token_lane::TokenLane,
    names: name_lane::NameLane,
    anywhere: anywhere::Anywhere,
}

impl Detector {
    /// A detector for `rules` whose findings count from the confidence `least` on; its automata are built when first needed.
    pub fn new(rules: &Arc<RuleSet>, least: Confidence) -> Self {
        let anywhere = anywhere::Anywhere::new(rules, least);
        let names = name_lane::NameLane::new(rules, anywhere.rules());
        Self { tokens: token_lane::TokenLane::new(rules), names, anywhere }
    }

    /// Makes what is else made at the first text, for those who have something else to wait for.
    pub fn make_ready(&self) {
        self.tokens.make_ready();
        self.names.make_ready();
    }

    /// Calls `visit` for every place where the pattern of a rule of the token lane is tried, with the time that it took.
    pub fn tries(&self, text: &[u8], scratch: &mut Scratch, visit: impl FnMut(RuleId, Duration)) {
        self.tokens.tries(text, scratch, visit);
    }

    /// Appends the candidates in `chunk`, margins included, to `out`, in no particular order; the texts in Base64 are left in
    /// `scratch`, for who wants to look into them. Where nothing new decides about a candidate, it may be left out.
    pub fn detect(&self, chunk: &Chunk<'_>, focus: Focus<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        simd::with_vectors(|| self.detect_all(chunk, focus, scratch, out));
    }

    #[inline(always)]
    fn detect_all(&self, chunk: &Chunk<'_>, focus: Focus<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        scratch.wide = false;
        let first = out.len();
        self.tokens.detect(chunk.text, focus, scratch, out);
        escapes::find(chunk.text, &scratch.classes, focus, &mut scratch.encoded);
        self.names.detect(chunk, focus, scratch, out);
        self.anywhere.detect(chunk, scratch, out);
        if focus.is_narrow() {
            let mut rest = out.split_off(first);
            rest.retain(|candidate| candidate.concerns(self.tokens.rules(), focus));
            out.append(&mut rest);
        }
    }
}

/// Can a match of `rule` of at most `longest` bytes, with what decides about it, be longer than [`REACH`]?
fn is_wide(rule: &Rule, longest: usize) -> bool {
    rule.extends() || longest + 2 * rule.near_distance() + SLACK > REACH
}

/// Could a match of `rule` that begins at `at` be so long that [`REACH`] does not hold what decides about it?
///
/// The bytes of the pattern may be followed by others soon: then it is short, whatever the pattern allows.
fn is_wide_at(rule: &Rule, text: &[u8], at: usize) -> bool {
    let bytes = |byte: &&u8| rule.facts().is_none_or(|facts| facts.bytes.contains(**byte));
    let longest = rule.facts().map_or(0, |facts| facts.max_len as usize);
    is_wide(rule, longest) && text[at..].iter().take(WIDE).take_while(bytes).count() == WIDE
}
