//! Masks: what was found is told nowhere, not in a name that holds it either.

use super::assemble::Assembly;
use crate::blob::{Origin, PlacePath};
use crate::finding::exposure::CommitNote;
use crate::finding::{Finding, Secret};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use rayon::prelude::*;

/// Shortest value that is masked in names: what is shorter stands in them by chance.
const SHORTEST_MASKED: usize = 6;

/// The findings as they are reported: values are masked in names, too.
pub(super) fn masked(assembly: Assembly<'_>) -> Vec<Finding> {
    let masks = Masks::new(&assembly.firsts);
    let mut findings: Vec<Finding> = assembly.findings.into_iter().map(|one| one.finding).collect();
    findings.par_iter_mut().for_each(|finding| masks.apply(finding));
    findings
}

/// The values of a run, to be masked wherever they stand in a name: of a file, of a ref, of a person.
pub(super) struct Masks {
    values: Option<AhoCorasick>,
    masks: Vec<String>,
}

impl Masks {
    /// The masks of `firsts`, a finding of each value.
    pub(super) fn new(firsts: &[&Finding]) -> Self {
        let secrets = firsts.iter().map(|one| &one.secret);
        let known: Vec<&Secret> = secrets.filter(|secret| secret.len() >= SHORTEST_MASKED).collect();
        let values = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build(known.iter().map(|secret| secret.expose()))
            .ok();
        Self { values, masks: known.iter().map(ToString::to_string).collect() }
    }

    /// `text` with masks, if it holds a value.
    pub(super) fn masked(&self, text: &[u8]) -> Option<Vec<u8>> {
        let values = self.values.as_ref().filter(|values| values.is_match(text))?;
        Some(values.replace_all_bytes(text, &self.masks))
    }

    fn path(&self, path: &mut PlacePath) {
        if let Some(masked) = self.masked(path.bytes()) {
            *path = PlacePath::from(masked.as_slice());
        }
    }

    fn origin(&self, origin: &mut Origin) {
        self.path(&mut origin.path);
        self.path(&mut origin.key);
    }

    fn note(&self, note: &mut CommitNote) {
        if let Some(masked) = self.masked(note.author.as_bytes()) {
            note.author = String::from_utf8_lossy(&masked).into_owned();
        }
    }

    fn apply(&self, finding: &mut Finding) {
        self.origin(&mut finding.place.origin);
        let Some(exposure) = finding.exposure.as_mut() else { return };
        exposure.refs.iter_mut().for_each(|name| self.path(name));
        exposure.introduced.iter_mut().chain(&mut exposure.removed).for_each(|note| self.note(note));
        for place in &mut exposure.places {
            self.origin(&mut place.place.origin);
            place.commit.iter_mut().for_each(|note| self.note(note));
        }
    }
}
