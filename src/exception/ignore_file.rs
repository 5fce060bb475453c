//! `.caulkignore`: one line for each accepted finding, in order, made to be merged.
//!
//! `FINGERPRINT RULE PATH UNTIL REASON`. The path is `*` for a secret that is accepted wherever it stands; its fingerprint is then that of
//! the secret. `UNTIL` is `-` for an exception without an end. No line number and no commit, so nothing changes when files do.

use crate::blob::path::write_escaped;
use crate::day::Day;
use crate::finding::Fingerprint;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What cannot stand in a path here as it is.
const IN_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'*');

/// A path that stands for all.
const EVERYWHERE: &str = "*";

/// No end.
const ENDLESS: &str = "-";

/// What reasons of baseline entries begin with.
pub const BASELINE: &str = "baseline";

/// What an ignore file begins with that caulk makes.
const HEADER: &str = "# Accepted findings: fingerprint, rule, path (* is everywhere), last day or -, reason.\n\
                      # `caulk ignore` and `caulk baseline` write this file, one line for each, in order.\n";

const FORM: &str = "write `FINGERPRINT RULE PATH UNTIL REASON`, with `*` for every path and `-` for no end";

/// Why an ignore file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct IgnoreError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to mend.
    pub message: String,
}

/// One accepted finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreEntry {
    /// Of the finding, or of the secret if it is accepted everywhere.
    pub fingerprint: Fingerprint,
    /// The rule that found it.
    pub rule: String,
    /// The path from the root of the project; every path without.
    pub path: Option<Vec<u8>>,
    /// The last day on which it is accepted.
    pub until: Option<Day>,
    /// Why.
    pub reason: String,
    /// Its line in the file it was read from, from 1; 0 if it is new.
    pub line: usize,
    /// The lines of comment above it.
    comments: Vec<String>,
}

/// The accepted findings of a project.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    entries: BTreeMap<Fingerprint, IgnoreEntry>,
    /// Comments in front of everything, and behind it.
    header: String,
    trailer: Vec<String>,
}

impl IgnoreEntry {
    /// A new entry.
    pub fn new(fingerprint: Fingerprint, rule: &str, path: Option<&[u8]>, until: Option<Day>, reason: &str) -> Self {
        let (rule, path) = (rule.to_owned(), path.map(<[u8]>::to_vec));
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { fingerprint, rule, path, until, reason, line: 0, comments: Vec::new() }
    }

    /// Does it stand for what was known when caulk was introduced?
    pub fn is_baseline(&self) -> bool {
        self.reason.strip_prefix(BASELINE).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    /// Does it hold no longer?
    pub fn is_expired(&self) -> bool {
        self.until.is_some_and(|until| until < Day::today())
    }

    /// Where it holds, for people.
    pub fn place(&self) -> String {
        match self.shown_path() {
            Some(path) => format!("at {path}"),
            None => "everywhere".to_owned(),
        }
    }

    /// The path for people, if it is bound to one.
    pub fn shown_path(&self) -> Option<String> {
        let mut text = String::new();
        write_escaped(self.path.as_ref()?, &mut text).expect("writing to a string does not fail");
        Some(text)
    }

    /// The path as it stands in the file.
    fn written_path(&self) -> String {
        self.path.as_ref().map_or_else(|| EVERYWHERE.to_owned(), |path| percent_encode(path, IN_PATH).to_string())
    }

    /// The line.
    pub fn to_line(&self) -> String {
        let until = self.until.map_or_else(|| ENDLESS.to_owned(), |day| day.to_string());
        format!("{} {} {} {until} {}", self.fingerprint, self.rule, self.written_path(), self.reason)
    }

    /// Reads a line; otherwise, what to mend.
    fn parse(line: &str) -> Result<Self, String> {
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
            return Err("a merge was not finished here: keep the lines of both sides and take this one out".to_owned());
        }
        let mut rest = line;
        let mut field = |what: &str| {
            let (field, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after.trim_start();
            if field.is_empty() { Err(format!("the {what} is missing: {FORM}")) } else { Ok(field) }
        };
        let (id, rule) = (field("fingerprint")?, field("rule")?);
        let (path, until) = (field("path")?, field("last day, or `-`,")?);
        let fingerprint = Fingerprint::parse(id)
            .ok_or_else(|| format!("`{}` is no fingerprint of 32 hexadecimal digits: {FORM}", short(id)))?;
        let until = match until {
            ENDLESS => None,
            day => Some(Day::parse(day).ok_or_else(|| {
                format!("`{}` is no day such as 2027-01-31, and not `-` for no end: {FORM}", short(day))
            })?),
        };
        if rest.is_empty() {
            return Err(format!("the reason is missing: {FORM}"));
        }
        let path = (path != EVERYWHERE).then(|| percent_decode_str(path).collect::<Vec<u8>>());
        Ok(Self::new(fingerprint, rule, path.as_deref(), until, rest))
    }
}

/// The beginning of something that may be very long.
fn short(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    if start.len() < text.len() { start + "..." } else { start }
}

impl IgnoreFile {
    /// Reads `text`, which is what `file` holds.
    ///
    /// # Errors
    /// A line cannot be read, or two lines are about the same finding.
    pub fn parse(file: &str, text: &[u8]) -> Result<Self, IgnoreError> {
        let wrong = |line: usize, message: String| IgnoreError { file: file.to_owned(), line, message };
        let (mut read, mut comments) = (Self::default(), Vec::new());
        for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            let line = std::str::from_utf8(line).map_err(|_| wrong(number, "this is no text in UTF-8".to_owned()))?;
            let line = line.strip_prefix('\u{FEFF}').unwrap_or(line).trim();
            if line.is_empty() {
                // What stands above an empty line, at the beginning, is about the whole file.
                if read.entries.is_empty() && !comments.is_empty() {
                    read.header += &joined(&std::mem::take(&mut comments));
                    read.header.push('\n');
                }
                continue;
            }
            if line.starts_with('#') {
                comments.push(line.to_owned());
                if read.entries.is_empty() && HEADER.contains(line) {
                    read.header += &joined(&std::mem::take(&mut comments));
                }
                continue;
            }
            let entry = IgnoreEntry::parse(line).map_err(|message| wrong(number, message))?;
            let entry = IgnoreEntry { line: number, comments: std::mem::take(&mut comments), ..entry };
            if let Some(first) = read.entries.get(&entry.fingerprint) {
                let message =
                    format!("`{}` stands at line {} already: keep one of the two", first.fingerprint, first.line);
                return Err(wrong(number, message));
            }
            read.entries.insert(entry.fingerprint, entry);
        }
        read.trailer = comments;
        Ok(read)
    }

    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = &IgnoreEntry> {
        self.entries.values()
    }

