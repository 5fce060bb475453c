//! `caulk explain`: what the scan kept to itself.

use crate::support::{Run, Tree, assignment, github, sample, unlike_words};

fn explain(tree: &Tree, args: &[&str]) -> Run {
    tree.caulk(&[&["explain"], args].concat()).run()
}

fn shown(tree: &Tree, args: &[&str]) -> String {
    let run = explain(tree, args);
    assert_eq!(run.code, 0, "{run}");
    String::from_utf8(run.stdout).expect("is text")
}

#[test]
fn every_step_that_rejects_says_so() {
    let cut = github(1)[..39].to_owned() + if github(1).ends_with('0') { "1" } else { "0" };
    for (text, step, why) in [
        (cut, "proof", "made up, cut or changed"),
        (assignment("db_password", "changeme"), "model", "it is a placeholder"),
        (assignment("db_password", "${DB_PASSWORD}"), "model", "it refers to a value that stands elsewhere"),
        (assignment("reset_token", &unlike_words(2)), "context", "the name says that it is something else"),
        (assignment("auth_token", "my little pony"), "model", "the model takes it for a secret by"),
    ] {
        let out = shown(&Tree::new().file("app.py", format!("x = 1\n{text}\n")), &["app.py:2"]);
        assert!(out.contains(&format!("  rejected  {step}: ")) && out.contains(why), "{text}\n{out}");
        assert!(!out.contains("  reported "), "{out}");
    }
}

#[test]
fn a_finding_is_explained_with_all_that_counts_and_masked() {
    let tree =
        Tree::new().file("app.py", format!("{}\n# {}\n", assignment("db_password", &unlike_words(1)), github(1)));
    let one = shown(&tree, &["app.py:1"]);
    assert!(one.contains("assigned to `db_password`") && one.contains("  reported  confidence high"), "{one}");
    let two = shown(&tree, &["app.py:2:3"]);
    assert!(two.contains("proved offline") && two.contains("  reported  confidence certain"), "{two}");
    assert!(!one.contains(&unlike_words(1)) && !two.contains(&github(1)));
    let run = tree.scan(&["-f", "json"]);
    for (at, id) in run.every("fingerprint").iter().chain(&run.every("secretId")).enumerate() {
        let by_id = shown(&tree, &[id]);
        assert!(by_id.contains(id.as_str()) && by_id.contains("  reported  "), "{at}: {by_id}");
    }
    let empty = shown(&Tree::new().file("app.py", "x = 1\n"), &["app.py:1"]);
    assert!(empty.starts_with("app.py:1: no candidate"), "{empty}");
}

#[test]
fn of_overlapping_candidates_the_winner_is_named() {
    let text = assignment("github_token", &github(1));
    let out = shown(&Tree::new().file("app.py", text), &["app.py:1"]);
    assert!(out.contains("rejected  overlap: `github-pat-classic` says more about the same bytes"), "{out}");
    assert!(out.contains("reported  confidence certain"), "{out}");
}

#[test]
fn exceptions_thresholds_and_left_out_paths_are_told() {
    let comment = ["caulk:", "allow[github-pat-classic] a sample"].concat();
    let tree = Tree::new().file("a.py", format!("{} # {comment}\n", github(1))).file("b.py", github(2));
    assert!(shown(&tree, &["a.py:1"]).contains("accepted  confidence certain, by inline at a.py:1: a sample"));
    tree.write(".caulk.toml", "[rules.confidence]\ngithub = \"low\"\n[paths]\nexclude = [\"b.py\"]\n");
    let out = shown(&tree, &["b.py:1"]);
    assert!(out.contains("no report confidence low is less than medium"), "{out}");
    assert!(out.contains("left out by `paths.exclude`"), "{out}");
}

#[test]
fn explain_and_scan_agree() {
    let mut text = String::new();
    for seed in 0..30 {
        text += &format!("{}\n", assignment("api_key", &sample("{base62:20}", seed)));
        text += &format!("{}\n", assignment("title", "words and more words"));
        text += &format!("{} {}\n", github(seed), sample("AKIA{base32:16}", seed));
    }
    let tree = Tree::new().file("app.py", &text);
    let lines: Vec<u64> = tree.scan(&["-f", "json"]).findings().iter().filter_map(|one| one["line"].as_u64()).collect();
    for line in 1..=90 {
        let out = shown(&tree, &[&format!("app.py:{line}")]);
        let reported = out.matches("\n  reported ").count();
        assert_eq!(reported, lines.iter().filter(|other| **other == line).count(), "line {line}: {out}");
    }
}

#[test]
fn what_cannot_be_explained_is_said() {
    let tree = Tree::new().file("a.py", "x = 1\n");
    for (args, why) in [
        (&["a.py"][..], "is no place and no id"),
        (&["a.py:0"], "is no place and no id"),
        (&["a.py:9"], "has no line 9: it has 2"),
        (&["none.py:1"], "none.py"),
        (&[".:1"], "is a folder"),
        (&["0123456789abcdef"], "has the id `0123456789abcdef`"),
    ] {
        let run = explain(&tree, args);
        assert!(run.code == 2 && String::from_utf8_lossy(&run.stderr).contains(why), "{args:?}: {run}");
    }
}
