//! Text for people: one block for each secret, its places, what speaks for it and what to do.

use super::exposure::RUNBOOK;
use super::groups::{Group, found, groups};
use super::{
    Manifest, Report, Scope, ShowSecrets, confidence_word, severity_word, text_environment, text_exposure, text_policy,
};
use crate::blob::path::write_escaped;
use crate::finding::{Evidence, Finding, Severity};
use crate::plural::count;
use anstyle::{AnsiColor, Effects, Style};
use std::io::{self, Write};

/// Most further places of one secret that are listed.
const MAX_PLACES: usize = 8;

const BOLD: Style = Style::new().effects(Effects::BOLD);
pub(super) const DIM: Style = Style::new().effects(Effects::DIMMED);

/// Writes the findings of `report`; a writer that is no terminal takes the styles out again.
///
/// # Errors
/// Writing fails.
pub fn write(report: &Report, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    for group in groups(report) {
        write_group(report, &group, show, out)?;
        writeln!(out)?;
    }
    let exposed = report.findings.iter().any(|finding| finding.exposure.is_some());
    if exposed { write_runbook(out) } else { Ok(()) }
}

/// What to do, once for all.
fn write_runbook(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}what to do{BOLD:#}")?;
    for (number, (_, step)) in (1..).zip(RUNBOOK) {
        writeln!(out, "  {DIM}{number}.{DIM:#} {step}")?;
    }
    writeln!(out)
}

fn write_group(report: &Report, group: &Group<'_>, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    let first = group.shown();
    let rule = report.rule(first);
    let color = severity_style(first.severity);
    let (severity, confidence) = (severity_word(first.severity), confidence_word(first.confidence));
    writeln!(
        out,
        "{color}{severity}{color:#} {BOLD}{}{BOLD:#} {DIM}[{}, confidence {confidence}{}]{DIM:#}",
        rule.title(),
        rule.id(),
        if rule.syntax().trial { ", on trial" } else { "" }
    )?;
    write_frame(first, out)?;
    let others: Vec<_> = group
        .findings
        .iter()
        .filter(|finding| finding.place.span != first.place.span || finding.place.origin != first.place.origin)
        .collect();
    for other in others.iter().take(MAX_PLACES) {
        writeln!(
            out,
            "   {DIM}also at{DIM:#} {}:{}:{}",
            other.place.origin.path, other.place.start.line, other.place.start.column
        )?;
    }
    if others.len() > MAX_PLACES {
        writeln!(out, "   {DIM}and at {} more places{DIM:#}", others.len() - MAX_PLACES)?;
    }
    if let Some(exposure) = &first.exposure {
        text_exposure::write(exposure, out)?;
    }
    for part in &first.parts {
        let (title, start) = (report.rules().rule(part.rule).title(), part.start);
        writeln!(out, "   {DIM}with{DIM:#}    {title} {} at {}:{}", part.secret, start.line, start.column)?;
    }
    let reasons: Vec<String> = first
        .evidence
        .iter()
        .filter(|one| !matches!(one, Evidence::Shape | Evidence::Pair { .. }))
        .map(ToString::to_string)
        .collect();
    if !reasons.is_empty() {
        writeln!(out, "   {DIM}because{DIM:#} {}", escaped(reasons.join(", ").as_bytes()))?;
    }
    if let Some(revoke) = &rule.syntax().revoke {
        writeln!(out, "   {DIM}revoke{DIM:#}  {revoke}")?;
    }
    if show == ShowSecrets::Yes {
        writeln!(out, "   {DIM}secret{DIM:#}  {}", escaped(first.secret.expose()))?;
    }
    writeln!(out, "   {DIM}id{DIM:#}      {}", first.fingerprint)
}

/// The place and its line, the secret's mask underlined.
fn write_frame(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let place = &finding.place;
    let color = severity_style(finding.severity);
    let (before, width) = place.excerpt.columns();
    let number = place.start.line.to_string();
    let gutter = " ".repeat(number.len());
    writeln!(out, "  {gutter}{DIM}-->{DIM:#} {}:{}:{}", place.origin.path, place.start.line, place.start.column)?;
    writeln!(out, "   {DIM}{number} |{DIM:#} {}", place.excerpt.line())?;
    writeln!(out, "   {gutter} {DIM}|{DIM:#} {}{color}{}{color:#}", " ".repeat(before), "^".repeat(width.max(1)))
}

/// The one-paragraph account of the run, for standard error.
///
/// # Errors
/// Writing fails.
pub fn write_summary(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let manifest = &report.manifest;
    let seconds = manifest.duration.as_secs_f64();
    writeln!(out, "{BOLD}{}{BOLD:#} in {} in {seconds:.2} s", found(report), scanned(manifest))?;
    if manifest.known > 0 {
        let known = count(usize::try_from(manifest.known).unwrap_or(usize::MAX), "object");
        writeln!(out, "known: {known} from an earlier run, by the cache")?;
    }
    manifest.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    text_environment::write(&manifest.environment, out)?;
    write_policy(report, verbose, out)?;
    if !manifest.ignored.is_empty() {
        let more = if verbose { "" } else { " (-v lists them, --no-ignore reads them)" };
        writeln!(out, "left out: {} that git ignores{more}", count(manifest.ignored.len(), "entry"))?;
    }
    let harmless = manifest.skips.len() - manifest.failures().count();
    if harmless > 0 && !verbose {
        writeln!(out, "skipped: {} with nothing to read (-v lists them)", count(harmless, "entry"))?;
    }
    if verbose {
        manifest.ignored.iter().try_for_each(|path| writeln!(out, "ignored: {path}"))?;
        let skips = manifest.skips.iter().filter(|skip| !skip.reason.is_failure());
        skips.into_iter().try_for_each(|skip| writeln!(out, "skipped: {}: {}", skip.path, skip.reason))?;
    }
    write_failures(report, verbose, out)
}

/// The policy in force, and what exceptions made of the findings.
///
/// # Errors
/// Writing fails.
pub fn write_policy(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    text_policy::write(report, verbose, out)
}

/// What should have been scanned and could not be.
///
/// # Errors
/// Writing fails.
pub fn write_failures(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let failures: Vec<_> = report.manifest.failures().collect();
    if !failures.is_empty() {
        let warning = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
        let what = count(failures.len(), "entry");
        writeln!(out, "{warning}incomplete:{warning:#} {what} could not be scanned, so this is no clean bill")?;
        let shown = if verbose { failures.len() } else { 5 };
        failures.iter().take(shown).try_for_each(|skip| writeln!(out, "  {}: {}", skip.path, skip.reason))?;
        if failures.len() > shown {
            writeln!(out, "  and {} more (-v lists them)", failures.len() - shown)?;
        }
    }
    Ok(())
}

const fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Critical | Severity::High => AnsiColor::Red,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low | Severity::Info => AnsiColor::Cyan,
    };
    color.on_default().effects(Effects::BOLD)
}

pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    write_escaped(bytes, &mut text).expect("writing to a string does not fail");
    text
}

/// `5 files, 340 bytes, with 1709 rules`: what was looked at, and with what.
pub(super) fn scanned(manifest: &Manifest) -> String {
    let what = match manifest.scope {
        Scope::Files => "file",
        Scope::Staged => "staged file",
        Scope::History => "object",
    };
    let files = count(usize::try_from(manifest.files).unwrap_or(usize::MAX), what);
    format!("{files}, {}, with {}", size_text(manifest.bytes), count(manifest.rules, "rule"))
}

/// Decimal units, as disks are sold.
fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
