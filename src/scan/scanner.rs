//! The scanner: rules made ready, and the sources fed to it.

use super::workspace::Workspaces;
use crate::blob::Origin;
use crate::detect::Detector;
use crate::finding::Confidence;
use crate::judge::{Judge, UnknownProof};
use crate::report::{Manifest, Report, Scope};
use crate::rule::RuleSet;
use crate::source::files::{self, WalkOptions};
use crate::source::{NoVisitor, SkipReason, Visitor};
use rayon::prelude::*;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Why a scan could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// There are no rules.
    #[error(
        "no rule is active, so nothing could be found: load rules with `--rules`, or leave out `--no-default-rules`"
    )]
    NoRules,
    /// A rule names a proof that does not exist.
    #[error(transparent)]
    UnknownProof(#[from] UnknownProof),
    /// A path to scan does not exist.
    #[error("cannot scan `{}`", path.display())]
    Root {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A stream broke.
    #[error("cannot read `{name}`")]
    Stream {
        /// What it is called.
        name: String,
        /// What the system said.
        source: io::Error,
    },
}

/// How far a scan is, for those who watch; read it from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files to scan; 0 while they are being listed.
    pub total: AtomicU64,
    /// Files done.
    pub files: AtomicU64,
    /// Bytes done.
    pub bytes: AtomicU64,
}

/// Scans bytes, files and trees for the secrets that a set of rules describes.
///
/// ```
/// use caulk::{Confidence, RuleSet, Scanner};
///
/// let scanner = Scanner::new(RuleSet::builtin(), Confidence::Medium)?;
/// let text = format!("db_password = \"{}\"", ["kQ7p", "Lw3z", "Tn9x", "Vb2m"].concat());
/// let findings = scanner.scan_bytes("config.py", text.as_bytes());
/// assert_eq!(findings[0].place.start.line, 1);
/// assert_eq!(findings[0].secret.to_string(), "...(16)");
/// # Ok::<(), caulk::ScanError>(())
/// ```
#[derive(Debug)]
pub struct Scanner {
    pub(super) rules: Arc<RuleSet>,
    pub(super) detector: Detector,
    pub(super) judge: Judge,
    pub(super) least: Confidence,
    pub(super) workspaces: Workspaces,
}

impl Scanner {
    /// A scanner for `rules` that reports findings of at least the confidence `least`.
    ///
    /// # Errors
    /// There is no rule, or one names a proof that does not exist.
    pub fn new(rules: RuleSet, least: Confidence) -> Result<Self, ScanError> {
        if rules.is_empty() {
            return Err(ScanError::NoRules);
        }
        let rules = Arc::new(rules);
        let judge = Judge::new(&rules)?;
        Ok(Self { detector: Detector::new(&rules, least), judge, rules, least, workspaces: Workspaces::default() })
    }

    /// Makes what is else made at the first text that is scanned.
    pub(crate) fn make_ready(&self) {
        self.detector.make_ready();
    }

    /// The active rules.
    pub const fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// The findings in the files at and below `roots`.
    ///
    /// # Errors
    /// A root does not exist. What else goes wrong is in the report.
    pub fn scan_paths(
        &self,
        roots: &[PathBuf],
        options: &WalkOptions,
        progress: &Progress,
    ) -> Result<Report, ScanError> {
        self.scan_paths_with(roots, options, progress, &NoVisitor)
    }

    /// The same, with a `visitor` that sees what is read.
    ///
    /// # Errors
    /// A root does not exist. What else goes wrong is in the report.
    pub fn scan_paths_with(
        &self,
        roots: &[PathBuf],
        options: &WalkOptions,
        progress: &Progress,
        visitor: &dyn Visitor,
    ) -> Result<Report, ScanError> {
        let begun = Instant::now();
        let walked = files::walk(roots, options).map_err(|(path, source)| ScanError::Root { path, source })?;
        visitor.begin(&walked);
        progress.total.store(walked.files.len() as u64, Ordering::Relaxed);
        let results: Vec<_> = walked.files.par_iter().map(|file| self.scan_file(file, progress, visitor)).collect();
        let mut manifest = Manifest::new(&self.rules, Scope::Files);
        manifest.skips = walked.skips;
        manifest.ignored = walked.ignored;
        let mut findings = Vec::new();
        for result in results {
            manifest.files += u64::from(result.skip.as_ref().is_none_or(|skip| skip.reason == SkipReason::Shrank));
            manifest.bytes += result.bytes;
            manifest.skips.extend(result.skip);
            findings.extend(result.findings);
        }
        manifest.duration = begun.elapsed();
        Ok(Report::new(&self.rules, findings, manifest))
    }

    /// The findings in everything that `input` gives, in bounded memory; `name` is what it is called.
    ///
    /// # Errors
    /// Reading fails.
    pub fn scan_reader(&self, name: &str, mut input: impl Read, progress: &Progress) -> Result<Report, ScanError> {
        let begun = Instant::now();
        let origin = Origin::new(name);
        let mut manifest = Manifest::new(&self.rules, Scope::Files);
        let findings = self
            .workspaces
            .with(|workspace| self.scan_stream(&origin, &mut input, workspace, progress))
            .map_err(|source| ScanError::Stream { name: name.to_owned(), source })?;
        manifest.files = 1;
        manifest.bytes = progress.bytes.load(Ordering::Relaxed);
        manifest.duration = begun.elapsed();
        Ok(Report::new(&self.rules, findings, manifest))
    }
}
