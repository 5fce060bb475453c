//! Setup: what a repository needs so that commits and pushes are scanned, as edits of its files and as words to its owner.
//!
//! Looks at what the repository uses already and adds to that. What cannot be added without a choice is said and left to a person.
//! Set up twice, nothing is edited the second time.

mod pipelines;
mod projects;
mod scripts;
mod yaml;

use crate::config;
use crate::edit::{Change, Edit};
use crate::git::{GitError, Layout};
use std::fs;
use std::path::{Path, PathBuf};

/// What runs hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookTool {
    /// `.pre-commit-config.yaml`.
    PreCommit,
    /// `lefthook.yml`.
    Lefthook,
    /// `.husky/`.
    Husky,
    /// Git itself.
    Git,
}

/// Where pipelines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipeline {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

/// What a person chose; the repository decides where nothing is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What runs the hook; none at all if the inner one is empty.
    pub hooks: Option<Option<HookTool>>,
    /// Where pipelines run; nowhere if the inner one is empty.
    pub pipeline: Option<Option<Pipeline>>,
    /// From where pipelines can clone caulk.
    pub source: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The top folder of the repository.
    pub root: PathBuf,
    /// What was seen and what follows, in sentences.
    pub seen: Vec<String>,
    /// What to write, in order.
    pub edits: Vec<Edit>,
    /// What is left to a person.
    pub notes: Vec<String>,
}

/// Why nothing can be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is no repository.
    #[error(transparent)]
    Git(#[from] GitError),
    /// It has no files.
    #[error("`{}` is a bare repository: put `caulk hook pre-receive` into its `hooks/pre-receive` (docs/hooks.md)", .0.display())]
    Bare(PathBuf),
}

impl Setup {
    /// What the repository at or above `path` needs.
    ///
    /// # Errors
    /// There is none, or it is bare.
    pub fn plan(path: &Path, choice: &Choice) -> Result<Self, SetupError> {
        let layout = Layout::discover(path)?;
        let root = layout.work_tree.clone().ok_or_else(|| SetupError::Bare(layout.git_dir.clone()))?;
        let mut setup = Self { root, ..Self::default() };
        setup.configuration();
        setup.hooks(&layout, choice);
        setup.pipeline(&layout, choice);
        Ok(setup)
    }

    fn configuration(&mut self) {
        let file = self.root.join(config::FILE);
        if file.symlink_metadata().is_ok() {
            return self.seen.push(format!("configuration: `{}` is there", config::FILE));
        }
        self.seen.push(format!("configuration: `{}` is new, and changes nothing yet", config::FILE));
        self.create(config::FILE, CONFIGURATION);
    }

    fn hooks(&mut self, layout: &Layout, choice: &Choice) {
        let tool = match choice.hooks {
            Some(None) => return self.seen.push("hook: none".to_owned()),
            Some(Some(tool)) => tool,
            None => projects::hook_tool(&self.root),
        };
        match tool {
            HookTool::PreCommit => yaml::pre_commit(self, layout),
            HookTool::Lefthook => yaml::lefthook(self, layout),
            HookTool::Husky => scripts::husky(self, layout),
            HookTool::Git => scripts::git(self, layout),
        }
    }

    fn pipeline(&mut self, layout: &Layout, choice: &Choice) {
        let pipeline = match choice.pipeline {
            Some(None) => return self.seen.push("pipeline: none".to_owned()),
            Some(Some(pipeline)) => pipeline,
            None => match projects::pipeline(&self.root, layout) {
                Some(pipeline) => pipeline,
                None => {
                    let seen =
                        "pipeline: neither GitHub's nor GitLab's was seen here (`--ci github|gitlab` says which)";
                    return self.seen.push(seen.to_owned());
                }
            },
        };
        pipelines::add(self, pipeline, choice.source.as_deref());
    }

    /// Says what is to be run, if git's own hook does not call `tool` yet.
    fn wants_installed(&mut self, layout: &Layout, tool: &str, command: &str) {
        let hook = projects::hooks_folder(&self.root, layout).join("pre-commit");
        if !fs::read_to_string(hook).unwrap_or_default().contains(tool) {
            self.notes.push(format!("run `{command}`: git does not call {tool} here yet"));
        }
    }

    /// A new file, with all of its text.
    fn create(&mut self, name: &str, text: &str) {
        self.append(name, text.lines().map(str::to_owned).collect());
    }

    fn append(&mut self, name: &str, lines: Vec<String>) {
        self.edits.push(Edit { path: self.root.join(name), change: Change::Append(lines) });
    }

    fn insert(&mut self, name: &str, at: usize, lines: Vec<String>) {
        self.edits.push(Edit { path: self.root.join(name), change: Change::Insert(at, lines) });
    }
}

/// The configuration that is written: comments alone.
const CONFIGURATION: &str = r#"# Settings of caulk for this repository. Everything here is optional.
#
# [thresholds]
# confidence = "high"        # least confidence that is reported
#
# [paths]
# exclude = ["vendor"]       # globs, from here
#
# [rules]
# disable = ["jwt"]          # `caulk rules list` names them
#
# A single finding is accepted with `caulk ignore add ID --reason WHY`; `caulk config show` tells what is in force.
"#;
