//! Columns: a name that heads a column gives its cells values, in statements of SQL, in tables of documents, in CSV.

use super::cursor::Cursor;
use super::{Assignment, MAX_VALUE, Way};
use crate::blob::Syntax;
use crate::detect::identifier::is_word_byte;
use crate::span::Span;

/// Most rows and columns that are read, and most bytes of a head.
const MAX_ROWS: usize = 64;
const MAX_COLUMNS: usize = 32;
const MAX_HEAD: usize = 240;

/// Between the columns and the rows of a statement.
const VALUES: &[u8] = b"values";

/// What cells of CSV stand between.
const SEPARATORS: &[u8] = b",;\t";

impl Cursor<'_> {
    /// Reads the cells below the name if it heads a column; gives whether it does. The cursor stays where it is.
    pub(super) fn column(&mut self, visit: &mut impl FnMut(Assignment)) -> bool {
        let quotes = self.rest().iter().take(2).take_while(|byte| b"\"`']".contains(byte)).count();
        let start = self.at;
        let behind = self.rest()[quotes..].trim_ascii_start().first();
        let stated = behind.filter(|byte| b",)".contains(byte)).and_then(|_| self.column_of_statement());
        let prose = self.syntax == Syntax::Prose;
        let read = match (stated, behind) {
            (Some(column), _) => self.statement(column, visit),
            (None, Some(b'|')) if prose => self.table(visit),
            _ => prose && self.head(quotes).is_some_and(|line| self.records(line, visit)),
        };
        self.at = start;
        read
    }

    /// Which of the columns in parentheses behind `INSERT INTO table` it is, if it can be one.
    fn column_of_statement(&self) -> Option<usize> {
        let before = self.before(MAX_HEAD);
        let open = memchr::memrchr(b'(', before)?;
        let part = |byte: &&u8| is_word_byte(**byte) || b"_.`\"[]".contains(byte);
        let line = before[..open].trim_ascii_end();
        let table = line.iter().rev().take_while(part).count();
        let into = line[..line.len() - table].trim_ascii_end();
        let stated = table > 0 && into.len() >= 4 && into[into.len() - 4..].eq_ignore_ascii_case(b"into");
        stated.then(|| memchr::memchr_iter(b',', &before[open..]).count())
    }

    /// `(name, password) VALUES ('ann', '...'), (...)`.
    fn statement(&mut self, column: usize, visit: &mut impl FnMut(Assignment)) -> bool {
        let head = &self.rest()[..self.rest().len().min(MAX_HEAD)];
        let Some(close) = memchr::memchr(b')', head) else { return false };
        let behind = head[close + 1..].trim_ascii_start();
        if !behind.get(..VALUES.len()).is_some_and(|word| word.eq_ignore_ascii_case(VALUES)) {
            return false;
        }
        let end = self.text.len().min(self.at + MAX_VALUE);
        self.at += head.len() - behind.len() + VALUES.len();
        for _ in 0..MAX_ROWS {
            self.skip_gap();
            if self.peek(0) != b'(' || self.at > end {
                break;
            }
            self.at += 1;
            let cell = self.row(column).filter(|cell| cell.value.end <= end);
            cell.into_iter().for_each(&mut *visit);
            self.skip_gap();
            self.at += usize::from(self.peek(0) == b',');
        }
        true
    }

    /// The literal in this column of the row that stands here; the cursor goes behind the row.
    fn row(&mut self, column: usize) -> Option<Assignment> {
        let mut cell = None;
        for number in 0..MAX_COLUMNS {
            self.skip_gap();
            if let Some(literal) = self.literal().flatten() {
                cell = cell.or_else(|| self.found(Way::Listed, literal, true, true).filter(|_| number == column));
                self.at = literal.end + 1;
            }
            self.skip_while(MAX_HEAD, |byte| !b",)\n".contains(&byte));
            let more = self.peek(0) == b',';
            self.at += 1;
            if !more {
                break;
            }
        }
        cell
    }

    /// The cells of a table in Markdown, whose second line is a rule.
    fn table(&mut self, visit: &mut impl FnMut(Assignment)) -> bool {
        let head = self.line_before(MAX_HEAD);
        let column = memchr::memchr_iter(b'|', head).count();
        let mut lines = self.lines_below();
        let ruled = lines.next().is_some_and(|line| {
            let line = line.of(self.text).trim_ascii();
            line.len() > 2 && line.iter().all(|byte| b"|-: ".contains(byte))
        });
        if !ruled {
            return false;
        }
        for line in lines.take_while(|line| line.of(self.text).contains(&b'|')).take(MAX_ROWS) {
            self.cell(line, b'|', column).into_iter().for_each(&mut *visit);
        }
        true
    }

    /// Where the first line of a file of records begins, if the name can stand in it: short words between signs, without blanks behind
    /// them.
    fn head(&self, quotes: usize) -> Option<usize> {
        if !self.begins || self.name.start > MAX_HEAD {
            return None;
        }
        let line = memchr::memrchr(b'\n', &self.text[..self.name.start]).map_or(0, |at| at + 1);
        let first = self.text[..line].trim_ascii().is_empty();
        let behind = self.rest().get(quotes).copied().unwrap_or(b'\n');
        let before = self.text[..self.name.start].iter().rev().find(|byte| !b"\"'".contains(byte));
        let last = b"\r\n".contains(&behind) && before.is_some_and(|byte| SEPARATORS.contains(byte));
        (first && (last || SEPARATORS.contains(&behind))).then_some(line)
    }

    /// The cells of records below a head of CSV that begins at `start`.
    fn records(&mut self, start: usize, visit: &mut impl FnMut(Assignment)) -> bool {
        let rest = &self.text[start..self.text.len().min(start + MAX_HEAD)];
        let head = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let Some(&separator) = head.iter().find(|byte| SEPARATORS.contains(byte)) else { return false };
        let name = |byte: &u8| is_word_byte(*byte) || b"_-. \"'\r".contains(byte) || *byte == separator;
        if !head.iter().all(name) || head.windows(2).any(|two| two == [separator, b' ']) {
            return false;
        }
        let column = memchr::memchr_iter(separator, &self.text[start..self.name.start]).count();
        let columns = memchr::memchr_iter(separator, head).count();
        let whole = |line: &Span| memchr::memchr_iter(separator, line.of(self.text)).count() == columns;
        for line in self.lines_below().take_while(whole).take(MAX_ROWS) {
            self.cell(line, separator, column).into_iter().for_each(&mut *visit);
        }
        true
    }

    /// The lines below this one, as far as values are read.
    fn lines_below(&self) -> impl Iterator<Item = Span> + use<'_> {
        let end = self.text.len().min(self.at + MAX_VALUE);
        let text = &self.text[..end];
        let mut at = memchr::memchr(b'\n', &text[self.at..]).map_or(end, |line| self.at + line + 1);
        std::iter::from_fn(move || {
            let length = memchr::memchr(b'\n', &text[at..]).or_else(|| (end == self.text.len()).then(|| end - at))?;
            let line = Span::new(at, at + length);
            at = end.min(at + length + 1);
            (!line.is_empty()).then_some(line)
        })
    }

    /// What stands behind so many separators in a line, without quotes.
    fn cell(&self, line: Span, separator: u8, column: usize) -> Option<Assignment> {
        let bytes = line.of(self.text);
        let start = match column {
            0 => 0,
            _ => memchr::memchr_iter(separator, bytes).nth(column - 1)? + 1,
        };
        let length = memchr::memchr(separator, &bytes[start..]).unwrap_or(bytes.len() - start);
        let cell = bytes[start..start + length].trim_ascii_start();
        let start = line.start + start + length - cell.len();
        let cell = cell.trim_ascii_end();
        let quotes = match cell {
            [first @ (b'"' | b'\'' | b'`'), .., last] => usize::from(first == last),
            _ => 0,
        };
        let value = Span::new(start + quotes, start + cell.len() - quotes);
        self.found(Way::Listed, value, quotes > 0, true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::values_under;
    use super::*;

    fn read_values(text: &str, syntax: Syntax) -> Vec<&str> {
        values_under("password", text, syntax)
    }

    #[test]
    fn cells_are_read_below_their_heads() {
        for (text, syntax) in [
            ("INSERT INTO users (name, password, age) VALUES ('a', 'ONE', 3),\n ('b', 'TWO', NOW());", Syntax::Code),
            ("insert into `users` (`password`, `name`) values ('ONE', 'a'), ('TWO', 'b')", Syntax::Code),
            ("name,password\na,ONE\nb,TWO\n", Syntax::Prose),
            ("\"name\";\"password\"\n\"a\";\"ONE\"\n\"b\";\"TWO\"", Syntax::Prose),
            ("password\tname\r\nONE\ta\r\nTWO\tb\r\n", Syntax::Prose),
            (
                "Users:\n\n| name | password |\n|------|:--------:|\n| a | `ONE` |\n| b | TWO |\n\nmore | x",
                Syntax::Prose,
            ),
        ] {
            assert_eq!(read_values(text, syntax), ["ONE", "TWO"], "{text}");
        }
    }

    #[test]
    fn what_is_no_head_has_no_cells() {
        for text in ["name, password\na, x\n", "Log in:\nname,password\na,x\n", "name,password\nno record\n"] {
            assert!(read_values(text, Syntax::Prose).is_empty(), "{text}");
        }
        assert!(read_values("login(name, password) { values(1) }", Syntax::Code).is_empty());
    }
}
