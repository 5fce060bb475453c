//! Inline exceptions that cover nothing: looked for in everything that is read, where somebody asks for it.

use crate::blob::{FileKind, Origin};
use crate::finding::{Finding, directive};
use crate::report::Report;
use crate::report::policy::{Notice, NoticeKind};
use crate::source::Visitor;
use crate::source::files::Walked;
use std::collections::HashSet;
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
            let (mut at, mut line) = (0, 1);
            let found = found.into_iter().map(|one| {
                line += memchr::memchr_iter(b'\n', &bytes[at..one.at]).count() as u64;
                at = one.at;
                (origin.clone(), line, one.rule)
            });
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    }

    fn large(&self, _: &Origin, _: FileKind) {}
}

impl InlineWatch {
    /// Those that no finding of `report` has taken.
    pub fn unused(&self, report: &Report) -> Vec<Notice> {
        let findings = report.findings.iter().chain(report.accepted.iter().map(|one| &one.finding));
        let said = |one: &'_ Finding| {
            one.directive.as_ref().map(|said| (one.place.origin.clone(), said.line, said.rule.clone()))
        };
        let taken: HashSet<_> = findings.filter_map(said).collect();
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = seen.iter().filter(|one| !taken.contains(*one));
        let said = |(origin, line, rule): &(Origin, u64, String)| Notice {
            kind: NoticeKind::Stale,
            text: format!("{}:{line}: `caulk:allow[{rule}]` covers nothing: take it out", origin.path),
        };
        unused.map(said).collect()
    }
}
