//! Annotations of GitHub workflows: lines on standard output that GitHub shows beside the code.
//!
//! GitHub shows ten errors and ten warnings of a step and drops the rest without a word, so the rest is counted here. The job summary
//! is the Markdown report.

use super::groups::{Group, groups};
use super::life::state;
use super::{Content, Report, confidence_word, severity_word};
use crate::blob::Origin;
use crate::check::{Checklist, Item};
use crate::finding::Severity;
use crate::plural::count;
use crate::span::Position;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

/// Most annotations of one level that GitHub shows of a step.
const MOST: usize = 10;

/// Where an annotation stands.
struct Spot {
    file: String,
    start: Option<Position>,
    end: Option<Position>,
}

struct Annotation {
    severity: Severity,
    spot: Option<Spot>,
    title: String,
    message: String,
}

/// Writes the annotations of `content`: secrets, then rows of the checklist that fail.
///
/// # Errors
/// Writing fails.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut all = Vec::new();
    all.extend(content.findings.iter().flat_map(|report| secrets(report)));
    all.extend(content.checklist.iter().flat_map(|checklist| rows(checklist)));
    let (errors, warnings): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.severity >= Severity::High);
    for (command, annotations) in [("error", &errors), ("warning", &warnings)] {
        annotations.iter().take(MOST).try_for_each(|one| write_annotation(command, one, out))?;
    }
    let more = |all: &[Annotation]| all.len().saturating_sub(MOST);
    if more(&errors) + more(&warnings) > 0 {
        let (errors, warnings) = (more(&errors), more(&warnings));
        writeln!(
            out,
            "::notice title=caulk::and {errors} more errors and {warnings} more warnings, which GitHub would not show here: they are in the other reports"
        )?;
    }
    let failures: Vec<_> = content.manifest.failures().collect();
    if let Some(first) = failures.first() {
        let what = count(failures.len(), "entry");
        let message =
            format!("{what} could not be scanned, so this is no clean bill: {}: {}", first.path, first.reason);
        writeln!(out, "::notice title=caulk is incomplete::{}", Data(&message))?;
    }
    Ok(())
}

fn secrets(report: &Report) -> Vec<Annotation> {
    groups(report).iter().map(|group| secret(report, group)).collect()
}

fn secret(report: &Report, group: &Group<'_>) -> Annotation {
    let finding = group.shown();
    let rule = report.rule(finding);
    let (place, exposure) = (&finding.place, group.exposure());
    let mut message = format!("{}, confidence {}", finding.secret, confidence_word(finding.confidence));
    let others = group.spots().len() - 1;
    if others > 0 {
        let _ = write!(message, ", and at {}", count(others, "more place"));
    }
    if let Some(exposure) = exposure {
        let at = format!("{}:{}", place.origin.path, place.start.line);
        let remote = if exposure.pushed { "known to a remote" } else { "not known to a remote" };
        let _ = write!(message, ". {at}, {}, {remote}", state(Some(exposure)));
    }
    message.push_str(". Revoke it");
    if let Some(page) = &rule.syntax().revoke {
        let _ = write!(message, ": {page}");
    }
    let _ = write!(message, " (caulk {}, {})", rule.id(), finding.fingerprint);
    // A line of the past is another line today, or none.
    let there = exposure.is_none_or(|exposure| exposure.in_head);
    let spot = || Spot { file: place.origin.key.to_string(), start: Some(place.start), end: Some(place.end) };
    Annotation {
        severity: finding.severity,
        spot: there.then(spot),
        title: format!("{} ({})", rule.title(), severity_word(finding.severity)),
        message,
    }
}

fn rows(checklist: &Checklist) -> Vec<Annotation> {
    checklist.items.iter().filter(|item| item.fails()).map(|item| row(item, checklist.anchor.as_ref())).collect()
}

fn row(item: &Item, anchor: Option<&Origin>) -> Annotation {
    let seen = item.outcome.seen.iter().find(|seen| seen.origin.is_some()).or(item.outcome.seen.first());
    let what = seen.map_or_else(String::new, |seen| format!("{}. ", seen.what));
    let origin = seen.and_then(|seen| seen.origin.as_ref()).or(anchor);
    let start = seen.and_then(|seen| seen.at);
    Annotation {
        severity: item.check.severity,
        spot: origin.map(|origin| Spot { file: origin.key.to_string(), start, end: None }),
        title: format!("{} ({})", item.check.title, severity_word(item.check.severity)),
        message: format!("{what}{} (caulk {})", item.check.remedy, item.check.id),
    }
}

fn write_annotation(command: &str, one: &Annotation, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "::{command} ")?;
    if let Some(spot) = &one.spot {
        write!(out, "file={},", Property(&spot.file))?;
        if let Some(start) = spot.start {
            write!(out, "line={},", start.line)?;
            let end = spot.end.unwrap_or(start);
            write!(out, "endLine={},", end.line)?;
            // Columns are taken on one line only.
            if spot.end.is_some() && end.line == start.line {
                write!(out, "col={},endColumn={},", start.column_utf16, end.column_utf16)?;
            }
        }
    }
    writeln!(out, "title={}::{}", Property(&one.title), Data(&one.message))
}

/// The message of a command.
struct Data<'t>(&'t str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, "", out)
    }
}

/// A property of a command, which colons and commas would end.
struct Property<'t>(&'t str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_percent(self.0, ":,", out)
    }
}

fn write_percent(text: &str, more: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let shown = super::text::escaped(text.as_bytes());
    shown.chars().try_for_each(|c| match c {
        c if c == '%' || more.contains(c) => write!(out, "%{:02X}", u32::from(c)),
        c => out.write_char(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_begin_a_command_of_its_own() {
        let text = "a,b:c 100%\n::error::x";
        assert_eq!(Data(text).to_string(), "a,b:c 100%25\\u{a}::error::x");
        assert_eq!(Property(text).to_string(), "a%2Cb%3Ac 100%25\\u{a}%3A%3Aerror%3A%3Ax");
    }
}
