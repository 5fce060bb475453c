//! Reports: what was found, and an honest account of what was scanned.
//!
//! [`Report`] is sorted and complete when it gets here; each format is one file with structures of its own, so that what
//! machines read does not move when internals do. Nothing here sees candidates or raw secrets, but for [`ShowSecrets`].

pub mod checklist;
pub mod code_scanning;
mod content;
pub mod csv;
pub mod exposure;
pub mod github;
pub mod gitlab;
mod groups;
pub mod html;
pub mod json;
pub mod junit;
mod life;
pub mod markdown;
mod moment;
pub mod policy;
pub mod sarif;
pub mod text;
mod text_environment;
mod text_exposure;
mod text_policy;

pub use policy::{Accepted, ExceptionKind, Policy};

pub use content::Content;
pub use moment::Moment;

use crate::blob::PlacePath;
use crate::check::EnvFile;
use crate::finding::{Confidence, Finding, Fingerprint, Severity};
use crate::rule::{Rule, RuleSet};
use crate::source::Skip;
use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

/// Whether raw values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShowSecrets {
    /// Masks only.
    #[default]
    Never,
    /// The raw values too, because a person asked for them.
    Yes,
}

/// What a run looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Files and streams.
    #[default]
    Files,
    /// What is staged for the next commit.
    Staged,
    /// The objects of a repository.
    History,
}

impl Scope {
    /// In one word, for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Staged => "staged",
            Self::History => "history",
        }
    }
}

/// What was scanned, what was not, and why.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What was looked at.
    pub scope: Scope,
    /// Files, or objects, scanned, wholly or as far as they could be read.
    pub files: u64,
    /// Bytes scanned.
    pub bytes: u64,
    /// Objects that an earlier run had scanned, by the cache, so that they were not scanned again.
    pub known: u64,
    /// What else is worth saying about the run.
    pub notes: Vec<String>,
    /// What was not scanned, sorted by path.
    pub skips: Vec<Skip>,
    /// What git ignores and was therefore left out; folders were not looked into.
    pub ignored: Vec<PlacePath>,
    /// Environment files that set secrets.
    pub environment: Vec<EnvFile>,
    /// How many rules were active.
    pub rules: usize,
    /// Digest of the active rules.
    pub rules_digest: String,
    /// How long it took.
    pub duration: Duration,
    /// What was configured, by whom, and what came of the exceptions.
    pub policy: Policy,
}

impl Manifest {
    /// The manifest of a run that has not scanned anything yet.
    pub fn new(rules: &RuleSet, scope: Scope) -> Self {
        Self {
            scope,
            files: 0,
            bytes: 0,
            known: 0,
            notes: Vec::new(),
            skips: Vec::new(),
            ignored: Vec::new(),
            environment: Vec::new(),
            rules: rules.len(),
            rules_digest: rules.digest(),
            duration: Duration::ZERO,
            policy: Policy::default(),
        }
    }

    /// What should have been scanned and could not be.
    pub fn failures(&self) -> impl Iterator<Item = &Skip> {
        self.skips.iter().filter(|skip| skip.reason.is_failure())
    }

    /// Was everything scanned that should have been?
    pub fn is_complete(&self) -> bool {
        self.failures().next().is_none()
    }
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Report {
    rules: Arc<RuleSet>,
    /// By origin, then by where they begin.
    pub findings: Vec<Finding>,
    /// What was found and is covered by an exception: shown apart, and no reason to fail a run. In the same order.
    pub accepted: Vec<Accepted>,
    /// The account of the run.
    pub manifest: Manifest,
}

impl Report {
    /// A report; sorts what it is given.
    pub fn new(rules: &Arc<RuleSet>, mut findings: Vec<Finding>, mut manifest: Manifest) -> Self {
        findings.sort_by(in_order);
        manifest.skips.sort();
        Self { rules: Arc::clone(rules), findings, accepted: Vec::new(), manifest }
    }

    /// Takes in what the history of the same files holds: secrets that are known get their exposure, others are added.
    pub fn add_history(&mut self, history: Self) {
        for past in history.findings {
            match self.findings.iter_mut().find(|finding| finding.secret == past.secret) {
                Some(known) => known.exposure = past.exposure,
                None => self.findings.push(past),
            }
        }
        for past in history.accepted {
            let accepted = self.accepted.iter_mut().map(|one| &mut one.finding);
            match self.findings.iter_mut().chain(accepted).find(|finding| finding.secret == past.finding.secret) {
                Some(known) => known.exposure = past.finding.exposure,
                None => self.accepted.push(past),
            }
        }
        self.manifest.skips.extend(history.manifest.skips);
        self.manifest.skips.sort();
        self.manifest.policy.add(history.manifest.policy);
        self.sort();
    }

    /// Puts findings and accepted findings in order.
    pub fn sort(&mut self) {
        self.findings.sort_by(in_order);
        self.accepted.sort_by(|one, two| in_order(&one.finding, &two.finding));
    }

    /// The rule of a finding of this report.
    pub fn rule(&self, finding: &Finding) -> &Rule {
        self.rules.rule(finding.rule)
    }

    /// The active rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The same for all places of one secret.
    pub fn secret_id(&self, finding: &Finding) -> Fingerprint {
        Fingerprint::of_value(self.rule(finding).id(), finding.secret.expose())
    }

    /// How many findings are at least as severe as `severity`; those of rules on trial do not count.
    pub fn at_least(&self, severity: Severity) -> usize {
        let counts = |finding: &&Finding| finding.severity >= severity && !self.rule(finding).syntax().trial;
        self.findings.iter().filter(counts).count()
    }
}

/// By origin, then by where they begin.
fn in_order(one: &Finding, two: &Finding) -> Ordering {
    let key = |finding: &Finding| (finding.place.span, finding.rule);
    one.place.origin.cmp(&two.place.origin).then_with(|| key(one).cmp(&key(two)))
}

/// The word for a severity in reports.
pub const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The word for a confidence in reports.
pub const fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
        Confidence::Certain => "certain",
    }
}
