//! One chunk scanned, and the chunks of a blob put together.

mod directives;

use super::scanner::Scanner;
use super::workspace::Lanes;
use crate::blob::decode::{self, Utf16};
use crate::blob::{Chunk, FileKind, NamedKind, Origin};
use crate::detect::{Candidate, Encoded, Focus, Scratch};
use crate::finding::{Confidence, Evidence, Excerpt, Finding, Fingerprint, Part as FindingPart, Place, Secret};
use crate::judge::{self, Judged};
use crate::rule::RuleId;
use crate::span::{Advance, Span};
use std::ops::Range;

/// How often a text is decoded that stands in a text that was decoded.
const MOST_ENCODINGS: usize = 3;

/// What one chunk gave: its findings, placed relative to its beginning, and how far it moves the position.
#[derive(Default)]
pub(super) struct Part {
    findings: Vec<PartFinding>,
    advance: Advance,
    /// The inline exceptions near its findings.
    directives: Vec<directives::Near>,
}

struct PartFinding {
    rule: RuleId,
    secret: Secret,
    confidence: Confidence,
    evidence: Vec<Evidence>,
    /// In the blob.
    span: Span,
    /// From the beginning of the owned part to the secret's first byte, and past its last.
    start: Advance,
    end: Advance,
    excerpt: Excerpt,
    /// Rule and value of each part, and how far it stands from the beginning of the owned part.
    parts: Vec<(RuleId, Secret, Advance)>,
}

/// Whether positions behind a chunk matter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// Another chunk comes behind it.
    More,
    /// It is the last one.
    Nothing,
}

/// Bytes of a blob as they were read, and which of them are owned.
pub(super) struct RawChunk<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) owned: Range<usize>,
    /// Offset of `bytes` in the blob.
    pub(super) base: usize,
    pub(super) kind: FileKind,
    pub(super) utf16: Option<Utf16>,
    pub(super) follows: Follows,
}

impl<'b> RawChunk<'b> {
    /// A whole blob of this kind as one chunk.
    pub(super) fn whole(kind: FileKind, bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            owned: 0..bytes.len(),
            base: 0,
            kind,
            utf16: decode::sniff_utf16(bytes),
            follows: Follows::Nothing,
        }
    }
}

impl Scanner {
    /// The findings in `bytes`, by where they begin; `path` tells what kind of file they are.
    pub fn scan_bytes(&self, path: &str, bytes: &[u8]) -> Vec<Finding> {
        self.scan_blob_of(&Origin::new(path), bytes)
    }

    /// The findings in `bytes` of `origin`, by where they begin.
    pub(crate) fn scan_blob_of(&self, origin: &Origin, bytes: &[u8]) -> Vec<Finding> {
        self.scan_blob_as(origin, NamedKind::of(origin.key.bytes()), bytes)
    }

    /// The same, if what the path of `origin` tells is known.
    pub(crate) fn scan_blob_as(&self, origin: &Origin, named: NamedKind, bytes: &[u8]) -> Vec<Finding> {
        let kind = named.of_all(bytes);
        self.workspaces.with(|workspace| self.scan_blob(origin, kind, bytes, &mut workspace.lanes))
    }

    /// The findings in a blob that is in memory as a whole, by where they begin.
    pub(crate) fn scan_blob(&self, origin: &Origin, kind: FileKind, bytes: &[u8], lanes: &mut Lanes) -> Vec<Finding> {
        let part = self.scan_chunk(&RawChunk::whole(kind, bytes), lanes);
        self.join(origin, [part])
    }

