//! Exceptions: in comments, in `.caulkignore`, in `.caulk.toml`; what they cover, and what they do not.

use crate::support::{Repo, Run, Tree, assignment, github, unlike_words};
use serde_json::Value;

pub(crate) fn json(tree: &Tree, args: &[&str]) -> Run {
    tree.scan(&[&["-f", "json", "--show-secrets"], args].concat())
}

fn accepted(run: &Run) -> Vec<Value> {
    run.json()["accepted"].as_array().expect("a list").clone()
}

/// One member of what covers each accepted finding.
pub(crate) fn covered_by(run: &Run, member: &str) -> Vec<String> {
    accepted(run).iter().map(|one| one["exception"][member].as_str().expect("text").to_owned()).collect()
}

pub(crate) fn notices(run: &Run) -> Vec<(String, String)> {
    let report = run.json();
    let all = report["manifest"]["policy"]["notices"].as_array().expect("a list");
    let text = |one: &Value, key: &str| one[key].as_str().expect("text").to_owned();
    all.iter().map(|one| (text(one, "kind"), text(one, "message"))).collect()
}

pub(crate) fn said(run: &Run) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// A comment that accepts, written apart so that none stands in this file.
fn allow(rule: &str, reason: &str) -> String {
    ["caulk:", "allow[", rule, "] ", reason].concat()
}

#[test]
fn a_comment_covers_one_finding_on_its_line() {
    let line = format!("a {} b  # {}\n", github(1), allow("github-pat-classic", "a test account"));
    let run = json(&Tree::new().file("a.py", line), &[]);
    assert_eq!((run.code, run.findings().len()), (0, 0), "{run}");
    assert_eq!(covered_by(&run, "kind"), ["inline"]);
    assert_eq!(covered_by(&run, "reason"), ["a test account"]);
    assert_eq!(covered_by(&run, "stated"), ["a.py:1"]);
}

#[test]
fn a_comment_on_a_line_of_many_covers_one_of_them() {
    let values: Vec<String> = (0..80).map(github).collect();
    let line = format!("{} // {}\n", values.join(" "), allow("github-pat-classic", "only one"));
    let run = json(&Tree::new().file("a.js", line), &[]);
    assert_eq!((run.code, run.findings().len(), accepted(&run).len()), (1, 79, 1));
    let two = format!(
        "{} {} # {} {}\n",
        github(1),
        github(2),
        allow("github-pat-classic", "one"),
        allow("github-pat-classic", "two")
    );
    let run = json(&Tree::new().file("a.py", two), &[]);
    assert_eq!(covered_by(&run, "reason"), ["one", "two"]);
}

#[test]
fn a_comment_alone_on_its_line_is_about_the_next() {
    let text = format!(
        "# {}\n# {}\n{}; token = '{}'\n{}\n",
        allow("github-pat-classic", "one"),
        allow("generic-secret", "two"),
        assignment("db_password", &unlike_words(1)),
        github(1),
        github(2)
    );
    let run = json(&Tree::new().file("a.py", text), &[]);
    assert_eq!(run.every("secret"), [github(2)], "{run}");
    assert_eq!(covered_by(&run, "reason"), ["two", "one"]);
}

#[test]
fn a_comment_without_a_reason_or_for_another_rule_is_refused_and_told() {
    let rule = "github-pat-classic";
    let text = format!("{} # {}\n{} # {}\n", github(1), allow(rule, ""), github(2), allow("jwt", "why not"));
    let run = json(&Tree::new().file("a.py", text), &[]);
    assert_eq!((run.findings().len(), run.code), (2, 1));
    let told = notices(&run);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(kind, _)| kind == "refused"));
    assert!(told[0].1.starts_with("a.py:1: ") && told[0].1.contains("gives no reason"), "{told:?}");
    assert!(told[1].1.starts_with("a.py:2: ") && told[1].1.contains("name that rule"), "{told:?}");
    assert!(said(&run).contains("gives no reason"), "never silent: {run}");
}

#[test]
fn text_that_is_no_comment_covers_nothing() {
    let text = format!("x = \"{} {}\"\n", github(1), allow("github-pat-classic", "in a string"));
    assert_eq!(json(&Tree::new().file("a.py", text), &[]).findings().len(), 1);
}

#[test]
fn a_reason_never_shows_a_secret() {
    let text = format!("{} # {}\n", github(1), allow("github-pat-classic", &format!("like {}", github(2))));
    let run = Tree::new().file("a.py", text).scan(&["-v"]);
    let all = run.to_string();
    assert!(!all.contains(&github(1)) && !all.contains(&github(2)), "{all}");
}

