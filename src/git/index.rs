//! The index: what the next commit will hold.
//!
//! Versions 2 to 4 of git's `gitformat-index`, with the tree cache that says which folders are as they were committed.

use super::GitError;
use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::layout::read_file;
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of an entry in front of its id: times, device, mode, owner, size.
const STAT: usize = 40;

/// Deepest folder of the tree cache that is followed.
const MAX_DEPTH: usize = 512;

/// An entry of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// The path from the root of the work tree.
    pub path: Vec<u8>,
    /// The blob.
    pub id: ObjectId,
    /// Kind and permissions, as in trees.
    pub mode: u32,
    /// What it is for.
    pub state: EntryState,
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// It will be committed.
    Staged,
    /// One side of a conflict.
    Conflict,
    /// `git add --intent-to-add`: its content is not staged yet.
    Intended,
}

impl IndexEntry {
    /// Is it a file or a link, and no other repository?
    pub const fn is_blob(&self) -> bool {
        matches!(self.mode & 0o170_000, 0o100_000 | 0o120_000)
    }
}

/// An index, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// By path.
    pub entries: Vec<IndexEntry>,
    /// Folders, without a slash at the end, whose entries make just this tree.
    pub trees: BTreeMap<Vec<u8>, ObjectId>,
}

impl Index {
    /// Reads the index in the file at `path`; a missing file is an empty index.
    ///
    /// # Errors
    /// The file cannot be read, or is in a form that is not known.
    pub fn read(path: &Path, format: ObjectFormat) -> Result<Self, GitError> {
        let Some(bytes) = read_file(path)? else { return Ok(Self::default()) };
        Self::parse(&bytes, format)
            .map_err(|what| GitError::Unsupported { path: path.to_owned(), what: what.to_owned() })
    }

    /// Paths with a conflict, each once.
    pub fn conflicts(&self) -> impl Iterator<Item = &[u8]> {
        let mut paths: Vec<&[u8]> = self
            .entries
            .iter()
            .filter(|entry| entry.state == EntryState::Conflict)
            .map(|entry| entry.path.as_slice())
            .collect();
        paths.dedup();
        paths.into_iter()
    }

    fn parse(bytes: &[u8], format: ObjectFormat) -> Result<Self, &'static str> {
        const CUT: &str = "the index is damaged; `git reset` writes it anew";
        let mut cursor = Cursor::new(bytes, 0);
        if cursor.take(4).ok_or(CUT)? != b"DIRC" {
            return Err(CUT);
        }
        let version = cursor.four().ok_or(CUT)?;
        if !(2..=4).contains(&version) {
            return Err("the index is of a version that is not known");
        }
        let count = cursor.four().ok_or(CUT)?;
        let mut index = Self::default();
        let mut name = Vec::new();
        for _ in 0..count {
            let entry = IndexEntry::read(&mut cursor, version, format, &mut name).ok_or(CUT)?;
            index.entries.push(entry);
        }
        // A checksum as long as an id stands at the end.
        while cursor.at() + format.len() + 8 <= bytes.len() {
            let signature = cursor.take(4).ok_or(CUT)?;
            let len = cursor.four().ok_or(CUT)?;
            let content = cursor.take(len).ok_or(CUT)?;
            match signature {
                b"TREE" => drop(index.trees(&mut Cursor::new(content, 0), format, b"", 0)),
                b"link" => return Err("the index is split; `git update-index --no-split-index` puts it together"),
                _ => {}
            }
        }
        Ok(index)
    }

    /// Reads a folder of the tree cache, and those in it.
    fn trees(&mut self, cursor: &mut Cursor<'_>, format: ObjectFormat, folder: &[u8], depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let name = cursor.until(0)?;
        let path = if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
        let count: i64 = std::str::from_utf8(cursor.until(b' ')?).ok()?.parse().ok()?;
        let below: usize = std::str::from_utf8(cursor.until(b'\n')?).ok()?.parse().ok()?;
        if count >= 0 {
            self.trees.insert(path.clone(), ObjectId::new(cursor.take(format.len())?));
        }
        (0..below).try_for_each(|_| self.trees(cursor, format, &path, depth + 1))
    }
}

impl IndexEntry {
    /// Reads an entry; `name` is that of the one before.
    fn read(cursor: &mut Cursor<'_>, version: usize, format: ObjectFormat, name: &mut Vec<u8>) -> Option<Self> {
        let start = cursor.at();
        let stat = cursor.take(STAT)?;
        let mode = u32::from_be_bytes([stat[24], stat[25], stat[26], stat[27]]);
        let id = ObjectId::new(cursor.take(format.len())?);
        let flags = cursor.two()?;
        let extended = if flags & 0x4000 != 0 { cursor.two()? } else { 0 };
        if version == 4 {
            let cut = cursor.length()?;
            name.truncate(name.len().checked_sub(cut)?);
            name.extend_from_slice(cursor.until(0)?);
        } else {
            *name = cursor.until(0)?.to_vec();
            // Entries are filled with zeros to a multiple of eight bytes, one at least.
            let len = cursor.at() - start;
            cursor.take(len.next_multiple_of(8) - len)?;
        }
        let state = match () {
            () if flags >> 12 & 3 != 0 => EntryState::Conflict,
            () if extended & 0x2000 != 0 => EntryState::Intended,
            () => EntryState::Staged,
        };
        Some(Self { path: name.clone(), id, mode, state })
    }
}
