//! `.caulkignore`: how entries end, go stale, are pruned and taken in at once.

use crate::exceptions::{covered_by, json, notices, said};
use crate::support::{Repo, Tree, assignment, github, unlike_words};

/// An ignore file with the finding of `a.txt`, and `more` lines.
fn with_ignore(until: &str, more: &str) -> (Tree, String) {
    let tree = Tree::new().file("a.txt", github(1));
    let id = json(&tree, &[]).every("fingerprint").remove(0);
    tree.write(".caulkignore", format!("{id} github-pat-classic a.txt {until} a reason\n{more}"));
    (tree, id)
}

#[test]
fn expired_entries_cover_nothing_and_are_told() {
    let (tree, id) = with_ignore("2999-12-31", "");
    let run = json(&tree, &[]);
    assert_eq!((run.code, covered_by(&run, "until")), (0, vec!["2999-12-31".to_owned()]));
    tree.write(".caulkignore", format!("{id} github-pat-classic a.txt 2020-01-31 a reason\n"));
    let run = json(&tree, &[]);
    assert_eq!((run.code, run.findings().len()), (1, 1));
    let told = notices(&run);
    assert_eq!(told[0].0, "expired");
    assert!(told[0].1.contains("ended on 2020-01-31") && said(&run).contains("ended on 2020-01-31"), "{run}");
    let run = tree.caulk(&["ignore", "prune"]).run();
    assert!(String::from_utf8_lossy(&run.stdout).contains("(expired)"), "{run}");
    assert!(!String::from_utf8_lossy(&tree.read(".caulkignore")).contains(&id));
}

#[test]
fn stale_entries_are_told_after_full_scans_and_pruned_unless_the_history_needs_them() {
    let other = "0".repeat(32);
    let (tree, id) = with_ignore("-", &format!("# about the other\n{other} jwt gone.txt - once\n"));
    let run = json(&tree, &[]);
    assert_eq!(notices(&run).iter().filter(|(kind, _)| kind == "stale").count(), 1, "{run}");
    assert!(said(&run).contains("exceptions: 1 covers nothing here (-v lists them)"), "{run}");
    assert!(notices(&json(&tree, &["a.txt"])).is_empty(), "a part of the files says nothing of the others");
    let dry = tree.caulk(&["ignore", "prune", "--dry-run"]).run();
    assert!(String::from_utf8_lossy(&dry.stdout).contains("1 entry would be taken out"), "{dry}");
    tree.caulk(&["ignore", "prune"]).run();
    let left = String::from_utf8(tree.read(".caulkignore")).expect("is text");
    assert!(left.contains(&id) && !left.contains(&other) && !left.contains("about the other"), "{left}");

    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("one");
    let id = repo.caulk(&["scan", "-f", "json"]).run().every("fingerprint").remove(0);
    repo.caulk(&["ignore", "add", &id, "--reason", "x"]).run();
    repo.remove("a.txt");
    repo.commit("two");
    let run = repo.caulk(&["ignore", "prune"]).run();
    assert!(String::from_utf8_lossy(&run.stdout).contains("nothing to take out"), "{run}");
    let run = repo.caulk(&["ignore", "explain", &id[..8]]).run();
    assert!(String::from_utf8_lossy(&run.stdout).contains("once at a.txt:1"), "{run}");
}

