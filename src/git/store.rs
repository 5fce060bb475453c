//! All objects of a repository at once, numbered: for scans that look at each of them.

use super::id::{ObjectFormat, ObjectId};
use super::lookup::{Lookup, Reader};
use super::object::ObjectKind;
use super::{Damage, DamageKind, loose};

/// Buckets of the table over the first two bytes of ids.
const BUCKETS: usize = 1 << 16;

/// An object of a store, numbered by the order of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectNumber(pub u32);

impl ObjectNumber {
    /// As an index into a table over all objects.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// The objects of a repository.
#[derive(Debug)]
pub struct ObjectStore {
    lookup: Lookup,
    ids: Vec<ObjectId>,
    /// For the first two bytes of an id, where in `ids` it can stand.
    buckets: Vec<u32>,
    /// Objects that lie in files of their own, and only there.
    loose: Vec<ObjectNumber>,
}

impl ObjectStore {
    /// Numbers everything that `lookup` leads to; what cannot be listed is told in `damage`.
    pub fn new(lookup: Lookup, damage: &mut Vec<Damage>) -> Self {
        // The lowest bit says that an object is in a pack, so that it comes before the same one as a file of its own.
        let packed = lookup.packs().iter().flat_map(|(_, index)| index.iter().map(|(id, _)| (id, false)));
        let mut found: Vec<(ObjectId, bool)> = packed.collect();
        for folder in lookup.folders() {
            found.extend(loose::list(folder, lookup.format, damage).into_iter().map(|id| (id, true)));
        }
        if !found.is_sorted() {
            found.sort_unstable();
        }
        found.dedup_by_key(|(id, _)| *id);
        let mut buckets = vec![0; BUCKETS + 1];
        found.iter().for_each(|(id, _)| buckets[bucket(id.bytes()) + 1] += 1);
        for at in 1..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        let loose = (0..).zip(&found).filter(|(_, (_, loose))| *loose).map(|(at, _)| ObjectNumber(at)).collect();
        let ids = found.into_iter().map(|(id, _)| id).collect();
        Self { lookup, ids, buckets, loose }
    }

    /// The hash of its ids.
    pub const fn format(&self) -> ObjectFormat {
        self.lookup.format
    }

    /// The files behind it.
    pub const fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of an object.
    pub fn id(&self, number: ObjectNumber) -> ObjectId {
        self.ids[number.at()]
    }

    /// The object with this raw id.
    pub fn find(&self, id: &[u8]) -> Option<ObjectNumber> {
        let bucket = bucket(id);
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        let at = self.ids[range.clone()].binary_search_by(|known| known.bytes().cmp(id)).ok()?;
        Some(ObjectNumber((range.start + at) as u32))
    }

    /// The objects that lie in files of their own, and only there.
    pub fn loose(&self) -> &[ObjectNumber] {
        &self.loose
    }

    /// Offset and object of everything in the pack of this number, by offset.
    pub fn entries(&self, pack: usize) -> Vec<(u64, ObjectNumber)> {
        let (_, index) = &self.lookup.packs()[pack];
        let mut entries: Vec<(u64, ObjectNumber)> =
            index.iter().filter_map(|(id, offset)| Some((offset, self.find(id.bytes())?))).collect();
        entries.sort_unstable();
        entries
    }

    /// Reads one object, from wherever it can be read.
    ///
    /// # Errors
    /// It is damaged in every place where it lies.
    pub fn read(&self, number: ObjectNumber, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        self.lookup.read(&self.ids[number.at()], reader)
    }

    /// What to say of an object that is damaged.
    pub fn corrupt(&self, number: ObjectNumber, why: &str) -> Damage {
        Damage::new(self.id(number), DamageKind::Corrupt, why)
    }
}

fn bucket(id: &[u8]) -> usize {
    match id {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        _ => 0,
    }
}
