//! `caulk init`, `caulk completions` and `caulk man` as typed.

use clap::{Args as ClapArgs, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Have every commit scanned: a configuration, a hook and a pipeline.
///
/// Looks at what the repository uses already (pre-commit, lefthook, husky, GitHub, GitLab), shows the difference, and asks before it
/// writes. What is there is added to and never replaced; run again, it finds nothing to do.
#[derive(Debug, ClapArgs)]
pub(crate) struct InitArgs {
    /// The repository, or a folder in it
    #[arg(value_name = "REPO", default_value = ".")]
    pub(crate) repository: PathBuf,

    /// What runs the hook
    #[arg(long, value_name = "TOOL", default_value = "auto")]
    pub(crate) hooks: HooksArg,

    /// Where pipelines run
    #[arg(long, value_name = "HOST", default_value = "auto")]
    pub(crate) ci: CiArg,

    /// From where pipelines can clone caulk; without it, no pipeline is written
    #[arg(long, value_name = "URL")]
    pub(crate) from: Option<String>,

    /// Write without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,

    /// Show what would be written and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum HooksArg {
    /// What is there, or git itself
    Auto,
    PreCommit,
    Lefthook,
    Husky,
    Git,
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CiArg {
    /// What is there, or what remotes say
    Auto,
    Github,
    Gitlab,
    None,
}

/// Write completions for a shell to standard output.
#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

/// Write the manual: its first page to standard output, or all pages into a folder.
#[derive(Debug, ClapArgs)]
pub(crate) struct ManArgs {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}
