//! `caulk init`: shows first, adds and never replaces, and what it writes works.

use crate::support::{Repo, Run, github, snapshot};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

fn init(repo: &Repo, args: &[&str]) -> Run {
    repo.caulk(&[&["init"], args].concat()).run()
}

fn said(run: &Run) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// Writes all, and wants nothing to be left for a second run.
fn written(repo: &Repo, args: &[&str]) -> String {
    let run = init(repo, &[&["--yes"], args].concat());
    assert_eq!(run.code, 0, "{run}");
    let again = init(repo, &[&["--yes"], args].concat());
    assert!(said(&again).ends_with("\nnothing to write\n"), "{again}");
    said(&run)
}

fn text(repo: &Repo, name: &str) -> String {
    fs::read_to_string(repo.path().join(name)).unwrap_or_default()
}

/// Wants a commit with a secret to be refused, and one without to be taken.
fn is_guarded(repo: &mut Repo) {
    let here = repo.path().to_owned();
    repo.write("guarded.txt", github(1));
    repo.git(&["add", "-A"]);
    let refused = repo.attempt(&here, &["commit", "-m", "one"]).expect_err("it holds a secret");
    assert!(refused.contains("caulk stopped this commit"), "{refused}");
    repo.write("guarded.txt", "x\n");
    repo.git(&["add", "-A"]);
    repo.attempt(&here, &["commit", "-m", "one"]).expect("nothing is wrong with it");
}

#[test]
fn a_plain_repository_gets_gits_own_hook() {
    let mut repo = Repo::new();
    snapshot!(init(&repo, &["--dry-run"]), @r#"
    exit: 0
    --- stdout
    configuration: `.caulk.toml` is new, and changes nothing yet
    hook: `.git/hooks/pre-commit` is new
    pipeline: neither GitHub's nor GitLab's was seen here (`--ci github|gitlab` says which)

    --- /dev/null
    +++ b/.caulk.toml
    @@ -0,0 +1,12 @@
    +# Settings of caulk for this repository. Everything here is optional.
    +#
    +# [thresholds]
    +# confidence = "high"        # least confidence that is reported
    +#
    +# [paths]
    +# exclude = ["vendor"]       # globs, from here
    +#
    +# [rules]
    +# disable = ["jwt"]          # `caulk rules list` names them
    +#
    +# A single finding is accepted with `caulk ignore add ID --reason WHY`; `caulk config show` tells what is in force.
    --- /dev/null
    +++ b/.git/hooks/pre-commit
    @@ -0,0 +1,3 @@
    +#!/bin/sh
    +# Scans what is about to be committed for secrets; written by `caulk init`.
    +exec caulk hook pre-commit
    .git/hooks/pre-commit: mode 644 -> 755

    nothing was written (--dry-run)
    --- stderr
    "#);
    let run = init(&repo, &[]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.to_string().contains("error: nothing was written, because nobody can be asked here"), "{run}");
    assert!(text(&repo, ".caulk.toml").is_empty() && text(&repo, ".git/hooks/pre-commit").is_empty());
    written(&repo, &[]);
    is_guarded(&mut repo);
    assert_eq!(repo.caulk(&["check", "-q", "--only", "docker"]).run().code, 0, "the configuration can be read");
}

#[test]
fn a_hook_that_is_there_is_kept_and_runs_after() {
    let mut repo = Repo::new();
    let hook = ".git/hooks/pre-commit";
    repo.write(hook, "#!/bin/sh\n# our own\ntouch ran\nexit 0\n");
    let file = repo.path().join(hook);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).expect("it is ours");
    written(&repo, &[]);
    assert_eq!(text(&repo, hook), "#!/bin/sh\ncaulk hook pre-commit || exit $?\n# our own\ntouch ran\nexit 0\n");
    assert_eq!(file.metadata().expect("it is there").permissions().mode() & 0o777, 0o750);
    is_guarded(&mut repo);
    assert!(repo.path().join("ran").exists());
}

