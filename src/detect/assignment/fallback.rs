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
const OPERATORS: &[&[u8]] = &[b"||", b"??", b"?:", b" or "];

/// How calls end whose second argument is such a literal.
const LOOK_UPS: &[&str] = &["env", "fetch", "get", "getordefault", "getproperty", "env.get"];

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
        let sign = match inner.get(name.len()..)? {
            [b':', b'-' | b'=', ..] => 2,
            [b'-' | b':', ..] => 1,
            _ => return None,
        };
        if holds_own(name) {
            return None;
        }
        self.at += 2 + name.len() + sign;
        let value = self.until(|byte| byte.is_ascii_whitespace() || b"}\"'${".contains(&byte))?;
        (self.text.get(value.end) == Some(&b'}')).then(|| self.found(Way::Fallback, value, quoted, false))?
    }

    /// `expression || "value"` and its relatives, `getenv("NAME", "value")`.
    fn of_expression(&mut self) -> Option<Assignment> {
        let rest = &self.rest()[..self.rest().len().min(MAX_EXPRESSION)];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        memchr::memchr2(b'"', b'\'', line)?;
        let by_operator =
            OPERATORS.iter().filter_map(|sign| Some((memchr::memmem::find(line, sign)?, sign.len()))).min();
        let length = match by_operator {
            Some((at, length)) if !line[..at].contains(&b',') => {
                self.at += at + length;
                at
            }
            _ => self.behind_look_up(line)?,
        };
        if holds_own(&line[..length]) {
            return None;
        }
        self.skip_blanks();
        let value = self.literal().flatten()?;
        self.found(Way::Fallback, value, true, false)
    }

    /// Goes to the second argument of a call that looks a name up; gives the length of what stands in front.
    fn behind_look_up(&mut self, line: &[u8]) -> Option<usize> {
        let open = memchr::memchr(b'(', line)?;
        let callee = line[..open].to_ascii_lowercase();
        LOOK_UPS.iter().find(|call| callee.ends_with(call.as_bytes()))?;
        self.at += open + 1;
        let first = self.literal().flatten()?;
        let length = open + 1 + first.len();
        self.follows(first).then_some(length)
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

/// Is there a name in the expression that leads to its fallback?
fn holds_own(expression: &[u8]) -> bool {
    holds_stem(&String::from_utf8_lossy(expression))
}
