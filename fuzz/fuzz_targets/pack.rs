//! Headers of pack entries, and what stands behind them.
#![no_main]

use caulk::git::ObjectFormat;
use caulk::git::inflate::Inflater;
use caulk::git::pack::Pack;
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|input: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("there is room");
    file.write_all(b"PACK\0\0\0\x02\0\0\0\x01").and_then(|()| file.write_all(input)).and_then(|()| file.write_all(&[0; 20])).expect("there is room");
    let Ok(pack) = Pack::open(file.path(), ObjectFormat::Sha1) else { return };
    let (mut inflater, mut out) = (Inflater::default(), Vec::new());
    for offset in 0..(input.len() as u64 + 40).min(200) {
        if let Ok(header) = pack.header(offset) {
            let _ = pack.inflate(&header, &mut inflater, &mut out);
            let _ = pack.end(&header);
        }
        pack.crc(offset, None);
        pack.crc(offset, Some(offset / 2));
    }
    let _ = pack.header(u64::MAX);
});