#[test]
fn a_hook_that_is_no_shell_script_is_left_alone() {
    let repo = Repo::new();
    let hook = ".git/hooks/pre-commit";
    repo.write(hook, "#!/usr/bin/env python3\nprint('x')\n");
    let run = init(&repo, &["--yes"]);
    assert!(said(&run).contains("- let `.git/hooks/pre-commit` run `caulk hook pre-commit`"), "{run}");
    assert_eq!(text(&repo, hook), "#!/usr/bin/env python3\nprint('x')\n");
    repo.remove(hook);
    symlink("/bin/true", repo.path().join(hook)).expect("links can be made");
    let run = init(&repo, &["--yes"]);
    assert!(said(&run).contains("- let `.git/hooks/pre-commit` run `caulk hook pre-commit`"), "{run}");
}

#[test]
fn hooks_go_where_git_looks_for_them() {
    let mut repo = Repo::new();
    repo.git(&["config", "core.hooksPath", "tools/hooks"]);
    written(&repo, &[]);
    assert!(text(&repo, "tools/hooks/pre-commit").contains("caulk hook"));
    is_guarded(&mut repo);

    let mut repo = Repo::new();
    let shared = repo.beside("shared");
    repo.git(&["config", "core.hooksPath", &shared.to_string_lossy()]);
    let run = init(&repo, &["--yes"]);
    assert!(said(&run).contains("which other repositories may use too"), "{run}");
    assert!(!shared.exists());

    // A setting of the user counts as well.
    let repo = Repo::new();
    let home = repo.beside("home");
    fs::create_dir(&home).expect("it can be made");
    fs::write(home.join(".gitconfig"), "[core]\n\thooksPath = ~/hooks\n").expect("it can be written");
    let run = repo.caulk(&["init", "--yes"]).env("HOME", &home.to_string_lossy()).run();
    assert!(said(&run).contains("which other repositories may use too"), "{run}");

    // Work trees share the hooks of the repository.
    let mut repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.commit("one");
    let linked = repo.link();
    let run = repo.caulk(&["init", "--yes"]).within(&linked).run();
    assert!(text(&repo, ".git/hooks/pre-commit").contains("caulk hook"), "{run}");
}

