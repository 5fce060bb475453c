//! Objects that git itself would not write: whatever stands in them is found, nothing hangs, nothing grows without end.

use crate::support::craft::{id_of, whole, write_pack, zlib};
use crate::support::{Repo, Run, github};
use std::fs;

fn history(repo: &Repo) -> Run {
    repo.caulk(&["history", "-f", "json", "--show-secrets"]).run()
}

fn raw(id: &str) -> Vec<u8> {
    (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).expect("hexadecimal digits")).collect()
}

fn entry(mode: &str, name: &[u8], id: &str) -> Vec<u8> {
    [mode.as_bytes(), b" ", name, b"\0", &raw(id)].concat()
}

/// Makes a commit with this tree on `main`.
fn commit(repo: &mut Repo, tree: &str) -> String {
    let id = repo.git(&["commit-tree", "-m", "x", tree]);
    repo.git(&["update-ref", "refs/heads/main", &id]);
    id
}

fn blob(repo: &mut Repo, number: u64) -> String {
    repo.git_with(&["hash-object", "-w", "--stdin"], github(number).as_bytes())
}

#[test]
fn trees_in_disorder_hold_what_they_hold() {
    let mut repo = Repo::new();
    let (one, two, three) = (blob(&mut repo, 1), blob(&mut repo, 2), blob(&mut repo, 3));
    let inner = repo.object("tree", &entry("100644", b"in.txt", &three));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("out of order", [entry("100644", b"z", &one), entry("100644", b"a", &two)].concat()),
        ("twice the same name", [entry("100644", b"a", &one), entry("100644", b"a", &two)].concat()),
        ("twice the same entry", [entry("100644", b"a", &one), entry("100644", b"a", &one)].concat()),
        ("unknown modes", [entry("0", b"a", &one), entry("7777777", b"b", &two)].concat()),
        ("modes that are no numbers", [entry("rwx", b"a", &one), entry("", b"b", &two)].concat()),
        ("an old mode", [entry("100664", b"a", &one), entry("040755", b"dir", &inner)].concat()),
        ("a name without a character", entry("100644", b"", &one)),
        (
            "names that lead elsewhere",
            [entry("100644", b"..", &one), entry("40000", b"../..", &inner), entry("100644", b"/etc/x", &two)].concat(),
        ),
        ("a name that is no text", entry("100644", b"\xff\xfe\x80\n\x1b[31m", &one)),
    ];
    for (what, tree) in cases {
        let id = repo.object("tree", &tree);
        commit(&mut repo, &id);
        let run = history(&repo);
        assert_eq!((run.code, run.json()["complete"].clone()), (1, true.into()), "{what}: {run}");
        assert_eq!(run.findings().len(), 3, "{what}: {run}");
        let text = repo.caulk(&["history"]).run();
        assert!(!text.stdout.contains(&0x1b), "{what}: no name speaks to the terminal");
    }
}

#[test]
fn an_old_mode_is_a_folder_all_the_same() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let inner = repo.object("tree", &entry("100664", b"in.txt", &one));
    let outer = repo.object("tree", &entry("40755", b"dir", &inner));
    commit(&mut repo, &outer);
    assert_eq!(history(&repo).every("path"), ["dir/in.txt"]);
}

#[test]
fn trees_that_end_in_the_middle_are_named() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let tree = [entry("100644", b"a", &one), b"100644 b\0short".to_vec()].concat();
    let id = repo.object("tree", &tree);
    commit(&mut repo, &id);
    let run = history(&repo);
    assert_eq!((run.json()["complete"].clone(), run.every("path")), (false.into(), vec!["a".to_owned()]), "{run}");
    assert!(run.json()["incomplete"].to_string().contains(&id));
}

#[test]
fn objects_that_are_not_what_names_them_says_are_named() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let tree = repo.object("tree", &entry("40000", b"dir", &one));
    commit(&mut repo, &tree);
    let run = history(&repo);
    assert_eq!(run.json()["complete"], false, "{run}");
    assert_eq!(run.every("secret"), [github(1)]);
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let head = repo.object(
        "commit",
        format!("tree {one}\nparent {one}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n").as_bytes(),
    );
    repo.write(".git/refs/heads/main", format!("{head}\n"));
    let run = history(&repo);
    assert_eq!(run.json()["complete"], false, "{run}");
    assert_eq!(run.every("secret"), [github(1)]);
}

