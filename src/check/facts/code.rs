//! Looking at the tokens of a program.

use crate::check::parse::language::Language;
use crate::check::parse::lexer::{Kind, Token};

/// A program and its tokens.
#[derive(Clone, Copy, Debug)]
pub struct Code<'t> {
    /// The text.
    pub text: &'t str,
    /// Its tokens.
    pub tokens: &'t [Token],
    /// Its language.
    pub language: &'static Language,
}

impl<'t> Code<'t> {
    /// The kind of the token at `at`.
    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// What the token at `at` says; empty behind the end.
    pub fn of(&self, at: usize) -> &'t str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span.start..token.span.end)).unwrap_or_default()
    }

    /// Is the token at `at` the sign or word `what`?
    pub fn is(&self, at: usize, what: &str) -> bool {
        self.kind(at).is_some_and(|kind| kind != Kind::Text) && self.of(at) == what
    }

    /// The text at `at`, if there is one.
    pub fn text_at(&self, at: usize) -> Option<&'t str> {
        (self.kind(at) == Some(Kind::Text)).then(|| self.of(at))
    }

    /// The word at `at`, if there is one.
    pub fn word(&self, at: usize) -> Option<&'t str> {
        (self.kind(at) == Some(Kind::Word)).then(|| self.of(at))
    }

    /// Where the token at `at` begins.
    pub fn start(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(self.text.len(), |token| token.span.start)
    }

    /// The dotted name that ends with the word at `at`: `os.environ.get`.
    pub fn path(&self, at: usize) -> String {
        let mut parts = vec![self.of(at)];
        let mut first = at;
        for _ in 0..6 {
            let dots = match () {
                () if first >= 2 && (self.is(first - 1, ".")) => 1,
                () if first >= 3 && self.is(first - 1, ":") && self.is(first - 2, ":") => 2,
                () if first >= 3 && self.is(first - 1, ">") && self.is(first - 2, "-") => 2,
                () => break,
            };
            // `a?.b`
            let dots = dots + usize::from(first > dots + 1 && self.is(first - dots - 1, "?"));
            let Some(part) = first.checked_sub(dots + 1).and_then(|before| self.word(before)) else { break };
            first -= dots + 1;
            parts.push(part);
        }
        parts.reverse();
        parts.join(".")
    }

    /// The place behind the bracket that closes the one at `open`; at most some hundred tokens on.
    pub fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        let end = self.tokens.len().min(open + 400);
        for at in open..end {
            if self.kind(at) == Some(Kind::Sign) {
                match self.of(at) {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return at;
                        }
                    }
                    _ => {}
                }
            }
        }
        end
    }

    /// The arguments of the call whose bracket is at `open`: the first and last token of each, the last not included.
    pub fn arguments(&self, open: usize) -> Vec<(usize, usize)> {
        let close = self.closing(open);
        let (mut arguments, mut start, mut at) = (Vec::new(), open + 1, open + 1);
        while at < close {
            if self.kind(at) == Some(Kind::Sign) {
                match self.of(at) {
                    "(" | "[" | "{" => at = self.closing(at),
                    "," => {
                        arguments.push((start, at));
                        start = at + 1;
                    }
                    _ => {}
                }
            }
            at += 1;
        }
        if start < close {
            arguments.push((start, close));
        }
        arguments
    }

    /// The named argument `name` of a call: where its value begins and ends.
    pub fn argument(&self, open: usize, name: &str) -> Option<(usize, usize)> {
        let named = |(start, end): &(usize, usize)| {
            let colon_or_equals = self.is(start + 1, "=") || self.is(start + 1, ":");
            (self.of(*start) == name && colon_or_equals).then_some((start + 2, *end))
        };
        self.arguments(open).iter().find_map(named)
    }

    /// Is the word at `at` called?
    pub fn is_call(&self, at: usize) -> bool {
        self.is(at + 1, "(")
    }
}
