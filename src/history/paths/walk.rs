//! A walk over trees from their roots, each tree once for each path it stands at.
//!
//! A tree that is described by one already seen at the same path shows only what is different, so that a history costs what it changed.

use super::super::graph::{NONE, NameId, Trees};
use super::folder::{Folder, Version};
use super::{MAX_DEPTH, PathId, Paths, ROOT};
use crate::git::ObjectNumber;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// Most paths that one tree is walked at: few trees can name endlessly many.
const MAX_VISITS: u16 = 4096;

/// How many versions of folders are read together: more of them take more memory.
const TOGETHER: usize = 1 << 17;

/// What was walked so far, and the paths that were found.
pub(in super::super) struct Walk<'t> {
    pub(super) trees: &'t Trees,
    pub(super) paths: Paths,
    pub(super) ids: FxHashMap<(PathId, NameId), PathId>,
    /// For each tree the path it was walked at first; further ones are in `again`.
    first: Vec<u32>,
    again: FxHashSet<(u32, PathId)>,
    /// For each object at how many paths it was walked as a tree.
    visits: Vec<u16>,
}

impl<'t> Walk<'t> {
    /// A walk over trees of a store of that many `objects`.
    pub(in super::super) fn new(trees: &'t Trees, objects: usize) -> Self {
        Self {
            trees,
            paths: Paths::new(objects),
            ids: FxHashMap::default(),
            first: vec![NONE; objects],
            again: FxHashSet::default(),
            visits: vec![0; objects],
        }
    }

    /// Everything that was walked so far is not new.
    pub(in super::super) fn close(&mut self) {
        self.paths.old = self.paths.placed();
    }

    /// Everything that was walked so far stands in commits.
    pub(in super::super) fn commits_end(&mut self) {
        self.paths.committed = self.paths.placed();
    }

    /// The paths that were found.
    pub(in super::super) fn finish(self) -> Paths {
        self.paths
    }

    /// Was this tree walked?
    pub(in super::super) fn was_walked(&self, tree: ObjectNumber) -> bool {
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
    pub(in super::super) fn walk(&mut self, roots: impl IntoIterator<Item = ObjectNumber>) {
        let mut level: Vec<(PathId, u32)> =
            roots.into_iter().filter_map(|root| Some((ROOT, self.trees.record(root)?))).collect();
        for _ in 0..MAX_DEPTH {
            // Bases come before what they describe.
            level.par_sort_unstable();
            level.dedup();
            let mut next = Vec::new();
            let versions: Vec<Version> = level.into_iter().filter_map(|version| self.version(version)).collect();
            let folders: Vec<&[Version]> = versions.chunk_by(|one, two| one.path == two.path).collect();
            let mut from = 0;
            while from < folders.len() {
                let mut count = 0;
                let many = folders[from..].iter().take_while(|folder| {
                    count += folder.len();
                    count <= TOGETHER
                });
                let to = from + many.count().max(1);
                next.extend(self.read(&folders[from..to]));
                from = to;
            }
            if next.is_empty() {
                return;
            }
            level = next;
        }
    }

    /// What is to be read of the tree `record` at a path; nothing if it was.
    fn version(&mut self, (path, record): (PathId, u32)) -> Option<Version> {
        let tree = &self.trees.records[record as usize];
        let number = tree.number;
        if self.visits[number.at()] >= MAX_VISITS || !self.mark(number, path) {
            return None;
        }
        self.visits[number.at()] += 1;
        let described = tree.base != NONE && self.was_at(self.trees.records[tree.base as usize].number, path);
        Some(Version { path, record, described })
    }

    /// Reads folders, each with all its versions; gives the folders in them.
    fn read(&mut self, folders: &[&[Version]]) -> Vec<(PathId, u32)> {
        let walk = &*self;
        let read: Vec<Folder> = folders.par_iter().filter_map(|versions| Folder::read(walk, versions)).collect();
        let placed: Vec<_> = read.into_iter().map(|folder| folder.place(self)).collect();
        let paths = &self.paths;
        placed.par_iter().flat_map_iter(|folder| folder.tell(paths)).collect()
    }
}
