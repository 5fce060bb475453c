//! Split indexes: most entries stand in a file that several indexes share, and the index says what of it holds no more.

use super::{Index, Row};
use crate::git::cursor::Cursor;
use crate::git::id::{ObjectFormat, ObjectId};
use std::ops::Range;

/// What an index says of the file with which it shares entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The checksum of the shared file, which is in its name; zeros if there is none.
    shared: ObjectId,
    /// Which of its entries are gone.
    deleted: Bits,
    /// Which of them the first entries of the index stand for, in order.
    replaced: Bits,
}

impl Link {
    /// Reads the content of the extension.
    pub(super) fn read(content: &[u8], format: ObjectFormat) -> Option<Self> {
        let mut cursor = Cursor::new(content, 0);
        let shared = ObjectId::new(cursor.take(format.len())?);
        if cursor.is_done() {
            return Some(Self { shared, deleted: Bits::default(), replaced: Bits::default() });
        }
        Some(Self { shared, deleted: Bits::read(&mut cursor)?, replaced: Bits::read(&mut cursor)? })
    }

    /// The name of the shared file, if there is one.
    pub(super) fn file(&self) -> Option<String> {
        let none = self.shared.bytes().iter().all(|byte| *byte == 0);
        (!none).then(|| format!("sharedindex.{}", self.shared))
    }
}

impl Index {
    /// The entries of `base`, but for those that are gone, and those of this index in place of them or beside them; `None` if the two do
    /// not fit.
    pub(super) fn over(mut self, base: &Self, link: &Link) -> Option<Self> {
        let mut whole = Self {
            folders: std::mem::take(&mut self.folders),
            resolved: std::mem::take(&mut self.resolved),
            untracked: std::mem::take(&mut self.untracked),
            ..Self::default()
        };
        let mut own = self.rows.iter();
        for (at, row) in base.rows.iter().enumerate() {
            if link.replaced.hold(at) {
                let with = own.next()?;
                // Its name is left out where it is the same.
                let path = if with.path.is_empty() { base.entry(row).path } else { self.entry(with).path };
                whole.add(path, with)?;
            } else if !link.deleted.hold(at) {
                whole.add(base.entry(row).path, row)?;
            }
        }
        own.try_for_each(|row| whole.add(self.entry(row).path, row))?;
        whole.sort();
        Some(whole)
    }

    /// Adds an entry with the path `path` that is else as `row`.
    fn add(&mut self, path: &[u8], row: &Row) -> Option<()> {
        let start = u32::try_from(self.paths.len()).ok()?;
        self.paths.extend_from_slice(path);
        self.rows.push(Row { path: start..u32::try_from(self.paths.len()).ok()?, ..row.clone() });
        Some(())
    }
}

/// A set of small numbers, as git writes it: words of 64 bits, those that are alike counted (EWAH).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bits {
    /// Words that are written out, by the number of the word.
    words: Vec<(u64, u64)>,
    /// Words all of whose bits are set, in order.
    full: Vec<Range<u64>>,
}

impl Bits {
    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let _bits = cursor.four()?;
        let count = cursor.four()?;
        let mut words = cursor.take(count.checked_mul(8)?)?.chunks_exact(8).map(word);
        let _last_marker = cursor.four()?;
        let (mut bits, mut at) = (Self::default(), 0_u64);
        while let Some(marker) = words.next() {
            let (alike, literals) = (marker >> 1 & 0xFFFF_FFFF, marker >> 33);
            if marker & 1 == 1 {
                bits.full.push(at..at + alike);
            }
            at += alike;
            for _ in 0..literals {
                bits.words.push((at, words.next()?));
                at += 1;
            }
        }
        Some(bits)
    }

    /// Is `number` in it?
    fn hold(&self, number: usize) -> bool {
        let (word, bit) = (number as u64 / 64, number % 64);
        let written = self.words.binary_search_by_key(&word, |(at, _)| *at);
        let full = self.full.partition_point(|full| full.end <= word);
        written.is_ok_and(|at| self.words[at].1 >> bit & 1 == 1)
            || self.full.get(full).is_some_and(|full| full.contains(&word))
    }
}

/// Eight bytes as a number, the highest first.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_and_written_words_are_told_apart() {
        // Two full words, one that is written out, three empty ones, another that is written out.
        let words = [1 | 2 << 1 | 1 << 33, 0b101, 3 << 1 | 1 << 33, 1 << 63];
        let mut content = [0, 0, 2, 0, 0, 0, 0, 4].to_vec();
        words.iter().for_each(|word: &u64| content.extend(word.to_be_bytes()));
        content.extend([0, 0, 0, 2]);
        let bits = Bits::read(&mut Cursor::new(&content, 0)).unwrap();
        let held: Vec<usize> = (0..600).filter(|number| bits.hold(*number)).collect();
        let wanted: Vec<usize> = (0..128).chain([128, 130, 6 * 64 + 63]).collect();
        assert_eq!(held, wanted);
        assert_eq!(Bits::read(&mut Cursor::new(&content[..30], 0)), None);
    }
}
