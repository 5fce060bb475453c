//! Rule files as users meet them: read, checked, complained about.

use crate::support::{Tree, sample, snapshot};

const GOOD: &str = r#"
[[rule]]
id = "acme-token"
provider = "Acme"
secret = "deploy token"
severity = "high"
pattern = 'acme_[0-9A-Za-z]{24}'
prefixes = ["acme_"]
examples = ["acme_{base62:24}"]
revoke = "https://acme.io/tokens"
"#;

const BAD: &str = r#"# One rule without revoke and with a bad id, one that no lane reaches, one with an unbounded pattern.
[[rule]]
id = "Acme_Token"
provider = "Acme"
secret = "deploy token"
severity = "high"
pattern = 'acme_[0-9A-Za-z]{24}'
prefixes = ["acme_"]
examples = ["acme_{base62:24}"]

[[rule]]
id = "acme-pin"
provider = "Acme"
secret = "pin"
severity = "high"
pattern = 'pin-[0-9]{4}'
prefixes = ["pin-"]
examples = ["pin-{digits:4}"]
revoke = "https://acme.io/pins"

[[rule]]
id = "acme-key"
provider = "Acme"
secret = "key"
severity = "high"
pattern = 'ak_[0-9a-z]+'
prefixes = ["ak_"]
examples = ["ak_{base36:24}"]
revoke = "https://acme.io/keys"
"#;

