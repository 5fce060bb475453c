//! Who brought a secret in, who took it out, and who holds it still: asserted commit by commit.

use crate::support::{Repo, github};
use serde_json::Value;

/// What is said of the secret with this number.
struct Life(Value);

fn life(repo: &Repo, number: u64) -> Life {
    let life = repo.exposure(&github(number), &[]);
    assert_ne!(life, Value::Null, "it is not found");
    Life(life)
}

impl Life {
    #[track_caller]
    fn came(self, commit: &str, path: &str) -> Self {
        let first = &self.0["introducedIn"];
        assert_eq!((&first["commit"], &first["path"]), (&commit.into(), &path.into()));
        self
    }

    #[track_caller]
    fn went(self, commits: &[&str]) -> Self {
        let removed: Vec<&str> =
            self.0["removedIn"].as_array().into_iter().flatten().filter_map(|one| one["commit"].as_str()).collect();
        assert_eq!(removed, commits);
        self
    }

    #[track_caller]
    fn head(self, in_head: bool) -> Self {
        assert_eq!(self.0["inHead"], in_head, "{}", self.0);
        self
    }

    #[track_caller]
    fn refs(self, refs: &[&str]) -> Self {
        assert_eq!(self.0["refs"], serde_json::json!(refs));
        self
    }

    /// Path and commit of each place.
    #[track_caller]
    fn places(self, places: &[(&str, &str)]) -> Self {
        let all: Vec<_> = self.0["places"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (one["path"].as_str().unwrap_or("-"), one["commit"].as_str().unwrap_or("-")))
            .collect();
        assert_eq!(all, places);
        self
    }
}

fn line(number: u64) -> String {
    format!("token {}\n", github(number))
}

/// Merges into the branch that is checked out.
fn merge(repo: &mut Repo, args: &[&str]) -> String {
    repo.git(&[&["merge", "-q", "--no-ff", "-m", "merge"], args].concat());
    repo.git(&["rev-parse", "HEAD"])
}

fn branch(repo: &mut Repo, name: &str, at: &str) {
    repo.git(&["checkout", "-q", "-b", name, at]);
}

fn switch(repo: &mut Repo, name: &str) {
    repo.git(&["checkout", "-q", name]);
}

/// A repository with one commit.
fn begun() -> (Repo, String) {
    let mut repo = Repo::new();
    repo.write("other.txt", "x\n");
    let id = repo.commit("begin");
    (repo, id)
}

#[test]
fn a_straight_line_with_a_removal_and_a_return() {
    let (mut repo, _) = begun();
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    repo.write("a.txt", format!("more\n{}", line(1)));
    repo.commit("moved down");
    repo.remove("a.txt");
    let went = repo.commit("out");
    life(&repo, 1)
        .came(&came, "a.txt")
        .went(&[&went])
        .head(false)
        .refs(&["refs/heads/main"])
        .places(&[("a.txt", &came)]);
    repo.write("a.txt", line(1));
    repo.commit("in again");
    repo.write("a.txt", "none\n");
    let again = repo.commit("out again");
    life(&repo, 1).came(&came, "a.txt").went(&[&went, &again]).head(false).places(&[("a.txt", &came)]);
}

#[test]
fn a_revert_takes_out_and_its_revert_brings_back() {
    let (mut repo, _) = begun();
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    repo.git(&["revert", "--no-edit", &came]);
    let went = repo.git(&["rev-parse", "HEAD"]);
    life(&repo, 1).came(&came, "a.txt").went(&[&went]).head(false);
    repo.git(&["revert", "--no-edit", &went]);
    life(&repo, 1).came(&came, "a.txt").went(&[&went]).head(true).places(&[("a.txt", &came)]);
}

#[test]
fn a_rename_is_no_removal_and_a_copy_is_a_second_place() {
    let (mut repo, _) = begun();
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    repo.git(&["mv", "a.txt", "b.txt"]);
    let renamed = repo.commit("rename");
    repo.write("dir/c.txt", format!("copy {}", line(1)));
    let copied = repo.commit("copy");
    life(&repo, 1).came(&came, "a.txt").went(&[]).head(true).places(&[
        ("a.txt", &came),
        ("b.txt", &renamed),
        ("dir/c.txt", &copied),
    ]);
    repo.remove("b.txt");
    repo.commit("one of two");
    life(&repo, 1).went(&[]).head(true);
    repo.remove("dir/c.txt");
    let went = repo.commit("both");
    life(&repo, 1).went(&[&went]).head(false);
}

