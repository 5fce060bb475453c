//! What is written beside the files: messages and headers of commits and tags, names of files, reflogs, git's own text files.

use crate::finding::Finding;
use crate::git::{ObjectKind, ObjectNumber};
use crate::scan::Scanner;
use std::sync::{Mutex, PoisonError};

/// What a commit's message is called where a path would stand; other places that are no file have names like it.
pub const COMMIT_MESSAGE: &str = "(commit message)";
const COMMIT_HEADER: &str = "(commit header)";
const TAG_MESSAGE: &str = "(tag message)";

/// Longest id in a header, with its line end.
const MAX_ID_LINE: usize = 65;

/// Scans messages as they come by.
#[derive(Debug)]
pub(super) struct Messages<'m> {
    scanner: &'m Scanner,
    found: Mutex<Vec<(ObjectNumber, Finding)>>,
}

impl<'m> Messages<'m> {
    pub(super) const fn new(scanner: &'m Scanner) -> Self {
        Self { scanner, found: Mutex::new(Vec::new()) }
    }

    /// Scans the text of a commit or tag. Ids in the headers are no text.
    pub(super) fn scan(&self, number: ObjectNumber, kind: ObjectKind, bytes: &[u8]) {
        let body = memchr::memmem::find(bytes, b"\n\n").map_or(bytes.len(), |at| at + 2);
        let (headers, message) = bytes.split_at(body);
        let headers = &headers[ids_end(headers)..];
        let names = if kind == ObjectKind::Tag { [TAG_MESSAGE, TAG_MESSAGE] } else { [COMMIT_HEADER, COMMIT_MESSAGE] };
        for (name, text) in names.into_iter().zip([headers, message]) {
            let findings = self.scanner.scan_bytes(name, text);
            if !findings.is_empty() {
                let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                found.extend(findings.into_iter().map(|finding| (number, finding)));
            }
        }
    }

    /// What was found, by object.
    pub(super) fn finish(self) -> Vec<(ObjectNumber, Finding)> {
        let mut found = self.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        // An object that lies in two packs was seen twice.
        found.sort_by(|(one, first), (two, second)| {
            let key = |finding: &Finding| (finding.place.origin.clone(), finding.place.span, finding.rule);
            one.cmp(two).then_with(|| key(first).cmp(&key(second)))
        });
        found.dedup_by(|(one, first), (two, second)| {
            one == two && first.place.origin == second.place.origin && first.place.span == second.place.span
        });
        found
    }
}

/// Where the lines end that name other objects.
fn ids_end(headers: &[u8]) -> usize {
    let is_id = |line: &&[u8]| {
        let value = [&b"tree "[..], b"parent ", b"object ", b"type "].iter().find_map(|key| line.strip_prefix(*key));
        value.is_some_and(|value| {
            value.trim_ascii_end().iter().all(u8::is_ascii_alphanumeric) && value.len() <= MAX_ID_LINE
        })
    };
    headers.split_inclusive(|byte| *byte == b'\n').take_while(is_id).map(<[u8]>::len).sum()
}
