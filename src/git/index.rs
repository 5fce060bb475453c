//! The index: what the next commit will hold.
//!
//! Versions 2 to 4 of git's `gitformat-index`, in one file or split in two, with the tree cache that says which folders are as they were
//! committed.

mod folders;
mod split;

pub use folders::{Folder, Folders};

use super::GitError;
use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::layout::read_file;
use split::Link;
use std::ops::Range;
use std::path::Path;

/// Bytes of an entry in front of its id: times, device, mode, owner, size.
const STAT: usize = 40;

const CUT: &str = "the index is damaged; `git reset` writes it anew";

/// An entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexEntry<'i> {
    /// The path from the root of the work tree.
    pub path: &'i [u8],
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

impl IndexEntry<'_> {
    /// Is it a file or a link, and no other repository?
    pub const fn is_blob(&self) -> bool {
        matches!(self.mode & 0o170_000, 0o100_000 | 0o120_000)
    }
}

/// An index, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The paths of the entries, one behind the other: there are thousands, and a start has no time for as many pieces of memory.
    paths: Vec<u8>,
    rows: Vec<Row>,
    /// The folders whose entries make a tree that is known.
    pub folders: Folders,
    /// Sides of conflicts that were resolved, with their paths: git keeps them so that this can be undone.
    pub resolved: Vec<(Vec<u8>, ObjectId)>,
    /// What is remembered of files that are not tracked, as git wrote it: their names are in it.
    pub untracked: Vec<u8>,
}

/// An entry, its path by its place in the paths of all.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    path: Range<u32>,
    id: ObjectId,
    mode: u32,
    state: EntryState,
}

impl Index {
    /// Reads the index in `file`, which belongs to the work tree whose folder in the repository is `git_dir`; a missing file is an empty
    /// index.
    ///
    /// # Errors
    /// The file, or the one that it shares entries with, cannot be read, or is in a form that is not known.
    pub fn read(file: &Path, git_dir: &Path, format: ObjectFormat) -> Result<Self, GitError> {
        let Some((index, link)) = Self::read_one(file, format)? else { return Ok(Self::default()) };
        let Some(link) = link else { return Ok(index) };
        let Some(shared) = link.file() else { return Ok(index) };
        let shared = git_dir.join(shared);
        let unsupported = |what| GitError::Unsupported { path: shared.clone(), what };
        match Self::read_one(&shared, format)? {
            Some((base, None)) => index.over(&base, &link).ok_or_else(|| unsupported(CUT.to_owned())),
            Some((_, Some(_))) => Err(unsupported(CUT.to_owned())),
            None => Err(unsupported("the index shares entries with it, and it is not here".to_owned())),
        }
    }

    /// The index in `file` alone, and what it says of another.
    fn read_one(file: &Path, format: ObjectFormat) -> Result<Option<(Self, Option<Link>)>, GitError> {
        let Some(bytes) = read_file(file)? else { return Ok(None) };
        let unsupported = |what: &str| GitError::Unsupported { path: file.to_owned(), what: what.to_owned() };
        Self::parse(&bytes, format).map(Some).map_err(unsupported)
    }

