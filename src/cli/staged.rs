//! `caulk staged`.

use super::Outcome;
use super::args::StagedArgs;
use super::plan::RunPlan;
use super::run::{self, Session};
use anyhow::Result;
use caulk::staged::StagedOptions;
use std::path::{Path, PathBuf};

pub(super) fn run(args: StagedArgs) -> Result<Outcome> {
    let plan = RunPlan::resolve(args.run, std::slice::from_ref(&args.repository))?;
    let here = args.repository == Path::new(".");
    scan(plan, &args.repository, here.then(named_index).flatten())
}

/// The index that git names to its hooks: for `git commit FILE` it is not the repository's own.
pub(super) fn named_index() -> Option<PathBuf> {
    std::env::var_os("GIT_INDEX_FILE").filter(|file| !file.is_empty()).map(Into::into)
}

/// Scans what is staged in an index, or in the repository's own.
pub(super) fn scan(plan: RunPlan, repository: &Path, index: Option<PathBuf>) -> Result<Outcome> {
    let options = StagedOptions { index };
    run::run(plan, None, |Session { scanner, progress }| Ok(scanner.scan_staged(repository, &options, progress)?))
}
