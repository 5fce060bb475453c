//! Some commits, read from their tips: what a push adds, or a few days, or a short branch, without a look at the rest of the repository.
//!
//! Errs on one side only: everything that is new is scanned, and perhaps something that is not. Where nothing is found in it, nothing
//! would be found in what is new. As soon as something is found, or cannot be read, nothing is told, and all objects have
//! to be read to say what it is.

use super::messages;
use super::paths::{joined, rank};
use super::select::Range;
use super::sources::FILE_NAME;
use crate::blob::{NamedKind, Origin, PlacePath};
use crate::git::object::{Commit, Entries, EntryKind};
use crate::git::refs::Refs;
use crate::git::revision::{Revisions, end};
use crate::git::{GitError, Lookup, ObjectId, ObjectKind, Reader};
use crate::scan::Scanner;
use rayon::prelude::*;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

/// Most commits of a range, and most trees that are read for it: what is longer is read faster as a whole.
const MAX_NEW: usize = 2048;
const MAX_READ: usize = 40_000;

/// Most commits that are met on the way.
const MAX_MET: usize = 1 << 18;

/// Deepest folder.
const MAX_DEPTH: usize = 64;

/// A range in which nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clean {
    /// Objects that were scanned.
    pub(super) objects: u64,
    /// Their size.
    pub(super) bytes: u64,
}

/// A commit on the way.
#[derive(Default)]
struct Known {
    tree: Option<ObjectId>,
    parents: Vec<ObjectId>,
    /// Can it be reached from what is left out?
    old: bool,
}

/// Looks at what a range adds; `None` if that takes a look at all objects.
///
/// # Errors
/// A revision names nothing.
pub(super) fn look(scanner: &Scanner, lookup: &Lookup, refs: &Refs, range: &Range) -> Result<Option<Clean>, GitError> {
    let revisions = Revisions { objects: lookup, refs };
    let exclude = range.exclude.iter().map(|text| revisions.commit(text)).collect::<Result<Vec<_>, _>>()?;
    let mut include = range.include.iter().map(|text| revisions.commit(text)).collect::<Result<Vec<_>, _>>()?;
    // Tags and blobs are in no commit.
    if !range.objects.is_empty() {
        return Ok(None);
    }
    if range.include.is_empty() {
        let tips = refs.heads.iter().chain(refs.refs.iter().filter(|one| !one.is_stash()));
        let Some(commits) = ends(lookup, tips.map(|one| one.target).collect()) else { return Ok(None) };
        include = commits;
    }
    let mut look = Look::new(scanner, lookup);
    Ok(look.commits(&include, &exclude, range.since).and_then(|new| look.scan(&new)))
}

/// The commits to which `targets` lead; `None` if one of them cannot be read, or if there are too many.
fn ends(lookup: &Lookup, targets: HashSet<ObjectId>) -> Option<Vec<ObjectId>> {
    if targets.len() > MAX_READ {
        return None;
    }
    let mut reader = Reader::default();
    let ends = targets.into_iter().map(|target| end(lookup, target, &mut reader)).collect::<Option<Vec<_>>>()?;
    Some(ends.into_iter().filter(|(kind, _)| *kind == ObjectKind::Commit).map(|(_, id)| id).collect())
}

/// What is read on the way.
struct Look<'l> {
    scanner: &'l Scanner,
    lookup: &'l Lookup,
    reader: Reader,
    commits: HashMap<ObjectId, Known>,
    /// Trees that were looked at, by where they stand.
    trees: HashSet<(Vec<u8>, ObjectId)>,
    names: HashSet<Vec<u8>>,
    /// New blobs, each with the path it is read as.
    blobs: BTreeMap<ObjectId, Vec<u8>>,
    clean: Clean,
    /// Trees that were read.
    reads: usize,
}

impl<'l> Look<'l> {
    fn new(scanner: &'l Scanner, lookup: &'l Lookup) -> Self {
        Self {
            scanner,
            lookup,
            reader: Reader::default(),
            commits: HashMap::new(),
            trees: HashSet::new(),
            names: HashSet::new(),
            blobs: BTreeMap::new(),
            clean: Clean::default(),
            reads: 0,
        }
    }

    fn read(&mut self, id: &ObjectId, wanted: ObjectKind) -> Option<Vec<u8>> {
        let (kind, bytes) = self.lookup.read_sound(id, &mut self.reader).ok()?;
        (kind == wanted).then_some(bytes)
    }

    /// Reads a commit that was not met yet; gives when it was made.
    fn meet(&mut self, id: ObjectId, old: bool) -> Option<i64> {
        if self.commits.len() >= MAX_MET {
            return None;
        }
        let bytes = self.read(&id, ObjectKind::Commit)?;
        let commit = Commit::parse(&bytes, self.lookup.format);
        self.commits.insert(id, Known { tree: commit.tree, parents: commit.parents, old });
        Some(commit.committer.seconds)
    }

