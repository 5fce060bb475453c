//! Packs and loose objects made by hand, sound or not.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;

/// What a pack and its index end with; nobody else's checksum is all the same letters.
const CHECKSUM: [u8; 20] = *b"cccccccccccccccccccc";

/// A raw id that no object has by itself.
pub(crate) fn id_of(letter: u8) -> [u8; 20] {
    [letter; 20]
}

/// `content` as a zlib stream.
pub(crate) fn zlib(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Type and size in front of an entry of a pack.
pub(crate) fn entry_head(kind: u8, size: u64) -> Vec<u8> {
    let mut head = vec![kind << 4 | (size & 15) as u8];
    let mut rest = size >> 4;
    while rest > 0 {
        *head.last_mut().expect("it has one") |= 0x80;
        head.push((rest & 0x7F) as u8);
        rest >>= 7;
    }
    head
}

/// A whole object as an entry.
pub(crate) fn whole(kind: u8, content: &[u8]) -> Vec<u8> {
    [entry_head(kind, content.len() as u64), zlib(content)].concat()
}

/// A delta against the object with this id, as an entry.
pub(crate) fn delta(base: [u8; 20], delta: &[u8]) -> Vec<u8> {
    [entry_head(7, delta.len() as u64), base.to_vec(), zlib(delta)].concat()
}

/// Writes a pack of these entries, with an index, into an object folder.
pub(crate) fn write_pack(objects: &Path, name: &str, entries: &[([u8; 20], Vec<u8>)]) {
    let mut pack = [&b"PACK\0\0\0\x02"[..], &(entries.len() as u32).to_be_bytes()].concat();
    let mut index: Vec<([u8; 20], u32)> = Vec::new();
    for (id, entry) in entries {
        index.push((*id, pack.len() as u32));
        pack.extend(entry);
    }
    pack.extend(CHECKSUM);
    index.sort_unstable();
    let mut out = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..=255u8 {
        out.extend((index.iter().filter(|(id, _)| id[0] <= first).count() as u32).to_be_bytes());
    }
    index.iter().for_each(|(id, _)| out.extend(id));
    let mut offsets: Vec<usize> = index.iter().map(|(_, offset)| *offset as usize).collect();
    offsets.push(pack.len() - CHECKSUM.len());
    offsets.sort_unstable();
    for (_, offset) in &index {
        let end = offsets[offsets.partition_point(|other| *other <= *offset as usize)];
        out.extend(crc32fast::hash(&pack[*offset as usize..end]).to_be_bytes());
    }
    index.iter().for_each(|(_, offset)| out.extend(offset.to_be_bytes()));
    out.extend(CHECKSUM);
    out.extend(CHECKSUM);
    let folder = objects.join("pack");
    fs::create_dir_all(&folder).expect("it can be made");
    fs::write(folder.join(format!("{name}.pack")), pack).expect("it can be written");
    fs::write(folder.join(format!("{name}.idx")), out).expect("it can be written");
}

/// Replaces a file, even one that must not be written to.
pub(crate) fn replace(path: &Path, content: &[u8]) {
    fs::remove_file(path).expect("it is there");
    fs::write(path, content).expect("it can be written");
}
