//! A reader for the little DER that keys are made of.

/// Tags used in keys.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_ID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// Context tag zero, constructed: the curve in a SEC1 key.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// Bytes of one or more DER values, taken off the front one by one.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    rest: &'d [u8],
}

impl<'d> Reader<'d> {
    pub(super) fn new(bytes: &'d [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// The next value's tag and content.
    pub(super) fn value(&mut self) -> Option<(u8, &'d [u8])> {
        let (tag, rest) = self.rest.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let size = usize::from(first & 0x7f);
            // Three bytes of length reach 16 MiB, and DER has no indefinite length.
            let (digits, rest) = rest.split_at_checked(size).filter(|_| (1..=3).contains(&size))?;
            (digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((*tag, content))
    }

    /// The content of the next value, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<&'d [u8]> {
        let mut ahead = *self;
        let (_, content) = ahead.value().filter(|(found, _)| *found == tag)?;
        *self = ahead;
        Some(content)
    }

    /// The next value, which must be a positive or zero integer: its digits without leading zeros.
    pub(super) fn integer(&mut self) -> Option<&'d [u8]> {
        let content = self.expect(INTEGER)?;
        if content.is_empty() || content[0] & 0x80 != 0 {
            return None;
        }
        let zeros = content.iter().take_while(|byte| **byte == 0).count();
        content.get(zeros..)
    }

    /// The next value, which must be a sequence.
    pub(super) fn sequence(&mut self) -> Option<Self> {
        self.expect(SEQUENCE).map(Self::new)
    }

    /// The one sequence that `bytes` are, with nothing after it.
    pub(super) fn whole_sequence(bytes: &'d [u8]) -> Option<Self> {
        let mut reader = Self::new(bytes);
        let inside = reader.sequence()?;
        reader.is_empty().then_some(inside)
    }
}

/// Bits of a number given by its digits without leading zeros.
pub(super) fn bit_length(digits: &[u8]) -> usize {
    digits.first().map_or(0, |first| digits.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_every_form_are_read() {
        let long = [&[OCTET_STRING, 0x82, 0x01, 0x00][..], &[7; 256], &[9]].concat();
        let mut reader = Reader::new(&long);
        assert_eq!(reader.value().map(|(_, content)| content.len()), Some(256));
        assert_eq!(reader.rest, [9]);
        for bad in [&[2][..], &[2, 1], &[2, 0x80, 0, 0], &[2, 0x84, 0, 0, 0, 1, 0], &[2, 0x81]] {
            assert!(Reader::new(bad).value().is_none(), "{bad:?}");
        }
    }

    #[test]
    fn integers_are_positive_and_lose_their_sign_byte() {
        assert_eq!(Reader::new(&[2, 2, 0, 0x80]).integer(), Some([0x80].as_slice()));
        assert_eq!(Reader::new(&[2, 1, 0]).integer(), Some([].as_slice()));
        assert_eq!(Reader::new(&[2, 1, 0x80]).integer(), None);
        assert_eq!(bit_length(&[1, 0]), 9);
        assert_eq!(bit_length(&[]), 0);
    }
}
