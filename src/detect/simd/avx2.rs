//! The AVX2 forms of the kernels.

use super::{Beginnings, Classes, Kinds, Nibbles, WORD, is_escape_sign};
use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm256_add_epi8, _mm256_and_si256, _mm256_broadcastsi128_si256,
    _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
};

/// Classes by nibbles. Letters and digits have the bits of [`LETTERS`]: one for `0` to `9`, one for the high nibbles 4 and 6, one for
/// 5 and 7. Each other token character has a high nibble that asks for a bit of its own, and so has what begins an escape.
const CLASSES: Nibbles = {
    let mut tables = ([0; 16], [0; 16]);
    let mut byte = 0_u8;
    while byte < 128 {
        if crate::rule::lane::is_token_byte(byte) || is_escape_sign(byte) {
            let bit = match (byte.is_ascii_alphanumeric(), byte >> 4) {
                _ if byte == b'%' => 64,
                _ if is_escape_sign(byte) => 128,
                (true, 3) => 1,
                (true, 4 | 6) => 2,
                (true, _) => 4,
                (false, 2) => 8,
                (false, 3) => 16,
                (false, _) => 32,
            };
            tables.0[(byte & 15) as usize] |= bit;
            tables.1[(byte >> 4) as usize] |= bit;
        }
        byte += 1;
    }
    tables
};

/// The bits of letters and digits in [`CLASSES`], and those of all token characters.
const LETTERS: i8 = 1 | 2 | 4;
const TOKENS: i8 = LETTERS | 8 | 16 | 32;

/// Has the processor what [`with_vectors`] is compiled for?
#[inline]
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}

/// See [`super::with_vectors`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) fn with_vectors<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[derive(Clone, Copy)]
struct Lookup {
    low: __m256i,
    high: __m256i,
}

impl Lookup {
    #[target_feature(enable = "avx2")]
    fn new(tables: &Nibbles) -> Self {
        // SAFETY: both tables are 16 bytes long, and the load asks for no alignment.
        let load = |table: &[u8; 16]| unsafe { _mm_loadu_si128(table.as_ptr().cast::<__m128i>()) };
        Self { low: _mm256_broadcastsi128_si256(load(&tables.0)), high: _mm256_broadcastsi128_si256(load(&tables.1)) }
    }

    /// The bits that the entries of both nibbles share, for each byte; 0 for bytes above 127.
    #[target_feature(enable = "avx2")]
    fn of(self, bytes: __m256i) -> __m256i {
        // A shuffle index with its top bit set gives 0, which is what bytes above 127 must give.
        let low = _mm256_shuffle_epi8(self.low, bytes);
        let nibbles = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(0x0F));
        _mm256_and_si256(low, _mm256_shuffle_epi8(self.high, nibbles))
    }
}

#[target_feature(enable = "avx2")]
fn nonzero(bytes: __m256i) -> u64 {
    let zeros = _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
    u64::from(!zeros.cast_unsigned())
}

/// 32 bytes of `text` from `at` on.
///
/// # Safety
/// `at + 32 <= text.len()`.
#[target_feature(enable = "avx2")]
unsafe fn load(text: &[u8], at: usize) -> __m256i {
    debug_assert!(at + 32 <= text.len());
    // SAFETY: the caller keeps the 32 bytes inside of the slice; the load asks for no alignment.
    unsafe { _mm256_loadu_si256(text.as_ptr().add(at).cast::<__m256i>()) }
}

