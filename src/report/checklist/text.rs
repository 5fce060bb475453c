//! The checklist for people at a terminal: a table of sections, then what asks for work, then the rest in one line each.

use super::{counts, place, sections};
use crate::blob::path::write_escaped;
use crate::check::{Checklist, Item, Seen, Verdict};
use crate::report::severity_word;
use anstyle::{AnsiColor, Effects, Style};
use std::io::{self, Write};

/// Most evidence that is shown of one item.
const MOST: usize = 8;

const BOLD: Style = Style::new().effects(Effects::BOLD);
const DIM: Style = Style::new().effects(Effects::DIMMED);

/// Writes the checklist; a writer that is no terminal takes the styles out again.
///
/// # Errors
/// Writing fails.
pub fn write(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    write_table(checklist, out)?;
    for (section, items) in sections(checklist) {
        writeln!(out, "\n{BOLD}{}{BOLD:#}", section.title())?;
        for verdict in super::ORDER {
            for item in items.iter().filter(|item| item.outcome.verdict == verdict) {
                write_item(item, out)?;
            }
        }
    }
    writeln!(out)
}

fn write_table(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{:<36}{:>6}{:>8}{:>6}{:>6}{BOLD:#}", "Checklist", "fail", "review", "pass", "n/a")?;
    for (section, items) in sections(checklist) {
        let count = |verdict| items.iter().filter(|item| item.outcome.verdict == verdict).count();
        let failing = count(Verdict::Fail);
        let style = if failing > 0 { style(Verdict::Fail) } else { Style::new() };
        writeln!(
            out,
            "{:<36}{style}{failing:>6}{style:#}{:>8}{:>6}{:>6}",
            section.title(),
            count(Verdict::Review),
            count(Verdict::Pass),
            count(Verdict::NotApplicable)
        )?;
    }
    Ok(())
}

fn write_item(item: &Item, out: &mut dyn Write) -> io::Result<()> {
    let (mark, style) = (mark(item), style(item.outcome.verdict));
    let check = item.check;
    if matches!(item.outcome.verdict, Verdict::NotApplicable) {
        return writeln!(out, "  {DIM}{mark} {}: {} [{}]{DIM:#}", check.title, item.outcome.note, check.id);
    }
    let severity = if item.fails() { format!("{}, ", severity_word(check.severity)) } else { String::new() };
    writeln!(out, "  {style}{mark}{style:#} {} {DIM}[{severity}{}]{DIM:#}", check.title, check.id)?;
    if let Some(reason) = &item.accepted {
        writeln!(out, "      {}", escaped(reason))?;
    }
    if item.outcome.verdict == Verdict::Review {
        writeln!(out, "      {}", item.outcome.note)?;
    }
    let shown = if item.outcome.verdict == Verdict::Pass { 1 } else { MOST };
    item.outcome.seen.iter().take(shown).try_for_each(|seen| write_seen(seen, out))?;
    if item.outcome.seen.len() > shown && item.outcome.verdict != Verdict::Pass {
        writeln!(out, "      {DIM}and {} more{DIM:#}", item.outcome.seen.len() - shown)?;
    }
    if item.fails() {
        writeln!(out, "      {DIM}why{DIM:#} {}\n      {DIM}do{DIM:#}  {}", check.why, check.remedy)?;
    }
    Ok(())
}

fn write_seen(seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
    match place(seen) {
        Some(place) => writeln!(out, "      {DIM}{place}{DIM:#} {}", escaped(&seen.what)),
        None => writeln!(out, "      {}", escaped(&seen.what)),
    }
}

/// What was not read and what is wrong with exceptions, for standard error.
///
/// # Errors
/// Writing fails.
pub fn write_summary(checklist: &Checklist, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}checklist:{BOLD:#} {}", counts(checklist))?;
    if !checklist.unread.is_empty() {
        let (number, more) = (checklist.unread.len(), if verbose { "" } else { " (-v lists them)" });
        let files = if number == 1 { "file" } else { "files" };
        writeln!(out, "not understood: {number} {files} of which some fact may be missing{more}")?;
    }
    if verbose {
        checklist
            .unread
            .iter()
            .try_for_each(|(origin, why)| writeln!(out, "not understood: {}: {}", origin.path, escaped(why)))?;
    }
    checklist.notices.iter().try_for_each(|notice| writeln!(out, "exceptions: {}", escaped(notice)))
}

/// The box of an item.
pub(super) const fn mark(item: &Item) -> &'static str {
    match item.outcome.verdict {
        Verdict::Pass => "[x]",
        Verdict::Fail => "[ ]",
        Verdict::Review => "[?]",
        Verdict::NotApplicable => "[-]",
    }
}

const fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Fail => AnsiColor::Red.on_default().effects(Effects::BOLD),
        Verdict::Review => AnsiColor::Yellow.on_default(),
        Verdict::Pass => AnsiColor::Green.on_default(),
        Verdict::NotApplicable => DIM,
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    write_escaped(text.as_bytes(), &mut out).expect("writing to a string does not fail");
    out
}
