//! Putting together: what was found in objects, and what became of it, as one finding for each secret.

use super::commits::History;
use super::events::{Events, Life};
use super::gather::Structure;
use super::graph::{NameId, Trees};
use super::interest::{Held, Interest, Memo, SecretId};
use super::leads::Leads;
use super::paths::Paths;
use super::select::{Selection, Tip};
use super::{blobs, sources};
use crate::blob::{Origin, PlacePath};
use crate::day;
use crate::finding::exposure::{CommitNote, ExposedPlace, Exposure, MAX_REFS, Reach};
use crate::finding::{Finding, Fingerprint, Place};
use crate::git::{ObjectNumber, ObjectStore};
use crate::scan::Scanner;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// A finding of the report, and the one that speaks for it.
pub(super) struct Assembled<'f> {
    pub(super) finding: Finding,
    pub(super) witness: &'f Finding,
}

/// The findings of a report, with names as they are.
pub(super) struct Assembly<'f> {
    pub(super) findings: Vec<Assembled<'f>>,
    /// Of each secret that was met the finding whose mask stands for it.
    pub(super) firsts: Vec<&'f Finding>,
    /// Are there more places than are listed?
    pub(super) beyond: bool,
}

/// Everything a history scan knows.
pub(super) struct Scene<'s> {
    pub(super) scanner: &'s Scanner,
    pub(super) store: &'s ObjectStore,
    pub(super) structure: &'s Structure,
    pub(super) history: &'s History<'s>,
    pub(super) selection: &'s Selection,
    pub(super) paths: &'s Paths,
    /// What stands in the index, by object.
    pub(super) staged: &'s BTreeMap<ObjectNumber, PlacePath>,
}

/// What was found, by where it stands.
#[derive(Default)]
pub(super) struct Found {
    pub(super) blobs: BTreeMap<ObjectNumber, Vec<Finding>>,
    /// In commits and tags.
    pub(super) messages: Vec<(ObjectNumber, Finding)>,
    /// In names of entries.
    pub(super) names: Vec<(NameId, Finding)>,
    /// In what is no object.
    pub(super) texts: Vec<Finding>,
}

/// The secrets of a run, numbered by where they were met first.
#[derive(Default)]
struct Secrets<'f> {
    ids: HashMap<&'f [u8], SecretId>,
    /// For each the findings that name it.
    findings: Vec<Vec<&'f Finding>>,
}

impl<'f> Secrets<'f> {
    fn id(&mut self, finding: &'f Finding) -> SecretId {
        let next = SecretId(self.findings.len() as u32);
        let id = *self.ids.entry(finding.secret.expose()).or_insert(next);
        match self.findings.get_mut(id.0 as usize) {
            Some(known) => known.push(finding),
            None => self.findings.push(vec![finding]),
        }
        id
    }

    fn of(&self, finding: &Finding) -> SecretId {
        self.ids.get(finding.secret.expose()).copied().unwrap_or(SecretId(0))
    }
}

/// What is known of a secret beside the commits.
#[derive(Default)]
struct Trace {
    places: Vec<((usize, PlacePath), ExposedPlace)>,
    refs: Vec<PlacePath>,
    ref_count: usize,
    reach: Option<Reach>,
    pushed: bool,
    in_head: bool,
}

impl Trace {
    /// A ref leads to it; refs come in the order in which they are to be named.
    fn named(&mut self, name: &PlacePath) {
        if self.refs.last() != Some(name) {
            self.ref_count += 1;
            if self.refs.len() < MAX_REFS {
                self.refs.push(name.clone());
            }
        }
    }

    fn reached(&mut self, reach: Reach) {
        self.reach = Some(self.reach.map_or(reach, |known| known.min(reach)));
    }

    fn named_by(&mut self, tip: &Tip) {
        self.reached(tip.reach);
        self.pushed |= tip.remote;
        // HEAD is told of apart.
        if tip.reach <= Reach::Stash && tip.name.bytes() != b"HEAD" {
            self.named(&tip.name);
        }
    }
}

