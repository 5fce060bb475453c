//! What a repository uses already.

use super::{HookTool, Pipeline};
use crate::git::Layout;
use std::path::{Path, PathBuf};

/// The files in which lefthook keeps its settings.
pub(super) const LEFTHOOK: &[&str] =
    &["lefthook.yml", ".lefthook.yml", "lefthook.yaml", ".lefthook.yaml", "lefthook.toml", "lefthook.json"];

/// The files in which pre-commit keeps its settings; it reads the first one only.
pub(super) const PRE_COMMIT: &str = ".pre-commit-config.yaml";

/// What runs hooks here.
pub(super) fn hook_tool(root: &Path) -> HookTool {
    match () {
        () if root.join(PRE_COMMIT).exists() => HookTool::PreCommit,
        () if LEFTHOOK.iter().any(|name| root.join(name).exists()) => HookTool::Lefthook,
        () if root.join(".husky").is_dir() => HookTool::Husky,
        () => HookTool::Git,
    }
}

/// Where pipelines run: what files say first, then the address of a remote.
pub(super) fn pipeline(root: &Path, layout: &Layout) -> Option<Pipeline> {
    if root.join(".gitlab-ci.yml").exists() {
        return Some(Pipeline::Gitlab);
    }
    if root.join(".github").is_dir() {
        return Some(Pipeline::Github);
    }
    let addresses = remotes(layout);
    let host = |name: &str| addresses.iter().any(|address| address.contains(name));
    match (host("github."), host("gitlab.")) {
        (true, false) => Some(Pipeline::Github),
        (false, true) => Some(Pipeline::Gitlab),
        _ => None,
    }
}

/// The settings of the repository as git reads them for its owner: those of the system, of the user, and its own.
fn settings(layout: &Layout) -> Option<git2::Config> {
    let mut settings = git2::Config::open_default().or_else(|_| git2::Config::new()).ok()?;
    let own = [("config", git2::ConfigLevel::Local), ("config.worktree", git2::ConfigLevel::Worktree)];
    for (name, level) in own {
        let folder = if name == "config" { &layout.common } else { &layout.git_dir };
        let file = folder.join(name);
        if file.is_file() {
            settings.add_file(&file, level, true).ok()?;
        }
    }
    Some(settings)
}

fn remotes(layout: &Layout) -> Vec<String> {
    let Some(settings) = settings(layout) else { return Vec::new() };
    let mut addresses = Vec::new();
    if let Ok(entries) = settings.entries(Some("remote\\..*\\.url")) {
        let each = entries.for_each(|entry| addresses.extend(entry.value().ok().map(str::to_owned)));
        // What cannot be read names no remote.
        drop(each);
    }
    addresses
}

/// The folder in which git looks for hooks.
pub(super) fn hooks_folder(root: &Path, layout: &Layout) -> PathBuf {
    let set = settings(layout).and_then(|settings| settings.get_path("core.hooksPath").ok());
    // A relative one begins where hooks are run: at the top of the files.
    set.filter(|path| !path.as_os_str().is_empty()).map_or_else(|| layout.common.join("hooks"), |path| root.join(path))
}
