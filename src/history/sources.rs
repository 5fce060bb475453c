//! Text of a repository that is no file of a commit: names of files and refs, messages of reflogs, git's own files.

use super::graph::{NameId, Trees};
use crate::blob::PlacePath;
use crate::finding::Finding;
use crate::git::index::Index;
use crate::git::refs::Refs;
use crate::git::{Damage, Layout, ObjectNumber, ObjectStore};
use crate::scan::Scanner;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a secret in the name of a file is reported as.
pub(super) const FILE_NAME: &str = "(file name)";
const REF_NAME: &str = "(ref name)";
const REFLOG: &str = "(reflog)";

/// Longest text file of git's own that is read, in bytes.
const MAX_OWN: u64 = 64 << 20;

/// Git's own files that hold text people wrote: addresses with passwords, messages that were begun.
const OWN: &[&str] = &[
    "config",
    "config.worktree",
    "description",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
    "COMMIT_EDITMSG",
    "MERGE_MSG",
    "SQUASH_MSG",
    "TAG_EDITMSG",
    "NOTES_EDITMSG",
    "FETCH_HEAD",
];

/// The findings in names of entries.
pub(super) fn names(scanner: &Scanner, trees: &Trees) -> Vec<(NameId, Finding)> {
    let mut found = Vec::new();
    // All names at once, a line each: most histories have no secret in any of them.
    let (mut text, mut starts) = (Vec::new(), Vec::new());
    for (name, bytes) in trees.names.iter() {
        starts.push((text.len(), name));
        text.extend(bytes.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
        text.push(b'\n');
    }
    for finding in scanner.scan_bytes(FILE_NAME, &text) {
        let span = finding.place.span;
        let at = starts.partition_point(|(start, _)| *start <= span.start) - 1;
        let name = starts[at].1;
        // Words of a neighbour do not count: the name has to be one by itself.
        found.extend(scanner.scan_bytes(FILE_NAME, trees.names.get(name)).into_iter().map(|finding| (name, finding)));
    }
    found.dedup_by(|(one, first), (two, second)| one == two && first.place.span == second.place.span);
    found
}

/// The findings in names of refs and messages of reflogs.
pub(super) fn refs(scanner: &Scanner, refs: &Refs) -> Vec<Finding> {
    let names: Vec<&[u8]> = refs.refs.iter().map(|one| one.name.bytes()).collect();
    let messages: Vec<&[u8]> = refs.log.iter().map(|entry| entry.message.as_slice()).collect();
    let mut found = scanner.scan_bytes(REF_NAME, &names.join(&b'\n'));
    found.extend(scanner.scan_bytes(REFLOG, &messages.join(&b'\n')));
    found
}

/// The blobs that the indexes of all work trees name, with the first path of each.
///
/// An index that cannot be read is `caulk staged`'s to complain about: all objects are read without it.
pub(super) fn staged(layout: &Layout, store: &ObjectStore) -> BTreeMap<ObjectNumber, PlacePath> {
    let mut staged = BTreeMap::new();
    for dir in layout.work_tree_dirs() {
        let index = Index::read(&dir.join("index"), store.format()).unwrap_or_default();
        for entry in index.entries.iter().filter(|entry| entry.is_blob()) {
            if let Some(number) = store.find(entry.id.bytes()) {
                staged.entry(number).or_insert_with(|| PlacePath::from(entry.path.as_slice()));
            }
        }
    }
    staged
}

/// The findings in git's own files, and in its hooks.
pub(super) fn own(scanner: &Scanner, layout: &Layout, damage: &mut Vec<Damage>) -> Vec<Finding> {
    own_files(layout, damage).iter().flat_map(|(name, text)| scanner.scan_bytes(name, text)).collect()
}

/// Git's own files and its hooks, each with the name it is shown by.
pub(super) fn own_files(layout: &Layout, damage: &mut Vec<Damage>) -> Vec<(String, Vec<u8>)> {
    let mut texts = Vec::new();
    for dir in layout.work_tree_dirs() {
        let label = dir.strip_prefix(&layout.common).unwrap_or(Path::new(""));
        let mut files: Vec<_> = OWN.iter().map(Path::new).map(Path::to_owned).collect();
        files.extend(files_in(&dir, "hooks", |file| file.extension().is_none_or(|extension| extension != "sample")));
        // What a rebase has stopped at: messages, authors, and the steps to come.
        for folder in ["rebase-merge", "rebase-apply", "sequencer"] {
            files.extend(files_in(&dir, folder, |_| true));
        }
        for file in files {
            let path = dir.join(&file);
            let readable =
                path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MAX_OWN);
            if !readable {
                continue;
            }
            match fs::read(&path) {
                Ok(text) => {
                    let shown = Path::new(".git").join(label).join(&file);
                    texts.push((shown.to_string_lossy().into_owned(), text));
                }
                Err(error) => damage.push(Damage::io(&path, &error)),
            }
        }
    }
    texts
}

/// The wanted files of a folder, by name, as paths from the folder above it.
fn files_in(dir: &Path, folder: &str, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| Path::new(folder).join(entry.file_name())).collect();
    files.retain(|file| wanted(file));
    files.sort();
    files
}
