//! Indexes of packs, of both versions.
#![no_main]

use caulk::git::ObjectFormat;
use caulk::git::pack_index::PackIndex;
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|input: (u8, u8, Vec<u8>)| {
    let (version, count, body) = input;
    // A fan-out table that is whole, or nothing gets past it.
    let mut bytes = if version & 1 == 0 { b"\xfftOc\0\0\0\x02".to_vec() } else { Vec::new() };
    for first in 0..256usize {
        let at = if version & 2 == 0 { u32::from(count) * (first as u32 + 1) / 256 } else { u32::from(*body.get(first).unwrap_or(&count)) };
        bytes.extend(if first == 255 { u32::from(count) } else { at }.to_be_bytes());
    }
    bytes.extend(&body);
    let mut file = tempfile::NamedTempFile::new().expect("there is room");
    file.write_all(&bytes).expect("there is room");
    for format in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let Ok(index) = PackIndex::open(file.path(), format) else { continue };
        for (position, (id, _)) in index.raw_entries() {
            index.find(id);
            index.with_prefix(&id[..3], 10);
            index.check(position);
        }
        assert_eq!(index.raw_ids().count(), index.len());
        index.pack_checksum();
        index.checksum();
        index.find(b"");
    }
});
