//! Sources: where bytes come from.
//!
//! A source gives blobs, or says why it could not: a [`Skip`] is data and never silence. Knows no rules.

pub mod files;
pub mod open;
pub mod tracked;
mod visit;

pub use visit::{Both, NoVisitor, Visitor};

use crate::blob::PlacePath;
use crate::git::{Damage, DamageKind};
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
    /// Has a conflict that is not resolved: no commit will hold it.
    Conflict,
    /// Is named and not there.
    Missing(String),
    /// Does not hold what it should.
    Corrupt(String),
    /// A history was cut off on purpose.
    Cut(String),
    /// Is larger than is read.
    Huge(String),
    /// Ends early, for its writing was given up or goes on.
    Unfinished(String),
}

impl SkipReason {
    /// Should it have been scanned? Then the run is incomplete.
    pub const fn is_failure(&self) -> bool {
        !matches!(self, Self::Link | Self::Special(_) | Self::Conflict | Self::Unfinished(_))
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
            Self::Conflict => "conflict",
            Self::Missing(_) => "missing",
            Self::Corrupt(_) => "corrupt",
            Self::Cut(_) => "cut",
            Self::Huge(_) => "huge",
            Self::Unfinished(_) => "unfinished",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => out.write_str("symbolic link, not followed"),
            Self::Special(what) => write!(out, "{what}, has no content to read"),
            Self::Unreadable(why) => write!(out, "cannot be read: {why}"),
            Self::Conflict => out.write_str("a conflict that is not resolved yet, so it is not staged"),
            Self::Missing(why) => write!(out, "missing: {why}"),
            Self::Corrupt(why) => write!(out, "damaged: {why}"),
            Self::Unfinished(why) => write!(out, "not finished: {why}"),
            Self::Cut(why) | Self::Huge(why) => out.write_str(why),
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

/// What a repository could not give.
impl From<Damage> for Skip {
    fn from(damage: Damage) -> Self {
        let reason = match damage.kind {
            DamageKind::Missing => SkipReason::Missing(damage.why),
            DamageKind::Corrupt => SkipReason::Corrupt(damage.why),
            DamageKind::Unreadable => SkipReason::Unreadable(damage.why),
            DamageKind::Cut => SkipReason::Cut(damage.why),
            DamageKind::Huge => SkipReason::Huge(damage.why),
            DamageKind::Unfinished => SkipReason::Unfinished(damage.why),
        };
        Self { path: PlacePath::from(damage.what.as_str()), reason }
    }
}
