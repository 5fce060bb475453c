//! Secrets in every kind of place that a repository has.

use super::{Repo, github, utf16};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// A secret that was planted, and what is to be said of it.
pub(crate) struct Place {
    pub(crate) what: &'static str,
    pub(crate) secret: String,
    /// Where it is said to stand first.
    pub(crate) path: String,
    pub(crate) reach: &'static str,
    pub(crate) in_head: bool,
    pub(crate) pushed: bool,
    /// A ref that holds it.
    pub(crate) held_by: Option<&'static str>,
    /// The commit that brought it in.
    pub(crate) commit: Option<String>,
}

/// What was planted, and the next value.
#[derive(Default)]
struct Plants {
    places: Vec<Place>,
}

impl Plants {
    fn next(&self) -> String {
        github(1000 + self.places.len() as u64)
    }

    /// Something on a ref.
    fn held(&mut self, what: &'static str, path: &str, by: &'static str, commit: Option<&str>) -> &mut Place {
        self.add(what, path, "refs", Some(by), commit)
    }

    fn add(
        &mut self,
        what: &'static str,
        path: &str,
        reach: &'static str,
        held_by: Option<&'static str>,
        commit: Option<&str>,
    ) -> &mut Place {
        let place = Place {
            what,
            secret: self.next(),
            path: path.to_owned(),
            reach,
            in_head: false,
            pushed: false,
            held_by,
            commit: commit.map(str::to_owned),
        };
        self.places.push(place);
        self.places.last_mut().expect("it was just put there")
    }
}

/// Who wrote a commit and put it there.
const WHO: &str = "author A <a@b> 1600000000 +0000\ncommitter C <c@d> 1600000000 +0000\n";

const MAIN: &str = "refs/heads/main";

fn plant_files(repo: &mut Repo, plants: &mut Plants) {
    // Each file in a commit of its own, so that the commit is known.
    let file = |repo: &mut Repo, plants: &mut Plants, what, name: &str, content: &dyn Fn(&str) -> Vec<u8>| {
        repo.write(name, content(&plants.next()));
        let id = repo.commit(what);
        plants.held(what, name, MAIN, Some(&id)).in_head = true;
    };
    let text = |value: &str| format!("token = {value}\n").into_bytes();
    file(repo, plants, "a file", "src/app.txt", &text);
    file(repo, plants, "a file of UTF-16", "wide.txt", &|value| {
        utf16(&format!("\u{feff}key {value}\r\n"), u16::to_le_bytes)
    });
    file(repo, plants, "the address of a submodule", ".gitmodules", &|value| {
        format!("[submodule \"s\"]\n\tpath = s\n\turl = https://x:{value}@git.example.org/s\n").into_bytes()
    });
    file(repo, plants, "a file without a line end", "end", &|value| value.as_bytes().to_vec());
    file(repo, plants, "a binary file", "logo.bin", &|value| [b"\0\x01\x02", value.as_bytes(), b"\0\xff"].concat());
    file(repo, plants, "a hidden file", ".env", &text);
    file(repo, plants, "an executable", "run.sh", &text);
    symlink(plants.next(), repo.path().join("link")).expect("links can be made");
    let id = repo.commit("link");
    plants.held("the target of a link", "link", MAIN, Some(&id)).in_head = true;
    repo.write(&format!("{}.txt", plants.next()), "x\n");
    let id = repo.commit("name");
    let name = format!("{}.txt", masked(&plants.next()));
    plants.held("the name of a file", &name, MAIN, Some(&id)).in_head = true;
    repo.write(&format!("dir/{}/a/b.txt", plants.next()), "y\n");
    let id = repo.commit("folder");
    let name = format!("dir/{}", masked(&plants.next()));
    plants.held("the name of a folder", &name, MAIN, Some(&id)).in_head = true;
    repo.write("gone.txt", plants.next());
    let id = repo.commit("here");
    plants.held("a deleted file", "gone.txt", MAIN, Some(&id));
    repo.remove("gone.txt");
    repo.write("old.txt", plants.next());
    let id = repo.commit("old");
    plants.held("a renamed file", "old.txt", MAIN, Some(&id)).in_head = true;
    repo.git(&["mv", "old.txt", "new.txt"]);
    repo.commit("new");
}

fn masked(value: &str) -> String {
    format!("{}...({})", &value[..4], value.len())
}

