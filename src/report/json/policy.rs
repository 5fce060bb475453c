//! The policy in force, and exceptions, as machines read them.

use crate::report::policy::{Accepted, Authority, NoticeKind, Policy};
use serde::Serialize;

/// What covers an accepted finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exception<'r> {
    kind: &'static str,
    reason: &'r str,
    until: Option<String>,
    /// Where it stands, as `file:line`.
    stated: &'r str,
}

pub(super) fn exception(accepted: &Accepted) -> Exception<'_> {
    Exception {
        kind: accepted.kind.word(),
        reason: &accepted.reason,
        until: accepted.until.map(|day| day.to_string()),
        stated: &accepted.stated,
    }
}

/// The policy of a run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    files: Vec<File>,
    /// Paths that configuration leaves out.
    exclude: Vec<String>,
    /// Built-in rules that are off.
    rules_off: usize,
    exceptions: Exceptions,
    notices: Vec<Notice>,
}

#[derive(Serialize)]
struct File {
    path: String,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
}

#[derive(Serialize)]
struct Exceptions {
    used: usize,
    stale: usize,
    expired: usize,
    refused: usize,
}

#[derive(Serialize)]
struct Notice {
    kind: &'static str,
    message: String,
}

pub(super) fn entry(policy: &Policy) -> Entry {
    let revision = |by: &Authority| match by {
        Authority::Revision(revision) => Some(revision.clone()),
        _ => None,
    };
    let file = |file: &crate::report::policy::PolicyFile| File {
        path: file.path.clone(),
        by: file.by.word(),
        revision: revision(&file.by),
    };
    let notices = policy.notices.iter();
    Entry {
        files: policy.files.iter().map(file).collect(),
        exclude: policy.exclude.clone(),
        rules_off: policy.rules_off,
        exceptions: Exceptions {
            used: policy.used,
            stale: policy.count(NoticeKind::Stale),
            expired: policy.count(NoticeKind::Expired),
            refused: policy.count(NoticeKind::Refused),
        },
        notices: notices.map(|one| Notice { kind: one.kind.word(), message: one.text.clone() }).collect(),
    }
}
