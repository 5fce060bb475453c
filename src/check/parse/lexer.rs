//! A light lexer: words, numbers, texts and signs of a program, without its comments and docstrings.
//!
//! It knows of a language what stands in its table and no grammar, so it reads broken programs as well as whole ones.

use super::language::Language;
use crate::span::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword; `$` and `@` in front of it belong to it.
    Word,
    /// A number.
    Number,
    /// A text; its span is what stands between the marks.
    Text,
    /// One sign.
    Sign,
}

/// A piece of a program.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
    /// The column it stands in, if it is the first of its line.
    pub indent: Option<usize>,
    /// Does a text hold values by its own marks (`f"..."`, a backtick)?
    pub filled: bool,
}

/// A program, read.
#[derive(Debug, Default)]
pub struct Lexed {
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// What stands for people: comments and docstrings.
    pub comments: Vec<Span>,
}

/// The tokens of `text`.
pub fn tokens(text: &str, language: &Language) -> Vec<Token> {
    read(text, language).tokens
}

/// The tokens and comments of `text`.
pub fn read(text: &str, language: &Language) -> Lexed {
    let mut lexer =
        Lexer { text, bytes: text.as_bytes(), at: 0, line: 0, fresh: true, language, lexed: Lexed::default() };
    while lexer.at < lexer.bytes.len() {
        lexer.step();
    }
    lexer.lexed
}

/// Names whose texts are documentation.
const DOCUMENTS: &[&str] =
    &["DOCUMENTATION", "EXAMPLES", "RETURN", "USAGE", "HELP", "__doc__", "EPILOG", "DESCRIPTION"];

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Where the line begins.
    line: usize,
    /// Has the line no token yet?
    fresh: bool,
    language: &'t Language,
    lexed: Lexed,
}

