//! Histories of which something is missing or damaged: what is left is scanned, what is not is named, and the outcome is never clean.

use crate::support::craft::{delta, entry_head, id_of, replace, whole, write_pack, zlib};
use crate::support::{MEDIUM, Repo, Run, github};
use caulk::{HistoryOptions, Progress, Report};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn scan(folder: &Path) -> Report {
    MEDIUM.scan_history(folder, &HistoryOptions::default(), &Progress::default()).expect("it is a repository")
}

/// Everything a report says of its findings, without what depends on the day.
fn said(report: &Report) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for finding in &report.findings {
        let exposure = finding.exposure.as_ref().expect("it is a history");
        let places: Vec<_> =
            exposure.places.iter().map(|one| (one.place.origin.path.to_string(), one.commit.clone())).collect();
        let life = (&exposure.introduced, &exposure.removed, exposure.in_head, &exposure.refs, exposure.reach, places);
        said.insert(format!("{} {life:?}", finding.fingerprint));
    }
    said
}

/// A history with secrets in files, a merge, messages and a tag, in deltas once it is packed.
fn history() -> Repo {
    let mut repo = Repo::new();
    let mut text: Vec<String> = (0..120).map(|line| format!("setting {line} = {}", line * line)).collect();
    for step in 0..8 {
        text[step * 13] = format!("token = {}", github(step as u64));
        repo.write("app/config.py", text.join("\n"));
        repo.write(&format!("dir{step}/notes.md"), format!("notes {step}\n"));
        repo.commit(&format!("step {step}"));
    }
    repo.git(&["checkout", "-q", "-b", "side", "HEAD~3"]);
    repo.write("side.txt", github(20));
    repo.commit(&format!("message with {}", github(21)));
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    repo.git(&["tag", "-a", "-m", &github(22), "v1"]);
    repo.remove("side.txt");
    repo.commit("gone");
    repo
}

fn packed() -> Repo {
    let mut repo = history();
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["repack", "-q", "-adf", "--depth=50"]);
    repo.git(&["prune-packed"]);
    for file in repo.files(".git/objects/info", "") {
        fs::remove_file(file).expect("it is there");
    }
    repo
}

/// Scans the repository with its one file of this ending changed in each of these ways; none may pass for what it was.
fn damaged(repo: &Repo, ending: &str, changes: impl Iterator<Item = Vec<u8>>) -> usize {
    let sound = said(&scan(repo.path()));
    assert!(scan(repo.path()).manifest.is_complete());
    assert!(sound.len() >= 11, "{sound:?}");
    let file = repo.files(".git/objects", ending).remove(0);
    let whole = fs::read(&file).expect("it can be read");
    let (mut found, mut tried) = (0, 0);
    for (at, change) in changes.enumerate() {
        replace(&file, &change);
        let report = scan(repo.path());
        let now = said(&report);
        assert!(
            !report.manifest.is_complete() || now == sound,
            "change {at} passes for sound: {:?}",
            sound.symmetric_difference(&now)
        );
        found += report.findings.len();
        tried += 1;
    }
    replace(&file, &whole);
    found / tried
}

fn flips(bytes: &[u8], step: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len()).step_by(step).map(move |at| {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << (at / step % 8);
        changed
    })
}

fn bytes_of(repo: &Repo, ending: &str) -> Vec<u8> {
    fs::read(repo.files(".git/objects", ending).remove(0)).expect("it can be read")
}

#[test]
fn a_flipped_bit_of_a_pack_never_passes_for_sound() {
    let repo = packed();
    let found = damaged(&repo, ".pack", flips(&bytes_of(&repo, ".pack"), 13));
    assert!(found >= 5, "what is sound is found all the same: {found} on average");
}

#[test]
fn a_flipped_bit_of_an_index_never_passes_for_sound() {
    let repo = packed();
    let found = damaged(&repo, ".idx", flips(&bytes_of(&repo, ".idx"), 29));
    assert!(found >= 5, "what is sound is found all the same: {found} on average");
}

#[test]
fn a_pack_or_index_that_is_cut_never_passes_for_sound() {
    let repo = packed();
    for ending in [".pack", ".idx"] {
        let whole = bytes_of(&repo, ending);
        let lengths = (0..whole.len()).step_by(whole.len() / 25);
        damaged(&repo, ending, lengths.map(|len| whole[..len].to_vec()));
    }
}

