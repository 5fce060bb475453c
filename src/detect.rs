//! Detection: chunks in, candidates out.
//!
//! Two lanes find candidates without walking an automaton over ordinary text: the token lane looks inside long runs, the
//! name lane reads what stands around a few stems. Pure: no paths, no I/O, no allocation without a hit. Every candidate is
//! decided by bytes within [`MARGIN`] of where it begins, so chunks that overlap by it find what a whole blob holds.

pub mod armor;
pub mod assignment;
mod boundary;
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

use crate::blob::Chunk;
use crate::rule::lane::MAX_SPAN;
use crate::rule::{RuleId, RuleSet};
use crate::span::Span;
use std::sync::Arc;

/// How many bytes around the beginning of a candidate can decide about it.
pub const MARGIN: usize = 2 * MAX_SPAN;

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// By a literal it begins with.
    Prefix {
        /// Length of the literal.
        literal: usize,
    },
    /// By its shape behind a word.
    Shape,
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

/// Reusable space of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    mask: Vec<u64>,
}

/// Finds the candidates of a set of rules.
#[derive(Debug)]
pub struct Detector {
    tokens: token_lane::TokenLane,
    names: name_lane::NameLane,
}

impl Detector {
    /// A detector for `rules`; its automata are built when first needed.
    pub fn new(rules: &Arc<RuleSet>) -> Self {
        Self { tokens: token_lane::TokenLane::new(rules), names: name_lane::NameLane::new(rules) }
    }

    /// Appends the candidates in `chunk`, margins included, to `out`, in no particular order.
    pub fn detect(&self, chunk: &Chunk<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        self.tokens.detect(chunk.text, &mut scratch.mask, out);
        self.names.detect(chunk, &mut scratch.mask, out);
    }
}
