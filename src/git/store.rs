//! All objects of a repository at once, numbered: for scans that look at each of them.

use super::id::{ObjectFormat, ObjectId, is_same};
use super::lately::Lately;
use super::lookup::{Lookup, Reader};
use super::object::ObjectKind;
use super::{Damage, DamageKind, loose};
use rayon::prelude::*;

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
    /// All ids, unless they are those of the only pack.
    ids: Option<Ids>,
    /// For the first bits of an id, where in `ids` it can stand.
    buckets: Vec<u32>,
    /// How far the first four bytes of an id are shifted for the number of its bucket.
    shift: u32,
    /// Objects that lie in files of their own, and only there.
    loose: Vec<ObjectNumber>,
}

impl ObjectStore {
    /// Numbers everything that `lookup` leads to; what cannot be listed is told in `damage`.
    pub fn new(lookup: Lookup, damage: &mut Vec<Damage>) -> Self {
        let len = lookup.format.len();
        let mut singles = Ids { bytes: Vec::new(), len };
        for folder in lookup.folders() {
            for id in loose::list(folder, lookup.format, damage) {
                singles.bytes.extend_from_slice(id.bytes());
            }
        }
        lookup.unnamed().for_each(|id| singles.bytes.extend_from_slice(id.bytes()));
        let packed = if is_enough(&lookup) { None } else { Some(packed(&lookup)) };
        let singles = singles.sorted().without(table(packed.as_ref(), &lookup));
        let ids = match packed {
            None if singles.bytes.is_empty() => None,
            None => Some(Ids { bytes: table(None, &lookup).to_vec(), len }.merged(singles.clone())),
            Some(packed) => Some(packed.merged(singles.clone())),
        };
        let (buckets, shift) = buckets(table(ids.as_ref(), &lookup), len);
        let mut store = Self { lookup, ids, buckets, shift, loose: Vec::new() };
        store.loose = singles.iter().filter_map(|id| store.find(id)).collect();
        store
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
        self.table().len() / self.format().len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.table().is_empty()
    }

    /// The id of an object.
    pub fn id(&self, number: ObjectNumber) -> ObjectId {
        ObjectId::new(entry(self.table(), number.at(), self.format().len()))
    }

    /// The raw ids of all objects, in order.
    fn table(&self) -> &[u8] {
        table(self.ids.as_ref(), &self.lookup)
    }

    /// The object with this raw id.
    pub fn find(&self, id: &[u8]) -> Option<ObjectNumber> {
        let (bucket, table) = (bucket(id, self.shift), self.table());
        let mut range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        range.find(|at| is_same(entry(table, *at, id.len()), id)).map(|at| ObjectNumber(at as u32))
    }

    /// The objects with these raw ids, which stand one behind the other; what was asked for before is in `lately`.
    ///
    /// Faster than one by one: where they can stand is looked up for some of them before any is compared, so that the memory that holds
    /// them is waited for once.
    pub fn find_all(&self, ids: &[u8], lately: &mut Lately, mut visit: impl FnMut(Option<ObjectNumber>)) {
        const TOGETHER: usize = 32;
        let (len, table) = (self.format().len(), self.table());
        let mut ranges = [(0, 0); TOGETHER];
        let mut starts = [[0_u8; 8]; TOGETHER];
        let mut known = [None; TOGETHER];
        for ids in ids.chunks(TOGETHER * len) {
            for ((range, known), id) in ranges.iter_mut().zip(&mut known).zip(ids.chunks_exact(len)) {
                *known = lately.get(id);
                let bucket = if known.is_some() { 0 } else { bucket(id, self.shift) };
                *range = (self.buckets[bucket], self.buckets[bucket + 1]);
            }
            for (start, range) in starts.iter_mut().zip(&ranges).take(ids.len() / len) {
                *start = entry(table, range.0 as usize, len).first_chunk().copied().unwrap_or_default();
            }
            for (((id, range), start), known) in ids.chunks_exact(len).zip(ranges).zip(starts).zip(known) {
                let number = known.or_else(|| {
                    let first = usize::from(!id.starts_with(&start));
                    let mut range = range.0 as usize + first..range.1 as usize;
                    let number =
                        range.find(|at| is_same(entry(table, *at, len), id)).map(|at| ObjectNumber(at as u32))?;
                    lately.put(id, number);
                    Some(number)
                });
                visit(number);
            }
        }
    }

    /// The objects that lie in files of their own, and only there.
    pub fn loose(&self) -> &[ObjectNumber] {
        &self.loose
    }

    /// Everything in the pack of this number, by offset.
    pub fn entries(&self, pack: usize) -> Vec<PackEntry> {
        let (_, index) = &self.lookup.packs()[pack];
        // Both lists are in the order of ids, so a number is never far from the one before.
        let (mut number, table, len) = (0, self.table(), self.format().len());
        let mut entries = Vec::with_capacity(index.len());
        for (position, (id, offset)) in index.raw_entries() {
            if !is_same(entry(table, number, len), id) {
                number += 1;
                if number * len >= table.len() || !is_same(entry(table, number, len), id) {
                    let Some(found) = self.find(id) else { continue };
                    number = found.at();
                }
            }
            entries.push(PackEntry { offset, number: ObjectNumber(number as u32), position });
        }
        entries.par_sort_unstable();
        entries
    }

