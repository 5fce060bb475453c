//! `.caulk.toml`: layers, where each value comes from, whose word counts, and what is said of mistakes.

use crate::support::{Repo, Run, Tree, assignment, github, snapshot, unlike_words};

/// A file with a token and a password in it.
fn tree() -> Tree {
    Tree::new().file("app.py", format!("{}\n# {}\n", assignment("db_password", &unlike_words(1)), github(1)))
}

fn scan(tree: &Tree, args: &[&str]) -> Run {
    tree.scan(&[&["-f", "json"], args].concat())
}

/// What is said of a configuration that cannot be used.
fn refused(config: &str) -> String {
    let run = tree().file(".caulk.toml", config).scan(&[]);
    assert_eq!((run.code, run.stdout.len()), (2, 0), "{run}");
    String::from_utf8(run.stderr).expect("is text")
}

#[test]
fn rules_are_off_by_id_beginning_and_glob_and_on_again() {
    for (rules, found) in [
        ("disable = [\"github-pat-classic\"]", vec!["generic-secret"]),
        ("disable = [\"github\"]", vec!["generic-secret"]),
        ("disable = [\"g*\"]\nenable = [\"github-pat-*\"]", vec!["github-pat-classic"]),
        ("defaults = false\nenable = [\"generic\"]", vec!["generic-secret"]),
    ] {
        let run = scan(&tree().file(".caulk.toml", format!("[rules]\n{rules}\n")), &[]);
        assert_eq!(run.every("rule"), found, "{rules}");
        let policy = &run.json()["manifest"]["policy"];
        assert_eq!(
            (&policy["files"][0]["path"], &policy["files"][0]["by"]),
            (&".caulk.toml".into(), &"project".into())
        );
        assert!(policy["rulesOff"].as_u64() > Some(0));
    }
}

#[test]
fn severities_and_confidences_are_what_the_configuration_says() {
    let config = "[rules.severity]\ngithub = \"info\"\n[rules.confidence]\n\"generic-*\" = \"low\"\n";
    let tree = tree().file(".caulk.toml", config);
    let run = scan(&tree, &[]);
    assert_eq!((run.every("rule"), run.code), (vec!["github-pat-classic".to_owned()], 0), "info does not fail a run");
    assert_eq!(run.every("severity"), ["info"]);
    let all = scan(&tree, &["--confidence", "low"]);
    assert_eq!(all.every("confidence"), ["low", "certain"], "{all}");
}

#[test]
fn no_rule_left_is_an_error() {
    let said = refused("[rules]\ndefaults = false\n");
    assert!(said.contains("no rule is active") && said.contains("by .caulk.toml:2"), "{said}");
    assert!(refused("[rules]\ndisable = [\"*\"]\n").contains("no rule is active"));
}

