//! Outlines: where the findings of a whole run stand and what became of them, without any value and any text.
//!
//! If the repository is as it was, the few objects that are named are scanned again, and the report is what a run over all objects
//! would give.

use super::{Cache, Content};
use crate::blob::{Origin, PlacePath};
use crate::finding::directive::Directive;
use crate::finding::exposure::{CommitNote, ExposedPlace, Exposure, Reach};
use crate::finding::{Finding, Fingerprint, Place};
use crate::git::refs::Refs;
use crate::git::{Damage, DamageKind, Layout, Lookup, ObjectFormat, ObjectId, ObjectKind, ObjectNumber, Reader};
use crate::history::assemble::{Assembled, Assembly, Found, Scene, age_days};
use crate::history::masks::{Masks, masked};
use crate::history::own::Own;
use crate::history::{blobs, commits, messages};
use crate::scan::Scanner;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

const REACHES: [Reach; 6] = [Reach::Refs, Reach::Stash, Reach::Reflog, Reach::Index, Reach::Local, Reach::Unreachable];

/// The number of what is no object.
const TEXTS: u32 = u32::MAX;

/// Where the findings of a run stand.
#[derive(Serialize, Deserialize)]
pub(in crate::history) struct Outline {
    /// The state of the repository, see [`super::state`].
    state: [u8; 32],
    /// How many objects there were.
    all: u64,
    /// Objects to scan again.
    objects: Vec<Scanned>,
    /// How many findings are in what is no object.
    texts: usize,
    /// Raw ids of commits.
    commits: Vec<Vec<u8>>,
    findings: Vec<Kept>,
    /// What is missing: what it is, whether it was cut off on purpose, why.
    missing: Vec<(String, bool, String)>,
}

/// An object in which something was found.
#[derive(Serialize, Deserialize)]
struct Scanned {
    id: Vec<u8>,
    /// The path it was read as.
    path: Option<Name>,
    findings: usize,
}

/// A finding: the number of its object, and its number there.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Spot(u32, u32);

/// A secret of the report.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The finding that speaks for it.
    witness: Spot,
    /// The finding whose mask stands for the value.
    first: Spot,
    introduced: Option<u32>,
    removed: Vec<u32>,
    in_head: bool,
    refs: Vec<Name>,
    ref_count: usize,
    reach: u8,
    pushed: bool,
    places: Vec<KeptPlace>,
}

#[derive(Serialize, Deserialize)]
struct KeptPlace {
    spot: Spot,
    commit: Option<u32>,
    /// The path, if it is another one than the object was read as.
    path: Option<Name>,
    /// The finding beside which the comment stands that speaks for it.
    directive: Option<Spot>,
}

/// A name as it is; those that hold a value are not kept in an outline.
type Name = Vec<u8>;

/// A report put together again.
pub(in crate::history) struct Recalled {
    pub(in crate::history) findings: Vec<Finding>,
    pub(in crate::history) damage: Vec<Damage>,
    /// Objects that were scanned for it, and their bytes.
    pub(in crate::history) read: (u64, u64),
    /// How many objects there are.
    pub(in crate::history) objects: u64,
}

