//! `caulk history`.

use super::Outcome;
use super::args::HistoryArgs;
use super::plan::{self, RunPlan};
use super::run::{self, Session};
use anyhow::Result;
use caulk::exception::Extent;
use caulk::history::Wanted;

pub(super) fn run(args: HistoryArgs) -> Result<Outcome> {
    let options = plan::history_options(&args)?;
    let mut run = RunPlan::resolve(args.run, std::slice::from_ref(&args.repository))?;
    if options.range.is_none() && options.wanted == Wanted::All {
        run.extent = Extent::Full;
    }
    run::run(run, None, |Session { scanner, progress }| {
        let mut report = scanner.scan_history(&args.repository, &options, progress)?;
        if args.trace_env && options.local.is_empty() {
            report.manifest.notes.push("no ignored environment file has a value to look for".to_owned());
        }
        Ok(report)
    })
}
