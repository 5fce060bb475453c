//! `caulk staged`: what the next commit would add, and nothing else.

use crate::support::{Repo, Run, github, snapshot};

fn staged(repo: &Repo) -> Run {
    repo.caulk(&["staged", "-f", "json", "--show-secrets"]).run()
}

fn secrets(repo: &Repo) -> Vec<String> {
    staged(repo).every("secret")
}

#[test]
fn the_first_commit_is_all_new() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    assert!(secrets(&repo).is_empty(), "nothing is staged yet");
    repo.git(&["add", "-A"]);
    assert_eq!(secrets(&repo), [github(1)]);
}

#[test]
fn the_index_counts_and_not_the_file() {
    let mut repo = Repo::new();
    repo.write("a.txt", format!("{}\n", github(1)));
    repo.git(&["add", "-A"]);
    repo.write("a.txt", format!("{}\n", github(2)));
    repo.write("b.txt", github(3));
    assert_eq!(secrets(&repo), [github(1)]);
    repo.remove("a.txt");
    assert_eq!(secrets(&repo), [github(1)]);
}

#[test]
fn only_added_lines_count() {
    let mut repo = Repo::new();
    repo.write("deep/er/a.txt", format!("one\n{}\ntwo\n", github(1)));
    repo.write("other/b.txt", github(2));
    repo.commit("first");
    repo.write("deep/er/a.txt", format!("zero\n{}\ntwo\nthree {}\n", github(1), github(3)));
    repo.git(&["add", "-A"]);
    assert_eq!(secrets(&repo), [github(3)]);
    let run = repo.caulk(&["staged"]).run();
    snapshot!(run, @r"
    exit: 1
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> deep/er/a.txt:4:7
       4 | three ghp_...(40)
         |       ^^^^^^^^^^^
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    --- stderr
    1 secret at 1 place in 1 staged file, 97 bytes, with [rules] rules in [seconds] s
    ");
}

#[test]
fn a_key_that_is_edited_in_the_middle_counts() {
    let mut repo = Repo::new();
    let key = crate::support::sample("{pem:pkcs8}", 5);
    repo.write("key.pem", key.replace("PRIVATE KEY", "PUBLIC KEY"));
    repo.commit("first");
    repo.write("key.pem", &key);
    repo.git(&["add", "-A"]);
    assert_eq!(secrets(&repo).len(), 1);
}

#[test]
fn a_renamed_file_adds_its_changes_only() {
    let mut repo = Repo::new();
    let text = format!("{}{}\n", "some line\n".repeat(20), github(1));
    repo.write("old.txt", &text);
    repo.write("same.txt", github(2));
    repo.commit("first");
    repo.git(&["mv", "old.txt", "new.txt"]);
    repo.git(&["mv", "same.txt", "sub.txt"]);
    repo.write("new.txt", format!("{text}{}\n", github(3)));
    repo.git(&["add", "-A"]);
    assert_eq!(secrets(&repo), [github(3)]);
}

#[test]
fn what_is_only_meant_to_be_added_is_not_staged() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.git(&["add", "-N", "a.txt"]);
    assert!(secrets(&repo).is_empty());
}

#[test]
fn conflicts_are_named_and_the_rest_is_scanned() {
    let mut repo = Repo::new();
    repo.write("a.txt", "base\n");
    repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a.txt", format!("{}\n", github(1)));
    repo.write("b.txt", github(2));
    repo.commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.txt", "main\n");
    repo.commit("main");
    repo.git(&["-c", "alias.try=!git merge -q --no-commit side || true", "try"]);
    let run = staged(&repo);
    assert_eq!(run.every("secret"), [github(2)]);
    assert_eq!(run.json()["manifest"]["skipped"][0]["reason"], "conflict", "{run}");
}

#[test]
fn linked_work_trees_subfolders_and_submodules_have_their_own_index() {
    let mut repo = Repo::new();
    repo.write("sub/a.txt", "x\n");
    repo.commit("first");
    let linked = repo.link();
    std::fs::write(linked.join("new.txt"), github(1)).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    assert!(secrets(&repo).is_empty());
    let run = repo.caulk(&["staged", "-f", "json"]).within(&linked).run();
    assert_eq!(run.every("path"), ["new.txt"]);
    repo.write("sub/b.txt", github(2));
    repo.git(&["add", "-A"]);
    let run = repo.caulk(&["staged", "-f", "json"]).within(repo.path().join("sub")).run();
    assert_eq!(run.every("path"), ["sub/b.txt"]);
}

#[test]
fn the_index_that_git_names_to_its_hooks_is_read() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.write("b.txt", github(2));
    repo.git(&["add", "-A"]);
    // `git commit b.txt` makes an index of its own.
    let hook = ".git/hooks/pre-commit";
    let program = env!("CARGO_BIN_EXE_caulk");
    repo.write(hook, format!("#!/bin/sh\n{program} staged -f json --show-secrets > seen.json; exit 0\n"));
    repo.git(&["update-index", "--chmod=+x", "a.txt"]);
    std::process::Command::new("chmod").arg("+x").arg(repo.path().join(hook)).status().expect("it runs");
    repo.git(&["commit", "-q", "-m", "one", "--", "b.txt"]);
    let seen = std::fs::read_to_string(repo.path().join("seen.json")).expect("the hook ran");
    assert!(seen.contains(&github(2)) && !seen.contains(&github(1)), "{seen}");
}

