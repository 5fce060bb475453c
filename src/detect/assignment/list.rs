//! Lists: a name that is given several values at once.

use super::cursor::Cursor;
use super::{Assignment, MAX_VALUE, Way};
use crate::blob::Syntax;
use crate::detect::identifier::is_word_byte;
use crate::span::Span;

/// Most members that are read, and most bytes of one that is no literal.
const MAX_MEMBERS: usize = 64;
const MAX_BARE: usize = 40;

/// Longest type or call in front of the bracket: `[]string{`, `new Set([`.
const MAX_TYPE: usize = 40;

/// Where a list begins, and how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// Members stand between brackets, with commas.
    Bracket,
    /// `%w[...]` of Ruby and `(...)` of shells: words with blanks between them.
    Words,
    /// Each member stands on a line of its own behind a dash.
    Dashes,
}

impl Cursor<'_> {
    /// Reads the members of the list that stands here; gives whether there is one. The cursor stays where it is.
    pub(super) fn members(&mut self, visit: &mut impl FnMut(Assignment)) -> bool {
        let start = self.at;
        let end = self.text.len().min(start + MAX_VALUE);
        let mut found = 0;
        if let Some(opening) = self.open_list() {
            while found < MAX_MEMBERS {
                let Some(member) = self.member(opening, end) else { break };
                found += usize::from(member.is_some());
                member.into_iter().for_each(&mut *visit);
            }
        }
        self.at = start;
        found > 0
    }

    /// Goes behind what opens a list.
    fn open_list(&mut self) -> Option<Opening> {
        if self.syntax == Syntax::Config && self.ends_line() {
            return Some(Opening::Dashes);
        }
        let spans_lines = matches!(self.syntax, Syntax::Code | Syntax::Json);
        self.skip_while(MAX_TYPE, |byte| matches!(byte, b' ' | b'\t') || spans_lines && matches!(byte, b'\r' | b'\n'));
        let rest = self.rest();
        let ruby = rest.starts_with(b"%w") && rest.get(2).is_some_and(|byte| b"[({".contains(byte));
        let shell = self.syntax == Syntax::Config && rest.starts_with(b"(") && self.text[..self.at].ends_with(b"=");
        if ruby || shell {
            self.at += if ruby { 3 } else { 1 };
            return Some(Opening::Words);
        }
        if rest.starts_with(b"@(") {
            self.at += 2;
            return Some(Opening::Bracket);
        }
        let (bare, before) = (self.at, self.skip_type());
        let opening = self.peek(0);
        let tuple = opening == b'(' && self.at == bare && spans_lines;
        let opens = tuple || opening == b'{' && self.syntax == Syntax::Code || opening == b'[' && !before;
        if !opens {
            return None;
        }
        self.at += 1;
        self.skip_gap();
        // A literal in parentheses is no list, and neither is what begins with another.
        let nested = b"[({".contains(&self.peek(0));
        let single = tuple && self.is_literal();
        (!nested && !single).then_some(Opening::Bracket)
    }

    /// Is there nothing but a comment on the rest of the line?
    pub(super) fn ends_line(&self) -> bool {
        let behind = self.rest().iter().take(MAX_TYPE).find(|byte| !matches!(byte, b' ' | b'\t'));
        matches!(behind, None | Some(b'\n' | b'\r' | b'#'))
    }

    /// Goes behind a type or the name of a call in front of a list; gives whether a bracket there would be a subscript.
    fn skip_type(&mut self) -> bool {
        let part = |byte: u8| is_word_byte(byte) || b"_.:!<>& ".contains(&byte);
        loop {
            self.skip_while(MAX_TYPE, part);
            let size = self.rest().iter().skip(1).take(4).take_while(|byte| byte.is_ascii_digit()).count();
            if self.peek(0) != b'[' || self.peek(size + 1) != b']' {
                break;
            }
            self.at += size + 2;
        }
        if self.peek(0) == b'(' && self.peek(1) == b'[' {
            self.at += 1;
            return false;
        }
        let last = self.text[..self.at].last().copied();
        last.is_some_and(|byte| is_word_byte(byte) || b"_])".contains(&byte))
    }

    /// Goes over white space and comments.
    pub(super) fn skip_gap(&mut self) {
        let end = self.at + MAX_VALUE;
        while self.at < end {
            let blank = self.skip_while(MAX_VALUE, |byte| byte.is_ascii_whitespace());
            let comment = self.peek(0) == b'#' || self.peek(0) == b'/' && self.peek(1) == b'/';
            if comment {
                self.skip_while(MAX_VALUE, |byte| byte != b'\n');
            } else if blank == 0 {
                return;
            }
        }
    }

    /// The next member, which ends before `end`; `Some(None)` for one that is no literal, `None` behind the last.
    fn member(&mut self, opening: Opening, end: usize) -> Option<Option<Assignment>> {
        if opening == Opening::Dashes {
            return self.dashed(end).map(Some);
        }
        self.skip_gap();
        if opening == Opening::Words {
            let (word, quotes) = match self.literal() {
                Some(literal) => (literal?, 1),
                None => (self.until_end(end, |byte| byte.is_ascii_whitespace() || b"])}".contains(&byte))?, 0),
            };
            self.at = word.end + quotes;
            // Where another list begins, this one was none.
            let sound = word.end <= end && (quotes > 0 || !word.of(self.text).iter().any(|byte| b"([{".contains(byte)));
            return sound.then(|| self.listed(word, true));
        }
        if let Some(literal) = self.literal().flatten() {
            self.at = literal.end + 1;
            return (self.comma_or_end() && literal.end < end).then(|| self.listed(literal, true));
        }
        if b"\"'`[({".contains(&self.peek(0)) {
            return None;
        }
        let bare = self.until_end(end, |byte| b",\"'`[](){}\n:".contains(&byte))?;
        let settings = self.syntax == Syntax::Config;
        let length = bare.of(self.text).trim_ascii_end().len();
        self.at = bare.end;
        let short = settings || length <= MAX_BARE;
        let value = Span::new(bare.start, bare.start + length);
        (self.comma_or_end() && short).then(|| if settings { self.listed(value, false) } else { None })
    }

    /// Is the next sign a comma, which is stepped over, or the end of the list?
    fn comma_or_end(&mut self) -> bool {
        self.skip_gap();
        let next = self.peek(0);
        self.at += usize::from(next == b',');
        matches!(next, b',' | b']' | b'}' | b')')
    }

    /// The value behind a dash on the next line.
    fn dashed(&mut self, end: usize) -> Option<Assignment> {
        self.skip_while(MAX_VALUE, |byte| byte != b'\n');
        self.at += 1;
        self.skip_blanks();
        if self.peek(0) != b'-' || self.peek(1) != b' ' {
            return None;
        }
        self.at += 2;
        self.skip_blanks();
        let (value, quoted) = self.scalar(end)?;
        let rest = &self.text[value.end + usize::from(quoted)..];
        let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        // More behind it makes a map of it, or a sentence.
        let alone = rest.trim_ascii().is_empty() || rest.trim_ascii_start().starts_with(b"#");
        let key = !quoted && value.of(self.text).ends_with(b":");
        if alone && !key { self.listed(value, quoted) } else { None }
    }

    /// A value of YAML in quotes or up to the next blank, which ends before `end`, and whether it is quoted; no anchor, tag, block or flow.
    pub(super) fn scalar(&mut self, end: usize) -> Option<(Span, bool)> {
        let quoted = self.is_literal();
        let value = if quoted { self.literal().flatten() } else { self.until(|byte| byte.is_ascii_whitespace()) };
        let value = value.filter(|value| value.end <= end)?;
        self.at = value.end;
        (quoted || !b"&*!|>{[".contains(&self.text[value.start])).then_some((value, quoted))
    }

    fn until_end(&self, end: usize, ends: impl Fn(u8) -> bool) -> Option<Span> {
        let value = self.until(ends)?;
        (value.end <= end).then_some(value)
    }

    fn listed(&self, value: Span, quoted: bool) -> Option<Assignment> {
        self.found(Way::Listed, value, quoted, true)
    }
}
