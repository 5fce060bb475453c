//! Those who look over a scan's shoulder: they see every small file that is read, so that it is read once.

use super::files::Walked;
use crate::blob::{FileKind, Origin};

/// Sees what a scan walks and reads; called from many threads.
pub trait Visitor: Sync {
    /// The walk is done, and reading begins.
    fn begin(&self, walked: &Walked);

    /// A whole file, as it was read.
    fn file(&self, origin: &Origin, kind: FileKind, bytes: &[u8]);

    /// A file too large to be held whole: it was read in pieces.
    fn large(&self, origin: &Origin, kind: FileKind);
}

/// Two that see the same.
#[derive(Clone, Copy)]
pub struct Both<'v>(pub &'v dyn Visitor, pub &'v dyn Visitor);

impl Visitor for Both<'_> {
    fn begin(&self, walked: &Walked) {
        self.0.begin(walked);
        self.1.begin(walked);
    }

    fn file(&self, origin: &Origin, kind: FileKind, bytes: &[u8]) {
        self.0.file(origin, kind, bytes);
        self.1.file(origin, kind, bytes);
    }

    fn large(&self, origin: &Origin, kind: FileKind) {
        self.0.large(origin, kind);
        self.1.large(origin, kind);
    }
}

/// Sees nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoVisitor;

impl Visitor for NoVisitor {
    fn begin(&self, _: &Walked) {}
    fn file(&self, _: &Origin, _: FileKind, _: &[u8]) {}
    fn large(&self, _: &Origin, _: FileKind) {}
}
