//! HCL (Terraform): blocks with labels, attributes and inner blocks, read off the tokens.

use super::lexer::{self, Kind, Token};
use super::{language, locate::Locator};
use crate::span::Position;

/// Deepest nesting.
const DEEPEST: usize = 32;

/// A block such as `resource "aws_s3_bucket" "assets" { ... }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its type and labels.
    pub words: Vec<String>,
    /// Where it stands.
    pub at: Position,
    /// Names and values; a value is its tokens, joined.
    pub attributes: Vec<(String, String, Position)>,
    /// Blocks inside.
    pub inner: Vec<Block>,
}

impl Block {
    /// The value of the attribute `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value.as_str())
    }

    /// Is it a resource of the type `kind`?
    pub fn is_resource(&self, kind: &str) -> bool {
        self.words.first().is_some_and(|word| word == "resource") && self.words.get(1).is_some_and(|word| word == kind)
    }

    /// It and all blocks below.
    pub fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.inner.iter().flat_map(Self::all)).collect()
    }
}

/// The blocks of `text`.
pub fn read(text: &str) -> Vec<Block> {
    let Some(language) = language::of("x.tf", "") else { return Vec::new() };
    let tokens = lexer::tokens(text, language);
    let mut reader = Reader { text, tokens: &tokens, next: 0, locator: Locator::new(text.as_bytes()) };
    let mut blocks = Vec::new();
    while reader.next < tokens.len() {
        blocks.extend(reader.body(0).1);
        // A brace too many ends a body: go on behind it.
    }
    blocks
}

struct Reader<'t> {
    text: &'t str,
    tokens: &'t [Token],
    next: usize,
    locator: Locator<'t>,
}

type Body = (Vec<(String, String, Position)>, Vec<Block>);

impl<'t> Reader<'t> {
    fn of(&self, token: &Token) -> &'t str {
        self.text.get(token.span.start..token.span.end).unwrap_or_default()
    }

    fn body(&mut self, depth: usize) -> Body {
        let (mut attributes, mut blocks, mut words, mut start) = (Vec::new(), Vec::new(), Vec::<String>::new(), 0);
        while let Some(token) = self.tokens.get(self.next) {
            self.next += 1;
            if words.is_empty() {
                start = token.span.start;
            }
            match (token.kind, self.of(token)) {
                (Kind::Sign, "}") => return (attributes, blocks),
                (Kind::Sign, "{") => {
                    let at = self.locator.position(start);
                    let inner = if depth < DEEPEST { self.body(depth + 1) } else { Body::default() };
                    blocks.push(Block { words: std::mem::take(&mut words), at, attributes: inner.0, inner: inner.1 });
                }
                (Kind::Sign, "=") => {
                    let at = self.locator.position(start);
                    let value = self.value();
                    attributes.extend(words.pop().map(|name| (name, value, at)));
                    words.clear();
                }
                (Kind::Sign, _) => {}
                (_, word) => {
                    if token.indent.is_some() {
                        words.clear();
                        start = token.span.start;
                    }
                    words.push(word.to_owned());
                }
            }
        }
        (attributes, blocks)
    }

    /// The tokens up to the next line that is outside of brackets.
    fn value(&mut self) -> String {
        let (mut value, mut open) = (String::new(), 0_usize);
        while let Some(token) = self.tokens.get(self.next) {
            let word = self.of(token);
            if open == 0 && (token.indent.is_some() || word == "}" && token.kind == Kind::Sign) && !value.is_empty() {
                break;
            }
            self.next += 1;
            if token.kind == Kind::Sign {
                open += usize::from(matches!(word, "{" | "[" | "("));
                open = open.saturating_sub(usize::from(matches!(word, "}" | "]" | ")")));
            }
            value.push_str(word);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_attributes_are_read() {
        let text = "# x\nresource \"aws_s3_bucket\" \"a\" {\n  acl = \"private\"\n  tags = {\n    b = 1\n  }\n  versioning {\n    enabled = true\n  }\n}\n";
        let blocks = read(text);
        assert!(blocks[0].is_resource("aws_s3_bucket"));
        assert_eq!((blocks[0].get("acl"), blocks[0].at.line), (Some("private"), 2));
        assert_eq!(blocks[0].inner[0].get("enabled"), Some("true"));
        for broken in ["}", "a = ", "{", "= =", &"a {".repeat(2000)] {
            read(broken);
        }
    }
}
