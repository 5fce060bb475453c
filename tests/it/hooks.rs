//! `caulk hook` where a commit is made: by real git, in real repositories.

use crate::support::{Repo, github, snapshot, unlike_words};
use std::path::{Path, PathBuf};

fn git_dir(repo: &Repo) -> PathBuf {
    repo.path().join(".git")
}

#[test]
fn a_commit_with_a_secret_is_refused_and_goes_on_without_it() {
    let mut repo = Repo::new();
    repo.hook(&git_dir(&repo), "pre-commit");
    let here = repo.path().to_owned();
    repo.write("a.txt", format!("token {}\n", github(1)));
    repo.git(&["add", "-A"]);
    let refused = repo.attempt(&here, &["commit", "-m", "one"]).expect_err("a secret is staged");
    assert!(refused.contains("a.txt:1:7") && refused.contains("caulk stopped this commit"), "{refused}");
    assert!(refused.contains("git add") && refused.contains("--no-verify"), "{refused}");
    assert!(!refused.contains(&github(1)), "the value is masked: {refused}");
    assert!(repo.attempt(&here, &["rev-parse", "-q", "--verify", "HEAD"]).is_err(), "nothing was committed");

    repo.write("a.txt", "token from the environment\n");
    repo.git(&["add", "-A"]);
    let said = repo.attempt(&here, &["commit", "-m", "one"]).expect("nothing is wrong with it");
    assert!(said.contains("no secrets found in 1 staged file"), "{said}");

    repo.write("a.txt", format!("token {}\n", github(1)));
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "--no-verify", "-m", "two"]).expect("it was not asked");
}

#[test]
fn what_a_person_reads_says_what_to_do() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.git(&["add", "-A"]);
    let run = repo.caulk(&["hook", "pre-commit"]).run();
    assert_eq!(run.code, 1);
    let said = String::from_utf8_lossy(&run.stderr);
    let advice = said.split_once("\n\n").map(|(_, advice)| advice).unwrap_or_default();
    insta::assert_snapshot!(advice, @r"
    caulk stopped this commit
      1. take the value out of the file: read it from the environment or from a store of secrets
      2. `git add` the file again, and commit
      3. was it ever pushed, sent or shown? Then revoke it, at the address after `revoke`
      no secret? write `caulk:allow[RULE] why` in a comment on its line, RULE being what stands in brackets beside its name;
        or run `caulk ignore add ID --reason WHY`, ID being what stands after `id`
      `git commit --no-verify` goes on without asking
    ");
    let run = repo.caulk(&["hook", "pre-commit", "-q"]).run();
    assert_eq!((run.code, run.stderr.is_empty()), (1, true), "{run}");
}

#[test]
fn what_is_accepted_stops_no_commit() {
    let mut repo = Repo::new();
    let here = repo.path().to_owned();
    for hook in ["pre-commit", "pre-push"] {
        repo.hook(&git_dir(&repo), hook);
    }
    let comment = format!("# caulk:{} a made-up one", "allow[github-pat-classic]");
    repo.write("a.py", format!("token = '{}'  {comment}\n", github(1)));
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "-m", "one"]).expect("it says why it is no secret");
    repo.write("b.py", format!("token = '{}'\n", github(2)));
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "-m", "two"]).expect_err("this one does not");
    let id = repo.caulk(&["staged", "-f", "json"]).run().every("fingerprint").pop().expect("it is found");
    let run = repo.caulk(&["ignore", "add", &id, "--reason", "made up"]).run();
    assert_eq!(run.code, 0, "{run}");
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "-m", "two"]).expect("it is accepted");

    let bare = repo.beside("bare.git");
    repo.git(&["init", "-q", "-b", "main", "--bare", &bare.to_string_lossy()]);
    repo.attempt(&here, &["push", &bare.to_string_lossy(), "main"]).expect("both are accepted");

    // A linked work tree has exceptions of its own.
    let linked = repo.link();
    std::fs::write(linked.join("c.py"), format!("token = '{}'\n", github(3))).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    repo.attempt(&linked, &["commit", "-m", "three"]).expect_err("it is not accepted");
    let ids = std::fs::read_to_string(linked.join(".caulkignore")).expect("it is there");
    let staged = repo.caulk(&["staged", "-f", "json"]).within(&linked).run().every("fingerprint");
    let more = format!("{ids}{} github-pat-classic c.py - made up\n", staged[0]);
    std::fs::write(linked.join(".caulkignore"), more).expect("it can be written");
    repo.attempt(&linked, &["commit", "-m", "three"]).expect("it is accepted here");
}