#[test]
fn comments_that_cover_nothing_are_listed_where_asked() {
    let comment = format!("# {}\nx = 1\n", allow("jwt", "long gone"));
    let tree = Tree::new().file("a.py", comment);
    assert!(!said(&tree.scan(&[])).contains("covers nothing"));
    assert!(said(&tree.scan(&["-v"])).contains("a.py:1: `caulk:allow[jwt]` covers nothing: take it out"));
}

#[test]
fn comments_hold_in_large_files_and_in_utf16() {
    let line = format!("{} # {}\n", github(1), allow("github-pat-classic", "far down"));
    let text = format!("{}{line}{}", "word word word\n".repeat(90_000), "word\n".repeat(90_000));
    let utf16 = crate::support::utf16(&line, u16::to_le_bytes);
    let run = json(&Tree::new().file("a.py", text).file("b.py", utf16), &[]);
    assert_eq!(
        (run.findings().len(), covered_by(&run, "stated")),
        (0, vec!["a.py:90001".to_owned(), "b.py:1".to_owned()])
    );
}

#[test]
fn findings_have_one_id_in_files_staged_and_history_masked_or_not() {
    let mut repo = Repo::new();
    repo.write("first.txt", "nothing\n");
    repo.commit("first");
    repo.write("deep/a b.py", format!("{}\n# {}\n", assignment("db_password", &unlike_words(1)), github(1)));
    repo.git(&["add", "-A"]);
    let ids = |args: &[&str], folder: &str| {
        let mut ids =
            repo.caulk(&[args, &["-f", "json"]].concat()).within(repo.path().join(folder)).run().every("fingerprint");
        ids.sort();
        ids
    };
    let expected = ids(&["scan"], "");
    assert_eq!(expected.len(), 2);
    for (args, folder) in [
        (&["scan", "--show-secrets"][..], ""),
        (&["scan"], "deep"),
        (&["scan", "deep/a b.py"], ""),
        (&["staged"], ""),
        (&["staged"], "deep"),
        (&["history"], ""),
        (&["history", "--show-secrets"], ""),
        (&["audit"], ""),
    ] {
        assert_eq!(ids(args, folder), expected, "{args:?} in {folder}");
    }
    let mut repo = repo;
    repo.commit("second");
    let run = repo.caulk(&["history", "-f", "json"]).run();
    let mut committed = run.every("fingerprint");
    committed.sort();
    assert_eq!(committed, expected);
}

#[test]
fn an_accepted_finding_is_accepted_in_every_mode_wherever_its_line_moves() {
    let mut repo = Repo::new();
    repo.write("a.py", format!("# {}\n", github(1)));
    repo.git(&["add", "-A"]);
    let id = repo.caulk(&["scan", "-f", "json"]).run().every("fingerprint").remove(0);
    let run = repo.caulk(&["ignore", "add", &id[..12], "--reason", "a test account"]).run();
    assert_eq!(run.code, 0, "{run}");
    repo.write("a.py", format!("one\ntwo\n\n\n# {}\n", github(1)));
    repo.git(&["add", "-A"]);
    for command in ["scan", "staged", "history", "audit"] {
        let run = repo.caulk(&[command, "-f", "json"]).run();
        assert_eq!(
            (run.findings().len(), covered_by(&run, "kind")),
            (0, vec!["ignore-file".to_owned()]),
            "{command}: {run}"
        );
        assert_eq!(covered_by(&run, "stated"), [".caulkignore:3"]);
    }
    assert_eq!(repo.caulk(&["staged"]).run().code, 0);
    assert_eq!(repo.caulk(&["scan", "--no-repo-config"]).run().code, 1);
    // The same value elsewhere is another finding.
    repo.write("b.py", github(1));
    let run = repo.caulk(&["scan", "-f", "json"]).run();
    assert_eq!(run.every("path"), ["b.py"]);
    // Accepted wherever it stands, it is none.
    let run = repo.caulk(&["ignore", "add", &id, "--everywhere", "--reason", "revoked"]).run();
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(repo.caulk(&["scan"]).run().code, 0);
}

