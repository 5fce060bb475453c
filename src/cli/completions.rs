//! `caulk completions`.

use super::Outcome;
use super::args::{Args, CompletionsArgs};
use anyhow::Result;
use clap::CommandFactory;
use std::io::Write;

pub(super) fn run(args: &CompletionsArgs) -> Result<Outcome> {
    // Into memory first: the generator takes a closed pipe for a bug.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "caulk", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Clean)
}