#[test]
fn every_object_format_and_index_version_is_read() {
    for init in [&["--object-format=sha256"][..], &["--ref-format=reftable"], &[]] {
        for version in ["2", "3", "4"] {
            let mut repo = Repo::with(init);
            repo.write("dir/first.txt", "x\n");
            repo.write("dir/second.txt", "x\n");
            repo.commit("first");
            repo.git(&["update-index", "--index-version", version]);
            repo.write("dir/second.txt", github(1));
            repo.write("dir/third.txt", github(2));
            repo.git(&["add", "-A"]);
            assert_eq!(secrets(&repo), [github(1), github(2)], "{init:?}, version {version}");
        }
    }
}

#[test]
fn a_split_index_is_read_as_if_it_were_whole() {
    for init in [&["--object-format=sha256"][..], &[]] {
        for version in ["2", "4"] {
            let mut repo = Repo::with(init);
            for at in 0..200 {
                repo.write(&format!("dir{}/{at:03}.txt", at % 7), format!("{at}\n"));
            }
            repo.commit("first");
            repo.git(&["update-index", "--index-version", version]);
            repo.write("shared.txt", github(1));
            repo.write("undone.txt", github(2));
            repo.git(&["add", "-A"]);
            repo.git(&["update-index", "--split-index"]);
            let form = format!("{init:?}, version {version}");
            assert_eq!(
                repo.files(".git", "").iter().filter(|file| file.to_string_lossy().contains("sharedindex")).count(),
                1
            );
            assert_eq!(secrets(&repo), [github(1), github(2)], "{form}: all in the shared file");
            // Entries that are gone, replaced and new.
            repo.git(&["rm", "-q", "-f", "--cached", "undone.txt"]);
            repo.remove("undone.txt");
            (0..70).for_each(|at| repo.remove(&format!("dir{}/{at:03}.txt", at % 7)));
            repo.write("dir3/101.txt", github(3));
            repo.write("dir3/102.txt", github(4));
            repo.write("dir3/a/new.txt", github(5));
            repo.git(&["add", "-A"]);
            let split = staged(&repo);
            let mut found = split.every("secret");
            found.sort();
            let mut wanted: Vec<String> = [1, 3, 4, 5].map(github).to_vec();
            wanted.sort();
            assert_eq!(found, wanted, "{form}");
            repo.git(&["update-index", "--no-split-index"]);
            assert_eq!(staged(&repo).json()["findings"], split.json()["findings"], "{form}");
        }
    }
}

#[test]
fn a_split_index_of_a_linked_work_tree_or_without_its_other_half() {
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.commit("first");
    let linked = repo.link();
    std::fs::write(linked.join("b.txt"), github(1)).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    repo.git_in(&linked, &["update-index", "--split-index"]);
    let run = |repo: &Repo| repo.caulk(&["staged", "-f", "json", "--show-secrets"]).within(&linked).run();
    assert_eq!(run(&repo).every("secret"), [github(1)]);
    let shared = repo.files(".git/worktrees/linked", "").into_iter();
    let shared: Vec<_> = shared.filter(|file| file.to_string_lossy().contains("sharedindex")).collect();
    assert_eq!(shared.len(), 1);
    std::fs::remove_file(&shared[0]).expect("it is there");
    let run = run(&repo);
    assert!(run.code == 2 && String::from_utf8_lossy(&run.stderr).contains("it is not here"), "{run}");
}

#[test]
fn a_damaged_index_or_no_repository_is_a_clear_error() {
    let mut repo = Repo::new();
    repo.write("a.txt", "x");
    repo.git(&["add", "-A"]);
    repo.write(".git/index", "DIRC\0\0\0\x02\0\0\0\x05");
    snapshot!(repo.caulk(&["staged"]).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `[tree]/repo/.git/index`: the index is damaged; `git reset` writes it anew
    ");
    snapshot!(repo.caulk(&["staged"]).within(repo.beside("")).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `.` is not in a git repository: name one, or run this inside of one
    ");
}

#[test]
fn nothing_the_repository_names_is_run() {
    let mut repo = Repo::new();
    repo.write("a.bin", github(1));
    repo.write(".gitattributes", "*.bin diff=x filter=x\n");
    for (key, value) in [
        ("core.fsmonitor", "touch ran"),
        ("diff.x.textconv", "touch ran"),
        ("filter.x.clean", "touch ran; cat"),
        ("core.hooksPath", "/nowhere"),
    ] {
        if !key.starts_with("filter") {
            repo.git(&["config", key, value]);
        }
    }
    repo.git(&["-c", "core.fsmonitor=", "add", "-A"]);
    let run = repo.caulk(&["staged", "-f", "json"]).run();
    assert_eq!(run.every("path"), ["a.bin"]);
    assert!(!repo.path().join("ran").exists());
}
