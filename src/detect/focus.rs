//! Focus: the places of a text that are asked about.
//!
//! Who knows what a text was made from asks about what is new in it only. A candidate is of interest if a byte that decides about it
//! is new; each lane knows how far from a candidate such a byte can stand.

use crate::span::Span;

/// What of a text is new: all of it, or some spans.
#[derive(Clone, Copy, Debug)]
pub struct Focus<'f> {
    new: Option<&'f [Span]>,
    /// Where the text begins in what the spans are counted in.
    base: usize,
}

impl<'f> Focus<'f> {
    /// Everything is new.
    pub const EVERYTHING: Self = Self { new: None, base: 0 };

    /// Only the spans `new` are, in order, none touching another, counted in something of which the text begins at `base`; an empty one is
    /// a place at which something was taken out.
    pub const fn on(new: &'f [Span], base: usize) -> Self {
        Self { new: Some(new), base }
    }

    /// Is part of the text not new?
    pub(super) const fn is_narrow(self) -> bool {
        self.new.is_some()
    }

    /// Is anything new from `before` bytes in front of `span` to `behind` bytes behind it?
    pub(super) fn holds(self, span: Span, before: usize, behind: usize) -> bool {
        let Some(new) = self.new else { return true };
        let Span { start, end } = span.shifted(self.base);
        let next = new.partition_point(|new| new.end < start.saturating_sub(before));
        new.get(next).is_some_and(|new| new.start <= end + behind)
    }

    /// The same for spans that are asked about in order.
    pub(super) const fn in_order(self) -> InOrder<'f> {
        InOrder(self)
    }
}

/// A focus that is asked about one place after another.
pub(super) struct InOrder<'f>(Focus<'f>);

impl InOrder<'_> {
    /// See [`Focus::holds`]; `span.start - before` must not be less than the last time.
    pub(super) fn holds(&mut self, span: Span, before: usize, behind: impl FnOnce() -> usize) -> bool {
        let Some(new) = &mut self.0.new else { return true };
        let Span { start, end } = span.shifted(self.0.base);
        let from = start.saturating_sub(before);
        while let Some((_, rest)) = new.split_first().filter(|(first, _)| first.end < from) {
            *new = rest;
        }
        let Some(next) = new.first() else { return false };
        next.start <= end || next.start - end <= behind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_of_interest_as_far_as_is_asked() {
        let spans = [Span::new(10, 10), Span::new(50, 60)];
        let focus = Focus::on(&spans, 0);
        let mut in_order = focus.in_order();
        for (start, end, before, behind, expected) in [
            (0, 9, 0, 0, false),
            (0, 9, 0, 1, true),
            (12, 14, 2, 0, true),
            (12, 40, 1, 9, false),
            (61, 70, 1, 0, true),
            (62, 70, 1, 9, false),
        ] {
            assert_eq!(focus.holds(Span::new(start, end), before, behind), expected, "{start}..{end}");
            assert_eq!(in_order.holds(Span::new(start, end), before, || behind), expected, "{start}..{end}");
        }
        assert!(Focus::EVERYTHING.holds(Span::new(3, 4), 0, 0));
    }
}
