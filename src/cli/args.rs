//! The command line as typed: names, help and defaults, no logic.

mod checklist;
mod hook;
pub(crate) mod policy;
mod rules;
mod setup;

use super::formats::{self, Subject};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(crate) use checklist::{AuditArgs, CheckArgs, ChecklistArgs, ProfileArg};
pub(crate) use hook::{Hook, HookArgs};
pub(crate) use rules::{RulesArgs, RulesCommand};
pub(crate) use setup::{CiArg, CompletionsArgs, HooksArg, InitArgs, ManArgs};

const EXIT_CODES: &str = "\
Exit codes:
  0  clean: everything was scanned, nothing at or above --fail-on was found
  1  findings
  2  wrong usage, or an error inside
  3  incomplete: something that should have been scanned could not be";

/// Finds the secrets a project leaks, and says how to seal them.
///
/// Scans offline, sends nothing anywhere, runs nothing it finds.
#[derive(Debug, Parser)]
#[command(name = "caulk", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<ScanArgs>),
    Staged(Box<StagedArgs>),
    History(Box<HistoryArgs>),
    Hook(Box<HookArgs>),
    Check(Box<CheckArgs>),
    Audit(Box<AuditArgs>),
    Rules(RulesArgs),
    Init(InitArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Config(policy::ConfigArgs),
    Ignore(policy::IgnoreArgs),
    Baseline(policy::BaselineArgs),
    Explain(policy::ExplainArgs),
}

/// Scan files and folders for secrets.
///
/// Hidden files are scanned; `.git` is not, and what git ignores is left out unless --no-ignore says otherwise.
/// Findings go to standard output with every secret masked, the account of the run to standard error.
#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ScanArgs {
    /// Files and folders to scan; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    /// Scan what git ignores, too
    #[arg(long)]
    pub(crate) no_ignore: bool,

    /// Scan hidden files and folders (the default; undoes --no-hidden)
    #[arg(long, overrides_with = "no_hidden")]
    pub(crate) hidden: bool,

    /// Leave out files and folders whose names begin with a dot
    #[arg(long, overrides_with = "hidden")]
    pub(crate) no_hidden: bool,

    /// Leave out paths that match GLOB, relative to the scanned path; can be given several times
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// What standard input is called in reports; its name tells how it is read
    #[arg(long, value_name = "NAME", default_value = "stdin")]
    pub(crate) stdin_name: String,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Scan what is about to be committed.
///
/// Reads the staged versions of files, never the files themselves, and reports what stands on lines that the commit would add.
/// Made for pre-commit hooks: it takes some milliseconds, whatever the size of the repository.
#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct StagedArgs {
    /// The repository, or a folder in it
    #[arg(value_name = "REPO", default_value = ".")]
    pub(crate) repository: PathBuf,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Scan everything that a git repository ever held.
///
/// Reads every object: all branches, tags, stashes, reflogs and notes, and what nothing leads to any more, with messages and names.
/// Reports each secret once: who brought it in, who took it out, where it still is, and whether it has left this machine.
/// Runs no git and obeys no setting of the repository.
#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct HistoryArgs {
    /// The repository, or a folder in it
    #[arg(value_name = "REPO", default_value = ".")]
    pub(crate) repository: PathBuf,

    /// How far to reach: what refs lead to, what reflogs lead to as well, or every object
    #[arg(long, value_name = "HOW-FAR", default_value = "all")]
    pub(crate) reach: ReachArg,

    /// Only what these commits add: A..B is what B has and A has not
    #[arg(long, value_name = "A..B", conflicts_with_all = ["branch", "since_commit"])]
    pub(crate) range: Option<String>,

    /// Only what was added after this commit
    #[arg(long, value_name = "COMMIT")]
    pub(crate) since_commit: Option<String>,

    /// Only what was committed on this day (2026-01-31, in UTC) or later
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,

    /// Only what this branch or tag holds; can be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Vec<String>,

    /// Look for the values found in all other files and messages too, where no rule would see them
    #[arg(long)]
    pub(crate) trace: bool,

    /// The same, and for the values of ignored `.env` files of the work tree
    #[arg(long)]
    pub(crate) trace_env: bool,

    /// Keep in this folder what is worth knowing in the next run: no secret, and readable by you alone
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Where reports go, and in which format.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// What the formats are follows from their table
    #[arg(short, long = "format", value_name = "FORMAT[=FILE]", help = formats::help(Subject::Findings))]
    pub(crate) formats: Vec<String>,

    /// Write the report to FILE in place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// What all scans have in common.
#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,

    /// Least confidence that is reported [default: medium]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) confidence: Option<ConfidenceArg>,

    /// Least severity that makes the exit code 1 [default: low]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<SeverityArg>,

    /// Exit with 0 even if there are findings; errors and incomplete scans keep their codes
    #[arg(long)]
    pub(crate) exit_zero: bool,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    /// Threads; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,

    /// Write the raw secrets too
    #[arg(long, help = formats::show_help(Subject::Findings))]
    pub(crate) show_secrets: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorArg,

    /// Print findings only, no account of the run
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// List everything that was left out
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Whose word counts about what is looked for, left out and accepted.
#[derive(Debug, ClapArgs)]
pub(crate) struct PolicyArgs {
    /// A further configuration, on top of the project's own `.caulk.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Obey nothing that the project says itself: no `.caulk.toml`, no `.caulkignore`, no inline exceptions
    #[arg(long, conflicts_with = "config_from")]
    pub(crate) no_repo_config: bool,

    /// Take what the project says from this revision, such as the base of a pull request
    #[arg(long, value_name = "REV")]
    pub(crate) config_from: Option<String>,
}

/// Which rules are active.
#[derive(Debug, ClapArgs)]
pub(crate) struct RuleFiles {
    /// Add rules from a file or a folder of files; can be given several times
    #[arg(long = "rules", value_name = "FILE|DIR")]
    pub(crate) files: Vec<PathBuf>,

    /// Leave the built-in rules out
    #[arg(long, requires = "files")]
    pub(crate) no_default_rules: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReachArg {
    Refs,
    Reflog,
    All,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ConfidenceArg {
    Low,
    Medium,
    High,
    Certain,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SeverityArg {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}
