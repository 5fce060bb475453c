//! `caulk rules profile`: the costliest rules on a tree.

use crate::cli::args::RuleFiles;
use crate::cli::{Outcome, plan};
use anyhow::Result;
use caulk::source::files::{Ignored, WalkOptions};
use caulk::{Confidence, Scanner};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

pub(super) fn run(paths: &[PathBuf], top: usize, files: &RuleFiles) -> Result<Outcome> {
    let scanner = Scanner::new(plan::rules(files)?, Confidence::Low)?;
    let costs = scanner.profile(paths, &WalkOptions { ignored: Ignored::Read, ..WalkOptions::default() })?;
    let all: Duration = costs.iter().map(|cost| cost.time).sum();
    let mut out = anstream::stdout().lock();
    writeln!(out, "{:>9} {:>6} {:>9} {:>10} {:>8}  rule", "ms", "share", "tried", "candidates", "findings")?;
    for cost in costs.iter().take(top).filter(|cost| !cost.time.is_zero()) {
        let milliseconds = cost.time.as_secs_f64() * 1e3;
        let share = cost.time.as_secs_f64() / all.as_secs_f64() * 100.0;
        let id = scanner.rules().rule(cost.rule).id();
        let (tried, candidates, findings) = (cost.tried, cost.candidates, cost.findings);
        writeln!(out, "{milliseconds:>9.2} {share:>5.1}% {tried:>9} {candidates:>10} {findings:>8}  {id}")?;
    }
    Ok(Outcome::Clean)
}
