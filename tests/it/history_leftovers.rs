//! What lies in a repository's folder and git does not see any more, or sees as another repository: all of it is read.

use crate::support::{Repo, github};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A bare repository beside `repo` with one commit that holds `value`; gives its folder and the commit.
fn side(repo: &mut Repo, name: &str, value: &str) -> (PathBuf, String) {
    let folder = repo.beside(name);
    repo.git(&["init", "-q", "-b", "main", "--bare", &folder.to_string_lossy()]);
    let file = repo.beside("value");
    fs::write(&file, value).expect("it can be written");
    let blob = repo.git_in(&folder, &["hash-object", "-w", &file.to_string_lossy()]);
    repo.git_in(&folder, &["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{name}.txt")]);
    let tree = repo.git_in(&folder, &["write-tree"]);
    let commit = repo.git_in(&folder, &["commit-tree", "-m", "x", &tree]);
    repo.git_in(&folder, &["update-ref", "refs/heads/main", &commit]);
    (folder, commit)
}

/// The pack of all objects of a repository.
fn pack_of(repo: &mut Repo, folder: &Path) -> PathBuf {
    repo.git_in(folder, &["repack", "-q", "-ad"]);
    repo.git_in(folder, &["prune-packed"]);
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join("objects/pack"))
        .expect("there is one")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "pack"))
        .collect();
    files.pop().expect("there is one")
}

fn started() -> Repo {
    let mut repo = Repo::new();
    repo.write("a.txt", "harmless\n");
    repo.commit("one");
    fs::create_dir_all(repo.path().join(".git/objects/pack")).expect("it can be made");
    repo
}

/// The path and the commit that are told of the one secret.
fn told(repo: &Repo, value: &str) -> (Value, Value, Value) {
    let report = repo.history_of(repo.path(), &[]);
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    assert_eq!(findings.iter().map(|one| one["secret"].clone()).collect::<Vec<_>>(), [value], "{report}");
    let exposure = &findings[0]["exposure"];
    (findings[0]["path"].clone(), exposure["introducedIn"]["commit"].clone(), report["complete"].clone())
}

#[test]
fn packs_that_git_does_not_see_are_read() {
    for name in ["pack-aa.pack", ".tmp-77-pack-aa.pack", "tmp_pack_Ab12Cd"] {
        let (mut repo, value) = (started(), github(1));
        let (folder, commit) = side(&mut repo, "left", &value);
        let pack = pack_of(&mut repo, &folder);
        fs::copy(pack, repo.path().join(".git/objects/pack").join(name)).expect("it can be copied");
        assert_eq!(told(&repo, &value), ("left.txt".into(), commit.into(), true.into()), "{name}");
    }
}

#[test]
fn a_repository_whose_packs_have_no_index_is_read_as_ever() {
    let mut repo = Repo::new();
    let mut lines: Vec<String> = (0..200).map(|at| format!("line {at} of {}", at * at)).collect();
    let mut commits = Vec::new();
    for at in 0..6 {
        lines[at * 30] = github(at as u64);
        repo.write("a.txt", lines.join("\n"));
        commits.push(repo.commit("x"));
    }
    for offsets in ["true", "false"] {
        let setting = format!("repack.useDeltaBaseOffset={offsets}");
        repo.git(&["-c", &setting, "repack", "-q", "-adf", "--depth=50"]);
        repo.git(&["prune-packed"]);
        let whole = repo.history_of(repo.path(), &[]);
        let index = repo.files(".git/objects/pack", ".idx").remove(0);
        let sound = fs::read(&index).expect("it can be read");
        for damage in [None, Some(&b"garbage"[..])] {
            fs::remove_file(&index).expect("it is there");
            if let Some(bytes) = damage {
                fs::write(&index, bytes).expect("it can be written");
            }
            let report = repo.history_of(repo.path(), &[]);
            assert_eq!((&report["findings"], &report["complete"]), (&whole["findings"], &Value::Bool(true)));
            assert_eq!(report["findings"].as_array().map(Vec::len), Some(6));
            fs::write(&index, &sound).expect("it can be written");
        }
    }
}

