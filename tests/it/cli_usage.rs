//! Wrong usage exits with 2 and says what to mend; `caulk` alone says what it would be good for.

use crate::support::{Caulk, Tree, assignment, github, snapshot};
use caulk::{Confidence, RuleSet, Scanner};
use std::process::{Command, Stdio};

#[test]
fn caulk_alone_proposes_commands() {
    snapshot!(Tree::new().caulk(&[]).run(), @r"
    exit: 0
    --- stdout
    caulk [version]: this folder is in no git repository. You could run:

      caulk scan                        look for secrets in the files here
      caulk scan -f sarif=caulk.sarif   the same, as a report for code scanning
      caulk check                       tick the secure-storage checklist from evidence
      caulk rules list                  see what is looked for
      caulk --help                      all commands and exit codes
    --- stderr
    ");
}

#[test]
fn caulk_alone_sees_the_repository_it_is_in() {
    let tree = Tree::repository().file(".env", "").folder("sub");
    snapshot!(tree.caulk(&[]).run(), @r"
    exit: 0
    --- stdout
    caulk [version]: this folder is a git repository. You could run:

      caulk scan                        look for secrets in the files here that git does not ignore
      caulk scan --no-ignore            also in what git ignores, such as the `.env` here
      caulk staged                      what the next commit would add, for a pre-commit hook
      caulk history                     everything that git remembers, and since when
      caulk init                        have every commit scanned: shows what it would write first
      caulk scan -f sarif=caulk.sarif   the same, as a report for code scanning
      caulk check                       tick the secure-storage checklist from evidence
      caulk rules list                  see what is looked for
      caulk --help                      all commands and exit codes
    --- stderr
    ");
    snapshot!(tree.caulk(&[]).within("sub").run(), @r"
    exit: 0
    --- stdout
    caulk [version]: this folder lies in the git repository `[tree]`. You could run:

      caulk scan                        look for secrets in the files here that git does not ignore
      caulk staged                      what the next commit would add, for a pre-commit hook
      caulk history                     everything that git remembers, and since when
      caulk init                        have every commit scanned: shows what it would write first
      caulk scan -f sarif=caulk.sarif   the same, as a report for code scanning
      caulk check                       tick the secure-storage checklist from evidence
      caulk rules list                  see what is looked for
      caulk --help                      all commands and exit codes
    --- stderr
    ");
}

#[test]
fn a_wrong_argument_is_named() {
    snapshot!(Tree::new().scan(&["--frobnicate"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: unexpected argument '--frobnicate' found

      tip: a similar argument exists: '--format'

    Usage: caulk scan --format <FORMAT[=FILE]> [PATH]...

    For more information, try '--help'.
    ");
}

#[test]
fn a_wrong_level_comes_with_the_right_ones() {
    snapshot!(Tree::new().scan(&["--confidence", "sure"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: invalid value 'sure' for '--confidence <LEVEL>'
      [possible values: low, medium, high, certain]

    For more information, try '--help'.
    ");
}

#[test]
fn a_missing_path_is_named() {
    snapshot!(Tree::new().scan(&["nowhere"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: cannot scan `nowhere`: No such file or directory (os error 2)
    ");
}

#[test]
fn an_unknown_format_comes_with_the_known_ones() {
    snapshot!(Tree::new().scan(&["-f", "xml"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: there is no report format `xml`: use one of text, json, jsonl, sarif, gitlab, junit, csv, github, markdown, html
    ");
}

#[test]
fn a_format_with_an_empty_file_name_is_refused() {
    snapshot!(Tree::new().scan(&["-f", "json="]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `--format json=` names no file
    ");
}

#[test]
fn two_reports_for_one_place_are_refused() {
    snapshot!(Tree::new().scan(&["-f", "json", "-f", "sarif"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: only one report can go to standard output: write `--format FORMAT=FILE` for the others
    ");
    snapshot!(Tree::new().scan(&["-f", "json=out", "-f", "sarif=out"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: two reports would be written to `out`
    ");
    snapshot!(Tree::new().scan(&["-f", "json=out", "-o", "out"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: every --format names a file already: leave out --output, or add a --format without `=FILE`
    ");
}

#[test]
fn a_broken_glob_is_named() {
    snapshot!(Tree::new().scan(&["--exclude", "a{b"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: --exclude `a{b` is no glob pattern: error parsing glob 'a{b': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
    ");
}

#[test]
fn standard_input_is_scanned_alone() {
    snapshot!(Tree::new().scan(&["-", "."]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: standard input (`-`) is scanned alone: run paths and `-` apart
    ");
}

#[test]
fn no_default_rules_needs_rules() {
    let run = Tree::new().scan(&["--no-default-rules"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.to_string().contains("--rules"), "{run}");
}

#[test]
fn a_scanner_without_rules_is_refused() {
    let error = Scanner::new(RuleSet::empty(), Confidence::Low).expect_err("nothing could be found");
    insta::assert_snapshot!(error, @"no rule is active, so nothing could be found: load rules with `--rules`, or leave out `--no-default-rules`");
}

#[test]
fn a_folder_without_rule_files_is_refused() {
    snapshot!(Tree::new().folder("rules").scan(&["--rules", "rules", "--no-default-rules"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: the rules cannot be used:
      rules: holds no `*.toml` file: name a folder of rule files
    ");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let mut list = Command::new(env!("CARGO_BIN_EXE_caulk"));
    let mut child =
        list.args(["rules", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn a_full_disk_behind_standard_output_is_a_failure() {
    let tree = Tree::new().file("a.txt", github(1));
    let run = Caulk::in_shell(&tree, "\"$@\" >/dev/full", &["scan", "-q"]).run();
    assert_eq!(run.code, 2, "{run}");
    assert!(String::from_utf8_lossy(&run.stderr).contains("error"), "{run}");
}

#[test]
fn a_reader_that_leaves_does_not_hide_findings() {
    let line = |n| assignment("deploy", &github(n)) + "\n";
    let tree = Tree::new().file("a.py", (0..2000).map(line).collect::<String>());
    let script =
        format!("'{}' scan -q . | head -c 10 >/dev/null; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_caulk"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(tree.path()).output().expect("runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1");
}
