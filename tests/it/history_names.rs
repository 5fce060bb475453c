//! Names that lead to nothing any more, and ways to an object that git knows and hardly anybody uses.

use crate::support::{Repo, github};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A commit that nothing leads to, with the secret of this number in a file.
fn lone(repo: &mut Repo, number: u64) -> String {
    let blob = repo.git_with(&["hash-object", "-w", "--stdin"], github(number).as_bytes());
    let tree = repo.git_with(&["mktree"], format!("100644 blob {blob}\tlone.txt\n").as_bytes());
    repo.git(&["commit-tree", "-m", "x", &tree])
}

fn started(init: &[&str]) -> Repo {
    let mut repo = Repo::with(init);
    repo.write("a.txt", "harmless\n");
    repo.commit("one");
    repo
}

/// Demands that these secrets are found, and that nothing but what lies here leads to them.
fn local(repo: &Repo, numbers: std::ops::Range<u64>) {
    let report = repo.history_of(repo.path(), &[]);
    for number in numbers {
        let mut found = report["findings"].as_array().into_iter().flatten();
        let found = found.find(|one| one["secret"] == github(number).as_str());
        assert!(found.is_some_and(|one| one["exposure"]["reach"] == "local"), "{number}: {report}");
    }
    assert_eq!(report["complete"], true, "{report}");
}

#[test]
fn names_are_read_that_lead_to_nothing() {
    let mut repo = started(&[]);
    let linked = repo.link();
    for (number, folder) in [(0, "ghost"), (1, "refs/heads")] {
        let folder = repo.path().join(".git").join(folder).join(github(number));
        fs::create_dir_all(folder).expect("it can be made");
    }
    repo.write(&format!(".git/refs/heads/{}", github(2)), "");
    repo.write(&format!(".git/refs/heads/{}.lock", github(3)), "");
    repo.write(&format!(".git/logs/refs/heads/{}", github(4)), "");
    repo.git_in(&linked, &["symbolic-ref", &format!("refs/worktree/{}", github(5)), "refs/heads/nowhere"]);
    repo.git_in(&linked, &["symbolic-ref", "refs/worktree/aim", &format!("refs/heads/{}", github(6))]);
    repo.write(&format!("new/{}.txt", github(7)), "x");
    repo.git(&["update-index", "--untracked-cache"]);
    repo.git(&["-c", "core.untrackedCache=true", "status"]);
    let index = fs::read(repo.path().join(".git/index")).expect("it is there");
    assert!(memchr::memmem::find(&index, github(7).as_bytes()).is_some(), "git keeps the name");
    local(&repo, 0..8);
}

#[test]
fn names_in_reftables_are_read_that_lead_to_nothing() {
    let mut repo = started(&["--ref-format=reftable"]);
    repo.git(&["config", "reftable.geometricFactor", "0"]);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", "--orphan", "-b", &github(0), &linked.to_string_lossy()]);
    let other = repo.beside("other");
    repo.git(&["worktree", "add", "-q", "--detach", &other.to_string_lossy()]);
    repo.git_in(&other, &["symbolic-ref", &format!("refs/worktree/{}", github(1)), "refs/heads/nowhere"]);
    repo.git(&["branch", &github(2)]);
    repo.git(&["branch", "-D", &github(2)]);
    local(&repo, 0..3);
}

#[test]
fn what_is_remembered_beside_refs_leads_to_objects() {
    let mut repo = started(&[]);
    let places = [
        "CUSTOM_HEAD",
        "MERGE_AUTOSTASH",
        "rebase-merge/autostash",
        "rebase-merge/orig-head",
        "rebase-apply/autostash",
        "rebase-apply/orig-head",
    ];
    for (number, place) in (0..).zip(places) {
        let id = lone(&mut repo, number);
        repo.write(&format!(".git/{place}"), format!("{id}\n"));
    }
    // A conflict that was resolved: its sides can be brought back.
    let sides = [github(10), "two\n".to_owned()];
    let ids = sides.map(|side| repo.git_with(&["hash-object", "-w", "--stdin"], side.as_bytes()));
    let list = format!("100644 {} 2\tside.txt\n100644 {} 3\tside.txt\n", ids[0], ids[1]);
    repo.git_with(&["update-index", "--index-info"], list.as_bytes());
    repo.write("side.txt", "settled\n");
    repo.git(&["add", "side.txt"]);
    for (number, place) in (0..).zip(places) {
        assert_eq!(repo.exposure(&github(number), &[])["reach"], "reflog", "{place}");
    }
    let exposure = repo.exposure(&github(10), &[]);
    assert_eq!((&exposure["reach"], &exposure["places"][0]["path"]), (&"index".into(), &"side.txt".into()));
}

#[test]
fn what_maintenance_has_fetched_is_on_a_remote() {
    let mut repo = started(&[]);
    let id = lone(&mut repo, 1);
    repo.git(&["update-ref", "refs/prefetch/remotes/origin/main", &id]);
    assert_eq!(repo.exposure(&github(1), &[])["pushed"], true);
}

#[test]
fn tags_of_tags_are_followed_to_their_end() {
    let mut repo = started(&[]);
    let mut id = lone(&mut repo, 1);
    for at in 0..40 {
        let kind = repo.git(&["cat-file", "-t", &id]);
        let text = format!("object {id}\ntype {kind}\ntag t{at}\ntagger A <a@b> 1 +0000\n\nx\n");
        id = repo.object("tag", text.as_bytes());
    }
    repo.git(&["update-ref", "refs/tags/outer", &id]);
    let exposure = repo.exposure(&github(1), &[]);
    assert_eq!((&exposure["reach"], &exposure["refs"][0]), (&"refs".into(), &"refs/tags/outer".into()));
    assert_eq!(repo.exposure(&github(1), &["--branch", "outer"])["reach"], "refs");
}

#[test]
fn alternates_can_be_named_in_quotes() {
    let mut repo = started(&[]);
    repo.write("a.txt", github(1));
    let id = repo.commit("two");
    let lent = repo.beside("\"lent\t\u{e9}");
    fs::rename(repo.path().join(".git/objects"), &lent).expect("it can be moved");
    fs::create_dir_all(repo.path().join(".git/objects/info")).expect("it can be made");
    let folder = lent.parent().expect("it has one").display().to_string();
    let quoted = format!("\"{folder}/\\\"lent\\t\\303\\251\"\n");
    // As it is, it begins with no quote, and needs none.
    for line in [quoted, format!("{}\n", Path::new(&lent).display())] {
        fs::write(repo.path().join(".git/objects/info/alternates"), &line).expect("it can be written");
        assert_eq!(repo.git(&["cat-file", "-t", &id]), "commit", "git reads it: {line}");
        let exposure = repo.exposure(&github(1), &[]);
        assert_eq!(exposure["introducedIn"]["commit"], Value::from(id.as_str()), "{line}");
    }
}
