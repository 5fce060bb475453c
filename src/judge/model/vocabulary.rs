//! Words by their hash, for lists of a few hundred that are asked about every word of every candidate.

/// Slots, as a power of two: several times the words.
const BITS: u32 = 11;

/// What is known of words.
#[derive(Debug)]
pub(super) struct Vocabulary<T> {
    slots: Vec<Option<(u64, T)>>,
}

impl<T: Copy> Vocabulary<T> {
    /// The words with what each says; of one that comes twice the last counts.
    pub(super) fn new<'w>(words: impl Iterator<Item = (&'w [u8], T)>) -> Self {
        let mut made = Self { slots: vec![None; 1 << BITS] };
        for (word, says) in words {
            let hash = word_hash(word);
            let free = |at: &usize| made.slots[*at].is_none_or(|(known, _)| known == hash);
            if let Some(at) = places(hash).find(free) {
                made.slots[at] = Some((hash, says));
            }
        }
        made
    }

    /// What the word with this hash says, if it is known.
    pub(super) fn get(&self, hash: u64) -> Option<T> {
        for at in places(hash) {
            match self.slots[at] {
                Some((known, says)) if known == hash => return Some(says),
                Some(_) => {}
                None => return None,
            }
        }
        None
    }
}

/// Where a word with this hash may stand, in order.
fn places(hash: u64) -> impl Iterator<Item = usize> {
    let first = (hash >> (u64::BITS - BITS)) as usize;
    (0..1 << BITS).map(move |step| (first + step) & ((1 << BITS) - 1))
}

/// The hash of a word in any case.
pub(super) fn word_hash(word: &[u8]) -> u64 {
    let mixed = word.iter().fold(0xCBF2_9CE4_8422_2325, |state: u64, byte| {
        (state ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01B3)
    });
    mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_others_are_not() {
        let words: Vec<String> = (0..500).map(|number| format!("word{number}")).collect();
        let known = Vocabulary::new(words.iter().map(String::as_bytes).zip(0..));
        assert_eq!(known.get(word_hash(b"WORD499")), Some(499));
        assert_eq!(known.get(word_hash(b"word500")), None);
    }
}