#[test]
fn every_loose_object_counts() {
    let mut repo = history();
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["prune"]);
    let sound = said(&scan(repo.path()));
    assert!(sound.len() >= 11);
    for (at, file) in repo.files(".git/objects", "").into_iter().enumerate() {
        let whole = fs::read(&file).expect("it can be read");
        let mut flipped = whole.clone();
        let bit = at * 7 % flipped.len();
        flipped[bit] ^= 1 << (at % 8);
        for (what, change) in [
            ("a flip", Some(flipped)),
            ("a cut", Some(whole[..whole.len() / 2].to_vec())),
            ("nothing", Some(Vec::new())),
            ("gone", None),
        ] {
            fs::remove_file(&file).expect("it is there");
            if let Some(change) = change {
                fs::write(&file, change).expect("it can be written");
            } else {
                fs::create_dir(&file).expect("a folder in its place");
            }
            let report = scan(repo.path());
            assert!(
                !report.manifest.is_complete() || what == "a flip" && said(&report) == sound,
                "{what}: {}",
                file.display()
            );
            assert!(report.findings.len() + 8 >= sound.len(), "{what}");
            if what == "gone" {
                fs::remove_dir(&file).expect("it is there");
            } else {
                fs::remove_file(&file).expect("it is there");
            }
            fs::write(&file, &whole).expect("it can be written");
        }
    }
    assert_eq!(said(&scan(repo.path())), sound);
}

/// The outcome for people: never clean, and without findings exit code 3.
fn incomplete(repo: &Repo, folder: &Path) -> Run {
    let run = repo.caulk(&["history", "-f", "json", "--show-secrets"]).args([folder]).run();
    assert_eq!(run.code, if run.findings().is_empty() { 3 } else { 1 }, "{run}");
    assert_eq!(run.json()["complete"], false);
    run
}

#[test]
fn shallow_and_partial_clones_are_scanned_as_far_as_they_go() {
    let mut repo = history();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", repo.path().display());
    let clone = |repo: &mut Repo, name: &str, args: &[&str]| {
        let to = repo.beside(name);
        repo.git(&[&["clone", "-q"], args, &[&from, &*to.to_string_lossy()]].concat());
        to
    };
    let shallow = clone(&mut repo, "shallow", &["--depth", "2"]);
    let run = incomplete(&repo, &shallow);
    assert!(run.every("secret").contains(&github(7)), "what is here is found: {run}");
    let reasons = run.json()["incomplete"].to_string();
    assert!(reasons.contains("shallow clone"), "{reasons}");
    let blobless = clone(&mut repo, "blobless", &["--filter=blob:none"]);
    let run = incomplete(&repo, &blobless);
    assert!(run.every("secret").contains(&github(21)), "messages are here: {run}");
    assert!(run.json()["incomplete"].to_string().contains("partial clone"), "{run}");
    let treeless = clone(&mut repo, "treeless", &["--filter=tree:0", "--no-checkout"]);
    let run = incomplete(&repo, &treeless);
    assert!(run.every("secret").contains(&github(21)), "messages are here: {run}");
}

#[test]
fn a_copy_that_is_sound_stands_in_for_one_that_is_damaged() {
    for other in ["a second pack", "a file of its own", "an alternate"] {
        let mut repo = packed();
        let sound = said(&scan(repo.path()));
        let pack = repo.files(".git/objects", ".pack").remove(0);
        let all = fs::read(&pack).expect("it can be read");
        match other {
            "a second pack" => {
                // The same pack under a name that comes later.
                for ending in ["pack", "idx"] {
                    fs::copy(pack.with_extension(ending), pack.with_file_name(format!("zzz.{ending}")))
                        .expect("it can be copied");
                }
            }
            "a file of its own" => {
                let aside = repo.beside("aside.pack");
                fs::rename(&pack, &aside).expect("it can be moved");
                fs::rename(pack.with_extension("idx"), aside.with_extension("idx")).expect("it can be moved");
                repo.git_with(&["unpack-objects", "-q"], &all);
                fs::rename(&aside, &pack).expect("it can be moved");
                fs::rename(aside.with_extension("idx"), pack.with_extension("idx")).expect("it can be moved");
            }
            _ => {
                let aside = repo.beside("copy");
                repo.git(&["clone", "-q", "--bare", "--no-local", ".", &aside.to_string_lossy()]);
                repo.write(".git/objects/info/alternates", format!("{}/objects\n", aside.display()));
            }
        }
        let mut flipped = all.clone();
        for at in (40..flipped.len() - 30).step_by(97) {
            flipped[at] ^= 0x10;
        }
        replace(&pack, &flipped);
        let report = scan(repo.path());
        let now = said(&report);
        assert!(now == sound, "{other}: {:?}", now.symmetric_difference(&sound));
        assert!(report.manifest.is_complete(), "{other}: {:?}", report.manifest.skips);
    }
}