/// A bare repository whose one commit tells `value` in its message, and its pack.
fn told_pack(repo: &mut Repo, value: &str) -> Vec<u8> {
    let (folder, _) = side(repo, "left", "harmless");
    let tree = repo.git_in(&folder, &["rev-parse", "main^{tree}"]);
    let commit = repo.git_in(&folder, &["commit-tree", "-m", value, &tree]);
    repo.git_in(&folder, &["update-ref", "refs/heads/main", &commit]);
    fs::read(pack_of(repo, &folder)).expect("it can be read")
}

#[test]
fn what_a_fetch_was_killed_over_is_read_as_far_as_it_goes() {
    let (mut repo, value) = (started(), github(1));
    let pack = told_pack(&mut repo, &value);
    let file = repo.path().join(".git/objects/pack/tmp_pack_Ab12Cd");
    let run = |repo: &Repo| repo.caulk(&["history", "-v", "-f", "json", "--show-secrets"]).run();
    // Without the checksum, without the end of the last object, with nothing but the first: what did not come was never here.
    for len in [pack.len() - 20, pack.len() - 21, pack.len() - 30, pack.len() * 2 / 3] {
        fs::write(&file, &pack[..len]).expect("it can be written");
        let run = run(&repo);
        assert_eq!((run.every("secret"), &run.json()["complete"]), (vec![value.clone()], &true.into()), "{len}: {run}");
        let told = len == pack.len() - 20;
        assert!(told || String::from_utf8_lossy(&run.stderr).contains("ends too early"), "{len}: {run}");
    }
    fs::write(&file, &pack[..40]).expect("it can be written");
    assert_eq!(run(&repo).code, 0, "nothing came whole");
    fs::write(&file, b"").expect("it can be written");
    assert_eq!(run(&repo).code, 0, "nothing was ever written there");
    // Damage is something else.
    let mut broken = pack.clone();
    broken[30] ^= 0x55;
    fs::write(&file, broken).expect("it can be written");
    let run = run(&repo);
    assert!(run.code == 3 && run.json()["incomplete"].to_string().contains("tmp_pack_Ab12Cd"), "{run}");
    // And so is a pack that ends early under its own name: git gives that to what is whole.
    fs::rename(&file, repo.path().join(".git/objects/pack/pack-aa.pack")).expect("it can be moved");
    fs::write(repo.path().join(".git/objects/pack/pack-aa.pack"), &pack[..pack.len() - 30]).expect("it can be written");
    assert_eq!(repo.history_of(repo.path(), &[])["complete"], false);
}

#[test]
fn what_is_missing_stays_missing_while_a_fetch_goes_on() {
    let mut repo = started();
    repo.write("b.txt", "also harmless\n");
    repo.commit("two");
    let commit = repo.git(&["rev-parse", "HEAD"]);
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let blob = repo.git(&["rev-parse", "HEAD:b.txt"]);
    // Of another commit came all but a file, which nothing else names.
    let new = repo.git_with(&["hash-object", "-w", "--stdin"], b"new");
    let list = format!("100644 blob {blob}\tb.txt\n100644 blob {new}\tc.txt\n");
    let other = repo.git_with(&["mktree"], list.as_bytes());
    let next = repo.git(&["commit-tree", "-m", "x", "-p", &commit, &other]);
    let objects = repo.beside("unfinished").to_string_lossy().into_owned();
    let name = repo.git_with(&["pack-objects", "-q", &objects], format!("{next}\n{other}\n").as_bytes());
    let mut pack = fs::read(format!("{objects}-{name}.pack")).expect("it was made");
    pack[11] += 1;
    fs::write(repo.path().join(".git/objects/pack/tmp_pack_Ab12Cd"), &pack[..pack.len() - 20])
        .expect("it can be written");
    let loose = |repo: &Repo, id: &str| repo.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    for id in [&new, &other, &next] {
        fs::remove_file(loose(&repo, id)).expect("it is there");
    }
    let report = repo.history_of(repo.path(), &[]);
    assert_eq!(report["complete"], true, "{report}");
    for id in [&blob, &tree] {
        let content = fs::read(loose(&repo, id)).expect("it can be read");
        fs::remove_file(loose(&repo, id)).expect("it is there");
        let report = repo.history_of(repo.path(), &[]);
        assert!(report["incomplete"].to_string().contains(id.as_str()), "{report}");
        assert!(!report["incomplete"].to_string().contains(&new), "{report}");
        fs::write(loose(&repo, id), content).expect("it can be written");
    }
}

