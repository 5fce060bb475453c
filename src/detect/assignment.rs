//! Assignments: identifier, operator and value around a stem, read with the syntax of the file.
//!
//! Takes text and the offset of a stem, gives the spans of name and value. In code a value needs quotes; in configuration
//! and prose it does not. All looks are bounded, so that the reading depends on a few hundred bytes around the stem.

use super::identifier::{MAX_IDENTIFIER, is_word_byte};
use crate::blob::Syntax;
use crate::span::Span;

/// Longest value that is read, in bytes; what is longer is text or data.
pub const MAX_VALUE: usize = 1024;

/// Most white space between operator and value.
const MAX_GAP: usize = 80;

/// A name and the value it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The identifier, dots and dashes included.
    pub name: Span,
    /// The value, without quotes.
    pub value: Span,
    /// Did it stand in quotes?
    pub quoted: bool,
}

/// The identifier that holds the byte at `at`.
pub fn identifier(text: &[u8], at: usize) -> Span {
    let part = |byte: &&u8| is_word_byte(**byte) || matches!(**byte, b'_' | b'-' | b'.');
    let start = at - text[..at].iter().rev().take(MAX_IDENTIFIER).take_while(part).count();
    let end = at + text[at..].iter().take(MAX_IDENTIFIER).take_while(part).count();
    let trimmed = text[start..end].iter().take_while(|byte| matches!(byte, b'-' | b'.')).count();
    Span::new(start + trimmed, end)
}

/// Reads the assignment to the identifier `name`, if it is one.
pub fn read(text: &[u8], name: Span, syntax: Syntax) -> Option<Assignment> {
    let mut cursor = Cursor { text, at: name.end };
    let opened = quote_before(text, name.start);
    if opened.is_some() {
        cursor.skip_quote()?;
    }
    cursor.skip_while(2, |byte| matches!(byte, b']' | b')'));
    cursor.skip_blanks();
    let operator = cursor.operator(name, opened.is_some(), syntax)?;
    cursor.value(operator, syntax).map(|(value, quoted)| Assignment { name, value, quoted })
}

/// What stands between name and value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// `=`, `:` and their relatives.
    Assign,
    /// The parenthesis or comma of a call.
    Argument,
    /// The end of a start tag.
    Tag,
    /// White space alone, as on a command line.
    Blank,
}

/// The quote in front of `at`, if any; an escaped one counts.
fn quote_before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).map(|before| text[before]).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))
}

struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at.min(self.text.len())..]
    }

    fn skip_while(&mut self, most: usize, holds: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take(most).take_while(|byte| holds(**byte)).count();
        self.at += count;
        count
    }

    fn skip_blanks(&mut self) -> usize {
        self.skip_while(MAX_GAP, |byte| matches!(byte, b' ' | b'\t'))
    }

    fn skip_quote(&mut self) -> Option<()> {
        let escape = usize::from(self.peek(0) == b'\\');
        matches!(self.peek(escape), b'"' | b'\'' | b'`').then(|| self.at += escape + 1)
    }

    /// Reads the operator and stands behind it.
    fn operator(&mut self, name: Span, quoted_name: bool, syntax: Syntax) -> Option<Operator> {
        let in_tag = name.start > 0 && self.text[name.start - 1] == b'<';
        let apart = self.at > name.end + usize::from(quoted_name);
        let (first, second) = (self.peek(0), self.peek(1));
        let (length, operator) = match (first, second) {
            (b':', b':') => return None,
            (b'=', b'=') => (2 + usize::from(self.peek(2) == b'='), Operator::Assign),
            (b'=', b'>') | (b':' | b'?' | b'+' | b'|', b'=') | (b'-', b'>') | (b'<', b'-') => (2, Operator::Assign),
            (b'|' | b'?', b'|' | b'?') if self.peek(2) == b'=' => (3, Operator::Assign),
            (b'=', _) => (1, Operator::Assign),
            (b':', _) => return Some(self.typed_colon(syntax)),
            // In prose a parenthesis stands apart from the word before it.
            (b'(', _) if !apart => (1, Operator::Argument),
            (b',', _) if quoted_name && self.is_first_argument(name) => (1, Operator::Argument),
            (b'>', _) if in_tag => (1, Operator::Tag),
            _ => return self.blank_operator(name, quoted_name, syntax),
        };
        self.at += length;
        Some(operator)
    }

    /// Does the quoted `name` stand right behind the parenthesis of a call, and not in a list of texts?
    fn is_first_argument(&self, name: Span) -> bool {
        self.text[..name.start.saturating_sub(1)].trim_ascii_end().ends_with(b"(")
    }

    /// A colon, or the `=` behind a colon and a type: `key: str = `.
    fn typed_colon(&mut self, syntax: Syntax) -> Operator {
        self.at += 1;
        if syntax == Syntax::Code {
            let rest = self.rest();
            // A quote in a type is a lifetime's; any other begins the value.
            let lifetime = |at: usize| rest[at] == b'\'' && at > 0 && b"&<".contains(&rest[at - 1]);
            let type_byte = |at: usize| is_word_byte(rest[at]) || b"_<>[]|&?. ".contains(&rest[at]) || lifetime(at);
            let skipped = (0..rest.len().min(48)).take_while(|&at| type_byte(at)).count();
            let after = &self.rest()[skipped..];
            if after.first() == Some(&b'=') && !matches!(after.get(1), Some(b'=' | b'>')) {
                self.at += skipped + 1;
            }
        }
        Operator::Assign
    }

    /// No operator: `--password VALUE`, `ENV PASSWORD value`, `PASSWORD 'value'` in SQL, `key="Password" value="..."`.
    fn blank_operator(&mut self, name: Span, quoted_name: bool, syntax: Syntax) -> Option<Operator> {
        if quoted_name && self.rest().starts_with(b"value=") {
            self.at += 6;
            return Some(Operator::Assign);
        }
        let blank = self.at > name.end && !quoted_name;
        let flag = self.text[..name.start].ends_with(b"--");
        let line_start = self.text[..name.start].iter().rev().take(64).position(|&byte| byte == b'\n').unwrap_or(64);
        let before = &self.text[name.start.saturating_sub(line_start.min(64))..name.start];
        let keyword = syntax == Syntax::Config && [&b"ENV "[..], b"ARG "].contains(&before.trim_ascii_start());
        let sql =
            syntax == Syntax::Code && self.peek(0) == b'\'' && name.of(self.text).eq_ignore_ascii_case(b"password");
        (blank && (flag || keyword || sql)).then_some(Operator::Blank)
    }

    /// Reads the value; `true` with it if it stood in quotes.
    fn value(&mut self, operator: Operator, syntax: Syntax) -> Option<(Span, bool)> {
        let multi_line = matches!(syntax, Syntax::Code | Syntax::Json) && operator == Operator::Assign;
        self.skip_while(MAX_GAP, |byte| matches!(byte, b' ' | b'\t') || multi_line && matches!(byte, b'\r' | b'\n'));
        if operator == Operator::Tag {
            let value = self.until(|byte| byte == b'<').filter(|value| self.text[value.end..].starts_with(b"</"));
            return value.map(|value| (trimmed(self.text, value), false));
        }
        self.skip_wrapper();
        if let Some(value) = self.quoted_value() {
            return value.map(|value| (without_scheme(self.text, value), true));
        }
        let bare = match syntax {
            Syntax::Config | Syntax::Prose => operator != Operator::Argument,
            Syntax::Markup => false,
            Syntax::Code | Syntax::Json | Syntax::Binary => false,
        };
        if !bare {
            return None;
        }
        let start = self.at;
        let scheme = without_scheme(self.text, Span::new(start, self.text.len().min(start + 16))).start - start;
        self.at += scheme;
        let value = self.until(|byte| byte.is_ascii_whitespace() || b"\"'`<>".contains(&byte))?;
        // A quote or bracket in the middle: a piece of code, not a value.
        if self.text.get(value.end).is_some_and(|byte| b"\"'`<>".contains(byte)) {
            return None;
        }
        let tail = value.of(self.text).iter().rev().take_while(|byte| b",;)]}".contains(byte)).count();
        Some((Span::new(value.start, value.end - tail), false))
    }

    /// Steps into `SecretStr("...")`, `String("...")`: a call that only wraps its literal.
    fn skip_wrapper(&mut self) {
        let name =
            self.rest().iter().take(40).take_while(|byte| is_word_byte(**byte) || b"_.: ".contains(byte)).count();
        let wrapper = self.rest()[..name].to_ascii_lowercase();
        let wraps = ["secret", "string", "str", "bytes", "some"].iter().any(|word| wrapper.ends_with(word.as_bytes()));
        if wraps && self.peek(name) == b'(' {
            self.at += name + 1;
        }
    }

    /// A literal in quotes; `Some(None)` for one that does not end.
    fn quoted_value(&mut self) -> Option<Option<Span>> {
        let mut at = self.at;
        // `b"..."`, `r"..."`, `@"..."`, `$"..."`
        at += self.rest().iter().take(3).take_while(|byte| b"bBrRuUfFLl@$".contains(byte)).count();
        let escaped = self.text.get(at) == Some(&b'\\');
        at += usize::from(escaped);
        let quote = *self.text.get(at).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        let triple = self.text[at..].starts_with(&[quote; 3]);
        at += if triple { 3 } else { 1 };
        Some(closing(self.text, at, quote, triple, escaped).map(|end| Span::new(at, end)))
    }

    /// Up to the first byte for which `ends` is true; `None` for an empty or a too long value.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Option<Span> {
        let rest = self.rest();
        let length = rest.iter().take(MAX_VALUE + 1).take_while(|byte| !ends(**byte) && **byte != b'\n').count();
        let value = Span::new(self.at, self.at + length);
        (1..=MAX_VALUE).contains(&length).then_some(value)
    }
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

