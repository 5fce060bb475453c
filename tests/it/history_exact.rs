//! Scanning what changed finds what scanning everything finds: the same history, packed in many ways and loose.

use crate::support::{Filler, Repo, github, sample};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// A file that is edited again and again.
struct Text {
    name: String,
    lines: Vec<String>,
    halves: Vec<(String, String)>,
}

const FILES: &[&str] = &["app/config.py", ".env", "deploy/keys.pem", "notes.md", "tests/data.json"];

impl Text {
    fn new(name: &str, seed: u64) -> Self {
        // In a long file an edit is far from most of what is found in it.
        let text = Filler::new(seed, "\n").text(if seed.is_multiple_of(2) { 40_000 } else { 9_000 });
        Self { name: name.to_owned(), lines: text.lines().map(str::to_owned).collect(), halves: Vec::new() }
    }

    /// One change of the kind that deltas make hard.
    fn edit(&mut self, dice: &mut Dice, seed: u64) {
        let at = dice.roll(self.lines.len());
        match dice.roll(17) {
            0..=2 => self.lines.insert(at, line(&github(seed), dice.roll(4))),
            3 => self.lines.insert(at, format!("db_password = \"{}\"", sample("{base62:24}", seed))),
            4 => self.lines.insert(at, sample("{jwt}", seed)),
            5 => self.lines.splice(at..at, sample("{pem:openssh}", seed).lines().map(str::to_owned)).for_each(drop),
            // Halves apart now, together later: a delta can copy both.
            6 => {
                let value = github(seed);
                let (one, two) = value.split_at(20);
                self.halves.push((one.to_owned(), two.to_owned()));
                self.lines.insert(at, format!("# {one}"));
                let other = dice.roll(self.lines.len());
                self.lines.insert(other, format!("# {two}"));
            }
            7 => {
                if let Some((one, two)) = self.halves.pop() {
                    self.lines.insert(at, format!("{one}{two}"));
                }
            }
            8 => drop(self.lines.remove(at)),
            // A change inside of whatever stands there.
            9 | 10 => {
                let victim = self.lines.iter().rposition(|line| line.len() > 36 && !line.contains(' ')).unwrap_or(at);
                let place = dice.roll(self.lines[victim].len().max(1));
                if self.lines[victim].is_char_boundary(place) {
                    self.lines[victim].insert(place, if dice.roll(2) == 0 { 'q' } else { '\n' });
                }
            }
            11 => {
                let moved = self.lines.remove(at);
                let to = dice.roll(self.lines.len());
                self.lines.insert(to, moved);
            }
            // Something long, whose beginning is far from its end.
            12 => self.lines.insert(
                at,
                format!(
                    "{}.{}.{}",
                    sample("{jwt}", seed).split('.').next().unwrap_or_default(),
                    "aB3_".repeat(600),
                    "x9Yz".repeat(10)
                ),
            ),
            // Found here, and again where a delta copies it from.
            13 if self.lines.len() < 2_000 => self.lines.extend_from_within(at.saturating_sub(40)..at),
            14 => {
                let above = ["# caulk:allow[github-pat-classic] known", "// twilio", "--", "name: x"][dice.roll(4)];
                self.lines.insert(at, above.to_owned());
            }
            // A line so long that columns in it change with an edit far away.
            15 => {
                let begins: String = self.lines[at].chars().take(40).collect();
                let line = begins.repeat(60 + dice.roll(60));
                self.lines[at] = format!("{line} token = \"{}\" ", github(seed));
            }
            _ => self.lines.truncate(self.lines.len().max(20) - 3),
        }
        if self.lines.len() < 10 {
            self.lines.push("end".to_owned());
        }
    }
}

/// A line with `value` in it.
fn line(value: &str, way: usize) -> String {
    match way % 4 {
        0 => format!("token = \"{value}\""),
        1 => value.to_owned(),
        2 => format!("x{value}"),
        _ => format!("url: https://user:{value}@db.example.net/x"),
    }
}

