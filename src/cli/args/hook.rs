//! `caulk hook` as typed.

use super::{EXIT_CODES, RunArgs};
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// Do the work of a git hook.
///
/// Reads what git gives to the hook of that name, scans what is about to be committed or pushed, and ends with 0 only if nothing
/// was found in all of it. `caulk init` puts such a hook in its place.
#[derive(Debug, ClapArgs)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) hook: Hook,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Hook {
    /// Before a commit: what is staged
    #[command(visible_alias = "pre-merge-commit", after_help = EXIT_CODES)]
    PreCommit {
        #[command(flatten)]
        run: RunArgs,
    },
    /// Before a commit: its message
    #[command(after_help = EXIT_CODES)]
    CommitMsg {
        /// The file with the message, which git names
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Before a push, on the machine that pushes: what the other side has not
    #[command(after_help = EXIT_CODES)]
    PrePush {
        /// Name of the remote, which git gives
        #[arg(value_name = "REMOTE")]
        remote: Option<String>,
        /// Its address, which git gives too
        #[arg(value_name = "URL")]
        url: Option<String>,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Before a push is taken, on the server: all that it brings
    #[command(after_help = EXIT_CODES)]
    PreReceive {
        #[command(flatten)]
        run: RunArgs,
    },
    /// Before one ref is moved, on the server: what it brings
    #[command(after_help = EXIT_CODES)]
    Update {
        /// The ref
        #[arg(value_name = "REF")]
        name: String,
        /// What it is
        #[arg(value_name = "OLD")]
        old: String,
        /// What it will be
        #[arg(value_name = "NEW")]
        new: String,
        #[command(flatten)]
        run: RunArgs,
    },
}
