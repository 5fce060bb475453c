//! The state of a repository: if it is the same as in an earlier run, so is everything that is found.

use crate::git::refs::{Ref, Refs};
use crate::git::{Damage, Layout, Lookup, file, loose};
use crate::history::own::Own;
use crate::history::{HistoryOptions, Wanted};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Largest file of git's own that is told apart by its content, in bytes.
const MOST_HASHED: u64 = 1 << 20;

/// Takes in one thing after the other, each with its length.
struct Sum(Sha256);

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn count(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    /// A small file by its content, another one by its size and when it was changed.
    fn file(&mut self, path: &Path) {
        let metadata = path.symlink_metadata().ok();
        let len = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let changed = metadata.filter(|_| len > MOST_HASHED).and_then(|metadata| metadata.modified().ok());
        match changed.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok()) {
            Some(time) => self.add(&[&len.to_le_bytes()[..], &time.as_nanos().to_le_bytes()].concat()),
            None => self.add(&file::read(path).unwrap_or_default()),
        }
    }

    fn refs(&mut self, refs: &[Ref]) {
        self.count(refs.len());
        for one in refs {
            self.add(one.name.bytes());
            self.add(one.target.bytes());
        }
    }
}

/// Names the state: packs by their checksums, loose objects by their ids, refs, reflogs, indexes, git's own files.
pub(in crate::history) fn of(
    (layout, lookup, refs): (&Layout, &Lookup, &Refs),
    own: Option<&Own>,
    options: &HistoryOptions,
    damage: &mut Vec<Damage>,
) -> [u8; 32] {
    let mut sum = Sum(Sha256::new());
    sum.add(layout.common.as_os_str().as_encoded_bytes());
    sum.count(match options.wanted {
        Wanted::Refs => 0,
        Wanted::Reflog => 1,
        Wanted::All => 2,
    });
    sum.count(usize::from(layout.settings.promisor));
    sum.count(lookup.packs().len());
    for (pack, index) in lookup.packs() {
        sum.add(pack.path.as_os_str().as_encoded_bytes());
        sum.count(pack.len());
        sum.add(pack.checksum());
        sum.count(index.len());
        sum.add(index.pack_checksum());
        sum.add(index.checksum());
    }
    for folder in lookup.folders() {
        let ids = loose::list(folder, lookup.format, damage);
        sum.count(ids.len());
        ids.iter().for_each(|id| sum.add(id.bytes()));
    }
    lookup.unnamed().for_each(|id| sum.add(id.bytes()));
    [&refs.refs, &refs.heads, &refs.remembered].into_iter().for_each(|refs| sum.refs(refs));
    sum.add(refs.branch.as_ref().map_or(b"", |branch| branch.bytes()));
    sum.count(refs.log.len());
    for entry in &refs.log {
        sum.add(entry.name.bytes());
        entry.ids.iter().for_each(|id| sum.add(id.bytes()));
        sum.add(&entry.text);
    }
    sum.count(refs.nowhere.len());
    refs.nowhere.iter().for_each(|name| sum.add(name.bytes()));
    for dir in layout.work_tree_dirs() {
        let index = layout.index(&dir).unwrap_or_default();
        sum.count(index.len());
        for entry in index.entries() {
            sum.add(entry.path);
            sum.add(entry.id.bytes());
            sum.count(usize::from(entry.is_blob()));
        }
        sum.count(index.resolved.len());
        for (path, id) in &index.resolved {
            sum.add(path);
            sum.add(id.bytes());
        }
        sum.add(&index.untracked);
    }
    for file in own.into_iter().flat_map(|own| &own.files) {
        sum.add(file.origin.path.bytes());
        sum.file(&file.path);
    }
    for name in own.into_iter().flat_map(|own| &own.hollow) {
        sum.add(name.path.bytes());
    }
    sum.add(&file::read(&layout.common.join("shallow")).unwrap_or_default());
    sum.0.finalize().into()
}
