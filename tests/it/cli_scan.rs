//! What `caulk scan` says and how it exits.

use crate::support::{Tree, assignment, github, sample, snapshot, unlike_words, url};

fn one_token() -> Tree {
    let line = assignment("deploy", &github(1));
    Tree::new().file("app.py", format!("import os\n\n{line}  # set by hand\n"))
}

#[test]
fn a_clean_tree_exits_with_0() {
    let tree = Tree::new().file("a.txt", "nothing here\n").file("b/c.txt", "nor here\n");
    snapshot!(tree.scan(&[]), @r"
    exit: 0
    --- stdout
    --- stderr
    no secrets found in 2 files, 22 bytes, with [rules] rules in [seconds] s
    ");
}

#[test]
fn a_finding_is_shown_masked_without_colour_and_exits_with_1() {
    snapshot!(one_token().scan(&[]), @r#"
    exit: 1
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> app.py:3:11
       3 | deploy = "ghp_...(40)"  # set by hand
         |           ^^^^^^^^^^^
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    --- stderr
    1 secret at 1 place in 1 file, 78 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn colour_comes_when_asked_for() {
    let run = one_token().scan(&["--color", "always"]);
    assert!(run.stdout.contains(&0x1b) && run.stderr.contains(&0x1b), "{run}");
    let run = one_token().scan(&["--color", "never"]);
    assert!(!run.stdout.contains(&0x1b) && !run.stderr.contains(&0x1b), "{run}");
}

#[test]
fn places_of_one_secret_are_shown_together() {
    let text = assignment("deploy", &github(1)) + "\n";
    let tree = Tree::new().file("a.py", &text).file("b.py", &text).file("c.py", format!("\n\n{text}"));
    snapshot!(tree.scan(&[]), @r#"
    exit: 1
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> a.py:1:11
       1 | deploy = "ghp_...(40)"
         |           ^^^^^^^^^^^
       also at b.py:1:11
       also at c.py:3:11
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    --- stderr
    1 secret at 3 places in 3 files, 158 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn a_json_report_holds_finding_and_manifest() {
    snapshot!(one_token().scan(&["-f", "json"]), @r#"
    exit: 1
    --- stdout
    {
      "schema": "caulk/1",
      "tool": {
        "name": "caulk",
        "version": "[version]"
      },
      "complete": true,
      "incomplete": [],
      "findings": [
        {
          "rule": "github-pat-classic",
          "provider": "GitHub",
          "title": "GitHub personal access token, classic",
          "severity": "critical",
          "confidence": "certain",
          "path": "app.py",
          "key": "app.py",
          "line": 3,
          "column": 11,
          "endLine": 3,
          "endColumn": 51,
          "columnUtf16": 11,
          "endColumnUtf16": 51,
          "start": 21,
          "end": 61,
          "preview": "ghp_...(40)",
          "excerpt": "deploy = \"ghp_...(40)\"  # set by hand",
          "proof": "crc32-base62",
          "facts": {},
          "evidence": [
            "has the distinct shape",
            "proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them"
          ],
          "fingerprint": "[hash]",
          "secretId": "[hash]",
          "revoke": "https://github.com/settings/tokens",
          "lifetime": "until revoked, or a year without use",
          "instead": "a fine-grained token, a GitHub App or the token of the workflow"
        }
      ],
      "accepted": [],
      "manifest": {
        "scope": "files",
        "files": 1,
        "bytes": 78,
        "skipped": [],
        "ignored": [],
        "rules": [rules],
        "rulesDigest": "[digest]",
        "durationSeconds": [seconds], "policy": [none]
      }
    }
    --- stderr
    1 secret at 1 place in 1 file, 78 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn json_lines_end_with_the_summary() {
    snapshot!(one_token().scan(&["-f", "jsonl"]), @r#"
    exit: 1
    --- stdout
    {"type":"finding","rule":"github-pat-classic","provider":"GitHub","title":"GitHub personal access token, classic","severity":"critical","confidence":"certain","path":"app.py","key":"app.py","line":3,"column":11,"endLine":3,"endColumn":51,"columnUtf16":11,"endColumnUtf16":51,"start":21,"end":61,"preview":"ghp_...(40)","excerpt":"deploy = \"ghp_...(40)\"  # set by hand","proof":"crc32-base62","facts":{},"evidence":["has the distinct shape","proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them"],"fingerprint":"[hash]","secretId":"[hash]","revoke":"https://github.com/settings/tokens","lifetime":"until revoked, or a year without use","instead":"a fine-grained token, a GitHub App or the token of the workflow"}
    {"type":"summary","schema":"caulk/1","tool":{"name":"caulk","version":"[version]"},"complete":true,"incomplete":[],"manifest":{"scope":"files","files":1,"bytes":78,"skipped":[],"ignored":[],"rules": [rules],"rulesDigest": "[digest]","durationSeconds": [seconds],"policy":{"files":[],"exclude":[],"rulesOff":0,"exceptions":{"used":0,"stale":0,"expired":0,"refused":0},"notices":[]}}}
    --- stderr
    1 secret at 1 place in 1 file, 78 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn json_lines_of_a_clean_tree_are_the_summary() {
    let run = Tree::new().file("a.txt", "nothing\n").scan(&["-f", "jsonl"]);
    let line: serde_json::Value = serde_json::from_slice(&run.stdout).expect("one line");
    assert_eq!((run.code, &line["type"]), (0, &"summary".into()));
}

#[test]
fn quiet_leaves_the_account_out() {
    snapshot!(Tree::new().file("a.txt", "nothing\n").scan(&["-q"]), @r"
    exit: 0
    --- stdout
    --- stderr
    ");
}

#[test]
fn standard_input_is_read_as_the_file_it_is_called() {
    let text = assignment("api_key", &unlike_words(2)) + "\n";
    let tree = Tree::new();
    snapshot!(tree.caulk(&["scan", "-", "--stdin-name", "x.py"]).stdin(text).run(), @r#"
    exit: 1
    --- stdout
    high password, key or token [generic-secret, confidence high]
       --> x.py:1:12
       1 | api_key = "akal...(24)"
         |            ^^^^^^^^^^^
       because assigned to `api_key`, a secret by [percent] % ([reasons])
       id      [hash]

    --- stderr
    1 secret at 1 place in 1 file, 37 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn standard_input_without_a_name_is_called_stdin() {
    let run = Tree::new().caulk(&["scan", "-", "-f", "json"]).stdin(github(3)).run();
    assert_eq!((run.code, run.every("path")), (1, vec!["stdin".to_owned()]));
    let run = Tree::new().caulk(&["scan", "-"]).stdin("").run();
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn exit_zero_reports_and_exits_with_0() {
    snapshot!(one_token().scan(&["--exit-zero", "-q"]), @r#"
    exit: 0
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> app.py:3:11
       3 | deploy = "ghp_...(40)"  # set by hand
         |           ^^^^^^^^^^^
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    --- stderr
    "#);
}

#[test]
fn exit_zero_does_not_hide_an_incomplete_scan() {
    let tree = one_token().link("nowhere", "dangling");
    let run = tree.scan(&["--exit-zero", "app.py", "dangling"]);
    assert_eq!(run.code, 3, "{run}");
}

#[test]
fn an_incomplete_scan_exits_with_3_and_says_what_is_missing() {
    let tree = Tree::new().file("a.txt", "nothing\n").link("nowhere", "dangling");
    snapshot!(tree.scan(&["a.txt", "dangling"]), @r"
    exit: 3
    --- stdout
    --- stderr
    no secrets found in 1 file, 8 bytes, with [rules] rules in [seconds] s
    incomplete: 1 entry could not be scanned, so this is no clean bill
      dangling: vanished before it was read
    ");
}

#[test]
fn findings_outrank_an_incomplete_scan() {
    let tree = one_token().link("nowhere", "dangling");
    let run = tree.scan(&["app.py", "dangling", "-f", "json"]);
    assert_eq!((run.code, &run.json()["complete"]), (1, &false.into()), "{run}");
    assert_eq!(run.json()["incomplete"][0]["reason"], "vanished");
}

#[test]
fn less_severe_findings_than_fail_on_are_reported_and_exit_with_0() {
    let tree = Tree::new().file("app.py", assignment("api_key", &unlike_words(2)) + "\n");
    snapshot!(tree.scan(&["--fail-on", "critical"]), @r#"
    exit: 0
    --- stdout
    high password, key or token [generic-secret, confidence high]
       --> app.py:1:12
       1 | api_key = "akal...(24)"
         |            ^^^^^^^^^^^
       because assigned to `api_key`, a secret by [percent] % ([reasons])
       id      [hash]

    --- stderr
    1 secret at 1 place in 1 file, 37 bytes, with [rules] rules in [seconds] s
    "#);
    assert_eq!(tree.scan(&["--fail-on", "high"]).code, 1);
}

#[test]
fn confidence_is_the_least_that_is_reported() {
    let lines = [
        assignment("deploy", &github(1)),
        // What guards a database on this machine only.
        assignment("dsn", &url("postgres", &sample("{base62:16}", 4)).replace("db.prod.acme.io", "localhost")),
        assignment("admin_password", &sample("{password}", 5)),
        // A word that counts where nothing else is set.
        ["os.environ.get(\"ADMIN_TOKEN\", \"", &sample("{word}", 6), "\")"].concat(),
    ];
    let tree = Tree::new().file("app.py", lines.join("\n"));
    let levels = ["low", "medium", "high", "certain"];
    let counts = levels.map(|level| tree.scan(&["-f", "json", "--confidence", level]).findings().len());
    assert_eq!(counts, [4, 3, 2, 1]);
    snapshot!(tree.scan(&["--confidence", "certain"]), @r#"
    exit: 1
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> app.py:1:11
       1 | deploy = "ghp_...(40)"
         |           ^^^^^^^^^^^
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    --- stderr
    1 secret at 1 place in 1 file, 175 bytes, with [rules] rules in [seconds] s
    "#);
}

#[test]
fn what_was_left_out_is_named_on_request() {
    let tree = Tree::repository().file(".gitignore", "*.log\n").file("a.log", "").file("b.txt", "nothing\n");
    let tree = tree.link("b.txt", "link");
    snapshot!(tree.scan(&[]), @r"
    exit: 0
    --- stdout
    --- stderr
    no secrets found in 2 files, 14 bytes, with [rules] rules in [seconds] s
    left out: 1 entry that git ignores (-v lists them, --no-ignore reads them)
    skipped: 1 entry with nothing to read (-v lists them)
    ");
    snapshot!(tree.scan(&["-v"]), @r"
    exit: 0
    --- stdout
    --- stderr
    no secrets found in 2 files, 14 bytes, with [rules] rules in [seconds] s
    left out: 1 entry that git ignores
    ignored: a.log
    skipped: link: symbolic link, not followed
    ");
}
