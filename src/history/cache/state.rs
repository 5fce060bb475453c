//! The state of a repository: if it is the same as in an earlier run, so is everything that is found.

use crate::git::index::Index;
use crate::git::refs::{Ref, Refs};
use crate::git::{Damage, Layout, Lookup, loose};
use crate::history::{HistoryOptions, Wanted, sources};
use sha2::{Digest, Sha256};

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
    layout: &Layout,
    lookup: &Lookup,
    refs: &Refs,
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
    [&refs.refs, &refs.heads, &refs.remembered].into_iter().for_each(|refs| sum.refs(refs));
    sum.add(refs.branch.as_ref().map_or(b"", |branch| branch.bytes()));
    sum.count(refs.log.len());
    for entry in &refs.log {
        sum.add(entry.name.bytes());
        entry.ids.iter().for_each(|id| sum.add(id.bytes()));
        sum.add(&entry.message);
    }
    for dir in layout.work_tree_dirs() {
        let index = Index::read(&dir.join("index"), lookup.format).unwrap_or_default();
        sum.count(index.entries.len());
        for entry in &index.entries {
            sum.add(&entry.path);
            sum.add(entry.id.bytes());
            sum.count(usize::from(entry.is_blob()));
        }
    }
    for (name, text) in sources::own_files(layout, damage) {
        sum.add(name.as_bytes());
        sum.add(&text);
    }
    sum.add(&std::fs::read(layout.common.join("shallow")).unwrap_or_default());
    sum.0.finalize().into()
}