#[test]
fn names_of_objects_that_are_not_here_are_not_forgotten() {
    let missing = "ab".repeat(20);
    for what in ["refs/heads/lost", "refs/tags/lost"] {
        let mut repo = Repo::new();
        repo.write("a.txt", github(1));
        repo.commit("one");
        repo.write(&format!(".git/{what}"), format!("{missing}\n"));
        let run = incomplete(&repo, repo.path());
        assert!(run.json()["incomplete"].to_string().contains(&missing), "{run}");
        assert_eq!(run.every("secret"), [github(1)]);
    }
    let mut repo = Repo::new();
    repo.commit("one");
    repo.object(
        "tag",
        format!("object {missing}\ntype commit\ntag x\ntagger A <a@b> 1 +0000\n\n{}\n", github(2)).as_bytes(),
    );
    let run = incomplete(&repo, repo.path());
    assert!(run.json()["incomplete"].to_string().contains(&missing), "{run}");
    assert_eq!(run.every("secret"), [github(2)]);
}

#[test]
fn an_index_without_its_pack_is_named() {
    let repo = packed();
    fs::remove_file(repo.files(".git/objects", ".pack").remove(0)).expect("it is there");
    let run = incomplete(&repo, repo.path());
    assert!(run.json()["incomplete"].to_string().contains("/pack/pack-"), "{run}");
}

#[test]
fn a_head_that_says_nothing_is_named() {
    let repo = packed();
    repo.write(".git/HEAD", "\0garbage");
    let run = incomplete(&repo, repo.path());
    assert!(run.json()["incomplete"].to_string().contains("names neither a branch nor a commit"), "{run}");
}

/// An empty repository with one pack of these entries and a sound one beside it.
fn with_pack(entries: &[([u8; 20], Vec<u8>)]) -> Repo {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("sound");
    write_pack(&repo.path().join(".git/objects"), "pack-forged", entries);
    repo
}

/// Ids and stored bytes of the entries of a pack.
type Entries = Vec<([u8; 20], Vec<u8>)>;

#[test]
fn deltas_that_lead_nowhere_are_named() {
    let base = github(3).into_bytes();
    let copy = |len: u8| vec![40, len, 0x90, len];
    let cases: Vec<(&str, Entries)> = vec![
        ("a delta against itself", vec![(id_of(1), delta(id_of(1), &copy(40)))]),
        ("a circle of two", vec![(id_of(1), delta(id_of(2), &copy(40))), (id_of(2), delta(id_of(1), &copy(40)))]),
        ("a copy out of range", vec![(id_of(1), whole(3, &base)), (id_of(2), delta(id_of(1), &[40, 40, 0xB0, 0, 1]))]),
        (
            "a copy from behind the end",
            vec![(id_of(1), whole(3, &base)), (id_of(2), delta(id_of(1), &[40, 4, 0x9F, 255, 255, 255, 255, 4]))],
        ),
        ("another base", vec![(id_of(1), whole(3, &base)), (id_of(2), delta(id_of(1), &[39, 4, 0x90, 4]))]),
        ("no base", vec![(id_of(1), delta(id_of(9), &copy(40)))]),
        ("an empty delta", vec![(id_of(1), whole(3, &base)), (id_of(2), delta(id_of(1), b""))]),
        (
            "a base behind the beginning",
            vec![(id_of(1), [entry_head(6, 4), vec![0x8F, 0x7F], zlib(&copy(40))].concat())],
        ),
        (
            "a base in the middle of another",
            vec![(id_of(1), whole(3, &base)), (id_of(2), [entry_head(6, 4), vec![5], zlib(&copy(40))].concat())],
        ),
        ("an unknown type", vec![(id_of(1), whole(5, &base))]),
        ("a type of zero", vec![(id_of(1), whole(0, &base))]),
        ("less than it claims", vec![(id_of(1), [entry_head(3, 90), zlib(&base)].concat())]),
        ("more than it claims", vec![(id_of(1), [entry_head(3, 9), zlib(&base)].concat())]),
        ("a terabyte", vec![(id_of(1), [entry_head(3, 1 << 40), zlib(&base)].concat())]),
        ("two to the sixtieth", vec![(id_of(1), [entry_head(3, 1 << 60), zlib(&base)].concat())]),
        ("a size without end", vec![(id_of(1), [vec![0xFF; 30], zlib(&base)].concat())]),
        (
            "a gigabyte of a delta",
            vec![(id_of(1), whole(3, &base)), (id_of(2), delta(id_of(1), &[40, 0xFF, 0xFF, 0xFF, 0xFF, 3, 0x90, 4]))],
        ),
    ];
    for (what, entries) in cases {
        let repo = with_pack(&entries);
        let report = scan(repo.path());
        assert!(!report.manifest.is_complete(), "{what}");
        let found: BTreeSet<_> = report.findings.iter().map(|finding| finding.secret.expose().to_vec()).collect();
        assert!(found.contains(github(1).as_bytes()), "{what}: what is sound is found");
        let has_base = entries.len() == 2 && what != "a circle of two";
        assert_eq!(found.contains(&base), has_base, "{what}: the base is sound");
    }
}

