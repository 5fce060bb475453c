//! `caulk baseline`: what is known today is accepted, so that only what is new is reported.

use super::Outcome;
use super::args::policy::BaselineArgs;
use super::ignore::{self, Acceptance};
use super::known::{self, Known, Project};
use super::plan;
use anyhow::Result;
use caulk::exception::ignore_file::BASELINE;
use caulk::plural::count;
use std::io::Write;

pub(super) fn run(args: &BaselineArgs) -> Result<Outcome> {
    let until = ignore::day(args.until.as_deref())?;
    let reason = format!("{BASELINE}: {}", ignore::reason(&args.reason)?);
    let project = Project::open(&args.project, args.confidence.map(plan::confidence))?;
    let Scanned { found, covered, complete } = match &args.report {
        Some(report) => Scanned { found: known::of_file(report)?, covered: 0, complete: true },
        None => scan(&project, args.history)?,
    };
    let mut file = project.exceptions.ignore_file().clone();
    let acceptance = Acceptance { reason: &reason, until, everywhere: args.everywhere };
    let (mut added, mut there) = (0, covered);
    let mut out = anstream::stdout().lock();
    for known in &found {
        let entry = acceptance.entry(known);
        let ids = [known.fingerprint, known.secret_id];
        if ids.iter().filter_map(|id| file.get(*id)).any(|entry| !entry.is_expired()) {
            there += 1;
            continue;
        }
        added += 1;
        if args.dry_run {
            writeln!(out, "+ {}", entry.to_line())?;
        }
        file.put(entry);
    }
    let already = if there > 0 { format!(", {there} accepted already") } else { String::new() };
    if args.dry_run {
        writeln!(out, "{} would be added{already}; nothing was written (--dry-run)", count(added, "entry"))?;
    } else if added == 0 {
        writeln!(out, "nothing to add{already}")?;
    } else {
        let path = project.write(&file)?;
        writeln!(out, "{} added to {}{already}", count(added, "entry"), caulk::config::shown(&path))?;
    }
    if complete { Ok(Outcome::Clean) } else { Ok(Outcome::Incomplete) }
}

/// What a scan gave.
struct Scanned {
    /// What nothing covers yet.
    found: Vec<Known>,
    /// How many findings are accepted.
    covered: usize,
    /// Was everything read?
    complete: bool,
}

fn scan(project: &Project, history: bool) -> Result<Scanned> {
    let report = project.scan_files()?;
    let mut found = known::of_report(&report, report.findings.iter());
    let (mut covered, mut complete) = (report.accepted.len(), report.manifest.is_complete());
    let past = if history { project.scan_history()? } else { None };
    if let Some(past) = past {
        found.extend(known::of_report(&past, past.findings.iter()));
        complete &= past.manifest.is_complete();
        covered = covered.max(past.accepted.len());
    }
    found.sort_by_key(|one| one.fingerprint);
    found.dedup_by_key(|one| one.fingerprint);
    if !complete {
        writeln!(anstream::stderr(), "incomplete: not everything could be read (`caulk scan` says what)")?;
    }
    Ok(Scanned { found, covered, complete })
}
