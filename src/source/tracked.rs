//! Files that git tracks although an ignore rule names them: they travel, so they are scanned.

use crate::blob::PlacePath;
use crate::blob::path::path_of;
use crate::git::Layout;
use crate::git::index::Index;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// The tracked files of the work tree `repository` that lie below `root` and in or at one of the `ignored` paths.
///
/// # Errors
/// Why the index cannot be read, in words.
pub(super) fn below(repository: &Path, root: &Path, ignored: &BTreeSet<PathBuf>) -> Result<Vec<PathBuf>, String> {
    let index = index(repository)?;
    let Ok(full_root) = root.canonicalize() else { return Ok(Vec::new()) };
    let Ok(full_repository) = repository.canonicalize() else { return Ok(Vec::new()) };
    let tracked = index.entries().filter_map(|entry| {
        let full = full_repository.join(path_of(entry.path));
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
    Ok(index(repository)?.entries().map(|entry| PlacePath::from(entry.path)).collect())
}

fn index(repository: &Path) -> Result<Index, String> {
    let layout = Layout::discover(repository).map_err(|error| error.to_string())?;
    layout.index(&layout.git_dir).map_err(|error| error.to_string())
}
