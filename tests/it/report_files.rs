//! Report files: private, whole or not at all.

use crate::support::{Caulk, Tree, github};
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
    for (name, mark) in
        [("a.json", "\"caulk/1\""), ("a.sarif", "\"2.1.0\""), ("a.jsonl", "\"summary\""), ("a.txt", "-->")]
    {
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
    assert_eq!(run.code, 2, "{run}");
    assert!(String::from_utf8_lossy(&run.stderr).contains("`missing/out.json` cannot be written"), "{run}");
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

#[test]
fn a_full_device_is_an_error() {
    let run = found().scan(&["-o", "/dev/full"]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn a_folder_in_place_of_the_report_is_an_error() {
    let tree = found().folder("out.json");
    assert_eq!(tree.scan(&["-o", "out.json"]).code, 2);
    assert_eq!(names(&tree), ["app.py", "out.json"]);
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
    let tree = found();
    let args = ["-f", "json=a.json", "-f", "sarif=b.sarif", "-f", "text=c.txt", "-f", "jsonl=d.jsonl"];
    assert_eq!(tree.scan(&args).code, 1);
    let run = tree.scan(&["-f", "json", "--confidence", "low"]);
    assert_eq!(run.every("path"), ["app.py"], "{run}");
}