    /// The entries, by path.
    pub fn entries(&self) -> impl Iterator<Item = IndexEntry<'_>> {
        self.rows.iter().map(|row| self.entry(row))
    }

    /// How many entries it has.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Has it none?
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The entry of this number, which is less than [`Self::len`].
    pub fn at(&self, number: usize) -> IndexEntry<'_> {
        self.entry(&self.rows[number])
    }

    /// The number in `range` from which on no entry stands in front of `path`.
    pub fn from(&self, path: &[u8], range: Range<usize>) -> usize {
        range.start + self.rows[range].partition_point(|row| self.entry(row).path < path)
    }

    /// Paths with a conflict, each once.
    pub fn conflicts(&self) -> impl Iterator<Item = &[u8]> {
        let conflicts = self.entries().filter(|entry| entry.state == EntryState::Conflict);
        let mut paths: Vec<&[u8]> = conflicts.map(|entry| entry.path).collect();
        paths.dedup();
        paths.into_iter()
    }

    fn entry(&self, row: &Row) -> IndexEntry<'_> {
        let path = &self.paths[row.path.start as usize..row.path.end as usize];
        IndexEntry { path, id: row.id, mode: row.mode, state: row.state }
    }

    fn parse(bytes: &[u8], format: ObjectFormat) -> Result<(Self, Option<Link>), &'static str> {
        let mut cursor = Cursor::new(bytes, 0);
        if cursor.take(4).ok_or(CUT)? != b"DIRC" {
            return Err(CUT);
        }
        let version = cursor.four().ok_or(CUT)?;
        if !(2..=4).contains(&version) {
            return Err("the index is of a version that is not known");
        }
        let count = cursor.four().ok_or(CUT)?;
        let (mut index, mut link) = (Self::default(), None);
        for _ in 0..count {
            index.read_entry(&mut cursor, version, format).ok_or(CUT)?;
        }
        // A checksum as long as an id stands at the end.
        while cursor.at() + format.len() + 8 <= bytes.len() {
            let signature = cursor.take(4).ok_or(CUT)?;
            let len = cursor.four().ok_or(CUT)?;
            let content = cursor.take(len).ok_or(CUT)?;
            match signature {
                b"TREE" => index.folders = Folders::read(content, format),
                b"REUC" => index.resolved = resolved(content, format),
                b"UNTR" => index.untracked = content.to_vec(),
                b"link" => link = Some(Link::read(content, format).ok_or(CUT)?),
                _ => {}
            }
        }
        if link.is_none() {
            index.sort();
        }
        Ok((index, link))
    }

    /// Puts the entries in order, as git writes them.
    fn sort(&mut self) {
        let Self { paths, rows, .. } = self;
        let path = |row: &Row| &paths[row.path.start as usize..row.path.end as usize];
        if !rows.is_sorted_by_key(path) {
            rows.sort_by(|one, other| path(one).cmp(path(other)));
        }
    }

    /// Reads an entry behind those that are there.
    fn read_entry(&mut self, cursor: &mut Cursor<'_>, version: usize, format: ObjectFormat) -> Option<()> {
        let begun = cursor.at();
        let stat = cursor.take(STAT)?;
        let mode = u32::from_be_bytes([stat[24], stat[25], stat[26], stat[27]]);
        let id = ObjectId::new(cursor.take(format.len())?);
        let flags = cursor.two()?;
        let extended = if flags & 0x4000 != 0 { cursor.two()? } else { 0 };
        let start = self.paths.len();
        if version == 4 {
            // Of the path before it, all but the end is in front of this one.
            let cut = cursor.length()?;
            let last = self.rows.last().map_or(0..0, |row| row.path.start as usize..row.path.end as usize);
            let kept = last.len().checked_sub(cut)?;
            self.paths.extend_from_within(last.start..last.start + kept);
            self.paths.extend_from_slice(cursor.until(0)?);
        } else {
            self.paths.extend_from_slice(cursor.until(0)?);
            // Entries are filled with zeros to a multiple of eight bytes, one at least.
            let len = cursor.at() - begun;
            cursor.take(len.next_multiple_of(8) - len)?;
        }
        let state = match () {
            () if flags >> 12 & 3 != 0 => EntryState::Conflict,
            () if extended & 0x2000 != 0 => EntryState::Intended,
            () => EntryState::Staged,
        };
        let path = u32::try_from(start).ok()?..u32::try_from(self.paths.len()).ok()?;
        self.rows.push(Row { path, id, mode, state });
        Some(())
    }
}

/// The sides of resolved conflicts: a path and three modes, each in octal digits with a NUL, then ids of those sides that there were.
fn resolved(content: &[u8], format: ObjectFormat) -> Vec<(Vec<u8>, ObjectId)> {
    let mut cursor = Cursor::new(content, 0);
    let mut sides = Vec::new();
    while let Some(path) = cursor.until(0) {
        let modes = [cursor.until(0), cursor.until(0), cursor.until(0)];
        for _ in modes.iter().filter(|mode| !matches!(mode, None | Some(b"0"))) {
            let Some(id) = cursor.take(format.len()) else { return sides };
            sides.push((path.to_vec(), ObjectId::new(id)));
        }
    }
    sides
}
