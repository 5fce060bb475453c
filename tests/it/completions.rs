//! Completions and manual pages: made from the command line's own definition, and understood by those who read them.

use crate::support::{Run, Tree};
use std::process::Command;

const COMMANDS: &[&str] = &[
    "scan", "staged", "history", "hook", "check", "audit", "rules", "init", "config", "ignore", "baseline", "explain",
];

fn completions(shell: &str) -> String {
    let run: Run = Tree::new().caulk(&["completions", shell]).run();
    assert_eq!(run.code, 0, "{run}");
    String::from_utf8(run.stdout).expect("is text")
}

/// What bash would propose for these words.
fn proposed(words: &[&str]) -> Vec<String> {
    let ask = format!(
        "source /dev/stdin; COMP_WORDS=({}); COMP_CWORD={}; _caulk caulk '{}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
        words[words.len() - 1],
        words[words.len() - 2],
    );
    let tree = Tree::new().file("caulk.bash", completions("bash"));
    let script = format!("exec < caulk.bash; {ask}");
    let output =
        Command::new("bash").args(["--norc", "-c", &script]).current_dir(tree.path()).output().expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn bash_proposes_commands_options_and_values() {
    let commands = proposed(&["caulk", "''"]);
    for command in COMMANDS {
        assert!(commands.iter().any(|one| one == command), "{command}: {commands:?}");
    }
    assert_eq!(proposed(&["caulk", "sta"]), ["staged"]);
    assert_eq!(proposed(&["caulk", "hook", "pre-r"]), ["pre-receive"]);
    assert_eq!(proposed(&["caulk", "scan", "--confid"]), ["--confidence"]);
    assert_eq!(proposed(&["caulk", "scan", "--confidence", "cer"]), ["certain"]);
    assert_eq!(proposed(&["caulk", "init", "--hooks", "le"]), ["lefthook"]);
}

#[test]
fn other_shells_have_all_commands_too() {
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        let script = completions(shell);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell} lacks {command}");
        }
    }
    let run = Tree::new().caulk(&["completions", "tcsh"]).run();
    assert!(run.code == 2 && run.to_string().contains("[possible values: bash"), "{run}");
}

#[test]
fn every_command_has_a_page() {
    let tree = Tree::new();
    let run = tree.caulk(&["man", "pages/man1"]).run();
    assert_eq!((run.code, run.stdout.len()), (0, 0), "{run}");
    for command in COMMANDS.iter().copied().chain(["hook-pre-receive", "rules-lint"]) {
        let page = String::from_utf8(tree.read(&format!("pages/man1/caulk-{command}.1"))).expect("is text");
        assert!(page.contains(".TH ") && page.contains(".SH NAME"), "{command}: {page}");
    }
    let whole = tree.caulk(&["man"]).run();
    assert_eq!(whole.stdout, tree.read("pages/man1/caulk.1"));
    let page = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(page.contains("Exit codes"), "{page}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let run = Tree::new().file("file", "x").caulk(&["man", "file/man1"]).run();
    assert!(run.code == 2 && run.to_string().contains("cannot be written into `file/man1`"), "{run}");
}
