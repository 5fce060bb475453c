//! Known values: secrets that are looked for letter by letter, wherever they stand.

use super::scanner::Scanner;
use crate::blob::Origin;
use crate::finding::{Evidence, Excerpt, Finding, Fingerprint, Place, Secret};
use crate::span::{Advance, Span};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::collections::BTreeMap;

/// Shortest value that is looked for; what is shorter stands in many places by chance.
const SHORTEST: usize = 8;

/// Values to look for.
#[derive(Debug)]
pub(crate) struct KnownValues {
    automaton: AhoCorasick,
    /// A finding of each value.
    known: Vec<Finding>,
    /// Length of the longest value, in bytes.
    pub(crate) longest: usize,
}

impl KnownValues {
    /// The values of `findings`, the surest finding of each; `None` if none is long enough.
    pub(crate) fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Option<Self> {
        let mut known: BTreeMap<&[u8], &Finding> = BTreeMap::new();
        for finding in findings.filter(|finding| finding.secret.len() >= SHORTEST) {
            let best = known.entry(finding.secret.expose()).or_insert(finding);
            let rank = |finding: &Finding| (finding.confidence, finding.severity, std::cmp::Reverse(finding.rule));
            if rank(finding) > rank(best) {
                *best = finding;
            }
        }
        let automaton = AhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest).build(known.keys()).ok()?;
        let longest = known.keys().map(|value| value.len()).max()?;
        Some(Self { automaton, known: known.into_values().cloned().collect(), longest })
    }

    /// Where one of the values stands in `text`, not as a part of something longer.
    pub(crate) fn find<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, Span)> + 't {
        let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        let inside = move |start: usize, end: usize| {
            letter(start.checked_sub(1)) && letter(Some(start)) || letter(end.checked_sub(1)) && letter(Some(end))
        };
        self.automaton
            .find_iter(text)
            .filter(move |hit| !inside(hit.start(), hit.end()))
            .map(|hit| (hit.pattern().as_usize(), Span::new(hit.start(), hit.end())))
    }
}

impl Scanner {
    /// The places of known values in a blob, other than those that `found` has already.
    pub(crate) fn find_known(
        &self,
        origin: &Origin,
        text: &[u8],
        values: &KnownValues,
        found: &[Finding],
    ) -> Vec<Finding> {
        let hits: Vec<(usize, Span)> = values.find(text).collect();
        let masks: Vec<(Span, Secret)> =
            hits.iter().map(|(at, span)| (*span, values.known[*at].secret.clone())).collect();
        let new = hits.iter().filter(|(_, span)| !found.iter().any(|finding| finding.place.span.overlaps(*span)));
        let place = |(at, span): &(usize, Span)| {
            let known = &values.known[*at];
            let start = Advance::over(&text[..span.start]);
            Finding {
                fingerprint: Fingerprint::new(
                    self.rules().rule(known.rule).id(),
                    origin.key.bytes(),
                    known.secret.expose(),
                ),
                evidence: match known.evidence.as_slice() {
                    [local @ Evidence::Local(_)] => vec![local.clone()],
                    _ => vec![Evidence::Known],
                },
                directive: None,
                place: Place {
                    origin: origin.clone(),
                    span: *span,
                    start: start.position(),
                    end: start.then(Advance::over(span.of(text))).position(),
                    excerpt: Excerpt::new(text, *span, &masks),
                },
                ..known.clone()
            }
        };
        new.map(place).collect()
    }
}
