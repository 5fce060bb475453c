//! The place in the text that a reading has come to, and the literals and bare words it reads there.

use super::{Assignment, MAX_VALUE, Way};
use crate::blob::{Chunk, Syntax};
use crate::detect::identifier::is_word_byte;
use crate::span::Span;

/// Most white space between operator and value.
const MAX_GAP: usize = 80;

/// How markup writes quotes inside of a value.
pub(super) const QUOTES: &[&[u8]] = &[b"&quot;", b"&#34;", b"&#x22;", b"&apos;", b"&#39;", b"&#x27;"];

/// What text without markup begins with in markup.
const CDATA: &[u8] = b"<![CDATA[";

/// Most bytes of the name of a call around a literal.
const MAX_CALL: usize = 40;

/// The place that a reading has come to.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    pub(super) name: Span,
    pub(super) quoted_name: bool,
    /// Does the blob begin with the text?
    pub(super) begins: bool,
    pub(super) syntax: Syntax,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(chunk: &Chunk<'t>, name: Span) -> Self {
        let (begins, syntax) = (chunk.owned.start == 0, chunk.kind.syntax);
        Self { text: chunk.text, at: name.end, name, quoted_name: false, begins, syntax }
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        &self.text[self.at.min(self.text.len())..]
    }

    /// The `count` bytes in front of the name, or fewer.
    pub(super) fn before(&self, count: usize) -> &'t [u8] {
        &self.text[self.name.start.saturating_sub(count)..self.name.start]
    }

    /// The line in front of the name, at most `most` bytes of it.
    pub(super) fn line_before(&self, most: usize) -> &'t [u8] {
        let before = self.before(most);
        memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..])
    }

    pub(super) fn skip_while(&mut self, most: usize, holds: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take(most).take_while(|byte| holds(**byte)).count();
        self.at += count;
        count
    }

    pub(super) fn skip_blanks(&mut self) -> usize {
        self.skip_while(MAX_GAP, |byte| matches!(byte, b' ' | b'\t'))
    }

    /// Reads the value that is given in this `way`.
    pub(super) fn value(&mut self, way: Way) -> Option<Assignment> {
        let multi_line = matches!(self.syntax, Syntax::Code | Syntax::Json) && matches!(way, Way::Assigned | Way::Pair);
        self.skip_while(MAX_GAP, |byte| matches!(byte, b' ' | b'\t') || multi_line && matches!(byte, b'\r' | b'\n'));
        if way == Way::Markup {
            let inner = self.rest().trim_ascii_start();
            if let Some(behind) = inner.strip_prefix(b"<value>") {
                self.at = self.text.len() - behind.len();
            }
        }
        if way == Way::Markup && self.rest().starts_with(CDATA) {
            self.at += CDATA.len();
            let length = memchr::memmem::find(&self.rest()[..self.rest().len().min(MAX_VALUE)], b"]]>")?;
            return self.found(way, trimmed(self.text, Span::new(self.at, self.at + length)), false, true);
        }
        if way == Way::Markup && !matches!(self.peek(0), b'"' | b'\'') {
            let value = self.until(|byte| byte == b'<').filter(|value| self.text[value.end..].starts_with(b"</"))?;
            return self.found(way, trimmed(self.text, value), false, true);
        }
        if way == Way::Assigned && self.syntax == Syntax::Code {
            self.skip_key();
            self.skip_other_targets();
        }
        if let Some(value) = self.long_bracket() {
            return self.found(way, value, true, true);
        }
        let wrapped = self.skip_call();
        if let Some(value) = self.literal() {
            let value = value.filter(|value| !self.begins_another(*value));
            let way = match wrapped {
                Some(Call::Other) => Way::Wrapped,
                Some(Call::Default) => Way::Fallback,
                Some(Call::Plain) | None => way,
            };
            let plain = !matches!(way, Way::Wrapped | Way::Fallback);
            return self.found(way, without_scheme(self.text, value?), true, plain);
        }
        if wrapped.is_some() {
            return None;
        }
        self.bare(way)
    }

    /// Goes behind the key in `cookies[:token] = { value: "..." }`.
    fn skip_key(&mut self) {
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix(b"{") else { return };
        let inner = inner.trim_ascii_start();
        if let Some(behind) = inner.strip_prefix(b"value:") {
            self.at += rest.len() - behind.len();
            self.skip_blanks();
        }
    }

    /// Goes behind the literals of the targets before this one: `login, password = "ann", "..."`.
    fn skip_other_targets(&mut self) {
        let before = self.line_before(MAX_CALL).trim_ascii_start();
        let target = |byte: &u8| is_word_byte(*byte) || b"_, $@.".contains(byte);
        if !before.ends_with(b", ") || !before.iter().all(target) {
            return;
        }
        let start = self.at;
        for _ in 0..memchr::memchr_iter(b',', before).count() {
            let literal = self.literal().flatten();
            if !literal.is_some_and(|literal| self.follows(literal)) {
                self.at = start;
                return;
            }
            self.skip_blanks();
        }
    }

    /// Is `literal` only what something else is put behind: `key = "app." + name`?
    fn begins_another(&self, literal: Span) -> bool {
        let behind = || self.text[literal.end + 1..].trim_ascii_start().first() == Some(&b'+');
        let separated = literal.of(self.text).last().is_some_and(|last| b".:/-_=?&".contains(last));
        self.syntax == Syntax::Code && separated && behind()
    }

    /// The literal that is put behind `last`: `"..." + "..."`.
    pub(super) fn next_piece(&mut self, last: Assignment) -> Option<Assignment> {
        if self.syntax != Syntax::Code {
            return None;
        }
        self.at = last.value.end + 1;
        let gap = self.skip_while(MAX_GAP, |byte| byte.is_ascii_whitespace() || byte == b'\\');
        let joined = matches!(self.peek(0), b'+' | b'.');
        self.at += usize::from(joined);
        self.skip_while(MAX_GAP, |byte| byte.is_ascii_whitespace() || byte == b'\\');
        // In most languages literals stand beside each other only in other lines.
        let beside = gap > 0 && self.text[last.value.end..self.at].contains(&b'\n');
        let value = self.literal().flatten().filter(|_| joined || beside)?;
        self.found(last.way, value, true, false)
    }

    /// A literal argument of a call, or one that is only wrapped.
    pub(super) fn argument(&mut self, way: Way) -> Option<Assignment> {
        self.skip_blanks();
        if !self.is_literal() {
            let start = self.at;
            if self.skip_call() != Some(Call::Plain) {
                self.at = start;
            }
        }
        let value = self.literal()??;
        self.at = value.end + 1;
        self.found(way, without_scheme(self.text, value), true, way == Way::Argument)
    }

    /// Goes behind the next comma of the call.
    pub(super) fn next_argument(&mut self) -> bool {
        self.skip_while(MAX_CALL, |byte| !b",()\n\"'".contains(&byte));
        let more = self.peek(0) == b',';
        self.at += 1;
        more
    }

    /// Goes behind the comma after the literal `first`, if one stands there.
    pub(super) fn follows(&mut self, first: Span) -> bool {
        self.at = first.end + 1;
        self.skip_blanks();
        let comma = self.peek(0) == b',';
        self.at += usize::from(comma);
        comma
    }

    pub(super) fn found(&self, way: Way, value: Span, quoted: bool, plain: bool) -> Option<Assignment> {
        (!value.is_empty()).then_some(Assignment { name: self.name, value, way, quoted, plain })
    }

    /// A value without quotes.
    fn bare(&mut self, way: Way) -> Option<Assignment> {
        let settings = matches!(self.syntax, Syntax::Config | Syntax::Prose);
        let allowed = match way {
            Way::Assigned | Way::Fallback | Way::Apart | Way::Told | Way::Confessed => true,
            Way::Compared | Way::Pair => settings,
            Way::Argument | Way::LaterArgument | Way::Markup | Way::Wrapped | Way::Url | Way::Listed => false,
        };
        if !allowed || self.syntax == Syntax::Binary {
            return None;
        }
        if way == Way::Fallback && self.before(2) != b"${" {
            return None;
        }
        self.skip_block_mark();
        self.skip_anchor();
        self.at = without_scheme(self.text, Span::new(self.at, self.text.len().min(self.at + 16))).start;
        let braces = self.before(2) == b"${";
        let query = matches!(self.before(1), b"?" | b"&");
        // A query inside of a query has its signs encoded.
        let encoded = self.text[..self.at].ends_with(b"%3D") || self.text[..self.at].ends_with(b"%3d");
        let ends = |byte: u8| {
            byte.is_ascii_whitespace()
                || b"\"'`<>".contains(&byte)
                || braces && byte == b'}'
                || query && byte == b'&'
                || encoded && matches!(byte, b'%' | b'&')
                || !settings && b",;()[]{}\\".contains(&byte)
        };
        let value = within_query(self.text, self.name, self.until(ends)?);
        let next = self.text.get(value.end).copied().unwrap_or(b'\n');
        // A call, a subscript or a generic type is a piece of code; a quote belongs to the string that holds it all.
        if b"([{<>".contains(&next) && !self.text[value.end..].starts_with(b"</") {
            return None;
        }
        let tail = value.of(self.text).iter().rev().take_while(|byte| b",;)]}|".contains(byte)).count();
        let plain = settings && way != Way::Told && way != Way::Fallback && !b"\"'`".contains(&next) && !query;
        self.found(way, Span::new(value.start, value.end - tail), false, plain)
    }

    /// Goes to the first line of a block scalar: `password: |`.
    fn skip_block_mark(&mut self) {
        if self.syntax != Syntax::Config || !matches!(self.peek(0), b'|' | b'>') {
            return;
        }
        let mark = self.rest().iter().take(3).take_while(|byte| b"|>-+".contains(byte)).count();
        if matches!(self.peek(mark), b'\n' | b'\r') {
            self.at += mark;
            self.skip_while(MAX_GAP, |byte| byte.is_ascii_whitespace());
        }
    }

    /// Goes behind the anchor of a value in YAML: `password: &shared ...`.
    fn skip_anchor(&mut self) {
        let anchor = self.rest().strip_prefix(b"&").filter(|_| self.syntax == Syntax::Config);
        let name =
            anchor.into_iter().flatten().take(MAX_CALL).take_while(|byte| is_word_byte(**byte) || b"_-".contains(byte));
        let length = name.count();
        if length > 0 && self.peek(length + 1) == b' ' {
            self.at += length + 1;
            self.skip_blanks();
        }
    }

    /// Steps into a call whose first argument is a literal.
    fn skip_call(&mut self) -> Option<Call> {
        let name = |byte: &&u8| is_word_byte(**byte) || b"_.:!?[] ".contains(byte);
        let length = self.rest().iter().take(MAX_CALL).take_while(name).count();
        if length == 0 && self.peek(0) == b'(' {
            self.at += 1;
            self.skip_while(MAX_GAP, |byte| byte.is_ascii_whitespace());
            return Some(Call::Other);
        }
        if length == 0 || self.peek(length) != b'(' {
            return None;
        }
        let call = self.rest()[..length].trim_ascii_end().to_ascii_lowercase();
        let transparent = ["secret", "string", "str", "bytes", "some", "byte"];
        let call =
            if transparent.iter().any(|word| call.ends_with(word.as_bytes())) { Call::Plain } else { Call::Other };
        self.at += length + 1;
        self.skip_while(MAX_GAP, |byte| byte.is_ascii_whitespace());
        if self.rest().starts_with(b"default=") {
            self.at += 8;
            return Some(Call::Default);
        }
        Some(call)
    }

    /// A literal of Lua in long brackets, `[[...]]` or `[=[...]=]`, on one line; an array of arrays has a quote or a bracket inside.
    fn long_bracket(&self) -> Option<Span> {
        let rest = self.rest().strip_prefix(b"[").filter(|_| self.syntax == Syntax::Code)?;
        let level = rest.iter().take(4).take_while(|byte| **byte == b'=').count();
        let inner = rest[level..].strip_prefix(b"[")?;
        let close = [b"]", &b"===="[..level], b"]"].concat();
        let line = &inner[..memchr::memchr(b'\n', inner).unwrap_or(inner.len()).min(MAX_VALUE)];
        let length = memchr::memmem::find(line, &close)?;
        let plain = line[..length].first().is_some_and(|byte| byte.is_ascii_graphic() && !b"\"'[({".contains(byte));
        let start = self.at + level + 2;
        plain.then(|| Span::new(start, start + length))
    }

    /// A literal in quotes that are written as entities of markup.
    fn in_entities(&self) -> Option<Span> {
        let rest = self.rest();
        let quote = QUOTES.iter().find(|quote| rest.starts_with(quote))?;
        let inner = &rest[quote.len()..rest.len().min(MAX_VALUE)];
        let length = memchr::memmem::find(inner, quote)?;
        let start = self.at + quote.len();
        (!inner[..length].contains(&b'\n')).then(|| Span::new(start, start + length))
    }

    /// Does a literal in quotes begin here?
    pub(super) fn is_literal(&self) -> bool {
        self.literal().is_some()
    }

    /// A literal in quotes; `Some(None)` for one that does not end.
    pub(super) fn literal(&self) -> Option<Option<Span>> {
        if self.peek(0) == b'&' {
            return self.in_entities().map(Some);
        }
        let mut at = self.at;
        // `b"..."`, `r"..."`, `@"..."`, `$"..."`, `N'...'`
        at += self.rest().iter().take(3).take_while(|byte| b"bBrRuUfFLlN@$".contains(byte)).count();
        let escaped = self.text.get(at) == Some(&b'\\');
        at += usize::from(escaped);
        let quote = *self.text.get(at).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        let triple = self.text[at..].starts_with(&[quote; 3]);
        at += if triple { 3 } else { 1 };
        let end = closing(self.text, at, quote, triple, escaped);
        Some(end.map(|end| without_quotes(self.text, Span::new(at, end))))
    }

    /// Up to the first byte for which `ends` is true; `None` for an empty or a too long value.
    pub(super) fn until(&self, ends: impl Fn(u8) -> bool) -> Option<Span> {
        let rest = self.rest();
        let length = rest.iter().take(MAX_VALUE + 1).take_while(|byte| !ends(**byte) && **byte != b'\n').count();
        let value = Span::new(self.at, self.at + length);
        (1..=MAX_VALUE).contains(&length).then_some(value)
    }
}

