//! The policy in force for people: whose configuration it is, what was accepted, and what is wrong with exceptions.

use super::Report;
use super::policy::{Accepted, NoticeKind};
use super::text::escaped;
use crate::plural::count;
use std::io::{self, Write};

/// Most notices that are listed where nobody asked for all.
const MAX_NOTICES: usize = 5;

/// Writes what there is to say; `verbose` lists everything.
pub(super) fn write(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let policy = &report.manifest.policy;
    if !policy.files.is_empty() {
        let mut parts = vec![policy.sources().join(", ")];
        parts.extend((policy.rules_off > 0).then(|| format!("{} off", count(policy.rules_off, "rule"))));
        parts.extend((!policy.exclude.is_empty()).then(|| format!("leaves out `{}`", policy.exclude.join("`, `"))));
        writeln!(out, "policy: {}", escaped(parts.join("; ").as_bytes()))?;
    }
    if !report.accepted.is_empty() {
        let more = if verbose { "" } else { " (-v lists them)" };
        writeln!(out, "accepted: {} covered by exceptions{more}", count(report.accepted.len(), "finding"))?;
    }
    if verbose {
        report.accepted.iter().try_for_each(|one| write_accepted(report, one, out))?;
    }
    write_notices(report, verbose, out)
}

fn write_accepted(report: &Report, one: &Accepted, out: &mut dyn Write) -> io::Result<()> {
    let place = &one.finding.place;
    let at = format!("{}:{}:{}", place.origin.path, place.start.line, place.start.column);
    let until = one.until.map_or_else(String::new, |day| format!(" until {day}"));
    let why = format!("{} at {}{until}: {}", one.kind.word(), one.stated, one.reason);
    let text = format!("accepted: {at}: {} {} ({why})", report.rule(&one.finding).id(), one.finding.secret);
    writeln!(out, "{}", escaped(text.as_bytes()))
}

/// What a person has to know is listed; what only makes the file longer is counted.
fn write_notices(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let policy = &report.manifest.policy;
    let (quiet, loud): (Vec<_>, Vec<_>) = policy.notices.iter().partition(|one| one.kind == NoticeKind::Stale);
    let shown = if verbose { loud.len() } else { MAX_NOTICES };
    for notice in loud.iter().take(shown) {
        writeln!(out, "exceptions: {}", escaped(notice.text.as_bytes()))?;
    }
    if loud.len() > shown {
        writeln!(out, "exceptions: and {} more like this (-v lists them)", loud.len() - shown)?;
    }
    if verbose {
        return quiet.iter().try_for_each(|one| writeln!(out, "exceptions: {}", escaped(one.text.as_bytes())));
    }
    match quiet.len() {
        0 => Ok(()),
        several => writeln!(out, "exceptions: {} nothing here (-v lists them)", matching(several)),
    }
}

fn matching(several: usize) -> String {
    if several == 1 { "1 covers".to_owned() } else { format!("{several} cover") }
}
