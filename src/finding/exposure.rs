//! Exposures: the life of a secret in a history.

use super::{Directive, Fingerprint, Place};
use crate::blob::PlacePath;

/// Most refs that an exposure names; a repository with pull requests can have tens of thousands.
pub const MAX_REFS: usize = 100;

/// The stable path of what stands at none: an object that nothing names.
pub const NAMELESS: &str = "(blob)";

/// A commit as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitNote {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// Who wrote it, name and address as written.
    pub author: String,
    /// When it was written, in seconds since 1970.
    pub seconds: i64,
    /// The author's time zone, in minutes east of Greenwich.
    pub offset: i32,
}

/// How a secret can still be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// From a branch, a tag or another ref.
    Refs,
    /// From the stash alone.
    Stash,
    /// From a reflog, or what git remembers of an operation, alone.
    Reflog,
    /// From the index alone: staged and never committed.
    Index,
    /// In git's own files, such as a reflog's messages or the configuration: in no object.
    Local,
    /// From nothing: the object is still there until git prunes it.
    Unreachable,
}

impl Reach {
    /// In one word, for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refs => "refs",
            Self::Stash => "stash",
            Self::Reflog => "reflog",
            Self::Index => "index",
            Self::Local => "local",
            Self::Unreachable => "unreachable",
        }
    }
}

/// One place of a secret in a history.
#[derive(Clone, Debug)]
pub struct ExposedPlace {
    /// The first commit in which it stood there; none for what no commit holds.
    pub commit: Option<CommitNote>,
    /// The object that holds it; none for what is no object.
    pub object: Option<String>,
    /// Where in it.
    pub place: Place,
    /// The fingerprint of the secret at this place.
    pub fingerprint: Fingerprint,
    /// What a comment beside it says about it, in some version of the file.
    pub directive: Option<Box<Directive>>,
}

/// The life of a secret in a history.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// The commit that brought it in first; parents come before children, whatever their dates say.
    pub introduced: Option<CommitNote>,
    /// The commits that took it out, in the same order.
    pub removed: Vec<CommitNote>,
    /// Does the commit that HEAD stands on still hold it?
    pub in_head: bool,
    /// The refs from whose history it can be read, branches before tags before others; at most [`MAX_REFS`].
    pub refs: Vec<PlacePath>,
    /// How many there are.
    pub ref_count: usize,
    /// How it can still be reached.
    pub reach: Reach,
    /// Is it in the history of a remote-tracking ref? Then it has left this machine.
    pub pushed: bool,
    /// Whole days since it was introduced.
    pub age_days: Option<i64>,
    /// Every path it ever stood at, and every message.
    pub places: Vec<ExposedPlace>,
}
