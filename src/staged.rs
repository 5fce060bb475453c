//! What is about to be committed: the lines that the index adds to the commit it will follow.
//!
//! Reads blobs of the index, never files of the work tree: what is committed is what was staged. A file is scanned as a whole, so that a
//! value is judged by all that stands around it, and what touches an added line is reported.

mod changes;
mod lines;

use crate::blob::{Origin, PlacePath};
use crate::finding::Finding;
use crate::git::index::Index;
use crate::git::object::Commit;
use crate::git::refs::head;
use crate::git::{Damage, GitError, Layout, Leftovers, Lookup, ObjectId, Reader};
use crate::report::{Manifest, Report, Scope};
use crate::scan::{Progress, Scanner};
use crate::source::{Skip, SkipReason};
use changes::Change;
use lines::AddedLines;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

/// What to scan of an index.
#[derive(Clone, Debug, Default)]
pub struct StagedOptions {
    /// The index, if it is not the repository's own: git names another one to its hooks.
    pub index: Option<PathBuf>,
}

impl Scanner {
    /// The secrets that the next commit in the repository at or above `path` would add.
    ///
    /// # Errors
    /// There is no repository, or its index cannot be read. What else goes wrong is in the report.
    pub fn scan_staged(&self, path: &Path, options: &StagedOptions, progress: &Progress) -> Result<Report, GitError> {
        let begun = Instant::now();
        let layout = Layout::discover(path)?;
        let mut damage = Vec::new();
        let objects = Lookup::open(&layout, Leftovers::PassedOver, &mut damage);
        let file = options.index.clone().unwrap_or_else(|| layout.git_dir.join("index"));
        let index = Index::read(&file, &layout.git_dir, objects.format)?;
        // Whoever waits for a commit waits for both, so they are done together.
        let find = || {
            let tree = head(&layout, &mut damage).map(|commit| tree_of(&objects, commit)).transpose();
            let tree = tree.unwrap_or_else(|one| {
                // Without the commit before, everything in the index counts as new.
                damage.push(one);
                None
            });
            changes::find(&objects, &index, tree.flatten(), &mut damage)
        };
        let (changes, ()) = rayon::join(find, || self.make_ready());
        progress.total.store(changes.len() as u64, Ordering::Relaxed);
        let scan = |change: &Change| self.scan_change(&objects, change, progress);
        let results: Vec<_> = changes.par_iter().map(scan).collect();
        let mut manifest = Manifest::new(self.rules(), Scope::Staged);
        let mut findings = Vec::new();
        for result in results {
            match result {
                Ok(found) => {
                    manifest.files += 1;
                    findings.extend(found);
                }
                Err(skip) => manifest.skips.push(skip),
            }
        }
        manifest.bytes = progress.bytes.load(Ordering::Relaxed);
        manifest.skips.extend(damage.into_iter().map(Skip::from));
        manifest.skips.extend(index.conflicts().map(|path| Skip { path: path.into(), reason: SkipReason::Conflict }));
        manifest.skips.dedup();
        manifest.duration = begun.elapsed();
        Ok(Report::new(self.rules(), findings, manifest))
    }

    /// The findings on the lines that a change adds.
    fn scan_change(&self, objects: &Lookup, change: &Change, progress: &Progress) -> Result<Vec<Finding>, Skip> {
        let mut reader = Reader::default();
        let path = PlacePath::from(change.path.as_slice());
        let read = |id: &ObjectId, reader: &mut Reader| objects.read(id, reader).map(|(_, bytes)| bytes);
        let name = |damage: Damage| Skip { path: path.clone(), ..Skip::from(damage) };
        let new = read(&change.new, &mut reader).map_err(name)?;
        let added = match &change.old {
            // If the old lines are not known, all are new.
            Some(old) => read(old, &mut reader).map_or(AddedLines::All, |old| AddedLines::between(&old, &new)),
            None => AddedLines::All,
        };
        progress.files.fetch_add(1, Ordering::Relaxed);
        progress.bytes.fetch_add(new.len() as u64, Ordering::Relaxed);
        let findings = self.scan_blob_of(&Origin::new(path), &new);
        let on_added = |finding: &Finding| added.touch(finding.place.start.line, finding.place.end.line);
        Ok(findings.into_iter().filter(on_added).collect())
    }
}

fn tree_of(objects: &Lookup, commit: ObjectId) -> Result<Option<ObjectId>, Damage> {
    let (_, bytes) = objects.read(&commit, &mut Reader::default())?;
    Ok(Commit::parse(&bytes, objects.format).tree)
}
