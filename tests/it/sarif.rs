//! SARIF as GitHub code scanning wants it.

use crate::support::{Run, Tree, github, sample, unlike_words, utf16};
use serde_json::Value;
use std::collections::BTreeSet;

fn log(run: &Run) -> Value {
    let mut report = run.json();
    assert_eq!(report["version"], "2.1.0");
    assert_eq!(report["runs"].as_array().map(Vec::len), Some(1));
    report["runs"][0].take()
}

fn found() -> Tree {
    let text = format!("# größe 😀\nlabel = '😀ä {}'\n", github(1));
    let tree = Tree::repository().file("dir with space/ä#1.py", text);
    tree.file("b.py", format!("admin_password = '{}'\r\n", unlike_words(2)))
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("it is text")
}

#[test]
fn every_rule_has_what_code_scanning_needs() {
    let run = log(&Tree::new().file("a.txt", "nothing\n").scan(&["-f", "sarif"]));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    assert!(rules.len() >= 80);
    let ids: BTreeSet<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
    assert_eq!(ids.len(), rules.len(), "ids are unique");
    for rule in rules {
        let id = text(&rule["id"]);
        let short = ["/shortDescription/text", "/fullDescription/text"];
        for pointer in short {
            let length = rule.pointer(pointer).map_or(0, |value| text(value).chars().count());
            assert!((1..=1024).contains(&length), "{id}: {pointer}");
        }
        assert!(!text(&rule["help"]["text"]).is_empty() && !text(&rule["help"]["markdown"]).is_empty(), "{id}");
        assert!(text(&rule["name"]).len() <= 255, "{id}");
        let severity: f64 = text(&rule["properties"]["security-severity"]).parse().expect("a number in a string");
        assert!(0.0 < severity && severity <= 10.0, "{id}");
        assert!(["very-high", "high", "medium", "low"].contains(&text(&rule["properties"]["precision"])), "{id}");
        assert!(["error", "warning", "note"].contains(&text(&rule["defaultConfiguration"]["level"])), "{id}");
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        assert!(tags.contains(&"security".into()) && tags.len() <= 20, "{id}");
        assert!(rule["helpUri"].as_str().is_none_or(|uri| uri.starts_with("https://") && !uri.contains(' ')), "{id}");
    }
}

#[test]
fn every_result_has_what_code_scanning_needs() {
    let run = log(&found().scan(&["-f", "sarif"]));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), 2);
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it is small");
        assert_eq!(result["ruleId"], rules[rule]["id"]);
        assert!(["error", "warning", "note"].contains(&text(&result["level"])));
        assert!(!text(&result["message"]["text"]).is_empty());
        let hash = text(&result["partialFingerprints"]["primaryLocationLineHash"]);
        let (digits, count) = hash.split_once(':').expect("hash and count");
        assert!(u64::from_str_radix(digits, 16).is_ok() && count == "1", "{hash}");
        assert_eq!(text(&result["partialFingerprints"]["caulkFingerprint/v1"]).len(), 32);
    }
}

#[test]
fn addresses_are_relative_and_percent_encoded() {
    let tree = found();
    let uris = |run: &Run| -> Vec<String> {
        let log = log(run);
        let results = log["results"].as_array().expect("a list");
        let uri = "/locations/0/physicalLocation/artifactLocation/uri";
        results.iter().map(|result| text(result.pointer(uri).expect("an address")).to_owned()).collect()
    };
    let expected = ["b.py", "dir%20with%20space/%C3%A4%231.py"];
    assert_eq!(uris(&tree.scan(&["-f", "sarif"])), expected);
    // From the root of the repository, wherever the scan is started.
    assert_eq!(uris(&tree.scan(&["-f", "sarif", &tree.path().display().to_string()])), expected);
    assert_eq!(uris(&tree.caulk(&["scan", "-f", "sarif"]).within("dir with space").run()), expected[1..]);
}

#[test]
fn columns_count_utf16_units_and_end_behind_the_last() {
    let run = log(&found().scan(&["-f", "sarif"]));
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let region = |at: usize| run["results"][at]["locations"][0]["physicalLocation"]["region"].clone();
    let numbers = |region: &Value| {
        ["startLine", "startColumn", "endLine", "endColumn"].map(|name| region[name].as_u64().expect("a number"))
    };
    // `admin_password = '` is 18 units long, the value 24.
    assert_eq!(numbers(&region(0)), [1, 19, 1, 43]);
    // `label = '😀ä ` is 13 units long, the value 40.
    assert_eq!(numbers(&region(1)), [2, 14, 2, 54]);
    assert!(text(&region(1)["snippet"]["text"]).contains("ghp_...(40)"));
}

#[test]
fn a_block_of_lines_ends_in_its_last_line() {
    let block = sample("{pem:rsa}", 3);
    let run = log(&Tree::new().file("key", format!("\n{block}\n")).scan(&["-f", "sarif"]));
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    let lines = block.trim_end().lines().count() as u64;
    assert_eq!((region["startLine"].as_u64(), region["endLine"].as_u64()), (Some(2), Some(1 + lines)));
    let last = block.trim_end().lines().last().expect("it has lines").len() as u64;
    assert_eq!((region["startColumn"].as_u64(), region["endColumn"].as_u64()), (Some(1), Some(last + 1)));
}

#[test]
fn an_incomplete_scan_is_no_success() {
    let tree = Tree::new().file("a.txt", "nothing\n").link("nowhere", "dangling");
    let run = log(&tree.scan(&["-f", "sarif", "a.txt", "dangling"]));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert!(text(&invocation["toolExecutionNotifications"][0]["message"]["text"]).contains("dangling"));
    let run = log(&tree.scan(&["-f", "sarif", "a.txt"]));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn what_came_through_standard_input_has_its_name() {
    let run = Tree::new().caulk(&["scan", "-", "--stdin-name", "src/a.py", "-f", "sarif"]).stdin(github(1)).run();
    let location = &log(&run)["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "src/a.py");
}

#[test]
fn a_line_of_utf16_text_has_columns_in_characters() {
    let text = format!("first\r\nlabel = '{}'\r\n", github(1));
    let tree = Tree::new().file("a.py", utf16(&text, u16::to_le_bytes));
    let run = log(&tree.scan(&["-f", "sarif"]));
    let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64()), (Some(2), Some(10)));
}