/// `value` up to the next parameter of the query that it stands in, or to a control character in escapes.
fn within_query(text: &[u8], name: Span, value: Span) -> Span {
    if text.get(name.end) != Some(&b'=') {
        return value;
    }
    let bytes = value.of(text);
    let parameter = |rest: &[u8]| {
        let length = rest.iter().take_while(|byte| is_word_byte(**byte) || **byte == b'_').count();
        rest.first().is_some_and(u8::is_ascii_alphabetic) && rest.get(length) == Some(&b'=')
    };
    let next = memchr::memchr_iter(b'&', bytes).find(|at| parameter(&bytes[at + 1..]));
    let control = memchr::memmem::find(bytes, b"%01");
    let length = next.into_iter().chain(control).min().filter(|length| *length > 0).unwrap_or(bytes.len());
    Span::new(value.start, value.start + length)
}

/// A call around a literal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    /// One that only wraps it: `SecretStr("...")`.
    Plain,
    /// One that says what counts where nothing is set: `Field(default="...")`.
    Default,
    /// Any other.
    Other,
}

/// The offset of the quote that closes a literal begun before `start`.
fn closing(text: &[u8], start: usize, quote: u8, triple: bool, escaped: bool) -> Option<usize> {
    let mut at = start;
    while at < text.len().min(start + MAX_VALUE + 1) {
        match text[at] {
            b'\\' if escaped && text.get(at + 1) == Some(&quote) => return Some(at),
            b'\\' => at += 1,
            byte if byte == quote && (!triple || text[at..].starts_with(&[quote; 3])) => return Some(at),
            b'\n' if !triple && quote != b'`' => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// What stands in quotes inside of a literal: `"\"...\""`, as programs write what shall be a literal elsewhere.
fn without_quotes(text: &[u8], literal: Span) -> Span {
    let quote: &[u8] = br#"\""#;
    let inner = literal.of(text).strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let quoted = inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(&b'"'));
    if quoted { Span::new(literal.start + quote.len(), literal.end - quote.len()) } else { literal }
}

/// `value` without the scheme of an authorization header, or of a store of passwords, in front of it; what follows a scheme is one word, or it is prose.
fn without_scheme(text: &[u8], value: Span) -> Span {
    for scheme in ["bearer ", "token ", "basic ", "apikey ", "{noop}"] {
        let Some((start, rest)) = value.of(text).split_at_checked(scheme.len()) else { continue };
        if start.eq_ignore_ascii_case(scheme.as_bytes()) && !rest.trim_ascii().iter().any(u8::is_ascii_whitespace) {
            return Span::new(value.start + scheme.len(), value.end);
        }
    }
    value
}

fn trimmed(text: &[u8], value: Span) -> Span {
    let bytes = value.of(text);
    let start = value.start + (bytes.len() - bytes.trim_ascii_start().len());
    Span::new(start, start + bytes.trim_ascii().len())
}