    /// Scans one chunk.
    pub(super) fn scan_chunk(&self, raw: &RawChunk<'_>, lanes: &mut Lanes) -> Part {
        let Some(order) = raw.utf16 else {
            return self.scan_text(&Chunk { text: raw.bytes, owned: raw.owned.clone(), kind: raw.kind }, raw, lanes);
        };
        let text = decode::utf16_to_utf8(raw.bytes, order);
        let decoded_len = |raw_len: usize| decode::utf16_to_utf8(&raw.bytes[..raw_len], order).len();
        let owned = decoded_len(raw.owned.start)..decoded_len(raw.owned.end);
        self.scan_text(&Chunk { text: &text, owned, kind: raw.kind }, raw, lanes)
    }

    fn scan_text(&self, chunk: &Chunk<'_>, raw: &RawChunk<'_>, lanes: &mut Lanes) -> Part {
        lanes.candidates.clear();
        self.detector.detect(chunk, Focus::EVERYTHING, &mut lanes.scratch, &mut lanes.candidates);
        let advance = match raw.follows {
            Follows::More => Advance::over(&chunk.text[text_start(chunk, raw)..chunk.owned.end]),
            Follows::Nothing => Advance::default(),
        };
        let decoded = self.decoded(chunk, &lanes.scratch.encoded);
        if lanes.candidates.is_empty() && decoded.is_empty() {
            return Part { advance, ..Part::default() };
        }
        let judged = self.judge.judge(chunk, &lanes.candidates, decoded);
        // Masks of everything that was found, whoever owns it and however sure we are: a neighbour is never shown.
        let parts = judged.iter().flat_map(|one| &one.parts).map(|part| (part.secret, secret_at(chunk, part)));
        let secrets = judged.iter().map(|one| (one.candidate.secret, secret_at(chunk, &one.candidate)));
        let mut masks: Vec<(Span, Secret)> = secrets.chain(parts).collect();
        masks.sort_by_key(|(span, _)| *span);
        masks.dedup_by_key(|(span, _)| *span);
        let reported = |one: &Judged| chunk.owned.contains(&one.candidate.secret.start) && one.confidence >= self.least;
        let judged: Vec<Judged> = judged.into_iter().filter(reported).collect();
        let spans: Vec<Span> = judged.iter().map(|one| one.candidate.secret).collect();
        let mut findings = Vec::new();
        let (mut at, mut reached) = (Advance::default(), text_start(chunk, raw));
        for (one, (span, in_blob)) in judged.into_iter().zip(spans.iter().zip(raw_spans(raw, &spans))) {
            at = at.then(Advance::over(&chunk.text[reached.min(span.start)..span.start]));
            reached = span.start;
            findings.push(PartFinding {
                rule: one.candidate.rule,
                secret: secret_at(chunk, &one.candidate),
                confidence: one.confidence,
                evidence: one.evidence,
                span: in_blob,
                start: at,
                end: at.then(Advance::over(span.of(chunk.text))),
                excerpt: Excerpt::new(chunk.text, *span, &masks),
                parts: one.parts.iter().map(|part| part_at(chunk, text_start(chunk, raw), part)).collect(),
            });
        }
        // Only where something was found: elsewhere there is nothing to except.
        let near = || directives::near(chunk.text, text_start(chunk, raw), &masks);
        let directives = if findings.is_empty() { Vec::new() } else { near() };
        Part { findings, advance, directives }
    }

    /// What is found in the texts that stand encoded in `chunk`, a finding a text.
    pub(super) fn decoded(&self, chunk: &Chunk<'_>, encoded: &[Encoded]) -> Vec<Judged> {
        self.decoded_in(chunk, encoded, MOST_ENCODINGS)
    }

    /// The same for texts that can be encoded `times` times.
    fn decoded_in(&self, chunk: &Chunk<'_>, encoded: &[Encoded], times: usize) -> Vec<Judged> {
        let (mut scratch, mut candidates) = (Scratch::default(), Vec::new());
        let look_into = |one: &Encoded| {
            let kind = FileKind { role: chunk.kind.role, ..FileKind::of(b"", &one.text) };
            let inner = Chunk::whole(&one.text, kind);
            candidates.clear();
            self.detector.detect(&inner, Focus::EVERYTHING, &mut scratch, &mut candidates);
            let deeper = match times {
                0 | 1 => Vec::new(),
                _ => self.decoded_in(&inner, &std::mem::take(&mut scratch.encoded), times - 1),
            };
            if candidates.is_empty() && deeper.is_empty() {
                return None;
            }
            Judged::decoded(self.judge.judge(&inner, &candidates, deeper), one.span)
        };
        encoded.iter().filter_map(look_into).collect()
    }

