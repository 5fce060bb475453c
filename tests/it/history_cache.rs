//! `caulk history --cache`: a second run reads little and says the same.

use crate::support::{Repo, Run, github, unlike_words, url};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Secrets in files, messages, a tag, a stash, the index and git's own files; one that was removed, one that is at two paths.
fn history() -> Repo {
    let mut repo = Repo::new();
    let mut text: Vec<String> = (0..200).map(|line| format!("setting {line} = {}", line * line)).collect();
    for step in 0..6 {
        text[step * 31] = format!("token = {}", github(step as u64));
        repo.write("app/config.py", text.join("\n"));
        repo.write(&format!("notes/{step}.md"), format!("notes {step}\n"));
        repo.commit(&format!("step {step}"));
    }
    repo.write("docs/copy.md", format!("set it to {}\n", github(2)));
    repo.commit(&format!("message with {}", github(11)));
    repo.write("app/config.py", "empty\n");
    repo.commit("clean up");
    repo.git(&["tag", "-a", "-m", &github(12), "v1"]);
    repo.git(&["remote", "add", "origin", &url("https", &unlike_words(13))]);
    repo.write("stashed.txt", github(14));
    repo.git(&["stash", "push", "-q", "-u"]);
    repo.write("staged.txt", github(15));
    repo.git(&["add", "-A"]);
    repo
}

fn run(repo: &Repo, args: &[&str]) -> Run {
    repo.caulk(&[&["history", "-f", "json", "--show-secrets"], args].concat()).run()
}

fn cached(repo: &Repo, args: &[&str]) -> Run {
    run(repo, &[&["--cache", "../cache"], args].concat())
}

/// Everything but how much was read and how long it took.
fn said(run: &Run) -> Value {
    let mut report = run.json();
    for counted in ["files", "bytes", "durationSeconds"] {
        report["manifest"][counted] = Value::Null;
    }
    report
}

fn scanned(run: &Run) -> u64 {
    run.json()["manifest"]["files"].as_u64().expect("it is counted")
}

