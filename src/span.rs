//! Where things are: byte spans, and the line and columns of an offset.
//!
//! Takes bytes, gives numbers; depends on nothing. Positions are computed by [`Advance`], which can be summed over
//! neighbouring stretches of text, so that a file read in chunks gives the same lines and columns as one read whole.

/// A half-open range of bytes, `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` to before `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Does it hold no byte?
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Do the two share a byte?
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The bytes it covers; empty where it reaches outside of `text`.
    pub fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The same span seen from `base` bytes further left.
    pub const fn shifted(self, base: usize) -> Self {
        Self { start: self.start + base, end: self.end + base }
    }
}

/// A place in a text for people and for SARIF; all three count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line; a line ends with LF.
    pub line: u64,
    /// Column in bytes.
    pub column: u64,
    /// Column in UTF-16 code units, what editors and code scanning count.
    pub column_utf16: u64,
}

/// What a stretch of text does to the position behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    newlines: u64,
    bytes: u64,
    utf16: u64,
}

impl Advance {
    /// The advance over `text`.
    pub fn over(text: &[u8]) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text).count() as u64;
        let tail = memchr::memrchr(b'\n', text).map_or(text, |at| &text[at + 1..]);
        Self { newlines, bytes: tail.len() as u64, utf16: utf16_len(tail) }
    }

    /// The advance over this stretch and then the `next`.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        if next.newlines > 0 {
            return Self { newlines: self.newlines + next.newlines, ..next };
        }
        Self { newlines: self.newlines, bytes: self.bytes + next.bytes, utf16: self.utf16 + next.utf16 }
    }

    /// The position right behind everything advanced over.
    pub const fn position(self) -> Position {
        Position { line: self.newlines + 1, column: self.bytes + 1, column_utf16: self.utf16 + 1 }
    }
}

/// UTF-16 code units of `text`: one per character, two beyond the basic plane.
///
/// Counts lead bytes, so it never fails; a stray continuation byte counts nothing.
fn utf16_len(text: &[u8]) -> u64 {
    text.iter().map(|&byte| u64::from(byte & 0xC0 != 0x80) + u64::from(byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_count_bytes_and_utf16_units() {
        let text = "first\nä😀x".as_bytes();
        let before_x = text.len() - 1;
        let position = Advance::over(&text[..before_x]).position();
        assert_eq!(position, Position { line: 2, column: 7, column_utf16: 4 });
    }

    proptest! {
        #[test]
        fn advances_of_parts_sum_to_the_advance_of_the_whole(text in "[a\nä😀]{0,40}", cut in 0usize..80) {
            let bytes = text.as_bytes();
            let cut = cut.min(bytes.len());
            let parts = Advance::over(&bytes[..cut]).then(Advance::over(&bytes[cut..]));
            prop_assert_eq!(parts, Advance::over(bytes));
        }
    }
}
