//! JUnit: what both schemas in use ask for (Ant's is the stricter), by hand, and what servers show.

use crate::support::hostile::{NAMES, hostile};
use crate::support::{Repo, Run, Tree, github};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

fn children<'d>(node: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
    node.children().filter(Node::is_element).collect()
}

fn names(node: Node<'_, '_>) -> Vec<String> {
    node.attributes().map(|attribute| attribute.name().to_owned()).collect()
}

/// Elements and attributes that the schemas know, in their order, with numbers that add up.
#[track_caller]
fn assert_valid(document: &Document<'_>) {
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), names(root)), ("testsuites", vec![]));
    for (at, suite) in children(root).into_iter().enumerate() {
        let number = |name: &str| suite.attribute(name).and_then(|text| text.parse::<usize>().ok());
        assert_eq!(suite.attribute("id"), Some(&*at.to_string()));
        for name in ["name", "package", "hostname"] {
            assert!(suite.attribute(name).is_some_and(|text| !text.is_empty()), "{name}");
        }
        assert_eq!(suite.attribute("timestamp").map(str::len), Some("2026-01-31T12:00:00".len()));
        assert!(number("time").is_some());
        let parts = children(suite);
        let tags: Vec<&str> = parts.iter().map(|part| part.tag_name().name()).collect();
        let cases = tags.iter().filter(|tag| **tag == "testcase").count();
        let mut expected = vec!["properties"];
        expected.extend(std::iter::repeat_n("testcase", cases));
        expected.extend(["system-out", "system-err"]);
        assert_eq!(tags, expected);
        let of = |wanted: &str| suite.descendants().filter(|node| node.has_tag_name(wanted)).count();
        assert_eq!(number("tests"), Some(cases));
        let counts = ["failures", "errors", "skipped"].map(number);
        assert_eq!(counts, [of("failure"), of("error"), of("skipped")].map(Some));
        let mut seen = BTreeSet::new();
        for case in parts.iter().filter(|part| part.has_tag_name("testcase")) {
            assert_eq!(names(*case), ["classname", "name", "time"]);
            assert!(children(*case).len() <= 1, "one outcome each");
            let name = case.attribute("name").unwrap_or_default();
            assert_eq!(name.trim(), name, "a token");
            assert!(seen.insert((case.attribute("classname"), name)), "{name} stands twice");
        }
    }
}

#[track_caller]
fn checked<T>(run: &Run, look: impl Fn(&Document<'_>) -> T) -> T {
    let text = std::str::from_utf8(&run.stdout).expect("it is UTF-8");
    let document = Document::parse(text).expect("it is XML");
    assert_valid(&document);
    look(&document)
}

fn all<'d>(document: &'d Document<'_>, tag: &str) -> Vec<Node<'d, 'd>> {
    document.descendants().filter(|node| node.has_tag_name(tag)).collect()
}

#[test]
fn each_finding_is_a_failing_test_that_keeps_its_name() {
    let tree = Tree::new().file("a.py", format!("x = '{}'\n", github(1)));
    let name = |run: &Run| {
        checked(run, |document| {
            let failures = all(document, "failure");
            assert_eq!(failures.len(), 1);
            assert_eq!(failures[0].attribute("type"), Some("critical"));
            assert!(failures[0].text().is_some_and(|text| text.contains("ghp_...(40)")));
            failures[0].parent().and_then(|case| case.attribute("name").map(str::to_owned))
        })
    };
    let before = name(&tree.scan(&["-f", "junit"]));
    tree.write("a.py", format!("\n\n# moved\nx = '{}'\n", github(1)));
    assert_eq!(name(&tree.scan(&["-f", "junit"])), before);
}

#[test]
fn nothing_found_is_a_test_that_passes_and_nothing_read_is_one_that_does_not() {
    let tree = Tree::new().file("a.txt", "nothing\n").link("nowhere", "dangling");
    checked(&tree.scan(&["-f", "junit", "a.txt"]), |document| {
        assert_eq!((all(document, "testcase").len(), all(document, "failure").len()), (1, 0));
    });
    checked(&tree.scan(&["-f", "junit", "a.txt", "dangling"]), |document| {
        assert!(all(document, "error")[0].text().is_some_and(|text| text.contains("dangling")));
    });
}

#[test]
fn names_and_lines_stay_text() {
    checked(&hostile().scan(&["-f", "junit"]), |document| {
        assert_eq!(all(document, "failure").len(), NAMES.len());
        assert_eq!(all(document, "script").len(), 0);
    });
}

#[test]
fn the_checklist_is_a_suite_of_its_own() {
    let tree = Tree::repository().file("Dockerfile", "FROM python:3.12\nCMD [\"a\"]\n").file("a.py", github(1));
    checked(&tree.caulk(&["audit", "-f", "junit"]).run(), |document| {
        let suites: Vec<_> = all(document, "testsuite").iter().map(|suite| suite.attribute("name")).collect();
        assert_eq!(suites, [Some("caulk"), Some("caulk checklist")]);
        let failing = all(document, "failure").into_iter().filter_map(|node| node.parent()?.attribute("name"));
        assert!(failing.into_iter().any(|name| name.starts_with("docker-root: ")));
    });
    checked(&tree.caulk(&["check", "-f", "junit"]).run(), |document| {
        assert_eq!(all(document, "testsuite").len(), 1);
    });
}

#[test]
fn a_history_says_since_when() {
    let mut repo = Repo::new();
    repo.write("a.py", github(1));
    let id = repo.commit("one");
    checked(&repo.caulk(&["history", "-f", "junit"]).run(), |document| {
        assert!(all(document, "failure")[0].text().is_some_and(|text| text.contains(&id[..10])));
    });
}
