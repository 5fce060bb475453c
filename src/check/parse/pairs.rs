//! Names and values in lines: dotenv, properties, INI.

use super::locate::Locator;
use crate::check::text::Text;
use crate::span::Position;

/// One line that gives a name a value.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The INI section it stands in; empty outside of all.
    pub section: String,
    /// The name.
    pub name: String,
    /// The value, without quotes and without a comment behind it.
    pub value: Text,
    /// Where the name stands.
    pub at: Position,
}

/// Reads `text` line by line; lines that are no pairs are passed over.
pub fn read(text: &str) -> Vec<Pair> {
    let mut locator = Locator::new(text.as_bytes());
    let (mut pairs, mut section, mut start) = (Vec::new(), String::new(), 0);
    let mut skip_to = 0;
    for line in text.split_inclusive('\n') {
        let begin = start;
        start += line.len();
        if begin < skip_to {
            continue;
        }
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim().to_owned();
            continue;
        }
        let Some((name, value_at)) = name_of(line) else { continue };
        let (value, end) = value(text, begin + value_at);
        skip_to = end;
        let indent = line.find(name).unwrap_or_default();
        pairs.push(Pair {
            section: section.clone(),
            name: name.to_owned(),
            value,
            at: locator.position(begin + indent),
        });
    }
    pairs
}

/// The name of a line, and where its value begins.
fn name_of(line: &str) -> Option<(&str, usize)> {
    let rest = line.trim_start();
    if rest.starts_with(['#', ';', '!', '/']) {
        return None;
    }
    let indent = line.len() - rest.len();
    let export = rest.strip_prefix("export ").map_or(0, |after| rest.len() - after.trim_start().len());
    let rest = &rest[export..];
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-[]".contains(c)))?;
    let after = &rest[length..];
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    let operator = after[blanks..].chars().next().filter(|c| "=:".contains(*c))?;
    (length > 0).then(|| (&rest[..length], indent + export + length + blanks + operator.len_utf8()))
}

/// The value that begins at `at`, and where it ends: quoted ones may go over several lines.
fn value(text: &str, at: usize) -> (Text, usize) {
    let line_end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    let blanks = text[at..line_end].len() - text[at..line_end].trim_start().len();
    let start = at + blanks;
    if let Some(quote) = text[start..line_end].chars().next().filter(|c| "\"'".contains(*c)) {
        let limit = text.len().min(start + 16 * 1024);
        let inside = text.get(start + 1..limit).unwrap_or(&text[start + 1..line_end]);
        let mut escaped = false;
        let end = inside.char_indices().find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped && quote == '"';
            closes
        });
        if let Some((length, _)) = end {
            return (Text::new(&inside[..length]), start + 1 + length);
        }
    }
    let bare = &text[start..line_end];
    let bare = bare.split(" #").next().unwrap_or_default().trim();
    (Text::new(bare), line_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_pairs() {
        let text = "# c\nexport A=1 # one\nB = \"two # 2\"\n[db]\nuser: x\nKEY='a\nb'\nlonely\nC=\n";
        let pairs: Vec<_> = read(text)
            .into_iter()
            .map(|pair| (pair.section, pair.name, pair.value.as_str().to_owned(), pair.at.line))
            .collect();
        let pair = |section: &str, name: &str, value: &str, line| {
            (section.to_owned(), name.to_owned(), value.to_owned(), line)
        };
        assert_eq!(
            pairs,
            [
                pair("", "A", "1", 2),
                pair("", "B", "two # 2", 3),
                pair("db", "user", "x", 5),
                pair("db", "KEY", "a\nb", 6),
                pair("db", "C", "", 9)
            ]
        );
    }
}