#[test]
fn what_runs_hooks_already_runs_caulk_too() {
    let repo = Repo::new();
    let own = "repos:\n- repo: local\n  hooks:\n  - id: x\n    name: x\n    entry: x\n    language: system\n\nci:\n  skip: [x]\n";
    repo.write(".pre-commit-config.yaml", own);
    let said = written(&repo, &[]);
    assert!(said.contains("run `pre-commit install`"), "{said}");
    let text = text(&repo, ".pre-commit-config.yaml");
    assert!(text.contains("    language: system\n- repo: local\n  hooks:\n    - id: caulk\n"), "{text}");
    assert!(text.ends_with("      verbose: true\n\nci:\n  skip: [x]\n"), "{text}");
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn lefthook_and_husky_run_caulk_too() {
    let repo = Repo::new();
    repo.write("lefthook.yml", "pre-push:\n  commands:\n    test:\n      run: make test\n");
    assert!(written(&repo, &[]).contains("- run `lefthook install`: git does not call lefthook here yet"));
    let text_of = |name: &str| text(&repo, name);
    assert!(
        text_of("lefthook.yml").ends_with("pre-commit:\n  commands:\n    caulk:\n      run: caulk hook pre-commit\n")
    );
    repo.write("lefthook.yml", "pre-commit:\n  jobs:\n    - name: lint\n      run: make lint\n");
    written(&repo, &[]);
    assert!(
        text_of("lefthook.yml")
            .contains("  jobs:\n    - name: caulk\n      run: caulk hook pre-commit\n    - name: lint\n")
    );
    repo.write("lefthook.yml", "pre-commit: {}\n");
    assert!(said(&init(&repo, &["--yes"])).contains("- let `lefthook.yml` run"));

    let repo = Repo::new();
    repo.write(".husky/pre-commit", "npm test\n");
    assert!(written(&repo, &[]).contains("- run `npx husky`: git does not call husky here yet"));
    assert_eq!(text(&repo, ".husky/pre-commit"), "caulk hook pre-commit || exit $?\nnpm test\n");
}

#[test]
fn a_choice_comes_before_what_is_seen() {
    let repo = Repo::new();
    repo.write("lefthook.yml", "");
    written(&repo, &["--hooks", "pre-commit"]);
    assert!(text(&repo, ".pre-commit-config.yaml").starts_with("repos:\n  - repo: local\n"));
    let repo = Repo::new();
    written(&repo, &["--hooks", "none", "--ci", "none"]);
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn a_pipeline_is_written_when_it_is_known_where_caulk_comes_from() {
    let mut repo = Repo::new();
    repo.git(&["remote", "add", "origin", "git@github.com:owner/project.git"]);
    let run = init(&repo, &["--yes"]);
    assert!(said(&run).contains("say `--from URL`"), "{run}");
    let said = written(&repo, &["--from", "https://github.com/owner/caulk"]);
    assert!(said.contains("+++ b/.github/workflows/caulk.yml"), "{said}");
    assert!(text(&repo, ".github/workflows/caulk.yml").contains("      - uses: owner/caulk@v"));

    let repo = Repo::new();
    repo.write(".gitlab-ci.yml", "test:\n  script: make test");
    written(&repo, &["--from", "https://git.example/owner/caulk"]);
    let text = text(&repo, ".gitlab-ci.yml");
    assert!(text.starts_with("test:\n  script: make test\n\ncaulk:\n  image: rust:"), "{text}");
    assert!(text.contains("cargo install --locked --git 'https://git.example/owner/caulk' --tag v"), "{text}");

    let repo = Repo::new();
    repo.write(".gitlab-ci.yml", "stages:\n  - build\nbuild:\n  stage: build\n  script: make\n");
    let run = init(&repo, &["--yes", "--from", "https://git.example/owner/caulk"]);
    assert!(self::said(&run).contains("with a `stage` that it has"), "{run}");
}

#[test]
fn the_job_for_gitlab_scans_what_a_merge_request_adds() {
    let mut repo = Repo::new();
    written(&repo, &["--hooks", "none", "--ci", "gitlab", "--from", "https://git.example/owner/caulk"]);
    let job = text(&repo, ".gitlab-ci.yml");
    let script = job.split_once("  script:\n    - |\n").expect("it has a script").1.to_owned();
    repo.write("old.txt", github(1));
    let base = repo.commit("old");
    repo.write("new.txt", "x\n");
    let clean = repo.commit("clean");
    repo.write("new.txt", github(2));
    let bad = repo.commit("bad");
    let here = repo.path().to_owned();
    let mut run = |from: &str, to: &str| {
        let alias = format!("alias.job=!CI_MERGE_REQUEST_DIFF_BASE_SHA={from} CI_COMMIT_SHA={to} sh -c '{script}'");
        repo.attempt(&here, &["-c", &alias, "job"])
    };
    let said = run(&base, &clean).expect("nothing is wrong with it");
    assert_eq!(said.matches("no secrets found").count(), 1, "{said}");
    let said = run(&clean, &bad).expect_err("it adds a secret");
    assert!(said.contains("new.txt") && !said.contains("old.txt"), "{said}");
    assert!(run("", &clean).expect_err("everything is scanned").contains("old.txt"));
}

#[test]
fn wrong_use_is_explained() {
    let mut repo = Repo::new();
    let bare = repo.beside("bare.git");
    repo.git(&["init", "-q", "--bare", &bare.to_string_lossy()]);
    let run = repo.caulk(&["init", "--yes"]).within(&bare).run();
    assert!(run.code == 2 && run.to_string().contains("is a bare repository"), "{run}");
    let run = repo.caulk(&["init", "--yes"]).within(repo.beside("")).run();
    assert!(run.code == 2 && run.to_string().contains("is not in a git repository"), "{run}");
    let run = init(&repo, &["--yes", "--from", "https://x/'; rm -rf y'"]);
    assert!(run.code == 2 && run.to_string().contains("is no address such as"), "{run}");
    repo.write("blocked/x", "");
    repo.git(&["config", "core.hooksPath", "blocked/x"]);
    let run = init(&repo, &["--yes"]);
    assert!(run.code == 2 && run.to_string().contains("cannot change `blocked/x/pre-commit`"), "{run}");
}
