//! Leads: for each tree the entries that are, or lead to, something found.
//!
//! First which objects lead on, by counting: how many of a tree's entries do is what its base has, and what it changes in that. Then, in one pass,
//! the lists themselves; a tree that changes nothing of interest shares the list of its base.

use super::graph::{EntryRecord, NONE, Trees};
use super::interest::Held;
use super::paths::MAX_DEPTH;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Fewest records that are worth a thread of their own.
const TOGETHER: usize = 1024;

/// How many records are looked at before any of their lists is made.
const PART: usize = 1 << 16;

/// What has fewer entries is written out, whatever it shares with another one.
const SHORT: usize = 16;

/// For each tree its entries that lead to something found.
pub(super) struct Leads {
    /// For each record the number of its list.
    at: Vec<u32>,
    lists: Vec<List>,
    /// The entries of all lists, one behind the other.
    entries: Vec<EntryRecord>,
}

/// A list: that of `base` without `removed`, and with `added`.
struct List {
    base: u32,
    start: u32,
    added: u32,
    removed: u32,
    /// How many entries were changed since a list was written out.
    changes: u32,
}

impl Leads {
    pub(super) fn new(trees: &Trees, held: &Held, objects: usize) -> Self {
        let mut leads = Self { at: vec![NONE; trees.records.len()], lists: Vec::new(), entries: Vec::new() };
        if held.is_empty() {
            return leads;
        }
        let mut marks = Marks::new(trees, held, objects);
        let counts = marks.spread(trees);
        let mut room = Vec::new();
        for first in (0..counts.len()).step_by(PART) {
            let part = first..counts.len().min(first + PART);
            let few = part.clone().into_par_iter().step_by(TOGETHER);
            let changes: Vec<ListChanges> =
                few.map(|at| ListChanges::of(trees, at..part.end.min(at + TOGETHER), &counts, &marks)).collect();
            let mut changes = changes.iter().flat_map(ListChanges::iter).peekable();
            for at in part {
                let base = trees.records[at].base;
                let base = if base == NONE { NONE } else { leads.at[base as usize] };
                let change = changes.next_if(|change| change.record as usize == at);
                leads.at[at] = match (counts[at], change) {
                    (0, _) => NONE,
                    (_, None) => base,
                    (count, Some(change)) => leads.add(base, count as usize, &change, &mut room),
                };
            }
        }
        leads.lists.shrink_to_fit();
        leads.entries.shrink_to_fit();
        leads
    }

    /// Is it, in both records, the same list?
    pub(super) fn are_same(&self, one: Option<u32>, two: Option<u32>) -> bool {
        self.number(one) == self.number(two)
    }

    /// What stands for the list of a record: records with the same list have the same number.
    pub(super) fn number(&self, record: Option<u32>) -> u32 {
        record.map_or(NONE, |record| self.at[record as usize])
    }

    /// The entries of a record, in order, each once.
    pub(super) fn of(&self, record: u32) -> Cow<'_, [EntryRecord]> {
        let mut entries = self.whole(self.at[record as usize]);
        // Only a forged tree holds an entry two times.
        if !entries.is_sorted_by(|one, two| one < two) {
            entries.to_mut().dedup();
        }
        entries
    }

    /// All entries of a list, in order.
    fn whole(&self, list: u32) -> Cow<'_, [EntryRecord]> {
        let step = |at: u32| self.lists.get(at as usize);
        let written = step(list).filter(|list| list.base == NONE && list.removed == 0);
        if let Some(list) = written {
            return Cow::Borrowed(self.added(list));
        }
        let mut changes: Vec<(EntryRecord, i32)> = Vec::new();
        for list in std::iter::successors(step(list), |list| step(list.base)) {
            changes.extend(self.added(list).iter().map(|entry| (*entry, 1)));
            changes.extend(self.removed(list).iter().map(|entry| (*entry, -1)));
        }
        Cow::Owned(summed(&mut changes).collect())
    }

    fn added(&self, list: &List) -> &[EntryRecord] {
        &self.entries[list.start as usize..(list.start + list.added) as usize]
    }

    fn removed(&self, list: &List) -> &[EntryRecord] {
        let start = list.start + list.added;
        &self.entries[start as usize..(start + list.removed) as usize]
    }

    /// The list that comes of the list `base` by a change, and which has `count` entries; gives its number.
    fn add(&mut self, base: u32, count: usize, change: &ListChange<'_>, room: &mut Vec<(EntryRecord, i32)>) -> u32 {
        let &ListChange { added, removed, .. } = change;
        let before = self.lists.get(base as usize).map_or(0, |list| list.changes as usize);
        let changes = before + added.len() + removed.len();
        let written = base != NONE && changes.max(SHORT) > count;
        let start = self.entries.len() as u32;
        if written {
            room.clear();
            room.extend(self.whole(base).iter().map(|entry| (*entry, 1)));
            room.extend(added.iter().map(|entry| (*entry, 1)));
            room.extend(removed.iter().map(|entry| (*entry, -1)));
            self.entries.extend(summed(room));
        } else {
            self.entries.extend(added.iter().chain(removed));
        }
        let removed = if written { 0 } else { removed.len() as u32 };
        self.lists.push(List {
            base: if written { NONE } else { base },
            start,
            added: self.entries.len() as u32 - start - removed,
            removed,
            changes: if written || base == NONE { 0 } else { changes as u32 },
        });
        self.lists.len() as u32 - 1
    }
}

