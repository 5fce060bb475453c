//! What a history scan says: to people, line by line, and to machines.

use crate::support::{Repo, github, url};
use serde_json::Value;

/// One secret that is gone from HEAD and known to a remote, one in a stash alone, one never committed.
fn history() -> Repo {
    let mut repo = Repo::new();
    repo.write("README.md", "hello\n");
    repo.commit("begin");
    repo.write("config/prod.env", format!("# production\nGITHUB_TOKEN={}\n", github(1)));
    let id = repo.commit("deploy");
    repo.git(&["update-ref", "refs/remotes/origin/main", &id]);
    repo.git(&["tag", "v1"]);
    repo.write("docs/setup.md", format!("set it to {}\n", github(1)));
    repo.commit("document");
    repo.write("config/prod.env", "# production\n");
    repo.remove("docs/setup.md");
    repo.commit("clean up");
    repo.write("try.txt", url("postgres", &github(2)));
    repo.git(&["stash", "push", "-q", "-u"]);
    repo.write("staged.txt", github(3));
    repo.git(&["add", "-A"]);
    repo
}

#[test]
fn people_are_told_the_life_of_each_secret() {
    let repo = history();
    let run = repo.caulk(&["history"]).run();
    insta::with_settings!({ filters => [crate::support::FILTERS.to_vec(), vec![(r"\d+ days ago", "[age] days ago"), (r"\b[0-9a-f]{10}\b", "[commit]")]].concat() }, {
        insta::assert_snapshot!(run.to_string(), @r"
    exit: 1
    --- stdout
    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> config/prod.env:2:14
       2 | GITHUB_TOKEN=ghp_...(40)
         |              ^^^^^^^^^^^
       since   2020-09-18, [age] days ago: commit [commit] by Ann <ann@example.org>
       removed 2020-09-26: commit [commit] by Ann <ann@example.org>
       held by the history of refs/heads/main, refs/tags/v1, refs/remotes/origin/main, refs/stash
       pushed  yes: a remote has it, so it has leaked; revoke it
       also at docs/setup.md:1:11 since [commit] (2020-09-23)
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> staged.txt:1:1
       1 | ghp_...(40)
         | ^^^^^^^^^^^
       held by the index alone: staged, not committed
       pushed  not known to any remote here
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    critical GitHub personal access token, classic [github-pat-classic, confidence certain]
       --> try.txt:1:16
       1 | postgres://app:ghp_...(40)@db.prod.acme.io/app
         |                ^^^^^^^^^^^
       since   2020-09-28, [age] days ago: commit [commit] by Ann <ann@example.org>
       held by the stash alone (`git stash drop` lets go of it)
       pushed  not known to any remote here
       because proved offline: the last six characters are the CRC-32, in Base62, of those between the last underscore and them
       revoke  https://github.com/settings/tokens
       id      [hash]

    what to do
      1. Revoke it where it was issued; from then on it does not matter who has it.
      2. Generate a new one, with the least rights that do.
      3. Put the new one where it is used: an environment variable or a secret manager, never a file that git tracks.
      4. Read the access logs since the day it came in for uses that were not yours.
      5. Rewrite the history if it is not pushed yet (`git rebase -i`, `git filter-repo`); if it is, rewriting does not call it back.
      6. Write down what happened, and what keeps it from happening again.

    --- stderr
    3 secrets at 4 places in 21 objects, 2.1 kB, with [rules] rules in [seconds] s
    ");
    });
}

#[test]
fn machines_are_told_the_same() {
    let repo = history();
    let run = repo.caulk(&["history", "-f", "json"]).run();
    let finding = run.findings().into_iter().find(|finding| finding["path"] == "config/prod.env").expect("it is found");
    let exposure = finding["exposure"].as_object().expect("it is an object");
    let members: Vec<&str> = exposure.keys().map(String::as_str).collect();
    let mut sorted = members.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["ageDays", "inHead", "introducedIn", "places", "pushed", "reach", "refCount", "refs", "removedIn"]
    );
    assert_eq!(
        (&exposure["inHead"], &exposure["pushed"], &exposure["reach"]),
        (&false.into(), &true.into(), &"refs".into())
    );
    assert_eq!(
        exposure["refs"],
        serde_json::json!(["refs/heads/main", "refs/tags/v1", "refs/remotes/origin/main", "refs/stash"])
    );
    let paths: Vec<&Value> = exposure["places"].as_array().into_iter().flatten().map(|place| &place["path"]).collect();
    assert_eq!(paths, ["config/prod.env", "docs/setup.md"]);
    assert_eq!((&exposure["places"][0]["line"], &exposure["places"][0]["column"]), (&2.into(), &14.into()));
    assert_eq!(exposure["introducedIn"]["author"], "Ann <ann@example.org>");
    assert_eq!(exposure["introducedIn"]["path"], "config/prod.env");
    assert_eq!(exposure["removedIn"].as_array().map(Vec::len), Some(1));
    let lines = repo.caulk(&["history", "-f", "jsonl"]).run();
    assert!(String::from_utf8_lossy(&lines.stdout).lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[test]
fn code_scanning_gets_the_first_place_and_the_others_beside_it() {
    let repo = history();
    let run = repo.caulk(&["history", "-f", "sarif"]).run().json();
    let run = &run["runs"][0];
    assert!(
        run["automationDetails"]["id"].as_str().is_some_and(|id| id.contains("history")),
        "{}",
        run["automationDetails"]
    );
    let results = run["results"].as_array().expect("a list");
    let uri = |result: &Value| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap_or_default().to_owned()
    };
    let result = results.iter().find(|result| uri(result).ends_with("config/prod.env")).expect("it is there");
    assert_eq!(result["locations"].as_array().map(Vec::len), Some(1));
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(1), "{result}");
    assert!(
        result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .is_some_and(|uri| uri.ends_with("docs/setup.md")),
        "{result}"
    );
    assert_eq!(result["properties"]["exposure"]["pushed"], true, "{result}");
    assert!(!run.to_string().contains(&github(1)));
}