#[test]
fn a_folder_that_moves_takes_its_secrets_along() {
    let (mut repo, _) = begun();
    repo.write("deep/er/a.txt", line(1));
    let came = repo.commit("in");
    repo.git(&["mv", "deep", "deeper"]);
    let moved = repo.commit("move");
    life(&repo, 1)
        .came(&came, "deep/er/a.txt")
        .went(&[])
        .head(true)
        .places(&[("deep/er/a.txt", &came), ("deeper/er/a.txt", &moved)]);
}

#[test]
fn a_merge_neither_brings_in_nor_takes_out_what_a_branch_did() {
    let (mut repo, base) = begun();
    branch(&mut repo, "side", &base);
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    switch(&mut repo, "main");
    repo.write("b.txt", "y\n");
    repo.commit("main");
    merge(&mut repo, &["side"]);
    life(&repo, 1).came(&came, "a.txt").went(&[]).head(true).refs(&["refs/heads/main", "refs/heads/side"]);
    switch(&mut repo, "side");
    repo.remove("a.txt");
    let went = repo.commit("out");
    life(&repo, 1).went(&[&went]).head(false);
    switch(&mut repo, "main");
    life(&repo, 1).went(&[&went]).head(true);
    merge(&mut repo, &["side"]);
    life(&repo, 1).came(&came, "a.txt").went(&[&went]).head(false).places(&[("a.txt", &came)]);
}

#[test]
fn a_merge_can_bring_in_and_take_out_by_itself() {
    let (mut repo, base) = begun();
    branch(&mut repo, "side", &base);
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    switch(&mut repo, "main");
    repo.write("b.txt", "y\n");
    repo.commit("main");
    let ours = merge(&mut repo, &["-s", "ours", "side"]);
    life(&repo, 1).came(&came, "a.txt").went(&[&ours]).head(false).refs(&["refs/heads/main", "refs/heads/side"]);
    branch(&mut repo, "third", &base);
    repo.write("c.txt", "z\n");
    repo.commit("third");
    switch(&mut repo, "main");
    repo.git(&["merge", "-q", "--no-ff", "--no-commit", "third"]);
    repo.write("evil.txt", line(2));
    let evil = repo.commit("evil");
    life(&repo, 2).came(&evil, "evil.txt").went(&[]).head(true).refs(&["refs/heads/main"]);
}

#[test]
fn a_cherry_pick_comes_second() {
    let (mut repo, base) = begun();
    branch(&mut repo, "side", &base);
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    switch(&mut repo, "main");
    repo.write("b.txt", "y\n");
    repo.commit("main");
    repo.git(&["cherry-pick", &came]);
    life(&repo, 1)
        .came(&came, "a.txt")
        .went(&[])
        .head(true)
        .refs(&["refs/heads/main", "refs/heads/side"])
        .places(&[("a.txt", &came)]);
    repo.remove("a.txt");
    let went = repo.commit("out");
    // Gone on one branch only.
    life(&repo, 1).went(&[&went]).head(false).refs(&["refs/heads/main", "refs/heads/side"]);
}

#[test]
fn clocks_that_go_wrong_do_not_change_who_was_first() {
    let mut repo = Repo::new();
    let blob = repo.git_with(&["hash-object", "-w", "--stdin"], line(1).as_bytes());
    let with = repo.git_with(&["mktree"], format!("100644 blob {blob}\ta.txt\n").as_bytes());
    let empty = repo.git_with(&["mktree"], b"");
    let mut parents = String::new();
    let mut ids = Vec::new();
    // Each commit claims to be older than the one before it; the last one is older than time itself.
    for (tree, time) in
        [(&empty, "1700000000"), (&with, "1600000000"), (&with, "1500000000"), (&empty, "1000"), (&with, "-77")]
    {
        let who = format!("A <a@b> {time} +1400");
        let text = format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\nx\n");
        let id = repo.object("commit", text.as_bytes());
        parents = format!("parent {id}\n");
        ids.push(id);
    }
    repo.git(&["update-ref", "refs/heads/main", &ids[4]]);
    life(&repo, 1).came(&ids[1], "a.txt").went(&[&ids[3]]).head(true).places(&[("a.txt", &ids[1])]);
    let date = life(&repo, 1).0["introducedIn"]["date"].clone();
    assert_eq!(date, "2020-09-14T02:26:40+14:00");
}

