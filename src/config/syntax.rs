//! `.caulk.toml` as written: the serde form, with the place of everything that can be wrong or has to be named.

use crate::rule::{Confidence, Severity};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    pub(super) extends: Vec<Spanned<Pack>>,
    pub(super) rules: RulesTable,
    pub(super) thresholds: Thresholds,
    pub(super) paths: Paths,
    pub(super) exceptions: Vec<Spanned<FindingException>>,
    pub(super) checklist: Checklist,
}

/// A file of further rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pack {
    pub(super) file: String,
    /// Its absence is told with the right one.
    pub(super) sha256: Option<String>,
}

/// Which rules are on, and how bad and how sure their findings are.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RulesTable {
    pub(super) defaults: Option<Spanned<bool>>,
    pub(super) disable: Vec<Spanned<String>>,
    pub(super) enable: Vec<Spanned<String>>,
    pub(super) severity: BTreeMap<String, Spanned<Severity>>,
    pub(super) confidence: BTreeMap<String, Spanned<Confidence>>,
}

/// What is reported, and what fails a run.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Thresholds {
    pub(super) confidence: Option<Spanned<Confidence>>,
    pub(super) fail_on: Option<Spanned<Severity>>,
}

/// What is read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Paths {
    pub(super) exclude: Vec<Spanned<String>>,
}

/// An accepted kind of finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingException {
    pub(super) rule: Option<String>,
    pub(super) path: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) until: Option<Datetime>,
}

/// The checklist.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Checklist {
    pub(super) exceptions: Vec<Spanned<CheckException>>,
}

/// An accepted failure of the checklist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckException {
    pub(super) check: String,
    pub(super) path: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) until: Option<Datetime>,
}
