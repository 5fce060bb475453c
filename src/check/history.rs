//! What the checklist wants to know of a repository's history; whoever reads the history fills it in.

use crate::finding::Fingerprint;

/// What git still remembers.
#[derive(Clone, Debug, Default)]
pub struct HistoryFacts {
    /// Environment files that were ever committed, examples left out; `None` if nobody looked.
    pub env_files: Option<Vec<CommittedFile>>,
    /// Secrets that were ever committed.
    pub secrets: Vec<CommittedSecret>,
    /// Traced values (see [`super::trace`]) that were found in any blob: the name of the value, and where.
    pub echoes: Vec<(String, Commit, String)>,
    /// Could all of it be read?
    pub complete: bool,
}

/// A commit, as far as people want to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// When it was made, in seconds since 1970.
    pub time: i64,
}

/// A file that was committed.
#[derive(Clone, Debug)]
pub struct CommittedFile {
    /// Its path.
    pub path: String,
    /// The first commit with it.
    pub introduced: Commit,
    /// The commit that removed it; `None` if it is still there.
    pub removed: Option<Commit>,
    /// References that still lead to it.
    pub refs: Vec<String>,
}

/// A secret that was committed.
#[derive(Clone, Debug)]
pub struct CommittedSecret {
    /// The same for all places of one secret, see [`Fingerprint::of_value`].
    pub secret_id: Fingerprint,
    /// What it is, without its value.
    pub title: String,
    /// Where it stood first.
    pub path: String,
    /// The first commit with it.
    pub introduced: Commit,
    /// Does the current commit still hold it?
    pub in_head: bool,
}
