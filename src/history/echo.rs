//! Echoes: the values that were found, or are known beforehand, looked for in all other blobs and messages too.
//!
//! A value that was taken out of the code and left in a document is one story. As in a scan, a blob that is made from another one is searched
//! near its new bytes only.

use super::assemble::{Found, Scene};
use super::objects::Objects;
use super::paths::Paths;
use super::{blobs, dirty, messages};
use crate::blob::Origin;
use crate::finding::Finding;
use crate::git::forest::{Decoded, Visitor};
use crate::git::{Damage, ObjectKind, ObjectNumber, ObjectStore};
use crate::scan::{KnownValues, Scanner};
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Adds to what was `found` where else its values stand, and those of `local` findings.
pub(super) fn trace(objects: &Objects<'_>, scene: &Scene<'_>, found: &mut Found, local: &[Finding]) {
    let beside =
        found.messages.iter().map(|(_, finding)| finding).chain(found.names.iter().map(|(_, finding)| finding));
    let known = found.blobs.values().flatten().chain(beside).chain(&found.texts).chain(local);
    let Some(values) = KnownValues::of(known) else { return };
    let wanted = |number: ObjectNumber| scene.selection.wants(number, scene.paths);
    let echo = Echo {
        scanner: scene.scanner,
        store: objects.store,
        paths: scene.paths,
        values: &values,
        wanted: &wanted,
        found: &found.blobs,
        echoes: Mutex::default(),
    };
    objects.show_blobs(&echo);
    let echoes = echo.echoes.into_inner().unwrap_or_else(PoisonError::into_inner);
    let told = Told { scene, values: &values, echoes: Mutex::default() };
    objects.show_others(&told);
    let mut told = told.echoes.into_inner().unwrap_or_else(PoisonError::into_inner);
    let is_new = |number: ObjectNumber, one: &Finding| {
        let same =
            |known: &Finding| known.place.origin == one.place.origin && known.place.span.overlaps(one.place.span);
        !found.messages.iter().any(|(at, known)| *at == number && same(known))
    };
    told.retain(|number, echoes| {
        echoes.retain(|one| is_new(*number, one));
        !echoes.is_empty()
    });
    for (number, echoes) in echoes {
        found.blobs.entry(number).or_default().extend(echoes);
    }
    for (number, echoes) in told {
        found.messages.extend(echoes.into_iter().map(|one| (number, one)));
    }
}

/// Searches the texts of commits and tags.
struct Told<'t> {
    scene: &'t Scene<'t>,
    values: &'t KnownValues,
    echoes: Mutex<BTreeMap<ObjectNumber, Vec<Finding>>>,
}

impl Visitor for Told<'_> {
    type State = ();
    type Space = ();

    fn visit(&self, object: Decoded<'_, ()>, (): &mut ()) {
        let Decoded { number, kind, bytes, .. } = object;
        if !matches!(kind, ObjectKind::Commit | ObjectKind::Tag) || !self.scene.asks_for(number) {
            return;
        }
        let parts = messages::parts(kind, bytes).into_iter();
        let find =
            |(part, text): (&messages::Part, _)| self.scene.scanner.find_known(&part.origin, text, self.values, &[]);
        let echoes: Vec<Finding> = parts.flat_map(find).collect();
        if !echoes.is_empty() {
            self.echoes.lock().unwrap_or_else(PoisonError::into_inner).insert(number, echoes);
        }
    }

    /// The scan has told of it.
    fn broken(&self, _: ObjectNumber, _: Damage) {}
}

/// Searches the blobs of a walk.
struct Echo<'e> {
    scanner: &'e Scanner,
    store: &'e ObjectStore,
    paths: &'e Paths,
    values: &'e KnownValues,
    wanted: &'e (dyn Fn(ObjectNumber) -> bool + Sync),
    /// What the scan found.
    found: &'e BTreeMap<ObjectNumber, Vec<Finding>>,
    echoes: Mutex<BTreeMap<ObjectNumber, Vec<Finding>>>,
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