/// A history as `git fast-import` reads it.
fn stream(seed: u64, commits: usize) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut files: Vec<Text> = FILES.iter().zip(0..).map(|(name, at)| Text::new(name, seed * 100 + at)).collect();
    let mut out = Vec::new();
    for commit in 0..commits as u64 {
        let who = format!("Ann <ann@example.org> {} +0000", 1_600_000_000 + commit * 3600);
        out.extend(format!("commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 1\nx\n").bytes());
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(files.len());
            for step in 0..=dice.roll(3) as u64 {
                files[at].edit(&mut dice, seed * 1_000_000 + commit * 10 + step);
            }
            if dice.roll(12) == 0 {
                out.extend(format!("D {}\n", files[at].name).bytes());
                files[at].name = format!("moved/{commit}/{}", files[at].name);
            }
            let text = files[at].lines.join("\n");
            out.extend(format!("M 100644 inline {}\ndata {}\n{text}\n", files[at].name, text.len()).bytes());
        }
    }
    out
}

/// What a scan says, without what depends on how the objects are stored.
fn said(repo: &Repo, folder: &Path) -> Value {
    let report = repo.history_of(folder, &["--confidence", "low"]);
    assert_eq!(report["complete"], true, "{}", report["incomplete"]);
    report["findings"].clone()
}

/// A copy of the repository in which every object is a file of its own.
fn loose_copy(repo: &mut Repo) -> std::path::PathBuf {
    let copy = repo.beside("loose");
    let text = copy.to_string_lossy().into_owned();
    repo.git(&["init", "-q", "--bare", "-b", "main", &text]);
    let packs = fs::read_dir(repo.path().join(".git/objects/pack")).expect("it is there");
    for pack in packs.flatten().filter(|entry| entry.path().extension().is_some_and(|kind| kind == "pack")) {
        let bytes = fs::read(pack.path()).expect("it can be read");
        repo.git_with(&["--git-dir", &text, "unpack-objects", "-q"], &bytes);
    }
    let head = repo.git(&["rev-parse", "main"]);
    repo.git(&["--git-dir", &text, "update-ref", "refs/heads/main", &head]);
    copy
}

#[test]
fn every_way_of_packing_gives_the_findings_of_whole_blobs() {
    let mut total = 0;
    for seed in 1..=6 {
        let mut repo = Repo::new();
        repo.git_with(&["fast-import", "--quiet"], &stream(seed, 60));
        // What the import left behind unused.
        repo.git(&["repack", "-q", "-ad"]);
        repo.git(&["prune-packed"]);
        let loose = loose_copy(&mut repo);
        let whole = said(&repo, &loose);
        total += whole.as_array().map_or(0, Vec::len);
        for (depth, window) in [("50", "10"), ("1", "5"), ("250", "60"), ("4000", "3")] {
            repo.git(&["repack", "-q", "-adf", &format!("--depth={depth}"), &format!("--window={window}")]);
            assert_eq!(said(&repo, repo.path()), whole, "seed {seed}, depth {depth}, window {window}");
        }
    }
    assert!(total > 100, "only {total} secrets in all histories: they test nothing");
}

#[test]
fn one_history_gives_the_same_findings_in_every_form() {
    let mut repo = Repo::new();
    repo.git_with(&["fast-import", "--quiet"], &stream(77, 40));
    repo.git(&["repack", "-q", "-ad"]);
    let whole = said(&repo, repo.path());
    assert!(whole.as_array().is_some_and(|findings| findings.len() > 20));
    // A second pack with part of the objects again, and one index over both.
    let half = repo.git(&["rev-parse", "main~10"]);
    repo.git_with(&["pack-objects", "-q", "--revs", ".git/objects/pack/pack"], format!("{half}\n").as_bytes());
    repo.git(&["multi-pack-index", "write"]);
    assert_eq!(said(&repo, repo.path()), whole, "two packs");
    // A clone that borrows all objects.
    let borrowed = repo.beside("borrowed");
    repo.git(&["clone", "-q", "--shared", "--mirror", ".", &borrowed.to_string_lossy()]);
    assert_eq!(said(&repo, &borrowed), whole, "alternates");
}
