//! Report files: private, whole or not at all.

use crate::support::{Caulk, Tree, github, snapshot};
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn found() -> Tree {
    Tree::new().file("app.py", format!("x = '{}'\n", github(1)))
}

fn mode(tree: &Tree, name: &str) -> u32 {
    fs::metadata(tree.path().join(name)).expect("it is there").permissions().mode() & 0o777
}

fn names(tree: &Tree) -> Vec<String> {
    let entries = tree.path().read_dir().expect("it is a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_report_file_is_for_its_owner_alone() {
    let tree = found();
    let run = Caulk::in_shell(&tree, "umask 0; exec \"$@\"", &["scan", "-o", "out.json"]).run();
    assert_eq!((run.code, run.stdout.as_slice()), (1, &b""[..]), "{run}");
    assert_eq!(mode(&tree, "out.json"), 0o600);
}

#[test]
fn a_file_that_was_open_to_all_is_no_longer() {
    let tree = found().file("out.json", "old");
    fs::set_permissions(tree.path().join("out.json"), fs::Permissions::from_mode(0o644)).expect("it is ours");
    assert_eq!(tree.scan(&["-o", "out.json"]).code, 1);
    assert_eq!(mode(&tree, "out.json"), 0o600);
    serde_json::from_slice::<serde_json::Value>(&tree.read("out.json")).expect("nothing of the old one is left");
}

#[test]
fn the_name_of_a_report_file_tells_its_format() {
    let tree = found();
    for (name, mark) in [
        ("a.json", "\"caulk/1\""),
        ("a.sarif", "\"2.1.0\""),
        ("a.jsonl", "\"summary\""),
        ("a.txt", "-->"),
        ("a.xml", "<testsuites>"),
        ("a.csv", "state,severity"),
        ("a.md", "# Secrets"),
        ("a.htm", "<!DOCTYPE html>"),
    ] {
        assert_eq!(tree.scan(&["-o", name]).code, 1);
        assert!(String::from_utf8_lossy(&tree.read(name)).contains(mark), "{name}");
    }
}

#[test]
fn a_named_format_outranks_the_name_of_the_file() {
    let tree = found();
    assert_eq!(tree.scan(&["-f", "sarif", "-o", "a.json"]).code, 1);
    assert!(String::from_utf8_lossy(&tree.read("a.json")).contains("\"2.1.0\""));
}

#[test]
fn several_formats_are_written_at_once() {
    let tree = found();
    let run = tree.scan(&["-f", "text", "-f", "json=a", "-f", "sarif=b", "-f", "jsonl=c"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(String::from_utf8_lossy(&run.stdout).contains("--> app.py:1:6"), "{run}");
    let first = |name: &str| tree.read(name).split(|&byte| byte == b'\n').next().expect("a line").to_owned();
    let parse = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("it is JSON");
    assert_eq!(parse(&tree.read("a"))["schema"], "caulk/1");
    assert_eq!(parse(&tree.read("b"))["version"], "2.1.0");
    assert_eq!(parse(&first("c"))["type"], "finding");
    assert_eq!(["a", "b", "c"].map(|name| mode(&tree, name)), [0o600; 3]);
}

#[test]
fn a_text_report_in_a_file_has_no_colour() {
    let tree = found();
    assert_eq!(tree.scan(&["-o", "out.txt", "--color", "always"]).code, 1);
    assert!(!tree.read("out.txt").contains(&0x1b));
}

#[test]
fn a_missing_folder_is_an_error_and_made_by_nobody() {
    let tree = found();
    let run = tree.scan(&["-o", "missing/out.json"]);
    snapshot!(run, @r"
    exit: 2
    --- stdout
    --- stderr
    error: the report `missing/out.json` cannot be written: No such file or directory (os error 2): make the folder `missing` first, or name another
    ");
    assert_eq!(names(&tree), ["app.py"]);
}

#[test]
fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
    let tree = found().file("out.json", "old");
    // No file may grow beyond one block, and the signal that would tell is ignored.
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$@\"";
    let args = ["scan", "-f", "sarif", "-o", "out.json"];
    let run = Caulk::in_shell(&tree, script, &args).run();
    assert_eq!(run.code, 2, "{run}");
    assert_eq!((tree.read("out.json"), names(&tree)), (b"old".to_vec(), vec!["app.py".into(), "out.json".into()]));
}

/// All formats, each of which is tried where it cannot be written.
const FORMATS: [&str; 10] = ["text", "json", "jsonl", "sarif", "gitlab", "junit", "csv", "github", "markdown", "html"];

#[test]
fn a_full_device_is_an_error_in_every_format_and_tells_what_was_found() {
    let tree = found();
    for format in FORMATS {
        let run = tree.scan(&["-f", &format!("{format}=/dev/full")]);
        let text = run.to_string();
        assert_eq!(run.code, 2, "{run}");
        assert!(text.contains("the report `/dev/full` cannot be written: No space left on device"), "{run}");
        assert!(text.contains("make room, or name a file elsewhere"), "{run}");
        assert!(text.contains("1 secret at 1 place") && text.contains("the exit code would be 1"), "{run}");
        // Quiet or not, and behind standard output too.
        let quiet = Caulk::in_shell(&tree, "\"$@\" >/dev/full", &["scan", "-q", "-f", format]).run();
        assert!(quiet.code == 2 && quiet.to_string().contains("the exit code would be 1"), "{quiet}");
    }
}

#[test]
fn a_report_that_cannot_be_written_keeps_no_other_from_being_written() {
    let tree = found();
    let run = tree.scan(&["-f", "html=/dev/full", "-f", "json=a.json", "-f", "text"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(String::from_utf8_lossy(&run.stdout).contains("--> app.py:1:6"), "{run}");
    serde_json::from_slice::<serde_json::Value>(&tree.read("a.json")).expect("it is whole");
}

#[test]
fn a_reader_that_leaves_keeps_no_file_from_being_written() {
    let tree = Tree::new().file("a.py", (0..2000).map(|n| github(n) + "\n").collect::<String>());
    let script = "\"$@\" | head -c 10 >/dev/null; test -s b.csv";
    let run = Caulk::in_shell(&tree, script, &["scan", "-q", "-f", "text", "-f", "csv=b.csv"]).run();
    assert_eq!((run.code, run.stderr.as_slice()), (0, &b""[..]), "{run}");
}

#[test]
fn a_named_pipe_whose_reader_leaves_is_an_error() {
    let tree = Tree::new().file("a.py", (0..2000).map(|n| github(n) + "\n").collect::<String>());
    let script = "mkfifo pipe; head -c 10 pipe >/dev/null & exec \"$@\"";
    let run = Caulk::in_shell(&tree, script, &["scan", "-q", "-f", "json=pipe", "a.py"]).run();
    assert!(run.code == 2 && run.to_string().contains("whoever reads it left before the end"), "{run}");
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    // A disk of its own needs rights that not everybody has: without, the limit above stands for it.
    let tree = found().folder("small");
    let script = "mount -t tmpfs -o size=64k tmpfs small 2>/dev/null || exit 99
        trap 'umount small' EXIT; echo old > small/out; \"$@\"; code=$?
        test \"$(cat small/out)\" = old || exit 98; test \"$(ls -A small)\" = out || exit 97; exit $code";
    let run = Caulk::in_shell(&tree, script, &["scan", "-q", "-f", "sarif=small/out"]).run();
    if run.code != 99 {
        assert_eq!(run.code, 2, "{run}");
        assert!(run.to_string().contains("make room, or name a file elsewhere; the file there is as it was"), "{run}");
    }
}

#[test]
fn what_cannot_be_written_is_said_before_a_long_scan() {
    let tree = found().file("file", "").folder("out.json");
    snapshot!(tree.scan(&["-o", "out.json"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: the report `out.json` cannot be written: it is a folder: name a file in it, such as `out.json/caulk`
    ");
    assert_eq!(names(&tree), ["app.py", "file", "out.json"]);
    snapshot!(tree.scan(&["-o", "file/out.json"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: the report `file/out.json` cannot be written: Not a directory (os error 20): `file` is no folder: name another
    ");
    // Nobody may make files there, not even root.
    let run = tree.scan(&["-o", "/sys/out.json"]);
    assert!(run.code == 2 && run.to_string().contains("you may not write to `/sys`: name a file elsewhere"), "{run}");
    let check = tree.caulk(&["check", "-o", "missing/a.html"]).run();
    assert!(
        check.code == 2 && check.stdout.is_empty() && check.to_string().contains("make the folder `missing` first")
    );
}

#[test]
fn a_pipe_in_place_of_the_report_is_written_to() {
    let run = found().scan(&["-f", "json", "-o", "/dev/stdout"]);
    assert_eq!((run.code, run.findings().len()), (1, 1), "{run}");
}

#[test]
fn a_report_file_with_a_long_name_can_be_written() {
    let name = format!("{}.json", "n".repeat(250));
    let run = found().scan(&["-o", &name]);
    assert_eq!(run.code, 1, "{run}");
}

#[test]
fn reports_in_the_scanned_tree_are_no_findings() {
    let tree = found().folder("out");
    let args = FORMATS.iter().flat_map(|format| ["-f".to_owned(), format!("{format}=out/{format}")]);
    assert_eq!(tree.caulk(&["scan"]).args(args).run().code, 1);
    assert_eq!(tree.scan(&["-f", "json"]).every("path"), ["app.py"]);
    // It lists the ids of all rules, of which some look like keys of the provider whose name stands near.
    fs::remove_file(tree.path().join("out/gitlab")).expect("it is there");
    // Ids look drawn at random, for they are; nothing else is seen in them.
    let low = tree.scan(&["-f", "json", "--confidence", "low"]);
    let (paths, rules) = (low.every("path"), low.every("rule"));
    let others: Vec<_> =
        paths.iter().zip(&rules).filter(|(path, rule)| *path != "app.py" && *rule != "generic-drawn").collect();
    assert!(others.is_empty(), "{others:?}");
}
