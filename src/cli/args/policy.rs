//! What is typed to look at the policy, to change it, and to ask why something was found or not.

use super::{ConfidenceArg, PolicyArgs, RuleFiles, SeverityArg};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Look at the configuration in force.
#[derive(Debug, ClapArgs)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every value and where it comes from
    Show(ConfigShowArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ConfigShowArgs {
    /// The project, or a folder or file in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    /// How to show it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: PolicyFormat,

    /// Least confidence that is reported, as typed for a scan
    #[arg(long, value_name = "LEVEL")]
    pub(crate) confidence: Option<ConfidenceArg>,

    /// Least severity that makes the exit code 1, as typed for a scan
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<SeverityArg>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

/// How to show what is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    Text,
    Json,
}

/// Accept findings, with a reason: the entries of `.caulkignore`.
#[derive(Debug, ClapArgs)]
pub(crate) struct IgnoreArgs {
    #[command(subcommand)]
    pub(crate) command: IgnoreCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IgnoreCommand {
    /// Accept findings by their ids, as reports show them
    Add {
        /// Ids of findings (`id`, or `fingerprint` in JSON) or of secrets (`secretId`)
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,

        /// Why they are accepted
        #[arg(long, value_name = "TEXT")]
        reason: String,

        /// The last day on which they are, such as 2027-01-31
        #[arg(long, value_name = "DAY")]
        until: Option<String>,

        /// Accept the secrets wherever they stand, not only at these paths
        #[arg(long)]
        everywhere: bool,

        /// Look the ids up in this JSON report in place of scanning
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,

        #[command(flatten)]
        project: ProjectArgs,
    },
    /// List what is accepted
    List {
        /// How to show it
        #[arg(short, long, value_name = "FORMAT", default_value = "text")]
        format: PolicyFormat,

        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Take out what has expired and what nothing needs, in the files and in the history
    Prune {
        /// Show what would be taken out and do nothing
        #[arg(long)]
        dry_run: bool,

        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Say what an entry accepts, why, and where it stands now
    Explain {
        /// The entry's id, or the beginning of it
        id: String,

        #[command(flatten)]
        project: ProjectArgs,
    },
}

/// Which project, and with which rules.
#[derive(Debug, ClapArgs)]
pub(crate) struct ProjectArgs {
    /// The project, or a folder in it
    #[arg(long = "in", value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    /// A further configuration, on top of the project's own `.caulk.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,
}

/// Accept everything that is known today, so that only what is new is reported.
///
/// Adds an entry to `.caulkignore` for every finding that no exception covers yet; entries that are there stay.
#[derive(Debug, ClapArgs)]
pub(crate) struct BaselineArgs {
    /// A JSON report to take the findings from; without, the files of the project are scanned
    #[arg(value_name = "REPORT")]
    pub(crate) report: Option<PathBuf>,

    /// Take in what the history holds, too
    #[arg(long, conflicts_with = "report")]
    pub(crate) history: bool,

    /// Why they are accepted; it stands behind `baseline:`
    #[arg(long, value_name = "TEXT", default_value = "known when caulk was introduced")]
    pub(crate) reason: String,

    /// The last day on which they are, such as 2027-01-31
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,

    /// Accept the secrets wherever they stand, not only at these paths
    #[arg(long)]
    pub(crate) everywhere: bool,

    /// Least confidence that is taken in [default: medium]
    #[arg(long, value_name = "LEVEL", conflicts_with = "report")]
    pub(crate) confidence: Option<ConfidenceArg>,

    /// Show what would be added and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) project: ProjectArgs,
}

/// Say why something is a finding or none: every candidate at a place, and what each step made of it.
#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// `FILE:LINE`, or the id of a finding or secret as reports show it
    #[arg(value_name = "FILE:LINE|ID")]
    pub(crate) what: String,

    /// Where to look for an id: a file or a folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    /// Least confidence that is reported, as typed for a scan
    #[arg(long, value_name = "LEVEL")]
    pub(crate) confidence: Option<ConfidenceArg>,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}
