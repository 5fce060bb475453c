//! Commits, tags and trees.
#![no_main]

use caulk::git::object::{Commit, Entries, Signature, tag_target};
use caulk::git::{ObjectFormat, ObjectId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    for format in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        Commit::parse(input, format);
        tag_target(input, format);
        ObjectId::from_hex(input, format);
        let mut entries = Entries::new(input, format);
        let read: usize = entries.by_ref().map(|entry| entry.name.len() + entry.id.len()).sum();
        assert!(read + entries.left() <= input.len());
    }
    Signature::parse(input);
});
