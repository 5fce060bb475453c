//! GitLab's secret detection report: what a pipeline hands over as `artifacts: reports: secret_detection`.
//!
//! Servers refuse a report of a version that they do not know, and know older ones: 15.0 unless another is asked for. One
//! vulnerability for each fingerprint, whose id it is; further places are details. No raw value, whatever the format has room for.

use super::exposure::time;
use super::groups::{Spot, spots};
use super::markdown::inline::text;
use super::{Manifest, Moment, Report, confidence_word};
use crate::finding::{Evidence, Finding, Fingerprint, Severity};
use crate::rule::Rule;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// What the commit is called where there is none, as GitLab's own analyzer writes it.
const NO_COMMIT: &str = "0000000";

/// Most further places of one vulnerability.
const MAX_PLACES: usize = 100;

/// Longest name, in characters.
const MAX_NAME: usize = 255;

/// A version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    revision: u8,
    addition: u8,
}

impl Version {
    /// What every server since GitLab 15 takes.
    pub const DEFAULT: Self = Self { revision: 0, addition: 4 };

    /// The latest revision that is known here.
    const LATEST: u8 = 2;
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "15.{}.{}", self.revision, self.addition)
    }
}

/// A version that this program does not write.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("GitLab's reports are not written in version `{0}`: use one of 15.0, 15.1 or 15.2, such as 15.0.4")]
pub struct UnknownVersion(String);

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let unknown = || UnknownVersion(text.to_owned());
        let numbers: Vec<u8> = text.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| unknown())?;
        match numbers[..] {
            [15, revision, addition] if revision <= Self::LATEST && addition < 100 => Ok(Self { revision, addition }),
            _ => Err(unknown()),
        }
    }
}

#[derive(Serialize)]
struct Document<'r> {
    version: String,
    schema: String,
    scan: Scan,
    vulnerabilities: Entries<'r>,
    remediations: [(); 0],
}

#[derive(Serialize)]
struct Scan {
    analyzer: Tool,
    scanner: Tool,
    start_time: String,
    end_time: String,
    status: &'static str,
    r#type: &'static str,
    messages: Vec<Message>,
    primary_identifiers: Vec<Identifier>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: Value,
}

#[derive(Serialize)]
struct Message {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Identifier {
    r#type: &'static str,
    name: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
}

#[derive(Serialize)]
struct Vulnerability {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: Vec<Identifier>,
    links: Vec<Value>,
    location: Location,
    #[serde(skip_serializing_if = "Value::is_null")]
    details: Value,
}

#[derive(Serialize)]
struct Location {
    file: String,
    start_line: u64,
    end_line: u64,
    commit: Commit,
}

#[derive(Serialize)]
struct Commit {
    sha: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

/// The vulnerabilities, written one by one.
struct Entries<'r>(&'r Report);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(merged(self.0).iter().map(|(finding, spots)| vulnerability(self.0, finding, spots)))
    }
}

