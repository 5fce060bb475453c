//! Explanations: the same detection and the same judge as in a scan, with everything kept that a scan drops.

use super::chunks::RawChunk;
use super::scanner::Scanner;
use crate::blob::decode;
use crate::blob::{Chunk, FileKind, NamedKind, Origin};
use crate::detect::{Candidate, Focus, Scratch};
use crate::finding::{Confidence, Evidence, Finding, Fingerprint, Secret};
use crate::judge::{self, Judged, found_evidence};
use crate::rule::RuleId;
use crate::span::{Advance, Position, Span};

/// Which candidates are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Those on this line, from 1.
    Line(u64),
    /// Those whose finding or secret has an id that begins so.
    Id(String),
}

/// What became of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is a finding.
    Found(Confidence),
    /// It is the id that belongs to a finding beside it.
    Part,
    /// It is none: the step that ended it, and why.
    Rejected {
        /// The step.
        step: &'static str,
        /// Why, in words.
        why: String,
    },
}

/// One candidate, explained.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The rule.
    pub rule: RuleId,
    /// The value, masked.
    pub secret: Secret,
    /// Where it begins, and right behind its end.
    pub start: Position,
    /// Right behind its end.
    pub end: Position,
    /// What counted, as far as it went.
    pub evidence: Vec<Evidence>,
    /// What became of it.
    pub fate: Fate,
    /// What its finding is or would be called.
    pub fingerprint: Fingerprint,
    /// What its secret is or would be called.
    pub secret_id: Fingerprint,
}

/// A candidate that was kept.
struct Kept {
    candidate: Candidate,
    evidence: Vec<Evidence>,
    fate: Fate,
}

impl Scanner {
    /// Every candidate in `bytes` of `origin` that `question` asks about, by where it begins, and why it is a finding or none.
    pub fn explain(&self, origin: &Origin, bytes: &[u8], question: &Question) -> Vec<Explained> {
        let raw = RawChunk::whole(self.kind_of(origin, bytes), bytes);
        let decoded = raw.utf16.map(|order| decode::utf16_to_utf8(bytes, order));
        let text = decoded.as_deref().unwrap_or(bytes);
        let text = text.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(text);
        let chunk = Chunk::whole(text, raw.kind);
        let (mut scratch, mut candidates) = (Scratch::default(), Vec::new());
        self.detector.detect(&chunk, Focus::EVERYTHING, &mut scratch, &mut candidates);
        let asked = self.asked(origin, text, question);
        let mut kept = Vec::new();
        let decoded = self.decoded(&chunk, &scratch.encoded);
        let winners = self.judge.sift(&chunk, &candidates, decoded, |candidate, why, evidence| {
            if asked(candidate) {
                let why = (why.step(), why.words(&self.rules, &chunk, candidate));
                let fate = Fate::Rejected { step: why.0, why: why.1 };
                // The judge says how it was found only of what got further.
                let mut evidence = evidence.to_vec();
                if evidence.is_empty() {
                    evidence.push(found_evidence(&chunk, candidate));
                }
                kept.push(Kept { candidate: *candidate, evidence, fate });
            }
        });
        for Judged { candidate, confidence, evidence, parts } in winners {
            let parts = parts.into_iter().filter(|part| asked(part));
            kept.extend(parts.map(|candidate| Kept { candidate, evidence: Vec::new(), fate: Fate::Part }));
            if asked(&candidate) {
                kept.push(Kept { candidate, evidence, fate: Fate::Found(confidence) });
            }
        }
        kept.sort_by_key(|one| (one.candidate.secret, one.candidate.rule));
        kept.dedup_by(|one, two| one.candidate == two.candidate && one.fate == two.fate);
        kept.into_iter().map(|one| self.explained(origin, text, one)).collect()
    }

    /// Is a candidate one that is asked about?
    fn asked<'a>(
        &'a self,
        origin: &'a Origin,
        text: &'a [u8],
        question: &'a Question,
    ) -> Box<dyn Fn(&Candidate) -> bool + 'a> {
        match question {
            Question::Line(line) => {
                let span = line_span(text, *line);
                Box::new(move |one| span.is_some_and(|span| span.overlaps(one.secret) || span.overlaps(one.matched)))
            }
            Question::Id(id) => Box::new(move |one| {
                let (rule, value) = (self.rules.rule(one.rule).id(), one.secret.of(text));
                let ids = [Fingerprint::new(rule, origin.key.bytes(), value), Fingerprint::of_value(rule, value)];
                ids.iter().any(|own| own.to_string().starts_with(id))
            }),
        }
    }

    fn explained(&self, origin: &Origin, text: &[u8], kept: Kept) -> Explained {
        let Kept { candidate, evidence, fate } = kept;
        let (rule, value) = (self.rules.rule(candidate.rule).id(), candidate.secret.of(text));
        let before = Advance::over(&text[..candidate.secret.start]);
        Explained {
            rule: candidate.rule,
            secret: Secret::new(value, judge::known_prefix(&candidate)),
            start: before.position(),
            end: before.then(Advance::over(value)).position(),
            evidence,
            fate,
            fingerprint: Fingerprint::new(rule, origin.key.bytes(), value),
            secret_id: Fingerprint::of_value(rule, value),
        }
    }

    /// What a scan of `bytes` of `origin` finds.
    pub fn scan_origin(&self, origin: &Origin, bytes: &[u8]) -> Vec<Finding> {
        self.scan_blob_of(origin, bytes)
    }

    /// What kind of file this is taken for.
    pub fn kind_of(&self, origin: &Origin, bytes: &[u8]) -> FileKind {
        NamedKind::of(origin.key.bytes()).of_all(bytes)
    }
}

/// The bytes of a line; none if the text has fewer.
fn line_span(text: &[u8], line: u64) -> Option<Span> {
    let skip = usize::try_from(line.checked_sub(1)?).ok()?;
    let start = match skip.checked_sub(1) {
        None => 0,
        Some(newline) => memchr::memchr_iter(b'\n', text).nth(newline)? + 1,
    };
    let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
    // An empty line holds nothing and is there all the same.
    Some(Span::new(start, end.max(start)))
}
