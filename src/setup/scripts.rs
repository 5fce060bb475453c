//! Hooks that are programs: git's own, and those of husky.

use super::{Setup, projects};
use crate::edit::{Change, Edit};
use crate::git::Layout;
use std::fs;
use std::path::Path;

/// What a hook has to run.
pub(super) const COMMAND: &str = "caulk hook pre-commit";

/// A hook of its own.
const SCRIPT: &str = "\
#!/bin/sh
# Scans what is about to be committed for secrets; written by `caulk init`.
exec caulk hook pre-commit";

/// Git's own hook.
pub(super) fn git(setup: &mut Setup, layout: &Layout) {
    let folder = projects::hooks_folder(&setup.root, layout);
    let file = folder.join("pre-commit");
    let common = layout.common.canonicalize().unwrap_or_else(|_| layout.common.clone());
    let inside = [&setup.root, &common].into_iter().any(|base| file.starts_with(base));
    if inside {
        return add(setup, &file, SCRIPT);
    }
    let shown = folder.display();
    setup.seen.push(format!("hook: `core.hooksPath` is `{shown}`, which other repositories may use too"));
    if !calls_caulk(&fs::read_to_string(&file).unwrap_or_default()) {
        setup.notes.push(format!(
            "let `{}` run `{COMMAND}`: it is not this repository's own, so it was not written",
            file.display()
        ));
    }
}

/// The hook that husky runs: commands, without a first line of its own.
pub(super) fn husky(setup: &mut Setup, layout: &Layout) {
    let file = setup.root.join(".husky/pre-commit");
    add(setup, &file, COMMAND);
    if !projects::hooks_folder(&setup.root, layout).starts_with(setup.root.join(".husky")) {
        setup.notes.push("run `npx husky`: git does not call husky here yet".to_owned());
    }
}

/// Is caulk run by this text?
pub(super) fn calls_caulk(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| !line.starts_with('#') && line.contains("caulk"))
}

/// Makes `file` run caulk: as a new file, or as the first command of a shell script.
fn add(setup: &mut Setup, file: &Path, new: &str) {
    let shown = file.strip_prefix(&setup.root).unwrap_or(file).display().to_string();
    let text = match fs::symlink_metadata(file) {
        Err(_) => {
            setup.seen.push(format!("hook: `{shown}` is new"));
            let lines = new.lines().map(str::to_owned).collect();
            setup.edits.push(Edit { path: file.to_owned(), change: Change::Append(lines) });
            setup.edits.push(Edit { path: file.to_owned(), change: Change::Mode { from: 0o644, to: 0o755 } });
            return;
        }
        Ok(metadata) if metadata.is_file() => fs::read_to_string(file).ok(),
        Ok(_) => None,
    };
    match text {
        Some(text) if calls_caulk(&text) => setup.seen.push(format!("hook: `{shown}` runs caulk")),
        Some(text) if is_shell(&text) => {
            setup.seen.push(format!("hook: `{shown}` is there, and runs caulk first from now on"));
            let lines = vec![format!("{COMMAND} || exit $?")];
            setup.edits.push(Edit { path: file.to_owned(), change: Change::Insert(head(&text), lines) });
        }
        _ => {
            setup.seen.push(format!("hook: `{shown}` is there, and no shell script"));
            setup.notes.push(format!("let `{shown}` run `{COMMAND}`, and end as it ends: it was left alone"));
        }
    }
}

/// Is it a script of a shell? Without a first line that says what runs it, a shell does.
fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    !first.starts_with("#!")
        || first.split(['/', ' ']).any(|word| matches!(word.trim(), "sh" | "bash" | "dash" | "zsh" | "ksh"))
}

/// How many lines stand before the first command; what husky needs first is none.
fn head(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let is_command = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with('#') || line.starts_with(". ") && line.contains("husky.sh"))
    };
    let first = lines.iter().position(is_command).unwrap_or(lines.len());
    // Comments right above the first command stay with it.
    let above = lines[..first].iter().rev().take_while(|line| line.starts_with('#') && !line.starts_with("#!")).count();
    first - above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_command_is_found() {
        assert_eq!(head("#!/bin/sh\nmake lint\n"), 1);
        assert_eq!(head("#!/bin/sh\n\n# what for\nmake lint\n"), 2);
        assert_eq!(head("#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm test\n"), 3);
        assert_eq!(head("npm test\n"), 0);
        assert_eq!(head("#!/bin/sh\n"), 1);
    }

    #[test]
    fn other_programs_are_no_shell_scripts() {
        assert!(is_shell("#!/usr/bin/env bash\n") && is_shell("#!/bin/sh -e\n") && is_shell("npm test\n"));
        assert!(!is_shell("#!/usr/bin/env python3\n") && !is_shell("#!/usr/bin/node\n"));
    }
}