#[test]
fn an_index_that_adds_nothing_is_no_clean_bill() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.write("b.txt", "x\n");
    repo.commit("one");
    snapshot!(repo.caulk(&["staged"]).run(), @r"
    exit: 0
    --- stdout
    --- stderr
    nothing was scanned: no line is staged (`git add` stages files, `caulk scan` reads them)
    ");
    assert_eq!(repo.caulk(&["hook", "pre-commit"]).run().stderr, repo.caulk(&["staged"]).run().stderr);
    repo.git(&["rm", "-q", "b.txt"]);
    let run = repo.caulk(&["staged"]).run();
    assert!(run.to_string().contains("nothing was scanned"), "{run}");
}

#[test]
fn a_merge_is_looked_at_before_it_is_committed() {
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.commit("one");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("b.txt", github(1));
    repo.commit("two");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("c.txt", "x\n");
    repo.commit("three");
    let here = repo.path().to_owned();
    let hook = git_dir(&repo);
    repo.hook(&hook, "pre-merge-commit");
    let refused = repo.attempt(&here, &["merge", "side"]).expect_err("it brings a secret");
    assert!(refused.contains("b.txt:1:1"), "{refused}");
}

#[test]
fn the_repository_is_the_one_that_git_means() {
    // The files here, the repository elsewhere, and another repository around both.
    let mut repo = Repo::new();
    let apart = repo.beside("apart.git");
    let files = repo.path().join("files");
    std::fs::create_dir(&files).expect("it can be made");
    repo.git(&["init", "-q", "-b", "main", "--bare", &apart.to_string_lossy()]);
    repo.hook(&apart, "pre-commit");
    let [git, tree] = [format!("--git-dir={}", apart.display()), format!("--work-tree={}", files.display())];
    std::fs::write(files.join("a.txt"), github(1)).expect("it can be written");
    repo.git(&[&git, &tree, "add", "-A"]);
    let here = repo.path().to_owned();
    let refused = repo.attempt(&here, &[&git, &tree, "commit", "-m", "one"]).expect_err("it holds a secret");
    assert!(refused.contains("caulk stopped this commit"), "{refused}");

    // A linked work tree has its own index, and the hooks of the main one.
    repo.write("b.txt", "x\n");
    repo.commit("one");
    let linked = repo.link();
    let hooks = git_dir(&repo);
    repo.hook(&hooks, "pre-commit");
    std::fs::write(linked.join("new.txt"), github(2)).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    let refused = repo.attempt(&linked, &["commit", "-m", "two"]).expect_err("it holds a secret");
    assert!(refused.contains("new.txt:1:1"), "{refused}");
}

#[test]
fn what_a_commit_takes_is_seen_without_the_environment() {
    // As in a container, which gets the files and no variables.
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.write("b.txt", "x\n");
    repo.commit("one");
    let hook = git_dir(&repo).join("hooks/pre-commit");
    repo.hook(&git_dir(&repo), "pre-commit");
    let script = std::fs::read_to_string(&hook).expect("it is there").replace("exec ", "exec env -i ");
    std::fs::write(&hook, script).expect("it can be written");
    let here = repo.path().to_owned();
    repo.write("a.txt", github(1));
    repo.attempt(&here, &["commit", "-a", "-m", "two"]).expect_err("all that changed is committed");
    repo.attempt(&here, &["commit", "-m", "two", "--", "a.txt"]).expect_err("the file is committed");
    repo.write("b.txt", "y\n");
    repo.attempt(&here, &["commit", "-m", "two", "--", "b.txt"]).expect("the other file is not committed");
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "-m", "three"]).expect_err("it is staged");
}

