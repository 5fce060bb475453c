//! What the index changes: its files against those of the commit before, without looking into folders that are as they were.

use crate::git::index::{EntryState, Index, IndexEntry};
use crate::git::object::{Entries, EntryKind};
use crate::git::{Damage, DamageKind, Lookup, ObjectFormat, ObjectId, ObjectKind, Reader};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most new and most vanished files among which renamed ones are looked for.
const MAX_RENAMES: usize = 100;

/// Largest file that is compared with others to see whether it was renamed, in bytes.
const MAX_COMPARED: usize = 1 << 20;

/// Most paths at which one folder of the commit before is read, and the deepest: few trees can name endlessly many.
const MAX_VISITS: u32 = 1024;
const MAX_DEPTH: usize = 512;

/// How many folders are read together.
const TOGETHER: usize = 256;

/// A file that the next commit adds or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: Vec<u8>,
    pub(super) new: ObjectId,
    /// What it was before, under this name or another.
    pub(super) old: Option<ObjectId>,
}

/// The files of a commit's folders that may have changed.
#[derive(Default)]
struct Before {
    files: BTreeMap<Vec<u8>, ObjectId>,
    /// How often each folder was read.
    visits: HashMap<ObjectId, u32>,
    /// Folders that are as they were.
    same: HashSet<Vec<u8>>,
}

/// The files that `index` adds to `tree` or changes in it, by path.
pub(super) fn find(objects: &Lookup, index: &Index, tree: Option<ObjectId>, damage: &mut Vec<Damage>) -> Vec<Change> {
    let mut before = Before::default();
    if let Some(tree) = tree {
        before.read(objects, index, &tree, damage);
    }
    let staged = index.entries.iter().filter(|entry| entry.state == EntryState::Staged && entry.is_blob());
    // Files of a folder follow each other: it is looked up once.
    let mut last: Option<(&[u8], bool)> = None;
    let mut changes: Vec<Change> = staged
        .filter(|&entry| {
            let folder = memchr::memrchr(b'/', &entry.path).map_or(&b""[..], |at| &entry.path[..at]);
            let known = last.filter(|(known, _)| *known == folder);
            let (_, same) = *last.insert(known.unwrap_or_else(|| (folder, before.is_same(&entry.path))));
            !same
        })
        .map(|entry| Change { path: entry.path.clone(), new: entry.id, old: before.files.get(&entry.path).copied() })
        .filter(|change| change.old != Some(change.new))
        .collect();
    find_renames(objects, index, &before, &mut changes);
    changes.retain(|change| change.old != Some(change.new));
    changes
}

impl Before {
    /// Reads the files of a tree, but for folders of which the index says that they are as they were; those of one depth together.
    fn read(&mut self, objects: &Lookup, index: &Index, tree: &ObjectId, damage: &mut Vec<Damage>) {
        let mut level = Vec::new();
        self.ask(index, Vec::new(), *tree, &mut level, damage);
        while !level.is_empty() {
            let mut next = Vec::new();
            for folders in level.chunks(TOGETHER) {
                let read = |(_, tree): &(_, ObjectId)| objects.read(tree, &mut Reader::default());
                let trees: Vec<_> = folders.par_iter().map(read).collect();
                for ((folder, tree), object) in folders.iter().zip(trees) {
                    let wrong = "it is named as a folder and is none";
                    match object {
                        Ok((ObjectKind::Tree, bytes)) => {
                            for (path, tree) in self.enter(folder, &bytes, objects.format) {
                                self.ask(index, path, tree, &mut next, damage);
                            }
                        }
                        Ok(_) => damage.push(Damage::new(tree, DamageKind::Corrupt, wrong)),
                        Err(one) => damage.push(one),
                    }
                }
            }
            level = next;
        }
    }