fn plant_merges(repo: &mut Repo, plants: &mut Plants) {
    for (what, branches) in [("an evil merge", &["m1"][..]), ("an octopus merge", &["m2", "m3", "m4"])] {
        for branch in branches {
            repo.git(&["checkout", "-q", "-b", branch]);
            repo.write(&format!("{branch}.txt"), "z\n");
            repo.commit(branch);
            repo.git(&["checkout", "-q", "main"]);
        }
        repo.git(&[&["merge", "-q", "--no-ff", "--no-commit"], branches].concat());
        repo.write(&format!("merged-{}.txt", branches[0]), plants.next());
        let id = repo.commit("merge");
        plants.held(what, &format!("merged-{}.txt", branches[0]), MAIN, Some(&id)).in_head = true;
    }
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("other.txt", plants.next());
    let id = repo.commit("other");
    plants.held("another branch", "other.txt", "refs/heads/other", Some(&id));
    repo.git(&["checkout", "-q", "--orphan", "orphan"]);
    repo.write("orphan.txt", plants.next());
    let id = repo.commit("orphan");
    plants.held("an orphan branch", "orphan.txt", "refs/heads/orphan", Some(&id));
    repo.git(&["checkout", "-q", "main"]);
}

/// A commit by its headers: what it is called, and how it is made.
type Form<'f> = (&'f str, &'f dyn Fn(&str) -> String);

/// Commits and tags whose own text holds something.
fn plant_messages(repo: &mut Repo, plants: &mut Plants) {
    let message = format!("fix\n\nwith {}", plants.next());
    let id = repo.commit(&message);
    plants.held("a commit message", "(commit message)", MAIN, Some(&id));
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let forms: [Form<'_>; 9] = [
        ("an author's name", &|value| {
            format!("author A {value} <a@b> 1600000000 +0000\ncommitter C <c@d> 1600000000 +0000\n")
        }),
        ("an author's address", &|value| {
            format!("author A <{value}@b> 1600000000 +0000\ncommitter C <c@d> 1600000000 +0000\n")
        }),
        ("a committer's name", &|value| {
            format!("author A <a@b> 1600000000 +0000\ncommitter {value} <c@d> 1600000000 +0000\n")
        }),
        ("a header of its own", &|value| format!("{WHO}x-token {value}\n")),
        ("a signature", &|value| {
            format!("{WHO}gpgsig -----BEGIN PGP SIGNATURE-----\n {value}\n -----END PGP SIGNATURE-----\n")
        }),
        ("a header in front of the author", &|value| format!("x-token {value}\n{WHO}")),
        ("a tag that was merged", &|value| {
            format!(
                "{WHO}mergetag object {}\n type commit\n tag t\n tagger A <a@b> 1 +0000\n \n {value}\n",
                "1".repeat(40)
            )
        }),
        ("the name of an encoding", &|value| format!("{WHO}encoding {value}\n")),
        ("a signature of another hash", &|value| {
            format!("{WHO}gpgsig-sha256 -----BEGIN PGP SIGNATURE-----\n {value}\n -----END PGP SIGNATURE-----\n")
        }),
    ];
    for (at, (what, headers)) in forms.into_iter().enumerate() {
        let id = repo.object(
            "commit",
            format!("tree {tree}\nparent {head}\n{}\ntext {at}\n", headers(&plants.next())).as_bytes(),
        );
        repo.git(&["update-ref", &format!("refs/heads/odd{at}"), &id]);
        let by = [
            "refs/heads/odd0",
            "refs/heads/odd1",
            "refs/heads/odd2",
            "refs/heads/odd3",
            "refs/heads/odd4",
            "refs/heads/odd5",
            "refs/heads/odd6",
            "refs/heads/odd7",
            "refs/heads/odd8",
        ][at];
        plants.held(what, "(commit header)", by, Some(&id));
    }
    repo.git(&["tag", "-a", "-m", &plants.next(), "v1"]);
    plants.held("a tag's message", "(tag message)", "refs/tags/v1", None);
    repo.git(&["tag", "-a", "-m", &plants.next(), "inner"]);
    plants.held("the message of a tag that another tag names", "(tag message)", "refs/tags/outer", None);
    repo.git(&["tag", "-a", "-m", "outer", "outer", "inner"]);
    repo.git(&["tag", "-d", "inner"]);
    repo.git(&["notes", "add", "-m", &plants.next(), "HEAD"]);
    let id = repo.git(&["rev-parse", "refs/notes/commits"]);
    let path = repo.git(&["ls-tree", "-r", "--name-only", "refs/notes/commits"]);
    plants.held("a note", &path, "refs/notes/commits", Some(&id));
}

