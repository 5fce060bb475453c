//! The checklist for machines.

use crate::check::{Checklist, Item, Seen};
use crate::report::json::{Tool, tool};
use crate::report::severity_word;
use serde::Serialize;
use std::io::{self, Write};

/// Version of this format; grows when a field changes its meaning or goes away.
const SCHEMA: &str = "caulk-checklist/1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema: &'static str,
    tool: Tool,
    #[serde(flatten)]
    checklist: Entries,
}

/// The checklist as a part of a document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entries {
    counts: Counts,
    checks: Vec<Entry>,
    not_understood: Vec<Unread>,
    notices: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    fail: usize,
    accepted: usize,
    review: usize,
    pass: usize,
    not_applicable: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: &'static str,
    section: &'static str,
    title: &'static str,
    verdict: &'static str,
    severity: &'static str,
    guides: Vec<&'static str>,
    evidence: Vec<Evidence>,
    note: String,
    accepted: Option<String>,
    why: &'static str,
    remedy: &'static str,
    reference: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Evidence {
    path: Option<String>,
    line: Option<u64>,
    column: Option<u64>,
    what: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unread {
    what: String,
    message: String,
}

/// Writes the checklist as one JSON document.
///
/// # Errors
/// Writing fails.
pub fn write(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { schema: SCHEMA, tool: tool(), checklist: entries(checklist) };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The entries of `checklist`.
pub fn entries(checklist: &Checklist) -> Entries {
    use crate::check::Verdict;
    Entries {
        counts: Counts {
            fail: checklist.count(Verdict::Fail),
            accepted: checklist.accepted(),
            review: checklist.count(Verdict::Review),
            pass: checklist.count(Verdict::Pass),
            not_applicable: checklist.count(Verdict::NotApplicable),
        },
        checks: checklist.items.iter().map(entry).collect(),
        not_understood: checklist
            .unread
            .iter()
            .map(|(origin, why)| Unread { what: origin.path.to_string(), message: why.clone() })
            .collect(),
        notices: checklist.notices.clone(),
    }
}

fn entry(item: &Item) -> Entry {
    let check = item.check;
    Entry {
        id: check.id,
        section: check.section.title(),
        title: check.title,
        verdict: item.outcome.verdict.word(),
        severity: severity_word(check.severity),
        guides: check.guides.split(' ').map(guide).collect(),
        evidence: item.outcome.seen.iter().map(evidence).collect(),
        note: item.outcome.note.clone(),
        accepted: item.accepted.clone(),
        why: check.why,
        remedy: check.remedy,
        reference: check.reference,
    }
}

fn evidence(seen: &Seen) -> Evidence {
    Evidence {
        path: seen.origin.as_ref().map(|origin| origin.path.to_string()),
        line: seen.at.map(|at| at.line),
        column: seen.at.map(|at| at.column),
        what: seen.what.clone(),
    }
}

/// The guide behind a letter.
fn guide(letter: &'static str) -> &'static str {
    match letter {
        "N" => "novita-sdk",
        "T" => "nodetool-core",
        "A" => "autodevos",
        "K" => "kubetorch-secrets",
        "D" => "deeplake-services",
        other => other,
    }
}
