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
        for (id, _) in index.iter() {
            index.find(id.bytes());
            index.with_prefix(&id.bytes()[..3], 10);
        }
        index.checks().count();
        index.pack_checksum();
        index.find(b"");
    }
});
