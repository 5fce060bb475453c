//! Echoes: the values that were found, looked for in all other blobs too.
//!
//! A value that was taken out of the code and left in a document is one story. As in a scan, a blob that is made from another one is searched
//! near its new bytes only.

use super::blobs;
use super::dirty;
use super::paths::Paths;
use crate::blob::Origin;
use crate::finding::Finding;
use crate::git::forest::{Decoded, Visitor};
use crate::git::{Damage, ObjectNumber, ObjectStore};
use crate::scan::{KnownValues, Scanner};
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Searches the blobs of a walk.
pub(super) struct Echo<'e> {
    pub(super) scanner: &'e Scanner,
    pub(super) store: &'e ObjectStore,
    pub(super) paths: &'e Paths,
    pub(super) values: &'e KnownValues,
    pub(super) wanted: &'e (dyn Fn(ObjectNumber) -> bool + Sync),
    /// What the scan found.
    pub(super) found: &'e BTreeMap<ObjectNumber, Vec<Finding>>,
    pub(super) echoes: Mutex<BTreeMap<ObjectNumber, Vec<Finding>>>,
}

/// Whether a blob was searched, and where values stand in it.
pub(super) struct Heard {
    searched: bool,
    spans: Vec<Span>,
}

impl Visitor for Echo<'_> {
    type State = Heard;
    type Space = Vec<Span>;

    fn visit(&self, object: Decoded<'_, Heard>, edits: &mut Vec<Span>) -> Heard {
        let Decoded { number, bytes, base, .. } = object;
        if !(self.wanted)(number) {
            return Heard { searched: false, spans: Vec::new() };
        }
        if let Some(base) = base.filter(|base| base.state.searched && !dirty::carried(base.pieces, &base.state.spans)) {
            // A letter beside a value decides as well.
            dirty::edits(base.pieces, base.bytes.len(), edits);
            let mut regions = dirty::regions(edits, bytes.len(), self.values.longest + 1);
            if regions.all(|(region, _)| self.values.find(region.of(bytes)).next().is_none()) {
                return Heard { searched: true, spans: Vec::new() };
            }
        }
        let spans: Vec<Span> = self.values.find(bytes).map(|(_, span)| span).collect();
        if !spans.is_empty() {
            let origin = match self.paths.best(number) {
                Some(path) => Origin::new(self.paths.get(path).clone()),
                None => blobs::nameless(&self.store.id(number)),
            };
            let found = self.found.get(&number).map_or(&[][..], Vec::as_slice);
            let echoes = self.scanner.find_known(&origin, bytes, self.values, found);
            self.echoes.lock().unwrap_or_else(PoisonError::into_inner).insert(number, echoes);
        }
        Heard { searched: true, spans }
    }

    /// The scan has told of it.
    fn broken(&self, _: ObjectNumber, _: Damage) {}
}