/// Refs of all kinds.
fn plant_refs(repo: &mut Repo, plants: &mut Plants) {
    let blob = |repo: &mut Repo, value: &str| repo.git_with(&["hash-object", "-w", "--stdin"], value.as_bytes());
    let tree = |repo: &mut Repo, name: &str, value: &str| {
        let id = blob(repo, value);
        repo.git_with(&["mktree"], format!("100644 blob {id}\t{name}\n").as_bytes())
    };
    let commit = |repo: &mut Repo, name: &str, value: &str| {
        let id = tree(repo, name, value);
        repo.git(&["commit-tree", "-m", "x", &id])
    };
    let id = blob(repo, &plants.next());
    repo.git(&["tag", "-a", "-m", "x", "of-blob", &id]);
    plants.held("a tag of a file", &format!("(blob {id})"), "refs/tags/of-blob", None);
    let id = tree(repo, "tree.txt", &plants.next());
    repo.git(&["tag", "-a", "-m", "x", "of-tree", &id]);
    plants.held("a tag of a folder", "tree.txt", "refs/tags/of-tree", None);
    let id = blob(repo, &plants.next());
    repo.git(&["update-ref", "refs/tags/blob", &id]);
    plants.held("a ref to a file", &format!("(blob {id})"), "refs/tags/blob", None);
    let id = tree(repo, "plain.txt", &plants.next());
    repo.git(&["update-ref", "refs/tags/tree", &id]);
    plants.held("a ref to a folder", "plain.txt", "refs/tags/tree", None);
    let id = commit(repo, "light.txt", &plants.next());
    repo.git(&["tag", "light", &id]);
    plants.held("a lightweight tag", "light.txt", "refs/tags/light", Some(&id));
    let id = commit(repo, "remote.txt", &plants.next());
    repo.git(&["update-ref", "refs/remotes/origin/x", &id]);
    plants.held("a remote-tracking branch", "remote.txt", "refs/remotes/origin/x", Some(&id)).pushed = true;
    let id = commit(repo, "strange.txt", &plants.next());
    repo.git(&["update-ref", "refs/strange/place", &id]);
    plants.held("a ref of no known kind", "strange.txt", "refs/strange/place", Some(&id));
    let id = commit(repo, "replaced.txt", &plants.next());
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-ref", &format!("refs/replace/{head}"), &id]);
    plants.add("a commit that replaces another", "replaced.txt", "refs", None, Some(&id));
    for (what, path) in
        [("a dangling commit", "dangling.txt"), ("what git remembers", "remembered.txt"), ("a reflog", "logged.txt")]
    {
        let id = commit(repo, path, &plants.next());
        let reach = if what == "a dangling commit" { "unreachable" } else { "reflog" };
        match what {
            "what git remembers" => drop(repo.git(&["update-ref", "BISECT_HEAD", &id])),
            "a reflog" => {
                repo.git(&["update-ref", "--create-reflog", "refs/heads/logged", &id]);
                repo.git(&["update-ref", "refs/heads/logged", &head]);
            }
            _ => {}
        }
        plants.add(what, path, reach, None, Some(&id));
    }
    let _ = tree(repo, "lost.txt", &plants.next());
    plants.add("a dangling folder", "lost.txt", "unreachable", None, None);
    let id = blob(repo, &plants.next());
    plants.add("a dangling file", &format!("(blob {id})"), "unreachable", None, None);
    repo.object(
        "tag",
        format!("object {head}\ntype commit\ntag t\ntagger A <a@b> 1 +0000\n\n{}\n", plants.next()).as_bytes(),
    );
    plants.add("a dangling tag", "(tag message)", "unreachable", None, None);
}

/// Files that git and other tools leave in a repository's folder.
const OWN: &[&str] = &[
    "COMMIT_EDITMSG",
    "MERGE_MSG",
    "EDIT_DESCRIPTION",
    "FETCH_HEAD",
    "BISECT_LOG",
    "addp-hunk-edit.diff",
    "hooks/pre-push",
    "hooks/pre-commit.sample",
    "hooks/lib/inner.sh",
    "info/exclude",
    "info/grafts",
    "rebase-merge/author-script",
    "rebase-apply/0001",
    "sequencer/todo",
    "rr-cache/ab/preimage",
    "NOTES_MERGE_WORKTREE/note",
    "lost-found/other/blob",
    "lfs/objects/ab/cd/abcd",
    "remotes/old",
    "gc.log",
    "objects/info/http-alternates",
    "objects/pack/pack-x.keep",
    "worktrees/linked/locked",
    "worktrees/linked/config.worktree",
    "worktrees/linked/MERGE_MSG",
    "tool/of/somebody",
    "description",
    "info/attributes",
    "info/sparse-checkout",
    "packed-refs.old",
    "refs/left.lock",
    "objects/ab/notes.txt",
    "objects/pack/pack-x.promisor",
    "objects/pack/notes.txt",
    "modules/lib/notes",
    "SQUASH_MSG",
    "TAG_EDITMSG",
    ".COMMIT_EDITMSG.swp",
    "worktrees/linked/rebase-merge/message",
];