/// `value` without the scheme of an authorization header in front of it.
fn without_scheme(text: &[u8], value: Span) -> Span {
    for scheme in ["bearer ", "token ", "basic ", "apikey "] {
        if value.of(text).get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes())) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read_value(text: &str, syntax: Syntax) -> Option<&str> {
        let at = text.to_ascii_lowercase().find("pass").expect("has the stem");
        let assignment = read(text.as_bytes(), identifier(text.as_bytes(), at), syntax)?;
        Some(&text[assignment.value.start..assignment.value.end])
    }

    #[test]
    fn values_are_read_from_many_ways_of_writing_an_assignment() {
        for text in [
            r#"password = "VALUE""#,
            r#"password: str = "VALUE""#,
            r#""password": "VALUE","#,
            r#"{\"password\":\"VALUE\"}"#,
            r#"config["password"] = 'VALUE'"#,
            r#":password => "VALUE""#,
            r#"setPassword("VALUE")"#,
            r#"set("password", "VALUE")"#,
            "const passwd = `VALUE`;",
            r#"if password == "VALUE":"#,
            r#"password=SecretStr("VALUE")"#,
            r#"pass = """VALUE""""#,
            "CREATE USER x WITH PASSWORD 'VALUE'",
            r#"pass := "VALUE""#,
            r#"password = b"VALUE""#,
            "password =\n    \"VALUE\"",
            r#"<add key="Password" value="VALUE"/>"#,
            r#"let pass: &'static str = "VALUE";"#,
            "<password> VALUE </password>",
            r#"passAuth = "Bearer VALUE""#,
        ] {
            assert_eq!(read_value(text, Syntax::Code), Some("VALUE"), "{text}");
        }
    }

    #[test]
    fn bare_values_are_read_from_configuration_only() {
        for text in [
            "PASSWORD=VALUE",
            "password: VALUE",
            "ENV DB_PASSWORD VALUE",
            "db.password = VALUE",
            "cmd --password VALUE -x",
        ] {
            assert_eq!(read_value(text, Syntax::Config), Some("VALUE"), "{text}");
            assert_eq!(read_value(text, Syntax::Code), None, "{text}");
        }
    }

    #[test]
    fn what_assigns_nothing_is_not_read() {
        for text in
            ["pass::word", "password.length", "password;", "password = ", "the password is long", "pass = \"open"]
        {
            assert_eq!(read_value(text, Syntax::Code), None, "{text}");
        }
    }
}
