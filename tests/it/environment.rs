//! What `caulk scan` says of environment files.

use crate::support::{Repo, Tree, sample};

#[test]
fn an_ignored_file_is_told_with_what_is_documented_and_what_stands_elsewhere() {
    let (password, key) = (sample("{base62:20}", 1), sample("{base62:24}", 2));
    let tree = Tree::repository()
        .file(".gitignore", ".env\n")
        .file(
            ".env",
            format!("PORT=8080\nDB_PASSWORD={password}\nexport API_KEY=\"{key}\" # of the shop\nJWT_SECRET=\n"),
        )
        .file(".env.example", "PORT=\nDB_PASSWORD=\n")
        .file("README.md", "# Shop\n\nSet `DB_PASSWORD` first.\n")
        .file("deploy/run.sh", format!("#!/bin/sh\n./shop --with {key}\n"));
    let run = tree.scan(&["--exit-zero"]);
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    let line = "env: .env (ignored by git) sets 2 secrets; documented: DB_PASSWORD; not documented: API_KEY\n";
    assert!(told.contains(line), "{run}");
    assert!(told.contains("env: the value of API_KEY stands at deploy/run.sh:2, too\n"), "{run}");
    assert!(!told.contains(&password) && !told.contains(&key), "{run}");

    let run = tree.scan(&["--exit-zero", "-f", "json"]);
    let file = &run.json()["manifest"]["environment"][0];
    assert_eq!((&file["path"], &file["git"]), (&".env".into(), &"ignored".into()), "{run}");
    let variables = file["variables"].as_array().expect("a list");
    let told: Vec<String> = variables.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"{"documented":[{"line":2,"path":".env.example"},{"line":3,"path":"README.md"}],"elsewhere":[],"line":2,"name":"DB_PASSWORD"}"#,
            r#"{"documented":[],"elsewhere":[{"line":2,"path":"deploy/run.sh"}],"line":3,"name":"API_KEY"}"#,
        ],
        "{run}"
    );
}

#[test]
fn a_value_that_two_files_share_is_told_of_both() {
    let key = sample("{base62:24}", 3);
    let tree =
        Tree::new().file("a/.env", format!("API_KEY={key}\n")).file("b/.env.production", format!("APP_SECRET={key}\n"));
    let run = tree.scan(&["--exit-zero"]);
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(told.contains("env: a/.env sets 1 secret; not documented: API_KEY\n"), "{run}");
    assert!(told.contains("env: the value of API_KEY stands at b/.env.production:1, too\n"), "{run}");
    assert!(told.contains("env: the value of APP_SECRET stands at a/.env:1, too\n"), "{run}");
}

#[test]
fn what_git_tracks_and_what_it_does_not_know_are_told_apart() {
    let mut repo = Repo::new();
    repo.write("web/.env", format!("API_KEY={}\n", sample("{base62:24}", 4)));
    repo.commit("the shop");
    repo.write("api.env", format!("APP_SECRET={}\n", sample("{base62:24}", 5)));
    let run = repo.caulk(&["scan", "."]).run();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(told.contains("env: web/.env (tracked by git) sets 1 secret"), "{run}");
    assert!(told.contains("env: api.env (not tracked by git) sets 1 secret"), "{run}");
}

#[test]
fn examples_and_files_without_a_value_are_not_told() {
    let tree = Tree::new()
        .file(".env.example", "API_KEY=change-me\n")
        .file("x/.env", "API_KEY=\nDB_PASSWORD=${OTHER}\nDEBUG=1\n");
    let run = tree.scan(&[]);
    assert!(!String::from_utf8_lossy(&run.stderr).contains("env:"), "{run}");
    assert!(tree.scan(&["-f", "json"]).json()["manifest"]["environment"].is_null());
}
