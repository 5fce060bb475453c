//! The account of the run as a part of the page.

use crate::plural::count;
use crate::report::Content;
use crate::report::text::scanned;
use serde::Serialize;

/// Most entries that are listed of those that could not be scanned.
const MAX_LISTED: usize = 200;

#[derive(Serialize)]
pub(super) struct View {
    scanned: String,
    digest: String,
    ignored: String,
    policy: Vec<String>,
    failed: String,
    failures: Vec<Failure>,
    more: usize,
}

#[derive(Serialize)]
struct Failure {
    what: String,
    why: String,
}

/// What was scanned, by whose rules, and what was not.
pub(super) fn view(content: &Content<'_>) -> View {
    let manifest = content.manifest;
    let failures: Vec<_> = manifest.failures().collect();
    let failure = |skip: &&crate::source::Skip| Failure { what: skip.path.to_string(), why: skip.reason.to_string() };
    let ignored = manifest.ignored.len();
    let policy = &manifest.policy;
    let off = (policy.rules_off > 0).then(|| format!("{} off", count(policy.rules_off, "rule")));
    let left_out = policy.exclude.iter().map(|glob| format!("leaves out `{glob}`"));
    let notices = policy.notices.iter().map(|notice| notice.text.clone());
    View {
        scanned: scanned(manifest),
        digest: manifest.rules_digest.clone(),
        ignored: if ignored == 0 { String::new() } else { count(ignored, "entry") },
        policy: policy.sources().into_iter().chain(off).chain(left_out).chain(notices).collect(),
        failed: count(failures.len(), "entry"),
        failures: failures.iter().take(MAX_LISTED).map(failure).collect(),
        more: failures.len().saturating_sub(MAX_LISTED),
    }
}