#[test]
fn long_chains_of_deltas_are_no_trouble() {
    let base = format!("{}\n", github(4));
    let size = base.len() as u8;
    let id = |at: u16| [[0x40; 18].to_vec(), at.to_be_bytes().to_vec()].concat().try_into().expect("it is 20 bytes");
    let mut entries: Vec<([u8; 20], Vec<u8>)> = vec![(id(0), whole(3, base.as_bytes()))];
    entries.extend((1..20_000).map(|at| (id(at), delta(id(at - 1), &[size, size, 0x90, size]))));
    let repo = with_pack(&entries);
    let report = scan(repo.path());
    assert!(report.manifest.is_complete(), "{:?}", report.manifest.skips);
    assert_eq!(report.findings.len(), 2);
}

#[test]
fn repositories_without_commits_or_head_are_scanned() {
    let repo = Repo::new();
    let run = repo.caulk(&["history"]).run();
    assert_eq!(run.code, 0, "{run}");
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("one");
    repo.write(".git/HEAD", "ref: refs/heads/nothing\n");
    let run = repo.caulk(&["history", "-f", "json", "--show-secrets"]).run();
    assert_eq!((run.code, run.every("secret")), (1, vec![github(1)]), "{run}");
    assert_eq!(run.findings()[0]["exposure"]["inHead"], false);
    repo.write(".git/HEAD", "\0garbage");
    let run = repo.caulk(&["history", "-f", "json", "--show-secrets"]).run();
    assert_eq!(run.every("secret"), [github(1)], "{run}");
    let run = repo.caulk(&["history"]).within(repo.beside("")).run();
    assert_eq!(run.code, 2, "{run}");
    let text = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(text.contains("is not in a git repository"), "{text}");
    let run = repo.caulk(&["history", "/nowhere/at/all"]).run();
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn loose_objects_that_lie_about_themselves_are_named() {
    let value = github(5);
    let cases = [
        ("a huge size", format!("blob 99999999999\0{value}")),
        ("no size", format!("blob \0{value}")),
        ("no header", value.clone()),
        ("an unknown type", format!("blub 40\0{value}")),
        ("nothing", String::new()),
    ];
    for (what, content) in cases {
        let mut repo = Repo::new();
        repo.write("a.txt", github(1));
        repo.commit("one");
        fs::create_dir_all(repo.path().join(".git/objects/aa")).expect("it can be made");
        repo.write(&format!(".git/objects/aa/{}", "a".repeat(38)), zlib(content.as_bytes()));
        let run = incomplete(&repo, repo.path());
        assert!(run.every("secret").contains(&github(1)), "{what}: {run}");
    }
}

#[test]
fn a_commit_whose_folder_is_missing_took_nothing_out() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("one");
    repo.write("b.txt", "x\n");
    repo.commit("two");
    repo.write("c.txt", "y\n");
    repo.commit("three");
    let tree = repo.git(&["rev-parse", "HEAD~1^{tree}"]);
    fs::remove_file(repo.path().join(".git/objects").join(&tree[..2]).join(&tree[2..])).expect("it is loose");
    let report = scan(repo.path());
    assert!(!report.manifest.is_complete());
    let exposure = report.findings[0].exposure.as_ref().expect("it is a history");
    assert_eq!((exposure.removed.len(), exposure.in_head), (0, true));
    assert_eq!(exposure.places.len(), 1);
    assert_eq!(
        exposure.introduced.as_ref().map(|note| note.seconds),
        exposure.places[0].commit.as_ref().map(|note| note.seconds)
    );
}
