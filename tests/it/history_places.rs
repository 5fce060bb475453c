//! Secrets in every kind of place that a repository has, in every form of one: all are found, and what became of each is told.

use crate::support::places::{Place, planted};
use crate::support::{Repo, github};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Demands that all of `places` are found, and what became of them.
fn check<'p>(form: &str, repo: &Repo, folder: &Path, places: impl Iterator<Item = &'p Place>) {
    let report = repo.history_of(folder, &[]);
    let mut wrong = Vec::new();
    let clone = form.ends_with("clone");
    for place in places {
        let found = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|finding| finding["secret"] == place.secret.as_str());
        let Some(finding) = found else {
            wrong.push(format!("{}: not found", place.what));
            continue;
        };
        let exposure = &finding["exposure"];
        let mut must = |is: &Value, should: Value, what: &str| {
            if *is != should {
                wrong.push(format!("{}: {what} is {is}, not {should}", place.what));
            }
        };
        must(&finding["path"], place.path.as_str().into(), "the path");
        must(&exposure["introducedIn"]["commit"], place.commit.clone().map_or(Value::Null, Value::from), "the commit");
        if clone {
            continue;
        }
        must(&exposure["reach"], place.reach.into(), "the reach");
        must(&exposure["pushed"], place.pushed.into(), "pushed");
        must(&exposure["inHead"], place.in_head.into(), "inHead");
        let refs = exposure["refs"].as_array().cloned().unwrap_or_default();
        if place.held_by.is_some_and(|by| !refs.contains(&by.into())) {
            wrong.push(format!("{}: the refs are {refs:?}", place.what));
        }
        if place.what.contains("stash") && exposure["removedIn"] != Value::Array(Vec::new()) {
            wrong.push(format!("{}: removed in {}", place.what, exposure["removedIn"]));
        }
    }
    assert!(wrong.is_empty(), "{form}:\n{}", wrong.join("\n"));
    assert_eq!(report["complete"], true, "{form}: {}", report["incomplete"]);
}

fn copy(repo: &mut Repo, name: &str) -> PathBuf {
    let to = repo.beside(name);
    let status = std::process::Command::new("cp").arg("-r").args([repo.path(), &to]).status().expect("it runs");
    assert!(status.success());
    to
}

#[test]
fn every_place_of_a_repository_is_scanned_in_all_its_forms() {
    let (mut repo, places) = planted(&[]);
    assert!(places.len() >= 75, "{}", places.len());
    let folder = repo.path().to_owned();
    check("loose", &repo, &folder, places.iter());
    let packed = copy(&mut repo, "packed");
    repo.git_in(&packed, &["pack-refs", "--all"]);
    repo.git_in(&packed, &["repack", "-q", "-adk", "--depth=20"]);
    repo.git_in(&packed, &["prune-packed"]);
    check("packed", &repo, &packed, places.iter());
    let many = copy(&mut repo, "many");
    repo.git_in(&many, &["repack", "-q"]);
    repo.git_in(&many, &["repack", "-q", "-dk"]);
    repo.git_in(&many, &["multi-pack-index", "write"]);
    check("many packs", &repo, &many, places.iter());
    // A bare repository that borrows all objects and has all else itself.
    let bare = copy(&mut repo, "bare-from").join(".git");
    repo.git_in(&bare, &["config", "core.bare", "true"]);
    fs::rename(bare.join("objects"), repo.beside("elsewhere")).expect("it can be moved");
    fs::create_dir_all(bare.join("objects/info")).expect("it can be made");
    fs::write(bare.join("objects/info/alternates"), format!("# lent\n{}\n", repo.beside("elsewhere").display()))
        .expect("it can be written");
    let own = |place: &&Place| !place.path.starts_with(".git/objects/");
    check("bare, with alternates", &repo, &bare, places.iter().filter(own));
    let mirror = repo.beside("mirror");
    repo.git(&["clone", "-q", "--mirror", "--no-local", ".", &mirror.to_string_lossy()]);
    let goes_along = |place: &&Place| place.reach == "refs" && place.held_by != Some("worktrees/linked/HEAD");
    check("mirror clone", &repo, &mirror, places.iter().filter(goes_along));
    let linked = repo.beside("linked");
    let report = repo.history_of(&linked, &[]);
    for place in &places {
        let found = report["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|finding| finding["secret"] == place.secret.as_str());
        let Some(finding) = found else { panic!("{} is not found from a linked work tree", place.what) };
        let own = place.what == "the HEAD of a linked work tree";
        assert!(!own || finding["exposure"]["inHead"] == true, "{finding}");
        assert!(own || finding["exposure"]["inHead"] == place.in_head, "{finding}");
    }
}

/// Which of `places` a scan of `folder` does not find.
fn missed<'p>(repo: &Repo, folder: &Path, places: impl Iterator<Item = &'p Place>) -> (Vec<&'static str>, Value) {
    let report = repo.history_of(folder, &[]);
    let found: Vec<&Value> = report["findings"].as_array().into_iter().flatten().map(|one| &one["secret"]).collect();
    let missed = places.filter(|place| !found.contains(&&Value::from(place.secret.as_str()))).map(|place| place.what);
    (missed.collect(), report["complete"].clone())
}

