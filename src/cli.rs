//! The command line: the only part that writes to terminals and decides exit codes.

pub(crate) mod args;
mod audit;
mod baseline;
mod check;
mod completions;
mod config;
mod edits;
mod explain;
mod formats;
mod history;
mod hook;
mod ignore;
mod init;
mod known;
mod man;
mod output;
mod plan;
mod policy;
mod progress;
mod report_file;
mod rules;
mod run;
mod scan;
mod staged;
mod suggest;
mod survey;

use args::{Args, Command};
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was scanned, and nothing at or above the level was found.
    Clean = 0,
    /// Something was found.
    Findings = 1,
    /// Wrong usage, or an error inside.
    Failed = 2,
    /// Something that should have been scanned could not be.
    Incomplete = 3,
}

/// Runs the command; errors are printed as one chain.
pub(crate) fn run(args: Args) -> ExitCode {
    let result = match args.command {
        Some(Command::Scan(args)) => scan::run(*args),
        Some(Command::Staged(args)) => staged::run(*args),
        Some(Command::History(args)) => history::run(*args),
        Some(Command::Hook(args)) => hook::run(*args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Audit(args)) => audit::run(&args),
        Some(Command::Rules(args)) => rules::run(args),
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Man(args)) => man::run(&args),
        Some(Command::Config(args)) => config::run(args),
        Some(Command::Ignore(args)) => ignore::run(args),
        Some(Command::Baseline(args)) => baseline::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        None => suggest::run(),
    };
    let outcome = result.unwrap_or_else(|error| {
        // A reader that has seen enough, such as `head`, is no failure.
        if is_closed_pipe(&error) {
            return Outcome::Clean;
        }
        let style = anstyle::AnsiColor::Red.on_default().effects(anstyle::Effects::BOLD);
        // Nothing is left to do if standard error is closed too.
        let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {error:#}");
        Outcome::Failed
    });
    ExitCode::from(outcome as u8)
}

/// Did the reader of standard output leave?
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(is_broken_pipe)
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    kind.or(json) == Some(ErrorKind::BrokenPipe)
}
