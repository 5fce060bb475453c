//! `caulk hook` where something is pushed: real pushes to bare repositories, refused and taken.

use crate::support::{Repo, github};
use std::path::PathBuf;

/// A repository with one clean commit on `main`, and a bare one that has it, called `origin`.
fn pair(init: &[&str]) -> (Repo, PathBuf) {
    let mut repo = Repo::with(init);
    let bare = repo.beside("bare.git");
    repo.git(&[&["init", "-q", "-b", "main", "--bare"], init, &[&bare.to_string_lossy()]].concat());
    repo.write("readme.txt", "x\n");
    repo.commit("first");
    repo.git(&["remote", "add", "origin", &bare.to_string_lossy()]);
    repo.git(&["push", "-q", "origin", "main"]);
    (repo, bare)
}

/// Pushes, and gives what was said.
fn push(repo: &mut Repo, args: &[&str]) -> Result<String, String> {
    let here = repo.path().to_owned();
    repo.attempt(&here, &[&["push", "origin"], args].concat())
}

fn refused(repo: &mut Repo, args: &[&str], why: &str) -> String {
    let said = push(repo, args).expect_err(why);
    assert!(said.contains("caulk stopped this push"), "{why}: {said}");
    said
}

fn taken(repo: &mut Repo, args: &[&str], why: &str) -> String {
    let result = push(repo, args);
    assert!(result.is_ok(), "{why}: {result:?}");
    result.unwrap_or_default()
}

/// Adds a commit with this secret, and one that takes it out again.
fn in_and_out(repo: &mut Repo, number: u64) {
    repo.write(&format!("f{number}.txt"), github(number));
    repo.commit("in");
    repo.remove(&format!("f{number}.txt"));
    repo.commit("out");
}

/// What both sides of a push are to agree about.
fn walk_through(repo: &mut Repo) {
    in_and_out(repo, 1);
    let said = refused(repo, &["main"], "a later commit leaves it in the history");
    assert!(said.contains("f1.txt:1:1") && !said.contains(&github(1)), "{said}");
    repo.git(&["reset", "-q", "--hard", "HEAD~2"]);
    repo.write("b.txt", "clean\n");
    repo.commit("clean");
    taken(repo, &["main"], "nothing is wrong with it");

    repo.git(&["checkout", "-q", "-b", "topic"]);
    taken(repo, &["topic"], "a new branch without a new commit");
    in_and_out(repo, 2);
    refused(repo, &["topic"], "a branch moves");
    refused(repo, &["HEAD:refs/heads/other"], "a branch is new");
    refused(repo, &["main", "topic"], "one of two branches");
    repo.git(&["tag", "light"]);
    refused(repo, &["light"], "a tag is new");
    repo.git(&["reset", "-q", "--hard", "HEAD~2"]);
    repo.git(&["commit", "-q", "--amend", "-m", "other words"]);
    taken(repo, &["--force", "topic"], "a forced push without a secret");
    repo.write("c.txt", github(3));
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--amend", "-m", "with a secret"]);
    refused(repo, &["--force", "topic"], "a forced push with a secret");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);

    repo.git(&["tag", "-a", "-m", &format!("with {}", github(4)), "spoken"]);
    let said = refused(repo, &["spoken"], "the message of a tag");
    assert!(said.contains("(tag message)"), "{said}");
    repo.git(&["tag", "-a", "-m", "fine", "fine"]);
    taken(repo, &["fine"], "a tag without a secret");
    let blob = repo.git_with(&["hash-object", "-w", "--stdin"], github(5).as_bytes());
    repo.git(&["tag", "of-blob", &blob]);
    refused(repo, &["of-blob"], "a tag of a file");
    let message = format!("with {}", github(6));
    repo.git(&["commit", "-q", "--allow-empty", "-m", &message]);
    let said = refused(repo, &["topic:refs/heads/said"], "the message of a commit");
    assert!(said.contains("(commit message)"), "{said}");
    taken(repo, &[":topic"], "a branch is deleted");
    refused(repo, &[":refs/tags/fine", "topic:again"], "one is deleted, and one is not clean");
}

#[test]
fn what_a_push_adds_is_looked_at_before_it_leaves() {
    let (mut repo, _) = pair(&[]);
    repo.hook(&repo.path().join(".git"), "pre-push");
    walk_through(&mut repo);
}

#[test]
fn a_secret_that_the_other_side_has_stops_nothing() {
    let (mut repo, _) = pair(&[]);
    in_and_out(&mut repo, 1);
    taken(&mut repo, &["main"], "there is no hook yet");
    repo.hook(&repo.path().join(".git"), "pre-push");
    repo.write("b.txt", "x\n");
    repo.commit("clean");
    taken(&mut repo, &["main"], "only what is new counts");
    repo.git(&["checkout", "-q", "-b", "topic", "HEAD~1"]);
    taken(&mut repo, &["topic"], "it is all there");
    // An address has no remote-tracking refs: what is there is known from git's lines alone.
    let bare = repo.beside("bare.git");
    let here = repo.path().to_owned();
    repo.write("c.txt", "x\n");
    repo.commit("clean");
    repo.attempt(&here, &["push", &bare.to_string_lossy(), "topic"]).expect("its old place is known");
    repo.attempt(&here, &["push", &bare.to_string_lossy(), "topic:new"]).expect_err("all of it may be new there");
}

