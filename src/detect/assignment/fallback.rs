//! Fallbacks: the literal that counts where what a name is given gives nothing: a variable that is not set, an option that is left out.

use super::cursor::Cursor;
use super::{Assignment, Way};
use crate::blob::Syntax;
use crate::detect::identifier::is_word_byte;
use crate::rule::lane::holds_stem;

/// Longest expression in front of a fallback, and how far behind an option its own stands, in bytes.
const MAX_EXPRESSION: usize = 120;
const MAX_OPTION: usize = 200;

/// Operators that give what stands behind them where there is nothing in front.
const OPERATORS: &[&[u8]] = &[b"||", b"??", b"?:", b" or"];

/// Calls whose second argument is such a literal, beside those that end with `env`.
const LOOK_UPS: &[&[u8]] = &[b"get", b"fetch", b"getordefault", b"getproperty", b"config"];

/// Most bytes of the name of such a call.
const MAX_CALLEE: usize = 24;

impl Cursor<'_> {
    /// Reads the fallback of the expression that the name is given here, unless the expression is read by a name of its own. The cursor
    /// stays where it is.
    pub(super) fn fallback(&mut self) -> Option<Assignment> {
        let start = self.at;
        self.skip_blanks();
        let found = match self.peek(0) {
            b'$' | b'"' | b'\'' => self.of_variable(),
            byte if self.syntax == Syntax::Code && byte.is_ascii_alphabetic() => self.of_expression(),
            _ => None,
        };
        self.at = start;
        found
    }

    /// `${NAME:-value}`, `${NAME-value}` and `${name:value}`, in quotes or not.
    fn of_variable(&mut self) -> Option<Assignment> {
        let quoted = self.peek(0) != b'$';
        self.at += usize::from(quoted);
        let inner = self.rest().strip_prefix(b"${")?;
        let length = inner.iter().take(MAX_EXPRESSION).take_while(|byte| is_word_byte(**byte) || b"_.".contains(byte));
        let name = &inner[..length.count()];
        self.at += 2 + name.len();
        if !self.skip_fallback_sign() || holds_own(name) {
            return None;
        }
        let value = self.until(|byte| byte.is_ascii_whitespace() || b"}\"'${".contains(&byte))?;
        (self.text.get(value.end) == Some(&b'}')).then(|| self.found(Way::Fallback, value, quoted, false))?
    }

    /// Goes behind what stands between a variable and its fallback: `${NAME:-value}`, `${NAME-value}`, `${NAME:=value}`, `${NAME:value}`;
    /// gives whether there is such.
    pub(super) fn skip_fallback_sign(&mut self) -> bool {
        let length = match (self.peek(0), self.peek(1)) {
            (b':', b'-' | b'=') => 2,
            (b':', b'+' | b'?') => 0,
            (b':' | b'-', _) => 1,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    /// `expression || "value"` and its relatives, `getenv("NAME", "value")`.
    fn of_expression(&mut self) -> Option<Assignment> {
        let start = self.at;
        let rest = &self.rest()[..self.rest().len().min(MAX_EXPRESSION)];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        // What counts is a literal, and stands behind one at most.
        for _ in 0..2 {
            self.at += memchr::memchr2(b'"', b'\'', line.get(self.at - start..)?)?;
            let literal = self.literal().flatten()?;
            let before = line[..self.at - start].trim_ascii_end();
            let looked_up = before.ends_with(b"(") && looks_up(before) && self.follows(literal);
            if looked_up {
                self.skip_blanks();
            }
            if looked_up || OPERATORS.iter().any(|sign| before.ends_with(sign)) {
                let value = self.literal().flatten()?;
                let own = holds_own(&self.text[start..value.start]);
                return if own { None } else { self.found(Way::Fallback, value, true, false) };
            }
            self.at = literal.end + 1;
        }
        None
    }

    /// Goes to what an option is where nobody gives it: `"--password", default="..."`; gives whether there is such.
    pub(super) fn option(&mut self) -> bool {
        let rest = &self.rest()[..self.rest().len().min(MAX_OPTION)];
        let call = &rest[..memchr::memchr2(b')', b';', rest).unwrap_or(rest.len())];
        let given = memchr::memmem::find_iter(call, b"default").find_map(|at| {
            let behind = call[at + 7..].trim_ascii_start();
            let value = behind.strip_prefix(b"=").or_else(|| behind.strip_prefix(b":"))?;
            let alone = at == 0 || !is_word_byte(call[at - 1]) && call[at - 1] != b'_';
            alone.then_some(call.len() - value.len())
        });
        self.at += given.unwrap_or_default();
        given.is_some()
    }
}

/// Does what the bracket opens that `before` ends with look a name up: `getenv(`, `ENV[`?
pub(super) fn looks_up(before: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"(").or_else(|| before.strip_suffix(b"[")) else { return false };
    let part = |byte: &&u8| is_word_byte(**byte) || **byte == b'_';
    let length = before.iter().rev().take(MAX_CALLEE).take_while(part).count();
    let callee = before[before.len() - length..].to_ascii_lowercase();
    callee.ends_with(b"env") || LOOK_UPS.contains(&&callee[..])
}

/// Is there a name in the expression that leads to its fallback?
fn holds_own(expression: &[u8]) -> bool {
    holds_stem(&String::from_utf8_lossy(expression))
}
