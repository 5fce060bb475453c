//! How fast the parts of the engine are on real text, in bytes per second; the judge of values without a shape in candidates per
//! second.
//!
//! `CAULK_BENCH_TEXT=FILE_OR_FOLDER cargo bench --bench lanes`; without it, on this repository's own sources.

use caulk::blob::decode::SNIFF;
use caulk::blob::{Chunk, FileKind};
use caulk::detect::stems::StemFinder;
use caulk::detect::{Candidate, Detector, Focus, Scratch, runs};
use caulk::judge::Judge;
use caulk::{Confidence, RuleSet, Scanner};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// As much text as fits into memory comfortably.
const MOST: usize = 64 << 20;

/// The files below `CAULK_BENCH_TEXT`, or of this repository's own sources.
fn files() -> Vec<(String, Vec<u8>)> {
    let root =
        std::env::var("CAULK_BENCH_TEXT").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/src").to_owned());
    let (mut files, mut bytes) = (Vec::new(), 0);
    let mut folders = vec![Path::new(&root).to_owned()];
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            let mut entries: Vec<_> =
                path.read_dir().expect("can be listed").map(|entry| entry.expect("can be read").path()).collect();
            entries.sort();
            folders.extend(entries);
        } else if let Ok(text) = std::fs::read(&path) {
            bytes += text.len();
            if bytes > MOST {
                break;
            }
            files.push((path.to_string_lossy().into_owned(), text));
        }
    }
    files
}

/// How long the judge takes for one of the values that only the model can judge, most of which are nothing.
fn judge(criterion: &mut Criterion) {
    let rules = Arc::new(RuleSet::builtin());
    let judge = Judge::new(&rules).expect("the built-in rules are good");
    let detector = Detector::new(&rules, Confidence::Medium);
    let files = files();
    let (mut scratch, mut count) = (Scratch::default(), 0_u64);
    let candidates: Vec<(Chunk<'_>, Vec<Candidate>)> = files
        .iter()
        .map(|(path, text)| {
            let kind = FileKind::of(path.as_bytes(), &text[..text.len().min(SNIFF)]);
            let (chunk, mut found) = (Chunk::whole(text, kind), Vec::new());
            detector.detect(&chunk, Focus::EVERYTHING, &mut scratch, &mut found);
            found.retain(|candidate| rules.rule(candidate.rule).is_judged());
            count += found.len() as u64;
            (chunk, found)
        })
        .collect();
    assert!(count > 0, "there are no such values in this text");
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    group.bench_function("one value without a shape", |bench| {
        bench.iter_custom(|values| {
            let rounds = u32::try_from(values.div_ceil(count)).unwrap_or(u32::MAX);
            let start = Instant::now();
            for _ in 0..rounds {
                for (chunk, found) in &candidates {
                    black_box(judge.judge(chunk, found, Vec::new()));
                }
            }
            start.elapsed().mul_f64(values as f64 / (u64::from(rounds) * count) as f64)
        });
    });
    group.finish();
}

fn lanes(criterion: &mut Criterion) {
    let text: Vec<u8> = files().into_iter().flat_map(|(_, text)| text).collect();
    let rules = Arc::new(RuleSet::builtin());
    let mut group = criterion.benchmark_group("lanes");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    let (mut classes, mut found, mut mask) = (runs::Classes::default(), Vec::new(), Vec::new());
    group.bench_function("runs", |bench| {
        bench.iter(|| {
            runs::find(&text, &mut classes, &mut found);
            black_box(found.len());
        });
    });
    let stems = StemFinder::new();
    group.bench_function("stems", |bench| {
        bench.iter(|| {
            stems.find(&text, text.len(), &mut mask, |hit| {
                black_box(hit);
            });
        });
    });
    let detector = Detector::new(&rules, Confidence::Medium);
    let (mut scratch, mut candidates) = (Scratch::default(), Vec::new());
    group.bench_function("both lanes with all rules", |bench| {
        bench.iter(|| {
            candidates.clear();
            detector.detect(&Chunk::whole(&text, FileKind::UNKNOWN), Focus::EVERYTHING, &mut scratch, &mut candidates);
            candidates.len()
        });
    });
    let scanner = Scanner::new(RuleSet::builtin(), Confidence::Medium).expect("the built-in rules are good");
    group.bench_function("detect and judge", |bench| bench.iter(|| scanner.scan_bytes("text", &text).len()));
    group.finish();
}

criterion_group!(benches, lanes, judge);
criterion_main!(benches);
