//! Paths: where in the trees of commits each object stands.
//!
//! Walks trees from their roots, each tree once for each path it stands at. A tree that is described by one already seen at the
//! same path shows only what is different, so that a history costs what it changed.

mod folder;

use super::graph::{NONE, NameId, Trees};
use crate::blob::{NamedKind, PlacePath, Role};
use crate::git::ObjectNumber;
use folder::{Folder, Version};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::atomic::{AtomicU32, Ordering};

/// A path in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PathId(pub(super) u32);

/// The root.
const ROOT: PathId = PathId(0);

/// Deepest folder that is walked.
pub(super) const MAX_DEPTH: usize = 512;

/// Most paths that one tree is walked at: few trees can name endlessly many.
const MAX_VISITS: u16 = 4096;

/// How many versions of folders are read together: more of them take more memory.
const TOGETHER: usize = 1 << 17;

/// All paths, and for each object the one it is read as.
#[derive(Debug)]
pub(super) struct Paths {
    ids: FxHashMap<(PathId, NameId), PathId>,
    paths: Vec<PlacePath>,
    /// What each path tells of the kind of file.
    kinds: Vec<NamedKind>,
    /// For each object the path it is read as.
    best: Vec<AtomicU32>,
    /// For each tree the path it was walked at first; further ones are in `again`.
    first: Vec<u32>,
    again: FxHashSet<(u32, PathId)>,
    /// For each object at how many paths it was walked as a tree.
    visits: Vec<u16>,
    /// Objects that were known when [`Paths::close`] was called.
    old: Vec<bool>,
    /// Objects that stand in commits.
    committed: Vec<bool>,
}

impl Paths {
    pub(super) fn new(objects: usize) -> Self {
        let root = PlacePath::from("");
        Self {
            ids: FxHashMap::default(),
            paths: vec![root],
            kinds: vec![NamedKind::of(b"")],
            best: std::iter::repeat_with(|| AtomicU32::new(NONE)).take(objects).collect(),
            first: vec![NONE; objects],
            again: FxHashSet::default(),
            visits: vec![0; objects],
            old: Vec::new(),
            committed: Vec::new(),
        }
    }

    /// The path an object is read as: of those it stands at, one that speaks for the product before one that speaks for a test, then the
    /// first by name.
    pub(super) fn best(&self, object: ObjectNumber) -> Option<PathId> {
        self.best.get(object.at()).map(|path| path.load(Ordering::Relaxed)).filter(|path| *path != NONE).map(PathId)
    }

    /// The path itself.
    pub(super) fn get(&self, path: PathId) -> &PlacePath {
        &self.paths[path.0 as usize]
    }

    /// The bytes of that path; none for what stands at none.
    pub(super) fn name_of(&self, object: ObjectNumber) -> &[u8] {
        self.best(object).map_or(&b""[..], |path| self.get(path).bytes())
    }

    /// What its path tells of the kind of a file.
    pub(super) fn kind_of(&self, object: ObjectNumber) -> NamedKind {
        self.kinds[self.best(object).unwrap_or(ROOT).0 as usize]
    }

    /// Everything that was walked so far is not new.
    pub(super) fn close(&mut self) {
        self.old = self.placed();
    }

    /// Everything that was walked so far stands in commits.
    pub(super) fn commits_end(&mut self) {
        self.committed = self.placed();
    }

    /// For each object, does it stand at some path?
    fn placed(&self) -> Vec<bool> {
        self.best.iter().map(|path| path.load(Ordering::Relaxed) != NONE).collect()
    }

    /// Gives an object that stands in no tree a path.
    pub(super) fn name(&mut self, object: ObjectNumber, path: &PlacePath) {
        if self.best(object).is_none() {
            let path = self.add(path.clone(), NamedKind::of(path.bytes()));
            self.stands_at(object, path);
        }
    }

    /// Does the blob stand in a commit?
    pub(super) fn is_committed(&self, blob: ObjectNumber) -> bool {
        self.committed.get(blob.at()).copied().unwrap_or(false)
    }

    /// Does the blob stand at some path, and at none that was walked before [`Paths::close`]?
    pub(super) fn is_new(&self, blob: ObjectNumber) -> bool {
        self.best(blob).is_some() && !self.old.get(blob.at()).copied().unwrap_or(false)
    }

