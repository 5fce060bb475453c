//! Exposures as machines read them; the names are the same in JSON and in SARIF.

use super::Report;
use crate::finding::Finding;
use crate::finding::exposure::{CommitNote, Exposure};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

/// What to do about a secret that stands in a history, in order.
pub const RUNBOOK: &[(&str, &str)] = &[
    ("revoke", "Revoke it where it was issued; from then on it does not matter who has it."),
    ("generate", "Generate a new one, with the least rights that do."),
    (
        "update",
        "Put the new one where it is used: an environment variable or a secret manager, never a file that git tracks.",
    ),
    ("review", "Read the access logs since the day it came in for uses that were not yours."),
    (
        "audit",
        "Rewrite the history if it is not pushed yet (`git rebase -i`, `git filter-repo`); if it is, rewriting does not call it back.",
    ),
    ("document", "Write down what happened, and what keeps it from happening again."),
];

/// A date and time in the time zone of whoever it is about: `2026-01-31T12:00:00+01:00`.
pub fn time(note: &CommitNote) -> String {
    format(note, "%Y-%m-%dT%H:%M:%S%:z")
}

/// The day of [`time`].
pub fn day(note: &CommitNote) -> String {
    format(note, "%Y-%m-%d")
}

fn format(note: &CommitNote, form: &str) -> String {
    let offset = Offset::from_seconds(note.offset * 60).unwrap_or(Offset::UTC);
    // A commit may claim any time at all.
    let moment = Timestamp::from_second(note.seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::fixed(offset)).strftime(form).to_string()
}

/// The first characters of a commit's id.
pub fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    introduced_in: Option<Commit>,
    removed_in: Vec<Commit>,
    in_head: bool,
    /// Branches before tags before others, at most a hundred.
    refs: Vec<String>,
    ref_count: usize,
    reach: &'static str,
    pushed: bool,
    age_days: Option<i64>,
    places: Vec<Place>,
}

#[derive(Serialize)]
struct Commit {
    commit: String,
    author: String,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    path: String,
    line: u64,
    column: u64,
    commit: Option<String>,
    object: Option<String>,
    excerpt: String,
    fingerprint: String,
}

fn commit(note: &CommitNote, path: Option<String>) -> Commit {
    Commit { commit: note.id.clone(), author: note.author.clone(), date: time(note), path }
}

/// The exposure of a finding, if there is one.
pub(super) fn entry(finding: &Finding) -> Option<Entry> {
    let exposure: &Exposure = finding.exposure.as_deref()?;
    let first = exposure.introduced.as_ref();
    let path_of = |note: &CommitNote| {
        let place = exposure.places.iter().find(|place| place.commit.as_ref() == Some(note));
        place.map(|place| place.place.origin.path.to_string())
    };
    let places = exposure.places.iter().map(|exposed| Place {
        path: exposed.place.origin.path.to_string(),
        line: exposed.place.start.line,
        column: exposed.place.start.column,
        commit: exposed.commit.as_ref().map(|note| note.id.clone()),
        object: exposed.object.clone(),
        excerpt: exposed.place.excerpt.line(),
        fingerprint: exposed.fingerprint.to_string(),
    });
    Some(Entry {
        introduced_in: first.map(|note| commit(note, path_of(note))),
        removed_in: exposure.removed.iter().map(|note| commit(note, None)).collect(),
        in_head: exposure.in_head,
        refs: exposure.refs.iter().map(ToString::to_string).collect(),
        ref_count: exposure.ref_count,
        reach: exposure.reach.word(),
        pushed: exposure.pushed,
        age_days: exposure.age_days,
        places: places.collect(),
    })
}

/// How many places the findings of a report stand at.
pub(super) fn places(report: &Report) -> usize {
    let count = |finding: &Finding| finding.exposure.as_ref().map_or(1, |exposure| exposure.places.len());
    report.findings.iter().map(count).sum()
}
