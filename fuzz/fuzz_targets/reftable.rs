//! Reftables, read as a repository reads them.
#![no_main]

use caulk::git::Layout;
use caulk::git::refs::Refs;
use libfuzzer_sys::fuzz_target;
use std::fs;

fuzz_target!(|input: &[u8]| {
    let folder = tempfile::tempdir().expect("there is room");
    let git = folder.path().join(".git");
    for name in ["objects", "refs", "reftable"] {
        fs::create_dir_all(git.join(name)).expect("there is room");
    }
    let table = [&b"REFT"[..], input, &[0; 68]].concat();
    let files: [(&str, &[u8]); 4] =
        [("HEAD", b"ref: refs/heads/.invalid\n"), ("config", b"[extensions]\nrefstorage = reftable\n"), ("reftable/tables.list", b"one\n"), ("reftable/one", &table)];
    for (name, text) in files {
        fs::write(git.join(name), text).expect("there is room");
    }
    let layout = Layout::discover(folder.path()).expect("it looks like one");
    Refs::read(&layout, &mut Vec::new());
});