impl Scene<'_> {
    /// One finding for each secret, in no particular order and with names as they are.
    ///
    /// Forgets what stands in `trees` when it is known what leads to a secret: that is the most memory of all.
    pub(super) fn findings<'f>(&self, found: &'f Found, mut trees: Trees) -> Assembly<'f> {
        let mut secrets = Secrets::default();
        let mut held = Held::default();
        for (number, findings) in &found.blobs {
            held.objects.insert(*number, findings.iter().map(|finding| secrets.id(finding)).collect());
        }
        for (name, finding) in &found.names {
            held.names.entry(*name).or_default().push(secrets.id(finding));
        }
        let mut messages = Vec::new();
        for (number, finding) in &found.messages {
            let secret = secrets.id(finding);
            messages.extend(self.history.graph.index(*number).map(|commit| (commit, secret)));
        }
        for finding in &found.texts {
            secrets.id(finding);
        }
        let leads = Leads::new(&trees, &held, self.store.len());
        trees.forget_entries();
        let interest = Interest::new(&trees, &held, leads);
        let mut events = Events::new(self.history, &interest, secrets.findings.len(), &messages);
        let mut traces: Vec<Trace> = Vec::new();
        traces.resize_with(secrets.findings.len(), Trace::default);
        self.read_tips(&mut events, &interest, &mut traces);
        self.place_blobs(found, &secrets, &events.lives, &mut traces);
        self.place_texts(found, &secrets, &mut traces);
        let parts = secrets.findings.par_iter().zip(events.lives).zip(traces);
        let findings = parts.filter_map(|((findings, life), trace)| self.finding(findings, &life, trace)).collect();
        let firsts = secrets.findings.iter().filter_map(|findings| findings.first().copied()).collect();
        Assembly { findings, firsts, beyond: interest.is_beyond() }
    }

    /// Is what this commit or tag says asked for?
    pub(super) fn asks_for(&self, number: ObjectNumber) -> bool {
        match self.history.graph.index(number) {
            Some(commit) => self.selection.has_commit(commit),
            None => self.selection.has_tag(number),
        }
    }

    /// From which refs each secret can be read.
    fn read_tips(&self, events: &mut Events<'_>, interest: &Interest<'_>, traces: &mut [Trace]) {
        let (tips, commits) = self.selection.commit_tips();
        let readable = events.spread(&commits);
        let secrets = (0..traces.len() as u32).into_par_iter().map(SecretId);
        traces.par_iter_mut().zip(secrets).for_each_init(Memo::default, |memo, (trace, secret)| {
            for at in readable.tips(secret) {
                let tip = tips[at];
                trace.named_by(tip);
                // A reflog of HEAD has its name as well.
                let head = tip.reach == Reach::Refs && tip.name.bytes() == b"HEAD";
                trace.in_head |= head && interest.holds(self.history.root(commits[at]), secret, memo);
            }
        });
        // Refs can lead to files and folders, too.
        for (tip, object) in
            self.selection.tips.iter().filter(|tip| tip.commit.is_none()).filter_map(|tip| Some((tip, tip.object?)))
        {
            let below = interest.tree(object).map(|tree| interest.difference(None, Some(tree)).1);
            let below = below.into_iter().flatten().map(|spot| spot.secret);
            let own = interest.held.objects.get(&object).into_iter().flatten().copied();
            own.chain(below).for_each(|secret| traces[secret.0 as usize].named_by(tip));
        }
    }

    /// Places in files: by the commits that have them, and those that no commit has.
    fn place_blobs(&self, found: &Found, secrets: &Secrets<'_>, lives: &[Life], traces: &mut [Trace]) {
        let place_of = |object: Option<ObjectNumber>, secret: SecretId| {
            let in_blob = object.and_then(|object| found.blobs.get(&object)).into_iter().flatten();
            in_blob.chain(found.names.iter().map(|(_, finding)| finding)).find(|finding| secrets.of(finding) == secret)
        };
        let ids = (0..lives.len() as u32).into_par_iter().map(SecretId);
        lives.par_iter().zip(ids).zip(traces.par_iter_mut()).for_each(|((life, secret), trace)| {
            for (path, (commit, object)) in &life.places {
                let Some(finding) = place_of(*object, secret) else { continue };
                let path = PlacePath::from(path.as_slice());
                let key = (self.history.position(*commit), path.clone());
                let origin = Origin::new(path);
                trace.places.push((key, self.exposed(finding, origin, Some(*commit), *object)));
            }
        });
        for (number, findings) in found.blobs.iter().filter(|(number, _)| !self.paths.is_committed(**number)) {
            let origin = findings.first().map(|finding| finding.place.origin.clone());
            let origin = origin.unwrap_or_else(|| blobs::nameless(&self.store.id(*number)));
            for finding in findings {
                let trace = &mut traces[secrets.of(finding).0 as usize];
                let key = (usize::MAX, origin.path.clone());
                trace.places.push((key, self.exposed(finding, origin.clone(), None, Some(*number))));
                if self.staged.contains_key(number) {
                    trace.reached(Reach::Index);
                }
            }
        }
    }

    /// Places in messages, and in what is no object.
    fn place_texts(&self, found: &Found, secrets: &Secrets<'_>, traces: &mut [Trace]) {
        for (number, finding) in &found.messages {
            let trace = &mut traces[secrets.of(finding).0 as usize];
            let commit = self.history.graph.index(*number);
            let key =
                (commit.map_or(usize::MAX, |commit| self.history.position(commit)), finding.place.origin.path.clone());
            trace.places.push((key, self.exposed(finding, finding.place.origin.clone(), commit, Some(*number))));
            if commit.is_none() {
                self.read_tag(*number, trace);
            }
        }
        for finding in &found.texts {
            let trace = &mut traces[secrets.of(finding).0 as usize];
            let origin = finding.place.origin.clone();
            trace.reached(Reach::Local);
            trace.places.push(((usize::MAX, origin.path.clone()), self.exposed(finding, origin, None, None)));
        }
    }

    /// Which refs lead to a tag, by way of other tags too.
    fn read_tag(&self, tag: ObjectNumber, trace: &mut Trace) {
        for tip in &self.selection.tips {
            let mut leads =
                self.store.find(tip.target.bytes()).into_iter().flat_map(|first| self.structure.tagged(first));
            if leads.any(|at| at == tag) {
                trace.named_by(tip);
            }
        }
    }

    fn exposed(
        &self,
        finding: &Finding,
        origin: Origin,
        commit: Option<u32>,
        object: Option<ObjectNumber>,
    ) -> ExposedPlace {
        let rule = self.scanner.rules().rule(finding.rule);
        ExposedPlace {
            commit: commit.map(|commit| self.history.note(commit, self.store)),
            object: object.map(|object| self.store.id(object).to_string()),
            fingerprint: Fingerprint::new(rule.id(), origin.key.bytes(), finding.secret.expose()),
            place: Place { origin, ..finding.place.clone() },
            directive: finding.directive.clone(),
        }
    }

    /// A later version of a file may say what the first one did not.
    fn read_directives(&self, findings: &[&Finding], places: &mut [ExposedPlace]) {
        let holds = |finding: &Finding| {
            let rule = self.scanner.rules().rule(finding.rule);
            finding.directive.as_ref().is_some_and(|directive| directive.holds(rule.id()))
        };
        let stated: Vec<&Finding> = findings.iter().copied().filter(|finding| holds(finding)).collect();
        for place in places {
            let said = stated.iter().find(|finding| finding.place.origin.key == place.place.origin.key);
            if let Some(finding) = said {
                place.directive.clone_from(&finding.directive);
            }
        }
    }

    /// The finding for a secret; the one among `findings` that is surest speaks for it.
    fn finding<'f>(&self, findings: &[&'f Finding], life: &Life, mut trace: Trace) -> Option<Assembled<'f>> {
        let wanted = |commits: &[u32]| -> Vec<u32> {
            commits.iter().copied().filter(|commit| self.selection.has_commit(*commit)).collect()
        };
        let introduced = wanted(&life.introduced);
        trace.places.sort_by(|(one, _), (two, _)| one.cmp(two));
        let mut places: Vec<ExposedPlace> = trace.places.into_iter().map(|(_, place)| place).collect();
        let in_names =
            findings.iter().all(|finding| finding.place.origin.path.bytes() == sources::FILE_NAME.as_bytes());
        if in_names && introduced.is_empty() && !self.selection.is_everything() {
            // A name that was there before is not new.
            return None;
        }
        if places.is_empty() {
            // In the name of a file that no commit has.
            places.extend(
                findings.iter().map(|finding| self.exposed(finding, finding.place.origin.clone(), None, None)).next(),
            );
        }
        self.read_directives(findings, &mut places);
        let first = places.first()?.clone();
        let rank = |finding: &&Finding| (finding.confidence, finding.severity, std::cmp::Reverse(finding.rule));
        let surest = *findings.iter().max_by_key(|finding| rank(finding))?;
        let rule = self.scanner.rules().rule(surest.rule);
        let introduced =
            introduced.first().or(life.introduced.first()).map(|commit| self.history.note(*commit, self.store));
        // A stash is put together from commits by leaving out: that takes nothing out of anywhere.
        let mut removed: Vec<u32> =
            life.removed.iter().copied().filter(|commit| !self.selection.stashes.contains(commit)).collect();
        removed.sort_by_key(|commit| self.history.position(*commit));
        let exposure = Exposure {
            age_days: introduced.as_ref().map(age_days),
            introduced,
            removed: removed.into_iter().map(|commit| self.history.note(commit, self.store)).collect(),
            in_head: trace.in_head,
            refs: trace.refs,
            ref_count: trace.ref_count,
            reach: trace.reach.unwrap_or(Reach::Unreachable),
            pushed: trace.pushed,
            places,
        };
        let fingerprint = Fingerprint::new(rule.id(), first.place.origin.key.bytes(), surest.secret.expose());
        let finding = Finding { fingerprint, place: first.place, exposure: Some(Box::new(exposure)), ..surest.clone() };
        Some(Assembled { finding, witness: surest })
    }
}

/// How many days ago something was committed.
pub(super) fn age_days(note: &CommitNote) -> i64 {
    day::days_between(note.seconds, day::now()).max(0)
}
