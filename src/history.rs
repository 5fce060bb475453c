//! Histories: every object of a git repository, and what became of each secret in it.
//!
//! Commits, trees and tags are decoded first, then blobs, each read as the file it is in some commit and scanned only where
//! it differs from what it is made from. What is found is followed through the commits: who brought it in, who took it out, who can still read
//! it. Sits beside `scan`, which judges the bytes.

mod absent;
mod assemble;
mod blobs;
mod cache;
mod change;
mod commits;
mod dirty;
mod echo;
mod events;
mod gather;
mod graph;
mod interest;
mod leads;
mod local;
mod masks;
mod messages;
mod names;
mod nested;
mod objects;
mod own;
mod paths;
mod recent;
mod select;
mod sources;
mod watch;

pub use local::LocalValue;
pub use messages::COMMIT_MESSAGE;
pub use select::{HistoryOptions, Range, Wanted};
pub use watch::{Followed, Recognise, Watch};

use crate::finding::Finding;
use crate::git::{
    Damage, DamageKind, GitError, Layout, Leftovers, Lookup, ObjectKind, ObjectNumber, ObjectStore, refs::Refs,
};
use crate::report::{Manifest, Report, Scope};
use crate::scan::{Progress, Scanner};
use crate::source::Skip;
use assemble::{Found, Scene};
use blobs::{BlobResults, Blobs};
use cache::known::{self, Known};
use cache::outline::{Outline, Recalled};
use cache::{Cache, Content};
use commits::{CommitGraph, History};
use gather::{Gather, Structure};
use graph::Trees;
use messages::Messages;
use objects::{Objects, mend};
use own::Own;
use select::Selection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering;
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
        let mut start = Start::new(self, path, options)?;
        let common = start.layout.common.clone();
        let nested = start.own.as_mut().map_or_else(Vec::new, |own| std::mem::take(&mut own.repositories));
        let quick = if watch.is_none() { start.quick(self, options)? } else { None };
        let (mut report, followed) = match quick {
            Some(report) => (report, Vec::new()),
            None => self.read_all(start, options, watch, progress)?,
        };
        for label in nested {
            match self.scan_history(&common.join(&label), options, progress) {
                Ok(nested) => nested::adopt(&mut report, &label, nested),
                Err(error) => report.manifest.skips.push(unopened(&common.join(label), &error)),
            }
        }
        report.manifest.duration = begun.elapsed();
        Ok((report, followed))
    }

    /// The report of a run over all objects.
    fn read_all(
        &self,
        start: Start,
        options: &HistoryOptions,
        watch: Option<&Watch<'_>>,
        progress: &Progress,
    ) -> Result<(Report, Vec<Followed>), GitError> {
        let Start { layout, own, refs, lookup, mut damage, mut cache, state } = start;
        let store = ObjectStore::new(lookup, &mut damage);
        let known = cache.as_mut().map_or_else(Known::default, |cache| Known::read(cache, &store));
        progress.total.fetch_add(store.len() as u64, Ordering::Relaxed);
        let counts = || (progress.files.load(Ordering::Relaxed), progress.bytes.load(Ordering::Relaxed));
        let before = counts();
        let objects = Objects::new(&store);
        damage.extend(objects.damage());
        let Gathered { structure, trees, messages, broken, mended } = self.gather(&objects, &known, progress);
        let graph = CommitGraph::new(&structure.commits, store.len());
        let selection = Selection::new(options, &store, &refs, &structure, &graph)?;
        let (mut paths, history) = rayon::join(
            || selection.paths(&trees, &store, &graph),
            || History::new(&graph, &structure, &trees, &store, &refs),
        );
        let staged = if selection.is_everything() { sources::staged(&layout, &store) } else { BTreeMap::new() };
        staged.iter().for_each(|(number, path)| paths.name(*number, path));
        let (structure, history, selection) = (&structure, &history, &selection);
        let scene =
            Scene { scanner: self, store: &store, structure, history, selection, paths: &paths, staged: &staged };

        let told = messages.iter().map(|(number, _)| *number).collect();
        let (results, again) = self.scan_blobs(&objects, &scene, progress, &mended, &known);
        let BlobResults { found, broken: mut lost, seen } = results;
        let messages = messages.into_iter().filter(|(number, _)| scene.asks_for(*number)).collect();
        let names = sources::names(self, &trees);
        let mut found = Found { blobs: found, messages, names, texts: Vec::new() };
        if let Some(own) = own {
            found.texts = own.texts(self, &layout, &refs, &found.names, &mut damage);
        }
        if options.traces() {
            let local: Vec<Finding> = options.local.iter().filter_map(|one| one.finding(self)).collect();
            echo::trace(&objects, &scene, &mut found, &local);
        }
        let watched = watch::Scene { store: &store, trees: &trees, history, selection };
        let followed = watch.map_or_else(Vec::new, |watch| watched.follow(&objects, watch));
        drop(objects);
        damage.extend(absent::of(&layout, structure, &trees, &store));
        // What was broken in the first walk and turned out to be a blob was told of again in the second.
        lost.extend(broken.into_iter().filter(|(number, _)| !again.contains(number)));
        damage.extend(structure.misnamed(&trees, &store, &lost));
        damage.extend(lost.values().cloned().chain(selection.lost(&store)));
        let damage: BTreeSet<Damage> = damage.into_iter().collect();
        let findings = scene.findings(&found, trees);
        let mut notes = Vec::new();
        if let Some(mut cache) = cache {
            let outline = state.filter(|_| !options.traces());
            let outline = outline.and_then(|state| Outline::of(&scene, &found, &findings, state, &damage));
            let seen = Seen { blobs: seen, told, lost: lost.into_keys().collect() };
            seen.write(&mut cache, &known, &scene, outline);
            notes = cache.notes;
        }
        if findings.beyond {
            notes.push(format!(
                "folders that stand at more than {} paths of one commit, or too deep, were passed over: not all places are listed",
                interest::MAX_VISITS
            ));
        }
        let mut manifest = manifest(self, damage, notes);
        let after = counts();
        (manifest.files, manifest.bytes) = (after.0 - before.0, after.1 - before.1);
        Ok((Report::new(self.rules(), masks::masked(findings), manifest), followed))
    }

    /// Commits, tags and trees, and what was found in messages.
    fn gather(&self, objects: &Objects<'_>, known: &Known, progress: &Progress) -> Gathered {
        let messages = Messages::new(self, known);
        let gather = Gather::new(objects.store, &messages, progress);
        objects.show_others(&gather);
        let mended = mend(objects.store, gather.take_broken(), &gather, |kind| kind != ObjectKind::Blob);
        let (structure, trees, broken) = gather.finish();
        Gathered { structure, trees, messages: messages.finish(), broken, mended }
    }

    /// What came of blobs, and which were read from another copy; objects that the first walk `mended` are told of no more.
    fn scan_blobs(
        &self,
        objects: &Objects<'_>,
        scene: &Scene<'_>,
        progress: &Progress,
        mended: &BTreeSet<ObjectNumber>,
        known: &Known,
    ) -> (BlobResults, BTreeSet<ObjectNumber>) {
        let wanted = |number: ObjectNumber| scene.selection.wants(number, scene.paths);
        let blobs = Blobs::new(scene, progress, &wanted, known);
        if known.is_empty() {
            objects.show_blobs(&blobs);
        } else {
            objects.show_blobs_of(&|number| blobs.needs(number), &blobs);
        }
        let mut broken = blobs.take_broken();
        broken.retain(|number, _| !mended.contains(number));
        let mended = mend(objects.store, broken, &blobs, |kind| kind == ObjectKind::Blob);
        (blobs.finish(), mended)
    }
}

