//! JSON and JSON Lines, for machines. The field names are a promise; the structures here belong to no other format.

mod environment;
mod policy;

use super::{Accepted, Report, ShowSecrets, checklist, confidence_word, exposure, severity_word};
use crate::check::Checklist;
use crate::finding::{Evidence, Finding, Part};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Version of this format; grows when a field changes its meaning or goes away.
const SCHEMA: &str = "caulk/1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'r> {
    schema: &'static str,
    tool: Tool,
    complete: bool,
    incomplete: Vec<Left>,
    findings: Entries<'r>,
    accepted: AcceptedEntries<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checklist: Option<checklist::json::Entries>,
    manifest: Account,
}

/// All findings, written one by one, so that a report with very many takes no memory for their text.
struct Entries<'r> {
    report: &'r Report,
    show: ShowSecrets,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.report.findings.iter().map(|finding| entry(self.report, finding, self.show)))
    }
}

/// The same for what exceptions cover.
struct AcceptedEntries<'r> {
    report: &'r Report,
    show: ShowSecrets,
}

impl Serialize for AcceptedEntries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.report.accepted.iter().map(|one| accepted(self.report, one, self.show)))
    }
}

#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Left {
    reason: &'static str,
    what: String,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    scope: &'static str,
    files: u64,
    bytes: u64,
    skipped: Vec<Left>,
    ignored: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    environment: Vec<environment::Entry>,
    rules: usize,
    rules_digest: String,
    /// Whole seconds, so that two runs of the same scan write the same bytes.
    duration_seconds: u64,
    policy: policy::Entry,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'r> {
    rule: &'r str,
    provider: &'r str,
    title: String,
    severity: &'static str,
    confidence: &'static str,
    path: String,
    /// The same wherever the scan was started: from the root of the repository.
    key: String,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
    column_utf16: u64,
    end_column_utf16: u64,
    start: usize,
    end: usize,
    preview: String,
    excerpt: String,
    proof: Option<&'static str>,
    facts: BTreeMap<&'static str, &'r str>,
    evidence: Vec<String>,
    /// The ids that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartEntry<'r>>,
    fingerprint: String,
    /// Equal for all places of one secret.
    secret_id: String,
    revoke: Option<&'r str>,
    /// What became of it in the history, if that was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    exposure: Option<exposure::Entry>,
    /// How long such a secret lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    lifetime: Option<&'r str>,
    /// What to use in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// What covers it, if something does.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<policy::Exception<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PartEntry<'r> {
    rule: &'r str,
    line: u64,
    column: u64,
    preview: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Line<'r> {
    Finding(Box<Entry<'r>>),
    Accepted(Box<Entry<'r>>),
    #[serde(rename_all = "camelCase")]
    Summary {
        schema: &'static str,
        tool: Tool,
        complete: bool,
        incomplete: Vec<Left>,
        manifest: Box<Account>,
    },
}

/// Writes `report` as one JSON document.
///
/// # Errors
/// Writing fails.
pub fn write(report: &Report, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    write_with(report, None, show, out)
}

/// The same, with a checklist in it.
///
/// # Errors
/// Writing fails.
pub fn write_with(
    report: &Report,
    checklist: Option<&Checklist>,
    show: ShowSecrets,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA,
        tool: tool(),
        complete: report.manifest.is_complete(),
        incomplete: incomplete(report),
        findings: Entries { report, show },
        accepted: AcceptedEntries { report, show },
        checklist: checklist.map(checklist::json::entries),
        manifest: account(report),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Writes `report` as JSON Lines: a line for each finding, and the account of the run as the last line.
///
/// # Errors
/// Writing fails.
pub fn write_lines(report: &Report, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        serde_json::to_writer(&mut *out, &Line::Finding(Box::new(entry(report, finding, show))))?;
        writeln!(out)?;
    }
    for one in &report.accepted {
        serde_json::to_writer(&mut *out, &Line::Accepted(Box::new(accepted(report, one, show))))?;
        writeln!(out)?;
    }
    let complete = report.manifest.is_complete();
    let summary = Line::Summary {
        schema: SCHEMA,
        tool: tool(),
        complete,
        incomplete: incomplete(report),
        manifest: Box::new(account(report)),
    };
    serde_json::to_writer(&mut *out, &summary)?;
    writeln!(out)
}

pub(super) const fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
}

fn left(skip: &crate::source::Skip) -> Left {
    Left { reason: skip.reason.word(), what: skip.path.to_string(), message: skip.reason.to_string() }
}

fn incomplete(report: &Report) -> Vec<Left> {
    report.manifest.failures().map(left).collect()
}

fn account(report: &Report) -> Account {
    let manifest = &report.manifest;
    Account {
        scope: manifest.scope.word(),
        files: manifest.files,
        bytes: manifest.bytes,
        skipped: manifest.skips.iter().map(left).collect(),
        ignored: manifest.ignored.iter().map(ToString::to_string).collect(),
        environment: manifest.environment.iter().map(environment::entry).collect(),
        rules: manifest.rules,
        rules_digest: manifest.rules_digest.clone(),
        duration_seconds: manifest.duration.as_secs(),
        policy: policy::entry(&manifest.policy),
    }
}

fn accepted<'r>(report: &'r Report, one: &'r Accepted, show: ShowSecrets) -> Entry<'r> {
    Entry { exception: Some(policy::exception(one)), ..entry(report, &one.finding, show) }
}

fn entry<'r>(report: &'r Report, finding: &'r Finding, show: ShowSecrets) -> Entry<'r> {
    let rule = report.rule(finding);
    let place = &finding.place;
    let facts = finding.evidence.iter().filter_map(|evidence| match evidence {
        Evidence::Fact { name, value } => Some((*name, value.as_str())),
        _ => None,
    });
    let proof = finding.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Proved { proof, .. } => Some(*proof),
        _ => None,
    });
    let part = |part: &'r Part| PartEntry {
        rule: report.rules().rule(part.rule).id(),
        line: part.start.line,
        column: part.start.column,
        preview: part.secret.to_string(),
    };
    Entry {
        rule: rule.id(),
        provider: rule.provider(),
        title: rule.title(),
        severity: severity_word(finding.severity),
        confidence: confidence_word(finding.confidence),
        path: place.origin.path.to_string(),
        key: place.origin.key.to_string(),
        line: place.start.line,
        column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        column_utf16: place.start.column_utf16,
        end_column_utf16: place.end.column_utf16,
        start: place.span.start,
        end: place.span.end,
        preview: finding.secret.to_string(),
        excerpt: place.excerpt.line(),
        proof,
        facts: facts.collect(),
        evidence: finding.evidence.iter().map(ToString::to_string).collect(),
        parts: finding.parts.iter().map(part).collect(),
        fingerprint: finding.fingerprint.to_string(),
        secret_id: report.secret_id(finding).to_string(),
        revoke: rule.syntax().revoke.as_deref(),
        exposure: exposure::entry(finding),
        lifetime: rule.syntax().lifetime.as_deref(),
        instead: rule.syntax().instead.as_deref(),
        secret: (show == ShowSecrets::Yes).then(|| String::from_utf8_lossy(finding.secret.expose()).into_owned()),
        exception: None,
    }
}
