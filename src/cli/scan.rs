//! `caulk scan`.

use super::args::ScanArgs;
use super::plan::{Input, ScanPlan, Talk};
use super::{Outcome, output, progress};
use anyhow::Result;
use caulk::report::text;
use caulk::{Progress, Report, Scanner};
use std::io::stdin;

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
    if let Err(error) = output::write(&report, &plan.targets, plan.show) {
        // A reader that has seen enough changes nothing about what was found.
        if !super::is_closed_pipe(&error) {
            return Err(error);
        }
    }
    if plan.talk != Talk::Quiet {
        text::write_summary(&report, plan.talk == Talk::Verbose, &mut anstream::stderr().lock())?;
    }
    let failing = !plan.exit_zero && report.at_least(plan.fail_on) > 0;
    Ok(outcome(&report, failing))
}

/// Findings say more than a missing file does: they come first.
fn outcome(report: &Report, failing: bool) -> Outcome {
    match (failing, report.manifest.is_complete()) {
        (true, _) => Outcome::Findings,
        (false, false) => Outcome::Incomplete,
        (false, true) => Outcome::Clean,
    }
}
