//! The index beside a pack: which objects it holds, and where.

use super::id::{ObjectFormat, ObjectId};
use super::pack::map;
use super::{Damage, DamageKind};
use memmap2::{Mmap, MmapMut};
use std::io;
use std::ops::Range;
use std::path::Path;

const MAGIC: &[u8] = b"\xfftOc";
const FAN_OUT: usize = 256 * 4;

/// The index of a pack, open.
#[derive(Debug)]
pub struct PackIndex {
    map: Mmap,
    id_len: usize,
    count: usize,
    fan_out: usize,
    /// Where ids begin, and how far apart they are.
    ids: usize,
    stride: usize,
    /// Where offsets begin, and how far apart they are.
    offsets: usize,
    offset_stride: usize,
    /// Where offsets beyond 31 bits stand, in version 2.
    large: Option<usize>,
}

impl PackIndex {
    /// Opens the index at `path`.
    ///
    /// # Errors
    /// It cannot be read, or does not hold together.
    pub fn open(path: &Path, format: ObjectFormat) -> Result<Self, Damage> {
        let map = map(path, 0).map_err(|error| Damage::io(path, &error))?;
        let corrupt =
            || Damage::new(path.display(), DamageKind::Corrupt, "it is not an index of a pack, or is cut off");
        Self::parse(map, format.len()).ok_or_else(corrupt)
    }

    /// The index that lists `rows`: id, checksum and offset of each object, by id.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn of(rows: &[(ObjectId, u32, u64)], format: ObjectFormat, pack_checksum: &[u8]) -> io::Result<Self> {
        let mut bytes = [MAGIC, &2u32.to_be_bytes()].concat();
        for first in 0..=u8::MAX {
            let end = rows.partition_point(|(id, ..)| id.bytes().first().is_some_and(|byte| *byte <= first));
            bytes.extend((end as u32).to_be_bytes());
        }
        rows.iter().for_each(|(id, ..)| bytes.extend_from_slice(id.bytes()));
        rows.iter().for_each(|(_, check, _)| bytes.extend(check.to_be_bytes()));
        let mut large = Vec::new();
        for (.., offset) in rows {
            match u32::try_from(*offset).ok().filter(|short| short >> 31 == 0) {
                Some(short) => bytes.extend(short.to_be_bytes()),
                None => {
                    bytes.extend((1 << 31 | (large.len() / 8) as u32).to_be_bytes());
                    large.extend(offset.to_be_bytes());
                }
            }
        }
        bytes.extend(large);
        bytes.extend_from_slice(pack_checksum);
        // It names nothing but itself.
        bytes.extend(vec![0; format.len()]);
        let mut map = MmapMut::map_anon(bytes.len())?;
        map.copy_from_slice(&bytes);
        Self::parse(map.make_read_only()?, format.len()).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn parse(map: Mmap, id_len: usize) -> Option<Self> {
        let two = map.starts_with(MAGIC);
        let fan_out = if two { 8 } else { 0 };
        if two && number(&map, 4)? != 2 {
            return None;
        }
        // The last entry of the fan-out table is the number of objects.
        let count = number(&map, fan_out + FAN_OUT - 4)?;
        let table = fan_out + FAN_OUT;
        let (ids, stride, offsets, offset_stride, end) = if two {
            // Ids, then a checksum of four bytes for each, then offsets.
            let offsets = table.checked_add(count.checked_mul(id_len + 4)?)?;
            (table, id_len, offsets, 4, offsets.checked_add(count.checked_mul(4)?)?)
        } else {
            let stride = 4 + id_len;
            (table + 4, stride, table, stride, table.checked_add(count.checked_mul(stride)?)?)
        };
        let sound = end <= map.len();
        sound.then(|| Self {
            id_len,
            count,
            fan_out,
            ids,
            stride,
            offsets,
            offset_stride,
            large: two.then_some(end),
            map,
        })
    }

    /// Where in the fan-out table the ids end that begin with `first` or less.
    fn fan(&self, first: usize) -> usize {
        number(&self.map, self.fan_out + first * 4).unwrap_or(0).min(self.count)
    }

    /// Do the ids around this border begin as they should?
    fn fan_fits(&self, first: usize) -> bool {
        let border = self.fan(first);
        let begins = |entry: usize| self.id(entry).first().map_or(0, |byte| usize::from(*byte));
        (border == 0 || begins(border - 1) <= first) && (border == self.count || begins(border) > first)
    }

