//! `caulk rules` as typed.

use super::RuleFiles;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// Look at, check and try rules.
#[derive(Debug, ClapArgs)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the active rules
    List {
        #[command(flatten)]
        rules: RuleFiles,
    },
    /// Show everything a rule says
    Show {
        /// The rule's id
        id: String,
        #[command(flatten)]
        rules: RuleFiles,
    },
    /// Check rule files: syntax, reachability, bounds
    Lint {
        /// Rule files, or folders of them
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Try rules on freshly generated samples of their examples
    Test {
        /// Rule files, or folders of them; the built-in rules without
        paths: Vec<PathBuf>,
        /// Samples of each example
        #[arg(long, value_name = "N", default_value_t = 20)]
        samples: u64,
        /// Start of the random sequence; the same number gives the same samples
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
    },
    /// List the offline proofs that rules can name
    Proofs,
    /// Write a rule to begin with to standard output
    New {
        /// Its id: the provider, then what the secret is, as in `acme-api-key`
        id: String,
        /// What every such secret begins with
        #[arg(long, value_name = "TEXT")]
        prefix: Option<String>,
    },
    /// Say what changed from one set of rules to another
    Diff {
        /// A rule file, a folder of them, or `builtin`
        old: PathBuf,
        /// The same
        #[arg(default_value = "builtin")]
        new: PathBuf,
    },
    /// Show which rules cost the most time on files and folders
    Profile {
        /// Files and folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// How many rules to show
        #[arg(long, value_name = "N", default_value_t = 20)]
        top: usize,
        #[command(flatten)]
        rules: RuleFiles,
    },
    /// Write the reference of a folder of rule files, a page for each file
    Pages {
        /// The folder of rule files
        rules: PathBuf,
        /// The folder for the pages
        target: PathBuf,
    },
}
