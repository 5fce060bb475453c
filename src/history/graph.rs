//! What a repository's commits, tags and trees say, kept small: a tree is what it adds to and takes from another one.

use super::change::Change;
use super::names::{Familiar, Names};
use crate::git::object::EntryKind;
use crate::git::{Lately, ObjectId, ObjectNumber, ObjectStore};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// "None" for numbers of records.
pub(super) const NONE: u32 = u32::MAX;

const TREE: u32 = 1 << 31;

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct CommitRecord {
    pub(super) number: ObjectNumber,
    pub(super) tree: Option<ObjectNumber>,
    /// Does it name a folder that is not here?
    pub(super) treeless: bool,
    /// Parents that are here.
    pub(super) parents: Vec<ObjectNumber>,
    pub(super) committed: i64,
}

/// An annotated tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct TagRecord {
    pub(super) number: ObjectNumber,
    pub(super) target: Option<ObjectNumber>,
}

/// A name of an entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NameId(pub(super) u32);

/// An entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct EntryRecord {
    /// The name, and whether it names a tree.
    name: u32,
    child: u32,
}

impl EntryRecord {
    pub(super) const fn name(self) -> NameId {
        NameId(self.name & !TREE)
    }

    pub(super) const fn is_tree(self) -> bool {
        self.name & TREE != 0
    }

    /// The object, if it is here.
    pub(super) fn child(self) -> Option<ObjectNumber> {
        (self.child != NONE).then_some(ObjectNumber(self.child))
    }
}

/// A tree: `base` without `removed`, and with `added`.
#[derive(Clone, Debug)]
pub(super) struct TreeRecord {
    pub(super) number: ObjectNumber,
    /// The record of the tree it is described by.
    pub(super) base: u32,
    start: u32,
    added: u32,
    removed: u32,
}

/// The trees, each described once; a base comes before what it describes.
#[derive(Debug, Default)]
pub(super) struct Trees {
    pub(super) records: Vec<TreeRecord>,
    /// The record of each object, by its number.
    at: Vec<u32>,
    entries: Vec<EntryRecord>,
    pub(super) names: Names,
    /// Objects that an entry names and that are not here.
    pub(super) missing: BTreeSet<ObjectId>,
}

impl Trees {
    pub(super) fn new(objects: usize) -> Self {
        Self { at: vec![NONE; objects], ..Self::default() }
    }

    /// The record of a tree.
    pub(super) fn record(&self, number: ObjectNumber) -> Option<u32> {
        self.at.get(number.at()).copied().filter(|at| *at != NONE)
    }

    pub(super) fn added(&self, record: u32) -> &[EntryRecord] {
        let record = &self.records[record as usize];
        &self.entries[range(record.start, record.added)]
    }

    pub(super) fn removed(&self, record: u32) -> &[EntryRecord] {
        let record = &self.records[record as usize];
        &self.entries[range(record.start + record.added, record.removed)]
    }

    /// The entries of all trees, those that one shares with another once.
    pub(super) fn entries(&self) -> &[EntryRecord] {
        &self.entries
    }

    /// What stands in trees will not be asked for any more: gives that back. Which record a tree has, and names, stay.
    pub(super) fn forget_entries(&mut self) {
        (self.records, self.entries) = (Vec::new(), Vec::new());
    }

    /// All entries of a tree.
    pub(super) fn whole(&self, record: u32) -> Vec<EntryRecord> {
        let mut chain = vec![record];
        while let Some(&last) = chain.last().filter(|last| self.records[**last as usize].base != NONE) {
            chain.push(self.records[last as usize].base);
        }
        let mut entries: Vec<EntryRecord> = Vec::new();
        for record in chain.into_iter().rev() {
            apply(&mut entries, self.removed(record), self.added(record));
        }
        entries
    }

    /// The trees among those whose records are `asked` for which none of the others contains.
    pub(super) fn tops(&self, asked: impl Fn(u32) -> bool) -> Vec<ObjectNumber> {
        let records: Vec<u32> = (0..self.records.len() as u32).filter(|at| asked(*at)).collect();
        let folders = |at: &u32| self.added(*at).iter().filter(|entry| entry.is_tree()).map(|entry| entry.child);
        let below: HashSet<u32> = records.iter().flat_map(folders).collect();
        let numbers = records.iter().map(|at| self.records[*at as usize].number);
        numbers.filter(|number| !below.contains(&number.0)).collect()
    }

