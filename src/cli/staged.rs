//! `caulk staged`.

use super::Outcome;
use super::args::{RunArgs, StagedArgs};
use super::plan::RunPlan;
use super::run::{self, Session};
use anyhow::Result;
use caulk::staged::StagedOptions;
use std::path::{Path, PathBuf};

pub(super) fn run(args: StagedArgs) -> Result<Outcome> {
    if args.repository == Path::new(".") {
        return scan(&args.repository, named_index(), args.run);
    }
    scan(&args.repository, None, args.run)
}

/// The index that git names to its hooks: for `git commit FILE` it is not the repository's own.
pub(super) fn named_index() -> Option<PathBuf> {
    std::env::var_os("GIT_INDEX_FILE").filter(|file| !file.is_empty()).map(Into::into)
}

/// Scans what is staged in an index, or in the repository's own.
pub(super) fn scan(repository: &Path, index: Option<PathBuf>, args: RunArgs) -> Result<Outcome> {
    let (plan, options) = (RunPlan::resolve(args)?, StagedOptions { index });
    run::run(plan, |Session { scanner, progress }| Ok(scanner.scan_staged(repository, &options, progress)?))
}