    /// Puts the parts of a blob together, in order.
    pub(super) fn join(&self, origin: &Origin, parts: impl IntoIterator<Item = Part>) -> Vec<Finding> {
        let mut before = Advance::default();
        let (mut findings, mut stated) = (Vec::new(), directives::Directives::default());
        for part in parts {
            stated.add(before, part.directives);
            findings.extend(part.findings.into_iter().map(|found| self.place(origin, before, found)));
            before = before.then(part.advance);
        }
        stated.bind(&self.rules, &mut findings);
        if is_ignore_file(origin) {
            findings.retain(|finding| !is_fingerprint(finding));
        }
        findings
    }

    fn place(&self, origin: &Origin, before: Advance, found: PartFinding) -> Finding {
        let rule = self.rules.rule(found.rule);
        let part = |(rule, secret, at)| FindingPart { rule, secret, start: before.then(at).position() };
        Finding {
            rule: found.rule,
            fingerprint: Fingerprint::new(rule.id(), origin.key.bytes(), found.secret.expose()),
            secret: found.secret,
            confidence: found.confidence,
            severity: rule.severity(),
            evidence: found.evidence,
            place: Place {
                origin: origin.clone(),
                span: found.span,
                start: before.then(found.start).position(),
                end: before.then(found.end).position(),
                excerpt: found.excerpt,
            },
            exposure: None,
            parts: found.parts.into_iter().map(part).collect(),
            directive: None,
        }
    }
}

/// Is it a file of fingerprints?
fn is_ignore_file(origin: &Origin) -> bool {
    origin.key.bytes() == b".caulkignore"
}

/// Digits at the beginning of a line are what such a file is made of; rules know keys that look the same.
fn is_fingerprint(finding: &Finding) -> bool {
    let value = finding.secret.expose();
    finding.place.start.column == 1 && value.len() == 32 && value.iter().all(u8::is_ascii_hexdigit)
}

fn secret_at(chunk: &Chunk<'_>, candidate: &Candidate) -> Secret {
    Secret::new(candidate.secret.of(chunk.text), judge::known_prefix(candidate))
}

/// A part with its distance from `start`; one that begins before it is the neighbour's, and counts as standing there.
fn part_at(chunk: &Chunk<'_>, start: usize, part: &Candidate) -> (RuleId, Secret, Advance) {
    let at = part.secret.start.max(start);
    (part.rule, secret_at(chunk, part), Advance::over(&chunk.text[start..at]))
}

/// Where the owned part begins, behind the mark that may stand at the beginning of a blob and is no column.
fn text_start(chunk: &Chunk<'_>, raw: &RawChunk<'_>) -> usize {
    let start = chunk.owned.start;
    let mark = raw.base == 0 && start == 0 && chunk.text.starts_with("\u{FEFF}".as_bytes());
    if mark { "\u{FEFF}".len().min(chunk.owned.end) } else { start }
}

/// The spans in the blob of `spans` in the decoded chunk, which are in order.
fn raw_spans(raw: &RawChunk<'_>, spans: &[Span]) -> Vec<Span> {
    let Some(order) = raw.utf16 else { return spans.iter().map(|span| span.shifted(raw.base)).collect() };
    let offsets = decode::utf16_offsets(raw.bytes, order, spans.iter().flat_map(|span| [span.start, span.end]));
    offsets.chunks_exact(2).map(|ends| Span::new(ends[0], ends[1]).shifted(raw.base)).collect()
}
