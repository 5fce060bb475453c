//! Large files and streams are scanned in chunks; that must not show in what is found.

use crate::support::{Filler, LOW, Tree, assignment, rule_of, sample, url, utf16};
use caulk::rule::template::Random;
use caulk::{Finding, Progress, WalkOptions};
use proptest::prelude::*;
use std::io::Read;
use std::path::PathBuf;

/// Bytes that one chunk owns.
const SEAM: usize = 1 << 20;

/// A secret in its surroundings.
fn planted(kind: usize, seed: u64) -> String {
    match kind {
        0 => sample(" ghp_{crc32-base62:30} ", seed),
        1 => format!("\n{}", sample("{pem:rsa}\n", seed)),
        2 => sample(" {jwt} ", seed),
        3 => format!(" {} ", url("postgres", &sample("{base62:18}", seed))),
        4 => format!("\n{}\n", assignment("admin_password", &sample("{base62:24}", seed))),
        5 => format!("\n{}\n", assignment("aws_secret_access_key", &sample("{base64:40}", seed))),
        6 => sample(" AKIA{aws-key-id} ", seed),
        7 => format!("\ntwilio {} ", sample("{hex:32}", seed)),
        8 => format!("\n\"private_key\": \"{}\\n\"\n", sample("{pem:pkcs8}", seed).trim_end().replace('\n', "\\n")),
        _ => format!("\n{}\n", assignment("cohere_api_key", &sample("{base62:40}", seed))),
    }
}

/// Text of `bytes` with 40 secrets in it, most of them near a seam; `unit` is the length of a character in the file.
fn text(seed: u64, bytes: usize, unit: usize, line_end: &'static str) -> String {
    let (mut random, mut filler) = (Random::seeded(seed), Filler::new(seed, line_end));
    let mut places: Vec<usize> = (0..40)
        .map(|number| match number % 4 {
            0 => random.below(bytes),
            _ => (1 + random.below((bytes - 1) / SEAM)) * SEAM - 100 + random.below(200),
        })
        .map(|place| place / unit)
        .collect();
    places.sort_unstable();
    let mut text = String::new();
    for (number, place) in places.into_iter().enumerate() {
        text.push_str(&filler.text(place.saturating_sub(text.len())));
        // A text with one line has no block of several.
        text.push_str(&planted(random.below(10), seed ^ number as u64));
    }
    text + &filler.text(1000)
}

/// All that a finding says.
fn told(finding: &Finding) -> String {
    let place = &finding.place;
    let evidence: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    format!(
        "{} {:?} {:?}-{:?} {:?} {:?} {evidence:?} {} {}",
        rule_of(finding),
        place.span,
        place.start,
        place.end,
        finding.confidence,
        finding.severity,
        finding.fingerprint,
        place.excerpt.line()
    )
}

fn all_told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(told).collect()
}

/// Gives its bytes in pieces of odd sizes.
struct Dripping<'t> {
    bytes: &'t [u8],
    random: Random,
}

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = 1 + self.random.below(100_000);
        let count = self.bytes.len().min(buffer.len()).min(most);
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

/// What is found in `bytes` as a file called `name`, on disk and as a stream, is what is found in all of them at once.
#[track_caller]
fn assert_seamless(name: &str, bytes: &[u8], least: usize) {
    let whole = all_told(&LOW.scan_bytes(name, bytes));
    assert!(whole.len() >= least, "only {} findings", whole.len());
    let tree = Tree::new().file(name, bytes);
    let roots: Vec<PathBuf> = vec![tree.path()];
    let report = LOW.scan_paths(&roots, &WalkOptions::default(), &Progress::default()).expect("the path is there");
    assert_eq!(report.manifest.bytes, bytes.len() as u64);
    assert_same(&all_told(&report.findings), &whole, "the file");
    let input = Dripping { bytes, random: Random::seeded(bytes.len() as u64) };
    let report = LOW.scan_reader(name, input, &Progress::default()).expect("it can be read");
    assert_eq!(report.manifest.bytes, bytes.len() as u64);
    assert_same(&all_told(&report.findings), &whole, "the stream");
}

/// Names the first difference only: the lists are long.
#[track_caller]
fn assert_same(parts: &[String], whole: &[String], what: &str) {
    let missing = whole.iter().find(|told| !parts.contains(told));
    let extra = parts.iter().find(|told| !whole.contains(told));
    assert!(missing.is_none() && extra.is_none(), "{what} lacks {missing:#?} and has {extra:#?}");
    assert_eq!(parts.len(), whole.len());
}

fn few() -> ProptestConfig {
    ProptestConfig { cases: 3, max_shrink_iters: 8, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn files_and_streams_in_chunks_give_what_the_whole_gives(seed: u64, bytes in 3 * SEAM..5 * SEAM) {
        assert_seamless("app.py", text(seed, bytes, 1, "\n").as_bytes(), 30);
    }

    #[test]
    fn so_do_texts_in_one_line(seed: u64, bytes in 3 * SEAM..4 * SEAM) {
        let text = text(seed, bytes, 1, "  ").replace('\n', " ");
        assert_seamless("notes.txt", text.as_bytes(), 10);
    }

}

proptest! {
    // Looking up where UTF-16 characters came from takes its time in a debug build.
    #![proptest_config(ProptestConfig { cases: 2, ..few() })]

    #[test]
    fn so_do_texts_in_utf16(seed: u64, bytes in 2 * SEAM..5 * SEAM / 2, big: bool, marked: bool) {
        let bytes_of = if big { u16::to_be_bytes } else { u16::to_le_bytes };
        let mark = if marked { "\u{feff}" } else { "" };
        // Characters beyond the basic plane are cut by seams, too.
        let text = format!("{mark}first line of it\n{}", text(seed, bytes, 2, "\r\n").replace("日本", "😀😀"));
        assert_seamless("app.py", &utf16(&text, bytes_of), 30);
    }
}

#[test]
fn a_file_that_ends_at_a_seam_is_scanned_to_its_end() {
    let key = sample("ghp_{crc32-base62:30}", 1);
    for length in [SEAM - 1, SEAM, SEAM + 1, SEAM + (32 << 10) - 1, SEAM + (32 << 10), SEAM + (32 << 10) + 1, 2 * SEAM]
    {
        let text = "word ".repeat(length / 5 + 1)[..length - key.len() - 1].to_owned() + " " + &key;
        assert_seamless("notes.txt", text.as_bytes(), 1);
    }
}

#[test]
fn a_key_at_every_place_around_a_seam_is_found_once() {
    let key = sample("ghp_{crc32-base62:30}", 2);
    for before in 0..=key.len() + 1 {
        let text = " ".repeat(SEAM - before) + &key + &" ".repeat(40_000);
        let tree = Tree::new().file("a.txt", &text);
        let report =
            LOW.scan_paths(&[tree.path()], &WalkOptions::default(), &Progress::default()).expect("the path is there");
        let spans: Vec<_> = report.findings.iter().map(|found| found.place.span.start).collect();
        assert_eq!(spans, [SEAM - before]);
    }
}

#[test]
fn long_runs_across_seams_give_what_the_whole_gives() {
    let mut random = Random::seeded(3);
    for seed in 0..4 {
        let run = sample("{base64:16000}", seed).repeat(5);
        let key = sample("ghp_{crc32-base62:30}", seed);
        let at = random.below(run.len());
        let text = "word ".repeat((SEAM - 40_000) / 5) + &run[..at] + &key + &run[at..] + &"\nword ".repeat(10_000);
        assert_seamless("notes.txt", text.as_bytes(), 0);
    }
}
