//! What makes one tree another one: read off the delta between them, without reading what both share.

use crate::git::ObjectFormat;
use crate::git::delta::{Piece, Source};
use crate::git::object::{Entries, Entry};

/// What distinguishes a tree from another one.
#[derive(Debug, Default)]
pub(super) struct Change<'t> {
    pub(super) added: Vec<Entry<'t>>,
    pub(super) removed: Vec<Entry<'t>>,
    /// Where the entries of the tree begin.
    pub(super) starts: Vec<u32>,
    /// Could all of the tree be read?
    pub(super) whole: bool,
}

impl<'t> Change<'t> {
    /// From nothing to `tree`.
    pub(super) fn all(tree: &'t [u8], format: ObjectFormat) -> Self {
        let mut change = Self::default();
        let mut entries = Entries::new(tree, format);
        loop {
            let at = tree.len() - entries.left();
            let Some(entry) = entries.next() else { break };
            change.starts.push(at as u32);
            change.added.push(entry);
        }
        change.whole = entries.left() == 0;
        change
    }

    /// From `base`, whose entries begin at `starts`, to `tree`, made from it by `pieces`.
    ///
    /// Entries that a piece copies whole are the same; only what stands between is read. `None` if an entry cannot be read, which is so
    /// for damaged trees only.
    pub(super) fn between(
        base: &'t [u8],
        starts: &[u32],
        tree: &'t [u8],
        pieces: &[Piece],
        format: ObjectFormat,
    ) -> Option<Self> {
        let mut change = Self { starts: Vec::with_capacity(starts.len() + 4), whole: true, ..Self::default() };
        // Entries of the base up to here are known to be the same or to be gone.
        let mut settled = 0;
        let mut at = 0;
        for piece in pieces {
            let end = piece.at + piece.len;
            while at < end {
                if let Source::Base(from) = piece.from
                    && let Ok(first) = starts.binary_search(&((from + at - piece.at) as u32))
                    && first >= settled
                {
                    let limit = (from + piece.len) as u32;
                    let mut last = starts.partition_point(|start| *start <= limit).max(first);
                    // The entry that begins last ends where the next one begins.
                    let ends = |entry: usize| starts.get(entry).map_or(base.len(), |start| *start as usize);
                    while last > first && ends(last) > limit as usize {
                        last -= 1;
                    }
                    let shift = (at as u32).wrapping_sub(starts[first]);
                    change.starts.extend(starts[first..last].iter().map(|start| start.wrapping_add(shift)));
                    if last > first {
                        read_all(base, starts.get(settled..first)?, format, &mut change.removed)?;
                        settled = last;
                        at = (ends(last) as u32).wrapping_add(shift) as usize;
                        continue;
                    }
                }
                let mut entries = Entries::new(tree.get(at..)?, format);
                change.added.push(entries.next()?);
                change.starts.push(at as u32);
                at = tree.len() - entries.left();
            }
        }
        read_all(base, starts.get(settled..)?, format, &mut change.removed)?;
        change.drop_common();
        (at == tree.len()).then_some(change)
    }

    /// Leaves out what is on both sides.
    fn drop_common(&mut self) {
        let key = |entry: &Entry<'t>| (entry.name, entry.id, entry.kind as u8);
        self.added.sort_unstable_by_key(key);
        self.removed.sort_unstable_by_key(key);
        let (added, removed) = (std::mem::take(&mut self.added), std::mem::take(&mut self.removed));
        let (mut new, mut old) = (added.into_iter().peekable(), removed.into_iter().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (Some(one), Some(two)) => key(one).cmp(&key(two)),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            if order.is_le() {
                self.added.extend(new.next().filter(|_| order.is_lt()));
            }
            if order.is_ge() {
                self.removed.extend(old.next().filter(|_| order.is_gt()));
            }
        }
    }
}

/// Reads the entries of `tree` that begin at `starts`.
fn read_all<'t>(tree: &'t [u8], starts: &[u32], format: ObjectFormat, out: &mut Vec<Entry<'t>>) -> Option<()> {
    for start in starts {
        out.push(Entries::new(tree.get(*start as usize..)?, format).next()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn tree(entries: &[(u8, u8)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, id) in entries {
            bytes.extend(format!("100644 {}\0", "n".repeat(usize::from(*name) + 1)).bytes());
            bytes.extend([*id; 20]);
        }
        bytes
    }

    fn set(bytes: &[u8]) -> BTreeSet<(Vec<u8>, Vec<u8>)> {
        Entries::new(bytes, ObjectFormat::Sha1).map(|entry| (entry.name.to_vec(), entry.id.to_vec())).collect()
    }

    /// A delta as git makes it: common beginning, something new, common end.
    fn pieces(base: &[u8], tree: &[u8], cut: usize) -> Vec<Piece> {
        let prefix = base.iter().zip(tree).take_while(|(one, two)| one == two).count().saturating_sub(cut);
        let most = base.len().min(tree.len()) - prefix;
        let suffix = base.iter().rev().zip(tree.iter().rev()).take_while(|(one, two)| one == two).count().min(most);
        let middle = tree.len() - prefix - suffix;
        let all = [
            Piece { at: 0, len: prefix, from: Source::Base(0) },
            Piece { at: prefix, len: middle, from: Source::Delta(0) },
            Piece { at: prefix + middle, len: suffix, from: Source::Base(base.len() - suffix) },
        ];
        all.into_iter().filter(|piece| piece.len > 0).collect()
    }

    proptest! {
        #[test]
        fn a_change_leads_from_one_tree_to_the_other(
            one in proptest::collection::btree_map(0u8..12, 0u8..4, 1..12),
            two in proptest::collection::btree_map(0u8..12, 0u8..4, 1..12),
            cut in 0usize..3,
        ) {
            let (one, two): (Vec<_>, Vec<_>) = (one.into_iter().collect(), two.into_iter().collect());
            let (base, new) = (tree(&one), tree(&two));
            let starts = Change::all(&base, ObjectFormat::Sha1).starts;
            let pieces = pieces(&base, &new, cut);
            let change = Change::between(&base, &starts, &new, &pieces, ObjectFormat::Sha1);
            let change = change.expect("the borders fit");
            let mut entries = set(&base);
            for entry in &change.removed {
                prop_assert!(entries.remove(&(entry.name.to_vec(), entry.id.to_vec())));
            }
            for entry in &change.added {
                prop_assert!(entries.insert((entry.name.to_vec(), entry.id.to_vec())));
            }
            prop_assert_eq!(entries, set(&new));
            prop_assert_eq!(change.starts, Change::all(&new, ObjectFormat::Sha1).starts);
        }
    }
}
