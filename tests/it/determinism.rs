//! The same scan gives the same bytes, and the same finding the same fingerprint.

use crate::support::{Filler, Tree, assignment, github, sample, unlike_words, url};
use std::fmt::Write;
use std::os::unix::fs::symlink;

fn many_files() -> Tree {
    let mut filler = Filler::new(1, "\n");
    let mut tree = Tree::repository().file(".gitignore", "*.log\n");
    for number in 0..300_u64 {
        let mut text = filler.text(500);
        if number % 3 == 0 {
            // Some secrets stand at many places.
            write!(text, "\n{}\n", assignment("deploy", &github(number / 30))).expect("it is a string");
        }
        if number % 4 == 0 {
            write!(text, "\n{}\n", assignment("api_key", &unlike_words(number))).expect("it is a string");
        }
        if number % 5 == 0 {
            let dsn = url("postgres", &sample("{base62:16}", number));
            write!(text, "\n{}\n", assignment("dsn", &dsn)).expect("it is a string");
        }
        tree = tree.file(format!("{}/{}/{number}.py", number % 7, number % 3), text);
        if number % 20 == 0 {
            tree = tree.file(format!("{}/{number}.log", number % 7), "").link("nowhere", &format!("{number}.link"));
        }
    }
    let large = (0..40).map(|number| filler.text(60_000) + &assignment("x", &github(number)) + "\n");
    tree.file("large.py", large.collect::<String>())
}

/// A report without the time it took.
fn timeless(report: &[u8]) -> String {
    let text = String::from_utf8(report.to_vec()).expect("it is text");
    let lines = text.lines().filter(|line| !line.contains("\"durationSeconds\""));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn reports_have_the_same_bytes_for_any_number_of_threads() {
    let tree = many_files();
    let reports = |threads: &str| {
        let args = ["-j", threads, "-f", "json=../a", "-f", "sarif=../b", "-f", "text=../c", "-q"];
        assert_eq!(tree.scan(&args).code, 1);
        ["../a", "../b", "../c"].map(|name| timeless(&tree.read(name)))
    };
    let one = reports("1");
    assert!(one[0].matches("\"fingerprint\"").count() > 250, "there is something to compare");
    for threads in ["1", "2", "8"] {
        let other = reports(threads);
        assert!(one == other, "-j {threads} differs from -j 1");
    }
}

#[test]
fn fingerprints_are_the_same_from_everywhere_in_a_repository() {
    let tree = Tree::repository().file("sub/deep/app.py", assignment("deploy", &github(1)));
    let tree = tree.file("sub/b.py", assignment("api_key", &unlike_words(2)));
    let whole = tree.scan(&["-f", "json"]).every("fingerprint");
    assert_eq!(whole.len(), 2);
    let full = tree.path().join("sub").display().to_string();
    symlink(tree.path(), tree.home().join("link")).expect("links can be made");
    for paths in [&["sub"][..], &["./sub/"], &[&full], &["sub/b.py", "sub/deep"], &["sub", "."], &["../home/link/sub"]]
    {
        let run = tree.caulk(&["scan", "-f", "json"]).args(paths).run();
        assert_eq!(sorted(run.every("fingerprint")), sorted(whole.clone()), "{paths:?}: {run}");
    }
    for paths in [&["."][..], &["..", "--no-ignore"], &["deep/.."]] {
        let run = tree.caulk(&["scan", "-f", "json"]).args(paths).within("sub").run();
        assert_eq!(sorted(run.every("fingerprint")), sorted(whole.clone()), "{paths:?}: {run}");
    }
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

#[test]
fn fingerprints_are_the_same_outside_of_a_repository_however_the_folder_is_named() {
    let tree = Tree::new().file("sub/app.py", assignment("deploy", &github(1)));
    let here = tree.scan(&["-f", "json"]).every("fingerprint");
    let full = tree.path().display().to_string();
    assert_eq!(tree.scan(&["-f", "json", &full]).every("fingerprint"), here);
    assert_eq!(tree.caulk(&["scan", "-f", "json", ".."]).within("sub").run().every("fingerprint"), here);
}

#[test]
fn inserted_lines_leave_fingerprints_as_they_are() {
    let text = assignment("deploy", &github(1)) + "\n";
    let tree = Tree::new().file("app.py", &text);
    let before = tree.scan(&["-f", "json"]);
    tree.write("app.py", format!("import os\n\n\n    {text}"));
    let after = tree.scan(&["-f", "json"]);
    assert_eq!(before.every("fingerprint"), after.every("fingerprint"));
    assert_ne!(before.findings()[0]["line"], after.findings()[0]["line"]);
}

#[test]
fn fingerprints_differ_by_file_and_value_and_places_of_one_value_share_an_id() {
    let tree = Tree::new().file("a.py", assignment("deploy", &github(1)));
    let tree = tree.file("b.py", assignment("deploy", &github(1))).file("c.py", assignment("deploy", &github(2)));
    let run = tree.scan(&["-f", "json"]);
    let (prints, ids) = (run.every("fingerprint"), run.every("secretId"));
    assert!(prints[0] != prints[1] && prints[1] != prints[2] && prints[0] != prints[2]);
    assert!(ids[0] == ids[1] && ids[1] != ids[2]);
}

#[test]
fn how_sure_we_are_does_not_depend_on_where_the_scan_is_started() {
    let tree = Tree::repository().file("tests/data/app.py", assignment("api_key", &unlike_words(2)));
    let levels = |run: crate::support::Run| run.every("confidence");
    let whole = levels(tree.scan(&["-f", "json", "--confidence", "low"]));
    assert_eq!(whole.len(), 1);
    assert_eq!(levels(tree.scan(&["-f", "json", "--confidence", "low", &tree.path().display().to_string()])), whole);
    assert_eq!(levels(tree.caulk(&["scan", "-f", "json", "--confidence", "low"]).within("tests/data").run()), whole);
}

#[test]
fn folders_above_the_scanned_one_do_not_speak_for_its_files() {
    let tree = Tree::new().file("examples/project/app.py", assignment("api_key", &unlike_words(2)));
    let full = tree.path().join("examples/project").display().to_string();
    let inside = tree.caulk(&["scan", "-f", "json", "--confidence", "low"]).within("examples/project").run();
    assert_eq!(inside.findings().len(), 1);
    assert_eq!(
        tree.scan(&["-f", "json", "--confidence", "low", &full]).every("confidence"),
        inside.every("confidence")
    );
}
