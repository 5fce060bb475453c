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
