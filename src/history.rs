//! Histories: every object of a git repository, and what became of each secret in it.
//!
//! Commits, trees and tags are decoded first, then blobs, each read as the file it is in some commit and scanned only where
//! it differs from what it is made from. What is found is followed through the commits: who brought it in, who took it out, who can still read
//! it. Sits beside `scan`, which judges the bytes.

mod assemble;
mod blobs;
mod dirty;
mod echo;
mod events;
mod gather;
mod graph;
mod interest;
mod messages;
mod objects;
mod paths;
mod select;
mod sources;
mod watch;

pub use messages::COMMIT_MESSAGE;
pub use select::{HistoryOptions, Range, Wanted};
pub use watch::{Followed, Recognise, Watch};

use crate::finding::Finding;
use crate::git::{Damage, DamageKind, GitError, Layout, Lookup, ObjectKind, ObjectNumber, ObjectStore, refs::Refs};
use crate::report::{Manifest, Report, Scope};
use crate::scan::{KnownValues, Progress, Scanner};
use crate::source::Skip;
use assemble::{Found, Scene};
use blobs::Blobs;
use echo::Echo;
use events::History;
use gather::{Gather, Structure};
use messages::Messages;
use objects::{Objects, mend};
use paths::Paths;
use select::Selection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

impl Scanner {
    /// The secrets in the history of the repository at or above `path`, one finding for each value, with its exposure.
    ///
    /// # Errors
    /// There is no repository, it cannot be opened, or a revision names nothing. What else goes wrong is in the report.
    pub fn scan_history(&self, path: &Path, options: &HistoryOptions, progress: &Progress) -> Result<Report, GitError> {
        self.follow_history(path, options, None, progress).map(|(report, _)| report)
    }

    /// The same, and what became of everything that is watched.
    ///
    /// # Errors
    /// As for [`Self::scan_history`].
    pub fn follow_history(
        &self,
        path: &Path,
        options: &HistoryOptions,
        watch: Option<&Watch<'_>>,
        progress: &Progress,
    ) -> Result<(Report, Vec<Followed>), GitError> {
        let begun = Instant::now();
        let mut layout = Layout::discover(path)?;
        layout.quarantine.clone_from(&options.quarantine);
        let mut damage = Vec::new();
        let store = ObjectStore::new(Lookup::open(&layout, &mut damage), &mut damage);
        let refs = Refs::read(&layout, &mut damage);
        progress.total.store(store.len() as u64, Ordering::Relaxed);
        let objects = Objects::new(&store);
        damage.extend(objects.damage());
        let gathered = self.gather(&objects, progress);
        let structure = &gathered.structure;
        let history = History::new(&structure.commits, &structure.trees, &store);
        let selection = Selection::new(options, &store, &refs, structure, &history)?;
        let mut paths = selection.paths(&store, structure, &history);
        let staged = if selection.is_everything() { sources::staged(&layout, &store) } else { BTreeMap::new() };
        staged.iter().for_each(|(number, path)| paths.name(*number, path));

        let asked = |(number, _): &(ObjectNumber, Finding)| {
            history.index(*number).map_or_else(|| selection.has_tag(*number), |commit| selection.has_commit(commit))
        };
        let (in_blobs, mut lost) = self.scan_blobs(&objects, &selection, &paths, progress, &gathered.mended);
        let mut found = Found {
            blobs: in_blobs,
            messages: gathered.messages.into_iter().filter(asked).collect(),
            names: sources::names(self, &structure.trees),
            texts: Vec::new(),
        };
        if selection.is_everything() {
            found.texts = sources::refs(self, &refs);
            found.texts.extend(sources::own(self, &layout, &mut damage));
        }
        if options.trace {
            self.trace(&objects, &selection, &paths, &mut found);
        }
        let watched = watch::Scene { store: &store, structure, history: &history, selection: &selection };
        let followed = watch.map_or_else(Vec::new, |watch| watched.follow(&objects, watch));
        drop(objects);
        damage.extend(absent(&layout, structure, &store));
        // What was broken in the first walk and turned out to be a blob was told of again in the second.
        lost.broken.extend(gathered.broken.into_iter().filter(|(number, _)| !lost.mended.contains(number)));
        damage.extend(structure.misnamed(&store, &lost.broken));
        damage.extend(lost.broken.into_values().chain(selection.lost(&store)));
        let mut manifest = Manifest::new(self.rules(), Scope::History);
        manifest.files = progress.files.load(Ordering::Relaxed);
        manifest.bytes = progress.bytes.load(Ordering::Relaxed);
        manifest.skips = damage.into_iter().map(Skip::from).collect();
        manifest.skips.sort();
        manifest.skips.dedup();
        let scene = Scene {
            scanner: self,
            store: &store,
            structure,
            history: &history,
            selection: &selection,
            paths: &paths,
            staged: &staged,
        };
        let findings = scene.findings(&found);
        manifest.duration = begun.elapsed();
        Ok((Report::new(self.rules(), findings, manifest), followed))
    }