    /// The commits that can be reached from `include` and, as far as is seen, not from `exclude`; of these, those that were made at
    /// the time `since` or later. What is older can still come from what is younger, so all of them are met.
    fn commits(&mut self, include: &[ObjectId], exclude: &[ObjectId], since: Option<i64>) -> Option<Vec<ObjectId>> {
        let is_young = |time: i64| since.is_none_or(|since| time >= since);
        let mut young = 0;
        // The youngest first: so the two sides meet early.
        let mut queue = BinaryHeap::new();
        let mut fresh = HashSet::new();
        let mut times = HashMap::new();
        let tips = exclude.iter().map(|id| (*id, true)).chain(include.iter().map(|id| (*id, false)));
        let mut next: Vec<(ObjectId, bool)> = tips.collect();
        loop {
            for (id, old) in std::mem::take(&mut next) {
                let changed = match self.commits.get_mut(&id) {
                    Some(known) => old && !std::mem::replace(&mut known.old, true),
                    None => {
                        let time = self.meet(id, old)?;
                        times.insert(id, time);
                        young += usize::from(is_young(time));
                        true
                    }
                };
                if changed {
                    queue.push((*times.get(&id)?, id));
                    if old {
                        fresh.remove(&id)
                    } else {
                        fresh.insert(id)
                    };
                }
            }
            if fresh.is_empty() {
                break;
            }
            // Where nothing is left out, what is young stays new.
            if exclude.is_empty() && young > MAX_NEW {
                return None;
            }
            let (_, id) = queue.pop()?;
            fresh.remove(&id);
            let known = self.commits.get(&id)?;
            next.extend(known.parents.iter().map(|parent| (*parent, known.old)));
        }
        let made = |id: &ObjectId| times.get(id).is_some_and(|time| is_young(*time));
        let new = self.commits.iter().filter(|(id, known)| !known.old && made(id));
        let new: Vec<ObjectId> = new.map(|(id, _)| *id).collect();
        (new.len() <= MAX_NEW).then_some(new)
    }

    /// Scans what these commits add; `None` if there is something.
    fn scan(&mut self, commits: &[ObjectId]) -> Option<Clean> {
        for id in commits {
            let bytes = self.read(id, ObjectKind::Commit)?;
            self.count(&bytes);
            if !messages::scan(self.scanner, ObjectKind::Commit, &bytes).is_empty() {
                return None;
            }
            let (tree, parents) = self.commits.get(id).map(|known| (known.tree, known.parents.clone()))?;
            let mut before = Vec::new();
            for parent in parents {
                before.extend(self.commits.get(&parent)?.tree);
            }
            self.tree(b"", tree?, &before, 0)?;
        }
        let names: Vec<&[u8]> = self.names.iter().map(Vec::as_slice).collect();
        if !self.scanner.scan_bytes(FILE_NAME, &names.join(&b'\n')).is_empty() {
            return None;
        }
        let (scanner, lookup) = (self.scanner, self.lookup);
        let scan = |reader: &mut Reader, (id, path): (&ObjectId, &Vec<u8>)| {
            let (kind, bytes) = lookup.read_sound(id, reader).ok()?;
            let origin = Origin::new(PlacePath::from(path.as_slice()));
            let nothing = kind == ObjectKind::Blob && scanner.scan_blob_of(&origin, &bytes).is_empty();
            nothing.then_some(bytes.len() as u64)
        };
        let sizes = self.blobs.par_iter().map_init(Reader::default, scan).collect::<Option<Vec<u64>>>()?;
        self.clean.objects += sizes.len() as u64;
        self.clean.bytes += sizes.iter().sum::<u64>();
        Some(self.clean)
    }

    fn count(&mut self, bytes: &[u8]) {
        self.clean.objects += 1;
        self.clean.bytes += bytes.len() as u64;
    }

    /// Gathers what the tree at `path` has and none of the trees `before` has there.
    fn tree(&mut self, path: &[u8], tree: ObjectId, before: &[ObjectId], depth: usize) -> Option<()> {
        if before.contains(&tree) || !self.trees.insert((path.to_vec(), tree)) {
            return Some(());
        }
        if depth > MAX_DEPTH {
            return None;
        }
        self.reads += 1 + before.len();
        if self.reads > MAX_READ {
            return None;
        }
        let bytes = self.read(&tree, ObjectKind::Tree)?;
        self.count(&bytes);
        let mut olds = Vec::new();
        for old in before {
            olds.push(self.read(old, ObjectKind::Tree)?);
        }
        let format = self.lookup.format;
        let mut known: HashMap<&[u8], Vec<(EntryKind, &[u8])>> = HashMap::new();
        for entry in olds.iter().flat_map(|old| Entries::new(old, format)) {
            known.entry(entry.name).or_default().push((entry.kind, entry.id));
        }
        let mut entries = Entries::new(&bytes, format);
        for entry in entries.by_ref() {
            let same = known.get(entry.name).map_or(&[][..], Vec::as_slice);
            if same.contains(&(entry.kind, entry.id)) {
                continue;
            }
            self.names.insert(entry.name.to_vec());
            let (path, id) = (joined(path, entry.name), ObjectId::new(entry.id));
            match entry.kind {
                EntryKind::Tree => {
                    let folders = same.iter().filter(|(kind, _)| *kind == EntryKind::Tree);
                    let before: Vec<ObjectId> = folders.map(|(_, id)| ObjectId::new(id)).collect();
                    self.tree(&path, id, &before, depth + 1)?;
                }
                EntryKind::Blob => self.blob(id, path),
                EntryKind::Submodule => {}
            }
        }
        (entries.left() == 0).then_some(())
    }

    /// Takes in a blob; of several paths the one counts that it would be read as.
    fn blob(&mut self, id: ObjectId, path: Vec<u8>) {
        let best = self.blobs.entry(id).or_insert_with(|| path.clone());
        if (rank(NamedKind::of(&path)), &path) < (rank(NamedKind::of(best)), best) {
            *best = path;
        }
    }
}
