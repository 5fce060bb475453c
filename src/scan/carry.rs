//! Findings carried over: what stands in a blob as it stood in the one that it was made from needs no second look.
//!
//! A finding is carried if everything that decides about it was copied with it, [`REACH`] on both sides. Whatever could make it
//! another one sends the whole blob to a scan.

use super::scanner::Scanner;
use crate::blob::Origin;
use crate::detect::REACH;
use crate::finding::{Finding, Fingerprint, directive};
use crate::span::{Position, Span};

/// Most stretches of one blob that hold findings; where there are more, a scan of the whole is as good.
const MOST: usize = 64;

/// A stretch that two blobs share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    /// Where it stands in the old blob.
    pub(crate) old: Span,
    /// Where it begins in the new one.
    pub(crate) at: usize,
}

impl Shared {
    /// Is everything shared that decides about what stands at `span` of the old blob?
    fn decides(&self, span: Span, (old, new): (&[u8], &[u8])) -> bool {
        let begins = self.old.start == 0 && self.at == 0;
        let ends = self.old.end == old.len() && self.at + self.old.len() == new.len();
        (begins || self.old.start + REACH <= span.start) && (ends || span.end + REACH <= self.old.end)
    }
}

impl Scanner {
    /// The findings of `new` that were copied from `old`, in which `found` stands, by way of `shared` stretches; `None` if only a scan
    /// tells.
    pub(crate) fn carry(
        &self,
        origin: &Origin,
        found: &[Finding],
        blobs: (&[u8], &[u8]),
        shared: impl Iterator<Item = Shared>,
    ) -> Option<Vec<Finding>> {
        let (old, new) = blobs;
        let mut carried = Vec::new();
        let mut stretches = 0;
        for stretch in shared {
            let first = found.partition_point(|finding| finding.place.span.end <= stretch.old.start);
            let inside = found[first..].iter().take_while(|finding| finding.place.span.start < stretch.old.end);
            let mut inside = inside.peekable();
            if inside.peek().is_none() {
                continue;
            }
            stretches += 1;
            if stretches > MOST {
                return None;
            }
            let line_of = |text: &[u8]| memchr::memchr_iter(b'\n', text).count() as u64 + 1;
            let lines = (line_of(&old[..stretch.old.start]), line_of(&new[..stretch.at]));
            for finding in inside {
                let fits = stretch.decides(finding.place.span, blobs);
                carried.push(if fits { self.moved(origin, finding, stretch, lines) } else { None }?);
            }
        }
        let excepted = || found.iter().any(|finding| finding.directive.is_some()) || !directive::find(new).is_empty();
        (carried.is_empty() || !excepted()).then_some(carried)
    }

    /// `finding` where the stretch stands that holds it, which begins in the first of `lines` of the old blob and in the second of the
    /// new one; `None` if that does not tell its column.
    fn moved(&self, origin: &Origin, finding: &Finding, to: Shared, lines: (u64, u64)) -> Option<Finding> {
        let same = to.old.start == 0 && to.at == 0;
        let place = |at: Position| {
            let known = same || at.line > lines.0;
            known.then(|| Position { line: (at.line + lines.1).saturating_sub(lines.0), ..at })
        };
        let mut moved = finding.clone();
        let rule = self.rules().rule(finding.rule);
        moved.fingerprint = Fingerprint::new(rule.id(), origin.key.bytes(), finding.secret.expose());
        moved.place.origin = origin.clone();
        let start = finding.place.span.start - to.old.start + to.at;
        moved.place.span = Span::new(start, start + finding.place.span.len());
        moved.place.start = place(finding.place.start)?;
        moved.place.end = place(finding.place.end)?;
        for part in &mut moved.parts {
            part.start = place(part.start)?;
        }
        Some(moved)
    }
}
