//! CSV for spreadsheets, after RFC 4180: a line for each place of each secret, always with the names of the columns.
//!
//! Spreadsheets run what looks like a formula, and file names can look like one: such a cell begins with an apostrophe.

use super::exposure::time;
use super::groups::spots;
use super::life::state;
use super::{Accepted, Report, confidence_word, severity_word};
use crate::finding::Finding;
use csv::{Terminator, WriterBuilder};
use std::io::{self, Write};

/// The columns, in order; names are a promise.
const COLUMNS: [&str; 24] = [
    "state",
    "severity",
    "confidence",
    "rule",
    "title",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "preview",
    "excerpt",
    "evidence",
    "fingerprint",
    "secret_id",
    "commit",
    "author",
    "date",
    "removed_in",
    "in_head",
    "pushed",
    "exception",
    "until",
    "revoke",
];

/// Writes the findings of `report`, then what is accepted.
///
/// # Errors
/// Writing fails.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    rows.write_record(COLUMNS)?;
    let open = report.findings.iter().map(|finding| (finding, None));
    let accepted = report.accepted.iter().map(|one| (&one.finding, Some(one)));
    for (finding, exception) in open.chain(accepted) {
        for row in cells(report, finding, exception) {
            rows.write_record(row.iter().map(|cell| guarded(cell)))?;
        }
    }
    rows.flush()
}

/// A row for each place of a finding.
fn cells(report: &Report, finding: &Finding, accepted: Option<&Accepted>) -> Vec<[String; COLUMNS.len()]> {
    let rule = report.rule(finding);
    let exposure = finding.exposure.as_deref();
    let evidence: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    let removed: Vec<&str> = exposure.iter().flat_map(|one| &one.removed).map(|note| note.id.as_str()).collect();
    let yes = |value: Option<bool>| value.map_or("", |value| if value { "yes" } else { "no" }).to_owned();
    let rows = spots(finding).into_iter().map(|spot| {
        let (place, note) = (spot.place, spot.commit);
        [
            accepted.map_or_else(|| state(exposure), |_| "accepted").to_owned(),
            severity_word(finding.severity).to_owned(),
            confidence_word(finding.confidence).to_owned(),
            rule.id().to_owned(),
            rule.title(),
            place.origin.path.to_string(),
            place.start.line.to_string(),
            place.start.column.to_string(),
            place.end.line.to_string(),
            place.end.column.to_string(),
            finding.secret.to_string(),
            place.excerpt.line(),
            evidence.join("; "),
            spot.fingerprint.to_string(),
            report.secret_id(finding).to_string(),
            note.map_or_else(String::new, |note| note.id.clone()),
            note.map_or_else(String::new, |note| note.author.clone()),
            note.map_or_else(String::new, time),
            removed.join(" "),
            yes(exposure.map(|one| one.in_head)),
            yes(exposure.map(|one| one.pushed)),
            accepted.map_or_else(String::new, |one| format!("{}: {}", one.stated, one.reason)),
            accepted.and_then(|one| one.until).map_or_else(String::new, |day| day.to_string()),
            rule.syntax().revoke.clone().unwrap_or_default(),
        ]
    });
    rows.collect()
}

/// A cell that no spreadsheet takes for a formula, and that holds no control characters.
fn guarded(cell: &str) -> String {
    let shown = super::text::escaped(cell.as_bytes());
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}');
    // Some trim blanks before they look.
    if shown.trim_start().starts_with(formula) { format!("'{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{FF1D}1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        assert_eq!(guarded("\t=1"), "\\u{9}=1");
        assert_eq!(guarded("a=1"), "a=1");
    }
}
