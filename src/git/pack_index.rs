//! The index beside a pack: which objects it holds, and where.

use super::id::{ObjectFormat, ObjectId};
use super::pack::map;
use super::{Damage, DamageKind};
use std::path::Path;

const MAGIC: &[u8] = b"\xfftOc";
const FAN_OUT: usize = 256 * 4;

/// Ids and offsets of the objects of a pack, by id.
///
/// # Errors
/// The index cannot be read, or does not hold together.
pub fn read(path: &Path, format: ObjectFormat) -> Result<Vec<(ObjectId, u64)>, Damage> {
    let map = map(path).map_err(|error| Damage::io(path, &error))?;
    let corrupt = || Damage::new(path.display(), DamageKind::Corrupt, "it is not an index of a pack, or is cut off");
    let entries = if map.starts_with(MAGIC) { version_two(&map, format.len()) } else { version_one(&map, format.len()) };
    entries.ok_or_else(corrupt)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_be_bytes([four[0], four[1], four[2], four[3]])).ok()
}

/// The last entry of the fan-out table is the number of objects.
fn count(bytes: &[u8], fan_out: usize) -> Option<usize> {
    number(bytes, fan_out + FAN_OUT - 4)
}

fn version_two(bytes: &[u8], id_len: usize) -> Option<Vec<(ObjectId, u64)>> {
    if number(bytes, 4)? != 2 {
        return None;
    }
    let count = count(bytes, 8)?;
    let ids = 8 + FAN_OUT;
    let offsets = ids.checked_add(count.checked_mul(id_len + 4)?)?;
    let large = offsets.checked_add(count.checked_mul(4)?)?;
    if large > bytes.len() {
        return None;
    }
    let mut entries = Vec::with_capacity(count);
    for entry in 0..count {
        let id = ObjectId::new(bytes.get(ids + entry * id_len..ids + (entry + 1) * id_len)?);
        let short = number(bytes, offsets + entry * 4)?;
        let offset = if short >> 31 == 0 {
            short as u64
        } else {
            let at = large.checked_add((short & 0x7FFF_FFFF).checked_mul(8)?)?;
            (number(bytes, at)? as u64) << 32 | number(bytes, at + 4)? as u64
        };
        entries.push((id, offset));
    }
    Some(entries)
}

fn version_one(bytes: &[u8], id_len: usize) -> Option<Vec<(ObjectId, u64)>> {
    let count = count(bytes, 0)?;
    let width = 4 + id_len;
    if FAN_OUT.checked_add(count.checked_mul(width)?)? > bytes.len() {
        return None;
    }
    let entry = |entry: usize| {
        let at = FAN_OUT + entry * width;
        Some((ObjectId::new(bytes.get(at + 4..at + width)?), number(bytes, at)? as u64))
    };
    (0..count).map(entry).collect()
}