#[test]
fn a_history_is_accepted_when_all_its_places_are() {
    let mut repo = Repo::new();
    repo.write("a.py", format!("# {}\n", github(1)));
    repo.commit("one");
    repo.write("b.py", format!("# {}\n", github(1)));
    repo.commit("two");
    let run = repo.caulk(&["history", "-f", "json"]).run();
    let id = run.every("fingerprint").remove(0);
    repo.caulk(&["ignore", "add", &id, "--reason", "known"]).run();
    assert_eq!(repo.caulk(&["history", "-f", "json"]).run().findings().len(), 1, "the other place is not accepted");
    repo.caulk(&["ignore", "add", &id, "--everywhere", "--reason", "revoked"]).run();
    assert_eq!(repo.caulk(&["history"]).run().code, 0);
    // A comment in a later version speaks for the earlier ones at that path.
    let mut repo = Repo::new();
    repo.write("a.py", format!("# {}\n", github(1)));
    repo.commit("one");
    assert_eq!(repo.caulk(&["history"]).run().code, 1);
    repo.write("a.py", format!("x = 1 # {} {}\n", github(1), allow("jwt", "no")));
    repo.write("a.py", format!("x = '{}' # {}\n", github(1), allow("github-pat-classic", "a sample")));
    repo.commit("two");
    let run = repo.caulk(&["history", "-f", "json"]).run();
    assert_eq!((run.code, covered_by(&run, "kind")), (0, vec!["inline".to_owned()]), "{run}");
}

#[test]
fn an_exception_outlives_the_name_of_its_rule() {
    let pack = |id: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nprovider = \"Acme\"\nsecret = \"token\"\nseverity = \"high\"\n\
             pattern = 'acme_[0-9A-Za-z]{{32}}'\nprefixes = [\"acme_\"]\nexamples = [\"acme_{{base62:32}}\"]\n\
             revoke = \"https://acme.example/keys\"\n"
        )
    };
    let tree =
        Tree::new().file("a.txt", crate::support::sample("acme_{base62:32}", 1)).file("pack.toml", pack("acme-old"));
    let run = json(&tree, &["--rules", "pack.toml"]);
    let id = run.every("fingerprint").remove(0);
    let run = tree.caulk(&["ignore", "add", &id, "--reason", "x", "--rules", "pack.toml"]).run();
    assert_eq!(run.code, 0, "{run}");
    tree.write("pack.toml", pack("acme-new"));
    let run = json(&tree, &["--rules", "pack.toml"]);
    assert_eq!((run.code, accepted(&run)[0]["rule"].as_str()), (0, Some("acme-new")), "{run}");
    let listed = tree.caulk(&["ignore", "list", "--rules", "pack.toml"]).run();
    assert!(
        String::from_utf8_lossy(&listed.stdout)
            .contains("no active rule is called `acme-old`: did you mean `acme-new`?"),
        "{listed}"
    );
    let run = tree.caulk(&["ignore", "prune", "--rules", "pack.toml"]).run();
    assert!(String::from_utf8_lossy(&run.stdout).contains("nothing to take out"), "{run}");
}

#[test]
fn a_configuration_accepts_kinds_of_findings() {
    let exception =
        |more: &str| format!("[[exceptions]]\nrule = \"github\"\npath = \"fixtures/**\"\nreason = \"made up\"\n{more}");
    let tree = Tree::new().file("fixtures/a.txt", github(1)).file("src/a.txt", github(2));
    tree.write(".caulk.toml", exception(""));
    let run = json(&tree, &[]);
    assert_eq!((run.every("secret"), covered_by(&run, "kind")), (vec![github(2)], vec!["config".to_owned()]));
    assert_eq!(covered_by(&run, "stated"), [".caulk.toml:1"]);
    tree.write(".caulk.toml", exception("until = 2020-01-01\n"));
    let run = json(&tree, &[]);
    assert_eq!((run.findings().len(), notices(&run)[0].0.as_str()), (2, "expired"));
}

#[test]
fn exceptions_of_a_change_do_not_count_where_the_base_is_asked() {
    let mut repo = Repo::new();
    repo.write("old.py", format!("x = '{}' # {}\n", github(1), allow("github-pat-classic", "a sample")));
    repo.commit("base");
    repo.write("new.py", format!("x = '{}' # {}\n", github(2), allow("github-pat-classic", "trust me")));
    repo.write("more.py", github(3));
    repo.caulk(&["baseline"]).run();
    repo.commit("sneaky");
    assert_eq!(repo.caulk(&["scan"]).run().code, 0);
    let run = repo.caulk(&["scan", "--config-from", "HEAD~1", "-f", "json", "--show-secrets"]).run();
    assert_eq!(run.every("secret"), [github(3), github(2)], "{run}");
    assert_eq!(covered_by(&run, "stated"), ["old.py:1"]);
    assert!(said(&run).contains("1 inline exception is not obeyed: `HEAD~1` does not have them"), "{run}");
    let run = repo.caulk(&["scan", "--no-repo-config", "-f", "json"]).run();
    assert_eq!(run.findings().len(), 3);
}