/// What a record has more in its list than its base, and what it has less, each in order.
struct ListChange<'c> {
    record: u32,
    added: &'c [EntryRecord],
    removed: &'c [EntryRecord],
}

/// Those of several records, in order.
#[derive(Default)]
struct ListChanges {
    entries: Vec<EntryRecord>,
    /// The record, how many entries are added, and how many are removed.
    records: Vec<(u32, u32, u32)>,
}

impl ListChanges {
    /// Those of all `records` that have a list, which has `counts` entries, and not that of their base.
    fn of(trees: &Trees, records: Range<usize>, counts: &[u32], marks: &Marks) -> Self {
        let mut changes = Self::default();
        for record in records.filter(|at| counts[*at] > 0) {
            let start = changes.entries.len();
            let added = changes.take_in(trees.added(record as u32), marks);
            let removed = changes.take_in(trees.removed(record as u32), marks);
            let (more, less) = changes.entries[start..].split_at(added);
            // A file that became executable is the same entry.
            if more == less {
                changes.entries.truncate(start);
            } else {
                changes.records.push((record as u32, added as u32, removed as u32));
            }
        }
        changes
    }

    /// Takes in those entries that are marked, in order; gives how many.
    fn take_in(&mut self, entries: &[EntryRecord], marks: &Marks) -> usize {
        let start = self.entries.len();
        self.entries.extend(entries.iter().copied().filter(|entry| marks.holds(*entry)));
        self.entries[start..].sort_unstable();
        self.entries.len() - start
    }

    fn iter(&self) -> impl Iterator<Item = ListChange<'_>> {
        let mut rest = self.entries.as_slice();
        self.records.iter().map(move |&(record, added, removed)| {
            let (own, others) = rest.split_at((added + removed) as usize);
            rest = others;
            let (added, removed) = own.split_at(added as usize);
            ListChange { record, added, removed }
        })
    }
}

/// The entries that are there more often than they are taken out, in order.
fn summed(changes: &mut [(EntryRecord, i32)]) -> impl Iterator<Item = EntryRecord> {
    changes.sort_unstable_by_key(|(entry, _)| *entry);
    let times = |same: &[(EntryRecord, i32)]| same.iter().map(|(_, times)| times).sum::<i32>().max(0) as usize;
    let same = changes.chunk_by(|(one, _), (two, _)| one == two);
    same.flat_map(move |same| std::iter::repeat_n(same[0].0, times(same)))
}

/// What leads to something found.
struct Marks {
    /// For each object whether it is, or leads to, something found.
    objects: Vec<bool>,
    /// For each name whether something was found in it.
    names: Vec<bool>,
}

impl Marks {
    fn new(trees: &Trees, held: &Held, objects: usize) -> Self {
        let mut marks = Self { objects: vec![false; objects], names: vec![false; trees.names.len()] };
        held.objects.keys().for_each(|object| marks.objects[object.at()] = true);
        held.names.keys().for_each(|name| marks.names[name.0 as usize] = true);
        marks
    }

    fn holds(&self, entry: EntryRecord) -> bool {
        self.names[entry.name().0 as usize] || entry.child().is_some_and(|child| self.objects[child.at()])
    }

