//! Dirty regions: what of an object its base does not already answer for.

use crate::git::delta::{Piece, Source};
use crate::span::Span;

/// The parts of an object of `len` bytes, made by `pieces` from a base of `base_len` bytes, within `reach` of anything that is not as in the
/// base: new bytes, borders between pieces, and a beginning or an end that was none. Ordered, none touching another.
pub(super) fn regions(pieces: &[Piece], base_len: usize, len: usize, reach: usize, out: &mut Vec<Span>) {
    out.clear();
    let mut edit = |start: usize, end: usize| {
        let span = Span::new(start.saturating_sub(reach), (end + reach).min(len));
        match out.last_mut() {
            Some(last) if last.end >= span.start => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
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
        let mut out = Vec::new();
        regions(&pieces, base_len, at, reach, &mut out);
        out.into_iter().map(|span| (span.start, span.end)).collect()
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