#[test]
fn a_baseline_from_a_report_or_a_scan_covers_everything_that_is_known() {
    let text = format!("{}\n# {}\n", assignment("db_password", &unlike_words(1)), github(1));
    let tree = Tree::new().file("a.py", &text).file("sub/b.py", &text);
    assert_eq!(tree.scan(&["-f", "json=report.json"]).code, 1);
    let from_report = tree.caulk(&["baseline", "report.json"]).run();
    assert_eq!(from_report.code, 0, "{from_report}");
    let written = tree.read(".caulkignore");
    let run = json(&tree, &[]);
    assert_eq!((run.code, covered_by(&run, "kind")), (0, vec!["baseline".to_owned(); 4]), "{run}");
    std::fs::remove_file(tree.path().join(".caulkignore")).expect("it is there");
    tree.caulk(&["baseline"]).run();
    assert_eq!(tree.read(".caulkignore"), written, "both ways write the same bytes");
    let lines = String::from_utf8(written.clone()).expect("is text");
    let entries: Vec<&str> = lines.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(entries.is_sorted() && entries.len() == 4, "{lines}");
    assert!(!lines.contains(&github(1)) && !lines.contains(&unlike_words(1)));
    let again = tree.caulk(&["baseline"]).run();
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("nothing to add"), "{again}");
    assert_eq!(tree.read(".caulkignore"), written);
    // What is new is reported, and can be taken in.
    tree.write("c.py", github(9));
    assert_eq!(json(&tree, &[]).every("secret"), [github(9)]);
    tree.caulk(&["baseline", "--until", "2999-01-01", "--reason", "later"]).run();
    assert_eq!(json(&tree, &[]).code, 0);
}

#[test]
fn a_baseline_takes_in_the_history() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("one");
    repo.remove("a.txt");
    repo.write("b.txt", github(2));
    repo.commit("two");
    repo.caulk(&["baseline"]).run();
    assert_eq!(repo.caulk(&["history", "-f", "json", "--show-secrets"]).run().every("secret"), [github(1)]);
    repo.caulk(&["baseline", "--history"]).run();
    assert_eq!(repo.caulk(&["history"]).run().code, 0);
}

#[test]
fn a_broken_ignore_file_stops_the_run_with_its_line() {
    let (tree, id) = with_ignore("-", "\nnonsense\n");
    let run = tree.scan(&[]);
    assert_eq!(run.code, 2);
    assert!(said(&run).starts_with("error: .caulkignore:3: the rule is missing"), "{run}");
    tree.write(".caulkignore", format!("{id} jwt a - x\n{id} jwt b - y\n"));
    assert!(said(&tree.scan(&[])).contains(".caulkignore:2: `"), "twice");
    assert_eq!(tree.scan(&["--no-repo-config"]).code, 1);
}

#[test]
fn what_cannot_be_added_is_said() {
    let tree = Tree::new().file("a.txt", github(1)).file("bad.json", "{}").file("worse.json", "no");
    let id = "f".repeat(32);
    for (args, why) in [
        (&["ignore", "add", &id, "--reason", "x"][..], "nothing here has the id"),
        (&["ignore", "add", "zz", "--reason", "x"], "is no id"),
        (&["ignore", "add", &id, "--reason", " "], "needs a reason"),
        (&["ignore", "add", &id, "--reason", "x", "--until", "tomorrow"], "is no day"),
        (&["ignore", "add", &id, "--reason", "x", "--until", "2020-01-01"], "is over already"),
        (&["ignore", "explain", &id], "no entry of .caulkignore"),
        (&["baseline", "bad.json"], "is no JSON report of caulk"),
        (&["baseline", "worse.json"], "is no JSON report of caulk"),
        (&["baseline", "none.json"], "cannot be read"),
    ] {
        let run = tree.caulk(args).run();
        assert!(run.code == 2 && said(&run).contains(why), "{args:?}: {run}");
    }
    assert!(!tree.path().join(".caulkignore").exists(), "nothing was written");
}

#[test]
fn ids_in_an_ignore_file_are_no_findings() {
    let (tree, _) = with_ignore("-", "");
    let rules = ["datadog-api-key", "mailchimp-api-key", "generic-secret", "twilio-auth-token"];
    let lines: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| format!("{} {rule} {rule}.txt - known\n", crate::support::sample("{hex:32}", at as u64)))
        .collect();
    let text = String::from_utf8(tree.read(".caulkignore")).expect("is text");
    tree.write(".caulkignore", text + &lines.concat());
    let run = json(&tree, &["--confidence", "low"]);
    assert_eq!(run.findings().len(), 0, "{run}");
}
