//! Blobs: bytes with an origin, and the chunks in which large ones are scanned.
//!
//! Sources make them, `detect` reads chunks. Nothing here knows rules or findings.

pub mod decode;
pub mod kind;
mod language;
pub mod path;

pub use kind::{FileKind, NamedKind, Role, Syntax};
pub use path::PlacePath;

use std::ops::Range;

/// Where a blob is seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The path as a person would type it from where the scan was started.
    pub path: PlacePath,
    /// The path that stays the same wherever the scan is started: from the root of the repository, or of what was
    /// scanned. Fingerprints and SARIF use it.
    pub key: PlacePath,
}

impl Origin {
    /// An origin whose path is stable as it is.
    pub fn new(path: impl Into<PlacePath>) -> Self {
        let path = path.into();
        Self { key: path.clone(), path }
    }
}

/// A stretch of a blob, with enough of what stands before and behind it to judge everything that begins in it.
#[derive(Clone, Debug)]
pub struct Chunk<'b> {
    /// The bytes, margins included.
    pub text: &'b [u8],
    /// The part of `text` whose candidates belong to this chunk; candidates are owned by where they begin.
    pub owned: Range<usize>,
    /// What the blob is.
    pub kind: FileKind,
}

impl<'b> Chunk<'b> {
    /// A whole blob as one chunk.
    pub const fn whole(text: &'b [u8], kind: FileKind) -> Self {
        Self { text, owned: 0..text.len(), kind }
    }
}
