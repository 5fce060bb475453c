//! Git repositories for tests, made by the git program with fixed names and dates.

use super::run::Caulk;
use super::tree::Tree;
use serde_json::Value;
use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The first commit's time; each later one is a day younger.
const FIRST: u64 = 1_600_000_000;

const DAY: u64 = 86_400;

/// A repository in a folder of its own, beside what is cloned from it.
pub(crate) struct Repo {
    tree: Tree,
    folder: PathBuf,
    clock: u64,
}

impl Repo {
    /// An empty repository with the branch `main`.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// An empty repository made with further arguments of `git init`.
    pub(crate) fn with(init: &[&str]) -> Self {
        let tree = Tree::new();
        let folder = tree.path().join("repo");
        let repo = Self { tree, folder: folder.clone(), clock: FIRST };
        repo.run_in(
            &repo.tree.path(),
            &[&["init", "-q", "-b", "main"], init, &[&*folder.to_string_lossy()]].concat(),
            b"",
        );
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// A folder beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.tree.path().join(name)
    }

    /// Says what time it is; it goes on from there.
    pub(crate) fn set_clock(&mut self, seconds: u64) {
        self.clock = seconds;
    }

    /// A new work tree beside the repository's own.
    pub(crate) fn link(&mut self) -> PathBuf {
        let linked = self.beside("linked");
        self.git(&["worktree", "add", "-q", &linked.to_string_lossy()]);
        linked
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        self.tree.write(Path::new("repo").join(name), content);
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.folder.join(name)).expect("it is there");
    }

    /// Runs git in the repository; gives what it prints, without the last line end.
    pub(crate) fn git(&mut self, args: &[&str]) -> String {
        self.clock += DAY;
        self.run_in(&self.folder, args, b"")
    }

    /// Runs git in the repository as whoever the configuration says, and not as Ann.
    pub(crate) fn anonymous(&mut self, args: &[&str]) {
        self.clock += DAY;
        let mut command = self.command(&self.folder, args);
        for who in ["AUTHOR", "COMMITTER"] {
            command.env_remove(format!("GIT_{who}_NAME")).env_remove(format!("GIT_{who}_EMAIL"));
        }
        assert!(command.status().expect("git is installed").success(), "git {args:?}");
    }

    /// Runs git in the repository with `input`.
    pub(crate) fn git_with(&mut self, args: &[&str], input: &[u8]) -> String {
        self.clock += DAY;
        self.run_in(&self.folder, args, input)
    }

    /// Runs git in another folder.
    pub(crate) fn git_in(&mut self, folder: &Path, args: &[&str]) -> String {
        self.clock += DAY;
        self.run_in(folder, args, b"")
    }

    /// Commits everything; gives the id.
    pub(crate) fn commit(&mut self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn run_in(&self, folder: &Path, args: &[&str], input: &[u8]) -> String {
        let output = self.output_in(folder, args, input);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git in a folder, where it may refuse: all that it says, or the same as an error.
    pub(crate) fn attempt(&mut self, folder: &Path, args: &[&str]) -> Result<String, String> {
        self.clock += DAY;
        let output = self.output_in(folder, args, b"");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    }

    /// Makes `caulk hook NAME` a hook of the repository whose git folder this is.
    pub(crate) fn hook(&self, git_dir: &Path, name: &str) {
        let file = git_dir.join("hooks").join(name);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("it can be made");
        let program = env!("CARGO_BIN_EXE_caulk");
        std::fs::write(&file, format!("#!/bin/sh\nexec '{program}' hook {name} \"$@\"\n")).expect("it can be written");
        std::fs::set_permissions(&file, Permissions::from_mode(0o755)).expect("it is ours");
    }

    fn output_in(&self, folder: &Path, args: &[&str], input: &[u8]) -> Output {
        let mut child = self.command(folder, args).spawn().expect("git is installed");
        child.stdin.take().expect("it is piped").write_all(input).expect("git reads it");
        child.wait_with_output().expect("git ends")
    }

    fn command(&self, folder: &Path, args: &[&str]) -> Command {
        let date = format!("{} +0200", self.clock);
        let mut command = Command::new("git");
        command.args(args).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("HOME", self.tree.home()).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        // Hooks call `caulk` as people have it: on the path.
        let program = Path::new(env!("CARGO_BIN_EXE_caulk")).parent().expect("it stands in a folder").to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(program).chain(std::env::split_paths(&path)));
        command.env("PATH", path.expect("no folder has a colon"));
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ann").env(format!("GIT_{who}_EMAIL"), "ann@example.org");
            command.env(format!("GIT_{who}_DATE"), &date);
        }
        command
    }

    /// `caulk` with `args`, run in the repository.
    pub(crate) fn caulk(&self, args: &[&str]) -> Caulk {
        self.tree.caulk(args).within(&self.folder)
    }

    /// The findings of `caulk history` of a repository, by secret.
    pub(crate) fn history_of(&self, folder: &Path, args: &[&str]) -> Value {
        let run = self.tree.caulk(&[&["history", "-f", "json", "--show-secrets"], args].concat()).args([folder]).run();
        run.json()
    }

    /// The exposure of the secret that holds `part`.
    pub(crate) fn exposure(&self, part: &str, args: &[&str]) -> Value {
        let report = self.history_of(&self.folder, args);
        let found = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|one| one["secret"].as_str().is_some_and(|secret| secret.contains(part)));
        found.map_or(Value::Null, |finding| finding["exposure"].clone())
    }

    /// Writes an object of any content, sound or not; gives its id.
    pub(crate) fn object(&mut self, kind: &str, content: &[u8]) -> String {
        self.git_with(&["hash-object", "-t", kind, "--literally", "-w", "--stdin"], content)
    }

    /// The files below a folder of the repository whose names end so.
    pub(crate) fn files(&self, folder: &str, ending: &str) -> Vec<PathBuf> {
        fn below(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => below(&path, files),
                    path => files.push(path),
                }
            }
        }
        let mut files = Vec::new();
        below(&self.folder.join(folder), &mut files);
        files.retain(|file| file.to_string_lossy().ends_with(ending));
        files.sort();
        files
    }
}