impl Outline {
    /// The outline of a finished run; `None` if one cannot tell all of it: names of files or refs hold a value, or something
    /// could not be read.
    pub(in crate::history) fn of(
        scene: &Scene<'_>,
        found: &Found,
        assembly: &Assembly<'_>,
        state: [u8; 32],
        damage: &BTreeSet<Damage>,
    ) -> Option<Self> {
        let missing = |one: &Damage| {
            let cut = one.kind == DamageKind::Cut;
            (cut || one.kind == DamageKind::Missing).then(|| (one.what.clone(), cut, one.why.clone()))
        };
        let missing = damage.iter().map(missing).collect::<Option<Vec<_>>>()?;
        if assembly.beyond || !found.names.is_empty() || assembly.firsts.len() != assembly.findings.len() {
            return None;
        }
        let mut maker = Maker::new(scene, found, Masks::new(&assembly.firsts));
        let kept = |(one, first): (&Assembled<'_>, &&Finding)| maker.kept(one, first);
        let findings = assembly.findings.iter().zip(&assembly.firsts).map(kept).collect::<Option<Vec<_>>>()?;
        let Maker { objects, commits, .. } = maker;
        Some(Self {
            state,
            all: scene.store.len() as u64,
            objects,
            texts: found.texts.len(),
            commits,
            findings,
            missing,
        })
    }

    /// Writes it.
    pub(in crate::history) fn write(&self, cache: &mut Cache) {
        match postcard::to_stdvec(self) {
            Ok(body) => cache.write(Content::Outline, &body),
            Err(error) => cache.reject(Content::Outline, &error.to_string()),
        }
    }

    /// The outline of an earlier run, if the repository is in the same `state`.
    pub(in crate::history) fn read(cache: &mut Cache, state: &[u8; 32]) -> Option<Self> {
        let body = cache.read(Content::Outline)?;
        match postcard::from_bytes::<Self>(&body) {
            Ok(outline) => Some(outline).filter(|outline| outline.state == *state),
            Err(_) => {
                cache.reject(Content::Outline, "it cannot be understood");
                None
            }
        }
    }

    /// Scans what it names, and puts the report together; `None` if the repository holds something else.
    pub(in crate::history) fn recall(
        self,
        scanner: &Scanner,
        layout: &Layout,
        own: Option<&Own>,
        lookup: &Lookup,
        refs: &Refs,
    ) -> Option<Recalled> {
        let mut damage = Vec::new();
        let texts = own.map_or_else(Vec::new, |own| own.texts(scanner, layout, refs, &[], &mut damage));
        if texts.len() != self.texts || !damage.is_empty() {
            return None;
        }
        let scan = |reader: &mut Reader, one: &Scanned| one.scan(scanner, lookup, reader);
        let scanned = self.objects.par_iter().map_init(Reader::default, scan).collect::<Option<Vec<_>>>()?;
        let read = (scanned.len() as u64, scanned.iter().map(|(_, bytes)| *bytes as u64).sum());
        let mut reader = Reader::default();
        let notes = self.commits.iter().map(|id| commits::note(lookup, &ObjectId::new(id), &mut reader));
        let known = KnownFindings {
            scanner,
            objects: &self.objects,
            scanned: scanned.into_iter().map(|(findings, _)| findings).collect(),
            texts,
            notes: notes.collect(),
        };
        let findings = self.findings.iter().map(|kept| known.finding(kept)).collect::<Option<Vec<_>>>()?;
        let firsts = self.findings.iter().map(|kept| known.at(kept.first)).collect::<Option<Vec<_>>>()?;
        let findings = masked(Assembly { findings, firsts, beyond: false });
        let missing = self.missing.into_iter().map(|(what, cut, why)| {
            let kind = if cut { DamageKind::Cut } else { DamageKind::Missing };
            Damage { what, kind, why }
        });
        Some(Recalled { findings, damage: missing.collect(), read, objects: self.all })
    }
}

impl Scanned {
    /// The findings in the object, and its size.
    fn scan(&self, scanner: &Scanner, lookup: &Lookup, reader: &mut Reader) -> Option<(Vec<Finding>, usize)> {
        let id = ObjectId::new(&self.id);
        let (kind, bytes) = lookup.read_sound(&id, reader).ok()?;
        let findings = match (kind, &self.path) {
            (ObjectKind::Blob, Some(path)) => {
                scanner.scan_blob_of(&Origin::new(PlacePath::from(path.as_slice())), &bytes)
            }
            (ObjectKind::Blob, None) => scanner.scan_blob_of(&blobs::nameless(&id), &bytes),
            (ObjectKind::Commit | ObjectKind::Tag, _) => messages::scan(scanner, kind, &bytes),
            (ObjectKind::Tree, _) => return None,
        };
        (findings.len() == self.findings).then_some((findings, bytes.len()))
    }
}

/// What was scanned again.
struct KnownFindings<'k> {
    scanner: &'k Scanner,
    objects: &'k [Scanned],
    scanned: Vec<Vec<Finding>>,
    texts: Vec<Finding>,
    notes: Vec<CommitNote>,
}

