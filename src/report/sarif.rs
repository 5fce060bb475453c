//! SARIF 2.1.0, in the form that GitHub code scanning takes: every active rule once, relative URIs, UTF-16 columns,
//! no raw value, and an invocation that says whether the scan was complete.

use super::{Report, Scope, confidence_word, exposure, severity_word};
use crate::finding::{Confidence, Finding, Place, Severity};
use crate::rule::Rule;
use serde_json::{Value, json};
use serde_sarif::sarif;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Longest description that code scanning takes, in characters.
const MAX_DESCRIPTION: usize = 1024;

/// The hash of a line, by stable path and line number (from 1); see [`super::code_scanning`].
pub type LineHashes = HashMap<(super::PlacePath, u64), String>;

/// Writes `report` as SARIF.
///
/// # Errors
/// Writing fails.
pub fn write(report: &Report, hashes: &LineHashes, out: &mut dyn Write) -> io::Result<()> {
    let parts = Parts { rules: descriptors(report), results: results(report, hashes), id: category(report) };
    write_run(report, parts, out)
}

/// What one kind of run differs in from another.
pub(super) struct Parts {
    pub(super) rules: Vec<sarif::ReportingDescriptor>,
    pub(super) results: Vec<sarif::Result>,
    pub(super) id: &'static str,
}

/// The descriptors of all rules, in order.
pub(super) fn descriptors(report: &Report) -> Vec<sarif::ReportingDescriptor> {
    report.rules().iter().map(|(_, rule)| descriptor(rule)).collect()
}

/// The results of all findings.
pub(super) fn results(report: &Report, hashes: &LineHashes) -> Vec<sarif::Result> {
    let index: HashMap<&str, i64> = (0..).zip(report.rules().iter()).map(|(at, (_, rule))| (rule.id(), at)).collect();
    report.findings.iter().map(|finding| result(report, finding, &index, hashes)).collect()
}

/// Writes one run with the account of `report`.
pub(super) fn write_run(report: &Report, parts: Parts, out: &mut dyn Write) -> io::Result<()> {
    let driver = sarif::ToolComponent::builder()
        .name("caulk")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(parts.rules)
        .build();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver).build())
        .results(parts.results)
        .invocations(vec![invocation(report)])
        .automation_details(sarif::RunAutomationDetails::builder().id(parts.id).build())
        .column_kind(sarif::ResultColumnKind::Utf16CodeUnits.to_string())
        .properties(bag(account(report)))
        .build();
    let log =
        sarif::Sarif::builder().schema(SCHEMA).version(sarif::Version::V2_1_0.to_string()).runs(vec![run]).build();
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// What results of this kind are kept under: those of a history do not replace those of the files.
fn category(report: &Report) -> &'static str {
    match report.manifest.scope {
        Scope::Files => "caulk/scan/",
        Scope::Staged => "caulk/staged/",
        Scope::History => "caulk/history/",
    }
}

fn descriptor(rule: &Rule) -> sarif::ReportingDescriptor {
    let syntax = rule.syntax();
    let severity = rule.severity();
    let mut properties = BTreeMap::from([
        ("precision".to_owned(), json!(precision(rule.confidence()))),
        ("security-severity".to_owned(), json!(security_severity(severity))),
    ]);
    properties.insert("problem.severity".to_owned(), json!(level(severity)));
    let mut tags = vec!["security".to_owned(), "secret".to_owned()];
    if syntax.public {
        tags.push("public-by-design".to_owned());
    }
    let properties = sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build();
    let descriptor = sarif::ReportingDescriptor::builder()
        .id(rule.id())
        .name(pascal_case(rule.id()))
        .short_description(message_string(&rule.title()))
        .full_description(message_string(&full_description(rule)))
        .help(help(rule))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(level(severity))).build())
        .properties(properties)
        .build();
    let page = syntax
        .docs
        .as_ref()
        .or(syntax.revoke.as_ref())
        .filter(|page| page.starts_with("https://") && !page.contains(' '));
    sarif::ReportingDescriptor { help_uri: page.cloned(), ..descriptor }
}

fn full_description(rule: &Rule) -> String {
    let text = match rule.syntax().public {
        true => {
            format!("A {} was found. Such values are public by design; it is named for completeness.", rule.title())
        }
        false => format!("A hardcoded {} was found. Whoever can read this file can use it.", rule.title()),
    };
    text.chars().take(MAX_DESCRIPTION).collect()
}

fn help(rule: &Rule) -> sarif::MultiformatMessageString {
    let syntax = rule.syntax();
    let mut steps = Vec::new();
    if let Some(revoke) = &syntax.revoke {
        steps.push(format!("Revoke it and create a new one: {revoke}"));
    }
    steps
        .push("Keep the new one outside of the repository: in an environment variable or a secret manager.".to_owned());
    steps.extend(syntax.instead.as_ref().map(|instead| format!("Better than a long-lived secret: {instead}")));
    steps.push("Read the access logs for uses that were not yours.".to_owned());
    let list = |mark: &str| steps.iter().map(|step| format!("{mark}{step}")).collect::<Vec<_>>().join("\n");
    sarif::MultiformatMessageString::builder().text(list("")).markdown(list("- ")).build()
}

