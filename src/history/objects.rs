//! All objects of a repository, ready to be shown to visitors: those of packs along their deltas, loose ones one by one, and damaged ones
//! from wherever they can still be read.

use crate::git::forest::{Decoded, Forest, Visitor};
use crate::git::{Damage, ObjectKind, ObjectNumber, ObjectStore, Reader};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The objects of a repository.
pub(super) struct Objects<'o> {
    pub(super) store: &'o ObjectStore,
    forests: Vec<Forest<'o>>,
    loose: Loose,
}

impl<'o> Objects<'o> {
    pub(super) fn new(store: &'o ObjectStore) -> Self {
        let packs = 0..store.lookup().packs().len();
        let forests = packs.into_par_iter().map(|pack| Forest::new(store, pack)).collect();
        Self { store, forests, loose: Loose::sort(store) }
    }

    /// Loose objects that cannot be read at all.
    pub(super) fn damage(&self) -> impl Iterator<Item = Damage> + '_ {
        self.loose.damage.iter().cloned()
    }

    /// Shows all blobs.
    pub(super) fn show_blobs<V: Visitor>(&self, visitor: &V) {
        self.show_blobs_of(&|_| true, visitor);
    }

    /// Shows the blobs that are `needed`, and those that it takes to decode them.
    pub(super) fn show_blobs_of<V: Visitor>(&self, needed: &(dyn Fn(ObjectNumber) -> bool + Sync), visitor: &V) {
        self.forests.iter().for_each(|forest| forest.walk(|kind| kind == ObjectKind::Blob, needed, visitor));
        let loose: Vec<ObjectNumber> = self.loose.blobs.iter().copied().filter(|number| needed(*number)).collect();
        Loose::visit(self.store, &loose, visitor);
    }

    /// Shows everything but blobs.
    pub(super) fn show_others<V: Visitor>(&self, visitor: &V) {
        self.forests.iter().for_each(|forest| forest.walk(|kind| kind != ObjectKind::Blob, &|_| true, visitor));
        Loose::visit(self.store, &self.loose.others, visitor);
    }
}

/// Shows objects that were broken where they were met to `visitor` again, if another copy is sound; gives those that are. What is damaged
/// and can be read in some way is shown as well.
pub(super) fn mend<V: Visitor>(
    store: &ObjectStore,
    broken: BTreeMap<ObjectNumber, Damage>,
    visitor: &V,
    wanted: impl Fn(ObjectKind) -> bool,
) -> BTreeSet<ObjectNumber> {
    let (mut reader, mut space, mut mended) = (Reader::default(), V::Space::default(), BTreeSet::new());
    for (number, damage) in broken {
        let sound = store.lookup().read_sound(&store.id(number), &mut reader);
        let is_sound = sound.is_ok();
        match sound.or_else(|_| store.read(number, &mut reader)) {
            Ok((kind, bytes)) if wanted(kind) => {
                visitor.visit(Decoded { number, kind, bytes: &bytes, base: None }, &mut space);
                if is_sound {
                    mended.insert(number);
                    continue;
                }
            }
            _ => {}
        }
        visitor.broken(number, damage);
    }
    visitor.done(&mut space);
    mended
}

/// Loose objects by kind.
#[derive(Default)]
struct Loose {
    blobs: Vec<ObjectNumber>,
    others: Vec<ObjectNumber>,
    damage: Vec<Damage>,
}

impl Loose {
    fn sort(store: &ObjectStore) -> Self {
        let read = |number: ObjectNumber| (number, store.read(number, &mut Reader::default()));
        let all: Vec<_> = store
            .loose()
            .par_iter()
            .copied()
            .map(read)
            .map(|(number, result)| (number, result.map(|(kind, _)| kind)))
            .collect();
        let mut loose = Self::default();
        for (number, kind) in all {
            match kind {
                Ok(ObjectKind::Blob) => loose.blobs.push(number),
                Ok(_) => loose.others.push(number),
                Err(damage) => loose.damage.push(damage),
            }
        }
        loose
    }

    /// Shows `objects` to a visitor as objects that are made from nothing.
    fn visit<V: Visitor>(store: &ObjectStore, objects: &[ObjectNumber], visitor: &V) {
        objects.par_chunks(256).for_each(|objects| {
            let (mut space, mut reader) = (V::Space::default(), Reader::default());
            for number in objects {
                match store.read(*number, &mut reader) {
                    Ok((kind, bytes)) => {
                        visitor.visit(Decoded { number: *number, kind, bytes: &bytes, base: None }, &mut space);
                    }
                    Err(damage) => visitor.broken(*number, damage),
                }
            }
            visitor.done(&mut space);
        });
    }
}
