//! What stands between a name and its value.

use super::Way;
use super::cursor::{Cursor, QUOTES};
use super::fallback::looks_up;
use crate::blob::Syntax;
use crate::detect::identifier::is_word_byte;

/// How far before a name its line is looked at, in bytes.
const BEFORE: usize = 64;

/// What a variable of HCL is where nobody sets it, and how far behind its name that stands, in bytes.
const DEFAULT: &[u8] = b"default";
const BLOCK: usize = 240;

/// What gives a constant to the program that Gradle builds: type, name, value.
const FIELDS: &[&[u8]] = &[b"buildConfigField", b"resValue"];

/// Longest size of an array, in bytes.
const SIZE: usize = 24;

/// How far before a name the word stands that says that its value was in the code, in bytes.
const CONFESSION: usize = 28;

impl Cursor<'_> {
    /// Reads the operator and stands behind it; `None` if what follows the name gives it no value.
    pub(super) fn operator(&mut self) -> Option<Way> {
        self.close_name();
        let apart = self.at > self.name.end + usize::from(self.quoted_name);
        let (first, second) = (self.peek(0), self.peek(1));
        if self.before(2) == b"${" && !self.quoted_name {
            return self.skip_fallback_sign().then_some(Way::Fallback);
        }
        if first == b'{' && self.text[self.name.end..].starts_with(b")") && self.before(1) == b":" {
            return self.block();
        }
        if first == b'{' && self.quoted_name && self.line_before(BEFORE).trim_ascii_start() == b"variable \"" {
            return self.variable();
        }
        let (length, way) = match (first, second) {
            (b'%', b'3') if matches!(self.peek(2), b'D' | b'd') => (3, Way::Assigned),
            (b':', b':') | (b'=', b'~') => return None,
            (b'=' | b'!', b'=') => (2 + usize::from(self.peek(2) == b'='), Way::Compared),
            (b'=', b'>') | (b':' | b'?' | b'+' | b'|', b'=') | (b'-', b'>') | (b'<', b'-') => (2, Way::Assigned),
            (b'|' | b'?', b'|' | b'?') if self.peek(2) == b'=' => (3, Way::Assigned),
            (b'|', b'|') | (b'?', b'?' | b':') => (2, Way::Fallback),
            (b'=', _) => (1, Way::Assigned),
            (b':', _) => return Some(self.typed_colon()),
            // In prose a parenthesis stands apart from the word before it.
            (b'(', _) if !apart => (1, Way::Argument),
            (b',', _) if self.quoted_name => return self.comma(),
            // A symbol of Ruby or Clojure and its value.
            (b',', b' ') if self.before(1) == b":" => (1, Way::Pair),
            // A tuple of Erlang: `{password, "..."}`.
            (b',', b' ') if self.before(1) == b"{" && matches!(self.peek(2), b'"' | b'<') => (1, Way::Pair),
            (b'>', _) if self.quoted_name || self.before(1) == b"<" => (1, Way::Markup),
            (b'|', b' ') if matches!(self.syntax, Syntax::Prose | Syntax::Config) => (1, Way::Told),
            _ => return self.words(),
        };
        self.at += length;
        Some(way)
    }

    /// Steps over the quote and the brackets that close the name, and the blanks behind them.
    fn close_name(&mut self) {
        let dashes = self.before(2).iter().rev().take_while(|byte| **byte == b'-').count();
        let opening = self.name.start.checked_sub(dashes + 1).map(|at| self.text[at]);
        if matches!(opening, Some(b'"' | b'\'' | b'`')) {
            let escape = usize::from(self.peek(0) == b'\\');
            if matches!(self.peek(escape), b'"' | b'\'' | b'`') {
                self.at += escape + 1;
                self.quoted_name = true;
            }
        }
        let stands_around = |quote: &&&[u8]| self.before(quote.len()) == **quote && self.rest().starts_with(quote);
        // Which hardly any name is written in.
        let written = self.before(1) == b";" && self.peek(0) == b'&';
        if let Some(quote) = QUOTES.iter().find(|quote| written && stands_around(quote)) {
            self.at += quote.len();
            self.quoted_name = true;
        }
        if self.rest().starts_with(b"%5D") {
            self.at += 3;
        }
        self.skip_while(2, |byte| matches!(byte, b']' | b')'));
        self.skip_size();
        let bold = self.syntax == Syntax::Prose && self.rest().starts_with(b"**:");
        self.at += if bold { 2 } else { 0 };
        self.skip_blanks();
    }

    /// Steps over the size of an array: `char key[] = "..."`.
    fn skip_size(&mut self) {
        if self.syntax != Syntax::Code || self.peek(0) != b'[' {
            return;
        }
        let size = self.rest()[1..].iter().take(SIZE).take_while(|byte| is_word_byte(**byte) || **byte == b'_').count();
        let behind = &self.rest()[size + 1..];
        let given = |rest: &[u8]| [&b"= \""[..], b"= {"].iter().any(|given| rest.trim_ascii_start().starts_with(given));
        if behind.strip_prefix(b"]").is_some_and(given) {
            self.at += size + 2;
        }
    }

    /// `let(:password) { "..." }`: what a block gives for a symbol.
    fn block(&mut self) -> Option<Way> {
        self.at += 1;
        self.skip_blanks();
        matches!(self.peek(0), b'"' | b'\'').then_some(Way::Pair)
    }

    /// `variable "password" { default = "..." }`: what counts where nobody sets it.
    fn variable(&mut self) -> Option<Way> {
        let rest = &self.rest()[..self.rest().len().min(BLOCK)];
        let block = &rest[..memchr::memmem::find(rest, b"\n}").unwrap_or(rest.len())];
        let value = memchr::memmem::find_iter(block, DEFAULT).find_map(|at| {
            let behind = block[at + DEFAULT.len()..].trim_ascii_start().strip_prefix(b"=")?;
            Some(block.len() - behind.len())
        })?;
        self.at += value;
        Some(Way::Fallback)
    }

    /// A colon, or the `=` behind a colon and a type: `key: str = `.
    fn typed_colon(&mut self) -> Way {
        self.at += 1;
        // `**Password:** ...`
        if self.syntax == Syntax::Prose {
            self.skip_while(2, |byte| matches!(byte, b'*' | b'_'));
        }
        if self.syntax == Syntax::Code {
            let rest = self.rest();
            // A quote in a type is a lifetime's; any other begins the value.
            let lifetime = |at: usize| rest[at] == b'\'' && at > 0 && b"&<".contains(&rest[at - 1]);
            let type_byte = |at: usize| is_word_byte(rest[at]) || b"_<>[]|&?. ".contains(&rest[at]) || lifetime(at);
            let skipped = (0..rest.len().min(48)).take_while(|&at| type_byte(at)).count();
            let after = &rest[skipped..];
            if after.first() == Some(&b'=') && !matches!(after.get(1), Some(b'=' | b'>')) {
                self.at += skipped + 1;
            }
        }
        Way::Assigned
    }

    /// A quoted name and a comma: a pair in a call or list, the fallback of a look-up, or a key with its value behind it.
    fn comma(&mut self) -> Option<Way> {
        let rest = self.rest();
        let blank = rest[1..].iter().take(80).take_while(|byte| byte.is_ascii_whitespace()).count();
        for word in [&b"\"value\""[..], b"'value'", b"value", b"\"content\""] {
            let key = rest.get(1 + blank..1 + blank + word.len());
            if !key.is_some_and(|key| key.eq_ignore_ascii_case(word)) {
                continue;
            }
            let behind = 1 + blank + word.len();
            if let Some(colon) = rest[behind..].iter().take(4).position(|byte| matches!(byte, b':' | b'=')) {
                self.at += behind + colon + 1;
                return Some(Way::Pair);
            }
        }
        let line = self.line_before(BEFORE).trim_ascii_start();
        if FIELDS.iter().any(|call| line.starts_with(call)) {
            self.at += 1;
            return Some(Way::Pair);
        }
        let before = self.text[..self.name.start.saturating_sub(1)].trim_ascii_end();
        let flag = self.before(1) == b"-";
        if flag && self.option() {
            return Some(Way::Fallback);
        }
        // `config.set("db", "password", "...")`
        let sets = before.ends_with(b",")
            && [&b"set("[..], b"put("].iter().any(|call| line.windows(4).any(|part| part == *call));
        if flag || sets || !before.last().is_some_and(|byte| b"([{".contains(byte)) {
            self.at += 1;
            return (flag || sets).then_some(Way::Pair);
        }
        self.at += 1;
        self.skip_blanks();
        if self.option() {
            return Some(Way::Fallback);
        }
        Some(if looks_up(before) { Way::Fallback } else { Way::Pair })
    }

    /// No sign, but words or the place: `password As String =`, `--password VALUE`, `ENV PASSWORD value`, `PASSWORD 'value'`, `the password is value`,
    /// `key="Password" value="..."`, `<key>password</key><string>value</string>`, `- name: PASSWORD` and `value: ...` below.
    fn words(&mut self) -> Option<Way> {
        let rest = self.rest();
        if self.quoted_name && rest.starts_with(b"value=") {
            self.at += 6;
            return Some(Way::Markup);
        }
        if rest.starts_with(b"</") {
            return self.property_list();
        }
        if self.before(2) == b": " && matches!(self.syntax, Syntax::Config) {
            return self.value_below();
        }
        if self.syntax == Syntax::Code && rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"as ")) {
            return self.declared();
        }
        // What stands in quotes is a word, and no name of a value: `"password" or "token"`.
        let word = matches!(self.text[..self.at].trim_ascii_end().last(), Some(b'"' | b'\'' | b'`'));
        if !word && (rest.starts_with(b"or ") || rest.starts_with(b"?: ")) {
            self.at += 3;
            return Some(Way::Fallback);
        }
        let blank = self.at > self.name.end && !self.quoted_name;
        if !blank {
            return None;
        }
        if let Some(way) = self.behind_type() {
            return Some(way);
        }
        let flag = self.before(1) == b"-";
        let line = self.line_before(BEFORE).trim_ascii_start();
        let keyword = self.syntax == Syntax::Config && [&b"ENV"[..], b"ARG"].contains(&line.trim_ascii_end())
            || ends_with_statement(line)
            || [&b"set -x"[..], b"set -gx", b"set -Ux", b"configure set", b"config set"]
                .iter()
                .any(|set| line.trim_ascii_end().ends_with(set));
        if flag || keyword || matches!(self.peek(0), b'"' | b'\'') {
            return Some(Way::Apart);
        }
        if self.syntax == Syntax::Prose && self.peek(0) == b'`' && is_confessed(line) {
            return Some(Way::Confessed);
        }
        if rest.starts_with(b"is ") && self.syntax != Syntax::Code {
            self.at += 3;
            return Some(Way::Told);
        }
        None
    }

    /// `var password string = "..."`: a type behind the name.
    fn behind_type(&mut self) -> Option<Way> {
        if self.syntax != Syntax::Code {
            return None;
        }
        let part = |byte: &&u8| is_word_byte(**byte) || b"_.*[]".contains(byte);
        let length = self.rest().iter().take(SIZE).take_while(part).count();
        let behind = self.rest()[length..].strip_prefix(b" = ").filter(|_| length > 0)?;
        matches!(behind.first(), Some(b'"' | b'\'' | b'`')).then(|| self.at += length + 2)?;
        Some(Way::Assigned)
    }

    /// `password As String = "..."`.
    fn declared(&mut self) -> Option<Way> {
        let type_byte = |byte: &&u8| is_word_byte(**byte) || matches!(**byte, b' ' | b'.' | b'(' | b')');
        let skipped = self.rest().iter().take(48).take_while(type_byte).count();
        (self.peek(skipped) == b'=').then(|| self.at += skipped + 1)?;
        Some(Way::Assigned)
    }

    /// The value behind the key of a property list.
    fn property_list(&mut self) -> Option<Way> {
        let close = memchr::memchr(b'>', &self.rest()[..self.rest().len().min(16)])?;
        let gap = self.rest()[close + 1..].iter().take(80).take_while(|byte| byte.is_ascii_whitespace()).count();
        let open = close + 1 + gap;
        let tag =
            [&b"<string>"[..], b"<value>", b"<data>"].into_iter().find(|tag| self.rest()[open..].starts_with(tag))?;
        self.at += open + tag.len();
        Some(Way::Markup)
    }

    /// `value: ...` on the line below a `name: PASSWORD`.
    fn value_below(&mut self) -> Option<Way> {
        let rest = self.rest();
        let gap = rest.iter().take(80).take_while(|byte| byte.is_ascii_whitespace()).count();
        let name = self.line_before(BEFORE).trim_ascii_end();
        let named = [&b"name:"[..], b"key:"].iter().any(|word| name.ends_with(word));
        let below = rest[..gap].contains(&b'\n') && rest[gap..].starts_with(b"value:");
        (named && below).then(|| self.at += gap + 6)?;
        Some(Way::Pair)
    }
}

/// Does SQL in front of the word say that a password follows: `CREATE ROLE app WITH LOGIN PASSWORD word`?
fn ends_with_statement(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    [&b" WITH"[..], b" LOGIN", b" ENCRYPTED"].into_iter().any(|word| line.ends_with(word))
}

/// Do the words in front of a name say that its value stood in the code: `removed the hardcoded API key`?
fn is_confessed(line: &[u8]) -> bool {
    let near = line[line.len().saturating_sub(CONFESSION)..].to_ascii_lowercase();
    [&b"hardcoded "[..], b"hard-coded ", b"hard coded "].iter().any(|word| memchr::memmem::find(&near, word).is_some())
}
