//! Names of entries of trees: few for what there are of entries.

use super::graph::NameId;
use rustc_hash::FxHashMap;

/// The names of entries, each kept once.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: FxHashMap<Box<[u8]>, u32>,
    ends: Vec<usize>,
    text: Vec<u8>,
}

/// Names that a thread came by lately, with their ids: most are known before anybody else has to be asked.
#[derive(Debug, Default)]
pub(super) struct Familiar {
    ids: FxHashMap<Box<[u8]>, NameId>,
}

/// How many names a thread remembers at once.
const MOST_FAMILIAR: usize = 1 << 16;

impl Familiar {
    pub(super) fn get(&self, name: &[u8]) -> Option<NameId> {
        self.ids.get(name).copied()
    }

    pub(super) fn put(&mut self, name: &[u8], id: NameId) {
        if self.ids.len() >= MOST_FAMILIAR {
            self.ids.clear();
        }
        self.ids.insert(name.into(), id);
    }
}

impl Names {
    pub(super) fn intern(&mut self, name: &[u8]) -> NameId {
        if let Some(&known) = self.ids.get(name) {
            return NameId(known);
        }
        let id = self.ends.len() as u32;
        self.ids.insert(name.into(), id);
        self.text.extend_from_slice(name);
        self.ends.push(self.text.len());
        NameId(id)
    }

    /// No name will come any more: gives back what finding them by their bytes takes.
    pub(super) fn close(&mut self) {
        self.ids = FxHashMap::default();
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a name.
    pub(super) fn get(&self, name: NameId) -> &[u8] {
        let at = name.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    /// All names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NameId, &[u8])> {
        (0..self.ends.len() as u32).map(|at| (NameId(at), self.get(NameId(at))))
    }
}