    /// Adds a folder to `level`, if it is to be read.
    fn ask(
        &mut self,
        index: &Index,
        folder: Vec<u8>,
        tree: ObjectId,
        level: &mut Vec<(Vec<u8>, ObjectId)>,
        damage: &mut Vec<Damage>,
    ) {
        if index.trees.get(&folder) == Some(&tree) {
            self.same.insert(folder);
            return;
        }
        let visits = self.visits.entry(tree).or_default();
        *visits += 1;
        if *visits > MAX_VISITS || memchr::memchr_iter(b'/', &folder).count() > MAX_DEPTH {
            let one = Damage::new(tree, DamageKind::Huge, "the commit before has it at more paths than are compared");
            damage.extend((!damage.contains(&one)).then_some(one));
            return;
        }
        level.push((folder, tree));
    }

    /// Takes in the files of a folder; gives the folders in it.
    fn enter(&mut self, folder: &[u8], bytes: &[u8], format: ObjectFormat) -> Vec<(Vec<u8>, ObjectId)> {
        let mut folders = Vec::new();
        for entry in Entries::new(bytes, format) {
            let path = if folder.is_empty() && !entry.name.is_empty() {
                entry.name.to_vec()
            } else {
                [folder, b"/", entry.name].concat()
            };
            let id = ObjectId::new(entry.id);
            match entry.kind {
                EntryKind::Tree => folders.push((path, id)),
                EntryKind::Blob => drop(self.files.insert(path, id)),
                EntryKind::Submodule => {}
            }
        }
        folders
    }

    /// Does the file stand in a folder that is as it was?
    fn is_same(&self, path: &[u8]) -> bool {
        if self.same.is_empty() {
            return false;
        }
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at]);
        self.same.contains(&b""[..]) || slashes.into_iter().any(|folder| self.same.contains(folder))
    }
}

/// Gives new files that are old ones under another name their old content.
fn find_renames(objects: &Lookup, index: &Index, before: &Before, changes: &mut [Change]) {
    // Most commits bring no file that could be one under another name.
    if changes.iter().all(|change| change.old.is_some()) || before.files.is_empty() {
        return;
    }
    let kept: HashSet<&[u8]> = index.entries.iter().map(|entry: &IndexEntry| entry.path.as_slice()).collect();
    let gone: Vec<(&[u8], ObjectId)> = before
        .files
        .iter()
        .filter(|(path, _)| !kept.contains(path.as_slice()))
        .map(|(path, id)| (path.as_slice(), *id))
        .collect();
    let new = || changes.iter().filter(|change| change.old.is_none()).count();
    if gone.is_empty() || new() == 0 {
        return;
    }
    let by_id: HashMap<ObjectId, ()> = gone.iter().map(|(_, id)| (*id, ())).collect();
    let few = gone.len() <= MAX_RENAMES && new() <= MAX_RENAMES;
    let mut reader = Reader::default();
    let mut lines_of = |id: &ObjectId| {
        objects
            .read(id, &mut reader)
            .ok()
            .filter(|(_, bytes)| bytes.len() <= MAX_COMPARED)
            .map(|(_, bytes)| counted(&bytes))
    };
    let old: Vec<_> = if few { gone.iter().map(|(_, id)| (*id, lines_of(id))).collect() } else { Vec::new() };
    for change in changes.iter_mut().filter(|change| change.old.is_none()) {
        if by_id.contains_key(&change.new) {
            change.old = Some(change.new);
            continue;
        }
        let Some(lines) = few.then(|| lines_of(&change.new)).flatten() else { continue };
        let scored = old.iter().filter_map(|(id, old)| Some((likeness(old.as_ref()?, &lines), *id)));
        // Half of it, as git asks.
        change.old = scored.filter(|(score, _)| *score >= 50).max().map(|(_, id)| id);
    }
}

/// How often each line stands in a file.
fn counted(bytes: &[u8]) -> HashMap<Vec<u8>, usize> {
    let mut lines = HashMap::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        *lines.entry(line.to_vec()).or_default() += line.len();
    }
    lines
}

/// How much of the larger file stands in both, in percent of its bytes.
fn likeness(one: &HashMap<Vec<u8>, usize>, two: &HashMap<Vec<u8>, usize>) -> usize {
    let shared: usize = one.iter().map(|(line, bytes)| two.get(line).map_or(0, |other| *bytes.min(other))).sum();
    let size = |lines: &HashMap<Vec<u8>, usize>| lines.values().sum::<usize>();
    shared * 100 / size(one).max(size(two)).max(1)
}
