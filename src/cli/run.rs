//! What all scans do: threads, progress, reports, the account of the run, the exit code.

use super::plan::{RunPlan, Talk};
use super::{Outcome, output, progress};
use anyhow::Result;
use caulk::report::text;
use caulk::{Progress, Report, Scanner};

/// What a scan works with.
pub(super) struct Session<'s> {
    pub(super) scanner: &'s Scanner,
    pub(super) progress: &'s Progress,
}

/// Does `scan` as planned, and reports.
pub(super) fn run(plan: RunPlan, scan: impl FnOnce(Session<'_>) -> Result<Report>) -> Result<Outcome> {
    if plan.threads > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(plan.threads).build_global()?;
    }
    let scanner = Scanner::new(plan.rules, plan.confidence)?;
    let watch = Progress::default();
    let session = Session { scanner: &scanner, progress: &watch };
    let report = progress::watched(&watch, plan.talk != Talk::Quiet, || scan(session))?;
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