#[test]
fn every_place_that_goes_along_with_a_clone_is_scanned() {
    let (mut repo, places) = planted(&[]);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", repo.path().display());
    let clone = |repo: &mut Repo, name: &str, args: &[&str]| {
        let to = repo.beside(name);
        repo.git(&[&["clone", "-q"], args, &[&from, &*to.to_string_lossy()]].concat());
        to
    };
    let is_named = |place: &&Place| {
        let by = place.held_by.unwrap_or_default();
        by.starts_with("refs/heads/") || by.starts_with("refs/tags/")
    };
    let whole = clone(&mut repo, "whole", &[]);
    check("an ordinary clone", &repo, &whole, places.iter().filter(is_named));
    // Of what is not here nothing can be said; all else is found, and the outcome is not clean.
    let of_head = |place: &&Place| place.in_head;
    let shallow = clone(&mut repo, "shallow", &["--depth=1"]);
    assert_eq!(missed(&repo, &shallow, places.iter().filter(of_head)), (Vec::new(), false.into()));
    let told = |place: &&Place| is_named(place) && (place.path.starts_with('(') && !place.path.starts_with("(blob"));
    let blobless = clone(&mut repo, "blobless", &["--filter=blob:none"]);
    let here = places.iter().filter(|place| of_head(place) || told(place));
    assert_eq!(missed(&repo, &blobless, here), (Vec::new(), false.into()));
    let treeless = clone(&mut repo, "treeless", &["--filter=tree:0"]);
    let here = places.iter().filter(|place| of_head(place) || told(place));
    assert_eq!(missed(&repo, &treeless, here), (Vec::new(), false.into()));
}

#[test]
fn every_place_is_scanned_wherever_git_keeps_it() {
    let (mut repo, places) = planted(&[]);
    // What nothing leads to is in a pack of its own.
    let cruft = copy(&mut repo, "cruft");
    repo.git_in(&cruft, &["repack", "-q", "--cruft", "-d"]);
    repo.git_in(&cruft, &["prune-packed"]);
    check("cruft", &repo, &cruft, places.iter());
    let separate = copy(&mut repo, "separate");
    fs::rename(separate.join(".git"), repo.beside("git-dir")).expect("it can be moved");
    fs::write(separate.join(".git"), format!("gitdir: {}\n", repo.beside("git-dir").display()))
        .expect("it can be written");
    check("a git folder elsewhere", &repo, &separate, places.iter());
    let named = copy(&mut repo, "named");
    repo.git_in(&named, &["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-adkf", "--depth=20"]);
    repo.git_in(&named, &["prune-packed"]);
    check("deltas against ids", &repo, &named, places.iter());
    let split = copy(&mut repo, "split");
    repo.git_in(&split, &["update-index", "--split-index"]);
    check("a split index", &repo, &split, places.iter());
}

#[test]
fn every_place_is_scanned_with_other_hashes_and_other_refs() {
    for init in [&["--object-format=sha256"][..], &["--ref-format=reftable"]] {
        let (mut repo, places) = planted(init);
        let folder = repo.path().to_owned();
        check(init[0], &repo, &folder, places.iter());
        repo.git(&["pack-refs", "--all"]);
        repo.git(&["repack", "-q", "-adk"]);
        repo.git(&["prune-packed"]);
        check(&format!("{}, packed", init[0]), &repo, &folder, places.iter());
    }
}

#[test]
fn a_large_file_is_scanned_to_its_end() {
    let mut repo = Repo::new();
    repo.write("large.txt", format!("{}{}\n", "one two three\n".repeat(700_000), github(1)));
    let id = repo.commit("large");
    let life = repo.exposure("", &[]);
    assert_eq!((&life["introducedIn"]["commit"], &life["places"][0]["line"]), (&id.into(), &700_001.into()));
}

#[test]
fn reftables_of_many_blocks_are_read_whole() {
    let mut repo = Repo::with(&["--ref-format=reftable"]);
    repo.write("a.txt", github(1));
    let first = repo.commit("first");
    repo.git(&["reset", "-q", "--soft", "HEAD"]);
    // Refs and logs of several blocks each.
    let stdin: String =
        (0..700).map(|at| format!("create refs/heads/branch-with-a-long-name-{at:04} {first}\n")).collect();
    repo.git_with(&["update-ref", "--create-reflog", "-m", "made", "--stdin"], stdin.as_bytes());
    repo.write("a.txt", github(2));
    repo.commit("thrown away");
    repo.git(&["reset", "-q", "--hard", &first]);
    for packed in [false, true] {
        if packed {
            repo.git(&["pack-refs", "--all"]);
        }
        let report = repo.history_of(repo.path(), &[]);
        assert_eq!(report["complete"], true, "{}", report["incomplete"]);
        let reach = |number: u64| repo.exposure(&github(number), &[])["reach"].clone();
        assert_eq!((reach(1), reach(2)), ("refs".into(), "reflog".into()));
        let held = repo.exposure(&github(1), &[])["refs"].as_array().map(Vec::len);
        assert_eq!(held, Some(100), "more are not named");
    }
}
