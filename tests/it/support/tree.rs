//! A folder in which a test can do as it likes.

use super::Caulk;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A folder to scan, and a home folder beside it; both vanish with the value.
pub(crate) struct Tree {
    folder: TempDir,
}

impl Tree {
    /// An empty folder that is in no repository.
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("caulk-").expect("a temporary folder can be made");
        // Open to all users, so that the program can be run as one of them.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("it is ours");
        let tree = Self { folder };
        fs::create_dir(tree.path()).expect("it is empty");
        fs::create_dir(tree.home()).expect("it is empty");
        tree
    }

    /// An empty git repository.
    pub(crate) fn repository() -> Self {
        Self::new().git(&["init", "--quiet"])
    }

    /// The folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Self {
        self.write(name, content);
        self
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the tree")).expect("folders can be made");
        fs::write(path, content).expect("the file can be written");
    }

    /// Makes a symbolic link called `name`.
    pub(crate) fn link(self, to: &str, name: &str) -> Self {
        symlink(to, self.path().join(name)).expect("links can be made");
        self
    }

    pub(crate) fn folder(self, name: &str) -> Self {
        fs::create_dir_all(self.path().join(name)).expect("folders can be made");
        self
    }

    /// Runs git in the folder.
    pub(crate) fn git(self, args: &[&str]) -> Self {
        let mut git = Command::new("git");
        git.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        git.env("HOME", self.home()).env("GIT_CONFIG_NOSYSTEM", "1").current_dir(self.path()).args(args);
        let output = git.output().expect("git is installed");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).expect("the file is there")
    }

    /// `caulk` with `args`, to be run in the folder.
    pub(crate) fn caulk(&self, args: &[&str]) -> Caulk {
        Caulk::new(self, args)
    }

    /// Runs `caulk scan` with `args` in the folder.
    pub(crate) fn scan(&self, args: &[&str]) -> super::Run {
        self.caulk(&["scan"]).args(args).run()
    }
}
