//! Where a value comes from.

use std::fmt;

/// Who says what a file of the policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The scanned project itself, as it is.
    Project,
    /// The scanned project, as it was at this revision.
    Revision(String),
    /// Whoever started the run and named the file.
    Named,
    /// Nobody: it was there and was refused.
    Refused,
}

impl Authority {
    /// In one word, for machines.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Revision(_) => "revision",
            Self::Named => "named",
            Self::Refused => "refused",
        }
    }
}

/// A file that says what to look for, what to leave out or what is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its path, as a person would type it.
    pub path: String,
    /// Who says it.
    pub by: Authority,
}

impl fmt::Display for PolicyFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            Authority::Project => write!(out, "{} of this project", self.path),
            Authority::Revision(revision) => write!(out, "{} as of {revision}", self.path),
            Authority::Named => write!(out, "{} as named", self.path),
            Authority::Refused => write!(out, "{} refused", self.path),
        }
    }
}

/// Where a value was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Nowhere.
    Default,
    /// In a file.
    File {
        /// The file.
        file: PolicyFile,
        /// The line, from 1.
        line: usize,
    },
    /// On the command line, by this option.
    CommandLine(&'static str),
}

impl fmt::Display for Stated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File { file, line } => match &file.by {
                Authority::Revision(revision) => write!(out, "{}:{line} as of {revision}", file.path),
                _ => write!(out, "{}:{line}", file.path),
            },
            Self::CommandLine(option) => out.write_str(option),
        }
    }
}

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it was stated.
    pub from: Stated,
}

impl<T> Setting<T> {
    /// A value that nobody stated.
    pub const fn default(value: T) -> Self {
        Self { value, from: Stated::Default }
    }
}
