//! Text of a repository that is no file of a commit: names of files and refs, and what reflogs say.

use super::graph::{NameId, Trees};
use crate::blob::PlacePath;
use crate::finding::Finding;
use crate::git::index::IndexEntry;
use crate::git::refs::Refs;
use crate::git::{Layout, ObjectNumber, ObjectStore};
use crate::scan::Scanner;
use std::collections::BTreeMap;

/// What a secret in the name of a file is reported as.
pub(super) const FILE_NAME: &str = "(file name)";
const REF_NAME: &str = "(ref name)";
const REFLOG: &str = "(reflog)";

/// The findings in names of entries.
pub(super) fn names(scanner: &Scanner, trees: &Trees) -> Vec<(NameId, Finding)> {
    let names: Vec<(NameId, &[u8])> = trees.names.iter().collect();
    let texts: Vec<&[u8]> = names.iter().map(|(_, bytes)| *bytes).collect();
    let found = hits(scanner, &texts).into_iter().map(|at| names[at]);
    let found = found
        .flat_map(|(name, bytes)| scanner.scan_bytes(FILE_NAME, bytes).into_iter().map(move |finding| (name, finding)));
    found.collect()
}

/// Which of `names` hold something, by their numbers: all are looked at at once, since most histories have no secret in any of them.
///
/// Whoever asks has to scan those alone: words of a neighbour do not count.
pub(super) fn hits(scanner: &Scanner, names: &[&[u8]]) -> Vec<usize> {
    let (mut text, mut starts) = (Vec::new(), Vec::new());
    for name in names {
        starts.push(text.len());
        text.extend(name.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
        text.push(b'\n');
    }
    let spots = scanner.scan_bytes(FILE_NAME, &text).into_iter().map(|finding| finding.place.span.start);
    let mut hits: Vec<usize> = spots.map(|spot| starts.partition_point(|start| *start <= spot) - 1).collect();
    hits.dedup();
    hits
}

/// The findings in names of refs, whether they lead to something or not, and in what reflogs say.
pub(super) fn refs(scanner: &Scanner, refs: &Refs) -> Vec<Finding> {
    let mut names: Vec<&[u8]> = refs.refs.iter().map(|one| one.name.bytes()).collect();
    names.extend(refs.nowhere.iter().map(PlacePath::bytes));
    names.extend(refs.log.iter().map(|entry| entry.name.bytes()));
    names.sort_unstable();
    names.dedup();
    let texts: Vec<&[u8]> = refs.log.iter().map(|entry| entry.text.as_slice()).collect();
    let mut found = scanner.scan_bytes(REF_NAME, &names.join(&b'\n'));
    found.extend(scanner.scan_bytes(REFLOG, &texts.join(&b'\n')));
    found
}

/// The blobs that the indexes of all work trees name, with the first path of each.
///
/// An index that cannot be read is `caulk staged`'s to complain about: all objects are read without it.
pub(super) fn staged(layout: &Layout, store: &ObjectStore) -> BTreeMap<ObjectNumber, PlacePath> {
    let mut staged = BTreeMap::new();
    for dir in layout.work_tree_dirs() {
        let index = layout.index(&dir).unwrap_or_default();
        for entry in index.entries().filter(IndexEntry::is_blob) {
            if let Some(number) = store.find(entry.id.bytes()) {
                staged.entry(number).or_insert_with(|| PlacePath::from(entry.path));
            }
        }
        for (path, id) in &index.resolved {
            if let Some(number) = store.find(id.bytes()) {
                staged.entry(number).or_insert_with(|| PlacePath::from(path.as_slice()));
            }
        }
    }
    staged
}
