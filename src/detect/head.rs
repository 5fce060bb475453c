//! The first four bytes of what is looked for: compared as one number, they settle nearly always that it does not stand somewhere.

use super::simd::CASE;

/// The beginning of something that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Head {
    four: u32,
    /// Which bits of four bytes they are: all, or those of as many bytes as there are.
    mask: u32,
}

impl Head {
    /// That of `bytes`, as they are written.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mask = if bytes.len() < 4 { (1 << (8 * bytes.len())) - 1 } else { u32::MAX };
        Self { four: four(bytes), mask }
    }

    /// That of `bytes` in any case, to be compared with what is [`folded`].
    pub(super) fn in_any_case(bytes: &[u8]) -> Self {
        let Self { four, mask } = Self::of(bytes);
        Self { four: folded(four) & mask, mask }
    }

    /// Does a text that begins with these four bytes begin so?
    #[inline]
    pub(super) const fn begins(self, text: u32) -> bool {
        text & self.mask == self.four
    }
}

/// The first four bytes, zeros where there are fewer.
#[inline]
pub(super) fn four(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut four = [0; 4];
        four[..bytes.len()].copy_from_slice(bytes);
        four
    }))
}

/// Lower case for letters; other bytes may change, but equal bytes stay equal: [`fold`](super::simd::fold) of all four at once.
#[inline]
pub(super) const fn folded(four: u32) -> u32 {
    four | u32::from_le_bytes([CASE; 4])
}
