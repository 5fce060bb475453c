//! Sources: where bytes come from.
//!
//! A source gives blobs, or says why it could not: a [`Skip`] is data and never silence. Knows no rules.

pub mod files;
pub mod open;
pub mod tracked;
mod visit;

pub use visit::{NoVisitor, Visitor};

use crate::blob::PlacePath;
use std::fmt;

/// Why something was not scanned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A link; what it points to is scanned where it stands, if that is inside.
    Link,
    /// Not a file with content: `FIFO`, `socket`, `device`.
    Special(&'static str),
    /// Could not be opened or read.
    Unreadable(String),
    /// Was there when the folder was listed and gone when it was opened.
    Vanished,
    /// Became shorter while it was read.
    Shrank,
    /// The repository's list of tracked files could not be read, so that tracked files which an ignore rule names may be missing.
    Index(String),
}

impl SkipReason {
    /// Should it have been scanned? Then the run is incomplete.
    pub const fn is_failure(&self) -> bool {
        !matches!(self, Self::Link | Self::Special(_))
    }

    /// The kind of reason in one fixed word, for machines.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Special(_) => "special",
            Self::Unreadable(_) => "unreadable",
            Self::Vanished => "vanished",
            Self::Shrank => "shrank",
            Self::Index(_) => "index",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => out.write_str("symbolic link, not followed"),
            Self::Special(what) => write!(out, "{what}, has no content to read"),
            Self::Unreadable(why) => write!(out, "cannot be read: {why}"),
            Self::Vanished => out.write_str("vanished before it was read"),
            Self::Shrank => out.write_str("became shorter while it was read"),
            Self::Index(why) => {
                write!(
                    out,
                    "the list of tracked files cannot be read ({why}): tracked files that an ignore rule names may be missing"
                )
            }
        }
    }
}

/// Something that was not scanned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skip {
    /// What.
    pub path: PlacePath,
    /// Why.
    pub reason: SkipReason,
}
