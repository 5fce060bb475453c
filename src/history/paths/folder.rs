//! One folder, in versions that a walk comes by at once: what stands in it, and where.
//!
//! Folders are read on all threads without a word between them, and then place what stands in them one after the other.

use super::super::graph::{EntryRecord, NameId};
use super::walk::Walk;
use super::{PathId, Paths, joined};
use crate::blob::{NamedKind, PlacePath};
use crate::git::ObjectNumber;
use rustc_hash::FxHashMap;

/// A version of a folder that is to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) path: PathId,
    pub(super) record: u32,
    /// Was the tree that describes it read at this path? Then only what is different is looked at.
    pub(super) described: bool,
}

/// A folder that was read.
pub(super) struct Folder {
    path: PathId,
    /// What stands in it: each name once.
    children: Vec<Child>,
    /// Its files, and which child each is.
    files: Vec<(ObjectNumber, u32)>,
    /// Its folders, and which child each is.
    folders: Vec<(u32, u32)>,
}

/// Where something in a folder stands.
enum Child {
    Known(PathId),
    New(NameId, PlacePath, NamedKind),
}

/// A folder whose children all have a path.
pub(super) struct Placed {
    children: Vec<PathId>,
    files: Vec<(ObjectNumber, u32)>,
    folders: Vec<(u32, u32)>,
}

impl Folder {
    /// Reads `versions`, which are all of one path.
    pub(super) fn read(walk: &Walk<'_>, versions: &[Version]) -> Option<Self> {
        let path = versions.first()?.path;
        let mut folder = Self { path, children: Vec::new(), files: Vec::new(), folders: Vec::new() };
        let mut known = FxHashMap::default();
        for version in versions {
            let mut enter = |entry: &EntryRecord| folder.enter(walk, *entry, &mut known);
            let trees = walk.trees;
            if version.described {
                trees.added(version.record).iter().for_each(&mut enter);
            } else {
                trees.whole(version.record).iter().for_each(&mut enter);
            }
        }
        Some(folder)
    }

    fn enter(&mut self, walk: &Walk<'_>, entry: EntryRecord, known: &mut FxHashMap<NameId, u32>) {
        let Some(object) = entry.child() else { return };
        let name = entry.name();
        let child = *known.entry(name).or_insert_with(|| {
            self.children.push(walk.ids.get(&(self.path, name)).map_or_else(
                || {
                    let path = joined(walk.paths.get(self.path).bytes(), walk.trees.names.get(name));
                    Child::New(name, PlacePath::from(path.as_slice()), NamedKind::of(&path))
                },
                |known| Child::Known(*known),
            ));
            self.children.len() as u32 - 1
        });
        if entry.is_tree() {
            self.folders.extend(walk.trees.record(object).map(|record| (child, record)));
        } else {
            self.files.push((object, child));
        }
    }

    /// Gives every child its path.
    pub(super) fn place(self, walk: &mut Walk<'_>) -> Placed {
        let Self { path: folder, children, files, folders } = self;
        let place = |child| match child {
            Child::Known(path) => path,
            // Other versions may have placed it since.
            Child::New(name, path, kind) => {
                *walk.ids.entry((folder, name)).or_insert_with(|| walk.paths.add(path, kind))
            }
        };
        Placed { children: children.into_iter().map(place).collect(), files, folders }
    }
}

impl Placed {
    /// Tells `paths` where its files stand; gives the records of its folders, with their paths.
    pub(super) fn tell(&self, paths: &Paths) -> Vec<(PathId, u32)> {
        for (file, child) in &self.files {
            paths.stands_at(*file, self.children[*child as usize]);
        }
        let mut folders: Vec<(PathId, u32)> =
            self.folders.iter().map(|(child, record)| (self.children[*child as usize], *record)).collect();
        folders.sort_unstable();
        folders.dedup();
        folders
    }
}