#[test]
fn commits_that_make_no_sense_are_read_as_far_as_they_do() {
    let who = "author A <a@b> 1600000000 +0000\ncommitter A <a@b> 1600000000 +0000\n";
    let mut repo = Repo::new();
    let empty = repo.git_with(&["mktree"], b"");
    let value = github(1);
    let cases = [
        ("nothing at all", String::new(), false),
        ("no tree", format!("{who}\n{value}\n"), false),
        ("a tree that is no id", format!("tree {value}\n{who}\nx\n"), false),
        ("parents that are no ids", format!("tree {empty}\nparent {value}\nparent\nparent \n{who}\nx\n"), true),
        ("no author", format!("tree {empty}\n\n{value}\n"), true),
        ("an author that is no author", format!("tree {empty}\nauthor {value}\ncommitter\n\nx\n"), true),
        ("no end of its headers", format!("tree {empty}\n{who}{value}"), true),
        (
            "dates out of this world",
            format!(
                "tree {empty}\nauthor A <a@b> 99999999999999 +9999\ncommitter A <a@b> -99999999999999999999 -99999999999\n\n{value}\n"
            ),
            true,
        ),
        (
            "dates at the end of numbers",
            format!(
                "tree {empty}\nauthor A <a@b> -9223372036854775808 +2147483647\ncommitter A <a@b> 9223372036854775807 -2147483648\n\n{value}\n"
            ),
            true,
        ),
        ("itself as a parent, nearly", format!("tree {empty}\nparent {}\n{who}\n{value}\n", "a".repeat(40)), false),
    ];
    for (what, text, complete) in cases {
        let id = repo.object("commit", text.as_bytes());
        repo.write(".git/refs/heads/odd", format!("{id}\n"));
        let run = history(&repo);
        let json = run.json();
        assert_eq!(json["complete"], complete, "{what}: {run}");
        assert_eq!(run.findings().len(), usize::from(text.contains(&value)), "{what}: {run}");
        let people = repo.caulk(&["history"]).run();
        assert_ne!(people.code, 2, "{what}: {people}");
        // The next case begins anew.
        fs::remove_file(repo.path().join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).expect("it is there");
    }
}

#[test]
fn names_that_are_not_text_are_told_all_the_same() {
    use std::os::unix::ffi::OsStrExt;
    let mut repo = Repo::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9/na\xff me.txt");
    fs::create_dir_all(repo.path().join(name).parent().expect("a folder")).expect("it can be made");
    fs::write(repo.path().join(name), github(1)).expect("it can be written");
    let id = repo.commit("x");
    let tag = repo.path().join(".git/refs/tags").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    fs::write(tag, format!("{id}\n")).expect("it can be written");
    let run = history(&repo);
    assert_eq!((run.code, run.every("secret")), (1, vec![github(1)]), "{run}");
    assert_eq!(run.findings()[0]["exposure"]["refs"].as_array().map(Vec::len), Some(2), "{run}");
}

/// Ten folders in each of ten, ten levels deep, all the same: ten thousand million paths in eleven objects.
fn bomb(repo: &mut Repo, leaf: &[u8]) -> String {
    let mut id = repo.object("tree", leaf);
    for _ in 0..10 {
        let tree: Vec<u8> = (0..10).flat_map(|at| entry("40000", format!("d{at}").as_bytes(), &id)).collect();
        id = repo.object("tree", &tree);
    }
    id
}

#[test]
fn a_tree_with_endless_paths_takes_no_endless_time() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let id = bomb(&mut repo, &entry("100644", b"a", &one));
    let first = commit(&mut repo, &id);
    let two = blob(&mut repo, 2);
    let other = bomb(&mut repo, &entry("100644", b"a", &two));
    let second = repo.git(&["commit-tree", "-p", &first, "-m", "y", &other]);
    repo.git(&["update-ref", "refs/heads/main", &second]);
    let run = history(&repo);
    let mut found = run.every("secret");
    found.sort();
    let mut planted = [github(1), github(2)];
    planted.sort();
    assert_eq!(found, planted);
    repo.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
    let run = repo.caulk(&["staged"]).run();
    assert_eq!(run.code, 3, "{run}");
}

