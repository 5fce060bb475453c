//! `caulk history`.

use super::Outcome;
use super::args::HistoryArgs;
use super::plan::{self, RunPlan};
use super::run::{self, Session};
use anyhow::Result;

pub(super) fn run(args: HistoryArgs) -> Result<Outcome> {
    let options = plan::history_options(&args)?;
    let run = RunPlan::resolve(args.run)?;
    run::run(run, |Session { scanner, progress }| Ok(scanner.scan_history(&args.repository, &options, progress)?))
}
