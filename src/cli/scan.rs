//! `caulk scan`.

use super::Outcome;
use super::args::ScanArgs;
use super::plan::{Input, ScanPlan};
use super::run::{self, Session};
use anyhow::Result;
use std::io::stdin;

pub(super) fn run(args: ScanArgs) -> Result<Outcome> {
    let ScanPlan { input, walk, run } = ScanPlan::resolve(args)?;
    run::run(run, |Session { scanner, progress }| {
        Ok(match &input {
            Input::Paths(paths) => scanner.scan_paths(paths, &walk, progress)?,
            Input::Stdin(name) => scanner.scan_reader(name, stdin().lock(), progress)?,
        })
    })
}
