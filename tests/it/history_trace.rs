//! `caulk history --trace`: values that were found, wherever else they stand.

use crate::support::{Repo, assignment, unlike_words};
use serde_json::Value;

fn paths(repo: &Repo, value: &str, args: &[&str]) -> Vec<String> {
    let exposure = repo.exposure(value, args);
    let places = exposure["places"].as_array().cloned().unwrap_or_default();
    let path = |place: &Value| place["path"].as_str().unwrap_or_default().to_owned();
    places.iter().map(path).collect()
}

#[test]
fn a_value_that_left_the_code_and_stayed_in_a_document_is_one_story() {
    let mut repo = Repo::new();
    let value = unlike_words(7);
    repo.write("app/settings.py", assignment("db_password", &value) + "\n");
    repo.commit("first");
    let notes = "a line of text\n".repeat(600);
    repo.write("notes.md", &notes);
    repo.commit("notes");
    repo.write("notes.md", format!("{notes}The box takes {value} since May, not x{value}.\n"));
    repo.commit("more notes");
    repo.write("app/settings.py", "import os\n");
    repo.commit("fix");
    for packed in [false, true] {
        if packed {
            repo.git(&["repack", "-q", "-adf"]);
        }
        assert_eq!(paths(&repo, &value, &[]), ["app/settings.py"]);
        assert_eq!(paths(&repo, &value, &["--trace"]), ["app/settings.py", "notes.md"]);
        let exposure = repo.exposure(&value, &["--trace"]);
        assert_eq!(
            (&exposure["inHead"], exposure["removedIn"].as_array().map(Vec::len)),
            (&Value::Bool(true), Some(0))
        );
        assert_eq!(repo.exposure(&value, &[])["inHead"], false);
    }
}

#[test]
fn a_value_of_an_ignored_environment_file_is_looked_for_in_files_and_messages() {
    let mut repo = Repo::new();
    let value = format!("Weak{}Summer", 7 * 1234);
    repo.write(".gitignore", ".env\n");
    repo.write(".env", format!("DB_PASSWORD={value}\nPORT=8080\n"));
    repo.write("notes.md", format!("the box takes {value} since May\n"));
    let first = repo.commit("notes");
    repo.write("notes.md", "the box takes another one\n");
    repo.commit(&format!("not {value} any more"));
    assert_eq!(repo.caulk(&["history"]).run().code, 0, "no rule sees it");
    let exposure = repo.exposure(&value, &["--trace-env"]);
    assert_eq!(exposure["introducedIn"]["commit"], first.as_str());
    assert_eq!(paths(&repo, &value, &["--trace-env"]), ["notes.md", "(commit message)"]);
    assert_eq!(paths(&repo, &value, &["--trace-env", "--range", "HEAD~1..HEAD"]), ["(commit message)"]);
    let run = repo.caulk(&["history", "--trace-env"]).run();
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(text.contains("the value of `DB_PASSWORD` of `.env`") && !text.contains(&value), "{run}");
    repo.remove(".env");
    let run = repo.caulk(&["history", "--trace-env"]).run();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.code == 0 && said.contains("no ignored environment file has a value to look for"), "{run}");
}

#[test]
fn a_value_that_was_found_is_looked_for_in_messages_too() {
    let mut repo = Repo::new();
    let value = unlike_words(9);
    repo.write("app/settings.py", assignment("db_password", &value) + "\n");
    repo.commit("first");
    repo.commit(&format!("note to myself: {value}"));
    repo.git(&["tag", "-a", "-m", &format!("it was {value}"), "v1"]);
    assert_eq!(paths(&repo, &value, &[]), ["app/settings.py"]);
    assert_eq!(paths(&repo, &value, &["--trace"]), ["app/settings.py", "(commit message)", "(tag message)"]);
}
