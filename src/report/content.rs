//! What a document tells of: findings, a checklist or both, and the account of the run. Formats that have parts take this, so that
//! one of them serves all commands.

use super::{Manifest, Moment, Report};
use crate::check::Checklist;

/// The parts of a document.
#[derive(Clone, Copy, Debug)]
pub struct Content<'r> {
    /// The findings; none where only a checklist was asked for.
    pub findings: Option<&'r Report>,
    /// The checklist, if one was made.
    pub checklist: Option<&'r Checklist>,
    /// The account of the run.
    pub manifest: &'r Manifest,
    /// When the run ended.
    pub ended: Moment,
}

impl<'r> Content<'r> {
    /// The findings of a scan.
    pub const fn findings(report: &'r Report, ended: Moment) -> Self {
        Self { findings: Some(report), checklist: None, manifest: &report.manifest, ended }
    }

    /// A checklist, and what of `report` says how much could be read.
    pub const fn checklist(checklist: &'r Checklist, report: &'r Report, ended: Moment) -> Self {
        Self { findings: None, checklist: Some(checklist), manifest: &report.manifest, ended }
    }

    /// Findings and checklist.
    pub const fn audit(report: &'r Report, checklist: &'r Checklist, ended: Moment) -> Self {
        Self { findings: Some(report), checklist: Some(checklist), manifest: &report.manifest, ended }
    }
}
