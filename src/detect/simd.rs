//! Byte classification at memory speed: the only `unsafe` of the detection code.
//!
//! Two kernels turn text into bitmaps, one bit a byte: which bytes are token characters and which are letters and digits, and
//! at which bytes one of a few beginnings may stand. Each has an AVX2 form, chosen when the processor has it, and a scalar twin that defines the result;
//! the tests hold them equal. Both classify by nibbles: a byte is in the class if the entries of its low and its high nibble
//! share a bit (Mula's method, as used by Teddy in the `aho-corasick` crate).

use crate::rule::lane::{BUCKETS, STEMS, is_token_byte};

/// Bytes covered by one word of a bitmap.
pub(crate) const WORD: usize = 64;

/// Entries for low and high nibbles; the bits are up to the user.
type Nibbles = ([u8; 16], [u8; 16]);

/// The bitmaps of a text that tell kinds of bytes apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// Token characters.
    pub(crate) tokens: Vec<u64>,
    /// Letters and digits.
    pub(crate) letters: Vec<u64>,
}

impl Classes {
    /// Writes the bitmaps of `text`.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.tokens.clear();
        self.letters.clear();
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: AVX2 was found on this processor a line above.
            #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
            unsafe {
                avx2::class_words(text, self);
            }
        }
        self.read_scalar(text);
    }

    /// Appends the words that are not there yet.
    fn read_scalar(&mut self, text: &[u8]) {
        for block in text[self.tokens.len() * WORD..].chunks(WORD) {
            let word = |holds: fn(u8) -> bool| {
                block.iter().enumerate().fold(0, |word, (bit, &byte)| word | u64::from(holds(byte)) << bit)
            };
            self.tokens.push(word(is_token_byte));
            self.letters.push(word(|byte| byte.is_ascii_alphanumeric()));
        }
    }
}

/// The bytes of one block by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) lower: u64,
    pub(crate) upper: u64,
    pub(crate) digit: u64,
    /// Everything beyond ASCII.
    pub(crate) high: u64,
}

impl Kinds {
    /// Those of the block of this number.
    #[inline]
    pub(crate) fn of(text: &[u8], word: usize) -> Self {
        #[cfg(target_arch = "x86_64")]
        if text.len() >= (word + 1) * WORD && is_x86_feature_detected!("avx2") {
            // SAFETY: AVX2 was found on this processor a line above.
            #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
            return unsafe { avx2::kinds(text, word) };
        }
        Self::scalar(text, word)
    }

    fn scalar(text: &[u8], word: usize) -> Self {
        let mut kinds = Self::default();
        for (bit, byte) in text[(word * WORD).min(text.len())..].iter().take(WORD).enumerate() {
            kinds.lower |= u64::from(byte.is_ascii_lowercase()) << bit;
            kinds.upper |= u64::from(byte.is_ascii_uppercase()) << bit;
            kinds.digit |= u64::from(byte.is_ascii_digit()) << bit;
            kinds.high |= u64::from(!byte.is_ascii()) << bit;
        }
        kinds
    }
}

/// Which three bytes may be the beginning of something; up to eight buckets of beginnings share the eight bits.
#[derive(Clone, Debug)]
pub(crate) struct Beginnings {
    tables: [Nibbles; 3],
    /// Is set in each byte before it is looked up: [`CASE`], or nothing.
    set: u8,
}

/// The bit that makes letters lower case.
const CASE: u8 = 0x20;

impl Beginnings {
    /// Those of [`STEMS`] in any case, in their [`BUCKETS`].
    pub(crate) fn of_stems() -> Self {
        let mut beginnings = Self { tables: [([0; 16], [0; 16]); 3], set: CASE };
        for (stem, bucket) in STEMS.iter().zip(BUCKETS) {
            let three = stem.as_bytes();
            beginnings.add([&three[..1], &three[1..2], &three[2..3]], usize::from(*bucket));
        }
        beginnings
    }

    /// Those that `all` gives, each as the bytes that may stand at the first three places; what is alike shares a bucket.
    pub(crate) fn new<'b>(all: impl Iterator<Item = [&'b [u8]; 3]>) -> Self {
        let mut beginnings = Self { tables: [([0; 16], [0; 16]); 3], set: 0 };
        for three in all {
            // Where it lets the fewest more through.
            let more = |bucket: &usize| {
                let mut with = beginnings.clone();
                with.add(three, *bucket);
                with.lets_through(*bucket) - beginnings.lets_through(*bucket)
            };
            let bucket = (0..8).min_by_key(more).unwrap_or_default();
            beginnings.add(three, bucket);
        }
        beginnings
    }

    fn add(&mut self, three: [&[u8]; 3], bucket: usize) {
        let bucket = 1 << (bucket % 8);
        for (table, bytes) in self.tables.iter_mut().zip(three) {
            for byte in bytes.iter().map(|byte| byte | self.set) {
                table.0[usize::from(byte & 15)] |= bucket;
                table.1[usize::from(byte >> 4)] |= bucket;
            }
        }
    }

    /// How many different three bytes pass by a bucket.
    fn lets_through(&self, bucket: usize) -> usize {
        let count = |nibbles: &[u8; 16]| nibbles.iter().filter(|bits| *bits >> bucket & 1 == 1).count();
        self.tables.iter().map(|(low, high)| count(low) * count(high)).product()
    }

    fn may_begin(&self, three: &[u8]) -> bool {
        let bits = self.tables.iter().zip(three).fold(0xFF, |bits, ((low, high), &byte)| {
            let byte = byte | self.set;
            if byte < 0x80 { bits & low[usize::from(byte & 15)] & high[usize::from(byte >> 4)] } else { 0 }
        });
        bits != 0
    }

    /// The bitmap of the places in the block of this number at which one of them may stand.
    #[inline]
    pub(crate) fn word(&self, text: &[u8], word: usize) -> u64 {
        #[cfg(target_arch = "x86_64")]
        if text.len() >= (word + 1) * WORD + 2 && is_x86_feature_detected!("avx2") {
            // SAFETY: AVX2 was found on this processor a line above.
            #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
            return unsafe { avx2::word(text, word, self) };
        }
        self.scalar_word(text, word)
    }

    fn scalar_word(&self, text: &[u8], word: usize) -> u64 {
        let windows = text[word * WORD..].windows(3).take(WORD).enumerate();
        windows.fold(0, |word, (bit, three)| word | u64::from(self.may_begin(three)) << bit)
    }
}

