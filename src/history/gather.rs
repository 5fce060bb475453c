//! Gathering: commits, tags and trees of all packs and loose objects, decoded once.

use super::change::Change;
use super::graph::{Batch, CommitRecord, NONE, TagRecord, Trees};
use super::messages::Messages;
use crate::git::forest::{Decoded, Visitor};
use crate::git::object::{Commit, tag_target};
use crate::git::revision::MAX_TAGS;
use crate::git::{Damage, DamageKind, ObjectId, ObjectKind, ObjectNumber, ObjectStore};
use crate::scan::Progress;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// Everything that is neither blob nor tree.
#[derive(Debug)]
pub(super) struct Structure {
    /// By number.
    pub(super) commits: Vec<CommitRecord>,
    pub(super) tags: Vec<TagRecord>,
    /// Parents that are not here, each with every commit that names it.
    pub(super) lost_parents: BTreeSet<(ObjectId, ObjectNumber)>,
}

impl Structure {
    /// An object, and if it is a tag what it leads to, step by step.
    pub(super) fn tagged(&self, first: ObjectNumber) -> impl Iterator<Item = ObjectNumber> + '_ {
        let target = |at: &ObjectNumber| {
            self.tags.binary_search_by_key(at, |tag| tag.number).ok().and_then(|tag| self.tags[tag].target)
        };
        std::iter::successors(Some(first), target).take(MAX_TAGS + 1)
    }

    /// Objects with a text of their own: commits and tags.
    pub(super) fn messages(&self) -> impl Iterator<Item = ObjectNumber> + '_ {
        self.commits.iter().map(|commit| commit.number).chain(self.tags.iter().map(|tag| tag.number))
    }

    /// Objects that are something else than what names them says: they are forged, or damaged in a way that leaves them readable.
    pub(super) fn misnamed(
        &self,
        trees: &Trees,
        store: &ObjectStore,
        broken: &BTreeMap<ObjectNumber, Damage>,
    ) -> Vec<Damage> {
        let mut commit = vec![false; store.len()];
        self.commits.iter().for_each(|one| commit[one.number.at()] = true);
        let tag = |number: ObjectNumber| self.tags.binary_search_by_key(&number, |tag| tag.number).is_ok();
        let tree = |number: ObjectNumber| trees.record(number).is_some();
        let parents =
            self.commits.iter().flat_map(|one| one.parents.iter().copied()).filter(|parent| !commit[parent.at()]);
        let roots = self.commits.iter().filter_map(|one| one.tree).filter(|root| !tree(*root));
        // Commits of other repositories can be entries as well.
        let entries = trees.entries().par_iter().filter_map(|entry| Some((entry, entry.child()?)));
        let entries = entries.filter(|(entry, child)| entry.is_tree() != tree(*child)).map(|(_, child)| child);
        let entries: Vec<ObjectNumber> = entries.collect();
        let wrong: BTreeSet<ObjectNumber> =
            parents.chain(roots).chain(entries).filter(|number| !broken.contains_key(number)).collect();
        let kind = |number: ObjectNumber| match () {
            () if commit[number.at()] => "commit",
            () if tree(number) => "tree",
            () if tag(number) => "tag",
            () => "blob",
        };
        wrong
            .into_iter()
            .map(|number| store.corrupt(number, &format!("it is a {}, and is named as something else", kind(number))))
            .collect()
    }
}

/// Collects what a walk comes by.
pub(super) struct Gather<'g> {
    store: &'g ObjectStore,
    messages: &'g Messages<'g>,
    progress: &'g Progress,
    gathered: Mutex<(Structure, Trees)>,
    damage: Mutex<BTreeMap<ObjectNumber, Damage>>,
}

impl<'g> Gather<'g> {
    pub(super) fn new(store: &'g ObjectStore, messages: &'g Messages<'g>, progress: &'g Progress) -> Self {
        let structure = Structure { commits: Vec::new(), tags: Vec::new(), lost_parents: BTreeSet::new() };
        let gathered = Mutex::new((structure, Trees::new(store.len())));
        Self { store, messages, progress, gathered, damage: Mutex::default() }
    }

