//! A place in bytes that somebody else wrote: every read is checked against their length.

/// Reads bytes from front to back; `None` where they end too early.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    /// A cursor over `bytes`, at `at`.
    pub(super) const fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where it stands.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Is nothing left?
    pub(super) const fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next `len` bytes.
    pub(super) fn take(&mut self, len: usize) -> Option<&'b [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(taken)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Two bytes as a number, the highest first.
    pub(super) fn two(&mut self) -> Option<u16> {
        self.take(2).map(|two| u16::from_be_bytes([two[0], two[1]]))
    }

    /// Four bytes as a number, the highest first.
    pub(super) fn four(&mut self) -> Option<usize> {
        let four = self.take(4)?;
        usize::try_from(u32::from_be_bytes([four[0], four[1], four[2], four[3]])).ok()
    }

    /// Up to the next `end`, which is passed over.
    pub(super) fn until(&mut self, end: u8) -> Option<&'b [u8]> {
        let len = memchr::memchr(end, self.bytes.get(self.at..)?)?;
        let taken = self.take(len);
        self.at += 1;
        taken
    }

    /// A number as offsets of deltas are written: seven bits to a byte, the highest first, and one added at each step.
    pub(super) fn offset(&mut self) -> Option<u64> {
        let mut byte = self.byte()?;
        let mut value = u64::from(byte & 0x7F);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            value = value.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7F);
        }
        Some(value)
    }

    /// The same, as a length.
    pub(super) fn length(&mut self) -> Option<usize> {
        self.offset().and_then(|value| usize::try_from(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_nothing_behind_the_end() {
        let mut cursor = Cursor::new(&[0, 0, 1, 2, 0x80, 0x00, 0x7F, b'a', 0, 0xFF], 0);
        assert_eq!(cursor.four(), Some(0x102));
        assert_eq!(cursor.offset(), Some(128));
        assert_eq!(cursor.length(), Some(127));
        assert_eq!(cursor.until(0), Some(&b"a"[..]));
        assert_eq!((cursor.two(), cursor.at(), cursor.is_done()), (None, 9, false));
        assert_eq!((cursor.offset(), cursor.byte()), (None, None));
        assert_eq!(Cursor::new(&[0xFF; 12], 0).offset(), None, "it does not fit");
    }
}
