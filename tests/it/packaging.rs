//! What other programs read to run caulk: hooks for pre-commit, the action, the image.

use crate::support::Tree;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is text")
}

/// The values of a key of a YAML file, wherever it stands.
fn values<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let line = |line: &'t str| line.trim_start().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(": ");
    text.lines().filter_map(line).map(str::trim).collect()
}

#[test]
fn hooks_of_pre_commit_name_commands_that_exist() {
    let hooks = file(".pre-commit-hooks.yaml");
    let entries = values(&hooks, "entry");
    assert_eq!(entries.len(), 11);
    for entry in entries {
        let (program, args) = entry.split_once(' ').expect("it has arguments");
        assert!(program == "caulk" || program == format!("caulk:{VERSION}"), "{entry}");
        let args: Vec<&str> = args.split(' ').chain(["--help"]).collect();
        let run = Tree::new().caulk(&args).run();
        assert_eq!(run.code, 0, "{entry}: {run}");
    }
    let blocks: Vec<&str> = hooks.split("\n- id: ").skip(1).collect();
    for block in blocks {
        assert!(block.contains("  stages: ["), "without stages it would run in all of them: {block}");
        let reads_file = block.contains("hook commit-msg");
        assert_eq!(!reads_file, block.contains("pass_filenames: false"), "{block}");
        let index = block.contains("hook pre-commit");
        assert!(!index || block.contains("verbose: true"), "a run of nothing must show: {block}");
    }
}

#[test]
fn hooks_of_pre_commit_are_documented() {
    let (hooks, page) = (file(".pre-commit-hooks.yaml"), file("docs/hooks.md"));
    let ids: BTreeSet<&str> = values(&hooks, "id").into_iter().collect();
    for id in &ids {
        assert!(page.contains(&format!("`{id}`")), "{id}");
    }
    for named in values(&page, "id") {
        assert!(ids.contains(named), "{named}");
    }
}

#[test]
fn nothing_that_runs_elsewhere_is_unpinned() {
    let texts = ["action.yml", "docs/ci.md", "src/setup/pipelines.rs"].map(file);
    let used: Vec<&str> = texts.iter().flat_map(|text| values(text, "uses")).collect();
    assert!(used.len() >= 4, "{used:?}");
    for action in used.into_iter().filter(|action| !action.contains("OWNER/") && !action.contains("{action}")) {
        let (name, at) = action.split_once('@').expect("it has a version");
        let id = at.split(' ').next().unwrap_or_default();
        assert!(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name} is not pinned: {at}");
    }
    for image in file("Dockerfile").lines().filter_map(|line| line.strip_prefix("FROM ")) {
        assert!(image.contains(':') && !image.contains("latest"), "{image}");
    }
}

#[test]
fn everything_is_built_by_the_same_toolchain() {
    let manifest = file("Cargo.toml");
    let least = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("it is said");
    let least = least.trim_matches('"');
    let places = [("Dockerfile", "FROM rust:"), ("action/install.sh", "toolchain="), ("docs/ci.md", "image: rust:")];
    for (name, before) in places.into_iter().chain([("src/setup/pipelines.rs", "image: rust:")]) {
        let text = file(name);
        let version = text.split_once(before).expect("it names one").1;
        assert!(version.starts_with(least), "{name}: {}", version.lines().next().unwrap_or_default());
    }
}

#[test]
fn nothing_from_outside_is_part_of_a_script_of_the_action() {
    for script in values(&file("action.yml"), "run") {
        assert!(!script.contains("${{"), "{script}");
    }
    for name in ["install.sh", "scan.sh", "version.sh"] {
        let script = file(&format!("action/{name}"));
        assert!(script.starts_with("#!/usr/bin/env bash\n") && script.contains("\nset -euo pipefail\n"), "{name}");
        assert!(!script.contains("eval"), "{name}");
    }
}

#[test]
fn the_image_runs_without_rights() {
    let image = file("Dockerfile");
    let user = image.lines().rev().find_map(|line| line.strip_prefix("USER ")).expect("there is one");
    assert!(user != "root" && !user.starts_with('0'), "{user}");
    assert!(image.contains(&format!("caulk:{VERSION}")));
    for copied in image.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--")) {
        for name in copied.split(' ').rev().skip(1) {
            let kept = file(".dockerignore").lines().any(|line| line == format!("!{name}"));
            assert!(kept, "{name} does not get into the build");
        }
    }
}