    /// Reads one object, from wherever it can be read.
    ///
    /// # Errors
    /// It is damaged in every place where it lies.
    pub fn read(&self, number: ObjectNumber, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        self.lookup.read(&self.id(number), reader)
    }

    /// What to say of an object that is damaged.
    pub fn corrupt(&self, number: ObjectNumber, why: &str) -> Damage {
        Damage::new(self.id(number), DamageKind::Corrupt, why)
    }
}

/// An object in a pack; ordered by offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackEntry {
    /// Where it lies.
    pub offset: u64,
    /// Which object it is.
    pub number: ObjectNumber,
    /// Which entry of the pack's index.
    pub position: u32,
}

/// Raw ids, one behind the other; sorted, each once, but while they are put together.
#[derive(Clone, Debug)]
struct Ids {
    bytes: Vec<u8>,
    len: usize,
}

impl Ids {
    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.len)
    }

    /// In order, each once; the index of a pack is in order unless it is damaged.
    fn sorted(self) -> Self {
        if self.iter().is_sorted_by(|one, two| one < two) {
            return self;
        }
        let mut ids: Vec<&[u8]> = self.iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self { bytes: ids.concat(), len: self.len }
    }

    /// Both together.
    fn merged(self, other: Self) -> Self {
        if self.bytes.is_empty() {
            return other;
        }
        if other.bytes.is_empty() {
            return self;
        }
        let mut bytes = Vec::with_capacity(self.bytes.len() + other.bytes.len());
        let (mut one, mut two) = (self.iter().peekable(), other.iter().peekable());
        while let (Some(left), Some(right)) = (one.peek(), two.peek()) {
            let order = left.cmp(right);
            if order.is_le() {
                bytes.extend(one.next().unwrap_or_default());
            }
            if order.is_ge() {
                let id = two.next().unwrap_or_default();
                bytes.extend_from_slice(if order.is_gt() { id } else { &[] });
            }
        }
        one.chain(two).for_each(|id| bytes.extend_from_slice(id));
        Self { bytes, len: self.len }
    }

    /// Those that are not in the table `other`.
    fn without(self, other: &[u8]) -> Self {
        let mut rest = other.chunks_exact(self.len).peekable();
        let is_new = |id: &&[u8]| {
            while rest.next_if(|known| known < id).is_some() {}
            rest.peek() != Some(id)
        };
        let bytes = self.iter().filter(is_new).flatten().copied().collect();
        Self { bytes, len: self.len }
    }
}

/// Is there but one pack, and a table of all its ids that can be used as it stands?
fn is_enough(lookup: &Lookup) -> bool {
    let [(_, index)] = lookup.packs() else { return false };
    let is_sorted = |table: &[u8]| table.chunks_exact(lookup.format.len()).is_sorted_by(|one, two| one < two);
    index.id_table().is_some_and(is_sorted)
}

/// `ids`, or those of the only pack.
fn table<'i>(ids: Option<&'i Ids>, lookup: &'i Lookup) -> &'i [u8] {
    let of_pack = || lookup.packs().first()?.1.id_table();
    ids.map(|ids| ids.bytes.as_slice()).or_else(of_pack).unwrap_or_default()
}

/// The ids of all packs.
fn packed(lookup: &Lookup) -> Ids {
    let len = lookup.format.len();
    let mut ids = Ids { bytes: Vec::new(), len };
    for (_, index) in lookup.packs() {
        let mut packed = Ids { bytes: Vec::with_capacity(index.len() * len), len };
        index.raw_ids().for_each(|id| packed.bytes.extend_from_slice(id));
        ids = ids.merged(packed.sorted());
    }
    ids
}

/// For the first bits of an id where in `table` it can stand, and how far the first four bytes are shifted for these bits.
fn buckets(table: &[u8], len: usize) -> (Vec<u32>, u32) {
    // Two ids to a bucket, about.
    let bits = (usize::BITS - (table.len() / len).leading_zeros()).clamp(8, 24) - 1;
    let shift = u32::BITS - bits;
    let mut buckets = vec![0; (1 << bits) + 1];
    table.chunks_exact(len).for_each(|id| buckets[bucket(id, shift) + 1] += 1);
    for at in 1..buckets.len() {
        buckets[at] += buckets[at - 1];
    }
    (buckets, shift)
}

/// The id of this number in a table of ids of `len` bytes.
fn entry(table: &[u8], number: usize, len: usize) -> &[u8] {
    table.get(number * len..(number + 1) * len).unwrap_or_default()
}

/// The bucket of an id: its first bits.
fn bucket(id: &[u8], shift: u32) -> usize {
    id.first_chunk().map_or(0, |first| (u32::from_be_bytes(*first) >> shift) as usize)
}
