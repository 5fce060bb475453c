//! Policy in reports: which configuration was in force, and what exceptions made of the findings.
//!
//! An exception takes a finding off the list of those that count, never out of the report.

pub use crate::config::{Authority, PolicyFile};

use crate::day::Day;
use crate::finding::Finding;

/// What kind of exception covers a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExceptionKind {
    /// A comment in the file, beside the secret.
    Inline,
    /// An entry of `.caulkignore`.
    IgnoreFile,
    /// An entry of `.caulkignore` that stands for what was known when caulk was introduced.
    Baseline,
    /// An entry of a configuration file.
    Config,
}

impl ExceptionKind {
    /// In one word, for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::IgnoreFile => "ignore-file",
            Self::Baseline => "baseline",
            Self::Config => "config",
        }
    }
}

/// A finding that an exception covers.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// What covers it.
    pub kind: ExceptionKind,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Option<Day>,
    /// Where the exception stands, as `file:line`.
    pub stated: String,
}

/// What there is to say about an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// It does not hold: it gives no reason, or names another rule than the one that found something there.
    Refused,
    /// It held once.
    Expired,
    /// Nothing that was found is covered by it.
    Stale,
    /// Something else about the policy that a person has to know.
    Policy,
}

impl NoticeKind {
    /// In one word, for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Stale => "stale",
            Self::Policy => "policy",
        }
    }
}

/// Something to be said about the policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// What, with file and line and what to do.
    pub text: String,
}

/// The policy in force, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The files that state it, refused ones among them.
    pub files: Vec<PolicyFile>,
    /// Paths that are left out by configuration.
    pub exclude: Vec<String>,
    /// How many rules are off.
    pub rules_off: usize,
    /// How many different exceptions cover something.
    pub used: usize,
    /// What else there is to say, in order.
    pub notices: Vec<Notice>,
}

impl Policy {
    /// How many notices of a kind there are.
    pub fn count(&self, kind: NoticeKind) -> usize {
        self.notices.iter().filter(|notice| notice.kind == kind).count()
    }

    /// The files with who states them, in words.
    pub fn sources(&self) -> Vec<String> {
        self.files.iter().map(ToString::to_string).collect()
    }

    /// Takes in the policy of another part of the same run.
    pub fn add(&mut self, other: Self) {
        let known = std::mem::take(&mut self.files);
        let new: Vec<_> = other.files.into_iter().filter(|file| !known.contains(file)).collect();
        self.files = known.into_iter().chain(new).collect();
        let new: Vec<_> = other.exclude.into_iter().filter(|glob| !self.exclude.contains(glob)).collect();
        self.exclude.extend(new);
        self.rules_off = self.rules_off.max(other.rules_off);
        // The same exceptions, asked about another part.
        self.used = self.used.max(other.used);
        self.notices.extend(other.notices);
        self.notices.sort();
        self.notices.dedup();
    }
}