    /// How many objects it lists.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Does it list none?
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The checksum of the pack that it was made for.
    pub fn pack_checksum(&self) -> &[u8] {
        let end = self.map.len().saturating_sub(self.id_len);
        self.map.get(end.saturating_sub(self.id_len)..end).unwrap_or_default()
    }

    /// Its own checksum.
    pub fn checksum(&self) -> &[u8] {
        &self.map[self.map.len().saturating_sub(self.id_len)..]
    }

    /// The CRC-32 of what stands in the pack for the entry at this position; version 1 has none.
    pub fn check(&self, position: u32) -> Option<u32> {
        self.large?;
        let start = self.offsets - 4 * self.count;
        number(&self.map, start + 4 * position as usize).map(|check| check as u32)
    }

    fn id(&self, entry: usize) -> &[u8] {
        let at = self.ids + entry * self.stride;
        self.map.get(at..at + self.id_len).unwrap_or_default()
    }

    fn offset(&self, entry: usize) -> Option<u64> {
        let short = number(&self.map, self.offsets + entry * self.offset_stride)?;
        match self.large.filter(|_| short >> 31 != 0) {
            None => Some(short as u64),
            Some(large) => {
                let at = large.checked_add((short & 0x7FFF_FFFF).checked_mul(8)?)?;
                Some((number(&self.map, at)? as u64) << 32 | number(&self.map, at + 4)? as u64)
            }
        }
    }

    /// Where the object with this raw id lies in the pack.
    pub fn find(&self, id: &[u8]) -> Option<u64> {
        let first = usize::from(*id.first()?);
        let range = first.checked_sub(1).map_or(0, |before| self.fan(before))..self.fan(first);
        if let Some(entry) = self.search(id, range) {
            return self.offset(entry);
        }
        // A table that is damaged says nothing: the ids are found without it.
        let fits = self.fan_fits(first) && (first == 0 || self.fan_fits(first - 1));
        if fits { None } else { self.search(id, 0..self.count).and_then(|entry| self.offset(entry)) }
    }

    /// The entry of an id among those in `range`, all of one first byte if that is the fan-out table's.
    ///
    /// Ids are as good as random, so the next bytes tell nearly where one stands: halving would touch a page of the file at each step.
    fn search(&self, id: &[u8], range: Range<usize>) -> Option<usize> {
        let Range { mut start, mut end } = range;
        let next = id.get(1..5).and_then(|next| next.first_chunk()).map_or(0, |next| u32::from_be_bytes(*next));
        let share = (end.saturating_sub(start) as u64 * u64::from(next)) >> 32;
        let (mut guess, mut step) = (start + share as usize, 16);
        while start < end {
            match self.id(guess).cmp(id) {
                std::cmp::Ordering::Less => start = guess + 1,
                std::cmp::Ordering::Greater => end = guess,
                std::cmp::Ordering::Equal => return Some(guess),
            }
            let middle = start + (end - start) / 2;
            // From the guess on in growing steps, and by halves where these go no farther than a half.
            guess = if start > guess { middle.min(start + step) } else { middle.max(end.saturating_sub(step)) };
            step *= 4;
        }
        None
    }

    /// Raw ids of all objects, in order.
    pub fn raw_ids(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).map(|entry| self.id(entry))
    }

    /// Raw ids of all objects, one behind the other, if they stand so in the file.
    pub fn id_table(&self) -> Option<&[u8]> {
        let dense = self.stride == self.id_len;
        self.map.get(self.ids..self.ids + self.count * self.id_len).filter(|_| dense)
    }

    /// Position, raw id and offset of all objects, by id.
    pub fn raw_entries(&self) -> impl Iterator<Item = (u32, (&[u8], u64))> {
        (0..self.count).filter_map(|entry| Some((entry as u32, (self.id(entry), self.offset(entry)?))))
    }

    /// The ids that begin with these bytes, at most `most`.
    pub fn with_prefix(&self, prefix: &[u8], most: usize) -> Vec<ObjectId> {
        let (mut start, mut end) = (0, self.count);
        while start < end {
            let middle = start + (end - start) / 2;
            (start, end) = if self.id(middle) < prefix { (middle + 1, end) } else { (start, middle) };
        }
        let ids = (start..self.count).map(|entry| self.id(entry)).take_while(|id| id.starts_with(prefix));
        ids.take(most).map(ObjectId::new).collect()
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_be_bytes([four[0], four[1], four[2], four[3]])).ok()
}
