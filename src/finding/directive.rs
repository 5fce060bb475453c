//! Inline exceptions: `caulk:allow[rule-id] reason` in a comment, beside a secret or on the line above it.
//!
//! Found where something was found, bound to one finding each. Whether one holds is decided where all exceptions are.

use crate::span::Span;

/// What a directive begins with.
const MARK: &[u8] = b"caulk:allow[";

/// What opens a comment, in the languages that have some; the longer before what it ends with.
const OPENERS: &[&str] = &["<!--", "/*", "(*", "@*", "{#", "{-", "//", "--", "rem", "REM", "#", "*", ";", "%"];

/// What closes one.
const CLOSERS: &[&str] = &["*/", "-->", "*)", "#}", "-}", "*@"];

/// How far in front of a directive its comment may open and its line begin, in bytes.
const BEFORE: usize = 256;

/// Longest id of a rule, and longest reason, in bytes.
const LONGEST: (usize, usize) = (128, 400);

/// An exception that a file states for one of its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The rule that it names.
    pub rule: String,
    /// Why the secret is accepted; empty if it does not say.
    pub reason: String,
    /// The line on which it stands.
    pub line: u64,
}

impl Directive {
    /// Does it cover what `rule` found?
    pub fn holds(&self, rule: &str) -> bool {
        self.rule == rule && !self.reason.is_empty()
    }
}

/// A directive as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it begins.
    pub at: usize,
    /// Is there nothing else on its line? Then it is about the next one.
    pub alone: bool,
    /// The rule that it names.
    pub rule: String,
    /// Why, without the end of the comment.
    pub reason: String,
    /// Where the reason stands.
    pub reason_span: Span,
}

/// All directives in `text`, in order.
pub fn find(text: &[u8]) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    for at in memchr::memmem::find_iter(text, MARK) {
        let from = at.saturating_sub(BEFORE);
        let begin = memchr::memrchr(b'\n', &text[from..at]).map(|newline| from + newline + 1);
        let before = text[begin.unwrap_or(from)..at].trim_ascii_end();
        let opener = OPENERS.iter().find_map(|opener| before.strip_suffix(opener.as_bytes()));
        let last_end = found.last().map(|last| last.reason_span.end);
        // Another one behind the first, in the same comment.
        let follows = last_end.is_some_and(|end| end == at);
        if opener.is_none() && !follows {
            continue;
        }
        let whole = begin.is_some() || from == 0;
        let alone = match opener {
            Some(rest) => whole && rest.trim_ascii().is_empty(),
            None => found.last().is_some_and(|last| last.alone),
        };
        found.extend(read(text, at, alone));
    }
    found
}

/// The directive that begins at `at`, as far as it can be read.
fn read(text: &[u8], at: usize, alone: bool) -> Option<Written> {
    let id = at + MARK.len();
    let close = text[id..].iter().take(LONGEST.0).position(|byte| *byte == b']' || *byte == b'\n')?;
    if text[id + close] != b']' {
        return None;
    }
    let rule = String::from_utf8_lossy(text[id..id + close].trim_ascii()).into_owned();
    let start = id + close + 1;
    let rest = &text[start..text.len().min(start + LONGEST.1)];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let end = memchr::memmem::find(line, MARK).unwrap_or(line.len());
    let whole = String::from_utf8_lossy(&line[..end]);
    let close = CLOSERS.iter().filter_map(|closer| whole.find(closer)).min().unwrap_or(whole.len());
    let reason = whole[..close].trim().to_owned();
    Some(Written { at, alone, rule, reason, reason_span: Span::new(start, start + end) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, String, bool)> {
        find(text.as_bytes()).into_iter().map(|one| (one.rule, one.reason, one.alone)).collect()
    }

    fn one(rule: &str, reason: &str, alone: bool) -> (String, String, bool) {
        (rule.to_owned(), reason.to_owned(), alone)
    }

    #[test]
    fn comments_of_many_languages_are_read() {
        assert_eq!(all("x = 1  # caulk:allow[jwt] a sample"), [one("jwt", "a sample", false)]);
        assert_eq!(all("\n  // caulk:allow[jwt] a sample\r\nx"), [one("jwt", "a sample", true)]);
        assert_eq!(all("a /* caulk:allow[jwt] a sample */ b"), [one("jwt", "a sample", false)]);
        assert_eq!(all("a /* caulk:allow[jwt] a sample */"), [one("jwt", "a sample", false)]);
        assert_eq!(all("<!-- caulk:allow[jwt] a sample -->"), [one("jwt", "a sample", true)]);
        assert_eq!(all("-- caulk:allow[jwt]"), [one("jwt", "", true)]);
    }

    #[test]
    fn several_stand_in_one_comment() {
        let text = "x # caulk:allow[jwt] one caulk:allow[a-b] two\n";
        assert_eq!(all(text), [one("jwt", "one", false), one("a-b", "two", false)]);
    }

    #[test]
    fn what_is_no_comment_is_no_directive() {
        for text in ["x = \"caulk:allow[jwt] a\"", "caulk:allow[jwt] a", "# caulk:allow[jwt\n] a", "# caulk:allow jwt"]
        {
            assert!(all(text).is_empty(), "{text}");
        }
    }
}
