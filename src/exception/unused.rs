//! Inline exceptions that cover nothing: looked for in everything that is read, where somebody asks for it.

use crate::blob::{FileKind, Origin};
use crate::finding::directive;
use crate::report::Report;
use crate::report::policy::{Notice, NoticeKind};
use crate::source::Visitor;
use crate::source::files::Walked;
use crate::span::Advance;
use std::sync::{Mutex, PoisonError};

/// Sees all inline exceptions of a scan.
#[derive(Debug, Default)]
pub struct InlineWatch {
    seen: Mutex<Vec<(Origin, u64, String)>>,
}

impl Visitor for InlineWatch {
    fn begin(&self, _: &Walked) {}

    fn file(&self, origin: &Origin, _: FileKind, bytes: &[u8]) {
        let found = directive::find(bytes);
        if !found.is_empty() {
            let line = |at: usize| Advance::over(&bytes[..at]).position().line;
            let found = found.into_iter().map(|one| (origin.clone(), line(one.at), one.rule));
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    }

    fn large(&self, _: &Origin, _: FileKind) {}
}

impl InlineWatch {
    /// Those that no finding of `report` has taken.
    pub fn unused(&self, report: &Report) -> Vec<Notice> {
        let findings = report.findings.iter().chain(report.accepted.iter().map(|one| &one.finding));
        let taken: Vec<_> = findings.filter_map(|one| Some((&one.place.origin, one.directive.as_deref()?))).collect();
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |(origin, line, rule): &(Origin, u64, String)| {
            taken.iter().any(|(at, one)| *at == origin && one.line == *line && one.rule == *rule)
        };
        let unused = seen.iter().filter(|one| !is_taken(one));
        let said = |(origin, line, rule): &(Origin, u64, String)| Notice {
            kind: NoticeKind::Stale,
            text: format!("{}:{line}: `caulk:allow[{rule}]` covers nothing: take it out", origin.path),
        };
        unused.map(said).collect()
    }
}
