//! Packs without an index: whatever is listed can be read, and has the name it is listed by.
#![no_main]

use caulk::git::ObjectFormat;
use caulk::git::inflate::Inflater;
use caulk::git::pack::{Pack, Stored};
use caulk::git::reindex;
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|input: (u8, Vec<(u8, Vec<u8>)>)| {
    let (count, entries) = input;
    let mut pack = [&b"PACK\0\0\0\x02\0\0\0"[..], &[count]].concat();
    for (kind, content) in entries {
        // Streams that hold together, or no entry gets past the first check.
        let mut head = vec![kind << 4 | (content.len() & 15) as u8];
        let mut rest = content.len() >> 4;
        while rest > 0 {
            *head.last_mut().expect("it has one") |= 0x80;
            head.push((rest & 0x7F) as u8);
            rest >>= 7;
        }
        pack.extend(head);
        match kind & 7 {
            6 => pack.push(kind >> 3),
            7 => pack.extend([kind; 20]),
            _ => {}
        }
        pack.extend(stored(&content));
    }
    pack.extend([0; 20]);
    let mut file = tempfile::NamedTempFile::new().expect("there is room");
    file.write_all(&pack).expect("there is room");
    let Ok(mut pack) = Pack::open(file.path(), ObjectFormat::Sha1) else { return };
    let (index, _) = reindex::index(&mut pack, ObjectFormat::Sha1, &|_| None).expect("there is room");
    let (mut inflater, mut out) = (Inflater::default(), Vec::new());
    for (_, (id, offset)) in index.raw_entries() {
        assert_eq!(index.find(id), Some(offset));
        let header = pack.header(offset).expect("it was read before");
        pack.inflate(&header, &mut inflater, &mut out).expect("it was read before");
        assert!(matches!(header.stored, Stored::Whole(_) | Stored::OffsetDelta(_) | Stored::IdDelta(_)));
    }
});

/// `content` as a zlib stream that compresses nothing.
fn stored(content: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = content.chunks(usize::from(u16::MAX)).peekable();
    if blocks.peek().is_none() {
        stream.extend([1, 0, 0, 0xFF, 0xFF]);
    }
    while let Some(block) = blocks.next() {
        let len = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(len.to_le_bytes());
        stream.extend((!len).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (one, two) = content.iter().fold((1u32, 0u32), |(one, two), byte| {
        let one = (one + u32::from(*byte)) % 65521;
        (one, (two + one) % 65521)
    });
    stream.extend((two << 16 | one).to_be_bytes());
    stream
}
