//! The `caulk` program: parses, dispatches, and turns outcomes into exit codes.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::args::Args::parse())
}