#[test]
fn later_layers_win_and_each_value_says_where_it_comes_from() {
    let tree = tree()
        .file(".caulk.toml", "[thresholds]\nconfidence = \"low\"\nfail_on = \"high\"\n[paths]\nexclude = [\"a\"]\n")
        .file("ci/caulk.toml", "[thresholds]\nfail_on = \"critical\"\n[paths]\nexclude = [\"b\"]\n");
    let args = ["config", "show", "--config", "ci/caulk.toml", "--confidence", "certain"];
    snapshot!(tree.caulk(&args).run(), @r#"
    exit: 0
    --- stdout
    file  .caulk.toml of this project
    file  ci/caulk.toml as named
    thresholds.confidence = "certain"  # --confidence
    thresholds.fail_on = "critical"    # ci/caulk.toml:2
    rules.defaults = true              # default
    paths.exclude = "a"                # .caulk.toml:5
    paths.exclude = "b"                # ci/caulk.toml:4
    [count] rules on
    --- stderr
    "#);
    let shown = tree.caulk(&[&args[..], &["-f", "json"]].concat()).run().json();
    let from = |key: &str| {
        let all = shown["settings"].as_array().expect("a list");
        all.iter().find(|one| one["key"] == key).expect("it is there")["from"].clone()
    };
    assert_eq!(from("thresholds.confidence")["option"], "--confidence");
    assert_eq!(from("thresholds.fail_on"), serde_json::json!({"kind": "named", "file": "ci/caulk.toml", "line": 2}));
    assert_eq!(from("rules.defaults")["kind"], "default");
    assert_eq!(scan(&tree, &["--config", "ci/caulk.toml", "--fail-on", "high"]).code, 1, "what was typed wins");
    assert_eq!(scan(&tree, &["--config", "ci/caulk.toml", "--confidence", "low"]).code, 1, "the token is critical");
}

#[test]
fn paths_are_left_out_from_the_root_wherever_the_scan_begins() {
    let mut repo = Repo::new();
    repo.write(".caulk.toml", "[paths]\nexclude = [\"vendor\", \"**/*.snap\"]\n");
    repo.write("vendor/deep/a.txt", github(1));
    repo.write("src/a.snap", github(2));
    repo.write("src/vendor/a.txt", github(3));
    let found = |args: &[&str], folder: &str| {
        let run =
            repo.caulk(&[args, &["-f", "json", "--show-secrets"]].concat()).within(repo.path().join(folder)).run();
        (run.every("secret"), run.json()["manifest"]["policy"]["exclude"].as_array().map(Vec::len))
    };
    assert_eq!(found(&["scan"], ""), (vec![github(3)], Some(2)));
    assert_eq!(found(&["scan"], "src"), (vec![github(3)], Some(2)));
    assert_eq!(found(&["scan", "vendor/deep/a.txt"], "").0, Vec::<String>::new(), "hooks name files");
    repo.git(&["add", "-A"]);
    let found = |args: &[&str]| repo.caulk(&[args, &["-f", "json", "--show-secrets"]].concat()).run().every("secret");
    assert_eq!(found(&["staged"]), [github(3)]);
    let mut repo = repo;
    repo.commit("all");
    let run = repo.caulk(&["history", "-f", "json", "--show-secrets"]).run();
    assert_eq!(run.every("secret"), [github(3)]);
}

#[test]
fn what_the_project_says_is_stated_and_can_be_refused() {
    let tree = tree().file(".caulk.toml", "[rules]\ndisable = [\"*-*\"]\nenable = [\"jwt\"]\n");
    let run = tree.scan(&[]);
    assert_eq!(run.code, 0);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(said.contains("policy: .caulk.toml of this project;") && said.contains("rules off"), "{said}");
    let run = tree.scan(&["--no-repo-config"]);
    assert_eq!(run.code, 1);
    assert!(String::from_utf8_lossy(&run.stderr).contains("policy: .caulk.toml refused"), "{run}");
    let run = tree.caulk(&["audit", "--no-repo-config", "-f", "json"]).run();
    assert_eq!(run.json()["manifest"]["policy"]["files"][0]["by"], "refused");
}

#[test]
fn a_change_cannot_switch_its_own_scan_off() {
    let mut repo = Repo::new();
    repo.write(".caulk.toml", "[thresholds]\nfail_on = \"high\"\n");
    repo.commit("base");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write(".caulk.toml", "[rules]\ndisable = [\"github\"]\n");
    repo.write("a.txt", format!("{}\n", github(1)));
    repo.commit("sneaky");
    repo.write("a.txt", format!("{}\n{}\n", github(1), github(2)));
    repo.git(&["add", "-A"]);
    for (command, found) in [(&["scan"][..], 2), (&["staged"], 1), (&["history"], 2), (&["audit"], 2)] {
        let own = repo.caulk(&[command, &["-f", "json"]].concat()).run();
        assert_eq!(own.findings().len(), 0, "{command:?}");
        let run = repo.caulk(&[command, &["-f", "json", "--config-from", "main"]].concat()).run();
        assert_eq!((run.findings().len(), run.code), (found, 1), "{command:?}: {run}");
        let file = &run.json()["manifest"]["policy"]["files"][0];
        assert_eq!(file, &serde_json::json!({"path": ".caulk.toml", "by": "revision", "revision": "main"}));
    }
    let run = repo.caulk(&["check", "--config-from", "main", "--only", "docker"]).run();
    assert!(String::from_utf8_lossy(&run.stderr).contains("policy: .caulk.toml as of main"), "{run}");
    let run = repo.caulk(&["scan", "--config-from", "mian"]).run();
    assert_eq!(run.code, 2);
    assert!(String::from_utf8_lossy(&run.stderr).contains("`mian` names no commit here"), "{run}");
    // A repository without files has what its last commit says.
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    let run = repo.caulk(&["history", "-f", "json"]).args([&bare]).run();
    assert_eq!(run.json()["manifest"]["policy"]["files"][0]["revision"], "HEAD");
    assert!(run.findings().is_empty());
}

/// A pack with one rule, for values that no other rule knows.
const PACK: &str = "[[rule]]\nid = \"acme-token\"\nprovider = \"Acme\"\nsecret = \"token\"\nseverity = \"high\"\n\
    pattern = 'acme_[0-9A-Za-z]{32}'\nprefixes = [\"acme_\"]\nexamples = [\"acme_{base62:32}\"]\n\
    revoke = \"https://acme.example/keys\"\n";

#[test]
fn rule_packs_are_local_and_pinned() {
    use sha2::{Digest, Sha256};
    let value = crate::support::sample("acme_{base62:32}", 1);
    let tree = Tree::new().file("rules/acme.toml", PACK).file("a.txt", &value);
    let run = |pin: &str| {
        tree.write(".caulk.toml", format!("\nextends = [{{ file = \"rules/acme.toml\"{pin} }}]\n"));
        tree.scan(&["-f", "json"])
    };
    let right: String = Sha256::digest(PACK).iter().map(|byte| format!("{byte:02x}")).collect();
    let found = run(&format!(", sha256 = \"{right}\""));
    assert_eq!(found.every("rule"), ["acme-token"]);
    let missing = run("");
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(missing.code == 2 && said.contains(".caulk.toml:2: ") && said.contains(&right), "{said}");
    let wrong = run(", sha256 = \"00\"");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("not the file that was pinned") && said.contains(&right), "{said}");
    for (file, why) in [
        ("https://example.org/a.toml", "no local file"),
        ("../outside.toml", "inside of the project"),
        ("/etc/hostname", "inside of the project"),
        ("none.toml", "there is no rule file"),
    ] {
        let said = refused(&format!("extends = [{{ file = \"{file}\", sha256 = \"00\" }}]\n"));
        assert!(said.contains(why) && said.contains(".caulk.toml:1"), "{said}");
    }
}