impl Lexer<'_> {
    fn starts(&self, what: &str) -> bool {
        self.bytes[self.at..].starts_with(what.as_bytes())
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        if byte == b'\n' {
            self.at += 1;
            (self.line, self.fresh) = (self.at, true);
        } else if byte.is_ascii_whitespace() {
            self.at += 1;
        } else if !self.comment() && !self.pattern() && !self.text() {
            self.plain(byte);
        }
    }

    /// Passes over a comment.
    fn comment(&mut self) -> bool {
        if let Some((open, close)) = self.language.block_comment
            && self.starts(open)
            && (open.starts_with('/') || self.at == self.line)
        {
            let end = memchr::memmem::find(&self.bytes[self.at + open.len()..], close.as_bytes());
            let end = end.map_or(self.bytes.len(), |found| self.at + open.len() + found + close.len());
            if let Some(last) = memchr::memrchr(b'\n', &self.bytes[self.at..end]) {
                (self.line, self.fresh) = (self.at + last + 1, true);
            }
            self.lexed.comments.push(Span::new(self.at, end));
            self.at = end;
            return true;
        }
        let begins = self.language.line_comments.iter().any(|mark| self.starts(mark));
        // `$#`, `${x#y}` and `a#b` are no comments in a shell, nor `http://` anywhere.
        let glued = self.at > 0 && !self.bytes[self.at - 1].is_ascii_whitespace();
        let glued = glued && (self.language.name == "shell" || self.bytes[self.at - 1] == b':');
        if begins && !glued {
            let start = self.at;
            self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |found| self.at + found);
            self.lexed.comments.push(Span::new(start, self.at));
        }
        begins && !glued
    }

    /// Passes over a regular expression.
    fn pattern(&mut self) -> bool {
        if !self.language.slash_patterns || self.bytes[self.at] != b'/' {
            return false;
        }
        let behind_value = self.lexed.tokens.last().is_some_and(|last| match last.kind {
            Kind::Word => !matches!(self.of(*last), "return" | "typeof" | "case" | "in" | "of"),
            Kind::Number | Kind::Text => true,
            Kind::Sign => matches!(self.of(*last), ")" | "]" | "}"),
        });
        let (mut class, mut at) = (false, self.at + 1);
        while !behind_value && at < self.bytes.len() && self.bytes[at] != b'\n' {
            match self.bytes[at] {
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.at = at + 1;
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// Reads a text with its prefix.
    fn text(&mut self) -> bool {
        let bytes = &self.bytes[self.at..];
        let prefix = bytes.iter().take(3).take_while(|byte| b"rRbBfFuUcL@$".contains(byte)).count();
        let raw_marks = bytes[prefix..].iter().take_while(|byte| **byte == b'#').count();
        if self.language.name == "rust"
            && bytes.first().is_some_and(|byte| b"rbc".contains(byte))
            && bytes.get(prefix + raw_marks) == Some(&b'"')
        {
            let close = "\"".to_owned() + &"#".repeat(raw_marks);
            let raw = bytes[..prefix].contains(&b'r');
            return self.long_text(prefix, raw_marks + 1, &close, !raw);
        }
        if self.language.name == "rust" && bytes[0] == b'\'' {
            return self.character();
        }
        if prefix > 0 && (self.language.name == "shell" || self.language.name == "ruby") {
            return false;
        }
        let start = &self.bytes[self.at + prefix..];
        if let Some(mark) = self.language.long_quotes.iter().find(|mark| start.starts_with(mark.as_bytes())) {
            let escapes =
                !(*mark == "'" && self.language.name == "shell" || *mark == "`" && self.language.name == "go");
            return self.long_text(prefix, mark.len(), mark, escapes);
        }
        match start.first().filter(|byte| self.language.quotes.as_bytes().contains(byte)) {
            Some(mark) => self.short_text(prefix, *mark),
            None => false,
        }
    }

    fn long_text(&mut self, prefix: usize, mark: usize, close: &str, escapes: bool) -> bool {
        let start = self.at + prefix + mark;
        let mut at = start;
        while at < self.bytes.len() && !self.bytes[at..].starts_with(close.as_bytes()) {
            at += if escapes && self.bytes[at] == b'\\' { 2 } else { 1 };
        }
        let end = at.min(self.bytes.len());
        let filled = self.bytes[self.at..start].iter().any(|byte| b"fF`$".contains(byte));
        self.push(Kind::Text, Span::new(start.min(end), end), filled);
        if let Some(last) = memchr::memrchr(b'\n', &self.bytes[start.min(end)..end]) {
            self.line = start + last + 1;
        }
        self.at = (end + close.len()).min(self.bytes.len());
        true
    }

    fn short_text(&mut self, prefix: usize, mark: u8) -> bool {
        let start = self.at + prefix + 1;
        let mut at = start;
        while at < self.bytes.len() && self.bytes[at] != mark && self.bytes[at] != b'\n' {
            at += if self.bytes[at] == b'\\' && self.bytes.get(at + 1).is_some_and(|next| *next != b'\n') {
                2
            } else {
                1
            };
        }
        let end = at.min(self.bytes.len());
        let filled =
            self.bytes[self.at..start].iter().any(|byte| b"fF$".contains(byte)) || self.language.name == "ruby";
        self.push(Kind::Text, Span::new(start, end), filled);
        self.at = if self.bytes.get(end) == Some(&mark) { end + 1 } else { end };
        true
    }

    /// A character, or the mark of a lifetime.
    fn character(&mut self) -> bool {
        let rest = &self.text[self.at + 1..];
        let length = match rest.chars().next() {
            Some('\\') => rest.char_indices().skip(2).find(|(_, c)| *c == '\'').map(|(at, _)| at + 1),
            Some(c) => rest[c.len_utf8()..].starts_with('\'').then_some(c.len_utf8() + 1),
            None => None,
        };
        self.at += 1 + length.filter(|length| *length < 16).unwrap_or_default();
        self.fresh = false;
        true
    }

    fn plain(&mut self, byte: u8) {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        let rest = &self.bytes[self.at..];
        let (kind, length) = if byte.is_ascii_digit() {
            (Kind::Number, rest.iter().take_while(|byte| word(**byte) || **byte == b'.').count())
        } else if word(byte) || matches!(byte, b'$' | b'@') && rest.get(1).is_some_and(|next| word(*next)) {
            (Kind::Word, 1 + rest[1..].iter().take_while(|byte| word(**byte)).count())
        } else {
            (Kind::Sign, 1)
        };
        self.push(kind, Span::new(self.at, self.at + length), false);
        self.at += length;
    }

    fn push(&mut self, kind: Kind, span: Span, filled: bool) {
        let indent = self.fresh.then(|| self.at - self.line.min(self.at));
        self.fresh = false;
        // A text that is a whole statement is documentation.
        let continues = self.lexed.tokens.last().is_some_and(|last| {
            last.kind == Kind::Sign
                && matches!(self.of(*last), "(" | "," | "[" | "{" | "=" | "+" | "|" | "&" | "?" | "%" | "\\")
                || last.kind == Kind::Text
        });
        if kind == Kind::Text && indent.is_some() && !continues && self.language.name == "python" {
            self.lexed.comments.push(span);
            return;
        }
        if kind == Kind::Text && self.documents() {
            self.lexed.comments.push(span);
        }
        self.lexed.tokens.push(Token { kind, span, indent, filled });
    }

    /// Is the text that comes next given to a name that speaks of documentation?
    fn documents(&self) -> bool {
        let tokens = &self.lexed.tokens;
        let name = tokens.len().checked_sub(2).map(|at| self.of(tokens[at])).unwrap_or_default();
        tokens.last().is_some_and(|last| self.of(*last) == "=") && DOCUMENTS.contains(&name)
    }

    fn of(&self, token: Token) -> &str {
        self.text.get(token.span.start..token.span.end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::language;
    use super::*;

    fn pieces(name: &str, text: &str) -> Vec<String> {
        let language = language::of(name, text).expect("is known");
        let show = |token: &Token| {
            let inside = &text[token.span.start..token.span.end];
            if token.kind == Kind::Text { format!("<{inside}>") } else { inside.to_owned() }
        };
        tokens(text, language).iter().map(show).collect()
    }

    #[test]
    fn comments_and_docstrings_are_no_code() {
        assert_eq!(
            pieces("a.py", "def f():\n    \"\"\"key = 'x'\"\"\"\n    # no\n    return f'a{b}'  # c\n"),
            ["def", "f", "(", ")", ":", "return", "<a{b}>"]
        );
        assert_eq!(
            pieces("a.ts", "const a = /'\"/g; // x\n/* y */ b(`1${c}\n`)"),
            ["const", "a", "=", "g", ";", "b", "(", "<1${c}\n>", ")"]
        );
        assert_eq!(pieces("a.go", "x := `a\\`\n// y\n"), ["x", ":", "=", "<a\\>"]);
        assert_eq!(
            pieces("a.rs", "fn a<'b>(c: &'b str) { r#\"q\"\"#; '\\''; 'x'; \"s\" }"),
            ["fn", "a", "<", "b", ">", "(", "c", ":", "&", "b", "str", ")", "{", "<q\">", ";", ";", ";", "<s>", "}"]
        );
        assert_eq!(
            pieces("run.sh", "echo \"$A\" # x\ncurl http://a#b"),
            ["echo", "<$A>", "curl", "http", ":", "/", "/", "a", "#", "b"]
        );
    }

    #[test]
    fn hostile_text_ends() {
        for text in ["\"", "'''", "r#\"", "'\\", "`", "/*", "é\"é", "\\", "f\"", "b'", "\u{0}"] {
            for name in ["a.py", "a.js", "a.rs", "a.rb", "a.go", "a.sh", "a.php", "a.tf", "a.kt"] {
                pieces(name, text);
            }
        }
    }
}
