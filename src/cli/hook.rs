//! `caulk hook`: what git says to its hooks, made into a scan.

mod advice;

use super::args::{Hook, HookArgs, RunArgs};
use super::plan::RunPlan;
use super::run::{self, Session};
use super::{Outcome, staged};
use advice::{Advice, Stopped};
use anyhow::{Context, Result, bail};
use caulk::HistoryOptions;
use caulk::git::Layout;
use caulk::history::COMMIT_MESSAGE;
use caulk::hooks::{Known, RefUpdate, kept, push};
use std::ffi::OsString;
use std::io::{IsTerminal, Read, stdin};
use std::path::{Path, PathBuf};

pub(super) fn run(args: HookArgs) -> Result<Outcome> {
    let advice = |stopped, run: &RunArgs| Advice { stopped, quiet: run.quiet };
    match args.hook {
        Hook::PreCommit { run } => {
            let advice = advice(Stopped::Commit, &run);
            advice.after(staged::scan(plan(run)?, &repository(), staged::named_index().or_else(written_index))?)
        }
        Hook::CommitMsg { file, run } => {
            let advice = advice(Stopped::Message(file.clone()), &run);
            advice.after(scan_message(&file, run)?)
        }
        Hook::PrePush { remote, url: _, run } => {
            let layout = Layout::discover(&repository())?;
            let (remote, updates) = match variable("PRE_COMMIT") {
                Some(_) => (text("PRE_COMMIT_REMOTE_NAME"), vec![of_pre_commit(&layout)?]),
                None => (remote, RefUpdate::of_pre_push(&read_stdin("pre-push")?, layout.settings.format)?),
            };
            let known = Known::Remote(remote.as_deref().unwrap_or_default());
            advice(Stopped::Push, &run).after(scan_push(layout, &updates, known, run)?)
        }
        Hook::PreReceive { run } => {
            let layout = received()?;
            let updates = RefUpdate::of_pre_receive(&read_stdin("pre-receive")?, layout.settings.format)?;
            advice(Stopped::Receive, &run).after(scan_push(layout, &updates, Known::Here, run)?)
        }
        Hook::Update { name, old, new, run } => {
            let layout = received()?;
            let Some(update) = RefUpdate::new(&name, &old, &new, layout.settings.format) else {
                bail!("`{old}` and `{new}` are no ids of this repository: git gives `update REF OLD NEW`");
            };
            advice(Stopped::Receive, &run).after(scan_push(layout, &[update], Known::Here, run)?)
        }
    }
}

/// The policy is that of the current folder: git runs hooks at the top of the files, or inside of a bare repository.
fn plan(args: RunArgs) -> Result<RunPlan> {
    RunPlan::resolve(args, &[PathBuf::from(".")])
}

/// Scans what of a message can be committed.
fn scan_message(file: &Path, args: RunArgs) -> Result<Outcome> {
    let text = std::fs::read(file)
        .with_context(|| format!("cannot read `{}`: git names the file with the message", file.display()))?;
    let plan = plan(args)?;
    run::run(plan, None, |Session { scanner, progress }| {
        Ok(scanner.scan_reader(COMMIT_MESSAGE, kept(&text), progress)?)
    })
}

/// Scans what `updates` add.
fn scan_push(layout: Layout, updates: &[RefUpdate], known: Known<'_>, args: RunArgs) -> Result<Outcome> {
    let Some(range) = push::added(&layout, updates, known)? else {
        return Ok(Outcome::Clean);
    };
    let options = HistoryOptions { range: Some(range), quarantine: layout.quarantine, ..HistoryOptions::default() };
    let plan = plan(args)?;
    run::run(plan, None, |Session { scanner, progress }| {
        Ok(scanner.scan_history(&layout.git_dir, &options, progress)?)
    })
}

/// The repository that receives, with the objects that are kept apart until the hook agrees.
fn received() -> Result<Layout> {
    let mut layout = Layout::discover(&repository())?;
    let own = ["GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY"].into_iter().filter_map(variable).map(PathBuf::from);
    let others = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    let others = others.iter().flat_map(std::env::split_paths);
    layout.quarantine = own.chain(others).filter(|folder| folder.is_dir()).collect();
    Ok(layout)
}

/// Where git says that the repository is.
fn repository() -> PathBuf {
    variable("GIT_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The index that git has made for the commit that is going on, for hooks in containers, which are not told: `git commit FILE` has one of
/// its own, `git commit -a` writes the new one beside the old.
fn written_index() -> Option<PathBuf> {
    let git_dir = Layout::discover(&repository()).ok()?.git_dir;
    let names = std::fs::read_dir(&git_dir).ok()?.flatten().map(|entry| entry.file_name());
    let is_own = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("next-index-") && name.ends_with(".lock")
    };
    let locked = Some(OsString::from("index.lock")).filter(|name| git_dir.join(name).is_file());
    names.into_iter().find(is_own).or(locked).map(|name| git_dir.join(name))
}

/// What pre-commit says of a push, which it reads from git itself: one ref.
fn of_pre_commit(layout: &Layout) -> Result<RefUpdate> {
    // It gives a branch and no ids if all of the branch is new.
    let Some(to) = text("PRE_COMMIT_TO_REF").or_else(|| text("PRE_COMMIT_LOCAL_BRANCH")) else {
        bail!(
            "pre-commit does not say what is pushed: use `pre-commit run --hook-stage pre-push --from-ref A --to-ref B`"
        );
    };
    let old = text("PRE_COMMIT_FROM_REF").map(|from| push::resolve(layout, &from)).transpose()?;
    Ok(RefUpdate { old, new: Some(push::resolve(layout, &to)?), name: text("PRE_COMMIT_REMOTE_BRANCH").unwrap_or(to) })
}

fn read_stdin(hook: &str) -> Result<Vec<u8>> {
    if stdin().is_terminal() {
        bail!(
            "git says to {hook} on standard input what is pushed: by hand, `caulk history --range A..B` scans what B adds"
        );
    }
    let mut text = Vec::new();
    stdin().lock().read_to_end(&mut text).context("cannot read what git says of the push")?;
    Ok(text)
}

/// A variable of the environment that is set and not empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn text(name: &str) -> Option<String> {
    variable(name).map(|value| value.to_string_lossy().into_owned())
}