    /// Marks the trees that hold what is marked, one level of folders after the other; gives how many such entries each record has.
    fn spread(&mut self, trees: &Trees) -> Vec<u32> {
        let (mut changes, mut folders) = self.of_interest(trees);
        let mut counts = vec![0_u32; changes.len()];
        // One behind the other, since all are read again and again.
        let bases: Vec<u32> = trees.records.iter().map(|record| record.base).collect();
        let mut held = vec![false; changes.len()];
        // In which round each object was marked.
        let mut marked = vec![0_u16; self.objects.len()];
        for round in 1..=MAX_DEPTH as u16 + 1 {
            let mut new = false;
            for (at, (change, base)) in changes.iter().zip(&bases).enumerate() {
                let before = if *base == NONE { 0 } else { counts[*base as usize] };
                counts[at] = before.saturating_add_signed(*change);
                if counts[at] == 0 || std::mem::replace(&mut held[at], true) {
                    continue;
                }
                // What holds this tree is counted the next time.
                let object = trees.records[at].number.at();
                if !std::mem::replace(&mut self.objects[object], true) {
                    (marked[object], new) = (round, true);
                }
            }
            if !new {
                break;
            }
            // The folders of some records change those alone.
            changes.par_chunks_mut(TOGETHER).zip(&mut folders).for_each(|(changes, folders)| {
                folders.retain(|folder| {
                    let holds = marked[folder.child as usize] == round;
                    if holds {
                        changes[folder.record as usize % TOGETHER] += folder.times;
                    }
                    !holds
                });
            });
        }
        counts
    }

    /// By how many entries that are marked so far each record has more than its base, and the folders in which something may be marked
    /// yet.
    fn of_interest(&self, trees: &Trees) -> (Vec<i32>, Vec<Vec<Folder>>) {
        let of_records = |first: usize| {
            let records = first..trees.records.len().min(first + TOGETHER);
            let (mut changes, mut folders) = (vec![0; records.len()], Vec::new());
            for (change, record) in changes.iter_mut().zip(records) {
                let record = record as u32;
                let added = trees.added(record).iter().map(|entry| (entry, 1));
                let removed = trees.removed(record).iter().map(|entry| (entry, -1));
                for (entry, times) in added.chain(removed) {
                    match entry.child().filter(|_| entry.is_tree()) {
                        _ if self.holds(*entry) => *change += times,
                        Some(child) => folders.push(Folder { record, child: child.0, times }),
                        None => {}
                    }
                }
            }
            (changes, folders)
        };
        let parts = (0..trees.records.len()).into_par_iter().step_by(TOGETHER).map(of_records);
        let (changes, folders): (Vec<_>, Vec<_>) = parts.unzip();
        (changes.concat(), folders)
    }
}

/// A folder in what a record has more than its base, or less.
#[derive(Clone, Copy)]
struct Folder {
    record: u32,
    child: u32,
    times: i32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::ObjectNumber;
    use crate::history::interest::SecretId;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const FILES: u32 = 60;

    proptest! {
        #[test]
        fn lists_are_what_is_held_of_each_tree(
            trees in proptest::collection::vec((any::<proptest::sample::Index>(), proptest::collection::btree_set(0..FILES, 0..50)), 1..30),
            held in proptest::collection::btree_set(0..FILES, 0..60),
        ) {
            let mut known: Vec<BTreeSet<u32>> = Vec::new();
            let mut described = Vec::new();
            for (pick, files) in trees {
                // Each is made from one before it, or from nothing.
                let base = pick.index(known.len() + 1).checked_sub(1);
                let before = base.map(|base| known[base].clone()).unwrap_or_default();
                let (added, removed) = (&files - &before, &before - &files);
                described.push((base.map_or(NONE, |base| base as u32), added.into_iter().collect(), removed.into_iter().collect()));
                known.push(files);
            }
            let all = Trees::of_files(FILES as usize, &described);
            let mut asked = Held::default();
            held.iter().for_each(|file| drop(asked.objects.insert(ObjectNumber(*file), vec![SecretId(0)])));
            let leads = Leads::new(&all, &asked, FILES as usize + known.len());
            for (record, files) in (0..).zip(&known) {
                let expected: Vec<u32> = files.intersection(&held).copied().collect();
                let list: Vec<u32> = leads.of(record).iter().filter_map(|entry| Some(entry.child()?.0)).collect();
                prop_assert_eq!(list, expected);
            }
        }
    }
}