#[test]
fn a_message_with_a_secret_is_refused() {
    let mut repo = Repo::new();
    repo.hook(&git_dir(&repo), "commit-msg");
    let here = repo.path().to_owned();
    repo.write("a.txt", "x\n");
    repo.git(&["add", "-A"]);
    let message = format!("deploy\n\nwith {}", github(1));
    let refused = repo.attempt(&here, &["commit", "-m", &message]).expect_err("it holds a secret");
    assert!(refused.contains("(commit message):3:6"), "{refused}");
    assert!(refused.contains("git commit -e -F .git/COMMIT_EDITMSG"), "{refused}");
    // Without an editor, git keeps comment lines.
    let message = format!("deploy\n\n# {}", github(1));
    repo.attempt(&here, &["commit", "-m", &message]).expect_err("it would be kept");
    repo.attempt(&here, &["commit", "-m", "deploy"]).expect("nothing is wrong with it");
}

#[test]
fn the_difference_below_the_scissors_is_no_message() {
    let mut repo = Repo::new();
    repo.hook(&git_dir(&repo), "commit-msg");
    let here = repo.path().to_owned();
    repo.write("a.txt", format!("{}\n", github(1)));
    repo.git(&["add", "-A"]);
    let edit = |text: &str| format!("core.editor=f() {{ printf '%s' '{text}' | cat - \"$1\" > t && mv t \"$1\"; }}; f");
    let (clean, secret) = (edit("fine"), edit(&github(2)));
    let refused = repo.attempt(&here, &["-c", &secret, "commit", "-v"]).expect_err("the message holds a secret");
    assert!(refused.contains("(commit message):1:1") && !refused.contains("also at"), "{refused}");
    repo.attempt(&here, &["-c", &clean, "commit", "-v"]).expect("the secret is below the scissors");
}

#[test]
fn a_secret_has_the_same_name_in_a_hook_and_in_the_history() {
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.write("message", format!("with {}\n", github(1)));
    repo.commit(&format!("with {}", github(1)));
    let hook = repo.caulk(&["hook", "commit-msg", "-f", "json", "message"]).run();
    let history = repo.caulk(&["history", "-f", "json"]).run();
    let of_message = history.findings().into_iter().find(|finding| finding["path"] == "(commit message)");
    let id = of_message.map(|finding| finding["fingerprint"].as_str().map(str::to_owned));
    assert_eq!(id.flatten(), hook.every("fingerprint").first().cloned(), "{hook}");
}

#[test]
fn options_of_scans_work_in_hooks() {
    let mut repo = Repo::new();
    repo.write("a.py", crate::support::assignment("password", &unlike_words(1)));
    repo.git(&["add", "-A"]);
    assert_eq!(repo.caulk(&["hook", "pre-commit"]).run().code, 1);
    assert_eq!(repo.caulk(&["hook", "pre-commit", "--confidence", "certain"]).run().code, 0);
    assert_eq!(repo.caulk(&["hook", "pre-commit", "--exit-zero"]).run().code, 0);
    let run = repo.caulk(&["hook", "pre-commit", "-f", "sarif=out.sarif"]).run();
    assert!(run.code == 1 && Path::new(&repo.path().join("out.sarif")).exists(), "{run}");
}

#[test]
fn wrong_use_is_explained() {
    let repo = Repo::new();
    snapshot!(repo.caulk(&["hook", "commit-msg", "nothing"]).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: cannot read `nothing`: git names the file with the message: No such file or directory (os error 2)
    ");
    snapshot!(repo.caulk(&["hook", "pre-push", "origin"]).stdin("what is this\n").run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: line 1 of what git gives to this hook is no `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`: `what is this`
    ");
    snapshot!(repo.caulk(&["hook", "pre-receive"]).stdin(format!("{0} {0} x", "a".repeat(40))).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `x` is to become aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, which is not in this repository
    ");
    snapshot!(repo.caulk(&["hook", "update", "x", "y", "z"]).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `y` and `z` are no ids of this repository: git gives `update REF OLD NEW`
    ");
    snapshot!(repo.caulk(&["hook", "pre-push"]).env("PRE_COMMIT", "1").run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: pre-commit does not say what is pushed: use `pre-commit run --hook-stage pre-push --from-ref A --to-ref B`
    ");
}
