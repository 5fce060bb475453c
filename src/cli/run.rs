//! What all scans do: threads, progress, reports, the account of the run, the exit code.

use super::output::{Format, Formats};
use super::plan::{RunPlan, Talk};
use super::{Outcome, output, progress};
use anyhow::Result;
use caulk::exception::InlineWatch;
use caulk::report::{Scope, ShowSecrets, json, sarif, text};
use caulk::{Origin, Progress, Report, Scanner};
use std::io::{self, Write};

/// What a scan works with.
pub(super) struct Session<'s> {
    pub(super) scanner: &'s Scanner,
    pub(super) progress: &'s Progress,
}

/// Does `scan` as planned, and reports.
pub(super) fn run(
    plan: RunPlan,
    inline: Option<&InlineWatch>,
    scan: impl FnOnce(Session<'_>) -> Result<Report>,
) -> Result<Outcome> {
    if plan.threads > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build_global()?;
    }
    let scanner = Scanner::new(plan.rules, plan.confidence)?;
    let watch = Progress::default();
    let session = Session { scanner: &scanner, progress: &watch };
    let mut report = progress::watched(&watch, plan.talk != Talk::Quiet, || scan(session))?;
    plan.exceptions.apply(&scanner, &mut report, plan.extent);
    let unused = inline.map_or_else(Vec::new, |watch| watch.unused(&report));
    report.manifest.policy.notices.extend(unused);
    output::write(&plan.targets, |format, out| write(&report, format, plan.show, out))?;
    if plan.talk != Talk::Quiet {
        account(&report, plan.talk == Talk::Verbose, &mut anstream::stderr().lock())?;
    }
    let failing = !plan.exit_zero && report.at_least(plan.fail_on) > 0;
    Ok(outcome(&report, failing))
}

/// The account of a run. An index that adds nothing must not look like one in which nothing was found.
fn account(report: &Report, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let manifest = &report.manifest;
    if manifest.scope == Scope::Staged && manifest.files == 0 && manifest.skips.is_empty() {
        return writeln!(
            out,
            "nothing was scanned: no line is staged (`git add` stages files, `caulk scan` reads them)"
        );
    }
    text::write_summary(report, verbose, out)
}

/// The formats of findings.
pub(super) const FORMATS: Formats =
    &[("text", Format::Text), ("json", Format::Json), ("jsonl", Format::JsonLines), ("sarif", Format::Sarif)];

fn write(report: &Report, format: Format, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::write(report, show, out),
        Format::JsonLines => json::write_lines(report, show, out),
        Format::Sarif => sarif::write(report, &output::line_hashes(places(report)), out),
        Format::Text | Format::Markdown | Format::Html => text::write(report, show, out),
    }
}

/// Where findings are, by file and line; those of a history or an index are in no file that could be read again.
pub(super) fn places(report: &Report) -> impl Iterator<Item = (&Origin, u64)> {
    let of_files = report.manifest.scope == Scope::Files;
    report.findings.iter().filter(move |_| of_files).map(|finding| (&finding.place.origin, finding.place.start.line))
}

/// Findings say more than a missing file does: they come first.
pub(super) fn outcome(report: &Report, failing: bool) -> Outcome {
    match (failing, report.manifest.is_complete()) {
        (true, _) => Outcome::Findings,
        (false, false) => Outcome::Incomplete,
        (false, true) => Outcome::Clean,
    }
}
