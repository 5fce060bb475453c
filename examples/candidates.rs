//! Writes what the model sees of every candidate below some folders, as JSON Lines: the input of `tools/model/train.py`.
//!
//! `cargo run --release --example candidates -- FOLDER... > candidates.jsonl`

use caulk::Confidence;
use caulk::blob::{Chunk, FileKind, Syntax, decode};
use caulk::detect::{Detector, Focus, Scratch};
use caulk::judge::model::features::{Features, Subject};
use caulk::rule::RuleSet;
use caulk::span::Advance;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 4 << 20;

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = folder.read_dir()?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_dir() && entry.file_name() != ".git" {
            files(&entry.path(), found)?;
        } else if kind.is_file() && entry.metadata()?.len() <= LARGEST {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let rules = Arc::new(RuleSet::builtin());
    let detector = Detector::new(&rules, Confidence::Medium);
    let mut out = BufWriter::new(io::stdout().lock());
    for folder in std::env::args_os().skip(1).map(PathBuf::from) {
        let mut paths = Vec::new();
        files(&folder, &mut paths)?;
        for path in paths {
            let below = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
            write_candidates(&detector, &rules, &below, &std::fs::read(&path)?, &mut out)?;
        }
    }
    out.flush()
}

/// Writes one line for each value, however many rules ask for it.
fn write_candidates(
    detector: &Detector,
    rules: &RuleSet,
    path: &str,
    bytes: &[u8],
    out: &mut impl Write,
) -> io::Result<()> {
    let start = &bytes[..bytes.len().min(decode::SNIFF)];
    let kind = FileKind::of(path.as_bytes(), start);
    if kind.syntax == Syntax::Binary || decode::sniff_utf16(start).is_some() {
        return Ok(());
    }
    let chunk = Chunk::whole(bytes, kind);
    let mut found = Vec::new();
    detector.detect(&chunk, Focus::EVERYTHING, &mut Scratch::default(), &mut found);
    let mut seen = BTreeSet::new();
    for candidate in found {
        let judged = rules.rule(candidate.rule).is_judged() || !rules.rule(candidate.rule).syntax().schemes.is_empty();
        let Some(subject) = Subject::of(&chunk, &candidate).filter(|subject| judged && subject.is_open()) else {
            continue;
        };
        if !seen.insert((candidate.secret, subject.name)) {
            continue;
        }
        let line_start = memchr::memrchr(b'\n', &bytes[..candidate.secret.start]).map_or(0, |at| at + 1);
        let (from, to) = (candidate.secret.start, candidate.secret.end);
        let line = serde_json::json!({
            "path": path,
            "line": Advance::over(&bytes[..from]).position().line,
            "end_line": Advance::over(&bytes[..to]).position().line,
            "column": String::from_utf8_lossy(&bytes[line_start..from]).chars().count(),
            "name": String::from_utf8_lossy(subject.name.of(bytes)),
            "value": String::from_utf8_lossy(subject.value.of(bytes)),
            "way": format!("{:?}", subject.way),
            "features": Features::of(&subject).as_bytes(),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
