//! Which trees hold something that was found, and where.

use super::graph::{EntryRecord, NameId, Trees};
use super::leads::Leads;
use super::paths::{MAX_DEPTH, joined};
use crate::git::ObjectNumber;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most paths of one tree that are told apart in one commit.
pub(super) const MAX_VISITS: u32 = 1024;

/// A secret of a run, numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SecretId(pub(super) u32);

/// Which secrets objects and names hold.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) objects: FxHashMap<ObjectNumber, Vec<SecretId>>,
    pub(super) names: FxHashMap<NameId, Vec<SecretId>>,
}

impl Held {
    /// The secrets in an entry itself, not below it.
    pub(super) fn of(&self, entry: EntryRecord) -> impl Iterator<Item = SecretId> + '_ {
        let blob = entry.child().filter(|_| !entry.is_tree());
        let content = blob.and_then(|child| self.objects.get(&child));
        let name = self.names.get(&entry.name());
        content.into_iter().chain(name).flatten().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.names.is_empty()
    }
}

/// The entries of trees that lead to something found, and what stands in them.
pub(super) struct Interest<'i> {
    trees: &'i Trees,
    pub(super) held: &'i Held,
    leads: Leads,
    /// Was a tree met at more paths than are told apart?
    beyond: AtomicBool,
}

/// Answers to whether a tree holds a secret anywhere, by its list.
pub(super) type Memo = FxHashMap<(u32, SecretId), bool>;

/// A secret at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) path: Vec<u8>,
    pub(super) secret: SecretId,
    /// The object it stands in, if it is not the name itself.
    pub(super) object: Option<ObjectNumber>,
}

/// What one of two trees holds and the other does not, as far as it is known.
#[derive(Default)]
struct Side {
    spots: Vec<Spot>,
    /// How often each tree was met.
    visits: FxHashMap<u32, u32>,
    /// Was one met too often?
    beyond: bool,
}

impl Side {
    /// Should what stands below this tree at this path be looked at? Few trees can name endlessly many paths.
    fn enter(&mut self, path: &[u8], tree: Option<u32>) -> bool {
        let visits = tree.map_or(0, |tree| {
            let visits = self.visits.entry(tree).or_default();
            *visits += 1;
            *visits
        });
        let near = visits <= MAX_VISITS && memchr::memchr_iter(b'/', path).count() <= MAX_DEPTH;
        self.beyond |= !near;
        near
    }
}

impl<'i> Interest<'i> {
    /// What `held` leads to in `trees`, by way of `leads`; the entries of the trees are not asked for.
    pub(super) fn new(trees: &'i Trees, held: &'i Held, leads: Leads) -> Self {
        Self { trees, held, leads, beyond: AtomicBool::new(false) }
    }

    /// Are there more places than were told?
    pub(super) fn is_beyond(&self) -> bool {
        self.beyond.load(Ordering::Relaxed)
    }