#[test]
fn a_bad_rule_file_stops_a_scan_with_file_line_and_what_to_mend() {
    snapshot!(Tree::new().file("bad.toml", BAD).scan(&["--rules", "bad.toml"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: the rules cannot be used:
      bad.toml:2: rule `Acme_Token`: `id` is lower case words and digits joined by `-`
      bad.toml:2: rule `Acme_Token`: `revoke` is missing: say where such a secret is revoked
      bad.toml:11: rule `acme-pin`: no lane can reach it: a match holds no run of 16 token characters within its first 24 bytes, and a prefix holds no stem
      bad.toml:21: rule `acme-key`: the pattern has no longest match: write `{1,200}` in place of `+` and `*`
    ");
}

#[test]
fn lint_lists_everything_that_is_wrong() {
    snapshot!(Tree::new().file("bad.toml", BAD).caulk(&["rules", "lint", "bad.toml"]).run(), @r"
    exit: 2
    --- stdout
    bad.toml:2: rule `Acme_Token`: `id` is lower case words and digits joined by `-`
    bad.toml:2: rule `Acme_Token`: `revoke` is missing: say where such a secret is revoked
    bad.toml:11: rule `acme-pin`: no lane can reach it: a match holds no run of 16 token characters within its first 24 bytes, and a prefix holds no stem
    bad.toml:21: rule `acme-key`: the pattern has no longest match: write `{1,200}` in place of `+` and `*`
    --- stderr
    error: 4 things to mend
    ");
}

#[test]
fn lint_of_a_good_file_says_so() {
    snapshot!(Tree::new().file("good.toml", GOOD).caulk(&["rules", "lint", "good.toml"]).run(), @r"
    exit: 0
    --- stdout
    1 rule, nothing to mend
    --- stderr
    ");
}

#[test]
fn broken_toml_and_unknown_keys_have_their_line() {
    let tree = Tree::new().file("broken.toml", format!("{GOOD}examples = [\n"));
    let tree = tree.file("unknown.toml", GOOD.replace("revoke", "rotate")).file("empty.toml", "# none\n");
    let run = tree.caulk(&["rules", "lint", "broken.toml", "unknown.toml", "empty.toml", "missing.toml"]).run();
    snapshot!(run, @r"
    exit: 2
    --- stdout
    broken.toml:11: unclosed array, expected `]`
    unknown.toml:10: unknown field `rotate`, expected one of `id`, `provider`, `secret`, `severity`, `pattern`, `prefixes`, `near`, `max_distance`, `names`, `schemes`, `labels`, `anywhere`, `extend`, `proof`, `failed_proof`, `confidence`, `plausible`, `public`, `beats`, `pair`, `examples`, `counter_examples`, `revoke`, `docs`, `lifetime`, `variables`, `instead`, `trial`
    empty.toml:1: holds no `[[rule]]` and no `named`
    missing.toml: cannot be read: No such file or directory (os error 2)
    --- stderr
    error: 4 things to mend
    ");
}

#[test]
fn a_rule_with_an_unknown_proof_is_named() {
    let text = GOOD.replace("examples", "proof = \"horoscope\"\nexamples");
    snapshot!(Tree::new().file("acme.toml", text).scan(&["--rules", "acme.toml"]), @r"
    exit: 2
    --- stdout
    --- stderr
    error: the rules cannot be used:
      acme.toml:2: rule `acme-token`: there is no proof named `horoscope`: `caulk rules proofs` lists them
    ");
}

#[test]
fn own_rules_join_the_built_in_ones_or_stand_alone() {
    let values = [sample("acme_{base62:24}", 1), sample("ghp_{crc32-base62:30}", 2)];
    let tree = Tree::new().file("acme.toml", GOOD).file("src/notes.txt", values.join("\n"));
    let both = tree.scan(&["src", "-f", "json", "--rules", "acme.toml"]);
    assert_eq!(both.every("rule"), ["acme-token", "github-pat-classic"]);
    let own = tree.scan(&["src", "-f", "json", "--rules", "acme.toml", "--no-default-rules"]);
    assert_eq!((own.every("rule"), &own.json()["manifest"]["rules"]), (vec!["acme-token".to_owned()], &1.into()));
}

#[test]
fn a_rule_with_a_known_id_replaces_it() {
    let text = GOOD.replace("acme-token", "github-pat-classic");
    let values = [sample("acme_{base62:24}", 1), sample("ghp_{crc32-base62:30}", 2)];
    let tree = Tree::new().file("acme.toml", text).file("src/notes.txt", values.join("\n"));
    let run = tree.scan(&["src", "-f", "json", "--rules", "acme.toml"]);
    assert_eq!((run.every("rule"), run.every("provider")), (vec!["github-pat-classic".into()], vec!["Acme".into()]));
}

#[test]
fn a_folder_of_rule_files_is_read_in_order_of_names() {
    let second = GOOD.replace("acme-token", "acme-other").replace("acme_", "acmo_");
    let tree = Tree::new().file("rules/b.toml", second).file("rules/a.toml", GOOD).file("rules/notes.md", "no rules");
    let run = tree.caulk(&["rules", "list", "--rules", "rules", "--no-default-rules"]).run();
    snapshot!(run, @r"
    exit: 0
    --- stdout
    acme-token                                   high      Acme deploy token
    acme-other                                   high      Acme deploy token
    --- stderr
    ");
}

#[test]
fn a_rule_is_shown_whole_and_an_unknown_one_is_named() {
    let tree = Tree::new().file("acme.toml", GOOD);
    snapshot!(tree.caulk(&["rules", "show", "acme-token", "--rules", "acme.toml"]).run(), @r#"
    exit: 0
    --- stdout
    # Acme deploy token

    id = "acme-token"
    provider = "Acme"
    secret = "deploy token"
    severity = "high"
    pattern = "acme_[0-9A-Za-z]{24}"
    prefixes = ["acme_"]
    near = []
    names = []
    schemes = []
    labels = []
    anywhere = false
    failed_proof = "drop"
    plausible = "random"
    public = false
    beats = []
    pair = []
    examples = ["acme_{base62:24}"]
    counter_examples = []
    revoke = "https://acme.io/tokens"
    variables = []
    trial = false
    --- stderr
    "#);
    snapshot!(tree.caulk(&["rules", "show", "acme-tokens"]).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: there is no rule `acme-tokens`: `caulk rules list` shows all
    ");
}

#[test]
fn rules_are_tried_on_their_examples() {
    let tree = Tree::new().file("acme.toml", GOOD);
    snapshot!(tree.caulk(&["rules", "test", "acme.toml", "--samples", "3"]).run(), @r"
    exit: 0
    --- stdout
    1 rule tried on 27 samples, 0 failed
    --- stderr
    ");
    let tree = Tree::new().file("acme.toml", GOOD.replace("\"acme_{base62:24}\"", "\"acme_{base62:23}\""));
    let run = tree.caulk(&["rules", "test", "acme.toml", "--samples", "3"]).run();
    assert_eq!(run.code, 1, "{run}");
    assert!(run.to_string().contains("does not match the sample"), "{run}");
}

#[test]
fn proofs_are_listed_with_their_strength() {
    let run = Tree::new().caulk(&["rules", "proofs"]).run();
    let text = String::from_utf8(run.stdout).expect("text");
    assert!(
        text.lines().count() > 20 && text.lines().all(|line| line.contains("checksum") || line.contains("structure"))
    );
}

#[test]
fn a_shape_that_no_lane_reaches_is_refused() {
    let text =
        GOOD.replace("'acme_[0-9A-Za-z]{24}'", "'[a-z]{24}'").replace("prefixes = [\"acme_\"]", "near = [\"acme\"]");
    let text = text.replace("acme_{base62:24}", "{lower:24}");
    let tree = Tree::new().file("acme.toml", text);
    let found = tree.caulk(&["rules", "test", "acme.toml", "--samples", "3"]).run();
    let lint = tree.caulk(&["rules", "lint", "acme.toml"]).run();
    assert!(found.code == 0 || lint.code == 2, "{found}\n{lint}");
}

#[test]
fn a_new_rule_passes_its_own_tests_and_fails_no_run() {
    let rule = Tree::new().caulk(&["rules", "new", "acme-api-key"]).run();
    let tree = Tree::new().file("acme.toml", &rule.stdout);
    let tree = tree.file("a.env", format!("VALUE={}\n", sample("acme_{base62:32}", 1)));
    assert_eq!(tree.caulk(&["rules", "lint", "acme.toml"]).run().code, 0);
    assert_eq!(tree.caulk(&["rules", "test", "acme.toml"]).run().code, 0);
    let run = tree.scan(&["--rules", "acme.toml", "a.env"]);
    assert!(run.code == 0 && run.to_string().contains("on trial"), "{run}");
}

#[test]
fn an_upgrade_says_what_it_adds() {
    let more = format!("{GOOD}\n{}", GOOD.replace("acme-token", "acme-other").replace("acme_", "acmo_"));
    let tree = Tree::new().file("old.toml", GOOD).file("new.toml", more.replace("\"high\"", "\"low\""));
    snapshot!(tree.caulk(&["rules", "diff", "old.toml", "new.toml"]).run(), @r"
    exit: 0
    --- stdout
    ~ acme-token: `severity`
    + acme-other (Acme deploy token)
    1 rule added, 0 removed, 1 changed
    --- stderr
    ");
}

#[test]
fn a_profile_names_the_rules_that_were_tried() {
    let tree = Tree::new().file("acme.toml", GOOD).file("a.env", format!("VALUE={}\n", sample("acme_{base62:24}", 1)));
    let run = tree.caulk(&["rules", "profile", "a.env", "--rules", "acme.toml"]).run();
    assert!(run.code == 0 && run.to_string().contains("acme-token"), "{run}");
}

#[test]
fn rules_of_two_providers_for_the_same_thing_are_no_good() {
    let other = GOOD.replace("acme-token", "other-token").replace("\"Acme\"", "\"Other\"");
    let run = Tree::new().file("two.toml", format!("{GOOD}{other}")).caulk(&["rules", "lint", "two.toml"]).run();
    assert!(run.code == 2 && run.to_string().contains("neither `beats` the other"), "{run}");
}
