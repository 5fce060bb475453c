//! The checklist in SARIF. Code scanning shows every result as an alert, whatever its kind, so only failures are results unless the full
//! profile is asked for.

use crate::blob::Origin;
use crate::check::{Check, Checklist, Item, Seen, Verdict, rows};
use crate::finding::Fingerprint;
use crate::report::sarif::{
    LineHashes, Parts, bag, descriptors, level, message_string, pascal_case, results, security_severity, write_run,
};
use crate::report::{Manifest, Report, severity_word};
use serde_json::json;
use serde_sarif::sarif;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

/// Which verdicts are results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Failures, each with a location: what code scanning takes.
    #[default]
    Upload,
    /// All verdicts, told apart by `kind`.
    Full,
}

/// Writes the checklist alone.
///
/// # Errors
/// Writing fails.
pub fn write(
    manifest: &Manifest,
    checklist: &Checklist,
    profile: Profile,
    hashes: &LineHashes,
    out: &mut dyn Write,
) -> io::Result<()> {
    let parts = Parts {
        rules: rows::all().map(descriptor).collect(),
        results: check_results(checklist, profile, 0, hashes),
        id: "caulk/check/",
        accepted: None,
    };
    write_run(manifest, parts, out)
}

/// Writes findings and checklist side by side.
///
/// # Errors
/// Writing fails.
pub fn write_audit(
    report: &Report,
    checklist: &Checklist,
    profile: Profile,
    hashes: &LineHashes,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rules = descriptors(report);
    let first = i64::try_from(rules.len()).unwrap_or(i64::MAX);
    rules.extend(rows::all().map(descriptor));
    let mut all = results(report, hashes);
    all.extend(check_results(checklist, profile, first, hashes));
    let accepted = Some(report.accepted.len());
    write_run(&report.manifest, Parts { rules, results: all, id: "caulk/audit/", accepted }, out)
}

fn descriptor(check: &'static Check) -> sarif::ReportingDescriptor {
    let properties = BTreeMap::from([
        ("precision".to_owned(), json!("high")),
        ("security-severity".to_owned(), json!(security_severity(check.severity))),
        ("problem.severity".to_owned(), json!(level(check.severity))),
    ]);
    let tags = vec!["security".to_owned(), "checklist".to_owned()];
    let help = format!("{}\n\n{}\n\n{}", check.why, check.remedy, check.reference);
    sarif::ReportingDescriptor::builder()
        .id(check.id)
        .name(pascal_case(check.id))
        .short_description(message_string(check.title))
        .full_description(message_string(&format!("{}. {}", check.title, check.why)))
        .help(sarif::MultiformatMessageString::builder().text(help.clone()).markdown(help).build())
        .help_uri(check.reference)
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(level(check.severity))).build())
        .properties(sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build())
        .build()
}

/// The results of a checklist whose rules begin at the index `first`.
fn check_results(checklist: &Checklist, profile: Profile, first: i64, hashes: &LineHashes) -> Vec<sarif::Result> {
    let index: HashMap<&str, i64> = (first..).zip(rows::all()).map(|(at, check)| (check.id, at)).collect();
    let index = |item: &Item| index.get(item.check.id).copied().unwrap_or(-1);
    let mut results = Vec::new();
    for item in &checklist.items {
        if item.fails() {
            results.extend(
                failures(item, checklist.anchor.as_ref(), hashes)
                    .into_iter()
                    .map(|result| sarif::Result { rule_index: Some(index(item)), ..result }),
            );
        } else if profile == Profile::Full {
            results.push(sarif::Result { rule_index: Some(index(item)), ..whole(item) });
        }
    }
    results
}

/// One result for each place of a failure; at the project's own file, where it has none.
fn failures(item: &Item, anchor: Option<&Origin>, hashes: &LineHashes) -> Vec<sarif::Result> {
    let placed: Vec<&Seen> = item.outcome.seen.iter().filter(|seen| seen.origin.is_some()).collect();
    let seen = if placed.is_empty() { item.outcome.seen.iter().take(1).collect() } else { placed };
    let result = |seen: &Seen| {
        let origin = seen.origin.as_ref().or(anchor)?;
        let line = seen.at.map_or(1, |at| at.line);
        let fingerprint = Fingerprint::new(item.check.id, origin.key.bytes(), seen.what.as_bytes());
        let mut fingerprints = BTreeMap::from([("caulkFingerprint/v1".to_owned(), fingerprint.to_string())]);
        fingerprints.extend(
            hashes.get(&(origin.key.clone(), line)).map(|hash| ("primaryLocationLineHash".to_owned(), hash.clone())),
        );
        let text = format!("{}: {}. {}", item.check.title, seen.what, item.check.remedy);
        let result = sarif::Result::builder()
            .rule_id(item.check.id)
            .kind(sarif::ResultKind::Fail)
            .level(level(item.check.severity))
            .message(sarif::Message::builder().text(text).build())
            .locations(vec![location(origin, seen)])
            .partial_fingerprints(fingerprints)
            .properties(bag(properties(item)))
            .build();
        Some(result)
    };
    seen.into_iter().filter_map(result).collect()
}

/// One result for an item that does not fail.
fn whole(item: &Item) -> sarif::Result {
    let kind = match item.outcome.verdict {
        Verdict::Pass => sarif::ResultKind::Pass,
        Verdict::Review => sarif::ResultKind::Review,
        Verdict::NotApplicable => sarif::ResultKind::NotApplicable,
        Verdict::Fail => sarif::ResultKind::Fail,
    };
    let mut parts = vec![item.check.title.to_owned()];
    parts.extend(item.accepted.clone());
    parts.extend(Some(item.outcome.note.clone()).filter(|note| !note.is_empty()));
    parts.extend(item.outcome.seen.iter().take(3).map(|seen| seen.what.clone()));
    let locations: Vec<_> =
        item.outcome.seen.iter().filter_map(|seen| Some(location(seen.origin.as_ref()?, seen))).take(10).collect();
    let failed = item.outcome.verdict == Verdict::Fail;
    sarif::Result::builder()
        .rule_id(item.check.id)
        .kind(kind)
        .level(if failed { level(item.check.severity) } else { sarif::ResultLevel::None })
        .message(sarif::Message::builder().text(format!("{}.", parts.join(": "))).build())
        .locations(locations)
        .properties(bag(properties(item)))
        .build()
}

fn properties(item: &Item) -> BTreeMap<String, serde_json::Value> {
    BTreeMap::from([
        ("severity".to_owned(), json!(severity_word(item.check.severity))),
        ("verdict".to_owned(), json!(item.outcome.verdict.word())),
        ("section".to_owned(), json!(item.check.section.title())),
    ])
}

fn location(origin: &Origin, seen: &Seen) -> sarif::Location {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let region = match seen.at {
        Some(at) => sarif::Region::builder().start_line(number(at.line)).start_column(number(at.column_utf16)).build(),
        None => sarif::Region::builder().start_line(1).build(),
    };
    let artifact = sarif::ArtifactLocation::builder().uri(origin.key.uri()).build();
    let physical = sarif::PhysicalLocation::builder().artifact_location(artifact).region(region).build();
    sarif::Location::builder().physical_location(physical).build()
}