/// Names that lead to nothing, and people.
fn plant_names(repo: &mut Repo, plants: &mut Plants, linked: &Path) {
    repo.write(&format!(".git/{}", plants.next()), "x\n");
    plants.add("the name of a file in git's folder", &format!(".git/{}", masked(&plants.next())), "local", None, None);
    repo.write(&format!("staged-{}.txt", plants.next()), "x\n");
    repo.git(&["add", "-A"]);
    plants.add("a name in the index", ".git/index", "local", None, None);
    fs::write(linked.join(plants.next()), "y\n").expect("it can be written");
    repo.git_in(linked, &["add", "-N", "."]);
    plants.add("a name that is to be added", ".git/index", "local", None, None);
    repo.git(&["symbolic-ref", "refs/heads/symbolic", &format!("refs/heads/{}", plants.next())]);
    plants.add("what a symbolic ref points to", "(ref name)", "local", None, None);
    repo.git(&["symbolic-ref", &format!("refs/heads/{}", plants.next()), "refs/heads/unborn"]);
    plants.add("a ref to nothing", "(ref name)", "local", None, None);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let who = format!("user.name={}", plants.next());
    repo.anonymous(&[
        "-c",
        &who,
        "-c",
        "user.email=a@b",
        "update-ref",
        "--create-reflog",
        "-m",
        "m",
        "refs/heads/who",
        &head,
    ]);
    plants.add("a person in a reflog", "(reflog)", "local", None, None);
}

/// What is in no commit, or in none of a branch.
fn plant_work(repo: &mut Repo, plants: &mut Plants) {
    repo.write("amended.txt", plants.next());
    let id = repo.commit("before");
    plants.add("an amended commit", "amended.txt", "reflog", None, Some(&id));
    repo.write("amended.txt", "harmless\n");
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "--amend", "-m", "after"]);
    repo.write("src/app2.txt", "first\n");
    repo.commit("to be stashed");
    let values: Vec<String> = (0..3).map(|at| github(1000 + (plants.places.len() + at) as u64)).collect();
    repo.write("stash-index.txt", &values[0]);
    repo.git(&["add", "-A"]);
    repo.write("src/app2.txt", &values[1]);
    repo.write("stash-untracked.txt", &values[2]);
    repo.git(&["stash", "push", "-q", "-u", "-m", "s"]);
    let by = |repo: &mut Repo, what: &str| repo.git(&["rev-parse", what]);
    let ids = [by(repo, "stash^2"), by(repo, "stash"), by(repo, "stash^3")];
    plants.add("the index of a stash", "stash-index.txt", "stash", Some("refs/stash"), Some(&ids[0]));
    plants.add("a stash", "src/app2.txt", "stash", Some("refs/stash"), Some(&ids[1]));
    plants.add("what a stash has untracked", "stash-untracked.txt", "stash", Some("refs/stash"), Some(&ids[2]));
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", "--detach", &linked.to_string_lossy()]);
    fs::write(linked.join("linked.txt"), plants.next()).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    repo.git_in(&linked, &["commit", "-q", "-m", "linked"]);
    let id = repo.git_in(&linked, &["rev-parse", "HEAD"]);
    plants.add("the HEAD of a linked work tree", "linked.txt", "refs", Some("worktrees/linked/HEAD"), Some(&id));
    fs::write(linked.join("linked-staged.txt"), plants.next()).expect("it can be written");
    repo.git_in(&linked, &["add", "-A"]);
    plants.add("the index of a linked work tree", "linked-staged.txt", "index", None, None);
    repo.write("staged.txt", plants.next());
    repo.git(&["add", "-A"]);
    plants.add("the index", "staged.txt", "index", None, None);
    // Names and texts that are no objects.
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-ref", &format!("refs/heads/{}", plants.next()), &head]);
    plants.add("the name of a ref", "(ref name)", "local", None, None);
    repo.git(&["update-ref", "--create-reflog", "-m", &plants.next(), "refs/heads/told", &head]);
    plants.add("a reflog's message", "(reflog)", "local", None, None);
    repo.git(&["config", "remote.origin.url", &format!("https://x:{}@git.example.org/x", plants.next())]);
    plants.add("the configuration", ".git/config", "local", None, None);
    for file in OWN {
        repo.write(&format!(".git/{file}"), format!("# {}\n", plants.next()));
        plants.add(file, &format!(".git/{file}"), "local", None, None);
    }
    plant_names(repo, plants, &linked);
}

/// A repository with a secret in each of them.
pub(crate) fn planted(init: &[&str]) -> (Repo, Vec<Place>) {
    let (mut repo, mut plants) = (Repo::with(init), Plants::default());
    plant_files(&mut repo, &mut plants);
    plant_merges(&mut repo, &mut plants);
    plant_messages(&mut repo, &mut plants);
    plant_refs(&mut repo, &mut plants);
    plant_work(&mut repo, &mut plants);
    (repo, plants.places)
}