/// Appends the words of all whole 64-byte blocks.
#[target_feature(enable = "avx2")]
pub(super) fn class_words(text: &[u8], classes: &mut Classes) {
    let (lookup, letters, tokens) = (Lookup::new(&CLASSES), _mm256_set1_epi8(LETTERS), _mm256_set1_epi8(TOKENS));
    let words = text.len() / WORD + 1;
    classes.tokens.reserve(words);
    classes.letters.reserve(words);
    classes.escapes.reserve(words);
    for word in 0..text.len() / WORD {
        let at = word * WORD;
        // SAFETY: `at + 64 <= text.len()` by the bound of the loop.
        let (left, right) = unsafe { (load(text, at), load(text, at + 32)) };
        let (left, right) = (lookup.of(left), lookup.of(right));
        let with = |bits| nonzero(_mm256_and_si256(left, bits)) | nonzero(_mm256_and_si256(right, bits)) << 32;
        classes.tokens.push(with(tokens));
        classes.letters.push(with(letters));
        // Bit 7, or bit 6 moved there.
        let top = |bytes| {
            u64::from(_mm256_movemask_epi8(_mm256_or_si256(bytes, _mm256_add_epi8(bytes, bytes))).cast_unsigned())
        };
        classes.escapes.push(top(left) | top(right) << 32);
    }
}

/// See [`Kinds::of`].
///
/// # Safety
/// `(word + 1) * 64 <= text.len()`.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn kinds(text: &[u8], word: usize) -> Kinds {
    // SAFETY: the caller keeps the block inside of the slice.
    let (left, right) = unsafe { (load(text, word * WORD), load(text, word * WORD + 32)) };
    let bits = |left, right| {
        let bits = |bytes| u64::from(_mm256_movemask_epi8(bytes).cast_unsigned());
        bits(left) | bits(right) << 32
    };
    // The `count` bytes from `first` on are those that stay as they are when they are cut at the last of them.
    let range = |first: u8, count: u8| {
        let within = |bytes| {
            let offset = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first.cast_signed()));
            _mm256_cmpeq_epi8(offset, _mm256_min_epu8(offset, _mm256_set1_epi8(count.cast_signed() - 1)))
        };
        bits(within(left), within(right))
    };
    Kinds { lower: range(b'a', 26), upper: range(b'A', 26), digit: range(b'0', 10), high: bits(left, right) }
}

/// Three tables, ready for use.
struct Lookups([Lookup; 3], __m256i);

impl Lookups {
    #[target_feature(enable = "avx2")]
    fn new(beginnings: &Beginnings) -> Self {
        let tables = &beginnings.tables;
        let lookups = [Lookup::new(&tables[0]), Lookup::new(&tables[1]), Lookup::new(&tables[2])];
        Self(lookups, _mm256_set1_epi8(beginnings.set.cast_signed()))
    }

    /// # Safety
    /// `(word + 1) * 64 + 2 <= text.len()`.
    #[target_feature(enable = "avx2")]
    unsafe fn word(&self, text: &[u8], word: usize) -> u64 {
        let half = |at: usize| {
            // SAFETY: the caller leaves two bytes behind the block, so `at + 2 + 32 <= text.len()`.
            let bytes = unsafe { [load(text, at), load(text, at + 1), load(text, at + 2)] };
            let first = self.0[0].of(_mm256_or_si256(bytes[0], self.1));
            let second = self.0[1].of(_mm256_or_si256(bytes[1], self.1));
            let third = self.0[2].of(_mm256_or_si256(bytes[2], self.1));
            nonzero(_mm256_and_si256(first, _mm256_and_si256(second, third)))
        };
        half(word * WORD) | half(word * WORD + 32) << 32
    }
}

/// See [`Beginnings::word`].
///
/// # Safety
/// `(word + 1) * 64 + 2 <= text.len()`.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn word(text: &[u8], word: usize, beginnings: &Beginnings) -> u64 {
    // SAFETY: the caller leaves two bytes behind the block.
    unsafe { Lookups::new(beginnings).word(text, word) }
}

/// Appends the words of all 64-byte blocks that have two more bytes behind them.
#[target_feature(enable = "avx2")]
pub(super) fn stem_words(text: &[u8], stems: &Beginnings, mask: &mut Vec<u64>) {
    let lookups = Lookups::new(stems);
    mask.reserve(text.len() / WORD + 1);
    for word in 0..text.len().saturating_sub(2) / WORD {
        // SAFETY: the loop leaves two bytes behind each block.
        mask.push(unsafe { lookups.word(text, word) });
    }
}