#[test]
fn an_object_that_was_never_written_to_its_end_is_not_missed() {
    let (mut repo, value) = (started(), github(1));
    let id = repo.git_with(&["hash-object", "-w", "--stdin"], value.as_bytes());
    let file = repo.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    let content = fs::read(&file).expect("it can be read");
    fs::remove_file(&file).expect("it is there");
    let unnamed = file.with_file_name("tmp_obj_Ab12Cd");
    fs::write(&unnamed, &content[..content.len() / 2]).expect("it can be written");
    assert_eq!(repo.caulk(&["history"]).run().code, 0);
    let mut broken = content.clone();
    broken[10] ^= 0x55;
    fs::write(&unnamed, broken).expect("it can be written");
    assert_eq!(repo.caulk(&["history"]).run().code, 3);
}

#[test]
fn a_thin_pack_is_put_together_from_what_is_here() {
    let (mut repo, value) = (started(), github(1));
    let text: String = (0..2000).map(|at| format!("line {at}\n")).collect();
    repo.write("big.txt", &text);
    let base = repo.commit("big");
    let clone = repo.beside("clone");
    repo.git(&["clone", "-q", "--no-local", ".", &clone.to_string_lossy()]);
    fs::write(clone.join("big.txt"), format!("{text}{value}\n")).expect("it can be written");
    repo.git_in(&clone, &["commit", "-q", "-a", "-m", "more"]);
    let commit = repo.git_in(&clone, &["rev-parse", "HEAD"]);
    let script = format!("printf '%s\\n^%s\\n' {commit} {base} | git pack-objects -q --thin --stdout --revs > thin");
    repo.git_in(&clone, &["-c", &format!("alias.thin=!{script}"), "thin"]);
    let pack = fs::read(clone.join("thin")).expect("it was made");
    assert!(pack.len() < 1000, "it is thin");
    fs::write(repo.path().join(".git/objects/pack/tmp_pack_thin"), pack).expect("it can be written");
    assert_eq!(told(&repo, &value), ("big.txt".into(), commit.into(), true.into()));
}

#[test]
fn objects_without_a_name_and_quarantines_are_read() {
    let (mut repo, value) = (started(), github(1));
    let (folder, commit) = side(&mut repo, "left", &value);
    for file in repo.files("../left/objects", "") {
        let first = file.parent().and_then(Path::file_name).expect("it has one");
        let to = repo.path().join(".git/objects").join(first);
        fs::create_dir_all(&to).expect("it can be made");
        let name = file.file_name().expect("it has one").to_string_lossy().into_owned();
        fs::copy(&file, to.join(format!("tmp_obj_{}", &name[..6]))).expect("it can be copied");
    }
    assert_eq!(told(&repo, &value), ("left.txt".into(), commit.clone().into(), true.into()));
    let mut repo = started();
    let to = repo.path().join(".git/objects/tmp_objdir-incoming-Ab12Cd");
    let status = std::process::Command::new("cp").arg("-r").args([folder.join("objects"), to]).status();
    assert!(status.expect("it runs").success());
    assert_eq!(told(&repo, &value), ("left.txt".into(), commit.into(), true.into()));
    // A range asks for what refs lead to, and passes them over.
    repo.write("b.txt", "harmless\n");
    repo.commit("two");
    assert_eq!(repo.caulk(&["history", "--range", "HEAD~1..HEAD"]).run().code, 0);
}

