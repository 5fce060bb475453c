//! Which files are scanned in repositories: what git ignores is left out and named, what git tracks is scanned.

use crate::support::{Tree, github};

fn key(seed: u64) -> String {
    github(seed) + "\n"
}

fn ignoring(rules: &str) -> Tree {
    Tree::repository().file(".gitignore", rules)
}

#[test]
fn what_git_ignores_is_left_out_and_named() {
    let tree = ignoring("*.log\n/build/\n").file("a.log", key(1)).file("build/x/b.txt", key(2)).file("c.txt", key(3));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.every("path"), run.ignored()), (vec!["c.txt".into()], vec!["a.log".into(), "build".into()]));
}

#[test]
fn no_ignore_reads_it() {
    let tree = ignoring("*.log\n/build/\n").file("a.log", key(1)).file("build/x/b.txt", key(2)).file("c.txt", key(3));
    let run = tree.scan(&["-f", "json", "--no-ignore"]);
    assert_eq!((run.every("path").len(), run.ignored()), (3, vec![]), "{run}");
}

#[test]
fn nested_rules_negations_and_the_exclude_file_count_as_in_git() {
    let tree = ignoring("*.log\n!keep.log\n").file("keep.log", key(1)).file("sub/.gitignore", "b.txt\n");
    let tree = tree.file("sub/b.txt", key(2)).file("b.txt", key(3)).file(".git/info/exclude", "local.txt\n");
    let tree = tree.file("local.txt", key(4));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.every("path"), ["b.txt", "keep.log"], "{run}");
    assert_eq!(run.ignored(), ["local.txt", "sub/b.txt"]);
}

#[test]
fn rules_above_the_scanned_folder_count() {
    let tree = ignoring("*.log\n").file("sub/a.log", key(1)).file("sub/b.txt", key(2));
    let run = tree.scan(&["-f", "json", "sub"]);
    assert_eq!((run.every("path"), run.ignored()), (vec!["sub/b.txt".into()], vec!["sub/a.log".into()]));
    let run = tree.caulk(&["scan", "-f", "json"]).within("sub").run();
    assert_eq!((run.every("path"), run.ignored()), (vec!["b.txt".into()], vec!["a.log".into()]));
}

#[test]
fn files_of_other_tools_ignore_nothing() {
    let tree = Tree::repository().file(".ignore", "*.txt\n").file(".rgignore", "*.txt\n").file("a.txt", key(1));
    assert_eq!(tree.scan(&["-f", "json"]).every("path"), ["a.txt"]);
}

#[test]
fn an_ignored_file_that_a_person_names_is_scanned() {
    let tree = ignoring(".env\n").file(".env", key(1));
    assert_eq!(tree.scan(&["-f", "json", ".env"]).every("path"), [".env"]);
}

#[test]
fn an_ignored_folder_that_a_person_names_is_scanned_or_named() {
    let tree = ignoring("/build/\n").file("build/a.txt", key(1)).file("build/sub/b.txt", key(2));
    let run = tree.scan(&["-f", "json", "build"]);
    assert_eq!(run.findings().len() + run.ignored().len(), 2, "{run}");
}

#[test]
fn a_tracked_file_is_scanned_whatever_is_ignored() {
    let tree =
        ignoring("*.log\n/build/\n").file("a.log", key(1)).file("build/b.txt", key(2)).file("build/c.txt", key(3));
    let tree = tree.git(&["add", "--force", "a.log", "build/b.txt"]);
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.every("path"), ["a.log", "build/b.txt"], "{run}");
    assert!(run.ignored().contains(&"build".to_owned()), "the folder is still not looked into: {run}");
}

#[test]
fn a_tracked_file_is_scanned_once_and_from_below_too() {
    let tree = ignoring("*.log\n").file("sub/a.log", key(1)).git(&["add", "--force", "sub/a.log"]);
    assert_eq!(tree.scan(&["-f", "json", ".", "sub"]).findings().len(), 1);
    assert_eq!(tree.caulk(&["scan", "-f", "json"]).within("sub").run().every("path"), ["a.log"]);
}

#[test]
fn a_tracked_file_that_is_not_there_is_no_failure() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).file("b.txt", "nothing\n").git(&["add", "--force", "a.log"]);
    std::fs::remove_file(tree.path().join("a.log")).expect("it is there");
    assert_eq!(tree.scan(&["-f", "json"]).code, 0);
}

#[test]
fn a_scanned_file_is_not_listed_as_ignored() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).git(&["add", "--force", "a.log"]);
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.every("path"), run.ignored()), (vec!["a.log".to_owned()], vec![]));
}

#[test]
fn an_exclusion_does_not_hide_tracked_files_nor_what_is_ignored() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).file("b.log", key(2)).file("c.md", key(3));
    let tree = tree.git(&["add", "--force", "a.log"]);
    let run = tree.scan(&["-f", "json", "--exclude", "*.md"]);
    assert_eq!(run.every("path"), ["a.log"], "{run}");
    assert!(run.ignored().contains(&"b.log".to_owned()), "{run}");
}

#[test]
fn leaving_hidden_files_out_does_not_hide_tracked_files_nor_what_is_ignored() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).file("b.log", key(2)).file(".env", key(3));
    let tree = tree.git(&["add", "--force", "a.log"]);
    let run = tree.scan(&["-f", "json", "--no-hidden"]);
    assert_eq!(run.every("path"), ["a.log"], "{run}");
    assert!(run.ignored().contains(&"b.log".to_owned()), "{run}");
}

#[test]
fn an_excluded_file_is_left_out_even_if_it_is_tracked_and_ignored() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).git(&["add", "--force", "a.log"]);
    assert_eq!(tree.scan(&["-f", "json", "--exclude", "*.log"]).findings().len(), 0);
}

#[test]
fn a_broken_index_is_said() {
    let tree = ignoring("*.log\n").file("a.log", key(1)).file(".git/index", "no index at all");
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.code, run.skipped(".git")), (3, Some("index".into())), "{run}");
}

#[test]
fn a_repository_in_a_repository_keeps_its_own_list() {
    let tree = ignoring("*.log\n").file("inner/a.txt", "").file("inner/.gitignore", "*.tmp\n");
    let tree = tree.file("inner/b.tmp", key(1)).file("inner/c.tmp", key(2));
    let tree = tree.git(&["init", "--quiet", "inner"]).git(&["-C", "inner", "add", "--force", "b.tmp"]);
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.every("path"), ["inner/b.tmp"], "{run}");
}

#[test]
fn a_linked_work_tree_has_its_own_list() {
    let tree = ignoring("*.log\n").git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@acme.io",
        "commit",
        "-qm",
        "x",
        "--allow-empty",
    ]);
    let tree = tree.git(&["worktree", "add", "-q", "../other"]);
    tree.write("../other/.gitignore", "*.log\n");
    tree.write("../other/a.log", key(1));
    let tree = tree.git(&["-C", "../other", "add", "--force", "a.log"]);
    let run = tree.scan(&["-f", "json", "../other"]);
    assert_eq!(run.every("path"), ["../other/a.log"], "{run}");
}

#[test]
fn a_repository_without_a_commit_or_index_is_scanned() {
    let run = Tree::repository().file("a.txt", key(1)).scan(&["-f", "json"]);
    assert_eq!((run.code, run.every("path")), (1, vec!["a.txt".to_owned()]));
}
