//! GitLab's secret detection report: what its schema asks for, by hand (facts of versions 15.0.4 and 15.2.1), and what servers do with it.

use crate::support::hostile::{NAMES, hostile};
use crate::support::{Repo, Run, Tree, github};
use serde_json::Value;
use std::collections::BTreeSet;

/// The parts of the schema that this report touches: required members, types, patterns, lengths.
#[track_caller]
fn assert_valid(report: &Value) {
    let version = text(&report["version"]);
    assert!(is_version(version), "{version}");
    assert!(text(&report["schema"]).starts_with("https://"));
    let scan = &report["scan"];
    for tool in ["analyzer", "scanner"] {
        for member in ["id", "name", "version"] {
            assert!(!text(&scan[tool][member]).is_empty(), "{tool} {member}");
        }
        assert!(!text(&scan[tool]["vendor"]["name"]).is_empty());
    }
    for member in ["start_time", "end_time"] {
        let time = text(&scan[member]);
        let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        assert_eq!(shape, "9999-99-99T99:99:99", "no zone, no fraction");
    }
    assert!(["success", "failure"].contains(&text(&scan["status"])));
    assert_eq!(scan["type"], "secret_detection");
    for message in list(&scan["messages"]) {
        assert!(["info", "warn", "fatal"].contains(&text(&message["level"])) && !text(&message["value"]).is_empty());
    }
    list(&scan["primary_identifiers"]).iter().for_each(assert_identifier);
    list(&report["vulnerabilities"]).iter().for_each(assert_vulnerability);
    assert!(list(&report["remediations"]).is_empty());
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[track_caller]
fn assert_vulnerability(one: &Value) {
    assert!(!text(&one["id"]).is_empty());
    assert!((1..=255).contains(&text(&one["name"]).chars().count()));
    assert!(text(&one["description"]).chars().count() <= 1_048_576);
    assert!(text(&one["solution"]).chars().count() <= 7000);
    assert!(["Info", "Unknown", "Low", "Medium", "High", "Critical"].contains(&text(&one["severity"])));
    assert!(!list(&one["identifiers"]).is_empty());
    list(&one["identifiers"]).iter().for_each(assert_identifier);
    for link in list(&one["links"]) {
        assert!(text(&link["url"]).starts_with("https://"));
    }
    let location = &one["location"];
    assert!(!text(&location["commit"]["sha"]).is_empty());
    assert!(location["start_line"].as_u64() <= location["end_line"].as_u64() && location["start_line"].is_u64());
    text(&location["file"]);
    assert!(one.get("raw_source_code_extract").is_none());
    for detail in one["details"].as_object().into_iter().flat_map(|details| details.values()) {
        assert!(!text(&detail["name"]).is_empty());
        assert!(is_detail(detail), "{detail}");
    }
}

/// The kinds of details that are used, each with its members.
fn is_detail(detail: &Value) -> bool {
    match detail["type"].as_str() {
        Some("list") => list(&detail["items"]).iter().all(is_detail),
        Some("value") => detail["value"].is_boolean() || detail["value"].is_number() || detail["value"].is_string(),
        Some("commit") => detail["value"].as_str().is_some_and(|value| !value.is_empty()),
        Some("file-location") => {
            detail["file_name"].as_str().is_some_and(|name| !name.is_empty()) && detail["line_start"].is_u64()
        }
        _ => false,
    }
}

#[track_caller]
fn assert_identifier(one: &Value) {
    assert!(["type", "name", "value"].iter().all(|member| !text(&one[member]).is_empty()), "{one}");
    assert!(one.get("url").is_none_or(|url| text(url).starts_with("https://")));
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("it is text")
}

#[track_caller]
fn list(value: &Value) -> &[Value] {
    value.as_array().expect("it is a list")
}

#[track_caller]
fn vulnerabilities(run: &Run) -> Vec<Value> {
    let report = run.json();
    assert_valid(&report);
    list(&report["vulnerabilities"]).to_vec()
}

#[test]
fn a_tree_has_no_commit_and_ids_that_stay() {
    let tree = Tree::repository().file("deploy/a.sh", format!("\n\nx={}\n", github(1))).file("b.py", github(2));
    let found = vulnerabilities(&tree.scan(&["-f", "gitlab"]));
    let places: Vec<(&str, u64, &str)> = found
        .iter()
        .map(|one| &one["location"])
        .map(|at| (text(&at["file"]), at["start_line"].as_u64().unwrap_or(0), text(&at["commit"]["sha"])))
        .collect();
    assert_eq!(places, [("b.py", 1, "0000000"), ("deploy/a.sh", 3, "0000000")]);
    let ids: Vec<String> = tree.scan(&["-f", "json"]).every("fingerprint");
    assert_eq!(found.iter().map(|one| text(&one["id"])).collect::<Vec<_>>(), ids);
    // The first identifier tells the rule, and the report says which rules there are.
    assert_eq!(found[0]["identifiers"][0]["value"], "github-pat-classic");
    assert!(!found[0].to_string().contains(&github(2)));
    // From the root of the repository, wherever the scan is started.
    let below = vulnerabilities(&tree.caulk(&["scan", "-f", "gitlab"]).within("deploy").run());
    assert_eq!((text(&below[0]["location"]["file"]), &below[0]["id"]), ("deploy/a.sh", &found[1]["id"]));
}

#[test]
fn one_id_is_one_vulnerability() {
    let tree = Tree::new().file("a.py", format!("{0}\n{0}\n", github(1)));
    let found = vulnerabilities(&tree.scan(&["-f", "gitlab"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["details"]["also_at"]["items"][0]["line_start"], 2, "{}", found[0]);
}

#[test]
fn a_history_names_the_commit_that_brought_it_in() {
    let mut repo = Repo::new();
    repo.write("a.py", github(1));
    let first = repo.commit("one");
    repo.write("b.py", github(1));
    repo.commit("two");
    repo.remove("a.py");
    repo.remove("b.py");
    let last = repo.commit("three");
    let found = vulnerabilities(&repo.caulk(&["history", "-f", "gitlab"]).run());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["location"]["commit"]["sha"], first);
    assert_eq!(found[0]["location"]["commit"]["author"], "Ann <ann@example.org>");
    assert_eq!(found[0]["details"]["also_at"]["items"][0]["file_name"], "b.py");
    assert_eq!(found[0]["details"]["removed_in"]["items"][0]["value"], last);
    assert_eq!(found[0]["details"]["in_head"]["value"], false);
}

#[test]
fn the_version_can_be_chosen_and_times_can_be_fixed() {
    let tree = Tree::new().file("a.py", github(1));
    let report = tree.scan(&["-f", "gitlab"]).json();
    assert!(text(&report["version"]).starts_with("15.0."));
    let run = tree.caulk(&["scan", "-f", "gitlab@15.2.1"]).env("SOURCE_DATE_EPOCH", "1700000000").run();
    let report = run.json();
    assert_valid(&report);
    assert_eq!((&report["version"], &report["scan"]["end_time"]), (&"15.2.1".into(), &"2023-11-14T22:13:20".into()));
    assert!(text(&report["schema"]).contains("/v15.2.1/"));
    for (format, message) in [
        ("gitlab@14.0.0", "not written in version `14.0.0`"),
        ("gitlab@", "not written in version ``"),
        ("json@2", "`json` has one version only"),
    ] {
        let run = tree.scan(&["-f", format]);
        assert!(run.code == 2 && run.to_string().contains(message), "{run}");
    }
}

#[test]
fn an_incomplete_scan_is_no_success() {
    let tree = Tree::new().file("a.txt", "nothing\n").link("nowhere", "dangling");
    let report = tree.scan(&["-f", "gitlab", "a.txt", "dangling"]).json();
    assert_valid(&report);
    assert_eq!(report["scan"]["status"], "failure");
    assert!(text(&report["scan"]["messages"][0]["value"]).contains("dangling"));
    let report = tree.scan(&["-f", "gitlab", "a.txt"]).json();
    assert_eq!((&report["scan"]["status"], list(&report["vulnerabilities"]).len()), (&"success".into(), 0));
}

#[test]
fn hostile_names_are_data() {
    let found = vulnerabilities(&hostile().scan(&["-f", "gitlab"]));
    let files: BTreeSet<&str> = found.iter().map(|one| text(&one["location"]["file"])).collect();
    assert_eq!((found.len(), files.len()), (NAMES.len(), NAMES.len()), "each has a name of its own");
    assert!(files.iter().all(|file| !file.chars().any(char::is_control)), "{files:?}");
}

#[test]
fn the_name_that_pipelines_look_for_asks_for_the_format() {
    let tree = Tree::new().file("a.py", github(1));
    assert_eq!(tree.scan(&["-o", "gl-secret-detection-report.json"]).code, 1);
    let report = serde_json::from_slice(&tree.read("gl-secret-detection-report.json")).expect("it is JSON");
    assert_valid(&report);
}