#[test]
fn repositories_of_submodules_are_read_with_theirs() {
    let (mut repo, value, own) = (started(), github(1), github(2));
    let (folder, commit) = side(&mut repo, "lib", &value);
    let modules = repo.path().join(".git/modules/ext");
    fs::create_dir_all(&modules).expect("it can be made");
    let nested = modules.join("lib");
    repo.git(&["clone", "-q", "--bare", &folder.to_string_lossy(), &nested.to_string_lossy()]);
    let told = |repo: &Repo, value: &str| repo.exposure(value, &[]);
    let exposure = told(&repo, &value);
    assert_eq!(exposure["introducedIn"]["commit"], commit.as_str(), "{exposure}");
    assert_eq!(exposure["places"][0]["path"], ".git/modules/ext/lib/lib.txt");
    assert_eq!(exposure["refs"][0], "modules/ext/lib/refs/heads/main");
    // One value is one story, whichever of the two it came from.
    repo.write("copied.txt", &value);
    let here = repo.commit("copied");
    let exposure = told(&repo, &value);
    assert_eq!(exposure["introducedIn"]["commit"], here.as_str());
    let places: Vec<&Value> = exposure["places"].as_array().expect("a list").iter().map(|one| &one["path"]).collect();
    assert_eq!(places, ["copied.txt", ".git/modules/ext/lib/lib.txt"]);
    // Submodules of submodules, and those of linked work trees.
    for (folder, path) in [
        (nested.join("modules/inner"), ".git/modules/ext/lib/modules/inner/config"),
        (repo.path().join(".git/worktrees/w/modules/lib"), ".git/worktrees/w/modules/lib/config"),
    ] {
        let from = repo.beside("lib");
        repo.git(&["clone", "-q", "--bare", &from.to_string_lossy(), &folder.to_string_lossy()]);
        repo.git_in(&folder, &["config", "remote.x.url", &format!("https://x:{own}@git.example.org/x")]);
        assert_eq!(told(&repo, &own)["places"][0]["path"], path);
        fs::remove_dir_all(folder).expect("it is there");
    }
    fs::write(nested.join("config"), "[extensions]\nobjectFormat = md5\n").expect("it can be written");
    let run = repo.caulk(&["history", "-f", "json"]).run();
    assert!(run.json()["incomplete"].to_string().contains("modules/ext/lib"), "{run}");
}

#[test]
fn what_a_rewrite_left_behind_did_not_bring_in_what_a_branch_holds() {
    let mut repo = Repo::new();
    let value = github(1);
    repo.write("a.txt", &value);
    let old = repo.commit("before");
    repo.git(&["commit", "-q", "--amend", "-m", "after"]);
    let new = repo.git(&["rev-parse", "HEAD"]);
    assert_ne!(old, new);
    assert_eq!(repo.exposure(&value, &[])["introducedIn"]["commit"], new.as_str());
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    assert_eq!(repo.exposure(&value, &[])["introducedIn"]["commit"], new.as_str());
}

#[test]
fn a_name_in_an_index_that_is_split_or_damaged_is_found() {
    let (mut repo, split, damaged) = (started(), github(1), github(2));
    repo.git(&["config", "core.splitIndex", "true"]);
    repo.write(&format!("{split}.txt"), "x\n");
    repo.git(&["add", "-A"]);
    repo.git(&["update-index", "--split-index"]);
    assert_eq!(repo.exposure(&split, &[])["reach"], "local");
    repo.write(".git/index", format!("DIRC\0\0\0\x09{damaged}\n"));
    assert_eq!(repo.exposure(&damaged, &[])["reach"], "local");
}
