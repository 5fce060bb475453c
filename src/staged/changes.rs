//! What the index changes: its files against those of the commit before, without looking into folders that are as they were.

use crate::git::index::{EntryState, Folder, Index};
use crate::git::object::{Entries, EntryKind};
use crate::git::{Damage, DamageKind, Lookup, ObjectFormat, ObjectId, ObjectKind, Reader};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

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

/// What is known of a commit's files, held against the entries of an index.
struct Before<'i> {
    index: &'i Index,
    /// Which entries are as they were.
    same: Vec<bool>,
    /// What entries were that have changed, by their number.
    old: FxHashMap<usize, ObjectId>,
    /// Files that are in the index no more.
    gone: Vec<(Vec<u8>, ObjectId)>,
    /// How often each folder was read.
    visits: FxHashMap<ObjectId, u32>,
}

/// A folder of the commit that is to be read.
struct Visit {
    path: Vec<u8>,
    tree: ObjectId,
    /// The folder in the index, if that knows it, and the entries in it.
    folder: Option<Folder>,
    entries: Range<usize>,
}

/// The files that `index` adds to `tree` or changes in it, by path.
pub(super) fn find(objects: &Lookup, index: &Index, tree: Option<ObjectId>, damage: &mut Vec<Damage>) -> Vec<Change> {
    let mut before = Before::new(index);
    if let Some(tree) = tree {
        before.read(objects, tree, damage);
    }
    let changed = index.entries().enumerate().filter(|(at, _)| !before.same[*at]);
    let mut changes: Vec<Change> = changed
        .filter(|(_, entry)| entry.state == EntryState::Staged && entry.is_blob())
        .map(|(at, entry)| Change { path: entry.path.to_vec(), new: entry.id, old: before.old.get(&at).copied() })
        .collect();
    find_renames(objects, &before.gone, &mut changes);
    changes.retain(|change| change.old != Some(change.new));
    changes
}

impl<'i> Before<'i> {
    fn new(index: &'i Index) -> Self {
        let same = vec![false; index.len()];
        Self { index, same, old: FxHashMap::default(), gone: Vec::new(), visits: FxHashMap::default() }
    }

    /// Reads the files of a tree, but for folders of which the index says that they are as they were; those of one depth together.
    fn read(&mut self, objects: &Lookup, tree: ObjectId, damage: &mut Vec<Damage>) {
        let mut level = Vec::new();
        let (folder, entries) = (self.index.folders.root(), 0..self.index.len());
        self.ask(Visit { path: Vec::new(), tree, folder, entries }, &mut level, damage);
        while !level.is_empty() {
            let mut next = Vec::new();
            for visits in level.chunks(TOGETHER) {
                let read = |reader: &mut Reader, visit: &Visit| objects.read(&visit.tree, reader);
                let trees: Vec<_> = visits.par_iter().map_init(Reader::default, read).collect();
                for (visit, object) in visits.iter().zip(trees) {
                    let wrong = "it is named as a folder and is none";
                    match object {
                        Ok((ObjectKind::Tree, bytes)) => {
                            for inner in self.enter(visit, &bytes, objects.format) {
                                self.ask(inner, &mut next, damage);
                            }
                        }
                        Ok(_) => damage.push(Damage::new(visit.tree, DamageKind::Corrupt, wrong)),
                        Err(one) => damage.push(one),
                    }
                }
            }
            level = next;
        }
    }

    /// Adds a folder to `level`, if it is to be read.
    fn ask(&mut self, visit: Visit, level: &mut Vec<Visit>, damage: &mut Vec<Damage>) {
        let known = visit.folder.and_then(|folder| self.index.folders.tree(folder));
        if known == Some(visit.tree) {
            self.same[visit.entries].fill(true);
            return;
        }
        let visits = self.visits.entry(visit.tree).or_default();
        *visits += 1;
        if *visits > MAX_VISITS || memchr::memchr_iter(b'/', &visit.path).count() > MAX_DEPTH {
            let one =
                Damage::new(visit.tree, DamageKind::Huge, "the commit before has it at more paths than are compared");
            damage.extend((!damage.contains(&one)).then_some(one));
            return;
        }
        level.push(visit);
    }

    /// Takes in the files of a folder; gives the folders in it.
    fn enter(&mut self, visit: &Visit, bytes: &[u8], format: ObjectFormat) -> Vec<Visit> {
        let mut folders = Vec::new();
        let mut path = visit.path.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        let (start, mut next) = (path.len(), visit.entries.start);
        for entry in Entries::new(bytes, format) {
            path.truncate(start);
            path.extend_from_slice(entry.name);
            let id = ObjectId::new(entry.id);
            match entry.kind {
                EntryKind::Tree => {
                    let folder = visit.folder.and_then(|folder| self.index.folders.within(folder, entry.name));
                    let entries = self.entries_in(&path, visit.entries.clone());
                    folders.push(Visit { path: path.clone(), tree: id, folder, entries });
                }
                EntryKind::Blob => next = self.compare(&path, id, next, visit.entries.clone()),
                EntryKind::Submodule => {}
            }
        }
        folders
    }

    /// The entries below the folder `path`, which stand in `range`.
    fn entries_in(&self, path: &[u8], range: Range<usize>) -> Range<usize> {
        const BEHIND_SLASH: u8 = b'/' + 1;
        let start = self.index.from(&[path, b"/"].concat(), range.clone());
        start..self.index.from(&[path, &[BEHIND_SLASH]].concat(), start..range.end)
    }

    /// Holds a file of the commit against the entry with its path, which is in `range` and most often `next`; gives what is next then.
    fn compare(&mut self, path: &[u8], id: ObjectId, next: usize, range: Range<usize>) -> usize {
        let is_at = |at: usize| at < range.end && self.index.at(at).path == path;
        let at = if is_at(next) { next } else { self.index.from(path, range.clone()) };
        if !is_at(at) {
            self.gone.push((path.to_vec(), id));
            return next;
        }
        let entry = self.index.at(at);
        if entry.state == EntryState::Staged && entry.id == id {
            self.same[at] = true;
        } else {
            self.old.insert(at, id);
        }
        at + 1
    }
}

/// Gives new files that are old ones under another name their old content.
fn find_renames(objects: &Lookup, gone: &[(Vec<u8>, ObjectId)], changes: &mut [Change]) {
    let new = || changes.iter().filter(|change| change.old.is_none()).count();
    if gone.is_empty() || new() == 0 {
        return;
    }
    let by_id: HashSet<ObjectId> = gone.iter().map(|(_, id)| *id).collect();
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
        if by_id.contains(&change.new) {
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
