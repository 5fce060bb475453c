//! Packs: files with many objects, each whole or as a delta against another.

use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::inflate::{InflateError, Inflater};
use super::object::ObjectKind;
use super::{Damage, DamageKind, file};
use memmap2::{Mmap, MmapOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Bytes in front of the first object.
const HEADER: usize = 12;

/// A file mapped for reading, from the byte at `offset` on.
///
/// The one way in which files of a repository are mapped.
pub(super) fn map(path: &Path, offset: usize) -> io::Result<Mmap> {
    let (file, _) = file::open(path)?;
    // SAFETY: the map is only read, as bytes, and every access is checked against its length. Git never changes a pack or
    // an index of packs in place: it writes new files and removes old ones, whose content a map keeps. If somebody else cuts the file
    // while it is read, the system ends the process with a signal; nothing is read that was not in the file.
    #[allow(unsafe_code)]
    let map = unsafe { MmapOptions::new().offset(offset as u64).map(&file)? };
    Ok(map)
}

/// A pack, open.
#[derive(Debug)]
pub struct Pack {
    /// Its file.
    pub path: PathBuf,
    map: Mmap,
    format: ObjectFormat,
    /// Where the last entry ends: in front of the checksum, if the pack has one.
    end: usize,
}

/// How an object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Whole.
    Whole(ObjectKind),
    /// As a delta against the object at this offset of the same pack.
    OffsetDelta(u64),
    /// As a delta against this object.
    IdDelta(ObjectId),
}

/// What stands in front of an object's data.
#[derive(Clone, Copy, Debug)]
pub struct EntryHeader {
    /// How it is stored.
    pub stored: Stored,
    /// Size of the object, or of the delta, in bytes.
    pub size: u64,
    /// Where its data begins.
    pub data: usize,
}

/// Why an entry cannot be read, in words.
pub type EntryError = &'static str;

pub(super) const CUT: EntryError = "the pack ends in the middle of it";
const OUTSIDE: EntryError = "its base lies outside of the pack";

impl Pack {
    /// Where the first entry begins.
    pub const FIRST: u64 = HEADER as u64;

    /// Length of a pack in which nothing is.
    pub const SHORTEST: u64 = HEADER as u64 + 20;

    /// Opens the pack at `path`.
    ///
    /// # Errors
    /// It cannot be read, or is no pack.
    pub fn open(path: &Path, format: ObjectFormat) -> Result<Self, Damage> {
        Self::open_behind(path, 0, format)
    }

    /// Opens the pack that begins at `offset` of the file at `path`.
    ///
    /// # Errors
    /// It cannot be read, or is no pack.
    pub fn open_behind(path: &Path, offset: usize, format: ObjectFormat) -> Result<Self, Damage> {
        let map = map(path, offset).map_err(|error| Damage::io(path, &error))?;
        let version = map.get(4..8).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        if !map.starts_with(b"PACK") || !matches!(version, Some(2 | 3)) || map.len() < HEADER + format.len() {
            return Err(Damage::new(path.display(), DamageKind::Corrupt, "it is not a pack"));
        }
        let end = map.len() - format.len();
        Ok(Self { path: path.to_owned(), map, format, end })
    }

    /// Takes what would be the checksum for a part of the last entry: a pack that was cut short has none.
    pub(super) fn without_checksum(&mut self) {
        self.end = self.map.len();
    }

    /// Is `offset` behind everything that can be an entry?
    pub(super) const fn is_end(&self, offset: u64) -> bool {
        offset >= self.end as u64
    }

    /// How many objects it says it has.
    pub fn count(&self) -> u32 {
        self.map.get(8..HEADER).map_or(0, |bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Its size in bytes.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Never true: a pack has a header.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The checksum it ends with, which names its content.
    pub fn checksum(&self) -> &[u8] {
        &self.map[self.map.len() - self.format.len()..]
    }

    /// Reads the header of the entry at `offset`.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn header(&self, offset: u64) -> Result<EntryHeader, EntryError> {
        let bytes = &self.map[..self.end];
        let start = usize::try_from(offset).ok().filter(|at| (HEADER..self.end).contains(at)).ok_or(CUT)?;
        let mut cursor = Cursor::new(bytes, start);
        let first = cursor.byte().ok_or(CUT)?;
        let (mut size, mut shift, mut byte) = (u64::from(first & 0x0F), 4, first);
        while byte & 0x80 != 0 {
            byte = cursor.byte().ok_or(CUT)?;
            if shift > 57 {
                return Err("it claims an impossible size");
            }
            size |= u64::from(byte & 0x7F) << shift;
            shift += 7;
        }
        let stored = match first >> 4 & 7 {
            1 => Stored::Whole(ObjectKind::Commit),
            2 => Stored::Whole(ObjectKind::Tree),
            3 => Stored::Whole(ObjectKind::Blob),
            4 => Stored::Whole(ObjectKind::Tag),
            6 => {
                let back = cursor.offset().ok_or(if cursor.is_done() { CUT } else { OUTSIDE })?;
                let base = offset.checked_sub(back).filter(|base| *base >= HEADER as u64 && back > 0);
                Stored::OffsetDelta(base.ok_or(OUTSIDE)?)
            }
            7 => Stored::IdDelta(ObjectId::new(cursor.take(self.format.len()).ok_or(CUT)?)),
            _ => return Err("it is of an unknown type"),
        };
        Ok(EntryHeader { stored, size, data: cursor.at() })
    }

    /// The CRC-32 of what stands from `start` up to `end`, or up to the end of the last object.
    pub fn crc(&self, start: u64, end: Option<u64>) -> Option<u32> {
        let end = end.map_or(self.end, |end| usize::try_from(end).unwrap_or(usize::MAX));
        let bytes = usize::try_from(start).ok().and_then(|start| self.map[..self.end].get(start..end));
        bytes.map(crc32fast::hash)
    }

    /// Where the entry with this header ends, which only reading it to its end can tell.
    ///
    /// # Errors
    /// The data is damaged, or the pack ends before it does.
    pub fn end(&self, header: &EntryHeader) -> Result<u64, EntryError> {
        let input = self.map.get(header.data..self.end).ok_or(CUT)?;
        match super::inflate::stream_len(input, header.size) {
            Ok(len) => Ok((header.data + len) as u64),
            Err(InflateError::Cut) => Err(CUT),
            Err(other) => Err(other.words()),
        }
    }

    /// Inflates what stands behind `header` into `out`.
    ///
    /// # Errors
    /// The data is damaged.
    pub fn inflate(&self, header: &EntryHeader, inflater: &mut Inflater, out: &mut Vec<u8>) -> Result<(), EntryError> {
        let input = self.map.get(header.data..self.end).ok_or(CUT)?;
        inflater.exact(input, header.size, out).map_err(InflateError::words)
    }
}
