//! Hooks that stand in a YAML file: pre-commit's and lefthook's. Lines are put where they belong, and everything else stays as it is.

use super::scripts::{COMMAND, calls_caulk};
use super::{Setup, projects};
use crate::git::Layout;
use std::fs;

/// The hook as pre-commit wants it, to be indented.
const LOCAL: &str = "\
- repo: local
  hooks:
    - id: caulk
      name: caulk (staged changes)
      entry: caulk hook pre-commit
      language: system
      stages: [pre-commit, pre-merge-commit, manual]
      types: []
      pass_filenames: false
      verbose: true";

/// Adds the hook to `.pre-commit-config.yaml`.
pub(super) fn pre_commit(setup: &mut Setup, layout: &Layout) {
    let name = projects::PRE_COMMIT;
    match fs::read_to_string(setup.root.join(name)) {
        Err(_) => {
            setup.seen.push(format!("hook: `{name}` is new"));
            setup.create(name, &format!("repos:\n{}", indented(LOCAL, "  ")));
        }
        Ok(text) if calls_caulk(&text) => setup.seen.push(format!("hook: `{name}` runs caulk")),
        Ok(text) => match end_of_list(&text, "repos:") {
            Some((at, indent)) => {
                setup.seen.push(format!("hook: `{name}` is there, and runs caulk as well from now on"));
                setup.insert(name, at, indented(LOCAL, &indent).lines().map(str::to_owned).collect());
            }
            None => {
                setup.seen.push(format!("hook: `{name}` is there, and its `repos` are no plain list"));
                setup.notes.push(format!("add this to the `repos` of `{name}`:\n{}", indented(LOCAL, "  ")));
            }
        },
    }
    setup.wants_installed(layout, "pre-commit", "pre-commit install");
}

/// Adds the hook to lefthook's file.
pub(super) fn lefthook(setup: &mut Setup, layout: &Layout) {
    add_command(setup);
    setup.wants_installed(layout, "lefthook", "lefthook install");
}

fn add_command(setup: &mut Setup) {
    let names = projects::LEFTHOOK;
    let name = names.iter().find(|name| setup.root.join(name).exists()).copied().unwrap_or("lefthook.yml");
    let text = fs::read_to_string(setup.root.join(name)).unwrap_or_default();
    let is_yaml = name.ends_with("ml") && !name.ends_with(".toml");
    if calls_caulk(&text) {
        return setup.seen.push(format!("hook: `{name}` runs caulk"));
    }
    let whole = format!("pre-commit:\n  commands:\n    caulk:\n      run: {COMMAND}");
    let begun = text.lines().any(|line| line.starts_with("pre-commit:"));
    if is_yaml && !begun {
        setup.seen.push(format!("hook: `{name}` runs caulk from now on"));
        return setup.append(name, whole.lines().map(str::to_owned).collect());
    }
    match jobs(&text).filter(|_| is_yaml) {
        Some((at, lines)) => {
            setup.seen.push(format!("hook: `{name}` is there, and runs caulk as well from now on"));
            setup.insert(name, at, lines);
        }
        None => {
            setup.seen.push(format!("hook: `{name}` is there, and not of a form that can be added to"));
            setup.notes.push(format!("let `{name}` run `{COMMAND}` before commits"));
        }
    }
}

/// Where lines of a command go in lefthook's `pre-commit`, and which.
fn jobs(text: &str) -> Option<(usize, Vec<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().position(|line| line.trim_end() == "pre-commit:")?;
    let block = (begin + 1..lines.len()).take_while(|at| !is_key(lines[*at]));
    let (at, list) = block.into_iter().find_map(|at| match lines[at].trim() {
        "commands:" => Some((at, false)),
        "jobs:" => Some((at, true)),
        _ => None,
    })?;
    let next = lines[at + 1..].iter().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let (indent, outer) = (indent_of(next), indent_of(lines[at]));
    if indent.len() <= outer.len() && !(list && indent.len() == outer.len()) {
        return None;
    }
    let names = if list { ["- name: caulk", "  run: "] } else { ["caulk:", "  run: "] };
    Some((at + 1, vec![format!("{indent}{}", names[0]), format!("{indent}{}{COMMAND}", names[1])]))
}

/// Behind which line a list at the top of a file ends, and how far its items stand in.
fn end_of_list(text: &str, key: &str) -> Option<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let begin = lines.iter().position(|line| line.trim_end() == key)?;
    let first =
        lines[begin + 1..].iter().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let indent = first.trim_start().starts_with("- ").then(|| indent_of(first))?;
    let end = (begin + 1..lines.len()).find(|at| is_key(lines[*at])).unwrap_or(lines.len());
    let last = (begin..end).rev().find(|at| !lines[*at].trim().is_empty() && !lines[*at].starts_with('#'))?;
    Some((last + 1, indent))
}

/// Does something else begin with this line?
fn is_key(line: &str) -> bool {
    line.starts_with(|first: char| !first.is_whitespace() && !matches!(first, '#' | '-'))
}

fn indent_of(line: &str) -> String {
    line.chars().take_while(|letter| *letter == ' ').collect()
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_list_is_found() {
        let text = "# x\nrepos:\n- repo: a\n  hooks:\n  - id: b\n\n# more\nci:\n  skip: []\n";
        assert_eq!(end_of_list(text, "repos:"), Some((5, String::new())));
        assert_eq!(end_of_list("repos:\n    - repo: a\n", "repos:"), Some((2, "    ".to_owned())));
        assert_eq!(end_of_list("repos: []\n", "repos:"), None);
        assert_eq!(end_of_list("repos:\n", "repos:"), None);
    }

    #[test]
    fn commands_of_lefthook_are_added_to() {
        let added = |text: &str| jobs(text).map(|(at, lines)| (at, lines.join("\n")));
        let command = Some((2, format!("    caulk:\n      run: {COMMAND}")));
        assert_eq!(added("pre-commit:\n  commands:\n    lint:\n      run: x\n"), command);
        let job = Some((3, format!("  - name: caulk\n    run: {COMMAND}")));
        assert_eq!(added("pre-commit:\n  parallel: true\n  jobs:\n  - run: x\n"), job);
        assert_eq!(added("pre-commit:\n  scripts:\n    a.sh: {}\npre-push:\n  commands:\n    a: {}\n"), None);
    }
}