    /// What could not be read so far; it is forgotten.
    pub(super) fn take_broken(&self) -> BTreeMap<ObjectNumber, Damage> {
        std::mem::take(&mut self.damage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was gathered, and what could not be read.
    pub(super) fn finish(self) -> (Structure, Trees, BTreeMap<ObjectNumber, Damage>) {
        let (mut structure, mut trees) = self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        // An object can lie in several packs.
        structure.commits.par_sort_by_key(|commit| commit.number);
        structure.commits.dedup_by_key(|commit| commit.number);
        structure.tags.sort_by_key(|tag| tag.number);
        structure.tags.dedup_by_key(|tag| tag.number);
        trees.names.close();
        (structure, trees, self.damage.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn with(&self, work: impl FnOnce(&mut Structure, &mut Trees)) {
        let (structure, trees) = &mut *self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        work(structure, trees);
    }

    fn merge(&self, batch: &mut Batch) {
        batch.look_up(self.store);
        self.with(|_, trees| trees.merge(batch));
    }

    fn commit(&self, number: ObjectNumber, bytes: &[u8]) {
        let commit = Commit::parse(bytes, self.store.format());
        let find = |id: &ObjectId| self.store.find(id.bytes());
        let (here, lost): (Vec<_>, Vec<_>) =
            commit.parents.iter().map(|id| (id, find(id))).partition(|(_, here)| here.is_some());
        let record = CommitRecord {
            number,
            tree: commit.tree.as_ref().and_then(find),
            // The empty folder is known to git without an object.
            treeless: commit.tree.is_some_and(|id| {
                find(&id).is_none() && ObjectId::of(ObjectKind::Tree, b"", self.store.format()) != Some(id)
            }),
            parents: here.into_iter().filter_map(|(_, number)| number).collect(),
            committed: commit.committer.seconds,
        };
        self.with(|structure, trees| {
            match commit.tree {
                Some(id) if record.tree.is_none() => drop(trees.missing.insert(id)),
                Some(_) => {}
                None => self
                    .broken(number, Damage::new(self.store.id(number), DamageKind::Corrupt, "a commit without a tree")),
            }
            structure.lost_parents.extend(lost.iter().map(|(id, _)| (**id, number)));
            structure.commits.push(record);
        });
        self.messages.scan(number, ObjectKind::Commit, bytes);
    }

    fn tree(&self, object: &Decoded<'_, TreeState>, batch: &mut Batch) -> TreeState {
        let format = self.store.format();
        let between = object.base.as_ref().filter(|base| base.state.record != NONE).and_then(|base| {
            let change = Change::between(base.bytes, &base.state.starts, object.bytes, base.pieces, format)?;
            Some((base.state.record, change))
        });
        let (base, change) = between.unwrap_or_else(|| (NONE, Change::all(object.bytes, format)));
        if !change.whole {
            let id = self.store.id(object.number);
            self.broken(
                object.number,
                Damage::new(id, DamageKind::Corrupt, "a tree with a damaged entry; what stands behind it is not known"),
            );
        }
        let record = batch.push(object.number, base, &change);
        if batch.is_full() {
            self.merge(batch);
        }
        // What is damaged describes no other tree.
        TreeState { record: if change.whole { record } else { NONE }, starts: change.starts }
    }
}

/// What is remembered of a tree while others are made from it.
pub(super) struct TreeState {
    /// Its record, as the batch counts them; none for what is no tree.
    record: u32,
    /// Where its entries begin.
    starts: Vec<u32>,
}

impl Visitor for Gather<'_> {
    type State = TreeState;
    type Space = Batch;

    fn visit(&self, object: Decoded<'_, TreeState>, batch: &mut Batch) -> TreeState {
        self.progress.files.fetch_add(1, Ordering::Relaxed);
        self.progress.bytes.fetch_add(object.bytes.len() as u64, Ordering::Relaxed);
        match object.kind {
            ObjectKind::Tree => return self.tree(&object, batch),
            ObjectKind::Commit => self.commit(object.number, object.bytes),
            ObjectKind::Tag => {
                let id = tag_target(object.bytes, self.store.format());
                let target = id.and_then(|id| self.store.find(id.bytes()));
                self.with(|structure, trees| {
                    structure.tags.push(TagRecord { number: object.number, target });
                    trees.missing.extend(id.filter(|_| target.is_none()));
                });
                if id.is_none() {
                    self.broken(
                        object.number,
                        Damage::new(self.store.id(object.number), DamageKind::Corrupt, "a tag of nothing"),
                    );
                }
                self.messages.scan(object.number, ObjectKind::Tag, object.bytes);
            }
            ObjectKind::Blob => {}
        }
        TreeState { record: NONE, starts: Vec::new() }
    }

    fn done(&self, batch: &mut Batch) {
        self.merge(batch);
        batch.end();
    }

    fn broken(&self, number: ObjectNumber, damage: Damage) {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).insert(number, damage);
    }
}
