//! The direction of the layers: a module uses what is below it and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Layer, and what it may use of the crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("day", &[]),
    ("plural", &[]),
    ("replace", &[]),
    ("regular", &[]),
    ("checksum", &[]),
    ("blob", &["span"]),
    ("rule", &["checksum", "span"]),
    ("finding", &["rule", "blob", "span"]),
    ("git", &["regular", "blob"]),
    ("source", &["regular", "git", "blob", "span"]),
    ("detect", &["rule", "blob", "span", "checksum"]),
    ("judge", &["detect", "rule", "finding", "blob", "span", "checksum"]),
    ("config", &["day", "git", "source", "rule"]),
    ("edit", &["replace"]),
    ("check", &["day", "plural", "config", "edit", "judge", "detect", "source", "rule", "finding", "blob", "span"]),
    ("report", &["day", "plural", "config", "check", "source", "rule", "finding", "blob", "span"]),
    ("scan", &["source", "detect", "judge", "report", "rule", "finding", "blob", "span", "checksum"]),
    ("exception", &["day", "config", "source", "scan", "report", "finding", "blob", "span"]),
    ("staged", &["git", "source", "scan", "report", "finding", "blob"]),
    ("history", &["day", "replace", "git", "source", "scan", "detect", "report", "rule", "finding", "blob", "span"]),
    ("hooks", &["git", "history"]),
    ("setup", &["config", "edit", "git"]),
];

/// Of finding, nothing but what a rule says about it is known below; of rule, findings know names and levels only.
const FINDING_USES_OF_RULE: &[&str] = &["Confidence", "Severity", "RuleId"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("it is a folder").map(|entry| entry.expect("it can be read").path());
    let nested = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(nested).filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The layer of a file: the first part of its path below `src`, without the extension.
fn layer(path: &Path) -> String {
    let below = path.strip_prefix(root()).expect("it is below");
    let first = below.components().next().expect("it has a name").as_os_str();
    Path::new(first).with_extension("").to_string_lossy().into_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// What stands behind `crate::` in the code of a file, without its tests: they may use everything.
fn uses(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("it is text");
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let end = |rest: &str| rest.find([';', '(', ')', '>', '\'']).unwrap_or(rest.len());
    code.split("crate::").skip(1).map(|rest| rest[..end(rest)].to_owned()).collect()
}

fn first_word(path: &str) -> &str {
    path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn library() -> impl Iterator<Item = (PathBuf, String)> {
    let with_layer = |path: PathBuf| {
        let layer = layer(&path);
        (path, layer)
    };
    sources(&root()).into_iter().map(with_layer).filter(|(_, layer)| !["cli", "main", "lib"].contains(&layer.as_str()))
}

#[test]
fn every_layer_is_known() {
    let known: BTreeSet<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    let found: BTreeSet<String> = library().map(|(_, layer)| layer).collect();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn the_table_of_layers_has_no_circle() {
    for (at, (layer, below)) in LAYERS.iter().enumerate() {
        let upward = below.iter().find(|below| !LAYERS[..at].iter().any(|(layer, _)| layer == *below));
        assert_eq!(upward, None, "{layer} stands below");
    }
}

#[test]
fn no_module_uses_what_is_above_it() {
    let mut upward = Vec::new();
    for (path, layer) in library() {
        let (_, below) = LAYERS.iter().find(|(name, _)| *name == layer).expect("the layer is known");
        for used in uses(&path) {
            let target = first_word(&used);
            if target != layer && !below.contains(&target) {
                upward.push(format!("{}: crate::{used}", path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn findings_know_names_and_levels_of_rules_only() {
    for (path, _) in library().filter(|(_, layer)| layer == "finding") {
        for used in uses(&path).iter().filter(|used| first_word(used) == "rule") {
            let names = used.trim_start_matches("rule::").trim_matches(['{', '}']);
            let foreign = names.split(',').map(str::trim).find(|name| !FINDING_USES_OF_RULE.contains(name));
            assert_eq!(foreign, None, "{}", path.display());
        }
    }
}

#[test]
fn the_library_does_not_know_the_command_line() {
    for (path, _) in library() {
        let text = fs::read_to_string(&path).expect("it is text");
        let foreign = ["clap::", "anyhow::", "indicatif::", "anstream::"].iter().find(|name| text.contains(**name));
        assert_eq!(foreign, None, "{}", path.display());
    }
}

#[test]
fn the_command_line_uses_the_public_face_of_the_library() {
    for path in sources(&root()).into_iter().filter(|path| layer(path) == "cli") {
        let foreign = uses(&path).into_iter().find(|used| first_word(used) != "cli");
        assert_eq!(foreign, None, "{}", path.display());
    }
}
