//! Refs and reflogs in reftables, git's binary format for them.
//!
//! Written from git's `reftable` technical documentation: blocks of records with shared prefixes; later tables override
//! earlier ones; blocks of logs are compressed.

use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::inflate::{Inflater, stream_len};
use super::reflog::LogEntry;
use super::refs::{Names, Value};
use super::{Damage, DamageKind, file};
use crate::blob::PlacePath;
use std::path::Path;

/// Reads all tables of a stack.
pub(super) fn read(
    folder: &Path,
    format: ObjectFormat,
    names: &mut Names,
    log: &mut Vec<LogEntry>,
    damage: &mut Vec<Damage>,
) {
    let list = folder.join("tables.list");
    let tables = match file::read(&list) {
        Ok(text) => text,
        Err(error) => return damage.push(Damage::io(&list, &error)),
    };
    for table in String::from_utf8_lossy(&tables).lines().filter(|line| !line.is_empty()) {
        // A name, not a way out of the folder.
        let path = folder.join(Path::new(table).file_name().unwrap_or_default());
        match file::read(&path) {
            Ok(bytes) => {
                let table = Table { bytes: &bytes, id_len: format.len() };
                if table.read(names, log).is_none() {
                    damage.push(Damage::new(
                        path.display(),
                        DamageKind::Corrupt,
                        "it is not a reftable, or is cut off",
                    ));
                }
            }
            Err(error) => damage.push(Damage::io(&path, &error)),
        }
    }
}

struct Table<'t> {
    bytes: &'t [u8],
    id_len: usize,
}

impl Table<'_> {
    fn read(&self, names: &mut Names, log: &mut Vec<LogEntry>) -> Option<()> {
        let version = *self.bytes.get(4).filter(|_| self.bytes.starts_with(b"REFT"))?;
        let header = match version {
            1 => 24,
            2 => 28,
            _ => return None,
        };
        // The footer repeats the header and adds five positions and a checksum.
        let end = self.bytes.len().checked_sub(header + 44)?;
        let mut at = header;
        while at < end {
            let start = if at == header { 0 } else { at };
            let kind = self.bytes[at];
            let len = big_endian(self.bytes.get(at + 1..at + 4)?);
            let next = match kind {
                b'r' | b'o' | b'i' => {
                    let block = self.bytes.get(start..start.checked_add(len)?)?;
                    if kind == b'r' {
                        self.ref_block(block, at - start + 4, names)?;
                    }
                    // Blocks are filled up with zeros, except for the last one before those of logs.
                    start + len
                }
                b'g' => at + self.log_block(at, start, len, log)?,
                0 => at + 1,
                _ => return None,
            };
            at = next.max(at + 1);
        }
        Some(())
    }

    /// Reads the records of a block of refs; `first` is where they begin.
    fn ref_block(&self, block: &[u8], first: usize, names: &mut Names) -> Option<()> {
        let mut cursor = Cursor::new(records(block)?, first);
        let mut name = Vec::new();
        while !cursor.is_done() {
            let kind = read_key(&mut cursor, &mut name)?;
            cursor.length()?;
            match kind {
                0 => drop(names.insert(name.clone(), Value::Nothing)),
                1 | 2 => {
                    let id = ObjectId::new(cursor.take(self.id_len)?);
                    cursor.take(if kind == 2 { self.id_len } else { 0 })?;
                    names.insert(name.clone(), Value::Object(id));
                }
                3 => {
                    let len = cursor.length()?;
                    let target = cursor.take(len)?.to_vec();
                    names.insert(name.clone(), Value::Symbolic(target));
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Reads a compressed block of logs; gives the bytes it takes in the file from `at` on.
    fn log_block(&self, at: usize, start: usize, len: usize, log: &mut Vec<LogEntry>) -> Option<usize> {
        let inflated = len.checked_sub(at - start + 4)?;
        let input = self.bytes.get(at + 4..)?;
        let mut block = vec![0; at - start + 4];
        let mut content = Vec::new();
        Inflater::default().exact(input, inflated as u64, &mut content).ok()?;
        block.extend(content);
        self.log_records(&block, at - start + 4, log)?;
        // The block does not say how long it is in the file: the next one begins where its stream ends.
        stream_len(input, inflated as u64).ok().map(|len| len + 4)
    }

    fn log_records(&self, block: &[u8], first: usize, log: &mut Vec<LogEntry>) -> Option<()> {
        let mut cursor = Cursor::new(records(block)?, first);
        let mut key = Vec::new();
        while !cursor.is_done() {
            let kind = read_key(&mut cursor, &mut key)?;
            if kind == 0 {
                continue;
            }
            let ids: Vec<ObjectId> =
                cursor.take(2 * self.id_len)?.chunks_exact(self.id_len).map(ObjectId::new).collect();
            let len = cursor.length()?;
            let name = cursor.take(len)?;
            let len = cursor.length()?;
            let address = cursor.take(len)?;
            cursor.length()?;
            cursor.take(2)?;
            let len = cursor.length()?;
            let text = [name, b" <", address, b">\t", cursor.take(len)?].concat();
            let name = key.split(|byte| *byte == 0).next().unwrap_or_default();
            let ids = ids.into_iter().filter(|id| !id.is_null()).collect();
            log.push(LogEntry { name: PlacePath::from(name), ids, text });
        }
        Some(())
    }
}

/// The block without the table of restarts at its end.
fn records(block: &[u8]) -> Option<&[u8]> {
    let count = block.len().checked_sub(2)?;
    let restarts = big_endian(&block[count..]);
    block.get(..count.checked_sub(3 * restarts)?)
}

fn big_endian(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte))
}

/// Reads the key of a record, made from the one before; gives the type of its value.
fn read_key(cursor: &mut Cursor<'_>, key: &mut Vec<u8>) -> Option<usize> {
    let shared = cursor.length()?;
    let suffix = cursor.length()?;
    if shared > key.len() {
        return None;
    }
    key.truncate(shared);
    key.extend_from_slice(cursor.take(suffix >> 3)?);
    Some(suffix & 7)
}