    /// The entry with this fingerprint.
    pub fn get(&self, fingerprint: Fingerprint) -> Option<&IgnoreEntry> {
        self.entries.get(&fingerprint)
    }

    /// Adds an entry, in place of one with its fingerprint; gives that one.
    pub fn put(&mut self, entry: IgnoreEntry) -> Option<IgnoreEntry> {
        self.entries.insert(entry.fingerprint, entry)
    }

    /// Leaves the entries for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&IgnoreEntry) -> bool) {
        self.entries.retain(|_, entry| keep(entry));
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let mut text = if self.header.is_empty() { HEADER.to_owned() } else { self.header.clone() };
        for entry in self.entries() {
            text += &joined(&entry.comments);
            writeln!(text, "{}", entry.to_line()).expect("writing to a string does not fail");
        }
        text + &joined(&self.trailer)
    }
}

fn joined(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<IgnoreFile, IgnoreError> {
        IgnoreFile::parse(".caulkignore", text.as_bytes())
    }

    fn id(digit: &str) -> String {
        digit.repeat(32)
    }

    #[test]
    fn what_is_written_is_read_again_in_order() {
        let mut one = IgnoreFile::default();
        let path = b"a dir/100%*\xff.txt";
        let print = |digit: &str| Fingerprint::parse(&id(digit)).expect("it is one");
        one.put(IgnoreEntry::new(print("b"), "jwt", Some(path), Day::parse("2027-01-31"), "two\n words"));
        one.put(IgnoreEntry::new(print("a"), "jwt", None, None, "baseline: known"));
        let text = one.to_text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                format!("{} jwt * - baseline: known", id("a")),
                format!("{} jwt a%20dir/100%25%2A%FF.txt 2027-01-31 two words", id("b"))
            ]
        );
        let again = file(&text).expect("it is sound");
        assert_eq!(again.to_text(), text);
        let entries: Vec<&IgnoreEntry> = again.entries().collect();
        assert!(entries[0].is_baseline() && entries[0].path.is_none());
        assert_eq!(entries[1].path.as_deref(), Some(&path[..]));
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text = format!("# ours\n\n# about b\n{} r p - x\n# the end\n", id("b"));
        assert_eq!(file(&text).expect("it is sound").to_text(), text);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let good = format!("{} r p - x", id("a"));
        for (line, said) in [
            ("nonsense r p - x".to_owned(), "no fingerprint"),
            (id("b"), "the rule is missing"),
            (format!("{} r p", id("b")), "the last day, or `-`, is missing"),
            (format!("{} r p soon x", id("b")), "`soon` is no day"),
            (format!("{} r p -", id("b")), "the reason is missing"),
            (good.clone(), "stands at line 1 already"),
            ("<<<<<<< HEAD".to_owned(), "a merge was not finished"),
        ] {
            let error = file(&format!("{good}\n\n{line}\n")).expect_err("it is wrong");
            assert_eq!(error.line, 3);
            assert!(error.message.contains(said), "{error}");
        }
    }
}