impl KnownFindings<'_> {
    fn at(&self, spot: Spot) -> Option<&Finding> {
        let findings = if spot.0 == TEXTS { &self.texts } else { self.scanned.get(spot.0 as usize)? };
        findings.get(spot.1 as usize)
    }

    fn note(&self, commit: u32) -> Option<CommitNote> {
        self.notes.get(commit as usize).cloned()
    }

    fn place(&self, kept: &KeptPlace) -> Option<ExposedPlace> {
        let finding = self.at(kept.spot)?;
        let own = || finding.place.origin.clone();
        let origin = kept.path.as_ref().map_or_else(own, |path| Origin::new(PlacePath::from(path.as_slice())));
        Some(ExposedPlace {
            commit: kept.commit.map(|commit| self.note(commit)).map_or(Some(None), |note| note.map(Some))?,
            object: self.objects.get(kept.spot.0 as usize).map(|object| ObjectId::new(&object.id).to_string()),
            fingerprint: fingerprint(self.scanner, finding, &origin),
            place: Place { origin, ..finding.place.clone() },
            directive: match kept.directive {
                Some(spot) => self.at(spot)?.directive.clone(),
                None => None,
            },
        })
    }

    fn finding(&self, kept: &Kept) -> Option<Assembled<'_>> {
        let witness = self.at(kept.witness)?;
        let places = kept.places.iter().map(|place| self.place(place)).collect::<Option<Vec<_>>>()?;
        let first = places.first()?.clone();
        let introduced = kept.introduced.map(|commit| self.note(commit)).map_or(Some(None), |note| note.map(Some))?;
        let exposure = Exposure {
            age_days: introduced.as_ref().map(age_days),
            introduced,
            removed: kept.removed.iter().map(|commit| self.note(*commit)).collect::<Option<Vec<_>>>()?,
            in_head: kept.in_head,
            refs: kept.refs.iter().map(|name| PlacePath::from(name.as_slice())).collect(),
            ref_count: kept.ref_count,
            reach: *REACHES.get(usize::from(kept.reach))?,
            pushed: kept.pushed,
            places,
        };
        let fingerprint = fingerprint(self.scanner, witness, &first.place.origin);
        let exposure = Some(Box::new(exposure));
        let finding = Finding { fingerprint, place: first.place, exposure, ..witness.clone() };
        Some(Assembled { finding, witness })
    }
}

fn fingerprint(scanner: &Scanner, finding: &Finding, origin: &Origin) -> Fingerprint {
    Fingerprint::new(scanner.rules().rule(finding.rule).id(), origin.key.bytes(), finding.secret.expose())
}

/// Makes an outline.
struct Maker<'m> {
    scene: &'m Scene<'m>,
    found: &'m Found,
    /// By the address of each finding where it stands.
    spots: HashMap<*const Finding, (Option<ObjectNumber>, u32)>,
    messages: HashMap<ObjectNumber, Vec<&'m Finding>>,
    objects: Vec<Scanned>,
    numbers: HashMap<ObjectNumber, u32>,
    commits: Vec<Vec<u8>>,
    commit_numbers: HashMap<String, u32>,
    masks: Masks,
}

impl<'m> Maker<'m> {
    fn new(scene: &'m Scene<'m>, found: &'m Found, masks: Masks) -> Self {
        let mut messages: HashMap<ObjectNumber, Vec<&Finding>> = HashMap::new();
        found.messages.iter().for_each(|(number, finding)| messages.entry(*number).or_default().push(finding));
        let mut spots = HashMap::new();
        for (number, findings) in &found.blobs {
            spots.extend(findings.iter().zip(0..).map(|(one, at)| (std::ptr::from_ref(one), (Some(*number), at))));
        }
        for (number, findings) in &messages {
            spots.extend(findings.iter().zip(0..).map(|(one, at)| (std::ptr::from_ref(*one), (Some(*number), at))));
        }
        spots.extend(found.texts.iter().zip(0..).map(|(one, at)| (std::ptr::from_ref(one), (None, at))));
        Self {
            scene,
            found,
            spots,
            messages,
            objects: Vec::new(),
            numbers: HashMap::new(),
            commits: Vec::new(),
            commit_numbers: HashMap::new(),
            masks,
        }
    }

    /// A name, if it holds no value.
    fn name(&self, bytes: &[u8]) -> Option<Name> {
        self.masks.masked(bytes).is_none().then(|| bytes.to_vec())
    }

