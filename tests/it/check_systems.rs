//! The table of `docs/systems.md`, walked: every line fails where a team was careless, and passes where it was careful.

use crate::support::{Run, Tree};
use crate::systems::{Filler, SYSTEMS, System, Variant};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

/// A line of the table: system, check, file.
struct Line {
    system: String,
    check: String,
    file: String,
}

fn page() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/systems.md")).expect("is there")
}

fn lines() -> Vec<Line> {
    let (mut system, mut lines) = (String::new(), Vec::new());
    for line in page().lines() {
        if let Some(name) = line.strip_prefix("## ") {
            system = name.to_owned();
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        if let [_, check, file] = cells.as_slice()
            && check.starts_with('`')
        {
            let plain = |cell: &str| cell.trim_matches([' ', '|', '`', '-']).to_owned();
            lines.push(Line {
                system: system.clone(),
                check: check.trim_matches('`').to_owned(),
                file: plain(file.trim_end_matches('|').trim()),
            });
        }
    }
    lines
}

/// The repository of a variant.
fn build(variant: &Variant, seed: u64) -> Tree {
    let mut filler = Filler::new(seed);
    let mut tree = Tree::repository();
    for (path, text) in variant.tracked {
        tree = tree.file(path, filler.fill(text));
    }
    tree = tree.git(&["add", "--all", "--force"]);
    for (path, text, mode) in variant.local {
        tree.write(path, filler.fill(text));
        fs::set_permissions(tree.path().join(path), Permissions::from_mode(*mode)).expect("it is ours");
    }
    tree
}

fn check(tree: &Tree) -> Run {
    tree.caulk(&["check", "--trace-env", "-q", "-f", "json"]).run()
}

fn row<'r>(report: &'r Value, id: &str) -> &'r Value {
    let rows = report["checks"].as_array().expect("a list");
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| unreachable!("no row `{id}`"))
}

fn system(name: &str) -> &'static System {
    SYSTEMS.iter().find(|system| system.name == name).unwrap_or_else(|| unreachable!("no system `{name}`"))
}

#[test]
fn careless_teams_fail_every_line_and_careful_ones_pass_it() {
    let lines = lines();
    assert!(lines.len() > 60, "only {} lines were read", lines.len());
    let mut wrong = Vec::new();
    for name in SYSTEMS.iter().map(|system| system.name) {
        let careless = check(&build(&system(name).careless, 1));
        let careful = check(&build(&system(name).careful, 2));
        assert_eq!(careless.code, 1, "{careless}");
        let (bad, good) = (careless.json(), careful.json());
        for line in lines.iter().filter(|line| line.system == name) {
            let (failed, passed) = (row(&bad, &line.check), row(&good, &line.check));
            let evidence = failed["evidence"].as_array().expect("a list");
            let named = line.file.is_empty() || evidence.iter().any(|one| one["path"] == line.file.as_str());
            if failed["verdict"] != "fail" || !named {
                wrong.push(format!("{name}, careless: {failed:#}"));
            }
            if passed["verdict"] != "pass" {
                wrong.push(format!("{name}, careful: {passed:#}"));
            }
        }
        let fails: Vec<&str> = good["checks"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row["verdict"] == "fail")
            .filter_map(|row| row["id"].as_str())
            .collect();
        wrong.extend(fails.iter().map(|id| format!("{name}, careful, and not in the table: {:#}", row(&good, id))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn questions_of_the_guides_are_reviews() {
    let page = page();
    for part in page.split("\n## ").skip(1) {
        let name = part.lines().next().expect("has a name");
        let report = check(&build(&system(name).careless, 3)).json();
        let questions = part.split("\nQuestions:").nth(1).expect("has questions");
        for id in questions.split('`').skip(1).step_by(2) {
            assert_eq!(row(&report, id)["verdict"], "review", "{name}: {id}");
        }
    }
}

#[test]
fn every_check_that_files_can_decide_stands_in_the_table() {
    let named: BTreeSet<String> = lines().into_iter().map(|line| line.check).collect();
    let by_history = ["env-history", "git-rotation"];
    let missing: Vec<&str> = caulk::check::rows::all()
        .map(|check| check.id)
        .filter(|id| {
            !id.starts_with("policy-manual")
                && *id != "policy-incident"
                && !by_history.contains(id)
                && !named.contains(*id)
        })
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn no_value_of_the_systems_is_ever_written() {
    for system in SYSTEMS {
        let tree = build(&system.careless, 4);
        let values: Vec<String> = Filler::drawn(4, &system.careless);
        for format in ["text", "json", "sarif", "markdown", "html"] {
            let run = tree.caulk(&["check", "--trace-env", "-v", "--sarif-profile", "full", "-f", format]).run();
            let text = run.to_string();
            // A value as short as a name may stand in a text of ours by chance.
            let shown: Vec<&String> = values.iter().filter(|value| value.len() > 12 && text.contains(*value)).collect();
            assert!(shown.is_empty(), "{}, {format}: {shown:?}", system.name);
        }
        let inventory = tree.caulk(&["check", "--inventory"]).run().to_string();
        assert!(!values.iter().any(|value| value.len() > 12 && inventory.contains(value)), "{}", system.name);
    }
}
