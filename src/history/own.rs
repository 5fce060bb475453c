//! Git's own files: whatever lies in the folder of a repository beside objects, refs, reflogs and indexes, which have readers of
//! their own.
//!
//! Not a list of names that somebody has to keep: addresses with passwords, messages that were begun, patches at which a rebase has
//! stopped, hooks, resolutions that are remembered, files of git-lfs and of other tools. Repositories that lie in there, such as those of
//! submodules, are given back and not entered.

use super::graph::NameId;
use super::sources;
use crate::blob::{Origin, PlacePath};
use crate::finding::Finding;
use crate::git::index::Index;
use crate::git::layout::is_git_dir;
use crate::git::refs::Refs;
use crate::git::{Damage, DamageKind, Layout};
use crate::scan::Scanner;
use crate::source::SkipReason;
use crate::source::files::FileEntry;
use crate::source::open::Follow;
use rayon::prelude::*;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Deepest folder that is entered.
const MAX_DEPTH: usize = 128;

/// What stands in the indexes of work trees.
const INDEX: &str = ".git/index";

/// What lies in the folder of a repository.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Files, by path.
    pub(super) files: Vec<FileEntry>,
    /// Folders of other repositories, by path from the folder of this one.
    pub(super) repositories: Vec<PathBuf>,
}

impl Own {
    /// Lists everything; what cannot be listed is told in `damage`.
    pub(super) fn list(layout: &Layout, damage: &mut Vec<Damage>) -> Self {
        let mut own = Self::default();
        own.enter(&layout.common, Path::new(""), 0, damage);
        if !layout.git_dir.starts_with(&layout.common) {
            own.enter(&layout.git_dir, Path::new(""), 0, damage);
        }
        own.files.sort_by(|one, two| one.origin.cmp(&two.origin));
        own.repositories.sort();
        own
    }

    fn enter(&mut self, root: &Path, below: &Path, depth: usize, damage: &mut Vec<Damage>) {
        let folder = root.join(below);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) if depth < MAX_DEPTH => entries,
            Ok(_) => return damage.push(Damage::new(folder.display(), DamageKind::Unreadable, "it is too deep")),
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) => return damage.push(Damage::io(&folder, &error)),
        };
        for entry in entries.flatten() {
            let path = below.join(entry.file_name());
            match kind(&entry, &path) {
                Kind::Elsewhere => {}
                Kind::Folder if is_repository(&entry.path()) => self.repositories.push(path),
                Kind::Folder => self.enter(root, &path, depth + 1, damage),
                Kind::File => {
                    let shown = Path::new(".git").join(&path);
                    let origin = Origin::new(PlacePath::from(shown.as_path()));
                    self.files.push(FileEntry { path: entry.path(), origin, follow: Follow::Nothing });
                }
            }
        }
    }

    /// What is found in the files, and in their names.
    pub(super) fn scan(&self, scanner: &Scanner, damage: &mut Vec<Damage>) -> Vec<Finding> {
        let results: Vec<_> = self.files.par_iter().map(|file| scanner.scan_whole_file(file)).collect();
        let mut found = Vec::new();
        for (file, (findings, skip)) in self.files.iter().zip(results) {
            found.extend(findings);
            damage.extend(skip.and_then(|reason| unread(file, reason)));
        }
        let names: Vec<&[u8]> = self.files.iter().map(|file| file.origin.path.bytes()).collect();
        let named = sources::hits(scanner, &names).into_iter();
        found.extend(named.flat_map(|at| scanner.scan_blob_of(&self.files[at].origin, names[at])));
        found
    }
}

/// The findings in everything that is no object; `names` are those in names that commits have, and that are told of by these.
pub(super) fn texts(
    scanner: &Scanner,
    layout: &Layout,
    refs: &Refs,
    names: &[(NameId, Finding)],
    damage: &mut Vec<Damage>,
) -> Vec<Finding> {
    let mut texts = sources::refs(scanner, refs);
    texts.extend(Own::list(layout, damage).scan(scanner, damage));
    let is_committed = |one: &Finding| names.iter().any(|(_, known)| known.secret == one.secret);
    texts.extend(staged_names(scanner, layout).into_iter().filter(|one| !is_committed(one)));
    texts
}

/// The findings in the names of everything that is staged in one of the work trees.
fn staged_names(scanner: &Scanner, layout: &Layout) -> Vec<Finding> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for file in layout.work_tree_dirs().into_iter().map(|dir| dir.join("index")) {
        match Index::read(&file, layout.settings.format) {
            Ok(index) => names.extend(index.entries.into_iter().map(|entry| entry.path)),
            // Names stand in it as they are: a form that is not known, or damage, does not hide them.
            Err(_) => names.extend(fs::read(file)),
        }
    }
    names.sort_unstable();
    names.dedup();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    sources::hits(scanner, &names).into_iter().flat_map(|at| scanner.scan_bytes(INDEX, names[at])).collect()
}

/// What is to be said of a file that was not read; what is gone by now, or has no content, was never there to be read.
fn unread(file: &FileEntry, reason: SkipReason) -> Option<Damage> {
    let why = match reason {
        SkipReason::Vanished | SkipReason::Link | SkipReason::Special(_) => return None,
        SkipReason::Unreadable(why) => why,
        other => other.to_string(),
    };
    Some(Damage::new(file.path.display(), DamageKind::Unreadable, why))
}

/// What is to be done with an entry of the folder of a repository.
enum Kind {
    /// It is entered.
    Folder,
    /// It is read.
    File,
    /// Somebody else reads it, or nothing is in it.
    Elsewhere,
}

fn kind(entry: &DirEntry, below: &Path) -> Kind {
    let Ok(kind) = entry.file_type() else { return Kind::Elsewhere };
    let parts: Vec<&[u8]> = below.iter().map(OsStr::as_encoded_bytes).collect();
    // What a linked work tree has of its own is laid out as in the main folder.
    let parts = match parts.as_slice() {
        [b"worktrees", _, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    let elsewhere = match parts {
        [b"refs" | b"logs" | b"reftable"] => kind.is_dir(),
        [b"index" | b"packed-refs"] => kind.is_file(),
        [b"objects", rest @ ..] => is_of_objects(rest),
        _ => false,
    };
    match () {
        () if elsewhere => Kind::Elsewhere,
        () if kind.is_dir() => Kind::Folder,
        () if kind.is_file() => Kind::File,
        () => Kind::Elsewhere,
    }
}

/// Does this, below a folder of objects, belong to its own format?
fn is_of_objects(parts: &[&[u8]]) -> bool {
    match parts {
        [first] => {
            first.len() == 2 && first.iter().all(u8::is_ascii_hexdigit)
                || first.starts_with(b"tmp_obj")
                || first.starts_with(b"incoming-")
        }
        [b"info", name] => name.starts_with(b"commit-graph"),
        [b"pack", name] => {
            let extension = name.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
            matches!(extension, b"pack" | b"idx" | b"rev" | b"bitmap" | b"mtimes")
                || name.starts_with(b"multi-pack-index")
                || name.starts_with(b"tmp_")
        }
        _ => false,
    }
}

/// Is it a repository of its own? The folder of a linked work tree looks like one, and says to which it belongs.
fn is_repository(folder: &Path) -> bool {
    is_git_dir(folder) && !folder.join("commondir").exists()
}
