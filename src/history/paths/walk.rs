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

/// Most versions of one folder that a thread reads at once.
const PART: usize = 1 << 12;

/// What was walked so far, and the paths that were found.
pub(in super::super) struct Walk<'t> {
    pub(super) trees: &'t Trees,
    pub(super) paths: Paths,
    pub(super) ids: FxHashMap<(PathId, NameId), PathId>,
    /// For each record the path it was walked at first; further ones are in `again`.
    first: Vec<u32>,
    again: FxHashSet<(u32, PathId)>,
    /// For each record at how many paths it was walked.
    visits: Vec<u16>,
}

impl<'t> Walk<'t> {
    /// A walk over trees of a store of that many `objects`.
    pub(in super::super) fn new(trees: &'t Trees, objects: usize) -> Self {
        Self {
            trees,
            paths: Paths::new(objects),
            ids: FxHashMap::default(),
            first: vec![NONE; trees.records.len()],
            again: FxHashSet::default(),
            visits: vec![0; trees.records.len()],
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

    /// Was the tree of this record walked?
    pub(in super::super) fn was_walked(&self, record: u32) -> bool {
        self.first[record as usize] != NONE
    }

    fn was_at(&self, record: u32, path: PathId) -> bool {
        self.first[record as usize] == path.0 || self.again.contains(&(record, path))
    }

    /// Remembers that a tree was walked at a path; gives whether that is new.
    fn mark(&mut self, record: u32, path: PathId) -> bool {
        let first = &mut self.first[record as usize];
        if *first == NONE {
            *first = path.0;
            return true;
        }
        *first != path.0 && self.again.insert((record, path))
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
            // A folder with many versions, as the root is, is work for more than one thread.
            let folders = versions.chunk_by(|one, two| one.path == two.path);
            let parts: Vec<&[Version]> = folders.flat_map(|versions| versions.chunks(PART)).collect();
            let mut from = 0;
            while from < parts.len() {
                let mut count = 0;
                let many = parts[from..].iter().take_while(|part| {
                    count += part.len();
                    count <= TOGETHER
                });
                let to = from + many.count().max(1);
                next.extend(self.read(&parts[from..to]));
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
        let at = record as usize;
        if self.visits[at] >= MAX_VISITS || !self.mark(record, path) {
            return None;
        }
        self.visits[at] += 1;
        let base = self.trees.records[at].base;
        Some(Version { path, record, described: base != NONE && self.was_at(base, path) })
    }

    /// Reads folders, each with all or some of its versions; gives the folders in them.
    fn read(&mut self, folders: &[&[Version]]) -> Vec<(PathId, u32)> {
        let walk = &*self;
        let read: Vec<Folder> = folders.par_iter().filter_map(|versions| Folder::read(walk, versions)).collect();
        let placed: Vec<_> = read.into_iter().map(|folder| folder.place(self)).collect();
        let paths = &self.paths;
        placed.par_iter().flat_map_iter(|folder| folder.tell(paths)).collect()
    }
}