fn result(report: &Report, finding: &Finding, index: &HashMap<&str, i64>, hashes: &LineHashes) -> sarif::Result {
    let rule = report.rule(finding);
    let place = &finding.place;
    let mut fingerprints = BTreeMap::from([("caulkFingerprint/v1".to_owned(), finding.fingerprint.to_string())]);
    if let Some(hash) = hashes.get(&(place.origin.key.clone(), place.start.line)) {
        fingerprints.insert("primaryLocationLineHash".to_owned(), hash.clone());
    }
    let confidence = confidence_word(finding.confidence);
    let text = format!("{}: `{}`, confidence {confidence}.", rule.title(), finding.secret);
    let mut properties = BTreeMap::from([
        ("confidence".to_owned(), json!(confidence)),
        ("severity".to_owned(), json!(severity_word(finding.severity))),
        ("evidence".to_owned(), json!(finding.evidence.iter().map(ToString::to_string).collect::<Vec<_>>())),
        ("secretId".to_owned(), json!(report.secret_id(finding).to_string())),
        ("byteOffset".to_owned(), json!(place.span.start)),
        ("byteLength".to_owned(), json!(place.span.len())),
    ]);
    properties.extend(exposure::entry(finding).map(|entry| ("exposure".to_owned(), json!(entry))));
    let others = finding.exposure.iter().flat_map(|exposure| exposure.places.iter().skip(1));
    let related: Vec<_> = others.map(|exposed| location(&exposed.place)).collect();
    let result = sarif::Result::builder()
        .rule_id(rule.id())
        .rule_index(index.get(rule.id()).copied().unwrap_or(-1))
        .level(level(finding.severity))
        .message(sarif::Message::builder().text(text).build())
        .locations(vec![location(place)])
        .partial_fingerprints(fingerprints)
        .properties(bag(properties))
        .build();
    sarif::Result { related_locations: (!related.is_empty()).then_some(related), ..result }
}

fn location(place: &Place) -> sarif::Location {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let region = sarif::Region::builder()
        .start_line(number(place.start.line))
        .start_column(number(place.start.column_utf16))
        .end_line(number(place.end.line))
        .end_column(number(place.end.column_utf16))
        .snippet(sarif::ArtifactContent::builder().text(place.excerpt.line()).build())
        .build();
    let artifact = sarif::ArtifactLocation::builder().uri(place.origin.key.uri()).build();
    let physical = sarif::PhysicalLocation::builder().artifact_location(artifact).region(region).build();
    sarif::Location::builder().physical_location(physical).build()
}

fn invocation(report: &Report) -> sarif::Invocation {
    let notifications: Vec<_> = report
        .manifest
        .failures()
        .map(|skip| {
            let text = format!("Not scanned: {}: {}", skip.path, skip.reason);
            sarif::Notification::builder()
                .level(json!("error"))
                .message(sarif::Message::builder().text(text).build())
                .build()
        })
        .collect();
    sarif::Invocation::builder()
        .execution_successful(report.manifest.is_complete())
        .tool_execution_notifications(notifications)
        .build()
}

/// The account of the run.
fn account(report: &Report) -> BTreeMap<String, Value> {
    let manifest = &report.manifest;
    BTreeMap::from([
        ("complete".to_owned(), json!(manifest.is_complete())),
        ("scope".to_owned(), json!(manifest.scope.word())),
        ("files".to_owned(), json!(manifest.files)),
        ("bytes".to_owned(), json!(manifest.bytes)),
        ("skipped".to_owned(), json!(manifest.skips.len())),
        ("ignored".to_owned(), json!(manifest.ignored.len())),
        ("accepted".to_owned(), json!(report.accepted.len())),
        ("policy".to_owned(), json!(manifest.policy.sources())),
        ("rulesDigest".to_owned(), json!(manifest.rules_digest)),
        ("durationSeconds".to_owned(), json!(manifest.duration.as_secs())),
    ])
}

pub(super) fn bag(properties: BTreeMap<String, Value>) -> sarif::PropertyBag {
    sarif::PropertyBag::builder().additional_properties(properties).build()
}

pub(super) fn message_string(text: &str) -> sarif::MultiformatMessageString {
    sarif::MultiformatMessageString::builder().text(text).build()
}

pub(super) const fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Critical | Severity::High => sarif::ResultLevel::Error,
        Severity::Medium => sarif::ResultLevel::Warning,
        Severity::Low | Severity::Info => sarif::ResultLevel::Note,
    }
}

/// The number code scanning shows as critical (above 9), high (7), medium (4) or low.
pub(super) const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.1",
    }
}

const fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "very-high",
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// `github-pat-classic` as `GithubPatClassic`, the form SARIF asks of names; a name must not only repeat the id, so `jwt` is
/// `JwtSecret`.
pub(super) fn pascal_case(id: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let name: String = id.split('-').filter(|word| !word.is_empty()).map(capital).collect();
    if name.eq_ignore_ascii_case(id) { name + "Secret" } else { name }
}
