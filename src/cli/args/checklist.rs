//! `caulk check` and `caulk audit` as typed.

use super::{ColorArg, ConfidenceArg, EXIT_CODES, PolicyArgs, ReportArgs, RuleFiles, SeverityArg};
use crate::cli::formats::{self, Subject};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// Tick the secure-storage checklist from evidence.
///
/// Every row fails or passes with file and line, is a question to a person, or does not apply. Nothing is executed and nothing is sent.
#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES, mut_arg("formats", |arg| arg.help(formats::help(Subject::Checklist))))]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) checklist: ChecklistArgs,

    /// Look for the values of ignored `.env` files in everything else
    #[arg(long)]
    pub(crate) trace_env: bool,

    /// List the variables that the project needs, in place of the checklist
    #[arg(long, conflicts_with_all = ["formats", "output", "fix"])]
    pub(crate) inventory: bool,

    /// Repair what can be repaired without a choice, showing the difference first
    #[arg(long, conflicts_with_all = ["formats", "output"])]
    pub(crate) fix: bool,

    /// Show what --fix would do and do nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
}

/// Scan for secrets and tick the checklist, in one report.
#[derive(Debug, ClapArgs)]
#[command(after_help = EXIT_CODES, mut_arg("formats", |arg| arg.help(formats::help(Subject::Audit))))]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub(crate) checklist: ChecklistArgs,

    /// Least confidence that is reported [default: medium]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) confidence: Option<ConfidenceArg>,

    /// Do not look for the values of ignored `.env` files in everything else
    #[arg(long)]
    pub(crate) no_trace_env: bool,

    /// Write the raw secrets too
    #[arg(long, help = formats::show_help(Subject::Audit))]
    pub(crate) show_secrets: bool,
}

/// What check and audit share.
#[derive(Debug, ClapArgs)]
pub(crate) struct ChecklistArgs {
    /// Folder to look at
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    #[command(flatten)]
    pub(crate) report: ReportArgs,

    /// Least severity that makes the exit code 1 [default: low]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<SeverityArg>,

    /// Exit with 0 even if rows fail; errors and incomplete runs keep their codes
    #[arg(long)]
    pub(crate) exit_zero: bool,

    /// Only these rows, or those whose ids begin so; can be given several times
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Not these rows; can be given several times
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,

    /// Look for the values of provider stores (~/.aws, ~/.netrc, ...) in everything
    #[arg(long)]
    pub(crate) trace_stores: bool,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    /// Which verdicts are results in SARIF
    #[arg(long, value_name = "PROFILE", default_value = "upload")]
    pub(crate) sarif_profile: ProfileArg,

    /// Leave out paths that match GLOB, relative to the path; can be given several times
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Threads; 0 is one for each core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorArg,

    /// Print the report only, no account of the run
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// List everything that was left out or not understood
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileArg {
    /// Failures only, each with a location: for code scanning
    Upload,
    /// All verdicts, told apart by kind
    Full,
}