fn files(repo: &Repo) -> Vec<PathBuf> {
    let entries = fs::read_dir(repo.beside("cache")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[track_caller]
fn says_the_same(repo: &Repo, args: &[&str]) -> u64 {
    let run_cached = cached(repo, args);
    assert_eq!(said(&run_cached), said(&run(repo, args)));
    assert!(!String::from_utf8_lossy(&run_cached.stderr).contains("note:"), "{run_cached}");
    scanned(&run_cached)
}

#[test]
fn a_second_run_says_the_same_and_reads_what_it_reports() {
    let mut repo = history();
    for packed in [false, true] {
        if packed {
            repo.git(&["repack", "-q", "-adf", "--depth=50"]);
        }
        let first = says_the_same(&repo, &[]);
        let second = says_the_same(&repo, &[]);
        assert!(second < first / 2, "{first} {second}");
        let text = repo.caulk(&["history", "--cache", "../cache"]).run();
        assert!(String::from_utf8_lossy(&text.stderr).contains("known: "), "{text}");
    }
}

#[test]
fn what_is_new_is_scanned_and_what_moved_is_read_again() {
    let mut repo = history();
    cached(&repo, &[]);
    repo.write("app/more.py", format!("token = {}", github(20)));
    repo.commit("more");
    let all = scanned(&run(&repo, &[]));
    assert!(says_the_same(&repo, &[]) < all);
    repo.git(&["branch", "other", "HEAD~2"]);
    says_the_same(&repo, &[]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    says_the_same(&repo, &[]);
    // The same content at a path that is read in another way.
    let password = format!("password = \"{}\"\n", unlike_words(3));
    repo.write("tests/fixtures/one.txt", &password);
    repo.commit("a fixture");
    says_the_same(&repo, &[]);
    repo.write("deploy/settings.py", &password);
    repo.commit("in earnest");
    says_the_same(&repo, &[]);
    repo.git(&["repack", "-q", "-adf", "--depth=50"]);
    says_the_same(&repo, &[]);
    repo.git(&["stash", "drop", "-q"]);
    repo.git(&["tag", "-d", "v1"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "-q", "--prune=now"]);
    says_the_same(&repo, &[]);
    repo.write(".git/MERGE_MSG", github(21));
    says_the_same(&repo, &[]);
}

#[test]
fn other_questions_get_their_own_answers() {
    let repo = history();
    for args in [
        &[][..],
        &["--reach", "refs"],
        &["--reach", "reflog"],
        &[],
        &["--range", "HEAD~3..HEAD~1"],
        &["--since-commit", "HEAD~2"],
        &["--trace"],
        &["--branch", "main"],
        &[],
    ] {
        says_the_same(&repo, args);
    }
    let low = cached(&repo, &["--confidence", "certain"]);
    assert_eq!(said(&low), said(&run(&repo, &["--confidence", "certain"])));
    let other = repo.caulk(&["history", "--cache", "../cache"]).run();
    let notes = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(notes.contains("it was made with other rules, another confidence or another version"), "{notes}");
}

#[test]
fn a_cache_that_is_damaged_or_foreign_is_told_of_and_replaced() {
    let repo = history();
    let expected = said(&run(&repo, &[]));
    cached(&repo, &[]);
    assert_eq!(files(&repo).len(), 2);
    for file in files(&repo) {
        let whole = fs::read(&file).expect("it can be read");
        let mut changed =
            vec![Vec::new(), b"something else".to_vec(), whole[..whole.len() / 2].to_vec(), whole[..20].to_vec()];
        for at in [5, 20, 60, 90, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 4;
            changed.push(flipped);
        }
        for bytes in changed {
            fs::write(&file, &bytes).expect("it can be written");
            // The other file alone must not hide that this one is read.
            files(&repo).iter().filter(|other| **other != file).for_each(|other| drop(fs::remove_file(other)));
            let run = repo.caulk(&["history", "--cache", "../cache", "-f", "json", "--show-secrets"]).run();
            assert_eq!(said(&run), expected);
            assert!(String::from_utf8_lossy(&run.stderr).contains("is not used and replaced"), "{run}");
            assert_eq!(said(&cached(&repo, &[])), expected);
        }
    }
    fs::remove_dir_all(repo.beside("cache")).expect("it is there");
    fs::write(repo.beside("cache"), "a file").expect("it can be written");
    let run = repo.caulk(&["history", "--cache", "../cache", "-f", "json", "--show-secrets"]).run();
    assert_eq!(said(&run), expected);
    assert!(String::from_utf8_lossy(&run.stderr).contains("cannot be written"), "{run}");
}

#[test]
fn no_value_is_in_the_cache_and_nobody_else_can_read_it() {
    let mut repo = history();
    repo.write(&format!("named-{}.txt", github(30)), "x\n");
    repo.commit("in a name");
    for _ in 0..2 {
        let report = cached(&repo, &[]);
        let secrets = report.every("secret");
        assert!(secrets.len() > 10, "{report}");
        for file in files(&repo) {
            let bytes = fs::read(&file).expect("it can be read");
            for secret in &secrets {
                assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{}", file.display());
            }
        }
        says_the_same(&repo, &[]);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&repo.beside("cache")), 0o700);
        assert!(files(&repo).iter().all(|file| mode(file) == 0o600));
    }
}

#[test]
fn what_is_missing_is_missed_in_every_run() {
    let (repo, shallow) = {
        let mut repo = history();
        let shallow = repo.beside("shallow");
        let from = format!("file://{}", repo.path().display());
        repo.git(&["clone", "-q", "--depth", "2", &from, &shallow.to_string_lossy()]);
        (repo, shallow)
    };
    let cache = repo.beside("cache").to_string_lossy().into_owned();
    let mut expected = repo.history_of(&shallow, &[]);
    assert_eq!(expected["complete"], false);
    for _ in 0..2 {
        let mut again = repo.history_of(&shallow, &["--cache", &cache]);
        [&mut expected, &mut again].into_iter().for_each(|report| report["manifest"] = Value::Null);
        assert_eq!(again, expected);
    }
}
