//! Bundles that lie in a repository's folder: what they hold is read with the rest, under the names of their refs.

use crate::support::{Repo, github};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A repository without a secret, and a clone of it with one in a further commit; gives both, the clone's folder and the commit.
fn started(init: &[&str], value: &str) -> (Repo, PathBuf, String) {
    let mut repo = Repo::with(init);
    repo.write("big.txt", (0..2000).map(|at| format!("line {at}\n")).collect::<String>());
    repo.commit("one");
    let clone = repo.beside("clone");
    repo.git(&["clone", "-q", ".", &clone.to_string_lossy()]);
    let text = fs::read_to_string(clone.join("big.txt")).expect("it can be read");
    fs::write(clone.join("big.txt"), format!("{text}{value}\n")).expect("it can be written");
    repo.git_in(&clone, &["commit", "-q", "-a", "-m", "two"]);
    repo.git_in(&clone, &["tag", "-a", "-m", "three", "v1"]);
    let commit = repo.git_in(&clone, &["rev-parse", "HEAD"]);
    (repo, clone, commit)
}

/// A bundle of `what`, made in `folder` and put into the repository's own.
fn bundle(repo: &mut Repo, folder: &Path, to: &str, version: &str, what: &[&str]) -> PathBuf {
    let file = repo.path().join(".git").join(to);
    fs::create_dir_all(file.parent().expect("it has one")).expect("it can be made");
    let version = format!("--version={version}");
    repo.git_in(folder, &[&["bundle", "create", "-q", &version, &file.to_string_lossy()], what].concat());
    file
}

#[test]
fn bundles_of_every_kind_are_opened() {
    for (init, versions) in [(&[][..], &["2", "3"][..]), (&["--object-format=sha256"], &["3"])] {
        for version in versions {
            // The whole history, and what is new in it: its deltas are against what only the repository has.
            for (to, what) in [("backup.bundle", &["--all"][..]), ("tool/of/somebody", &["HEAD~1..main", "v1"])] {
                let value = github(1);
                let (mut repo, clone, commit) = started(init, &value);
                bundle(&mut repo, &clone, to, version, what);
                let report = repo.history_of(repo.path(), &[]);
                let exposure = &report["findings"][0]["exposure"];
                let form = format!("{init:?}, version {version}, {what:?}: {report}");
                assert_eq!(exposure["introducedIn"]["commit"], commit.as_str(), "{form}");
                assert_eq!(
                    (&report["findings"][0]["path"], &report["complete"]),
                    (&"big.txt".into(), &true.into()),
                    "{form}"
                );
                assert_eq!((&exposure["reach"], &exposure["inHead"]), (&"refs".into(), &false.into()), "{form}");
                let refs = exposure["refs"].as_array().cloned().unwrap_or_default();
                let named = |name: &str| refs.contains(&Value::from(format!("{to}/{name}")));
                assert!(named("refs/heads/main") && named("refs/tags/v1"), "{form}");
            }
        }
    }
}

#[test]
fn what_a_bundle_lacks_is_named() {
    let value = github(1);
    let (mut repo, clone, _) = started(&[], &value);
    let incomplete = |repo: &Repo| {
        let run = repo.caulk(&["history", "-f", "json"]).run();
        assert!(run.code == 3 || run.code == 1 && run.json()["complete"] == false, "{run}");
        run.json()["incomplete"].to_string()
    };
    let file = bundle(&mut repo, &clone, "backup.bundle", "2", &["--all"]);
    let whole = fs::read(&file).expect("it can be read");
    let header = whole.windows(2).position(|two| two == b"\n\n").expect("it has one");
    for len in [20, header, whole.len() / 2, whole.len() - 25] {
        fs::write(&file, &whole[..len]).expect("it can be written");
        assert!(incomplete(&repo).contains("backup.bundle"), "{len}");
    }
    let mut broken = whole.clone();
    broken[header + 40] ^= 0x55;
    fs::write(&file, broken).expect("it can be written");
    assert!(incomplete(&repo).contains("backup.bundle"));
    // What it is made from is in the clone alone.
    fs::write(clone.join("big.txt"), "x\n").expect("it can be written");
    repo.git_in(&clone, &["commit", "-q", "-a", "-m", "four"]);
    bundle(&mut repo, &clone, "backup.bundle", "2", &["HEAD~1..main"]);
    assert!(incomplete(&repo).contains("is not here"));
    // Ids of another hash say nothing here.
    let (mut other, clone, _) = started(&["--object-format=sha256"], &value);
    let file = bundle(&mut other, &clone, "backup.bundle", "3", &["--all"]);
    fs::copy(file, repo.path().join(".git/backup.bundle")).expect("it can be copied");
    assert!(incomplete(&repo).contains("another hash"));
}

#[test]
fn narrower_scans_leave_bundles_out() {
    let (mut repo, clone, _) = started(&[], &github(1));
    bundle(&mut repo, &clone, "backup.bundle", "2", &["--all"]);
    for narrow in [&["--reach", "refs"][..], &["--branch", "main"]] {
        assert_eq!(repo.history_of(repo.path(), narrow)["findings"], Value::Array(Vec::new()), "{narrow:?}");
    }
}

#[test]
fn a_cached_run_sees_that_a_bundle_came() {
    let value = github(1);
    let (mut repo, clone, commit) = started(&[], &value);
    let cache = repo.beside("cache").to_string_lossy().into_owned();
    for _ in 0..2 {
        assert_eq!(repo.exposure(&value, &["--cache", &cache]), Value::Null);
    }
    bundle(&mut repo, &clone, "backup.bundle", "2", &["--all"]);
    for _ in 0..2 {
        assert_eq!(repo.exposure(&value, &["--cache", &cache])["introducedIn"]["commit"], commit.as_str());
    }
}
