//! What a repository's commits, tags and trees say, kept small: a tree is what it adds to and takes from another one.

use crate::git::object::{Entries, Entry, EntryKind, Signature};
use crate::git::{ObjectFormat, ObjectId, ObjectNumber, ObjectStore};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// "None" for numbers of records.
pub(super) const NONE: u32 = u32::MAX;

const TREE: u32 = 1 << 31;

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct CommitRecord {
    pub(super) number: ObjectNumber,
    pub(super) tree: Option<ObjectNumber>,
    /// Parents that are here.
    pub(super) parents: Vec<ObjectNumber>,
    pub(super) author: Signature,
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

    /// The trees among those that are `asked` for which none of the others contains.
    pub(super) fn tops(&self, asked: impl Fn(ObjectNumber) -> bool) -> Vec<ObjectNumber> {
        let records = || (0..).zip(&self.records).filter(|(_, record)| asked(record.number));
        let folders = |at: u32| self.added(at).iter().filter(|entry| entry.is_tree()).map(|entry| entry.child);
        let below: HashSet<u32> = records().flat_map(|(at, _)| folders(at)).collect();
        records().map(|(_, record)| record.number).filter(|number| !below.contains(&number.0)).collect()
    }

    /// Describes a tree by what it changes in the tree of the record `base`; gives its record.
    pub(super) fn push(&mut self, number: ObjectNumber, base: u32, change: &Change<'_>, store: &ObjectStore) -> u32 {
        if let Some(known) = self.record(number) {
            return known;
        }
        let start = self.entries.len() as u32;
        for entry in change.added.iter().chain(&change.removed) {
            let child = store.find(entry.id);
            if child.is_none() && entry.kind != EntryKind::Submodule {
                self.missing.insert(ObjectId::new(entry.id));
            }
            let tree = if entry.kind == EntryKind::Tree { TREE } else { 0 };
            let name = self.names.intern(entry.name).0 | tree;
            self.entries.push(EntryRecord { name, child: child.map_or(NONE, |child| child.0) });
        }
        let (added, removed) = (change.added.len() as u32, change.removed.len() as u32);
        let record = self.records.len() as u32;
        self.records.push(TreeRecord { number, base, start, added, removed });
        self.at[number.at()] = record;
        record
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

/// What distinguishes a tree from another one.
#[derive(Debug, Default)]
pub(super) struct Change<'t> {
    pub(super) added: Vec<Entry<'t>>,
    pub(super) removed: Vec<Entry<'t>>,
    /// Could all of the tree be read?
    pub(super) whole: bool,
}

impl<'t> Change<'t> {
    /// From nothing to `tree`.
    pub(super) fn all(tree: &'t [u8], format: ObjectFormat) -> Self {
        let mut entries = Entries::new(tree, format);
        let added = entries.by_ref().collect();
        Self { added, removed: Vec::new(), whole: entries.left() == 0 }
    }

    /// From `base` to `tree`; both are passed over at the speed of comparing bytes where they are the same.
    pub(super) fn between(base: &'t [u8], tree: &'t [u8], format: ObjectFormat) -> Self {
        let (mut old, mut new) = (Entries::new(base, format), Entries::new(tree, format));
        let same = common_prefix(base, tree);
        // Entries that lie in the common beginning; the first that reaches out of it is the first difference.
        loop {
            let (before_old, before_new) = (old.clone(), new.clone());
            let step = new.next();
            if step.is_none() || tree.len() - new.left() > same || old.next().is_none() {
                (old, new) = (before_old, before_new);
                break;
            }
        }
        let tail = common_suffix(&base[base.len() - old.left()..], &tree[tree.len() - new.left()..]);
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        loop {
            // The rest is the same on both sides.
            if old.left() == new.left() && new.left() <= tail {
                break;
            }
            let behind = if new.left() >= old.left() { new.next().map(|entry| added.push(entry)) } else { None };
            let behind = behind.or_else(|| old.next().map(|entry| removed.push(entry)));
            if behind.or_else(|| new.next().map(|entry| added.push(entry))).is_none() {
                break;
            }
        }
        let whole = new.left() == 0 || old.left() == new.left() && new.left() <= tail;
        Self { added, removed, whole }.without_common()
    }

    /// Without what is on both sides.
    fn without_common(mut self) -> Self {
        let key = |entry: &Entry<'t>| (entry.name, entry.id, entry.kind as u8);
        self.added.sort_unstable_by_key(key);
        self.removed.sort_unstable_by_key(key);
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        let (mut new, mut old) = (self.added.into_iter().peekable(), self.removed.into_iter().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (Some(one), Some(two)) => key(one).cmp(&key(two)),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            if order.is_le() {
                added.extend(new.next().filter(|_| order.is_lt()));
            }
            if order.is_ge() {
                removed.extend(old.next().filter(|_| order.is_gt()));
            }
        }
        Self { added, removed, whole: self.whole }
    }
}

fn common_prefix(one: &[u8], two: &[u8]) -> usize {
    const STEP: usize = 256;
    let chunks = one.chunks_exact(STEP).zip(two.chunks_exact(STEP)).take_while(|(one, two)| one == two).count() * STEP;
    chunks + one[chunks..].iter().zip(&two[chunks..]).take_while(|(one, two)| one == two).count()
}

fn common_suffix(one: &[u8], two: &[u8]) -> usize {
    const STEP: usize = 256;
    let chunks = one.rchunks_exact(STEP).zip(two.rchunks_exact(STEP)).take_while(|(one, two)| one == two).count() * STEP;
    let (one, two) = (&one[..one.len() - chunks], &two[..two.len() - chunks]);
    chunks + one.iter().rev().zip(two.iter().rev()).take_while(|(one, two)| one == two).count()
}

/// The names of entries, each kept once.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: HashMap<Box<[u8]>, u32>,
    ends: Vec<usize>,
    text: Vec<u8>,
}

