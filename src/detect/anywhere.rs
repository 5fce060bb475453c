//! What looks drawn at random wherever it stands: without a mark, a name, or a provider's word in front.
//!
//! A second look at every run and every literal in quotes, and at the arguments of calls that log in. It costs more than both lanes
//! together, so it is taken only if there are rules for it and their hints are asked for.

mod accounts;
mod commands;
mod numbers;
mod providers;
mod read;

use super::assignment::Assignment;
use super::drawn::Drawn;
use super::{Candidate, Found, Scratch, armor, runs};
use crate::blob::{Chunk, Syntax};
use crate::rule::lane::RUN_MIN;
use crate::rule::{Confidence, RuleId, RuleSet};
use crate::span::Span;
use providers::Providers;
use std::sync::{Arc, OnceLock};

/// Longest value, in bytes; what is longer is data.
const LONGEST: usize = 1280;

/// Shortest and longest literal in quotes.
const SHORTEST_QUOTED: usize = 8;
const LONGEST_QUOTED: usize = 200;

#[derive(Debug)]
pub(super) struct Anywhere {
    hints: Vec<RuleId>,
    rules: Arc<RuleSet>,
    providers: OnceLock<Providers>,
}

impl Anywhere {
    /// Takes the rules for it whose findings count from `least` on.
    pub(super) fn new(rules: &Arc<RuleSet>, least: Confidence) -> Self {
        let hints = rules.iter().filter(|(_, rule)| rule.is_hint() && rule.can_reach(least));
        let hints = hints.map(|(id, _)| id).collect();
        Self { hints, rules: Arc::clone(rules), providers: OnceLock::new() }
    }

    pub(super) fn rules(&self) -> &[RuleId] {
        &self.hints
    }

    pub(super) fn detect(&self, chunk: &Chunk<'_>, scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        if self.hints.is_empty() || chunk.kind.syntax == Syntax::Binary {
            return;
        }
        let text = chunk.text;
        let mut add = |value: Span, quoted: bool| {
            let found = Found::Drawn { quoted };
            let candidate = |&rule| Candidate { rule, matched: value, secret: value, found, bounded: true };
            out.extend(self.hints.iter().map(candidate));
        };
        runs::find(text, &mut scratch.classes, &mut scratch.runs);
        scratch.runs.iter().for_each(|run| in_run(text, *run, |value| add(value, false)));
        in_quotes(text, |value| add(value, true));
        heads(text, |head| add(head, false));
        let mut named = |name: Span, read: Assignment| {
            let found = Found::Assignment { name, letters: 0, way: read.way, quoted: read.quoted };
            let candidate = |&rule| Candidate { rule, matched: read.value, secret: read.value, found, bounded: true };
            out.extend(self.hints.iter().map(candidate));
        };
        read::leads(chunk, &mut named);
        read::tables(chunk, &mut named);
        read::records(text, &mut named);
        commands::detect(text, &mut named);
        accounts::lines(text, &mut named);
        accounts::inserted(text, &mut named);
        accounts::compared(text, &mut named);
        numbers::lists(text, &mut named);
        self.providers.get_or_init(|| Providers::of(&self.rules)).detect(text, &mut named);
    }
}

/// Calls `visit` with what looks drawn in `run`: what stands between equals signs, and the pieces of it between other signs.
fn in_run(text: &[u8], run: Span, mut visit: impl FnMut(Span)) {
    let mut kinds = Drawn::default();
    kinds.read(text, run);
    for whole in pieces(text, run, |byte| byte == b'=').filter(|whole| whole.len() <= LONGEST) {
        let drawn = |piece: Span| piece.len() >= RUN_MIN && is_mixed(piece.of(text)) && kinds.looks_drawn(piece);
        if drawn(whole) {
            visit(whole);
        }
        let inner = |signs: &'static [u8]| pieces(text, whole, move |byte| signs.contains(&byte));
        let parts = inner(b"/").chain(inner(b"/_-+"));
        parts.filter(|part| *part != whole && drawn(*part)).for_each(&mut visit);
    }
}

/// The stretches of `span` between the bytes for which `ends` is true.
fn pieces<'t>(text: &'t [u8], span: Span, ends: impl Fn(u8) -> bool + 't) -> impl Iterator<Item = Span> + 't {
    let mut start = span.start;
    span.of(text).split(move |byte| ends(*byte)).map(move |piece| {
        let this = Span::new(start, start + piece.len());
        start = this.end + 1;
        this
    })
}

/// Letters and digits, or letters of both cases.
fn is_mixed(value: &[u8]) -> bool {
    let holds = |kind: fn(&u8) -> bool| value.iter().any(kind);
    let letters = (holds(u8::is_ascii_lowercase), holds(u8::is_ascii_uppercase));
    letters == (true, true) || letters != (false, false) && holds(u8::is_ascii_digit)
}

/// Calls `visit` with the first lines of private keys in armour that no block follows: cut off, or put together from literals.
fn heads(text: &[u8], mut visit: impl FnMut(Span)) {
    for at in memchr::memmem::find_iter(text, b"-----BEGIN ") {
        let Some(label) = armor::label(text, at) else { continue };
        let private = [&b"PRIVATE KEY"[..], b"PRIVATE KEY BLOCK"].iter().any(|end| label.of(text).ends_with(end));
        if private && armor::read(text, at).is_none() {
            visit(Span::new(at, label.end + 5));
        }
    }
}

/// Calls `visit` with every literal in quotes that has no white space and more than one kind of character.
fn in_quotes(text: &[u8], mut visit: impl FnMut(Span)) {
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'`');
    for open in text.iter().enumerate().filter(|(_, byte)| is_quote(**byte)).map(|(at, _)| at) {
        let window = &text[open + 1..text.len().min(open + 2 + LONGEST_QUOTED)];
        let end = window.iter().position(|byte| *byte == text[open] || byte.is_ascii_whitespace());
        let Some(end) = end.filter(|&end| window[end] == text[open]) else { continue };
        let length = end - usize::from(end > 0 && window[end - 1] == b'\\');
        let value = Span::new(open + 1, open + 1 + length);
        let digit = window[..length].iter().any(u8::is_ascii_digit);
        if length >= SHORTEST_QUOTED && digit && is_mixed(value.of(text)) {
            visit(value);
        }
    }
}
