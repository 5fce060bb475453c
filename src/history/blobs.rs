//! Blobs, scanned where they differ from what they are made from.
//!
//! A blob that is made from another one is looked at near its new bytes only, if both are read as the same file. Where nothing can be, nothing
//! is; where something might be, the whole blob is scanned, so that what is reported is exactly what a scan of every blob
//! would report.

use super::assemble::Scene;
use super::cache::known::{self, Known};
use super::dirty;
use super::paths::Paths;
use crate::blob::decode;
use crate::blob::{Chunk, FileKind, Origin};
use crate::detect::{Focus, REACH};
use crate::finding::Finding;
use crate::finding::exposure::NAMELESS;
use crate::git::delta::Source;
use crate::git::forest::{Base, Decoded, Visitor};
use crate::git::{Damage, ObjectId, ObjectNumber, ObjectStore};
use crate::rule::lane::{MAX_SPAN, is_token_byte};
use crate::scan::{Lanes, Progress, Scanner, Shared};
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// What is remembered of a blob while others are made from it.
pub(super) struct BlobState {
    /// How it was read; `None` if it was not looked at.
    read_as: Option<FileKind>,
    /// What was found in it.
    found: Arc<Vec<Finding>>,
    /// Does it hold something that only a scan of the whole tells about?
    wide: bool,
}

/// What a thread works with.
#[derive(Default)]
pub(super) struct Space {
    lanes: Lanes,
    edits: Vec<Span>,
    /// What was scanned, with the marks of the cache.
    seen: Vec<(ObjectNumber, u8)>,
}

/// Scans the blobs of a walk.
pub(super) struct Blobs<'b> {
    scanner: &'b Scanner,
    store: &'b ObjectStore,
    paths: &'b Paths,
    progress: &'b Progress,
    /// Blobs that are wanted.
    wanted: &'b (dyn Fn(ObjectNumber) -> bool + Sync),
    /// What an earlier run has scanned.
    known: &'b Known,
    seen: Mutex<Vec<(ObjectNumber, u8)>>,
    found: Mutex<BTreeMap<ObjectNumber, Arc<Vec<Finding>>>>,
    damage: Mutex<BTreeMap<ObjectNumber, Damage>>,
}

/// What came of a walk.
pub(super) struct BlobResults {
    pub(super) found: BTreeMap<ObjectNumber, Vec<Finding>>,
    pub(super) broken: BTreeMap<ObjectNumber, Damage>,
    /// What was scanned, with the marks of the cache.
    pub(super) seen: Vec<(ObjectNumber, u8)>,
}

/// What a blob that stands in no tree is called.
pub(super) fn nameless(id: &ObjectId) -> Origin {
    Origin { path: format!("(blob {id})").as_str().into(), key: NAMELESS.into() }
}

impl<'b> Blobs<'b> {
    pub(super) fn new(
        scene: &'b Scene<'b>,
        progress: &'b Progress,
        wanted: &'b (dyn Fn(ObjectNumber) -> bool + Sync),
        known: &'b Known,
    ) -> Self {
        Self {
            scanner: scene.scanner,
            store: scene.store,
            paths: scene.paths,
            progress,
            wanted,
            known,
            seen: Mutex::default(),
            found: Mutex::default(),
            damage: Mutex::default(),
        }
    }

    /// The marks of a blob that needs no scan, since an earlier run has read it as the same file.
    fn clean(&self, number: ObjectNumber) -> Option<u8> {
        self.known.clean_blob(number, self.paths.name_of(number))
    }

    /// Is there anything to do for this blob?
    pub(super) fn needs(&self, number: ObjectNumber) -> bool {
        (self.wanted)(number) && self.clean(number).is_none()
    }

