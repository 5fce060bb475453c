//! Known objects: blobs and messages that an earlier run has scanned, by id.

use super::{Cache, Content};
use crate::git::{ObjectNumber, ObjectStore};
use std::hash::{Hash, Hasher};

/// It held something that only a scan of the whole tells about.
pub(in crate::history) const WIDE: u8 = 1;
/// Something was found in it: it is scanned again.
pub(in crate::history) const FOUND: u8 = 2;
/// It is a commit or a tag.
pub(in crate::history) const MESSAGE: u8 = 4;

/// Bytes of a record behind the id.
const TAIL: usize = 9;

const NONE: u32 = u32::MAX;

/// What is known of the objects of a store.
#[derive(Debug, Default)]
pub(in crate::history) struct Known {
    /// By id: the id, the hash of the path it was read as, and marks.
    records: Vec<u8>,
    /// Length of a record.
    width: usize,
    /// For each object of the store its record.
    at: Vec<u32>,
}

impl Known {
    /// What the cache knows of the objects of `store`.
    pub(in crate::history) fn read(cache: &mut Cache, store: &ObjectStore) -> Self {
        let Some(records) = cache.read(Content::Objects) else { return Self::default() };
        let width = store.format().len() + TAIL;
        if records.len() % width != 0 {
            cache.reject(Content::Objects, "it was made for ids of another kind");
            return Self::default();
        }
        let mut known = Self { records, width, at: vec![NONE; store.len()] };
        for record in 0..known.records.len() / width {
            let id = &known.records[record * width..][..width - TAIL];
            if let Some(number) = store.find(id) {
                known.at[number.at()] = record as u32;
            }
        }
        known
    }

    /// Is nothing known?
    pub(in crate::history) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn record(&self, number: ObjectNumber) -> Option<&[u8]> {
        let at = self.at.get(number.at()).copied().filter(|at| *at != NONE)? as usize;
        Some(&self.records[at * self.width..][..self.width])
    }

    /// The marks of a blob that was read as the file at `path` and held nothing.
    pub(in crate::history) fn clean_blob(&self, number: ObjectNumber, path: &[u8]) -> Option<u8> {
        let record = self.record(number)?;
        let (hash, marks) = (&record[self.width - TAIL..self.width - 1], record[self.width - 1]);
        (marks & (FOUND | MESSAGE) == 0 && hash == path_hash(path)).then_some(marks)
    }

    /// Did the message of this commit or tag hold nothing?
    pub(in crate::history) fn is_clean_message(&self, number: ObjectNumber) -> bool {
        self.record(number).is_some_and(|record| record[self.width - 1] == MESSAGE)
    }

    /// Writes what is known now: what was `seen`, and of the rest what was known before.
    pub(in crate::history) fn write<'p>(
        &self,
        cache: &mut Cache,
        store: &ObjectStore,
        mut seen: Vec<(ObjectNumber, u8)>,
        path: impl Fn(ObjectNumber) -> &'p [u8],
    ) {
        seen.sort_unstable();
        // Objects that lie in several packs are seen several times; marks of one sight count for all.
        seen.dedup_by(|(one, marks), (two, kept)| {
            let same = one == two;
            *kept |= if same { *marks } else { 0 };
            same
        });
        let mut seen = seen.into_iter().peekable();
        let mut body = Vec::new();
        for number in (0..store.len() as u32).map(ObjectNumber) {
            if let Some((_, marks)) = seen.next_if(|(next, _)| *next == number) {
                body.extend_from_slice(store.id(number).bytes());
                body.extend(path_hash(path(number)));
                body.push(marks);
            } else if let Some(record) = self.record(number) {
                body.extend_from_slice(record);
            }
        }
        cache.write(Content::Objects, &body);
    }
}

fn path_hash(path: &[u8]) -> [u8; 8] {
    let mut hash = rustc_hash::FxHasher::default();
    path.hash(&mut hash);
    hash.finish().to_le_bytes()
}