    /// Was this tree walked?
    pub(super) fn was_walked(&self, tree: ObjectNumber) -> bool {
        self.first[tree.at()] != NONE
    }

    fn was_at(&self, tree: ObjectNumber, path: PathId) -> bool {
        self.first[tree.at()] == path.0 || self.again.contains(&(tree.0, path))
    }

    /// Remembers that a tree was walked at a path; gives whether that is new.
    fn mark(&mut self, tree: ObjectNumber, path: PathId) -> bool {
        if self.first[tree.at()] == NONE {
            self.first[tree.at()] = path.0;
            return true;
        }
        self.first[tree.at()] != path.0 && self.again.insert((tree.0, path))
    }

    /// Walks the trees `roots` and everything below them.
    pub(super) fn walk(&mut self, trees: &Trees, roots: impl IntoIterator<Item = ObjectNumber>) {
        let mut level: Vec<(PathId, u32)> =
            roots.into_iter().filter_map(|root| Some((ROOT, trees.record(root)?))).collect();
        for _ in 0..MAX_DEPTH {
            // Bases come before what they describe.
            level.par_sort_unstable();
            level.dedup();
            let mut next = Vec::new();
            let versions: Vec<Version> = level.into_iter().filter_map(|version| self.version(trees, version)).collect();
            let folders: Vec<&[Version]> = versions.chunk_by(|one, two| one.path == two.path).collect();
            let mut from = 0;
            while from < folders.len() {
                let mut count = 0;
                let many = folders[from..].iter().take_while(|folder| {
                    count += folder.len();
                    count <= TOGETHER
                });
                let to = from + many.count().max(1);
                next.extend(self.read(trees, &folders[from..to]));
                from = to;
            }
            if next.is_empty() {
                return;
            }
            level = next;
        }
    }

    /// What is to be read of the tree `record` at a path; nothing if it was.
    fn version(&mut self, trees: &Trees, (path, record): (PathId, u32)) -> Option<Version> {
        let tree = &trees.records[record as usize];
        let number = tree.number;
        if self.visits[number.at()] >= MAX_VISITS || !self.mark(number, path) {
            return None;
        }
        self.visits[number.at()] += 1;
        let described = tree.base != NONE && self.was_at(trees.records[tree.base as usize].number, path);
        Some(Version { path, record, described })
    }

    /// Reads folders, each with all its versions; gives the folders in them.
    fn read(&mut self, trees: &Trees, folders: &[&[Version]]) -> Vec<(PathId, u32)> {
        let paths = &*self;
        let read: Vec<Folder> =
            folders.par_iter().filter_map(|versions| Folder::read(paths, trees, versions)).collect();
        let placed: Vec<_> = read.into_iter().map(|folder| folder.place(self)).collect();
        let paths = &*self;
        placed.par_iter().flat_map_iter(|folder| folder.tell(paths)).collect()
    }

    /// Adds a path.
    fn add(&mut self, path: PlacePath, kind: NamedKind) -> PathId {
        self.kinds.push(kind);
        self.paths.push(path);
        PathId(self.paths.len() as u32 - 1)
    }

    /// A file stands at `path`: it is read as that, unless another one speaks for it before.
    fn stands_at(&self, file: ObjectNumber, path: PathId) {
        let rank = |path: u32| (rank(self.kinds[path as usize]), &self.paths[path as usize]);
        let better = |known: u32| (known == NONE || rank(path.0) < rank(known)).then_some(path.0);
        // That it is as good as before is no failure.
        let _ = self.best[file.at()].fetch_update(Ordering::Relaxed, Ordering::Relaxed, better);
    }
}

/// `folder/name`.
pub(super) fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    // A name without a character, which only a forged tree has, is a level as well.
    if folder.is_empty() && !name.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

/// How much a secret in such a file matters: the product first.
pub(super) const fn rank(kind: NamedKind) -> u8 {
    match kind.role() {
        Role::Product => 0,
        Role::Example => 1,
        Role::Document => 2,
        Role::Test => 3,
        Role::Localisation => 4,
        Role::Generated => 5,
        Role::Lock => 6,
    }
}
