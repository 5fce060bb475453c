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

    /// How far new bytes are from spans that are asked about in order.
    pub(super) const fn in_order(self) -> InOrder<'f> {
        InOrder { focus: self, next: 0 }
    }

    /// Where what begins in a text of `len` bytes has nothing new in the `before` bytes in front of it from there on.
    pub(super) fn reach(self, len: usize, before: usize) -> usize {
        let Some(new) = self.new else { return len };
        let last = new.last().map_or(0, |last| (last.end + before + 1).saturating_sub(self.base));
        last.min(len)
    }
}

/// A focus that is asked about one place after another.
pub(super) struct InOrder<'f> {
    focus: Focus<'f>,
    /// The first of the new spans that does not end before the last place.
    next: usize,
}

/// How many bytes lie between a span and what is new on both sides of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gaps {
    before: usize,
    behind: usize,
}

impl InOrder<'_> {
    /// The gaps around `span`, which must not begin before the last one.
    pub(super) fn gaps(&mut self, span: Span) -> Gaps {
        let Some(new) = self.focus.new else { return Gaps { before: 0, behind: 0 } };
        let Span { start, end } = span.shifted(self.focus.base);
        while new.get(self.next).is_some_and(|next| next.end < start) {
            self.next += 1;
        }
        let last = self.next.checked_sub(1).and_then(|last| new.get(last));
        Gaps {
            before: last.map_or(usize::MAX, |last| start - last.end),
            behind: new.get(self.next).map_or(usize::MAX, |next| next.start.saturating_sub(end)),
        }
    }
}

impl Gaps {
    /// Is anything new from `before` bytes in front of the span to `behind` bytes behind it?
    pub(super) fn hold(self, before: usize, behind: impl FnOnce() -> usize) -> bool {
        self.before <= before || self.behind == 0 || self.behind != usize::MAX && self.behind <= behind()
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
            assert_eq!(in_order.gaps(Span::new(start, end)).hold(before, || behind), expected, "{start}..{end}");
        }
        assert!(Focus::EVERYTHING.holds(Span::new(3, 4), 0, 0));
        assert_eq!([focus.reach(100, 5), focus.reach(62, 5), Focus::EVERYTHING.reach(100, 5)], [66, 62, 100]);
    }
}
