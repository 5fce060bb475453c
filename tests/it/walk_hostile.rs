//! Things that are no ordinary files, names that are no ordinary names, bytes that are no text.

use crate::support::{Caulk, Filler, Tree, assignment, github, utf16};
use caulk::rule::template::Random;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;

fn pipe(tree: &Tree, name: &str) {
    let made = std::process::Command::new("mkfifo").arg(tree.path().join(name)).status().expect("mkfifo is installed");
    assert!(made.success());
}

#[test]
fn pipes_and_sockets_are_skipped_with_a_reason() {
    let tree = Tree::new().file("a.txt", github(1));
    pipe(&tree, "pipe");
    let _listener = UnixListener::bind(tree.path().join("socket")).expect("a socket can be made");
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.code, run.every("path")), (1, vec!["a.txt".to_owned()]));
    assert_eq!((run.skipped("pipe"), run.skipped("socket")), (Some("special".into()), Some("special".into())));
}

#[test]
fn a_pipe_or_device_that_a_person_names_does_not_hang() {
    let tree = Tree::new();
    pipe(&tree, "pipe");
    let run = tree.scan(&["-f", "json", "pipe", "/dev/null", "/dev/zero"]);
    assert_eq!(run.json()["manifest"]["skipped"].as_array().map(Vec::len), Some(3), "{run}");
    assert_eq!(run.json()["manifest"]["files"], 0);
}

#[test]
fn a_file_that_does_not_tell_its_length_is_read() {
    let run = Tree::new().caulk(&["scan", "-f", "json", "/proc/self/environ"]).env("DEPLOY", &github(1)).run();
    assert_eq!(run.every("rule"), ["github-pat-classic"], "{run}");
}

/// Runs `caulk scan` as a user who may not read everything; not at all where that cannot be done.
fn scan_unprivileged(tree: &Tree, args: &[&str]) -> Option<crate::support::Run> {
    // The owner of what we made is who we are.
    let root = MetadataExt::uid(&fs::metadata(tree.path()).expect("it is there")) == 0;
    let drop = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"";
    let works = Caulk::in_shell(tree, drop, &["--version"]).run().code == 0;
    let script = if root { drop } else { "exec \"$@\"" };
    (works || !root).then(|| Caulk::in_shell(tree, script, &["scan"]).args(args).run())
}

#[test]
fn files_and_folders_that_may_not_be_read_make_the_scan_incomplete() {
    let tree = Tree::new().file("open.txt", github(1)).file("closed.txt", github(2)).file("closed/a.txt", github(3));
    for name in ["closed.txt", "closed"] {
        fs::set_permissions(tree.path().join(name), Permissions::from_mode(0o000)).expect("it is ours");
    }
    let Some(run) = scan_unprivileged(&tree, &["-f", "json"]) else { return };
    assert_eq!((run.code, run.every("path")), (1, vec!["open.txt".to_owned()]), "{run}");
    assert_eq!(
        (run.skipped("closed.txt"), run.skipped("closed")),
        (Some("unreadable".into()), Some("unreadable".into()))
    );
    assert_eq!(run.json()["incomplete"].as_array().map(Vec::len), Some(2));
    let run = scan_unprivileged(&tree, &["-f", "json", "closed.txt"]).expect("it worked before");
    assert_eq!(run.code, 3, "{run}");
    fs::set_permissions(tree.path().join("closed"), Permissions::from_mode(0o755)).expect("it is ours");
}

#[test]
fn hostile_names_break_neither_reports_nor_terminals() {
    let names: [&[u8]; 6] = [
        b"new\nline.txt",
        b"esc\x1b[2Jape.txt",
        b"bad\xff\xfe.txt",
        b"quo\"te'.txt",
        b"\xe2\x80\xaertl.txt",
        b"-dash.txt",
    ];
    let tree = names.iter().fold(Tree::new(), |tree, name| tree.file(OsStr::from_bytes(name), github(1)));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.findings().len(), names.len(), "{run}");
    let paths = run.every("path");
    assert!(paths.iter().all(|path| !path.chars().any(char::is_control)), "{paths:?}");
    for args in [&["-v"][..], &["--color", "never"], &["-f", "jsonl"], &["-f", "sarif"]] {
        let run = tree.scan(args);
        let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\n';
        assert!(!run.stdout.iter().any(control) && !run.stderr.iter().any(control), "{args:?}");
        let text = String::from_utf8(run.stdout).expect("reports are UTF-8");
        assert!(!text.contains('\u{202e}'), "{args:?}");
    }
}

