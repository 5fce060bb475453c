//! What each rule costs on a tree: how often it is tried, what it finds, and the time of both.
//!
//! Runs on one thread and reads each file whole, up to a bound: the figures compare rules, they are no measure of a scan.

use super::scanner::{ScanError, Scanner};
use crate::blob::{Chunk, FileKind};
use crate::detect::{Focus, Scratch};
use crate::rule::RuleId;
use crate::source::files::{self, WalkOptions};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Most bytes of a file that are read.
const LONGEST: usize = 8 << 20;

/// What one rule cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The rule.
    pub rule: RuleId,
    /// How often its pattern was tried at one of its prefixes.
    pub tried: u64,
    /// How many candidates it gave to the judge.
    pub candidates: u64,
    /// How many of them are findings at any confidence, before rules compete.
    pub findings: u64,
    /// The time of trying and judging.
    pub time: Duration,
}

impl Scanner {
    /// What each rule costs on the files at and below `roots`, the costliest first.
    ///
    /// # Errors
    /// A root does not exist. Files that cannot be read are left out.
    pub fn profile(&self, roots: &[PathBuf], options: &WalkOptions) -> Result<Vec<Cost>, ScanError> {
        let walked = files::walk(roots, options).map_err(|(path, source)| ScanError::Root { path, source })?;
        let cost = |(rule, _)| Cost { rule, tried: 0, candidates: 0, findings: 0, time: Duration::ZERO };
        let mut costs: Vec<Cost> = self.rules.iter().map(cost).collect();
        let (mut scratch, mut candidates) = (Scratch::default(), Vec::new());
        for file in &walked.files {
            let Ok(bytes) = std::fs::read(&file.path) else { continue };
            let text = &bytes[..bytes.len().min(LONGEST)];
            let chunk = Chunk::whole(text, FileKind::of(file.origin.key.bytes(), text));
            self.detector.tries(text, &mut scratch, |rule, time| {
                let cost = &mut costs[usize::from(rule.0)];
                cost.tried += 1;
                cost.time += time;
            });
            candidates.clear();
            self.detector.detect(&chunk, Focus::EVERYTHING, &mut scratch, &mut candidates);
            for candidate in &candidates {
                let begun = Instant::now();
                let found = self.judge.judge(&chunk, std::slice::from_ref(candidate), Vec::new()).len();
                let cost = &mut costs[usize::from(candidate.rule.0)];
                cost.time += begun.elapsed();
                cost.candidates += 1;
                cost.findings += found as u64;
            }
        }
        costs.sort_by_key(|cost| std::cmp::Reverse((cost.time, cost.tried)));
        Ok(costs)
    }
}
