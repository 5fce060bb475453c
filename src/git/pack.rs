//! Packs: files with many objects, each whole or as a delta against another.

use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::inflate::Inflater;
use super::object::ObjectKind;
use super::{Damage, DamageKind};
use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Bytes in front of the first object.
const HEADER: usize = 12;

/// A file mapped for reading.
///
/// The one way in which files of a repository are mapped.
pub(super) fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: the map is only read, as bytes, and every access is checked against its length. Git never changes a pack or
    // an index of packs in place: it writes new files and removes old ones, whose content a map keeps. If somebody else cuts the file
    // while it is read, the system ends the process with a signal; nothing is read that was not in the file.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(&file)? };
    Ok(map)
}

/// A pack, open.
#[derive(Debug)]
pub struct Pack {
    /// Its file.
    pub path: PathBuf,
    map: Mmap,
    format: ObjectFormat,
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

const CUT: EntryError = "the pack ends in the middle of it";
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
        let map = map(path).map_err(|error| Damage::io(path, &error))?;
        let version = map.get(4..8).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        if !map.starts_with(b"PACK") || !matches!(version, Some(2 | 3)) || map.len() < HEADER + format.len() {
            return Err(Damage::new(path.display(), DamageKind::Corrupt, "it is not a pack"));
        }
        Ok(Self { path: path.to_owned(), map, format })
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
        let end = self.map.len() - self.format.len();
        let bytes = &self.map[..end];
        let start = usize::try_from(offset).ok().filter(|at| (HEADER..end).contains(at)).ok_or(CUT)?;
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
        let last = self.map.len() - self.format.len();
        let end = end.map_or(last, |end| usize::try_from(end).unwrap_or(usize::MAX));
        let bytes = usize::try_from(start).ok().and_then(|start| self.map[..last].get(start..end));
        bytes.map(crc32fast::hash)
    }

    /// Where the entry with this header ends, which only reading it to its end can tell.
    pub fn end(&self, header: &EntryHeader) -> Option<u64> {
        let input = self.map.get(header.data..self.map.len() - self.format.len())?;
        super::inflate::stream_len(input, header.size).map(|len| (header.data + len) as u64)
    }

    /// Inflates what stands behind `header` into `out`.
    ///
    /// # Errors
    /// The data is damaged.
    pub fn inflate(&self, header: &EntryHeader, inflater: &mut Inflater, out: &mut Vec<u8>) -> Result<(), EntryError> {
        let end = self.map.len() - self.format.len();
        let input = self.map.get(header.data..end).ok_or(CUT)?;
        inflater.exact(input, header.size, out).map_err(super::inflate::InflateError::words)
    }
}