/// What a run has learned of single objects.
struct Seen {
    /// Blobs that were scanned, with their marks.
    blobs: Vec<(ObjectNumber, u8)>,
    /// Commits and tags in which something was found.
    told: BTreeSet<ObjectNumber>,
    /// What could not be read as it should be.
    lost: BTreeSet<ObjectNumber>,
}

impl Seen {
    /// Writes it, and the outline of the run.
    fn write(self, cache: &mut Cache, known: &Known, scene: &Scene<'_>, outline: Option<Outline>) {
        let mark = |number: ObjectNumber| known::MESSAGE | if self.told.contains(&number) { known::FOUND } else { 0 };
        let mut seen = self.blobs;
        seen.extend(scene.structure.messages().map(|number| (number, mark(number))));
        seen.retain(|(number, _)| !self.lost.contains(number));
        known.write(cache, scene.store, seen, |number| scene.paths.name_of(number));
        if let Some(outline) = outline {
            outline.write(cache);
        }
    }
}

/// What is said of a repository in another one's folder that cannot be opened.
fn unopened(folder: &Path, error: &GitError) -> Skip {
    Skip::from(Damage::new(folder.display(), DamageKind::Unreadable, error.to_string()))
}

/// The account of a run, without counts.
fn manifest(scanner: &Scanner, damage: BTreeSet<Damage>, notes: Vec<String>) -> Manifest {
    let mut manifest = Manifest::new(scanner.rules(), Scope::History);
    manifest.skips = damage.into_iter().map(Skip::from).collect();
    manifest.skips.sort();
    manifest.notes = notes;
    manifest
}

