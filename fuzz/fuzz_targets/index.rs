//! The index, versions 2 to 4.
#![no_main]

use caulk::git::ObjectFormat;
use caulk::git::index::Index;
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|input: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("there is room");
    file.write_all(b"DIRC\0\0\0").and_then(|()| file.write_all(input)).expect("there is room");
    let folder = file.path().parent().expect("a file lies in a folder");
    for format in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        if let Ok(index) = Index::read(file.path(), folder, format) {
            index.conflicts().count();
        }
    }
});