    fn spot(&mut self, finding: &Finding) -> Option<Spot> {
        let (object, at) = *self.spots.get(&std::ptr::from_ref(finding))?;
        let Some(object) = object else { return Some(Spot(TEXTS, at)) };
        if let Some(known) = self.numbers.get(&object) {
            return Some(Spot(*known, at));
        }
        let in_blob = self.found.blobs.get(&object).map(Vec::len);
        let path = in_blob.and_then(|_| self.scene.paths.best(object));
        let path = path.map(|path| self.name(self.scene.paths.get(path).bytes()));
        self.objects.push(Scanned {
            id: self.scene.store.id(object).bytes().to_vec(),
            path: path.map_or(Some(None), |name| name.map(Some))?,
            findings: in_blob.or_else(|| self.messages.get(&object).map(Vec::len))?,
        });
        let number = self.objects.len() as u32 - 1;
        self.numbers.insert(object, number);
        Some(Spot(number, at))
    }

    fn commit(&mut self, note: &CommitNote) -> Option<u32> {
        if let Some(known) = self.commit_numbers.get(&note.id) {
            return Some(*known);
        }
        let format: ObjectFormat = self.scene.store.format();
        let id = ObjectId::from_hex(note.id.as_bytes(), format)?;
        let number = self.commits.len() as u32;
        self.commits.push(id.bytes().to_vec());
        self.commit_numbers.insert(note.id.clone(), number);
        Some(number)
    }

    /// The finding that a place tells of.
    fn source(&self, place: &ExposedPlace, value: &Finding) -> Option<&'m Finding> {
        let found: &'m Found = self.found;
        let same = |one: &Finding| one.secret.expose() == value.secret.expose() && one.place.span == place.place.span;
        let Some(id) = &place.object else {
            return found.texts.iter().find(|one| same(one) && one.place.origin == place.place.origin);
        };
        let number = self.scene.store.find(ObjectId::from_hex(id.as_bytes(), self.scene.store.format())?.bytes())?;
        match found.blobs.get(&number) {
            Some(findings) => findings.iter().find(|one| same(one)),
            // The header and the message of a commit count from their own beginnings.
            None => {
                let mut told = self.messages.get(&number)?.iter().copied();
                told.find(|one| same(one) && one.place.origin == place.place.origin)
            }
        }
    }

    fn place(&mut self, place: &ExposedPlace, value: &Finding) -> Option<KeptPlace> {
        let finding = self.source(place, value)?;
        let origin = &place.place.origin;
        let path = (finding.place.origin != *origin).then(|| self.name(origin.path.bytes()));
        let path = path.map_or(Some(None), |name| name.map(Some))?;
        let commit = place.commit.as_ref().map(|note| self.commit(note)).map_or(Some(None), |at| at.map(Some))?;
        let directive = match &place.directive {
            Some(said) => Some(self.stating(value, said)?),
            None => None,
        };
        Some(KeptPlace { spot: self.spot(finding)?, commit, path, directive })
    }

    /// A finding of the same value beside which a comment says `said`.
    fn stating(&mut self, value: &Finding, said: &Directive) -> Option<Spot> {
        let found: &'m Found = self.found;
        let states = |one: &&Finding| {
            one.secret.expose() == value.secret.expose() && one.directive.as_deref().is_some_and(|own| own == said)
        };
        let stating = found.blobs.values().flatten().chain(&found.texts).find(states)?;
        self.spot(stating)
    }

    fn kept(&mut self, assembled: &Assembled<'_>, first: &Finding) -> Option<Kept> {
        let finding = &assembled.finding;
        let exposure = finding.exposure.as_deref()?;
        Some(Kept {
            witness: self.spot(assembled.witness)?,
            first: self.spot(first)?,
            introduced: match &exposure.introduced {
                Some(note) => Some(self.commit(note)?),
                None => None,
            },
            removed: exposure.removed.iter().map(|note| self.commit(note)).collect::<Option<Vec<_>>>()?,
            in_head: exposure.in_head,
            refs: exposure.refs.iter().map(|name| self.name(name.bytes())).collect::<Option<Vec<_>>>()?,
            ref_count: exposure.ref_count,
            reach: REACHES.iter().position(|reach| *reach == exposure.reach)? as u8,
            pushed: exposure.pushed,
            places: exposure.places.iter().map(|place| self.place(place, finding)).collect::<Option<Vec<_>>>()?,
        })
    }
}
