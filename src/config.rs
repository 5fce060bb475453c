//! Configuration: what `.caulk.toml` and its relatives say, layer upon layer, each value with where it comes from.
//!
//! Defaults, then the project's own `.caulk.toml` (or that of another revision of it, or none), then the file that was named, then
//! the command line; what comes later wins, and lists grow. Knows rules by name and nothing that is found.

mod parse;
pub mod project;
mod resolve;
mod rules;
mod stated;
mod syntax;

pub use project::{ProjectFiles, Trust};
pub use resolve::{Flags, Request};
pub use rules::RuleName;
pub use stated::{Authority, PolicyFile, Setting, Stated};

use crate::day::Day;
use crate::git::GitError;
use crate::rule::{Confidence, Severity};
use globset::GlobMatcher;
use std::path::PathBuf;

/// The file's name, at the root of a project.
pub const FILE: &str = ".caulk.toml";

/// The name of the ignore file, beside it.
pub const IGNORE_FILE: &str = ".caulkignore";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("`{file}` cannot be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// Something in it is wrong.
    #[error("{file}:{line}: {message}")]
    Wrong {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what to mend.
        message: String,
    },
    /// The revision to read it from cannot be found.
    #[error("the policy of `{revision}` cannot be read")]
    Revision {
        /// What was given.
        revision: String,
        /// Why.
        source: GitError,
    },
    /// An object of that revision cannot be read.
    #[error("the policy of `{revision}` cannot be read: {why}")]
    Damaged {
        /// What was given.
        revision: String,
        /// Why.
        why: String,
    },
    /// No rule is left.
    #[error(
        "no rule is active, so nothing could be found ({0}): leave some on, or load others with `--rules` or `extends`"
    )]
    NoRules(String),
    /// Rule files that were named on the command line cannot be used.
    #[error("the rules cannot be used:{0}")]
    Rules(String),
}

/// What is done with the rules; the later word counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// Are the built-in rules there?
    Defaults(bool),
    /// Rules that are off, by id, beginning or glob.
    Disable(String),
    /// Rules that are on again.
    Enable(String),
    /// The severity of rules.
    Severity(String, Severity),
    /// The confidence of what rules find.
    Confidence(String, Confidence),
}

/// A file of further rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePack {
    /// The file, as it was named.
    pub file: String,
    /// What it holds if it is pinned; a file or folder that was named on the command line is read where it lies.
    pub text: Option<String>,
}

/// An accepted kind of finding: all of some rules, or all below some paths.
#[derive(Clone, Debug)]
pub struct FindingException {
    /// The rules, by id, beginning or glob; all without.
    pub rule: Option<String>,
    /// Glob of the paths from the root of the project; all without.
    pub path: Option<(String, GlobMatcher)>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Option<Day>,
}

/// One accepted failure of the checklist.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The id of the check.
    pub check: String,
    /// Glob of the files it is accepted in; everywhere without.
    pub path: Option<(String, GlobMatcher)>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Day,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The files that state it, refused ones among them.
    pub files: Vec<PolicyFile>,
    /// What else there is to say about them.
    pub notices: Vec<String>,
    /// Least confidence that is reported.
    pub confidence: Setting<Confidence>,
    /// Least severity that makes a run fail.
    pub fail_on: Setting<Severity>,
    /// Globs of paths that are left out, from the root of the project.
    pub exclude: Vec<Setting<String>>,
    /// Files of further rules, in order.
    pub packs: Vec<Setting<RulePack>>,
    /// What is done with the rules, in order.
    pub rules: Vec<Setting<RuleChange>>,
    /// Accepted kinds of findings.
    pub exceptions: Vec<Setting<FindingException>>,
    /// Accepted failures of the checklist.
    pub checklist: Vec<Setting<Exception>>,
}

/// Does the rule or check `id` answer to `name`: its id, or the beginning of it up to a dash?
pub fn is_or_begins(id: &str, name: &str) -> bool {
    id.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The one of `known` that `name` is most like, if it is like one at all.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let scored = known.into_iter().map(|one| (strsim::jaro_winkler(name, one), one));
    scored.filter(|(score, _)| *score > 0.8).max_by(|(one, _), (two, _)| one.total_cmp(two)).map(|(_, one)| one)
}

/// The same as an end of a sentence: `: did you mean `this`?`.
pub fn did_you_mean<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}

/// A path in the file system, as a person would type it from the current folder.
pub fn shown(path: &std::path::Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let relative = match (path.strip_prefix(&here), path.parent().map(|folder| here.strip_prefix(folder))) {
        (Ok(below), _) => below.to_owned(),
        // Above the current folder.
        (_, Some(Ok(down))) => {
            let up: PathBuf = down.components().map(|_| "..").collect();
            path.file_name().map_or_else(|| up.clone(), |name| up.join(name))
        }
        _ => path.to_owned(),
    };
    if relative.as_os_str().is_empty() { ".".to_owned() } else { relative.display().to_string() }
}
