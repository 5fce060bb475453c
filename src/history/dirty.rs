//! Dirty regions: what of an object its base does not already answer for.

use crate::detect::REACH;
use crate::detect::assignment::MAX_VALUE;
use crate::git::delta::{Piece, Source};
use crate::rule::RuleSet;
use crate::rule::facts::Facts;
use crate::span::Span;
use memchr::memmem;

/// How many bytes beside a value that stands on one line can decide about it: its name, words that have to stand near, lines beside
/// it, and an id that belongs to it with what decides about that.
const BESIDE: usize = 1280;

/// How many bytes behind those are looked at to see whether something long reaches across them.
const ACROSS: usize = 256;

/// What else there may be beside a value than the words that have to stand near: its name, and where those words end.
const SLACK: usize = 512;

/// What opens and closes literals of several lines.
const LITERALS: [&[u8]; 3] = [b"`", b"\"\"\"", b"'''"];

/// How far around an edit is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margin {
    /// This far.
    Fixed(usize),
    /// This far, where nothing reaches across the border; else [`REACH`].
    Lines(usize),
}

impl Margin {
    /// The margin that holds what can decide about anything that `rules` find.
    pub(super) fn of(rules: &RuleSet) -> Self {
        let near = rules.iter().map(|(_, rule)| rule.near_distance()).max().unwrap_or(0);
        let on_several_lines = |facts: &&Facts| facts.bytes.contains(b'\n');
        let facts = rules.iter().filter_map(|(_, rule)| rule.facts()).filter(on_several_lines);
        let longest = facts.map(|facts| facts.max_len as usize).max().unwrap_or(0);
        let beside = BESIDE.max(near + SLACK) + longest;
        if beside + ACROSS < REACH { Self::Lines(beside) } else { Self::Fixed(REACH) }
    }

    /// Where what has to be looked at before an edit at `at` begins.
    fn before(self, text: &[u8], at: usize) -> usize {
        match self {
            Self::Fixed(reach) => at.saturating_sub(reach),
            Self::Lines(beside) => {
                let near = at.saturating_sub(beside + ACROSS);
                let clear = near == 0 || is_clear(text, near, near + ACROSS);
                if clear { near } else { at.saturating_sub(REACH) }
            }
        }
    }

    /// Where what has to be looked at behind an edit that ends at `at` ends.
    fn behind(self, text: &[u8], at: usize) -> usize {
        match self {
            Self::Fixed(reach) => text.len().min(at + reach),
            Self::Lines(beside) => {
                let near = at + beside + ACROSS;
                let clear = near >= text.len() || is_clear(text, near - ACROSS, near);
                text.len().min(if clear { near } else { at + REACH })
            }
        }
    }
}

/// Can no value reach across the bytes from `start` to `end`? A line ends there, and it does not end within a literal.
fn is_clear(text: &[u8], start: usize, end: usize) -> bool {
    memchr::memchr(b'\n', &text[start..end]).is_some()
        && !LITERALS.iter().any(|quote| is_within(text, start, end, quote))
}

/// Could a literal in `quote`s begin before `start` and end behind `end`?
fn is_within(text: &[u8], start: usize, end: usize, quote: &[u8]) -> bool {
    let plain = |at: usize| at == 0 || text[at - 1] != b'\\';
    let open = start.saturating_sub(MAX_VALUE);
    let mut opening = memmem::rfind_iter(&text[open..start], quote).map(|at| open + at).filter(|at| plain(*at));
    let Some(opened) = opening.next() else { return false };
    let body = opened + quote.len();
    let mut closing = memmem::find_iter(&text[body..text.len().min(body + MAX_VALUE + quote.len())], quote);
    closing.find(|at| plain(body + at)).is_some_and(|at| body + at >= end)
}

/// The parts of the object `text`, made by `pieces` from a base of `base_len` bytes, within `margin` of anything that is not as in the
/// base: new bytes, borders between pieces, and a beginning or an end that was none. Ordered, none touching another.
pub(super) fn regions(pieces: &[Piece], base_len: usize, text: &[u8], margin: Margin, out: &mut Vec<Span>) {
    out.clear();
    let mut edit = |start: usize, end: usize| {
        let end = margin.behind(text, end);
        match out.last_mut() {
            // What the last region holds already needs no look at where it would begin.
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => {
                let start = margin.before(text, start);
                match out.last_mut() {
                    Some(last) if last.end >= start => last.end = last.end.max(end),
                    _ => out.push(Span::new(start, end)),
                }
            }
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
        regions(&pieces, base_len, &vec![b'x'; at], Margin::Fixed(reach), &mut out);
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

    /// Where the region around one changed byte at 5000 of 10000 begins and ends.
    fn around(text: &[u8]) -> (usize, usize) {
        let pieces = [
            Piece { at: 0, len: 5000, from: Source::Base(0) },
            Piece { at: 5000, len: 1, from: Source::Delta(0) },
            Piece { at: 5001, len: text.len() - 5001, from: Source::Base(5001) },
        ];
        let mut out = Vec::new();
        regions(&pieces, text.len(), text, Margin::Lines(BESIDE), &mut out);
        (out[0].start, out[0].end)
    }

    #[test]
    fn less_is_looked_at_where_lines_end() {
        let lines = b"some words on a line\n".repeat(500);
        assert_eq!(around(&lines), (5000 - BESIDE - ACROSS, 5001 + BESIDE + ACROSS));
        assert_eq!(around(&vec![b'x'; 10_000]), (5000 - REACH, 5001 + REACH));
        let with = |at: usize, quote: &str| {
            let mut lines = lines.clone();
            lines[at..at + quote.len()].copy_from_slice(quote.as_bytes());
            lines
        };
        // A literal that may be open across the border on one side, or on both.
        assert_eq!(around(&with(3300, "`")), around(&lines), "it is never closed");
        let mut open = with(3300, "`");
        open[4900] = b'`';
        assert_eq!(around(&open), (5000 - REACH, 5001 + BESIDE + ACROSS));
        open[4800] = b'`';
        open[4799] = b'\\';
        assert_eq!(around(&open), (5000 - REACH, 5001 + BESIDE + ACROSS), "what is escaped closes nothing");
        let mut both = with(6100, "\"\"\"");
        both[6700..6703].copy_from_slice(b"\"\"\"");
        assert_eq!(around(&both), (5000 - BESIDE - ACROSS, 5001 + REACH));
    }

    #[test]
    fn the_built_in_rules_find_nothing_long_on_several_lines() {
        let margin = Margin::of(&RuleSet::builtin());
        assert!(matches!(margin, Margin::Lines(beside) if beside < REACH - 1024), "{margin:?}");
    }
}
