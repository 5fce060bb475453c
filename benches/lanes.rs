//! How fast the parts of the engine are on real text, in bytes per second.
//!
//! `CAULK_BENCH_TEXT=FILE_OR_FOLDER cargo bench --bench lanes`; without it, on this repository's own sources.

use caulk::blob::{Chunk, FileKind};
use caulk::detect::stems::StemFinder;
use caulk::detect::{Detector, Focus, Scratch, runs};
use caulk::{Confidence, RuleSet, Scanner};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// As much text as fits into memory comfortably.
const MOST: usize = 64 << 20;

fn text() -> Vec<u8> {
    let root =
        std::env::var("CAULK_BENCH_TEXT").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/src").to_owned());
    let mut text = Vec::new();
    let mut folders = vec![Path::new(&root).to_owned()];
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            let mut entries: Vec<_> =
                path.read_dir().expect("can be listed").map(|entry| entry.expect("can be read").path()).collect();
            entries.sort();
            folders.extend(entries);
        } else if let Ok(bytes) = std::fs::read(&path) {
            if text.len() + bytes.len() > MOST {
                break;
            }
            text.extend(bytes);
        }
    }
    text
}

fn lanes(criterion: &mut Criterion) {
    let text = text();
    let rules = Arc::new(RuleSet::builtin());
    let mut group = criterion.benchmark_group("lanes");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    let (mut classes, mut mask) = (runs::Classes::default(), Vec::new());
    group.bench_function("runs", |bench| {
        bench.iter(|| {
            runs::find(&text, &mut classes, |run, _| {
                black_box(run);
            });
        });
    });
    let stems = StemFinder::new();
    group.bench_function("stems", |bench| {
        bench.iter(|| {
            stems.find(&text, &mut mask, |hit| {
                black_box(hit);
            });
        });
    });
    let detector = Detector::new(&rules);
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

criterion_group!(benches, lanes);
criterion_main!(benches);
