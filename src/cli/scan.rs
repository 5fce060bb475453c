//! `caulk scan`.

use super::args::ScanArgs;
use super::output::{Format, Formats};
use super::plan::{Input, ScanPlan, Talk};
use super::{Outcome, output, progress};
use anyhow::Result;
use caulk::report::{ShowSecrets, json, sarif, text};
use caulk::{Origin, Progress, Report, Scanner};
use std::io::{self, Write, stdin};

pub(super) fn run(args: ScanArgs) -> Result<Outcome> {
    let plan = ScanPlan::resolve(args)?;
    let threads = plan.walk.threads;
    if threads > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let scanner = Scanner::new(plan.rules, plan.confidence)?;
    let watch = Progress::default();
    let report = progress::watched(&watch, plan.talk != Talk::Quiet, || match &plan.input {
        Input::Paths(paths) => scanner.scan_paths(paths, &plan.walk, &watch),
        Input::Stdin(name) => scanner.scan_reader(name, stdin().lock(), &watch),
    })?;
    output::write(&plan.targets, |format, out| write(&report, format, plan.show, out))?;
    if plan.talk != Talk::Quiet {
        text::write_summary(&report, plan.talk == Talk::Verbose, &mut anstream::stderr().lock())?;
    }
    let failing = !plan.exit_zero && report.at_least(plan.fail_on) > 0;
    Ok(outcome(&report, failing))
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

/// Where findings are, by file and line.
pub(super) fn places(report: &Report) -> impl Iterator<Item = (&Origin, u64)> {
    report.findings.iter().map(|finding| (&finding.place.origin, finding.place.start.line))
}

/// Findings say more than a missing file does: they come first.
pub(super) fn outcome(report: &Report, failing: bool) -> Outcome {
    match (failing, report.manifest.is_complete()) {
        (true, _) => Outcome::Findings,
        (false, false) => Outcome::Incomplete,
        (false, true) => Outcome::Clean,
    }
}
