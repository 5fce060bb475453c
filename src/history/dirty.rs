//! Dirty regions: what of an object its base does not already answer for.

use crate::git::delta::{Piece, Source};
use crate::span::Span;

/// What lies between two edits that are nearer to each other is counted as new, so that there are not too many of them.
const JOIN: usize = 48;

/// What of an object, made by `pieces` from a base of `base_len` bytes, is not as in the base: new bytes, borders between
/// pieces, and a beginning or an end that was none. Ordered, none touching another.
pub(super) fn edits(pieces: &[Piece], base_len: usize, out: &mut Vec<Span>) {
    out.clear();
    let mut edit = |start: usize, end: usize| match out.last_mut() {
        Some(last) if start <= last.end + JOIN => last.end = end,
        _ => out.push(Span::new(start, end)),
    };
    for (at, piece) in pieces.iter().enumerate() {
        let end = piece.at + piece.len;
        match piece.from {
            Source::Delta(_) => edit(piece.at, end),
            // Pieces that follow each other in the base as well are one, so each border is an edit.
            Source::Base(start) => {
                if at > 0 || start != 0 {
                    edit(piece.at, piece.at);
                }
                if at + 1 < pieces.len() || start + piece.len != base_len {
                    edit(end, end);
                }
            }
        }
    }
}

/// The parts of an object of `len` bytes within `reach` of its `edits`, none touching another, each with the edits in it.
pub(super) fn regions(edits: &[Span], len: usize, reach: usize) -> impl Iterator<Item = (Span, &[Span])> {
    edits.chunk_by(move |one, two| one.end + 2 * reach >= two.start).filter_map(move |edits| {
        let (first, last) = (edits.first()?, edits.last()?);
        Some((Span::new(first.start.saturating_sub(reach), (last.end + reach).min(len)), edits))
    })
}

/// Where in an object the `spans` of its base are that were copied whole.
pub(super) fn carried(pieces: &[Piece], spans: &[Span]) -> bool {
    pieces.iter().any(|piece| match piece.from {
        Source::Base(start) => spans.iter().any(|span| start <= span.start && span.end <= start + piece.len),
        Source::Delta(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pieces: &[(usize, Option<usize>)], base_len: usize, reach: usize) -> Vec<(usize, usize)> {
        let mut at = 0;
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|&(len, from)| {
                at += len;
                Piece { at: at - len, len, from: from.map_or(Source::Delta(0), Source::Base) }
            })
            .collect();
        let mut new = Vec::new();
        edits(&pieces, base_len, &mut new);
        regions(&new, at, reach).map(|(span, _)| (span.start, span.end)).collect()
    }

    #[test]
    fn only_what_is_not_as_in_the_base_is_dirty() {
        assert_eq!(of(&[(100, Some(0))], 100, 5), []);
        assert_eq!(of(&[(50, Some(0)), (10, None), (50, Some(50))], 100, 5), [(45, 65)]);
        assert_eq!(of(&[(50, Some(0)), (40, Some(60))], 100, 5), [(45, 55)]);
        assert_eq!(of(&[(90, Some(10))], 100, 5), [(0, 5)]);
        assert_eq!(of(&[(90, Some(0))], 100, 5), [(85, 90)]);
        assert_eq!(of(&[], 100, 5), []);
    }
}
