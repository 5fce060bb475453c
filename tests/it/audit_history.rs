//! `caulk audit`: what the history adds to findings and checklist.

use crate::support::{Repo, github, unlike_words};
use serde_json::Value;

fn item<'r>(report: &'r Value, id: &str) -> &'r Value {
    let items = report["checklist"]["checks"].as_array().expect("there is a checklist");
    items.iter().find(|item| item["id"] == id).expect("the check is there")
}

#[test]
fn committed_environment_files_and_old_secrets_are_told_with_their_commits() {
    let mut repo = Repo::new();
    repo.write("web/.env", format!("API_KEY={}\n", github(1)));
    repo.write(".env.example", "API_KEY=\n");
    let first = repo.commit("first");
    repo.remove("web/.env");
    repo.write("app.py", "import os\nkey = os.environ['API_KEY']\n");
    let second = repo.commit("second");
    let report = repo.caulk(&["audit", "-f", "json", "--show-secrets"]).run().json();
    let seen = item(&report, "env-history").to_string();
    assert_eq!(item(&report, "env-history")["verdict"], "fail", "{seen}");
    assert!(seen.contains("web/.env") && seen.contains(&first) && !seen.contains(".env.example"), "{seen}");
    let found = report["findings"].as_array().expect("a list").iter().find(|one| one["secret"] == github(1));
    let exposure = &found.expect("it is found")["exposure"];
    assert_eq!(
        (&exposure["introducedIn"]["commit"], &exposure["removedIn"][0]["commit"]),
        (&first.into(), &second.into())
    );
}

#[test]
fn a_history_without_environment_files_passes() {
    let mut repo = Repo::new();
    repo.write(".env.example", "API_KEY=\n");
    repo.write("app.py", "import os\nkey = os.environ['API_KEY']\n");
    repo.commit("first");
    let report = repo.caulk(&["audit", "-f", "json"]).run().json();
    assert_eq!(item(&report, "env-history")["verdict"], "pass");
}

#[test]
fn local_values_that_an_old_commit_holds_are_named() {
    let mut repo = Repo::new();
    let value = unlike_words(3);
    repo.write("notes.txt", format!("use {value} there\n"));
    let first = repo.commit("first");
    repo.write("notes.txt", "use the usual one\n");
    repo.write(".gitignore", ".env\n");
    repo.commit("second");
    repo.write(".env", format!("SESSION_SECRET={value}\n"));
    let run = repo.caulk(&["audit", "-f", "json"]).run();
    let seen = item(&run.json(), "env-echo").to_string();
    assert!(seen.contains(&first) && seen.contains("notes.txt") && !seen.contains(&value), "{seen}");
}
