//! Git repositories, read directly: objects, deltas, refs and reflogs, without running git and without obeying a
//! repository's configuration.
//!
//! Takes a path, gives ids and bytes, and says of everything that cannot be read what and why ([`Damage`]). Knows neither
//! rules nor findings. Nothing here executes, writes or follows what a repository's configuration names, and no owner check
//! stops a scan. Formats are those of git's own documentation (`gitformat-pack`, `gitrepository-layout`, `reftable`).

pub mod bundle;
mod cursor;
pub mod delta;
pub mod file;
pub mod forest;
pub mod id;
pub mod index;
pub mod inflate;
pub mod lately;
pub mod layout;
pub mod lookup;
pub mod loose;
pub mod object;
pub mod pack;
pub mod pack_index;
pub mod reflog;
pub mod refs;
pub mod reftable;
pub mod reindex;
pub mod revision;
pub mod settings;
pub mod store;

pub use id::{ObjectFormat, ObjectId};
pub use lately::Lately;
pub use layout::{Layout, Leftovers};
pub use lookup::{Lookup, Reader};
pub use object::ObjectKind;
pub use store::{ObjectNumber, ObjectStore};

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Largest object that is read, in bytes; what claims to be larger is named as not read.
pub const MAX_OBJECT: usize = 1 << 30;

/// Why a repository cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// No repository there or above.
    #[error("`{}` is not in a git repository: name one, or run this inside of one", .0.display())]
    NoRepository(PathBuf),
    /// A file of it cannot be read.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It uses a format that is not known.
    #[error("`{}`: {what}", path.display())]
    Unsupported {
        /// The repository.
        path: PathBuf,
        /// What is not known.
        what: String,
    },
    /// A revision names nothing.
    #[error(
        "`{name}` names no commit here: use a branch, a tag, a commit id (4 characters or more) or HEAD~1 and the like"
    )]
    NoRevision {
        /// What was given.
        name: String,
    },
    /// A short id fits several objects.
    #[error("`{name}` fits several objects: give more characters of the id")]
    Ambiguous {
        /// What was given.
        name: String,
    },
}

impl GitError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Io { path: path.to_owned(), source }
    }
}

/// What is wrong with something that should have been readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DamageKind {
    /// It is not there.
    Missing,
    /// It is there and does not hold what it should.
    Corrupt,
    /// The system does not let it be read.
    Unreadable,
    /// Its history was cut off on purpose (a shallow clone).
    Cut,
    /// It claims to be larger than is read.
    Huge,
    /// It ends early, as something does that is being written or was given up: nothing is lost that was ever there.
    Unfinished,
}

/// Something of a repository that was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// What: a file of the repository, or the id of an object.
    pub what: String,
    /// What is wrong with it.
    pub kind: DamageKind,
    /// Why, in words.
    pub why: String,
}

impl Damage {
    /// A damage.
    pub fn new(what: impl fmt::Display, kind: DamageKind, why: impl Into<String>) -> Self {
        Self { what: what.to_string(), kind, why: why.into() }
    }

    /// What the system said when `path` was read.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        let text = error.to_string();
        let why = text.split(" (os error").next().unwrap_or_default().to_lowercase();
        let kind = if error.kind() == io::ErrorKind::NotFound { DamageKind::Missing } else { DamageKind::Unreadable };
        Self::new(path.display(), kind, why)
    }
}
