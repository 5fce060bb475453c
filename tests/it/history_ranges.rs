//! Parts of a history: ranges, days, branches, and how far is reached.

use crate::support::{MEDIUM, Repo, Run, github, snapshot};
use caulk::git::ObjectId;
use caulk::history::Range;
use caulk::{HistoryOptions, Progress, Report};
use std::collections::BTreeSet;

fn run(repo: &Repo, args: &[&str]) -> Run {
    repo.caulk(&[&["history", "-f", "json", "--show-secrets"], args].concat()).run()
}

/// The numbers of the secrets that are found.
fn found(repo: &Repo, args: &[&str]) -> BTreeSet<u64> {
    let secrets = run(repo, args).every("secret");
    let number = |secret: &String| (0..40).find(|number| github(*number) == *secret).expect("it is one of ours");
    secrets.iter().map(number).collect()
}

/// Four commits on `main`, with a secret each; two on `side`, from the second one on; a merge; one more.
fn history() -> (Repo, Vec<String>) {
    let mut repo = Repo::new();
    let mut ids = Vec::new();
    let one = |repo: &mut Repo, ids: &mut Vec<String>, number: u64| {
        repo.write(&format!("f{number}.txt"), github(number));
        ids.push(repo.commit(&format!("commit {number}")));
    };
    for number in 1..=4 {
        one(&mut repo, &mut ids, number);
    }
    repo.git(&["checkout", "-q", "-b", "side", &ids[1].clone()]);
    one(&mut repo, &mut ids, 5);
    one(&mut repo, &mut ids, 6);
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "--no-commit", "side"]);
    one(&mut repo, &mut ids, 7);
    repo.remove("f1.txt");
    repo.write("f8.txt", github(8));
    repo.write("again.txt", github(2));
    ids.push(repo.commit(&format!("with {}", github(9))));
    (repo, ids)
}

#[test]
fn a_range_is_what_one_side_has_and_the_other_has_not() {
    let (mut repo, ids) = history();
    repo.git(&["tag", "two", &ids[1]]);
    let set = |numbers: &[u64]| numbers.iter().copied().collect::<BTreeSet<_>>();
    let range = |range: &str| found(&repo, &["--range", range]);
    assert_eq!(range("HEAD~1..HEAD"), set(&[8, 9]), "the copy of an old file is no new object");
    assert_eq!(range("HEAD~2..HEAD"), set(&[5, 6, 7, 8, 9]), "a merge brings its branch");
    assert_eq!(range("side..main"), set(&[3, 4, 7, 8, 9]));
    assert_eq!(range("main..side"), set(&[]));
    assert_eq!(range("two..side"), set(&[5, 6]));
    assert_eq!(range("..side"), set(&[]), "HEAD has all of it");
    assert_eq!(range("side.."), set(&[3, 4, 7, 8, 9]));
    assert_eq!(range(&format!("{}..{}", &ids[0][..8], ids[2])), set(&[2, 3]));
    assert_eq!(range("HEAD~1^2~1..HEAD~1^2"), set(&[6]));
    assert_eq!(range("HEAD..HEAD"), set(&[]));
    assert_eq!(run(&repo, &["--range", "HEAD..HEAD"]).code, 0);
    assert_eq!(found(&repo, &["--since-commit", "side"]), set(&[3, 4, 7, 8, 9]));
    assert_eq!(found(&repo, &["--branch", "side"]), set(&[1, 2, 5, 6]));
    assert_eq!(found(&repo, &["--branch", "two"]), set(&[1, 2]));
    assert_eq!(found(&repo, &["--branch", "side", "--since-commit", "two"]), set(&[5, 6]));
}

#[test]
fn a_day_is_counted_from_its_first_second() {
    let (mut repo, ids) = history();
    let day = repo.git(&["show", "-s", "--date=format-local:%Y-%m-%d", "--format=%cd", &ids[6]]);
    let found = found(&repo, &["--since", &day]);
    assert_eq!(found, BTreeSet::from([7, 8, 9]));
    assert_eq!(run(&repo, &["--since", "2100-01-01"]).code, 0);
}

#[test]
fn places_of_a_range_tell_the_truth_about_the_rest() {
    let (repo, ids) = history();
    let report = run(&repo, &["--range", "HEAD~1..HEAD"]);
    let eight =
        report.findings().into_iter().find(|finding| finding["secret"] == github(8).as_str()).expect("it is found");
    assert_eq!(eight["exposure"]["introducedIn"]["commit"], ids[7].as_str());
    assert_eq!(eight["exposure"]["inHead"], true);
    assert_eq!(eight["exposure"]["refs"], serde_json::json!(["refs/heads/main"]));
}

