//! The program, run.

use super::Tree;
use assert_cmd::Command;
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Nothing a test does takes as long, so it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// `caulk` with arguments and a scrubbed environment, to be run.
pub(crate) struct Caulk {
    command: Command,
    folder: PathBuf,
}

impl Caulk {
    pub(super) fn new(tree: &Tree, args: &[&str]) -> Self {
        Self::by(Command::new(env!("CARGO_BIN_EXE_caulk")), tree).args(args)
    }

    /// A shell `script` in which `"$@"` is `caulk` with `args`.
    pub(crate) fn in_shell(tree: &Tree, script: &str, args: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh", env!("CARGO_BIN_EXE_caulk")]);
        Self::by(shell, tree).args(args)
    }

    fn by(mut command: Command, tree: &Tree) -> Self {
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", tree.home()).env("GIT_CONFIG_NOSYSTEM", "1");
        command.current_dir(tree.path()).timeout(PATIENCE);
        Self { command, folder: tree.path() }
    }

    pub(crate) fn args<I: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = I>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in `folder`, relative to the tree.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(self.folder.join(folder));
        self
    }

    pub(crate) fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.command.write_stdin(input);
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let output = self.command.output().expect("the program starts");
        let code = output.status.code().expect("it neither hangs nor dies of a signal");
        Run { code, stdout: output.stdout, stderr: output.stderr, folder: self.folder }
    }
}

/// What came out of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    folder: PathBuf,
}

impl Run {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_slice(&self.stdout);
        assert!(parsed.is_ok(), "no JSON: {self}");
        parsed.unwrap_or_default()
    }

    /// The findings of a JSON report.
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().expect("a list").clone()
    }

    /// One member of all findings of a JSON report, as text.
    #[track_caller]
    pub(crate) fn every(&self, member: &str) -> Vec<String> {
        self.findings().iter().map(|finding| finding[member].as_str().expect("text").to_owned()).collect()
    }

    /// The reason for which `what` was skipped, of a JSON report.
    #[track_caller]
    pub(crate) fn skipped(&self, what: &str) -> Option<String> {
        let report = self.json();
        let skips = report["manifest"]["skipped"].as_array().expect("a list");
        let skip = skips.iter().find(|skip| skip["what"] == what)?;
        Some(skip["reason"].as_str().expect("text").to_owned())
    }

    /// The ignored entries of a JSON report.
    #[track_caller]
    pub(crate) fn ignored(&self) -> Vec<String> {
        let report = self.json();
        let ignored = report["manifest"]["ignored"].as_array().expect("a list");
        ignored.iter().map(|path| path.as_str().expect("text").to_owned()).collect()
    }
}

/// All that a person sees, with the tree's path as `[tree]`.
impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stdout, stderr) = (String::from_utf8_lossy(&self.stdout), String::from_utf8_lossy(&self.stderr));
        let text = format!("exit: {}\n--- stdout\n{stdout}--- stderr\n{stderr}", self.code);
        out.write_str(&text.replace(&self.folder.display().to_string(), "[tree]"))
    }
}
