//! `caulk scan`.

use super::Outcome;
use super::args::ScanArgs;
use super::plan::Talk;
use super::plan::{Input, ScanPlan};
use super::run::{self, Session};
use anyhow::Result;
use caulk::check::EnvWatch;
use caulk::exception::InlineWatch;
use caulk::source::{Both, Visitor};
use std::io::stdin;
use std::path::{Path, PathBuf};

pub(super) fn run(args: ScanArgs) -> Result<Outcome> {
    let ScanPlan { input, walk, run } = ScanPlan::resolve(args)?;
    // Where nothing was found, too: that takes a look at every byte, so it is done where somebody asks for everything.
    let inline = (run.talk == Talk::Verbose).then(InlineWatch::default);
    run::run(run, inline.as_ref(), |Session { scanner, progress }| {
        Ok(match &input {
            Input::Paths(paths) => {
                let env = EnvWatch::new(paths.first().map_or(Path::new("."), PathBuf::as_path));
                let both;
                let visitor: &dyn Visitor = match &inline {
                    Some(watch) => {
                        both = Both(&env, watch);
                        &both
                    }
                    None => &env,
                };
                let mut report = scanner.scan_paths_with(paths, &walk, progress, visitor)?;
                report.manifest.environment = env.finish();
                report
            }
            Input::Stdin(name) => scanner.scan_reader(name, stdin().lock(), progress)?,
        })
    })
}