/// Writes `report` in `version`; `ended` is when the run did.
///
/// # Errors
/// Writing fails.
pub fn write(report: &Report, version: Version, ended: Moment, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: version.to_string(),
        schema: format!(
            "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v{version}/dist/secret-detection-report-format.json"
        ),
        scan: scan(report, ended),
        vulnerabilities: Entries(report),
        remediations: [],
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn scan(report: &Report, ended: Moment) -> Scan {
    let manifest: &Manifest = &report.manifest;
    let tool = || Tool {
        id: env!("CARGO_PKG_NAME"),
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        vendor: json!({ "name": env!("CARGO_PKG_NAME") }),
    };
    let message = |skip: &crate::source::Skip| Message {
        level: "warn",
        value: format!("Not scanned: {}: {}", skip.path, skip.reason),
    };
    Scan {
        analyzer: tool(),
        scanner: tool(),
        start_time: ended.before(manifest.duration).utc(),
        end_time: ended.utc(),
        status: if manifest.is_complete() { "success" } else { "failure" },
        r#type: "secret_detection",
        messages: manifest.failures().map(message).collect(),
        primary_identifiers: report.rules().iter().map(|(_, rule)| identifier(rule)).collect(),
    }
}

fn identifier(rule: &Rule) -> Identifier {
    let id = rule.id();
    Identifier { r#type: "caulk_rule_id", name: format!("caulk rule {id}"), value: id.to_owned(), url: None }
}

/// The findings with all their places; findings with one fingerprint are one, for an id stands for one vulnerability.
fn merged(report: &Report) -> Vec<(&Finding, Vec<Spot<'_>>)> {
    let mut at: HashMap<Fingerprint, usize> = HashMap::new();
    let mut all: Vec<(&Finding, Vec<Spot<'_>>)> = Vec::new();
    for finding in &report.findings {
        let index = *at.entry(finding.fingerprint).or_insert(all.len());
        match all.get_mut(index) {
            Some((_, known)) => known.extend(spots(finding)),
            None => all.push((finding, spots(finding))),
        }
    }
    all
}

fn vulnerability(report: &Report, finding: &Finding, spots: &[Spot<'_>]) -> Vulnerability {
    let rule = report.rule(finding);
    let weakness = Identifier {
        r#type: "cwe",
        name: "CWE-798".to_owned(),
        value: "798".to_owned(),
        url: Some("https://cwe.mitre.org/data/definitions/798.html"),
    };
    let pages = [rule.syntax().docs.as_ref(), rule.syntax().revoke.as_ref()];
    let links = pages.into_iter().flatten().filter(|page| page.starts_with("https://"));
    Vulnerability {
        id: finding.fingerprint.to_string(),
        name: rule.title().chars().take(MAX_NAME).collect(),
        description: description(rule, finding),
        severity: severity(finding.severity),
        solution: solution(rule),
        identifiers: vec![identifier(rule), weakness],
        links: links.map(|page| json!({ "url": page })).collect(),
        location: location(finding, spots.first()),
        details: details(finding, spots.get(1..).unwrap_or_default()),
    }
}

/// Markdown, so nothing from a file may be markup.
fn description(rule: &Rule, finding: &Finding) -> String {
    let confidence = confidence_word(finding.confidence);
    let reasons = finding.evidence.iter().filter(|one| !matches!(one, Evidence::Shape)).map(ToString::to_string);
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    let because = if reasons.is_empty() { String::new() } else { format!(" because {}", text(&reasons)) };
    let secret = text(&finding.secret.to_string());
    format!("A {} was found: {secret}, confidence {confidence}{because}.", text(&rule.title()))
}

fn solution(rule: &Rule) -> String {
    let revoke = rule.syntax().revoke.as_ref().map_or_else(String::new, |page| format!(" ({page})"));
    let instead = rule
        .syntax()
        .instead
        .as_ref()
        .map_or_else(String::new, |way| format!(" Better than a long-lived secret: {way}."));
    format!(
        "Revoke it where it was issued{revoke}, and create a new one. Keep that outside of the repository: in an environment variable or a secret manager.{instead}"
    )
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Info",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// Where it is, and the commit that brought it there, if the history was scanned.
fn location(finding: &Finding, spot: Option<&Spot<'_>>) -> Location {
    let place = spot.map_or(&finding.place, |spot| spot.place);
    let introduced = finding.exposure.as_ref().and_then(|exposure| exposure.introduced.as_ref());
    let note = spot.and_then(|spot| spot.commit).or(introduced);
    Location {
        file: place.origin.key.to_string(),
        start_line: place.start.line,
        end_line: place.end.line,
        commit: Commit {
            sha: note.map_or(NO_COMMIT, |note| &note.id).to_owned(),
            author: note.map(|note| note.author.clone()),
            date: note.map(time),
        },
    }
}

/// The other places, and what became of it.
fn details(finding: &Finding, others: &[Spot<'_>]) -> Value {
    let mut details = serde_json::Map::new();
    let list = |name: &str, items: Vec<Value>| json!({ "name": name, "type": "list", "items": items });
    if !others.is_empty() {
        let file = |spot: &Spot<'_>| {
            let name = Some(spot.place.origin.key.to_string()).filter(|name| !name.is_empty());
            let (first, last) = (spot.place.start.line, spot.place.end.line);
            json!({ "type": "file-location", "file_name": name.unwrap_or_else(|| "-".to_owned()), "line_start": first, "line_end": last })
        };
        details.insert("also_at".to_owned(), list("Also at", others.iter().take(MAX_PLACES).map(file).collect()));
        if others.len() > MAX_PLACES {
            let more = json!({ "name": "Further places", "type": "value", "value": others.len() - MAX_PLACES });
            details.insert("further_places".to_owned(), more);
        }
    }
    if let Some(exposure) = &finding.exposure {
        let commits = exposure.removed.iter().take(MAX_PLACES);
        let commits: Vec<Value> = commits.map(|note| json!({ "type": "commit", "value": note.id })).collect();
        if !commits.is_empty() {
            details.insert("removed_in".to_owned(), list("Removed in", commits));
        }
        let word = |name: &str, value: bool| json!({ "name": name, "type": "value", "value": value });
        details.insert("in_head".to_owned(), word("In HEAD", exposure.in_head));
        details.insert("pushed".to_owned(), word("Known to a remote", exposure.pushed));
    }
    if details.is_empty() { Value::Null } else { Value::Object(details) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_one_model() {
        let parse = |text: &str| text.parse::<Version>().map(|version| version.to_string());
        assert_eq!(parse("15.2.1"), Ok("15.2.1".to_owned()));
        assert_eq!(parse("15.0.4"), Ok(Version::DEFAULT.to_string()));
        for text in ["", "15", "15.0", "15.3.0", "14.0.0", "15.0.4.1", "15.0.x", "15.0.100"] {
            assert_eq!(parse(text), Err(UnknownVersion(text.to_owned())));
        }
    }
}
