//! What is known of a project's findings: by scanning it now, or from a report.

use super::args::policy::ProjectArgs;
use super::args::{ConfidenceArg, PolicyArgs};
use super::policy;
use anyhow::{Context, Result, bail};
use caulk::config::project::root_of;
use caulk::config::{Flags, shown};
use caulk::exception::{Exceptions, Extent, IgnoreFile};
use caulk::git::GitError;
use caulk::replace::{Access, replace};
use caulk::{Confidence, Finding, Fingerprint, HistoryOptions, Progress, Report, Scanner, WalkOptions};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// One finding at one place, as an entry of the ignore file needs it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) fingerprint: Fingerprint,
    pub(super) secret_id: Fingerprint,
    pub(super) rule: String,
    /// The path from the root.
    pub(super) key: Vec<u8>,
    /// For people.
    pub(super) at: String,
}

/// A project, with the policy in force in it.
pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) exceptions: Exceptions,
    pub(super) scanner: Scanner,
}

impl Project {
    /// The project that was named; everything from `confidence` on is found in it.
    pub(super) fn open(args: &ProjectArgs, confidence: Option<Confidence>) -> Result<Self> {
        let root = root_of(&args.path).with_context(|| format!("there is no project `{}`", args.path.display()))?;
        let policy = PolicyArgs { config: args.config.clone(), no_repo_config: false, config_from: None };
        let flags = Flags { confidence, ..policy::flags(None::<ConfidenceArg>, None, &args.rules) };
        let exceptions = policy::load(std::slice::from_ref(&args.path), &policy, flags)?;
        let config = exceptions.config();
        let scanner = Scanner::new(config.rule_set()?, config.confidence.value)?;
        Ok(Self { root, exceptions, scanner })
    }

    /// All files, with what exceptions cover.
    pub(super) fn scan_files(&self) -> Result<Report> {
        let walk = WalkOptions { leave_out: self.exceptions.excluded(), ..WalkOptions::default() };
        let mut report = self.scanner.scan_paths(&[shown(&self.root).into()], &walk, &Progress::default())?;
        self.exceptions.apply(&self.scanner, &mut report, Extent::Part);
        Ok(report)
    }

    /// The history, if there is one.
    pub(super) fn scan_history(&self) -> Result<Option<Report>> {
        match self.scanner.scan_history(&self.root, &HistoryOptions::default(), &Progress::default()) {
            Ok(mut report) => {
                self.exceptions.apply(&self.scanner, &mut report, Extent::Part);
                Ok(Some(report))
            }
            Err(GitError::NoRepository(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the ignore file in place, as a whole or not at all.
    pub(super) fn write(&self, file: &IgnoreFile) -> Result<PathBuf> {
        let path = self.root.join(caulk::config::IGNORE_FILE);
        let written = replace(&path, Access::Usual, |mut out| out.write_all(file.to_text().as_bytes()));
        written.with_context(|| format!("`{}` cannot be written", path.display()))?;
        Ok(path)
    }
}

/// Every place of the findings of a report.
pub(super) fn of_report<'r>(report: &'r Report, findings: impl Iterator<Item = &'r Finding>) -> Vec<Known> {
    let mut all = Vec::new();
    for finding in findings {
        let known = |fingerprint, place: &caulk::finding::Place| Known {
            fingerprint,
            secret_id: report.secret_id(finding),
            rule: report.rule(finding).id().to_owned(),
            key: place.origin.key.bytes().to_vec(),
            at: format!("{}:{}", place.origin.path, place.start.line),
        };
        match &finding.exposure {
            None => all.push(known(finding.fingerprint, &finding.place)),
            Some(exposure) => all.extend(exposure.places.iter().map(|one| known(one.fingerprint, &one.place))),
        }
    }
    all
}

/// The findings of a JSON report.
pub(super) fn of_file(path: &Path) -> Result<Vec<Known>> {
    let shown = path.display();
    let text = std::fs::read(path).with_context(|| format!("the report `{shown}` cannot be read"))?;
    let report: Value =
        serde_json::from_slice(&text).with_context(|| format!("`{shown}` is no JSON report of caulk"))?;
    if report["schema"] != "caulk/1" {
        bail!("`{shown}` is no JSON report of caulk: `caulk scan -f json={shown}` writes one");
    }
    let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut known = Vec::new();
    for (number, finding) in (1..).zip(findings) {
        let whole = one_of_file(finding).with_context(|| {
            format!("finding {number} of `{shown}` lacks what an exception needs: write the report anew")
        })?;
        known.extend(whole);
    }
    Ok(known)
}

fn one_of_file(finding: &Value) -> Option<Vec<Known>> {
    let id = |value: &Value| value.as_str().and_then(Fingerprint::parse);
    let (rule, secret_id) = (finding["rule"].as_str()?.to_owned(), id(&finding["secretId"])?);
    let place = |one: &Value, key: &str| {
        Some(Known {
            fingerprint: id(&one["fingerprint"])?,
            secret_id,
            rule: rule.clone(),
            key: one[key].as_str()?.as_bytes().to_vec(),
            at: format!("{}:{}", one["path"].as_str()?, one["line"]),
        })
    };
    match finding["exposure"]["places"].as_array() {
        Some(places) => places.iter().map(|one| place(one, "path")).collect(),
        None => Some(vec![place(finding, "key")?]),
    }
}
