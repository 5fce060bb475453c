//! `caulk scan`.

use super::Outcome;
use super::args::ScanArgs;
use super::plan::Talk;
use super::plan::{Input, ScanPlan};
use super::run::{self, Session};
use anyhow::Result;
use caulk::exception::InlineWatch;
use std::io::stdin;

pub(super) fn run(args: ScanArgs) -> Result<Outcome> {
    let ScanPlan { input, walk, run } = ScanPlan::resolve(args)?;
    // Where nothing was found, too: that takes a look at every byte, so it is done where somebody asks for everything.
    let inline = (run.talk == Talk::Verbose).then(InlineWatch::default);
    run::run(run, inline.as_ref(), |Session { scanner, progress }| {
        Ok(match &input {
            Input::Paths(paths) => match &inline {
                Some(watch) => scanner.scan_paths_with(paths, &walk, progress, watch)?,
                None => scanner.scan_paths(paths, &walk, progress)?,
            },
            Input::Stdin(name) => scanner.scan_reader(name, stdin().lock(), progress)?,
        })
    })
}