#[test]
fn a_server_refuses_what_brings_a_secret() {
    let (sha256, reftable) = (&["--object-format=sha256"][..], &["--ref-format=reftable"][..]);
    for (init, limit) in [(&[][..], "1"), (&[], "10000"), (sha256, "100"), (reftable, "100")] {
        let (mut repo, bare) = pair(init);
        // Few objects are unpacked into files, many stay a pack: both wait in quarantine.
        repo.git_in(&bare, &["config", "transfer.unpackLimit", limit]);
        repo.hook(&bare, "pre-receive");
        walk_through(&mut repo);
        let quarantine = std::fs::read_dir(bare.join("objects")).expect("it is there").flatten();
        let left: Vec<_> = quarantine.filter(|entry| entry.file_name().to_string_lossy().starts_with("tmp")).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_server_accepts_what_its_branch_says() {
    let (mut repo, bare) = pair(&[]);
    repo.write("a.txt", github(1));
    let id = repo.caulk(&["scan", "-f", "json", "a.txt"]).run().every("fingerprint").pop().expect("it is found");
    repo.write(".caulkignore", format!("{id} github-pat-classic a.txt - made up\n"));
    repo.hook(&bare, "pre-receive");
    repo.commit("both at once");
    refused(&mut repo, &["main"], "it accepts itself");
    repo.remove("a.txt");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--amend", "-m", "accepted"]);
    taken(&mut repo, &["main"], "it holds no secret");
    repo.write("a.txt", github(1));
    repo.commit("secret");
    taken(&mut repo, &["main"], "what was there before accepts it");

    let hook = bare.join("hooks/pre-receive");
    let script = std::fs::read_to_string(&hook).expect("it is there").replace("\"$@\"", "--config-from main");
    let comment = format!("# caulk:{} made up", "allow[github-pat-classic]");
    repo.write("b.py", format!("token = '{}'  {comment}\n", github(2)));
    repo.commit("accepted beside it");
    let lenient = std::fs::read_to_string(&hook).expect("it is there");
    std::fs::write(&hook, script).expect("it can be written");
    refused(&mut repo, &["main"], "`main` has no such comment");
    std::fs::write(&hook, lenient).expect("it can be written");
    taken(&mut repo, &["main"], "comments count where nothing else is said");
}

#[test]
fn nothing_of_a_refused_push_is_kept() {
    let (mut repo, bare) = pair(&[]);
    repo.hook(&bare, "pre-receive");
    repo.write("a.txt", github(1));
    let id = repo.commit("secret");
    let said = refused(&mut repo, &["main"], "it holds a secret");
    assert!(said.contains("remote:") && said.contains("! [remote rejected] main -> main (pre-receive hook declined)"));
    assert!(!said.contains("--no-verify"), "a server cannot be passed by: {said}");
    assert!(repo.attempt(&bare, &["cat-file", "-e", &id]).is_err(), "the object is gone");
}

#[test]
fn the_update_hook_refuses_one_ref_and_takes_another() {
    let (mut repo, bare) = pair(&[]);
    repo.hook(&bare, "update");
    repo.git(&["checkout", "-q", "-b", "bad"]);
    repo.write("a.txt", github(1));
    repo.commit("secret");
    repo.git(&["checkout", "-q", "-b", "good", "main"]);
    repo.write("b.txt", "x\n");
    repo.commit("clean");
    let said = refused(&mut repo, &["bad", "good"], "one of them holds a secret");
    assert!(said.contains("[remote rejected] bad") && said.contains("[new branch]      good"), "{said}");
    taken(&mut repo, &[":good"], "a branch is deleted");
}

#[test]
fn a_push_that_cannot_be_read_to_its_end_is_not_called_clean() {
    let (mut repo, bare) = pair(&[]);
    repo.write("b.txt", "x\n");
    repo.commit("second");
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth", "1", &from, &shallow.to_string_lossy()]);
    repo.hook(&shallow.join(".git"), "pre-push");
    let said = repo.attempt(&shallow, &["push", &bare.to_string_lossy(), "main:other"]).expect_err("it is cut off");
    assert!(said.contains("caulk stopped this push, because not everything could be scanned"), "{said}");
    assert!(said.contains("git fetch --unshallow") && said.contains("mend what is listed above"), "{said}");
}

#[test]
fn what_pre_commit_says_of_a_push_is_understood() {
    let (mut repo, _) = pair(&[]);
    let from = repo.git(&["rev-parse", "HEAD"]);
    repo.write("a.txt", github(1));
    repo.commit("secret");
    let run = |pairs: &[(&str, &str)]| {
        let hook = repo.caulk(&["hook", "pre-push"]).env("PRE_COMMIT", "1");
        pairs.iter().fold(hook, |hook, (name, value)| hook.env(name, value)).run()
    };
    let pushed = run(&[("PRE_COMMIT_FROM_REF", &from), ("PRE_COMMIT_TO_REF", "HEAD")]);
    assert_eq!(pushed.code, 1, "{pushed}");
    let pushed = run(&[("PRE_COMMIT_FROM_REF", "main~1"), ("PRE_COMMIT_TO_REF", &from)]);
    assert_eq!(pushed.code, 0, "{pushed}");
    // A branch that begins with a commit of its own.
    let pushed = run(&[("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main"), ("PRE_COMMIT_REMOTE_NAME", "nowhere")]);
    assert_eq!(pushed.code, 1, "{pushed}");
}