#[test]
fn mistakes_are_named_with_file_line_and_what_was_meant() {
    for (config, said) in [
        ("\n[treshold]\n", ".caulk.toml:2: there is no key `treshold` here: did you mean `thresholds`?"),
        (
            "[thresholds]\n\nfail-on = \"low\"\n",
            ".caulk.toml:3: there is no key `fail-on` here: did you mean `fail_on`?",
        ),
        ("[thresholds]\nconfidence = \"hihg\"\n", ".caulk.toml:2: there is no value `hihg` here: did you mean `high`?"),
        (
            "[rules]\ndisable = [\n  \"github-pat-clasic\",\n]\n",
            ".caulk.toml:3: no rule is called `github-pat-clasic` or begins so: did you mean `github-pat-classic`?",
        ),
        ("[rules]\ndisable = \"jwt\"\n", ".caulk.toml:2: "),
        ("[paths]\nexclude = [\"a{\"]\n", ".caulk.toml:2: `a{` is no glob pattern"),
        ("thresholds = \n", ".caulk.toml:1: "),
        ("[[exceptions]]\nreason = \"x\"\n", ".caulk.toml:1: an exception for everything is none"),
        ("[[exceptions]]\nrule = \"jwt\"\n", ".caulk.toml:1: the exception gives no reason"),
        (
            "[[exceptions]]\nrule = \"jwt\"\nreason = \"x\"\nuntil = 10:00:00\n",
            ".caulk.toml:1: the exception needs the last day",
        ),
        (
            "[[checklist.exceptions]]\ncheck = \"docker-root\"\nreason = \" \"\nuntil = 2999-01-01\n",
            ".caulk.toml:1: the exception gives no reason",
        ),
        (
            "[[checklist.exceptions]]\ncheck = \"docker-root\"\nreason = \"x\"\n",
            ".caulk.toml:1: the exception needs the last day",
        ),
    ] {
        let shown = refused(config);
        assert!(shown.starts_with(&format!("error: {said}")), "{config}\n{shown}");
    }
    let run = tree().scan(&["--config", "none.toml"]);
    assert_eq!(run.code, 2);
    assert!(String::from_utf8_lossy(&run.stderr).contains("`none.toml` cannot be read"), "{run}");
}

#[test]
fn a_configuration_that_is_no_plain_file_is_not_followed() {
    let linked = tree().file("real.toml", "[rules]\ndefaults = false\n").link("real.toml", ".caulk.toml");
    let run = linked.scan(&[]);
    assert!(run.code == 2 && String::from_utf8_lossy(&run.stderr).contains("symbolic link"), "{run}");
    let run = tree().folder(".caulk.toml").scan(&[]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn paths_of_several_projects_obey_none_of_them() {
    let tree = Tree::new()
        .file("one/.caulk.toml", "[rules]\ndisable = [\"github\"]\n")
        .file("one/a.txt", github(1))
        .file("two/a.txt", github(2));
    assert_eq!(scan(&tree, &["one"]).findings().len(), 0);
    let run = scan(&tree, &["one", "two"]);
    assert_eq!(run.findings().len(), 2);
    assert!(String::from_utf8_lossy(&run.stderr).contains("belong to several projects"), "{run}");
}
