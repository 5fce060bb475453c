//! Git's own files: whatever lies in the folder of a repository beside objects, refs, reflogs and indexes, which have readers of
//! their own; in bundles among them are objects, too.
//!
//! Not a list of names that somebody has to keep: addresses with passwords, messages that were begun, patches at which a rebase has
//! stopped, hooks, resolutions that are remembered, files of git-lfs and of other tools. Repositories that lie in there, such as those of
//! submodules, are given back and not entered.

use super::graph::NameId;
use super::sources;
use crate::blob::{Origin, PlacePath};
use crate::finding::Finding;
use crate::git::bundle::Bundle;
use crate::git::layout::is_git_dir;
use crate::git::refs::{Ref, Refs};
use crate::git::{Damage, DamageKind, Layout, Lookup, file};
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
    /// Folders in which nothing is: git leaves some when it deletes a branch, and they have names.
    pub(super) hollow: Vec<Origin>,
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
        own.hollow.sort();
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
        let mut entries = entries.flatten().peekable();
        if entries.peek().is_none() {
            self.hollow.push(shown(below));
        }
        for entry in entries {
            let path = below.join(entry.file_name());
            match kind(&entry, &path) {
                Kind::Elsewhere => {}
                Kind::Folder if is_repository(&entry.path()) => self.repositories.push(path),
                Kind::Folder => self.enter(root, &path, depth + 1, damage),
                Kind::Refs if is_refs_alone(&entry.path()) => {}
                Kind::File | Kind::Refs => {
                    self.files.push(FileEntry { path: entry.path(), origin: shown(&path), follow: Follow::Nothing });
                }
            }
        }
    }

    /// Takes in the objects of the bundles among the files, and the refs that they bring, with their file in front.
    pub(super) fn take_in_bundles(&self, lookup: &mut Lookup, refs: &mut Refs, damage: &mut Vec<Damage>) {
        for file in &self.files {
            match Bundle::open(&file.path, lookup.format) {
                Some(Ok(bundle)) => {
                    let shown = file.origin.path.bytes();
                    let label = shown.strip_prefix(b".git/").unwrap_or(shown);
                    let name = |one: &Ref| PlacePath::from([label, b"/", one.name.bytes()].concat().as_slice());
                    refs.refs.extend(bundle.refs.iter().map(|one| Ref { name: name(one), target: one.target }));
                    lookup.take_in(bundle.pack, damage);
                }
                Some(Err(one)) => damage.push(one),
                None => {}
            }
        }
    }

    /// The findings in everything that is no object; `names` are those in names that commits have, and that are told of by these.
    pub(super) fn texts(
        &self,
        scanner: &Scanner,
        layout: &Layout,
        refs: &Refs,
        names: &[(NameId, Finding)],
        damage: &mut Vec<Damage>,
    ) -> Vec<Finding> {
        let mut texts = sources::refs(scanner, refs);
        texts.extend(self.scan(scanner, damage));
        let is_committed = |one: &Finding| names.iter().any(|(_, known)| known.secret == one.secret);
        texts.extend(staged_names(scanner, layout).into_iter().filter(|one| !is_committed(one)));
        texts
    }

    /// What is found in the files, and in their names.
    fn scan(&self, scanner: &Scanner, damage: &mut Vec<Damage>) -> Vec<Finding> {
        let results: Vec<_> = self.files.par_iter().map(|file| scanner.scan_whole_file(file)).collect();
        let mut found = Vec::new();
        for (file, (findings, skip)) in self.files.iter().zip(results) {
            found.extend(findings);
            damage.extend(skip.and_then(|reason| unread(file, reason)));
        }
        let origins: Vec<&Origin> = self.files.iter().map(|file| &file.origin).chain(&self.hollow).collect();
        let names: Vec<&[u8]> = origins.iter().map(|origin| origin.path.bytes()).collect();
        let named = sources::hits(scanner, &names).into_iter();
        found.extend(named.flat_map(|at| scanner.scan_blob_of(origins[at], names[at])));
        found
    }
}

/// The findings in the names of everything that is staged in one of the work trees.
fn staged_names(scanner: &Scanner, layout: &Layout) -> Vec<Finding> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for dir in layout.work_tree_dirs() {
        match layout.index(&dir) {
            Ok(index) => {
                names.extend(index.entries().map(|entry| entry.path.to_vec()));
                names.push(index.untracked);
            }
            // Names stand in it as they are: a form that is not known, or damage, does not hide them.
            Err(_) => names.extend(file::read(&dir.join("index"))),
        }
    }
    names.sort_unstable();
    names.dedup();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    sources::hits(scanner, &names).into_iter().flat_map(|at| scanner.scan_bytes(INDEX, names[at])).collect()
}

/// What a file or folder of git's own is called.
fn shown(path: &Path) -> Origin {
    Origin::new(PlacePath::from(Path::new(".git").join(path).as_path()))
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
    /// It is read if it says more than what refs lead to.
    Refs,
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
        [b"logs"] => kind.is_dir(),
        [b"index"] => kind.is_file(),
        [b"reftable", name] => name.ends_with(b".ref") || *name == b"tables.list",
        [b"objects", rest @ ..] => is_of_objects(rest),
        _ => false,
    };
    match () {
        () if elsewhere => Kind::Elsewhere,
        () if kind.is_dir() => Kind::Folder,
        () if kind.is_file() && matches!(parts, [b"packed-refs"] | [b"refs", ..]) => Kind::Refs,
        () if kind.is_file() => Kind::File,
        () => Kind::Elsewhere,
    }
}

/// Does this, below a folder of objects, belong to its own format?
fn is_of_objects(parts: &[&[u8]]) -> bool {
    match parts {
        [first] => first.starts_with(b"tmp_obj") || first.starts_with(b"incoming-"),
        [first, name] if first.len() == 2 && is_hex(first) => is_hex(name) || name.starts_with(b"tmp_obj"),
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

fn is_hex(name: &[u8]) -> bool {
    name.iter().all(u8::is_ascii_hexdigit)
}

/// Does each line of the file say what a ref leads to, and nothing else?
fn is_refs_alone(file: &Path) -> bool {
    let text = file::read(file).unwrap_or_default();
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.all(|line| {
        let id = line.strip_prefix(b"^").unwrap_or(line);
        let known = [&b"ref: "[..], b"# pack-refs with:"].iter().any(|start| line.starts_with(start));
        // A name behind an id is that of a ref, which is read as one.
        known || is_hex(id.split(|byte| *byte == b' ').next().unwrap_or_default())
    })
}
