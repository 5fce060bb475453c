//! Files that git tracks although an ignore rule names them: they travel, so they are scanned.

use crate::blob::PlacePath;
use crate::blob::path::path_of;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The tracked files of the work tree `repository` that lie below `root` and in or at one of the `ignored` paths.
///
/// # Errors
/// Why the index cannot be read, in words.
pub(super) fn below(repository: &Path, root: &Path, ignored: &BTreeSet<PathBuf>) -> Result<Vec<PathBuf>, String> {
    let index = git_folder(repository).join("index");
    if !index.exists() {
        return Ok(Vec::new());
    }
    // The bare index file, not the repository: no configuration is read and no owner matters.
    let index = git2::Index::open(&index).map_err(|error| error.message().to_owned())?;
    let Ok(full_root) = root.canonicalize() else { return Ok(Vec::new()) };
    let Ok(full_repository) = repository.canonicalize() else { return Ok(Vec::new()) };
    let tracked = index.iter().filter_map(|entry| {
        let full = full_repository.join(path_of(&entry.path));
        let path = root.join(full.strip_prefix(&full_root).ok()?);
        let left_out = path.ancestors().any(|ancestor| ignored.contains(ancestor));
        (left_out && path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())).then_some(path)
    });
    Ok(tracked.collect())
}

/// All files that the work tree `repository` tracks, from its root; none if nothing was ever added.
///
/// # Errors
/// Why the index cannot be read, in words.
pub fn all(repository: &Path) -> Result<HashSet<PlacePath>, String> {
    let index = git_folder(repository).join("index");
    if !index.exists() {
        return Ok(HashSet::new());
    }
    let index = git2::Index::open(&index).map_err(|error| error.message().to_owned())?;
    Ok(index.iter().map(|entry| PlacePath::from(entry.path.as_slice())).collect())
}

/// The folder that holds the index: `.git`, or where a linked work tree's `.git` file points to.
fn git_folder(repository: &Path) -> PathBuf {
    let git = repository.join(".git");
    let pointed =
        fs::read_to_string(&git).ok().and_then(|text| Some(repository.join(text.strip_prefix("gitdir:")?.trim())));
    pointed.unwrap_or(git)
}