/// What is known before any object is read.
struct Start {
    layout: Layout,
    /// What lies in its folder, if everything is asked for.
    own: Option<Own>,
    refs: Refs,
    lookup: Lookup,
    damage: Vec<Damage>,
    cache: Option<Cache>,
    /// The state of the repository, if it can be told.
    state: Option<[u8; 32]>,
}

impl Start {
    fn new(scanner: &Scanner, path: &Path, options: &HistoryOptions) -> Result<Self, GitError> {
        let mut layout = Layout::discover(path)?;
        layout.quarantine.clone_from(&options.quarantine);
        // What a range asks for is what refs lead to.
        let leftovers = if options.range.is_some() { Leftovers::PassedOver } else { Leftovers::Read };
        let everything = options.range.is_none() && options.wanted == Wanted::All;
        let (mut damage, mut of_files) = (Vec::new(), Vec::new());
        let (mut lookup, (mut refs, own)) = rayon::join(
            || Lookup::open(&layout, leftovers, &mut damage),
            || {
                let refs = Refs::read(&layout, &mut of_files);
                (refs, everything.then(|| Own::list(&layout, &mut of_files)))
            },
        );
        damage.extend(of_files);
        if let Some(own) = &own {
            own.take_in_bundles(&mut lookup, &mut refs, &mut damage);
        }
        // A range reads what is new and nothing else.
        let folder = options.cache.as_ref().filter(|_| options.range.is_none());
        let cache = folder.map(|folder| Cache::open(folder, &layout, scanner));
        let state =
            cache.as_ref().map(|_| cache::state::of((&layout, &lookup, &refs), own.as_ref(), options, &mut damage));
        let state = state.filter(|_| damage.is_empty());
        Ok(Self { layout, own, refs, lookup, damage, cache, state })
    }

    /// The report, if it can be told without reading all objects.
    fn quick(&mut self, scanner: &Scanner, options: &HistoryOptions) -> Result<Option<Report>, GitError> {
        if let Some(range) = options.range.as_ref().filter(|_| self.damage.is_empty() && options.local.is_empty()) {
            let clean = recent::look(scanner, &self.lookup, &self.refs, range)?;
            return Ok(clean.map(|clean| {
                let mut manifest = manifest(scanner, BTreeSet::new(), Vec::new());
                (manifest.files, manifest.bytes) = (clean.objects, clean.bytes);
                Report::new(scanner.rules(), Vec::new(), manifest)
            }));
        }
        let Some(recalled) = self.recall(scanner, options) else { return Ok(None) };
        let notes = self.cache.iter_mut().flat_map(|cache| std::mem::take(&mut cache.notes)).collect();
        Ok(Some(recalled.report(scanner, notes)))
    }

    /// The report of an earlier run, if the repository is as it was.
    fn recall(&mut self, scanner: &Scanner, options: &HistoryOptions) -> Option<Recalled> {
        let state = self.state.filter(|_| !options.traces())?;
        let cache = self.cache.as_mut()?;
        let recalled =
            Outline::read(cache, &state)?.recall(scanner, &self.layout, self.own.as_ref(), &self.lookup, &self.refs);
        if recalled.is_none() {
            cache.reject(Content::Outline, "the repository holds something else");
        }
        recalled
    }
}

impl Recalled {
    fn report(self, scanner: &Scanner, notes: Vec<String>) -> Report {
        let mut manifest = manifest(scanner, self.damage.into_iter().collect(), notes);
        (manifest.files, manifest.bytes) = self.read;
        manifest.known = self.objects.saturating_sub(manifest.files);
        Report::new(scanner.rules(), self.findings, manifest)
    }
}

/// What the walk over everything but blobs gave.
struct Gathered {
    structure: Structure,
    trees: Trees,
    messages: Vec<(ObjectNumber, Finding)>,
    /// What cannot be read, and what could be read from another copy.
    broken: BTreeMap<ObjectNumber, Damage>,
    mended: BTreeSet<ObjectNumber>,
}