impl Names {
    fn intern(&mut self, name: &[u8]) -> NameId {
        if let Some(&known) = self.ids.get(name) {
            return NameId(known);
        }
        let id = self.ends.len() as u32;
        self.ids.insert(name.into(), id);
        self.text.extend_from_slice(name);
        self.ends.push(self.text.len());
        NameId(id)
    }

    /// The bytes of a name.
    pub(super) fn get(&self, name: NameId) -> &[u8] {
        let at = name.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    /// All names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NameId, &[u8])> {
        (0..self.ends.len() as u32).map(|at| (NameId(at), self.get(NameId(at))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tree(entries: &[(u8, u8)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, id) in entries {
            bytes.extend(format!("100644 {}\0", "n".repeat(usize::from(*name) + 1)).bytes());
            bytes.extend([*id; 20]);
        }
        bytes
    }

    fn set(bytes: &[u8]) -> BTreeSet<(Vec<u8>, Vec<u8>)> {
        Entries::new(bytes, ObjectFormat::Sha1).map(|entry| (entry.name.to_vec(), entry.id.to_vec())).collect()
    }

    proptest! {
        #[test]
        fn a_change_leads_from_one_tree_to_the_other(
            one in proptest::collection::btree_map(0u8..12, 0u8..4, 0..12),
            two in proptest::collection::btree_map(0u8..12, 0u8..4, 0..12),
        ) {
            let (one, two): (Vec<_>, Vec<_>) = (one.into_iter().collect(), two.into_iter().collect());
            let (base, new) = (tree(&one), tree(&two));
            let change = Change::between(&base, &new, ObjectFormat::Sha1);
            let mut entries = set(&base);
            for entry in &change.removed {
                prop_assert!(entries.remove(&(entry.name.to_vec(), entry.id.to_vec())));
            }
            for entry in &change.added {
                prop_assert!(entries.insert((entry.name.to_vec(), entry.id.to_vec())));
            }
            prop_assert_eq!(entries, set(&new));
            prop_assert!(change.whole);
        }
    }
}
