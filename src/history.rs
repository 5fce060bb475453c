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
mod paths;
mod select;
mod sources;

pub use select::{HistoryOptions, Range, Wanted};

use crate::finding::Finding;
use crate::git::forest::{Decoded, Forest, Visitor};
use crate::git::{
    Damage, DamageKind, GitError, Layout, Lookup, ObjectKind, ObjectNumber, ObjectStore, Reader, refs::Refs,
};
use crate::report::{Manifest, Report, Scope};
use crate::scan::{KnownValues, Progress, Scanner};
use crate::source::Skip;
use assemble::{Found, Scene};
use blobs::Blobs;
use echo::Echo;
use events::History;
use gather::{Gather, Structure};
use messages::Messages;
use paths::Paths;
use rayon::prelude::*;
use select::Selection;
use std::collections::BTreeMap;
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
        let begun = Instant::now();
        let layout = Layout::discover(path)?;
        let mut damage = Vec::new();
        let store = ObjectStore::new(Lookup::open(&layout, &mut damage), &mut damage);
        let refs = Refs::read(&layout, &mut damage);
        progress.total.store(store.len() as u64, Ordering::Relaxed);
        let objects = Objects::new(&store);
        let (structure, messages) = self.gather(&objects, progress, &mut damage);
        let history = History::new(&structure.commits, &structure.trees, &store);
        let selection = Selection::new(options, &store, &refs, &structure, &history)?;
        let paths = selection.paths(&store, &structure, &history);

        let asked = |(number, _): &(ObjectNumber, Finding)| {
            history.index(*number).map_or(selection.is_everything(), |commit| selection.has_commit(commit))
        };
        let mut found = Found {
            blobs: self.scan_blobs(&objects, &selection, &paths, progress, &mut damage),
            messages: messages.into_iter().filter(asked).collect(),
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
        drop(objects.forests);
        let findings = Scene::new(self, &store, &structure, &history, &selection, &paths).findings(&found);
        damage.extend(absent(&layout, &structure, &store));
        let mut manifest = Manifest::new(self.rules(), Scope::History);
        manifest.files = progress.files.load(Ordering::Relaxed);
        manifest.bytes = progress.bytes.load(Ordering::Relaxed);
        manifest.skips = damage.into_iter().map(Skip::from).collect();
        manifest.skips.sort();
        manifest.skips.dedup();
        manifest.duration = begun.elapsed();
        Ok(Report::new(self.rules(), findings, manifest))
    }

    /// Commits, tags and trees, and what was found in messages.
    fn gather(
        &self,
        objects: &Objects<'_>,
        progress: &Progress,
        damage: &mut Vec<Damage>,
    ) -> (Structure, Vec<(ObjectNumber, Finding)>) {
        damage.extend(objects.loose.damage.iter().cloned());
        let messages = Messages::new(self);
        let gather = Gather::new(objects.store, &messages, progress);
        objects.show_others(&gather);
        let (structure, broken) = gather.finish();
        damage.extend(broken.into_values());
        (structure, messages.finish())
    }

    /// What was found in blobs.
    fn scan_blobs(
        &self,
        objects: &Objects<'_>,
        selection: &Selection,
        paths: &Paths,
        progress: &Progress,
        damage: &mut Vec<Damage>,
    ) -> BTreeMap<ObjectNumber, Vec<Finding>> {
        let wanted = |number: ObjectNumber| selection.wants(number, paths);
        let blobs = Blobs::new(self, objects.store, paths, progress, &wanted);
        objects.show_blobs(&blobs);
        let (found, broken) = blobs.finish();
        damage.extend(broken.into_values());
        found
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

/// All objects, ready to be shown.
struct Objects<'o> {
    store: &'o ObjectStore,
    forests: Vec<Forest<'o>>,
    loose: Loose,
}

impl<'o> Objects<'o> {
    fn new(store: &'o ObjectStore) -> Self {
        let packs = 0..store.lookup().packs().len();
        let forests = packs.into_par_iter().map(|pack| Forest::new(store, pack)).collect();
        Self { store, forests, loose: Loose::sort(store) }
    }

    fn show_blobs<V: Visitor>(&self, visitor: &V) {
        self.forests.iter().for_each(|forest| forest.walk(|kind| kind == ObjectKind::Blob, visitor));
        Loose::visit(self.store, &self.loose.blobs, visitor);
    }

    fn show_others<V: Visitor>(&self, visitor: &V) {
        self.forests.iter().for_each(|forest| forest.walk(|kind| kind != ObjectKind::Blob, visitor));
        Loose::visit(self.store, &self.loose.others, visitor);
    }
}

/// Loose objects by kind.
#[derive(Default)]
struct Loose {
    blobs: Vec<ObjectNumber>,
    others: Vec<ObjectNumber>,
    damage: Vec<Damage>,
}

impl Loose {
    fn sort(store: &ObjectStore) -> Self {
        let read = |number: ObjectNumber| (number, store.read(number, &mut Reader::default()));
        let all: Vec<_> = store
            .loose()
            .par_iter()
            .copied()
            .map(read)
            .map(|(number, result)| (number, result.map(|(kind, _)| kind)))
            .collect();
        let mut loose = Self::default();
        for (number, kind) in all {
            match kind {
                Ok(ObjectKind::Blob) => loose.blobs.push(number),
                Ok(_) => loose.others.push(number),
                Err(damage) => loose.damage.push(damage),
            }
        }
        loose
    }

    /// Shows `objects` to a visitor as objects that are made from nothing.
    fn visit<V: Visitor>(store: &ObjectStore, objects: &[ObjectNumber], visitor: &V) {
        objects.par_chunks(256).for_each(|objects| {
            let (mut space, mut reader) = (V::Space::default(), Reader::default());
            for number in objects {
                match store.read(*number, &mut reader) {
                    Ok((kind, bytes)) => {
                        visitor.visit(Decoded { number: *number, kind, bytes: &bytes, base: None }, &mut space);
                    }
                    Err(damage) => visitor.broken(*number, damage),
                }
            }
            visitor.done(space);
        });
    }
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