    /// Takes in what a batch has gathered since the last time.
    pub(super) fn merge(&mut self, batch: &mut Batch) {
        self.missing.extend(batch.missing.drain(..));
        for record in batch.records.drain(..) {
            // A tree can lie in several packs.
            if let Some(known) = self.record(record.number) {
                batch.merged.push(known);
                continue;
            }
            let base = if record.base == NONE { NONE } else { batch.merged[record.base as usize] };
            let start = self.entries.len() as u32;
            for entry in &batch.entries[range(record.start, record.added + record.removed)] {
                let name = match entry.name {
                    NameOf::Known(id) => id,
                    NameOf::New(start, len) => {
                        let name = &batch.names[range(start, len)];
                        let id = self.names.intern(name);
                        batch.familiar.put(name, id);
                        id
                    }
                };
                self.entries.push(EntryRecord {
                    name: name.0 | if entry.kind == EntryKind::Tree { TREE } else { 0 },
                    child: entry.child,
                });
            }
            let at = self.records.len() as u32;
            self.at[record.number.at()] = at;
            self.records.push(TreeRecord { base, start, ..record });
            batch.merged.push(at);
        }
        batch.entries.clear();
        batch.names.clear();
    }
}

/// Trees as one thread comes by them; bases are in the same batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// For each record that was merged, which one it is there.
    merged: Vec<u32>,
    /// Those behind them.
    records: Vec<TreeRecord>,
    entries: Vec<BatchEntry>,
    names: Vec<u8>,
    /// The ids of entries that were not looked up yet, one behind the other.
    ids: Vec<u8>,
    missing: Vec<ObjectId>,
    lately: Lately,
    familiar: Familiar,
}

/// How many entries are merged together.
const MOST_ENTRIES: usize = 16 * 1024;

/// A name, or where the bytes of one stand that is not interned yet.
#[derive(Debug)]
enum NameOf {
    Known(NameId),
    New(u32, u32),
}

/// An entry as a batch holds it.
#[derive(Debug)]
struct BatchEntry {
    child: u32,
    name: NameOf,
    kind: EntryKind,
}

impl Batch {
    /// Describes a tree by what it changes in the tree of the record `base`; gives its record in this batch.
    pub(super) fn push(&mut self, number: ObjectNumber, base: u32, change: &Change<'_>) -> u32 {
        let start = self.entries.len() as u32;
        for entry in change.added.iter().chain(&change.removed) {
            self.ids.extend_from_slice(entry.id);
            let name = self.familiar.get(entry.name).map_or_else(
                || {
                    let start = self.names.len() as u32;
                    self.names.extend_from_slice(entry.name);
                    NameOf::New(start, entry.name.len() as u32)
                },
                NameOf::Known,
            );
            self.entries.push(BatchEntry { child: NONE, name, kind: entry.kind });
        }
        let (added, removed) = (change.added.len() as u32, change.removed.len() as u32);
        self.records.push(TreeRecord { number, base, start, added, removed });
        (self.merged.len() + self.records.len() - 1) as u32
    }

    /// Is it time to merge it?
    pub(super) const fn is_full(&self) -> bool {
        self.entries.len() >= MOST_ENTRIES
    }

    /// What comes now is not described by any of its trees.
    pub(super) fn end(&mut self) {
        self.merged.clear();
    }

    /// Looks up what its entries hold.
    pub(super) fn look_up(&mut self, store: &ObjectStore) {
        let Self { entries, ids, missing, lately, .. } = self;
        let mut pairs = entries.iter_mut().zip(ids.chunks_exact(store.format().len()));
        store.find_all(ids, lately, |child| {
            let Some((entry, id)) = pairs.next() else { return };
            match child {
                Some(child) => entry.child = child.0,
                None if entry.kind != EntryKind::Submodule => missing.push(ObjectId::new(id)),
                None => {}
            }
        });
        self.ids.clear();
    }
}

#[cfg(test)]
impl Trees {
    /// Trees of files alone: each is `base` without and with some of the objects, which have the names of their numbers.
    pub(super) fn of_files(objects: usize, trees: &[(u32, Vec<u32>, Vec<u32>)]) -> Self {
        let mut all = Self::new(objects + trees.len());
        for object in 0..objects {
            all.names.intern(&object.to_be_bytes());
        }
        for (at, (base, added, removed)) in trees.iter().enumerate() {
            let number = ObjectNumber((objects + at) as u32);
            all.at[number.at()] = at as u32;
            let (start, added_len, removed_len) = (all.entries.len() as u32, added.len() as u32, removed.len() as u32);
            all.records.push(TreeRecord { number, base: *base, start, added: added_len, removed: removed_len });
            all.entries.extend(added.iter().chain(removed).map(|&child| EntryRecord { name: child, child }));
        }
        all
    }
}

/// Takes `removed` out of `entries` and puts `added` in.
pub(super) fn apply(entries: &mut Vec<EntryRecord>, removed: &[EntryRecord], added: &[EntryRecord]) {
    for gone in removed {
        if let Some(at) = entries.iter().position(|entry| entry == gone) {
            entries.swap_remove(at);
        }
    }
    entries.extend_from_slice(added);
}

const fn range(start: u32, len: u32) -> Range<usize> {
    start as usize..(start + len) as usize
}
