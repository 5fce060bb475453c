//! Blobs, scanned where they differ from what they are made from.
//!
//! A blob that is made from another one is looked at near its new bytes only, if both are read as the same file. Where nothing can be, nothing
//! is; where something might be, the whole blob is scanned, so that what is reported is exactly what a scan of every blob
//! would report.

use super::dirty;
use super::paths::{PathId, Paths};
use crate::blob::decode::{self, SNIFF};
use crate::blob::{Chunk, FileKind, Origin};
use crate::detect::REACH;
use crate::finding::Finding;
use crate::finding::exposure::NAMELESS;
use crate::git::forest::{Base, Decoded, Visitor};
use crate::git::{Damage, ObjectNumber, ObjectStore};
use crate::rule::lane::{MAX_SPAN, is_token_byte};
use crate::scan::{Lanes, Progress, Scanner};
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// What is remembered of a blob while others are made from it.
pub(super) struct BlobState {
    /// How it was read; `None` if it was not looked at.
    read_as: Option<ReadAs>,
    /// Where something was found.
    found: Vec<Span>,
    /// Does it hold something that only a scan of the whole tells about?
    wide: bool,
}

/// How a blob is read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ReadAs {
    path: Option<PathId>,
    kind: FileKind,
}

/// What a thread works with.
#[derive(Default)]
pub(super) struct Space {
    lanes: Lanes,
    regions: Vec<Span>,
}

/// Scans the blobs of a walk.
pub(super) struct Blobs<'b> {
    pub(super) scanner: &'b Scanner,
    pub(super) store: &'b ObjectStore,
    pub(super) paths: &'b Paths,
    pub(super) progress: &'b Progress,
    /// Blobs that are wanted.
    pub(super) wanted: &'b (dyn Fn(ObjectNumber) -> bool + Sync),
    found: Mutex<BTreeMap<ObjectNumber, Vec<Finding>>>,
    damage: Mutex<BTreeMap<ObjectNumber, Damage>>,
}

/// What a blob that stands in no tree is called.
pub(super) fn nameless(store: &ObjectStore, number: ObjectNumber) -> Origin {
    Origin { path: format!("(blob {})", store.id(number)).as_str().into(), key: NAMELESS.into() }
}

impl<'b> Blobs<'b> {
    pub(super) fn new(
        scanner: &'b Scanner,
        store: &'b ObjectStore,
        paths: &'b Paths,
        progress: &'b Progress,
        wanted: &'b (dyn Fn(ObjectNumber) -> bool + Sync),
    ) -> Self {
        Self { scanner, store, paths, progress, wanted, found: Mutex::default(), damage: Mutex::default() }
    }

    /// What could not be read so far; it is forgotten.
    pub(super) fn take_broken(&self) -> BTreeMap<ObjectNumber, Damage> {
        std::mem::take(&mut self.damage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The findings of each blob, and what could not be read.
    pub(super) fn finish(self) -> (BTreeMap<ObjectNumber, Vec<Finding>>, BTreeMap<ObjectNumber, Damage>) {
        let inner = |lock: Mutex<_>| lock.into_inner().unwrap_or_else(PoisonError::into_inner);
        (inner(self.found), self.damage.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn whole(&self, number: ObjectNumber, bytes: &[u8], read_as: ReadAs, space: &mut Space) -> BlobState {
        let origin =
            read_as.path.map_or_else(|| nameless(self.store, number), |path| Origin::new(self.paths.get(path).clone()));
        let findings = self.scanner.scan_blob(&origin, bytes, &mut space.lanes);
        let wide = self.scanner.saw_wide(&space.lanes) || decode::sniff_utf16(start(bytes)).is_some();
        let found = findings.iter().map(|finding| finding.place.span).collect();
        if !findings.is_empty() {
            self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(number, findings);
        }
        BlobState { read_as: Some(read_as), found, wide }
    }

    /// Does the base answer for everything but its dirty regions, and is nothing in those?
    fn is_clean(&self, bytes: &[u8], base: &Base<'_, BlobState>, read_as: ReadAs, space: &mut Space) -> bool {
        // What another encoding makes of the bytes is known of the whole only.
        if decode::sniff_utf16(start(bytes)).is_some() {
            return false;
        }
        if base.state.wide || base.state.read_as != Some(read_as) || dirty::carried(base.pieces, &base.state.found) {
            return false;
        }
        let Space { lanes, regions } = space;
        dirty::regions(base.pieces, base.bytes.len(), bytes.len(), REACH, regions);
        regions.iter().all(|region| {
            let text = whole_runs(*region, bytes).of(bytes);
            let seen = self.scanner.look(&Chunk::whole(text, read_as.kind), lanes);
            !seen.findings && !seen.wide
        })
    }
}

/// `region`, and what its first and last run reach beyond it: Base64 is read from its beginning to its end.
fn whole_runs(region: Span, bytes: &[u8]) -> Span {
    let before = bytes[..region.start].iter().rev().take(MAX_SPAN).take_while(|byte| is_token_byte(**byte)).count();
    let behind = bytes[region.end..].iter().take(MAX_SPAN).take_while(|byte| is_token_byte(**byte)).count();
    Span::new(region.start - before, region.end + behind)
}

/// The part of a blob that tells how it is read.
fn start(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(SNIFF)]
}

impl Visitor for Blobs<'_> {
    type State = BlobState;
    type Space = Space;

    fn visit(&self, object: Decoded<'_, BlobState>, space: &mut Space) -> BlobState {
        let Decoded { number, bytes, base, .. } = object;
        self.progress.files.fetch_add(1, Ordering::Relaxed);
        self.progress.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if !(self.wanted)(number) {
            return BlobState { read_as: None, found: Vec::new(), wide: false };
        }
        let path = self.paths.best(number);
        let name = path.map_or(&b""[..], |path| self.paths.get(path).bytes());
        let read_as = ReadAs { path, kind: FileKind::of(name, start(bytes)) };
        if base.is_some_and(|base| self.is_clean(bytes, &base, read_as, space)) {
            return BlobState { read_as: Some(read_as), found: Vec::new(), wide: false };
        }
        self.whole(number, bytes, read_as, space)
    }

    fn broken(&self, number: ObjectNumber, damage: Damage) {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).insert(number, damage);
    }
}
