//! Repositories inside of a repository's folder: those of submodules, and of submodules in them.
//!
//! Each is read as a repository of its own. What it holds is told with its folder in front, and a value that is known already gets more
//! places.

use crate::blob::{Origin, PlacePath};
use crate::finding::exposure::{Exposure, MAX_REFS};
use crate::finding::{Finding, Fingerprint};
use crate::report::Report;
use std::path::Path;

/// Git's own folder, as its files are shown.
const OWN: &[u8] = b".git/";

/// Takes the report of the repository in the folder `label` of another one into that one's `report`.
pub(super) fn adopt(report: &mut Report, label: &Path, nested: Report) {
    let label = PlacePath::from(label);
    for finding in &nested.findings {
        let finding = moved(finding.clone(), label.bytes(), nested.rule(finding).id());
        let known = report.findings.iter_mut().find(|known| known.secret == finding.secret);
        match known.and_then(|known| known.exposure.as_deref_mut()).zip(finding.exposure.as_deref()) {
            Some((known, more)) => extend(known, more),
            None => report.findings.push(finding),
        }
    }
    let manifest = &mut report.manifest;
    manifest.files += nested.manifest.files;
    manifest.bytes += nested.manifest.bytes;
    manifest.known += nested.manifest.known;
    manifest.notes.extend(nested.manifest.notes);
    manifest.skips.extend(nested.manifest.skips);
    manifest.skips.sort();
    report.sort();
}

/// The finding as it is told from outside.
fn moved(mut finding: Finding, label: &[u8], rule: &str) -> Finding {
    finding.place.origin = origin(&finding.place.origin, label);
    finding.fingerprint = Fingerprint::new(rule, finding.place.origin.key.bytes(), finding.secret.expose());
    if let Some(exposure) = finding.exposure.as_deref_mut() {
        exposure.refs.iter_mut().for_each(|name| *name = below(label, name.bytes()));
        for place in &mut exposure.places {
            place.place.origin = origin(&place.place.origin, label);
            place.fingerprint = Fingerprint::new(rule, place.place.origin.key.bytes(), finding.secret.expose());
        }
    }
    finding
}

fn origin(origin: &Origin, label: &[u8]) -> Origin {
    let own = |path: &PlacePath| {
        let path = path.bytes();
        let path = below(label, path.strip_prefix(OWN).unwrap_or(path));
        PlacePath::from([OWN, path.bytes()].concat().as_slice())
    };
    Origin { path: own(&origin.path), key: own(&origin.key) }
}

fn below(label: &[u8], name: &[u8]) -> PlacePath {
    PlacePath::from([label, b"/", name].concat().as_slice())
}

/// Adds where else a value stands.
fn extend(known: &mut Exposure, more: &Exposure) {
    if known.introduced.is_none() {
        known.introduced.clone_from(&more.introduced);
        known.age_days = more.age_days;
    }
    known.refs.extend(more.refs.iter().take(MAX_REFS.saturating_sub(known.refs.len())).cloned());
    known.ref_count += more.ref_count;
    known.reach = known.reach.min(more.reach);
    known.pushed |= more.pushed;
    known.places.extend(more.places.iter().cloned());
}
