//! One secret, all its places: what people read is grouped so.

use super::exposure;
use super::{Accepted, Report};
use crate::finding::exposure::{CommitNote, Exposure};
use crate::finding::{Finding, Fingerprint, Place};
use crate::plural::count;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// The findings of one secret, in the order of the report; never empty.
pub(super) struct Group<'r> {
    pub(super) findings: Vec<&'r Finding>,
    /// What covers them, if something does.
    pub(super) accepted: Option<&'r Accepted>,
}

/// One place of a secret, and the commit that brought it there, if the history was scanned.
pub(super) struct Spot<'r> {
    pub(super) place: &'r Place,
    pub(super) fingerprint: Fingerprint,
    pub(super) commit: Option<&'r CommitNote>,
}

/// The findings of each secret together, the worst first; without those that are accepted.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut index = HashMap::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in &report.findings {
        let at = *index.entry(report.secret_id(finding)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group { findings: vec![finding], accepted: None }),
        }
    }
    groups.sort_by_key(|group| Reverse(group.findings.iter().map(|one| (one.severity, one.confidence)).max()));
    groups
}

/// What is accepted, the worst first; exceptions have a reason each, so every finding stands alone.
pub(super) fn accepted(report: &Report) -> Vec<Group<'_>> {
    let groups = report.accepted.iter().map(|one| Group { findings: vec![&one.finding], accepted: Some(one) });
    let mut groups: Vec<Group<'_>> = groups.collect();
    groups.sort_by_key(|group| Reverse((group.shown().severity, group.shown().confidence)));
    groups
}

impl<'r> Group<'r> {
    /// The finding that is shown: the surest, and of those the first.
    pub(super) fn shown(&self) -> &'r Finding {
        self.findings.iter().min_by_key(|finding| Reverse(finding.confidence)).expect("a group is never empty")
    }

    /// All places, that of the shown finding first, each once.
    pub(super) fn spots(&self) -> Vec<Spot<'r>> {
        let shown = self.shown();
        let others = self.findings.iter().filter(|finding| !std::ptr::eq(**finding, shown));
        let mut seen = HashSet::new();
        let all = std::iter::once(&shown).chain(others).flat_map(|finding| spots(finding));
        all.filter(|spot| seen.insert((&spot.place.origin.key, spot.place.start))).collect()
    }

    /// What became of the secret, if the history was scanned.
    pub(super) fn exposure(&self) -> Option<&'r Exposure> {
        self.findings.iter().find_map(|finding| finding.exposure.as_deref())
    }
}

/// The places of a finding, its own first.
pub(super) fn spots(finding: &Finding) -> Vec<Spot<'_>> {
    let known = finding.exposure.iter().flat_map(|exposure| &exposure.places);
    let own = &finding.place;
    // A file that was scanned may have moved on since its commit: the path says which place of the history is the same.
    let (same, others): (Vec<_>, Vec<_>) = known.partition(|one| one.place.origin.key == own.origin.key);
    let commit = same.first().and_then(|one| one.commit.as_ref());
    let first = Spot { place: own, fingerprint: finding.fingerprint, commit };
    let rest = same.into_iter().skip(1).chain(others);
    let rest = rest.map(|one| Spot { place: &one.place, fingerprint: one.fingerprint, commit: one.commit.as_ref() });
    std::iter::once(first).chain(rest).collect()
}

/// `3 secrets at 4 places`, or that there are none.
pub(super) fn found(report: &Report) -> String {
    match (groups(report).len(), exposure::places(report)) {
        (0, _) => "no secrets found".to_owned(),
        (secrets, places) => format!("{} at {}", count(secrets, "secret"), count(places, "place")),
    }
}
