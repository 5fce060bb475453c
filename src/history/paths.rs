//! Paths: where in the trees of commits each object stands, and what it is read as.

mod folder;
mod walk;

use super::graph::NONE;
use crate::blob::{NamedKind, PlacePath, Role};
use crate::git::ObjectNumber;
use std::sync::atomic::{AtomicU32, Ordering};
pub(super) use walk::Walk;

/// A path in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PathId(pub(super) u32);

/// The root.
const ROOT: PathId = PathId(0);

/// Deepest folder that is walked.
pub(super) const MAX_DEPTH: usize = 512;

/// All paths, and for each object the one it is read as.
#[derive(Debug)]
pub(super) struct Paths {
    paths: Vec<PlacePath>,
    /// What each path tells of the kind of file.
    kinds: Vec<NamedKind>,
    /// For each object the path it is read as.
    best: Vec<AtomicU32>,
    /// Objects that were known when [`Walk::close`] was called.
    old: Vec<bool>,
    /// Objects that stand in commits.
    committed: Vec<bool>,
}

impl Paths {
    fn new(objects: usize) -> Self {
        let root = PlacePath::from("");
        Self {
            paths: vec![root],
            kinds: vec![NamedKind::of(b"")],
            best: std::iter::repeat_with(|| AtomicU32::new(NONE)).take(objects).collect(),
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

    /// Does the blob stand at some path, and at none that was walked before [`Walk::close`]?
    pub(super) fn is_new(&self, blob: ObjectNumber) -> bool {
        self.best(blob).is_some() && !self.old.get(blob.at()).copied().unwrap_or(false)
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
