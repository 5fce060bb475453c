//! What is written beside the files: messages and headers of commits and tags, names of files, reflogs, git's own text files.

use super::cache::known::Known;
use crate::blob::{NamedKind, Origin};
use crate::finding::Finding;
use crate::git::{ObjectKind, ObjectNumber};
use crate::rule::RuleId;
use crate::scan::Scanner;
use crate::span::Span;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What a commit's message is called where a path would stand; other places that are no file have names like it.
pub const COMMIT_MESSAGE: &str = "(commit message)";
const COMMIT_HEADER: &str = "(commit header)";
const TAG_MESSAGE: &str = "(tag message)";

/// A part of a commit or tag, as a place of findings.
pub(super) struct Part {
    pub(super) origin: Origin,
    kind: NamedKind,
}

/// Made once, since there are many messages.
static PARTS: LazyLock<[Part; 3]> = LazyLock::new(|| {
    let part = |name| Part { origin: Origin::new(name), kind: NamedKind::of(str::as_bytes(name)) };
    [COMMIT_HEADER, COMMIT_MESSAGE, TAG_MESSAGE].map(part)
});

/// Longest id in a header, with its line end.
const MAX_ID_LINE: usize = 65;

/// Scans messages as they come by.
#[derive(Debug)]
pub(super) struct Messages<'m> {
    scanner: &'m Scanner,
    /// Messages that an earlier run has scanned.
    known: &'m Known,
    found: Mutex<Vec<(ObjectNumber, Finding)>>,
}

impl<'m> Messages<'m> {
    pub(super) const fn new(scanner: &'m Scanner, known: &'m Known) -> Self {
        Self { scanner, known, found: Mutex::new(Vec::new()) }
    }

    /// Scans the text of a commit or tag, unless an earlier run found nothing in it.
    pub(super) fn scan(&self, number: ObjectNumber, kind: ObjectKind, bytes: &[u8]) {
        if self.known.is_clean_message(number) {
            return;
        }
        let findings = scan(self.scanner, kind, bytes);
        if !findings.is_empty() {
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            found.extend(findings.into_iter().map(|finding| (number, finding)));
        }
    }

    /// What was found, by object.
    pub(super) fn finish(self) -> Vec<(ObjectNumber, Finding)> {
        let mut found = self.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        // An object that lies in two packs was seen twice.
        found.sort_by(|(one, first), (two, second)| one.cmp(two).then_with(|| key(first).cmp(&key(second))));
        found.dedup_by(|(one, first), (two, second)| one == two && is_same(first, second));
        found
    }
}

/// What is found in the text of a commit or tag, in order.
pub(super) fn scan(scanner: &Scanner, kind: ObjectKind, bytes: &[u8]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, text) in parts(kind, bytes) {
        found.extend(scanner.scan_blob_as(&place.origin, place.kind, text));
    }
    found.sort_by(|one, two| key(one).cmp(&key(two)));
    found.dedup_by(|one, two| is_same(one, two));
    found
}

/// The headers and the message of a commit or tag, with what they are. Ids in the headers are no text.
pub(super) fn parts(kind: ObjectKind, bytes: &[u8]) -> [(&'static Part, &[u8]); 2] {
    let body = memchr::memmem::find(bytes, b"\n\n").map_or(bytes.len(), |at| at + 2);
    let (headers, message) = bytes.split_at(body);
    let [commit_header, commit_message, tag] = &*PARTS;
    let [first, second] = if kind == ObjectKind::Tag { [tag, tag] } else { [commit_header, commit_message] };
    [(first, &headers[ids_end(headers)..]), (second, message)]
}

fn key(finding: &Finding) -> (&Origin, Span, RuleId) {
    (&finding.place.origin, finding.place.span, finding.rule)
}

fn is_same(one: &Finding, two: &Finding) -> bool {
    one.place.origin == two.place.origin && one.place.span == two.place.span
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