/// Puts a tree into the repository under an id that is not its own.
fn forge(repo: &Repo, letter: u8, tree: &[u8]) -> String {
    let id = format!("{letter:02x}").repeat(20);
    let object = [format!("tree {}\0", tree.len()).as_bytes(), tree].concat();
    repo.write(&format!(".git/objects/{}/{}", &id[..2], &id[2..]), zlib(&object));
    id
}

#[test]
fn trees_that_hold_themselves_have_an_end() {
    for name in [&b"again"[..], b""] {
        let mut repo = Repo::new();
        let one = blob(&mut repo, 1);
        let own = "77".repeat(20);
        let tree = [entry("100644", b"a", &one), entry("40000", name, &own), entry("40000", b"other", &own)].concat();
        let id = forge(&repo, 0x77, &tree);
        let head = repo.object(
            "commit",
            format!("tree {id}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n").as_bytes(),
        );
        repo.write(".git/refs/heads/main", format!("{head}\n"));
        let run = history(&repo);
        assert_eq!(run.every("secret"), [github(1)]);
        assert_eq!(repo.caulk(&["staged"]).run().code, 3);
    }
}

#[test]
fn folders_in_folders_without_end_have_an_end() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let objects = repo.path().join(".git/objects");
    // The ids are forged, so that a pack can be made of them at once.
    let id = |at: u32| [&[0x20; 16][..], &at.to_be_bytes()].concat();
    let entry_of = |mode: &str, name: &str, id: &[u8]| [mode.as_bytes(), b" ", name.as_bytes(), b"\0", id].concat();
    let mut entries = vec![(id(0).try_into().expect("20 bytes"), whole(2, &entry_of("100644", "a", &raw(&one))))];
    entries.extend(
        (1..6000).map(|at| (id(at).try_into().expect("20 bytes"), whole(2, &entry_of("40000", "d", &id(at - 1))))),
    );
    let top: String = id(5999).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("tree {top}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n");
    entries.push((id_of(0x66), whole(1, text.as_bytes())));
    write_pack(&objects, "pack-deep", &entries);
    repo.write(".git/refs/heads/main", format!("{}\n", "66".repeat(20)));
    let run = history(&repo);
    assert_eq!(run.every("secret"), [github(1)], "{run}");
    assert_eq!(repo.caulk(&["staged"]).run().code, 3);
}

#[test]
fn parents_in_a_circle_have_an_end() {
    let mut repo = Repo::new();
    let one = blob(&mut repo, 1);
    let tree = repo.object("tree", &entry("100644", b"a", &one));
    let text = |parent: u8| {
        format!(
            "tree {tree}\nparent {}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n",
            format!("{parent:02x}").repeat(20)
        )
    };
    let objects = repo.path().join(".git/objects");
    write_pack(
        &objects,
        "pack-circle",
        &[(id_of(0x11), whole(1, text(0x22).as_bytes())), (id_of(0x22), whole(1, text(0x11).as_bytes()))],
    );
    repo.write(".git/refs/heads/main", format!("{}\n", "11".repeat(20)));
    let run = history(&repo);
    assert_eq!(run.every("secret"), [github(1)], "{run}");
    let run = repo.caulk(&["history", "--range", "HEAD~5..HEAD"]).run();
    assert_ne!(run.code, 2, "{run}");
}

#[test]
fn an_index_with_folders_without_end_has_an_end() {
    let repo = Repo::new();
    // A tree cache that is all depth.
    let cache = b"a\0-1 1\n".repeat(300_000);
    let mut index = b"DIRC\0\0\0\x02\0\0\0\0TREE".to_vec();
    index.extend((cache.len() as u32).to_be_bytes());
    index.extend(cache);
    index.extend([0; 20]);
    repo.write(".git/index", index);
    assert_eq!(repo.caulk(&["staged"]).run().code, 0);
}

#[test]
fn a_name_in_a_folder_that_nothing_leads_to_is_found() {
    let mut repo = Repo::new();
    let id = repo.git_with(&["hash-object", "-w", "--stdin"], b"harmless\n");
    repo.object("tree", &entry("100644", format!("{}.txt", github(1)).as_bytes(), &id));
    let run = history(&repo);
    assert_eq!(run.every("secret"), [github(1)], "{run}");
    assert_eq!(run.findings()[0]["exposure"]["reach"], "unreachable");
}