    /// What could not be read so far; it is forgotten.
    pub(super) fn take_broken(&self) -> BTreeMap<ObjectNumber, Damage> {
        std::mem::take(&mut self.damage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The findings of each blob, what could not be read, and what was scanned.
    pub(super) fn finish(self) -> BlobResults {
        let found = self.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        BlobResults {
            found: found.into_iter().map(|(number, found)| (number, Arc::unwrap_or_clone(found))).collect(),
            broken: self.damage.into_inner().unwrap_or_else(PoisonError::into_inner),
            seen: self.seen.into_inner().unwrap_or_else(PoisonError::into_inner),
        }
    }

    fn whole(&self, number: ObjectNumber, bytes: &[u8], kind: FileKind, space: &mut Space) -> BlobState {
        let origin = self.origin(number);
        let findings = self.scanner.scan_blob(&origin, kind, bytes, &mut space.lanes);
        let wide = self.scanner.saw_wide(&space.lanes) || decode::sniff_utf16(bytes).is_some();
        BlobState { read_as: Some(kind), found: Arc::new(findings), wide }
    }

    /// What a blob is read as.
    fn origin(&self, number: ObjectNumber) -> Origin {
        let path = self.paths.best(number);
        path.map_or_else(|| nameless(&self.store.id(number)), |path| Origin::new(self.paths.get(path).clone()))
    }

    /// What is in the blob if nothing is but what its base answers for.
    fn carried(
        &self,
        number: ObjectNumber,
        bytes: &[u8],
        base: &Base<'_, BlobState>,
        kind: FileKind,
        space: &mut Space,
    ) -> Option<BlobState> {
        // What another encoding makes of the bytes is known of the whole only.
        let known = base.state.read_as == Some(kind) && !base.state.wide && decode::sniff_utf16(bytes).is_none();
        let found = match base.state.found.as_slice() {
            _ if !known => return None,
            [] => Vec::new(),
            found => {
                let shared = base.pieces.iter().filter_map(|piece| match piece.from {
                    Source::Base(from) => Some(Shared { old: Span::new(from, from + piece.len), at: piece.at }),
                    Source::Delta(_) => None,
                });
                self.scanner.carry(&self.origin(number), found, (base.bytes, bytes), shared)?
            }
        };
        let clean = self.is_clean(bytes, base, kind, space);
        clean.then(|| BlobState { read_as: Some(kind), found: Arc::new(found), wide: false })
    }

    /// Is there nothing of its own in a blob?
    fn is_clean(&self, bytes: &[u8], base: &Base<'_, BlobState>, kind: FileKind, space: &mut Space) -> bool {
        let Space { lanes, edits, .. } = space;
        dirty::edits(base.pieces, base.bytes.len(), edits);
        dirty::regions(edits, bytes.len(), REACH).all(|(region, edits)| {
            let part = whole_runs(region, bytes);
            let seen = self.scanner.look(&Chunk::whole(part.of(bytes), kind), Focus::on(edits, part.start), lanes);
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

impl Visitor for Blobs<'_> {
    type State = BlobState;
    type Space = Space;

    fn visit(&self, object: Decoded<'_, BlobState>, space: &mut Space) -> BlobState {
        let Decoded { number, bytes, base, .. } = object;
        // What is found depends on the kind of the file alone, not on where it stands.
        let kind = || self.paths.kind_of(number).of_all(bytes);
        let nothing = Arc::default;
        if !(self.wanted)(number) {
            return BlobState { read_as: None, found: nothing(), wide: false };
        }
        if let Some(marks) = self.clean(number) {
            return BlobState { read_as: Some(kind()), found: nothing(), wide: marks & known::WIDE != 0 };
        }
        self.progress.files.fetch_add(1, Ordering::Relaxed);
        self.progress.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let kind = kind();
        let carried = base.and_then(|base| self.carried(number, bytes, &base, kind, space));
        let state = carried.unwrap_or_else(|| self.whole(number, bytes, kind, space));
        if !state.found.is_empty() {
            let found = Arc::clone(&state.found);
            self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(number, found);
        }
        let wide = if state.wide { known::WIDE } else { 0 };
        space.seen.push((number, wide | if state.found.is_empty() { 0 } else { known::FOUND }));
        state
    }

    fn done(&self, space: &mut Space) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).append(&mut space.seen);
    }

    fn broken(&self, number: ObjectNumber, damage: Damage) {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).insert(number, damage);
    }
}