#[test]
fn criss_cross_merges_bring_nothing_in() {
    let (mut repo, base) = begun();
    branch(&mut repo, "one", &base);
    repo.write("a.txt", line(1));
    let first = repo.commit("one");
    branch(&mut repo, "two", &base);
    repo.write("b.txt", line(2));
    let second = repo.commit("two");
    // Each is merged into the other, at the same time.
    switch(&mut repo, "one");
    merge(&mut repo, &[&second]);
    switch(&mut repo, "two");
    merge(&mut repo, &[&first]);
    repo.remove("a.txt");
    let went = repo.commit("out");
    switch(&mut repo, "one");
    merge(&mut repo, &["two"]);
    let refs = ["refs/heads/one", "refs/heads/two"];
    life(&repo, 1).came(&first, "a.txt").went(&[&went]).head(false).refs(&refs).places(&[("a.txt", &first)]);
    life(&repo, 2).came(&second, "b.txt").went(&[]).head(true).refs(&refs).places(&[("b.txt", &second)]);
}

#[test]
fn two_roots_can_bring_the_same_secret() {
    let (mut repo, _) = begun();
    repo.write("a.txt", line(1));
    let first = repo.commit("in");
    repo.git(&["checkout", "-q", "--orphan", "new"]);
    repo.git(&["rm", "-rqf", "."]);
    repo.write("z.txt", line(1));
    let second = repo.commit("in as well");
    life(&repo, 1)
        .came(&first, "a.txt")
        .went(&[])
        .head(true)
        .refs(&["refs/heads/main", "refs/heads/new"])
        .places(&[("a.txt", &first), ("z.txt", &second)]);
    let merged = merge(&mut repo, &["--allow-unrelated-histories", "-s", "ours", "main"]);
    // It still holds the secret, at the other path.
    life(&repo, 1).went(&[]).head(true);
    repo.remove("z.txt");
    let went = repo.commit("out");
    life(&repo, 1).went(&[&went]).head(false);
    assert_ne!(merged, went);
}

#[test]
fn what_a_stash_leaves_out_was_not_removed() {
    let (mut repo, _) = begun();
    repo.write("new.txt", line(1));
    repo.git(&["stash", "push", "-q", "-u"]);
    let came = repo.git(&["rev-parse", "stash^3"]);
    life(&repo, 1).came(&came, "new.txt").went(&[]).head(false).refs(&["refs/stash"]);
}

#[test]
fn pushed_is_what_a_remote_branch_leads_to() {
    let (mut repo, _) = begun();
    repo.write("a.txt", line(1));
    let came = repo.commit("in");
    repo.write("a.txt", line(2));
    repo.commit("on");
    assert_eq!(life(&repo, 1).0["pushed"], false);
    repo.git(&["update-ref", "refs/remotes/origin/main", &came]);
    assert_eq!(life(&repo, 1).0["pushed"], true);
    assert_eq!(life(&repo, 2).0["pushed"], false);
    life(&repo, 1).refs(&["refs/heads/main", "refs/remotes/origin/main"]);
}

#[test]
fn many_secrets_are_followed_at_once() {
    let (mut repo, _) = begun();
    // More than are followed in one pass.
    let text: String = (0..600).map(line).collect();
    repo.write("a.txt", &text);
    let came = repo.commit("in");
    repo.write("a.txt", text.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>());
    let went = repo.commit("first out");
    let report = repo.history_of(repo.path(), &[]);
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 600);
    for finding in findings {
        assert_eq!(finding["exposure"]["introducedIn"]["commit"], came.as_str());
        let first = finding["secret"] == github(0).as_str();
        assert_eq!(finding["exposure"]["inHead"], !first);
        assert_eq!(
            finding["exposure"]["removedIn"][0]["commit"],
            if first { went.as_str().into() } else { Value::Null }
        );
    }
}

#[test]
fn main_does_not_count_as_head_of_a_linked_work_tree() {
    let mut repo = Repo::new();
    repo.commit("first");
    let linked = repo.link();
    repo.write("a.txt", github(1));
    repo.commit("second");
    let report = repo.history_of(&linked, &[]);
    let life = &report["findings"][0]["exposure"];
    assert_eq!(life["inHead"], false, "{life}");
    assert_eq!(life["refs"], serde_json::json!(["refs/heads/main", "main-worktree/HEAD"]));
}
