//! Byte classification at memory speed: the only `unsafe` of the detection code.
//!
//! Two kernels turn text into bitmaps, one bit a byte: which bytes are token characters, which of them letters and digits, and which
//! bytes begin escapes; and at which bytes one of a few beginnings may stand. Each has an AVX2 form, chosen when the processor has it, and a scalar twin that defines the result;
//! the tests hold them equal. Both classify by nibbles: a byte is in the class if the entries of its low and its high nibble
//! share a bit (Mula's method, as used by Teddy in the `aho-corasick` crate).

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector loads need raw pointers; every load is bounded by the length of the slice")]
mod avx2;

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
    /// Signs that escapes begin with.
    pub(crate) escapes: Vec<u64>,
}

/// Does an escape of URLs or of literals begin with `byte`?
const fn is_escape_sign(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\')
}

impl Classes {
    /// Writes the bitmaps of `text`.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.tokens.clear();
        self.letters.clear();
        self.escapes.clear();
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            let (blocks, rest) = text.split_at(text.len() / WORD * WORD);
            // What follows the text belongs to no class.
            let last = padded::<WORD>(rest);
            // SAFETY: AVX2 was found on this processor a few lines above.
            #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
            unsafe {
                avx2::class_words(blocks, self);
                avx2::class_words(if rest.is_empty() { &[] } else { &last }, self);
            }
        }
        self.read_scalar(text);
    }

    /// Appends the words that are not there yet.
    fn read_scalar(&mut self, text: &[u8]) {
        for block in text.get(self.tokens.len() * WORD..).unwrap_or_default().chunks(WORD) {
            let word = |holds: fn(u8) -> bool| {
                block.iter().enumerate().fold(0, |word, (bit, &byte)| word | u64::from(holds(byte)) << bit)
            };
            self.tokens.push(word(is_token_byte));
            self.letters.push(word(|byte| byte.is_ascii_alphanumeric()));
            self.escapes.push(word(is_escape_sign));
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
pub(crate) const CASE: u8 = 0x20;

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
        // A word takes two bytes more than its block.
        let words = text.len().saturating_sub(2) / WORD;
        let rest = &text[words * WORD..];
        let last = padded::<{ WORD + 2 }>(rest);
        // SAFETY: AVX2 was found on this processor a few lines above.
        #[expect(unsafe_code, reason = "AVX2 kernel, chosen only where the processor has AVX2")]
        unsafe {
            avx2::stem_words(text, stems, mask);
            avx2::stem_words(&last, stems, mask);
        }
        // Nothing begins where three bytes are no more; `rest` has at most one byte more than a block.
        mask[words] &= (1 << rest.len().saturating_sub(2)) - 1;
        mask.truncate(text.len().div_ceil(WORD));
    }
    scalar_stem_words(text, stems, mask);
}

/// `rest`, which is shorter, and zeros behind it.
#[cfg(target_arch = "x86_64")]
fn padded<const N: usize>(rest: &[u8]) -> [u8; N] {
    let mut block = [0; N];
    block[..rest.len()].copy_from_slice(rest);
    block
}

/// Does `work` with the instructions of the vector forms where the processor has them: what the compiler inlines into it counts and
/// shifts bits in one step, and holds no calls of the kernels.
#[inline]
pub(crate) fn with_vectors<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if avx2::is_here() {
        // SAFETY: all that it asks for was found on this processor a line above.
        #[expect(
            unsafe_code,
            reason = "compiled for AVX2 and the bit instructions, chosen only where the processor has them"
        )]
        return unsafe { avx2::with_vectors(work) };
    }
    work()
}

/// Appends the words that are not in `mask` yet.
fn scalar_stem_words(text: &[u8], stems: &Beginnings, mask: &mut Vec<u64>) {
    for word in mask.len()..text.len().div_ceil(WORD) {
        mask.push(stems.scalar_word(text, word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn vector_and_scalar_classes_are_equal(noise in proptest::collection::vec(any::<u8>(), 0..200), text in r"[a-z%\\=_./-]{0,100}") {
            let text = [&noise, text.as_bytes()].concat();
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