/// Lower case for letters; other bytes may change, but equal bytes stay equal.
pub(crate) const fn fold(byte: u8) -> u8 {
    byte | CASE
}

/// Writes the bitmap of bytes of `text` at which a stem may begin to `mask`.
pub(crate) fn stem_mask(text: &[u8], stems: &Beginnings, mask: &mut Vec<u64>) {
    mask.clear();
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: AVX2 was found on this processor a line above.
        #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
        unsafe {
            avx2::stem_words(text, stems, mask);
        }
    }
    scalar_stem_words(text, stems, mask);
}

/// Appends the words that are not in `mask` yet.
fn scalar_stem_words(text: &[u8], stems: &Beginnings, mask: &mut Vec<u64>) {
    for word in mask.len()..text.len().div_ceil(WORD) {
        mask.push(stems.scalar_word(text, word));
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector loads need raw pointers; every load is bounded by the length of the slice")]
mod avx2 {
    use super::{Beginnings, Classes, Kinds, Nibbles, WORD};
    use std::arch::x86_64::{
        __m128i, __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
    };

    /// Token characters by nibbles. Letters and digits have the bits of [`LETTERS`]: one for `0` to `9`, one for the high nibbles 4 and
    /// 6, one for 5 and 7. Each sign has a high nibble that asks for a bit of its own.
    const TOKENS: Nibbles = {
        let mut tables = ([0; 16], [0; 16]);
        let mut byte = 0_u8;
        while byte < 128 {
            if crate::rule::lane::is_token_byte(byte) {
                let bit = match (byte.is_ascii_alphanumeric(), byte >> 4) {
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

    /// The bits of letters and digits in [`TOKENS`].
    const LETTERS: i8 = 1 | 2 | 4;

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
            Self {
                low: _mm256_broadcastsi128_si256(load(&tables.0)),
                high: _mm256_broadcastsi128_si256(load(&tables.1)),
            }
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
        let (lookup, letters) = (Lookup::new(&TOKENS), _mm256_set1_epi8(LETTERS));
        let words = text.len() / WORD + 1;
        classes.tokens.reserve(words);
        classes.letters.reserve(words);
        for word in 0..text.len() / WORD {
            let at = word * WORD;
            // SAFETY: `at + 64 <= text.len()` by the bound of the loop.
            let (left, right) = unsafe { (load(text, at), load(text, at + 32)) };
            let (left, right) = (lookup.of(left), lookup.of(right));
            classes.tokens.push(nonzero(left) | nonzero(right) << 32);
            let (left, right) = (_mm256_and_si256(left, letters), _mm256_and_si256(right, letters));
            classes.letters.push(nonzero(left) | nonzero(right) << 32);
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn vector_and_scalar_classes_are_equal(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let (mut vector, mut scalar) = (Classes::default(), Classes::default());
            vector.read(&text);
            scalar.read_scalar(&text);
            prop_assert_eq!(vector, scalar);
        }

        #[test]
        fn vector_and_scalar_kinds_are_equal(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            for word in 0..=text.len().div_ceil(WORD) {
                prop_assert_eq!(Kinds::of(&text, word), Kinds::scalar(&text, word));
            }
        }

        #[test]
        fn vector_and_scalar_stem_masks_are_equal(text in "[a-zA-Z:/ -]{0,300}", noise in any::<[u8; 8]>()) {
            let tables = Beginnings::of_stems();
            let text = [text.as_bytes(), &noise, text.as_bytes()].concat();
            let (mut vector, mut scalar) = (Vec::new(), Vec::new());
            stem_mask(&text, &tables, &mut vector);
            scalar_stem_words(&text, &tables, &mut scalar);
            prop_assert_eq!(vector, scalar);
        }

        #[test]
        fn vector_and_scalar_beginnings_are_equal(text in "[a-zA-Z0-9_-]{0,300}", all in proptest::collection::vec("[a-zA-Z0-9]{3}", 1..40)) {
            let bytes = |one: &'_ String| -> [u8; 3] { [one.as_bytes()[0], one.as_bytes()[1], one.as_bytes()[2]] };
            let all: Vec<[u8; 3]> = all.iter().map(bytes).collect();
            let beginnings = Beginnings::new(all.iter().map(|three| [&three[..1], &three[1..2], &three[2..]]));
            for word in 0..text.len().div_ceil(WORD) {
                let bits = beginnings.word(text.as_bytes(), word);
                prop_assert_eq!(bits, beginnings.scalar_word(text.as_bytes(), word));
                for (bit, three) in text.as_bytes()[word * WORD..].windows(3).take(WORD).enumerate() {
                    prop_assert!(!all.iter().any(|one| one == three) || bits >> bit & 1 == 1);
                }
            }
        }
    }
}
