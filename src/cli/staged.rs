//! `caulk staged`.

use super::Outcome;
use super::args::StagedArgs;
use super::plan::RunPlan;
use super::run::{self, Session};
use anyhow::Result;
use caulk::staged::StagedOptions;
use std::path::Path;

pub(super) fn run(args: StagedArgs) -> Result<Outcome> {
    let plan = RunPlan::resolve(args.run, std::slice::from_ref(&args.repository))?;
    // Git tells its hooks which index the commit is made from: for `git commit FILE` it is not the repository's own.
    let here = args.repository == Path::new(".");
    let index = std::env::var_os("GIT_INDEX_FILE").filter(|file| here && !file.is_empty()).map(Into::into);
    let options = StagedOptions { index };
    run::run(plan, None, |Session { scanner, progress }| {
        Ok(scanner.scan_staged(&args.repository, &options, progress)?)
    })
}
