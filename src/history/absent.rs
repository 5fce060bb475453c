//! What the objects of a repository name and what is not here.

use super::gather::Structure;
use super::graph::{NONE, Trees};
use crate::git::object::{Commit, Entries, tag_target};
use crate::git::{Damage, DamageKind, Layout, ObjectId, ObjectKind, ObjectNumber, ObjectStore, Reader, file};
use std::collections::BTreeSet;

/// What the objects name and what is not here.
pub(super) fn of(layout: &Layout, structure: &Structure, trees: &Trees, store: &ObjectStore) -> Vec<Damage> {
    let shallow = file::read(&layout.common.join("shallow")).unwrap_or_default();
    let shallow = String::from_utf8_lossy(&shallow);
    let cut: Vec<&str> = shallow.lines().map(str::trim).collect();
    let why_missing = if layout.settings.promisor {
        "not fetched: this is a partial clone (`git fetch --refetch` without a filter gets everything)"
    } else {
        "it is named by another object and is not here"
    };
    let promised = Promised::new(structure, trees, store);
    let missing = trees.missing.iter().filter(|id| promised.holds(id));
    let mut damage: Vec<Damage> = missing.map(|id| Damage::new(id, DamageKind::Missing, why_missing)).collect();
    for (parent, child) in &structure.lost_parents {
        let child = store.id(*child);
        if !store.lookup().is_settled(&child) {
            continue;
        }
        let child = child.to_string();
        damage.push(if cut.contains(&child.as_str()) {
            Damage::new(
                parent,
                DamageKind::Cut,
                "history is cut off here: this is a shallow clone (`git fetch --unshallow` gets the rest)",
            )
        } else {
            Damage::new(parent, DamageKind::Missing, why_missing)
        });
    }
    damage
}

/// What should be here: what an object names that came with everything it needs. What a pack that is being written names may not have
/// come yet, and what names it may never have been used.
enum Promised {
    /// Whatever is named.
    All,
    /// These.
    These(BTreeSet<ObjectId>),
}

impl Promised {
    fn new(structure: &Structure, trees: &Trees, store: &ObjectStore) -> Self {
        if !store.lookup().is_unfinished() || trees.missing.is_empty() {
            return Self::All;
        }
        let is_settled = |number: &ObjectNumber| store.lookup().is_settled(&store.id(*number));
        let lacks = |record: u32| trees.added(record).iter().any(|entry| entry.child().is_none());
        let lacking = |record: &u32| {
            // What it shares with a tree that is not settled was told of that one.
            let base = trees.records[*record as usize].base;
            lacks(*record) || base != NONE && !is_settled(&trees.records[base as usize].number)
        };
        let records = (0..trees.records.len() as u32).filter(lacking);
        let folders = records.map(|record| trees.records[record as usize].number);
        let commits = structure.commits.iter().filter(|commit| commit.treeless).map(|commit| commit.number);
        let tags = structure.tags.iter().filter(|tag| tag.target.is_none()).map(|tag| tag.number);
        let naming = folders.chain(commits).chain(tags).filter(is_settled);
        let mut reader = Reader::default();
        Self::These(naming.flat_map(|number| named(store, number, &mut reader)).collect())
    }

    fn holds(&self, id: &ObjectId) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.contains(id),
        }
    }
}

/// What an object names, but for parents.
fn named(store: &ObjectStore, number: ObjectNumber, reader: &mut Reader) -> Vec<ObjectId> {
    let format = store.format();
    match store.read(number, reader) {
        Ok((ObjectKind::Tree, bytes)) => Entries::new(&bytes, format).map(|entry| ObjectId::new(entry.id)).collect(),
        Ok((ObjectKind::Commit, bytes)) => Commit::parse(&bytes, format).tree.into_iter().collect(),
        Ok((ObjectKind::Tag, bytes)) => tag_target(&bytes, format).into_iter().collect(),
        Ok((ObjectKind::Blob, _)) | Err(_) => Vec::new(),
    }
}