    /// The entries of a tree that lead to something found; none for no tree.
    fn entries(&self, record: Option<u32>) -> Cow<'_, [EntryRecord]> {
        record.map_or(Cow::Borrowed(&[]), |record| self.leads.of(record))
    }

    /// The record of a tree.
    pub(super) fn tree(&self, object: ObjectNumber) -> Option<u32> {
        self.trees.record(object)
    }

    fn record(&self, entry: EntryRecord) -> Option<u32> {
        entry.child().filter(|_| entry.is_tree()).and_then(|child| self.tree(child))
    }

    /// The secrets at every path of a tree that the other has not there: those only in `old`, those only in `new`.
    pub(super) fn difference(&self, old: Option<u32>, new: Option<u32>) -> (Vec<Spot>, Vec<Spot>) {
        let (mut gone, mut come) = (Side::default(), Side::default());
        self.compare(b"", old, new, &mut gone, &mut come);
        self.beyond.fetch_or(gone.beyond || come.beyond, Ordering::Relaxed);
        let (mut gone, mut come) = (gone.spots, come.spots);
        gone.sort_unstable();
        come.sort_unstable();
        let at = |spots: &[Spot], spot: &Spot| {
            let key = (&spot.path, spot.secret);
            spots.binary_search_by(|other| (&other.path, other.secret).cmp(&key)).is_ok()
        };
        let only_old = gone.iter().filter(|spot| !at(&come, spot)).cloned().collect();
        let only_new = come.iter().filter(|spot| !at(&gone, spot)).cloned().collect();
        (only_old, only_new)
    }

    fn compare(&self, path: &[u8], old: Option<u32>, new: Option<u32>, gone: &mut Side, come: &mut Side) {
        if self.leads.are_same(old, new) || !gone.enter(path, old) {
            return;
        }
        let (left, right) = (self.entries(old), self.entries(new));
        let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
        loop {
            match (left.peek().map(|entry| **entry), right.peek().map(|entry| **entry)) {
                (Some(a), Some(b)) if a == b => {
                    left.next();
                    right.next();
                }
                // The same folder, changed inside: its name says nothing new.
                (Some(a), Some(b)) if a.name() == b.name() && a.is_tree() && b.is_tree() => {
                    self.own(path, a, gone);
                    self.own(path, b, come);
                    let below = joined(path, self.trees.names.get(a.name()));
                    self.compare(&below, self.record(a), self.record(b), gone, come);
                    left.next();
                    right.next();
                }
                (Some(a), b) if b.is_none_or(|b| a < b) => {
                    self.all(path, a, gone);
                    left.next();
                }
                (_, Some(b)) => {
                    self.all(path, b, come);
                    right.next();
                }
                (Some(_) | None, None) => break,
            }
        }
    }

    /// What an entry itself holds.
    fn own(&self, folder: &[u8], entry: EntryRecord, out: &mut Side) {
        let object = entry.child().filter(|_| !entry.is_tree());
        let spot = |secret| Spot { path: joined(folder, self.trees.names.get(entry.name())), secret, object };
        out.spots.extend(self.held.of(entry).map(spot));
    }

    /// What an entry and everything below it holds.
    fn all(&self, folder: &[u8], entry: EntryRecord, out: &mut Side) {
        self.own(folder, entry, out);
        let path = joined(folder, self.trees.names.get(entry.name()));
        let record = self.record(entry);
        if !out.enter(&path, record) {
            return;
        }
        self.entries(record).iter().for_each(|entry| self.all(&path, *entry, out));
    }

    /// Does the tree hold the secret at this path?
    pub(super) fn holds_at(&self, tree: Option<u32>, path: &[u8], secret: SecretId) -> bool {
        let mut folder = tree;
        let mut parts = path.split(|byte| *byte == b'/').peekable();
        while let (Some(record), Some(part)) = (folder, parts.next()) {
            let Some(entry) =
                self.leads.of(record).iter().copied().find(|entry| self.trees.names.get(entry.name()) == part)
            else {
                return false;
            };
            if parts.peek().is_none() {
                return self.held.of(entry).any(|held| held == secret);
            }
            folder = self.record(entry);
        }
        false
    }

    /// Does the tree hold the secret anywhere? Answers are kept in `memo`.
    pub(super) fn holds(&self, tree: Option<u32>, secret: SecretId, memo: &mut Memo) -> bool {
        self.holds_below(tree, secret, memo, 0)
    }

    fn holds_below(&self, tree: Option<u32>, secret: SecretId, memo: &mut Memo, depth: usize) -> bool {
        let Some(record) = tree.filter(|_| depth <= MAX_DEPTH) else { return false };
        let key = (self.leads.number(tree), secret);
        if let Some(known) = memo.get(&key) {
            return *known;
        }
        // A tree that holds itself, which only a forged one does, is asked once.
        memo.insert(key, false);
        let holds = self.leads.of(record).iter().any(|&entry| {
            self.held.of(entry).any(|held| held == secret)
                || self.holds_below(self.record(entry), secret, memo, depth + 1)
        });
        memo.insert(key, holds);
        holds
    }
}
