//! The action's own script, with the environment that GitHub gives it.

use crate::support::{Repo, github};
use std::path::Path;
use std::process::{Command, Output};

const ZERO: &str = "0000000000000000000000000000000000000000";

/// What a run wrote.
struct Step {
    output: Output,
    outputs: String,
    summary: String,
}

impl Step {
    fn said(&self) -> String {
        String::from_utf8_lossy(&[&self.output.stdout[..], &self.output.stderr].concat()).into_owned()
    }

    #[track_caller]
    fn ended(&self, code: &str) {
        assert!(self.output.status.success(), "{}", self.said());
        assert!(self.outputs.lines().any(|line| line == format!("code={code}")), "{}{}", self.outputs, self.said());
    }
}

fn step(repo: &Repo, folder: &Path, variables: &[(&str, &str)]) -> Step {
    let temp = repo.beside("temp");
    std::fs::remove_dir_all(&temp).ok();
    std::fs::create_dir(&temp).expect("it can be made");
    let (outputs, summary) = (temp.join("outputs"), temp.join("summary"));
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/action/scan.sh"))
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", &temp)
        .env("CAULK", env!("CARGO_BIN_EXE_caulk"))
        .env("RUNNER_TEMP", &temp)
        .env("GITHUB_OUTPUT", &outputs)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    Step { output, outputs: read(&outputs), summary: read(&summary) }
}

/// A repository with a secret on `main` that `origin` has, and a clean commit behind it.
fn repo() -> (Repo, String, String) {
    let mut repo = Repo::new();
    repo.write("old.txt", github(1));
    let old = repo.commit("old");
    repo.write("a.txt", "x\n");
    let new = repo.commit("new");
    repo.git(&["update-ref", "refs/remotes/origin/main", &new]);
    (repo, old, new)
}

#[test]
fn what_a_push_adds_is_scanned_and_nothing_else() {
    let (mut repo, old, new) = repo();
    let here = repo.path().to_owned();
    step(&repo, &here, &[("BASE", &old), ("HEAD", &new)]).ended("0");
    repo.write("b.txt", github(2));
    let bad = repo.commit("bad");
    let run = step(&repo, &here, &[("BASE", &new), ("HEAD", &bad)]);
    run.ended("1");
    assert!(run.summary.contains("### caulk: secrets were found") && run.summary.contains("    critical GitHub"));
    assert!(run.summary.contains("b.txt:1:1") && !run.summary.contains("old.txt"), "{}", run.summary);
    assert!(![run.summary.clone(), run.said()].iter().any(|text| text.contains(&github(2))), "masked everywhere");
    let sarif = run.outputs.lines().find_map(|line| line.strip_prefix("sarif=")).expect("it is named");
    let sarif = std::fs::read_to_string(sarif).expect("it was written");
    assert!(sarif.contains("b.txt") && !sarif.contains(&github(2)));

    // A new branch, one that was pushed over, one that is deleted; and what has no commits at all.
    let main = ("DEFAULT_BRANCH", "main");
    let run = step(&repo, &here, &[("BASE", ZERO), ("HEAD", &bad), main, ("GITHUB_REF", "refs/heads/topic")]);
    run.ended("1");
    assert!(!run.summary.contains("old.txt"), "{}", run.summary);
    step(&repo, &here, &[("BASE", ZERO), ("HEAD", &new), main, ("GITHUB_REF", "refs/heads/topic")]).ended("0");
    let gone = "1".repeat(40);
    step(&repo, &here, &[("BASE", &gone), ("HEAD", &new), main, ("GITHUB_REF", "refs/heads/topic")]).ended("0");
    step(&repo, &here, &[("BASE", ZERO), ("HEAD", &new), main, ("GITHUB_REF", "refs/heads/main")]).ended("1");
    step(&repo, &here, &[("BASE", &new), ("HEAD", ZERO), main]).ended("0");
    step(&repo, &here, &[("GITHUB_EVENT_NAME", "schedule"), main]).ended("1");
}

#[test]
fn inputs_choose_and_are_never_run() {
    let (repo, _, _) = repo();
    let here = repo.path().to_owned();
    step(&repo, &here, &[("SCAN", "files")]).ended("1");
    step(&repo, &here, &[("SCAN", "history"), ("FAIL_ON", "critical")]).ended("1");
    let evil = "$(touch evil); `touch evil`; \" touch evil; '";
    for name in ["SCAN", "CONFIDENCE", "FAIL_ON", "BASE", "HEAD", "DEFAULT_BRANCH", "GITHUB_REF"] {
        step(&repo, &here, &[(name, evil)]);
        step(&repo, &here, &[("SCAN", "files"), (name, evil)]);
    }
    assert!(!here.join("evil").exists());
    let run = step(&repo, &here, &[("SCAN", "everything")]);
    assert!(!run.output.status.success() && run.said().contains("use range, history or files"), "{}", run.said());
}

#[test]
fn a_pull_request_cannot_accept_its_own_secrets() {
    let (mut repo, _, new) = repo();
    let here = repo.path().to_owned();
    repo.write("b.txt", format!("{} # caulk:{} it is fine\n", github(2), "allow[github-pat-classic]"));
    let marked = repo.commit("marked");
    step(&repo, &here, &[("BASE", &new), ("HEAD", &marked)]).ended("1");
    let id = repo.caulk(&["scan", "-f", "json", "b.txt", "--no-repo-config"]).run().every("fingerprint");
    repo.write(".caulkignore", format!("{} github-pat-classic b.txt - it is fine\n", id[0]));
    let accepted = repo.commit("accepted");
    step(&repo, &here, &[("BASE", &new), ("HEAD", &accepted)]).ended("1");
    repo.write("c.txt", "x\n");
    let later = repo.commit("later");
    step(&repo, &here, &[("BASE", &accepted), ("HEAD", &later)]).ended("0");
}

#[test]
fn what_is_scanned_gives_no_commands_to_the_runner() {
    let mut repo = Repo::new();
    let here = repo.path().to_owned();
    repo.write("::error::x/a.txt", github(1));
    repo.commit("::stop-commands::x");
    let run = step(&repo, &here, &[("SCAN", "history")]);
    run.ended("1");
    let said = run.said();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("::")).collect();
    assert!(lines.len() == 2 && lines[0].starts_with("::stop-commands::"), "{lines:?}");
    assert!(run.summary.lines().skip(2).all(|line| line.starts_with("    ")), "{}", run.summary);
}

#[test]
fn a_checkout_that_was_cut_off_is_said() {
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    let old = repo.commit("old");
    repo.write("a.txt", "y\n");
    let new = repo.commit("new");
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth", "1", &from, &shallow.to_string_lossy()]);
    let run = step(&repo, &shallow, &[("BASE", &new), ("HEAD", &old)]);
    assert!(!run.output.status.success() && run.said().contains("set fetch-depth to 0"), "{}", run.said());
    step(&repo, &shallow, &[("SCAN", "history")]).ended("3");
    // As it is checked out without the setting: the last commit, and nothing before it.
    step(&repo, &shallow, &[("BASE", &old), ("HEAD", &new)]).ended("3");
}