#[test]
fn sarif_addresses_of_hostile_names_lead_back_to_them() {
    let tree = Tree::new().file(OsStr::from_bytes(b"a\n\xff%41.txt"), github(1));
    let report = tree.scan(&["-f", "sarif"]).json();
    let location = &report["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%0A%FF%2541.txt");
    let hash = &report["runs"][0]["results"][0]["partialFingerprints"]["primaryLocationLineHash"];
    assert!(hash.is_string(), "the file can be read again under its name");
}

#[test]
fn a_hostile_root_is_shown_safely() {
    let tree = Tree::new();
    let name = OsString::from_vec(b"no\x1b[2J\xffwhere".to_vec());
    let run = tree.caulk(&["scan"]).args([name]).run();
    assert_eq!(run.code, 2, "{run}");
    assert!(!run.stderr.contains(&0x1b), "{run}");
}

#[test]
fn control_characters_around_a_finding_do_not_reach_the_terminal() {
    let text = format!("\x1b]0;title\x07 \u{202e} {} \x1b[2J\x08\x00\n", assignment("deploy", &github(1)));
    let tree = Tree::new().file("a.py", text);
    let run = tree.scan(&[]);
    assert_eq!(run.code, 1, "{run}");
    assert!(!run.stdout.iter().any(|byte| byte.is_ascii_control() && *byte != b'\n'), "{run}");
    assert!(!String::from_utf8_lossy(&run.stdout).contains('\u{202e}'));
}

#[test]
fn empty_files_nul_bytes_and_random_bytes_are_scanned() {
    let mut random = Random::seeded(1);
    let tree = Tree::new().file("empty", "").file("nul", [0; 100_000]).file("random", random.bytes(300_000));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!((run.code, &run.json()["manifest"]["files"]), (0, &3.into()), "{run}");
}

#[test]
fn a_key_between_nul_bytes_is_found() {
    let text = [&[0, 1, 2, 0][..], github(1).as_bytes(), &[0; 64], github(2).as_bytes(), &[0xff; 9]].concat();
    assert_eq!(Tree::new().file("data.bin", text).scan(&["-f", "json"]).findings().len(), 2);
}

#[test]
fn a_huge_single_line_is_scanned() {
    let mut text = Filler::new(2, " ").text(6 << 20);
    for (number, at) in [1 << 20, 3 << 20, 5 << 20].into_iter().enumerate() {
        let at = (at..).find(|&at| text.is_char_boundary(at) && text.as_bytes()[at] == b' ').expect("there are spaces");
        text.insert_str(at, &format!(" {} ", github(number as u64)));
    }
    let run = Tree::new().file("line.txt", &text).scan(&["-f", "json"]);
    assert_eq!(run.findings().len(), 3, "{run}");
    assert!(run.findings().iter().all(|found| found["line"] == 1));
    let lengths: Vec<usize> = run.every("excerpt").iter().map(String::len).collect();
    assert!(lengths.iter().all(|length| *length < 400), "{lengths:?}");
}

#[test]
fn a_file_of_half_a_utf16_character_is_scanned() {
    let mut text = utf16(&assignment("deploy", &github(1)), u16::to_le_bytes);
    text.extend([0x3d, 0xd8, 0x20]);
    assert_eq!(Tree::new().file("a.py", text).scan(&["-f", "json"]).findings().len(), 1);
}

#[test]
fn a_deep_tree_is_walked() {
    let deep = "d/".repeat(200) + "a.txt";
    assert_eq!(Tree::new().file(deep, github(1)).scan(&["-f", "json"]).findings().len(), 1);
}

#[test]
fn utf16_text_full_of_findings_does_not_hang() {
    let keys: String = (0..12_000).map(|seed| github(seed) + "\n").collect();
    let tree = Tree::new().file("a.txt", utf16(&keys, u16::to_le_bytes));
    assert_eq!(tree.scan(&["-f", "jsonl", "-q"]).stdout.split(|&byte| byte == b'\n').count(), 12_002);
}