#[test]
fn a_name_that_was_there_before_a_range_is_not_new() {
    let mut repo = Repo::new();
    repo.write(&format!("{}.txt", github(1)), "x\n");
    repo.commit("one");
    repo.write(&format!("{}.txt", github(2)), "y\n");
    repo.commit("two");
    assert_eq!(found(&repo, &["--range", "HEAD~1..HEAD"]), BTreeSet::from([2]));
}

#[test]
fn how_far_is_reached_can_be_said() {
    let mut repo = Repo::new();
    repo.write("a.txt", github(1));
    repo.commit("on main");
    repo.write("b.txt", github(2));
    repo.commit("thrown away");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.git_with(&["hash-object", "-w", "--stdin"], github(3).as_bytes());
    repo.write("c.txt", github(4));
    repo.git(&["stash", "push", "-q", "-u"]);
    let blob = repo.git_with(&["hash-object", "-w", "--stdin"], github(5).as_bytes());
    let tree = repo.git_with(&["mktree"], format!("100644 blob {blob}\tx.txt\n").as_bytes());
    repo.git(&["tag", "-a", "-m", &github(6), "of-tree", &tree]);
    repo.write("staged.txt", github(7));
    repo.git(&["add", "-A"]);
    let refs = BTreeSet::from([1, 4, 5, 6]);
    assert_eq!(found(&repo, &["--reach", "refs"]), refs);
    assert_eq!(found(&repo, &["--reach", "reflog"]), BTreeSet::from([1, 2, 4, 5, 6]));
    assert_eq!(found(&repo, &["--reach", "all"]), (1..=7).collect());
}

#[test]
fn revisions_that_name_nothing_are_errors() {
    let (repo, _) = history();
    snapshot!(repo.caulk(&["history", "--range", "nothing..main"]).run(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: `nothing` names no commit here: use a branch, a tag, a commit id (4 characters or more) or HEAD~1 and the like
    ");
    for bad in [
        &["--range", "main..nothing"][..],
        &["--range", "HEAD~99..HEAD"],
        &["--range", "HEAD^3..HEAD"],
        &["--range", "HEAD@{1}..HEAD"],
        &["--range", "HEAD~x..HEAD"],
        &["--range", "HEAD~99999999999999999999..HEAD"],
        &["--range", "zzzz..HEAD"],
        &["--range", "abc..HEAD"],
        &["--range", "-x..HEAD"],
        &["--branch", "nothing"],
        &["--since-commit", "nothing"],
        &["--since", "yesterday-ish"],
        &["--since", "2020-13-01"],
        &["--range", "side..main", "--branch", "side"],
        &["--range", "side..main", "--reach", "refs"],
        &["--range", "ffffffffffffffffffffffffffffffffffffffff..HEAD"],
        &["--range", "main^{tree}..HEAD"],
        &["--range", "\u{e9}\u{e9}~1..HEAD"],
    ] {
        let run = repo.caulk(&[&["history"], bad].concat()).run();
        assert_eq!(run.code, 2, "{bad:?}: {run}");
        assert!(!run.stderr.is_empty(), "{bad:?}");
    }
}

#[test]
fn a_range_of_a_history_that_is_cut_off_is_not_clean() {
    let (mut repo, _) = history();
    let shallow = repo.beside("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth", "2", &from, &shallow.to_string_lossy()]);
    let report = repo.history_of(&shallow, &["--range", "HEAD~1..HEAD"]);
    let found: Vec<_> =
        report["findings"].as_array().into_iter().flatten().map(|finding| finding["secret"].clone()).collect();
    assert!(found.contains(&github(8).into()), "{report}");
}

/// What some commits add, read from their tips if that is possible, or from all objects.
fn added(repo: &Repo, range: &Range, whole: bool) -> Report {
    let mut range = range.clone();
    // Whoever asks for an object beside the commits has all of them read. This one is not there.
    range.objects.extend(whole.then(|| ObjectId::new(&[7; 20])));
    if whole && range.include.is_empty() {
        // All refs that there are: an object takes their place, else.
        range.include.extend(["HEAD".to_owned(), "main".to_owned()]);
    }
    let options = HistoryOptions { range: Some(range), ..HistoryOptions::default() };
    MEDIUM.scan_history(repo.path(), &options, &Progress::default()).expect("it is a repository")
}

/// A history of branches, merges, copies and clocks that go wrong; its commits, with when they were made.
fn grown(seed: u64) -> (Repo, Vec<(String, i64)>, impl FnMut(usize) -> usize) {
    let mut state = seed;
    let mut roll = move |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % sides
    };
    let mut repo = Repo::new();
    repo.write("a/b/notes.md", "begin\n");
    let mut ids = vec![repo.commit("begin")];
    for step in 0..14u64 {
        let folder = ["", "a/", "a/b/", "tests/"][roll(4)];
        match roll(8) {
            0 => drop(repo.git(&["checkout", "-q", "--detach", &ids[roll(ids.len())].clone()])),
            1 => drop(repo.git(&["merge", "-q", "-s", "ours", "-m", "merge", &ids[roll(ids.len())].clone()])),
            2 => repo.write(&format!("{folder}new{step}.txt"), github(seed * 100 + step)),
            // What an older commit had comes back, perhaps somewhere else.
            3 => repo.write(&format!("{folder}again.txt"), github(seed * 100 + roll(14) as u64)),
            4 => drop(repo.git(&["commit", "-q", "--allow-empty", "-m", &github(seed * 100 + 50 + step)])),
            5 => repo.set_clock(1_600_000_000 + 86_400 * roll(60) as u64),
            _ => repo.write(&format!("{folder}plain{}.md", roll(3)), format!("step {step}\n")),
        }
        ids.push(repo.commit(&format!("step {step}")));
    }
    let made = |repo: &mut Repo, id: &str| repo.git(&["show", "-s", "--format=%ct", id]).parse().expect("a number");
    let ids = ids.into_iter().map(|id| (id.clone(), made(&mut repo, &id))).collect();
    (repo, ids, roll)
}

