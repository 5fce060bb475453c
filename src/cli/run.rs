//! What all scans do: threads, progress, reports, the account of the run, the exit code.

use super::formats::{self, Extras};
use super::plan::{RunPlan, Talk};
use super::{Outcome, output, progress};
use anyhow::{Result, anyhow};
use caulk::exception::InlineWatch;
use caulk::report::checklist::sarif::Profile;
use caulk::report::{Content, Scope, text};
use caulk::{Origin, Progress, Report, Scanner};
use std::io::{self, Write};
use std::mem::ManuallyDrop;

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
    // The process ends soon: to give back every rule by itself would take longer than some runs do.
    let scanner = ManuallyDrop::new(Scanner::new(plan.rules, plan.confidence)?);
    let watch = Progress::default();
    let session = Session { scanner: &scanner, progress: &watch };
    let mut report = progress::watched(&watch, plan.talk != Talk::Quiet, || scan(session))?;
    plan.exceptions.apply(&scanner, &mut report, plan.extent);
    let unused = inline.map_or_else(Vec::new, |watch| watch.unused(&report));
    report.manifest.policy.notices.extend(unused);
    let content = Content::findings(&report, formats::ended());
    let hashes = || output::line_hashes(places(&report));
    let extras = Extras { show: plan.show, profile: Profile::default(), hashes: &hashes };
    let written = output::write(&plan.targets, |format, out| formats::write(&content, format, &extras, out));
    if plan.talk != Talk::Quiet {
        account(&report, plan.talk == Talk::Verbose, &mut anstream::stderr().lock())?;
    }
    let failing = !plan.exit_zero && report.at_least(plan.fail_on) > 0;
    after_writing(written, outcome(&report, failing))
}

/// A run whose report is lost has failed, whatever was found; but what was found is not lost with it.
pub(super) fn after_writing(written: Result<()>, outcome: Outcome) -> Result<Outcome> {
    let would_be = match (written, outcome) {
        (Ok(()), outcome) => return Ok(outcome),
        (Err(error), Outcome::Findings) => (error, "there are findings: the exit code would be 1"),
        (Err(error), Outcome::Incomplete) => (error, "it is incomplete: the exit code would be 3"),
        (Err(error), Outcome::Clean | Outcome::Failed) => return Err(error),
    };
    let (error, what) = would_be;
    Err(anyhow!("{error:#}\nThe run itself went to its end, and {what} if the report could be written"))
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
