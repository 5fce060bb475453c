//! Findings in Markdown: for job summaries, merge requests and notes. A checklist follows where there is one.
//!
//! A job summary takes a mebibyte and is refused beyond, so the number of secrets that are written out is limited, and the rest is
//! counted. Nothing from a file is markup: see [`inline`].

pub mod inline;

use super::exposure::{RUNBOOK, day};
use super::groups::{Group, Spot, accepted, found, groups};
use super::life::{age, commit, holders, pushed, state};
use super::text::scanned;
use super::{Content, Report, checklist, confidence_word, severity_word};
use crate::finding::exposure::Exposure;
use crate::finding::{Evidence, Severity};
use crate::plural::count;
use inline::{code, text};
use std::io::{self, Write};

/// Most secrets that are written out.
const MAX_SECRETS: usize = 500;

/// Most further places, removals or failures that are listed.
const MAX_LISTED: usize = 10;

/// From the worst to the least.
const SEVERITIES: [Severity; 5] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// Writes the parts of `content`, one below the other.
///
/// # Errors
/// Writing fails.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let Some(report) = content.findings {
        write_findings(report, content, out)?;
    }
    if let Some(list) = content.checklist {
        if content.findings.is_some() {
            writeln!(out)?;
        }
        checklist::markdown::write(list, out)?;
    }
    Ok(())
}

fn write_findings(report: &Report, content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = groups(report);
    writeln!(out, "# Secrets\n")?;
    let number = |severity| groups.iter().filter(|group| group.shown().severity == severity).count();
    let numbers: Vec<String> = SEVERITIES
        .into_iter()
        .filter(|severity| number(*severity) > 0)
        .map(|severity| format!("{} {}", number(severity), severity_word(severity)))
        .collect();
    let numbers = if numbers.is_empty() { String::new() } else { format!(" ({})", numbers.join(", ")) };
    let mut found = found(report);
    if let Some(first) = found.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    writeln!(out, "**{found}**{numbers} in {}.", scanned(content.manifest))?;
    write_failures(content, out)?;
    for group in groups.iter().take(MAX_SECRETS) {
        write_group(report, group, out)?;
    }
    if groups.len() > MAX_SECRETS {
        writeln!(out, "\nAnd {} more secrets, which the other formats list.", groups.len() - MAX_SECRETS)?;
    }
    write_accepted(report, out)?;
    if groups.iter().any(|group| group.exposure().is_some()) {
        writeln!(out, "\n## What to do\n")?;
        for (number, (_, step)) in (1..).zip(RUNBOOK) {
            writeln!(out, "{number}. {}", text(step))?;
        }
    }
    Ok(())
}

fn write_failures(content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    let failures: Vec<_> = content.manifest.failures().collect();
    if failures.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n**Incomplete**: {} could not be scanned, so this is no clean bill.\n",
        count(failures.len(), "entry")
    )?;
    for skip in failures.iter().take(MAX_LISTED) {
        writeln!(out, "- {}: {}", code(&skip.path.to_string()), text(&skip.reason.to_string()))?;
    }
    write_more(failures.len(), out)
}

fn write_more(all: usize, out: &mut dyn Write) -> io::Result<()> {
    if all > MAX_LISTED { writeln!(out, "- and {} more", all - MAX_LISTED) } else { Ok(()) }
}

fn write_group(report: &Report, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    let first = group.shown();
    let rule = report.rule(first);
    let (severity, confidence) = (severity_word(first.severity), confidence_word(first.confidence));
    writeln!(out, "\n## {severity}: {}\n", text(&rule.title()))?;
    let spots = group.spots();
    for (at, spot) in spots.iter().take(MAX_LISTED + 1).enumerate() {
        let also = if at == 0 { "" } else { "also at " };
        writeln!(out, "- {also}{}", place(spot, at == 0))?;
    }
    if spots.len() > MAX_LISTED + 1 {
        writeln!(out, "- and at {}", count(spots.len() - MAX_LISTED - 1, "more place"))?;
    }
    if let Some(exposure) = group.exposure() {
        write_exposure(exposure, out)?;
    }
    let reasons = first.evidence.iter().filter(|one| !matches!(one, Evidence::Shape | Evidence::Pair { .. }));
    let reasons = reasons.map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !reasons.is_empty() {
        writeln!(out, "- because {}", text(&reasons))?;
    }
    if let Some(revoke) = &rule.syntax().revoke {
        writeln!(out, "- revoke: {}", link(revoke))?;
    }
    writeln!(out, "- confidence {confidence}, rule `{}`, id `{}`", rule.id(), first.fingerprint)
}

/// A place with its line, and since when; all of it code, so that nothing in it is read as anything else.
fn place(spot: &Spot<'_>, with_line: bool) -> String {
    let place = spot.place;
    let at = code(&format!("{}:{}:{}", place.origin.path, place.start.line, place.start.column));
    let since = spot.commit.filter(|_| !with_line);
    let since = since.map_or_else(String::new, |note| format!(" since {} ({})", text(&commit(note)), day(note)));
    let line = if with_line { format!(": {}", code(&place.excerpt.line())) } else { String::new() };
    format!("{at}{since}{line}")
}

fn write_exposure(exposure: &Exposure, out: &mut dyn Write) -> io::Result<()> {
    if let Some(first) = &exposure.introduced {
        writeln!(out, "- since {}{}: {}", day(first), age(exposure), text(&commit(first)))?;
    }
    for removal in exposure.removed.iter().take(MAX_LISTED) {
        writeln!(out, "- removed {}: {}", day(removal), text(&commit(removal)))?;
    }
    write_more(exposure.removed.len(), out)?;
    writeln!(out, "- now {}; held by {}", state(Some(exposure)), text(&holders(exposure)))?;
    writeln!(out, "- pushed: {}", pushed(exposure))
}

fn write_accepted(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.accepted.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Accepted\n\n{} covered by exceptions:\n", count(report.accepted.len(), "finding"))?;
    for group in accepted(report).iter().take(MAX_SECRETS) {
        let Some(one) = group.accepted else { continue };
        let place = &one.finding.place;
        let at = code(&format!("{}:{}", place.origin.path, place.start.line));
        let until = one.until.map_or_else(String::new, |day| format!(", until {day}"));
        let (stated, reason) = (code(&one.stated), text(&one.reason));
        writeln!(out, "- {at} {}: {reason} ({stated}{until})", text(&report.rule(&one.finding).title()))?;
    }
    if report.accepted.len() > MAX_SECRETS {
        writeln!(out, "- and {} more", report.accepted.len() - MAX_SECRETS)?;
    }
    Ok(())
}

/// A page of a rule as a link, other advice as text.
fn link(page: &str) -> String {
    let plain = page.starts_with("https://") && !page.contains([' ', '<', '>']);
    if plain { format!("<{page}>") } else { text(page) }
}