#[test]
fn a_range_read_from_its_tips_is_what_all_objects_say() {
    let (mut clean, mut short) = (0, 0);
    for seed in 1..4u64 {
        let (repo, ids, mut roll) = grown(seed);
        for (to, _) in &ids {
            let (from, _) = &ids[roll(ids.len())];
            let (_, since) = ids[roll(ids.len())];
            let (include, exclude) = (vec![to.clone()], vec![from.clone()]);
            let mut ranges = vec![
                Range { include: include.clone(), exclude: exclude.clone(), ..Range::default() },
                Range { include: include.clone(), ..Range::default() },
                Range { include, since: Some(since), ..Range::default() },
                Range { exclude: exclude.clone(), since: Some(since), ..Range::default() },
            ];
            let range = ranges.swap_remove(roll(8).min(3));
            for range in ranges.iter().chain([&range]) {
                let (quick, whole) = (added(&repo, range, false), added(&repo, range, true));
                let said = |report: &Report| {
                    let places = |finding: &caulk::Finding| format!("{:?} {:?}", finding.fingerprint, finding.exposure);
                    report.findings.iter().map(places).collect::<Vec<_>>()
                };
                assert_eq!(said(&quick), said(&whole), "{range:?}");
                assert!(quick.manifest.is_complete());
                clean += usize::from(quick.findings.is_empty());
                short += usize::from(quick.findings.is_empty() && quick.manifest.files < whole.manifest.files.max(1));
            }
        }
    }
    assert!(clean > 40, "{clean}");
    assert!(short * 10 > clean, "{short} of {clean}");
}

#[test]
fn days_and_branches_are_read_from_their_tips() {
    let mut repo = Repo::new();
    for step in 0..20 {
        repo.write(&format!("f{step}.md"), format!("step {step}\n"));
        repo.commit("step");
    }
    repo.git(&["checkout", "-q", "--orphan", "pages"]);
    repo.git(&["rm", "-rqf", "."]);
    repo.write("index.md", "page\n");
    let id = repo.commit("page");
    let day = repo.git(&["show", "-s", "--date=format-local:%Y-%m-%d", "--format=%cd", &id]);
    let files = |args: &[&str]| run(&repo, args).json()["manifest"]["files"].as_u64().expect("a number");
    // A commit, its folder, its file; all of it else.
    assert_eq!(files(&["--branch", "pages"]), 3);
    assert_eq!(files(&["--since", &day]), 3);
    assert!(files(&[]) > 60);
}

#[test]
fn what_is_added_to_all_refs_is_not_clean_if_one_of_them_is_lost() {
    let mut repo = Repo::new();
    repo.write("a.md", "one\n");
    repo.commit("one");
    repo.write(".git/refs/heads/lost", format!("{}\n", "7".repeat(40)));
    for args in [&["--since-commit", "main"][..], &["--since", "2000-01-01"]] {
        let run = run(&repo, args);
        assert_eq!((run.code, &run.json()["complete"]), (3, &false.into()), "{args:?}: {run}");
    }
}
