//! Which files are scanned outside of repositories, and what links, hidden names and exclusions do.

use crate::support::{Tree, github};

fn key(seed: u64) -> String {
    github(seed) + "\n"
}

#[test]
fn ignore_rules_count_in_repositories_only() {
    let tree = Tree::new().file(".gitignore", "*.log\n").file("a.log", key(1)).file("b.txt", key(2));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.every("path"), run.ignored()), (vec!["a.log".into(), "b.txt".into()], vec![]));
}

#[test]
fn hidden_files_are_scanned_and_the_git_folder_is_not() {
    let tree = Tree::repository().file(".env", key(1)).file(".config/app", key(2)).file(".git/notes", key(3));
    assert_eq!(tree.scan(&["-f", "json"]).every("path"), [".config/app", ".env"]);
    assert_eq!(tree.scan(&["-f", "json", "--no-ignore"]).every("path"), [".config/app", ".env"]);
}

#[test]
fn hidden_files_can_be_left_out_and_the_last_word_counts() {
    let tree = Tree::new().file(".env", key(1)).file(".config/app", key(2)).file("a.txt", key(3));
    assert_eq!(tree.scan(&["-f", "json", "--no-hidden"]).every("path"), ["a.txt"]);
    assert_eq!(tree.scan(&["-f", "json", "--no-hidden", "--hidden"]).every("path").len(), 3);
}

#[test]
fn a_named_hidden_file_is_scanned_whatever_the_options() {
    let tree = Tree::new().file(".env", key(1));
    assert_eq!(tree.scan(&["-f", "json", "--no-hidden", ".env"]).every("path"), [".env"]);
}

#[test]
fn excluded_paths_are_relative_to_what_is_scanned() {
    let tree = Tree::new().file("vendor/a.txt", key(1)).file("src/vendor/b.txt", key(2)).file("src/c.md", key(3));
    let scan = |args: &[&str]| tree.caulk(&["scan", "-f", "json"]).args(args).run().every("path");
    assert_eq!(scan(&["--exclude", "vendor"]), ["src/c.md", "src/vendor/b.txt"]);
    assert_eq!(scan(&["--exclude", "**/vendor"]), ["src/c.md"]);
    assert_eq!(scan(&["--exclude", "vendor", "--exclude", "**/*.md"]), ["src/vendor/b.txt"]);
    assert_eq!(scan(&["src", "--exclude", "vendor"]), ["src/c.md"]);
    assert_eq!(scan(&[&tree.path().join("src").display().to_string(), "--exclude", "vendor"]).len(), 1);
}

#[test]
fn paths_are_shown_as_they_were_typed() {
    let tree = Tree::new().file("src/a.txt", key(1));
    let full = tree.path().join("src").display().to_string();
    for (typed, shown) in [
        (".", "src/a.txt".to_owned()),
        ("src", "src/a.txt".to_owned()),
        ("./src/", "src/a.txt".to_owned()),
        ("src/a.txt", "src/a.txt".to_owned()),
        (&full, format!("{full}/a.txt")),
        ("../tree/src", "../tree/src/a.txt".to_owned()),
    ] {
        assert_eq!(tree.scan(&["-f", "json", typed]).every("path"), [shown]);
    }
}

#[test]
fn a_file_below_two_paths_is_scanned_once() {
    let tree = Tree::new().file("src/a.txt", key(1)).file("b.txt", key(2));
    let run = tree.scan(&["-f", "json", ".", "src", "src/a.txt", "b.txt", "b.txt"]);
    assert_eq!((run.findings().len(), &run.json()["manifest"]["files"]), (2, &2.into()), "{run}");
}

#[test]
fn links_are_skipped_with_a_reason_and_are_no_failure() {
    let tree = Tree::new().file("a.txt", key(1)).link("a.txt", "link").link("nowhere", "dangling");
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.every("path"), ["a.txt"]);
    assert_eq!((run.skipped("link"), run.skipped("dangling")), (Some("link".into()), Some("link".into())));
    assert_eq!(run.json()["complete"], true);
}

#[test]
fn links_that_lead_in_circles_end() {
    let tree = Tree::new().file("sub/a.txt", key(1)).link(".", "self").link("..", "sub/up").link("one", "two");
    let tree = tree.link("two", "one");
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(
        (run.every("path"), run.skipped("sub/up")),
        (vec!["sub/a.txt".to_owned()], Some("link".into())),
        "{run}"
    );
}

#[test]
fn a_link_to_a_file_that_a_person_names_is_followed() {
    let tree = Tree::new().file("a.txt", key(1)).link("a.txt", "link");
    let run = tree.scan(&["-f", "json", "link"]);
    assert_eq!((run.code, run.every("path")), (1, vec!["link".to_owned()]), "{run}");
}

#[test]
fn a_link_to_a_folder_that_a_person_names_is_followed_and_nothing_is_missing() {
    let tree = Tree::new().file("sub/a.txt", key(1)).link("sub", "link");
    let run = tree.scan(&["-f", "json", "link"]);
    assert_eq!((run.code, run.every("path")), (1, vec!["link/a.txt".to_owned()]), "{run}");
    assert_eq!(run.json()["manifest"]["skipped"].as_array().map(Vec::len), Some(0), "{run}");
}

#[test]
fn a_dangling_link_that_a_person_names_is_a_failure() {
    let tree = Tree::new().link("nowhere", "dangling");
    let run = tree.scan(&["-f", "json", "dangling"]);
    assert_eq!((run.code, run.skipped("dangling")), (3, Some("vanished".into())), "{run}");
}

#[test]
fn a_link_to_itself_that_a_person_names_does_not_hang() {
    let tree = Tree::new().link("self", "self");
    let run = tree.scan(&["-f", "json", "self"]);
    assert!(run.code == 2 || run.code == 3, "{run}");
}

#[test]
fn the_manifest_counts_files_and_bytes() {
    let tree = Tree::new().file("a.txt", "12345").file("b/c.txt", "678").file("empty", "");
    let run = tree.scan(&["-f", "json"]);
    let manifest = &run.json()["manifest"];
    assert_eq!((&manifest["files"], &manifest["bytes"]), (&3.into(), &8.into()));
}