    /// Commits, tags and trees, and what was found in messages.
    fn gather(&self, objects: &Objects<'_>, progress: &Progress) -> Gathered {
        let messages = Messages::new(self);
        let gather = Gather::new(objects.store, &messages, progress);
        objects.show_others(&gather);
        let mended = mend(objects.store, gather.take_broken(), &gather, |kind| kind != ObjectKind::Blob);
        let (structure, broken) = gather.finish();
        Gathered { structure, messages: messages.finish(), broken, mended }
    }

    /// What was found in blobs, and which objects were lost or read from another copy; `known` ones are told of no more.
    fn scan_blobs(
        &self,
        objects: &Objects<'_>,
        selection: &Selection,
        paths: &Paths,
        progress: &Progress,
        known: &BTreeSet<ObjectNumber>,
    ) -> (BTreeMap<ObjectNumber, Vec<Finding>>, Lost) {
        let wanted = |number: ObjectNumber| selection.wants(number, paths);
        let blobs = Blobs::new(self, objects.store, paths, progress, &wanted);
        objects.show_blobs(&blobs);
        let mut broken = blobs.take_broken();
        broken.retain(|number, _| !known.contains(number));
        let mended = mend(objects.store, broken, &blobs, |kind| kind == ObjectKind::Blob);
        let (found, broken) = blobs.finish();
        (found, Lost { broken, mended })
    }

    /// Adds where else the values stand that were found.
    fn trace(&self, objects: &Objects<'_>, selection: &Selection, paths: &Paths, found: &mut Found) {
        let known = found.blobs.values().flatten().chain(found.messages.iter().map(|(_, finding)| finding));
        let Some(values) = KnownValues::of(known) else { return };
        let wanted = |number: ObjectNumber| selection.wants(number, paths);
        let echo = Echo {
            scanner: self,
            store: objects.store,
            paths,
            values: &values,
            wanted: &wanted,
            found: &found.blobs,
            echoes: Mutex::default(),
        };
        objects.show_blobs(&echo);
        for (number, echoes) in echo.echoes.into_inner().unwrap_or_else(PoisonError::into_inner) {
            found.blobs.entry(number).or_default().extend(echoes);
        }
    }
}

/// What a walk over blobs could not read, and what it could read from another copy.
struct Lost {
    broken: BTreeMap<ObjectNumber, Damage>,
    mended: BTreeSet<ObjectNumber>,
}

/// What the walk over everything but blobs gave.
struct Gathered {
    structure: Structure,
    messages: Vec<(ObjectNumber, Finding)>,
    /// What cannot be read, and what could be read from another copy.
    broken: BTreeMap<ObjectNumber, Damage>,
    mended: BTreeSet<ObjectNumber>,
}

/// What the objects name and what is not here.
fn absent(layout: &Layout, structure: &Structure, store: &ObjectStore) -> Vec<Damage> {
    let shallow = std::fs::read_to_string(layout.common.join("shallow")).unwrap_or_default();
    let cut: Vec<&str> = shallow.lines().map(str::trim).collect();
    let why_missing = if layout.settings.promisor {
        "not fetched: this is a partial clone (`git fetch --refetch` without a filter gets everything)"
    } else {
        "it is named by another object and is not here"
    };
    let mut damage: Vec<Damage> =
        structure.trees.missing.iter().map(|id| Damage::new(id, DamageKind::Missing, why_missing)).collect();
    for (parent, child) in &structure.lost_parents {
        let child = store.id(*child).to_string();
        damage.push(if cut.contains(&child.as_str()) {
            Damage::new(
                parent,
                DamageKind::Cut,
                "history is cut off here: this is a shallow clone (`git fetch --unshallow` gets the rest)",
            )
        } else {
            Damage::new(parent, DamageKind::Missing, why_missing)
        });
    }
    damage
}
