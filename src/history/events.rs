//! Events: which commits bring a secret in, and which take it out.

use super::gather::Structure;
use super::graph::{CommitRecord, NONE, Trees};
use super::interest::{Interest, Memo, SecretId, Spot};
use crate::finding::exposure::CommitNote;
use crate::git::object::Commit;
use crate::git::refs::Refs;
use crate::git::{Lookup, ObjectId, ObjectNumber, ObjectStore, Reader};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// Secrets that are followed through all commits at once; more of them take further passes.
const BATCH: usize = 512;
const WORDS: usize = BATCH / 64;

/// Commits whose trees are compared before any of them is told of.
const TOGETHER: usize = 2048;

/// Fewest of them that a thread takes: neighbours share answers.
const ALONE: usize = 256;

/// Most answers that are remembered at once.
const MAX_MEMO: usize = 1 << 16;

/// Commits with parents before children, whatever their dates say.
pub(super) struct History<'h> {
    pub(super) commits: &'h [CommitRecord],
    /// Indexes of commits, in order.
    pub(super) order: Vec<u32>,
    /// For each commit its place in the order.
    position: Vec<usize>,
    /// Indexes of the parents of each commit.
    parents: Vec<Vec<u32>>,
    /// The index of each object that is a commit.
    at: Vec<u32>,
    roots: Vec<Option<u32>>,
}

/// What happened to one secret.
#[derive(Clone, Debug, Default)]
pub(super) struct Life {
    /// Commits that hold it while no parent does, in order.
    pub(super) introduced: Vec<u32>,
    /// Commits that do not hold it while a parent does, in order.
    pub(super) removed: Vec<u32>,
    /// For each path the first commit that has it there, and the object.
    pub(super) places: BTreeMap<Vec<u8>, (u32, Option<ObjectNumber>)>,
}

impl<'h> History<'h> {
    pub(super) fn new(structure: &'h Structure, trees: &Trees, store: &ObjectStore, refs: &Refs) -> Self {
        let commits = structure.commits.as_slice();
        let mut at = vec![NONE; store.len()];
        commits.iter().zip(0..).for_each(|(commit, index)| at[commit.number.at()] = index);
        let index = |number: ObjectNumber| Some(at[number.at()]).filter(|index| *index != NONE);
        let parents: Vec<Vec<u32>> = commits
            .par_iter()
            .map(|commit| commit.parents.iter().filter_map(|parent| index(*parent)).collect())
            .collect();
        let mut roots: Vec<Option<u32>> =
            commits.par_iter().map(|commit| commit.tree.and_then(|tree| trees.record(tree))).collect();
        let tip =
            |id: &ObjectId| store.find(id.bytes()).and_then(|first| structure.tagged(first).last()).and_then(index);
        let own = refs.heads.iter().chain(refs.refs.iter().filter(|one| !one.is_stash()));
        let own: Vec<u32> = own.filter_map(|one| tip(&one.target)).collect();
        let logged = refs.log.iter().flat_map(|entry| &entry.ids);
        let known = refs.refs.iter().chain(&refs.remembered).map(|one| &one.target).chain(logged);
        let known: Vec<u32> = known.filter_map(tip).collect();
        let (own, known) = rayon::join(|| reached(&parents, own), || reached(&parents, known));
        let order = ordered(commits, &parents, |at| (!own[at as usize], !known[at as usize]));
        // What a commit holds whose folder cannot be read is not known: that it took something out must not be said.
        for &at in &order {
            let commit = &commits[at as usize];
            if roots[at as usize].is_none() && (commit.treeless || commit.tree.is_some()) {
                roots[at as usize] = parents[at as usize].first().and_then(|parent| roots[*parent as usize]);
            }
        }
        // What is in a circle comes last.
        let mut position = vec![usize::MAX; commits.len()];
        order.iter().zip(0..).for_each(|(commit, place)| position[*commit as usize] = place);
        Self { commits, order, position, parents, at, roots }
    }

    /// Where a commit stands in the order.
    pub(super) fn position(&self, commit: u32) -> usize {
        self.position[commit as usize]
    }

    /// A commit as people know it. Few are asked for, so each is read again.
    pub(super) fn note(&self, commit: u32, store: &ObjectStore) -> CommitNote {
        let number = self.commits[commit as usize].number;
        note(store.lookup(), &store.id(number), &mut Reader::default())
    }

    /// The index of a commit.
    pub(super) fn index(&self, commit: ObjectNumber) -> Option<u32> {
        self.at.get(commit.at()).copied().filter(|index| *index != NONE)
    }

    /// The record of the root tree of a commit.
    pub(super) fn root(&self, commit: u32) -> Option<u32> {
        self.roots[commit as usize]
    }

    /// Which commits can be reached from `tips`.
    pub(super) fn reachable(&self, tips: impl IntoIterator<Item = u32>) -> Vec<bool> {
        reached(&self.parents, tips)
    }
}

fn reached(parents: &[Vec<u32>], tips: impl IntoIterator<Item = u32>) -> Vec<bool> {
    let mut reached = vec![false; parents.len()];
    let mut stack: Vec<u32> = tips.into_iter().collect();
    while let Some(commit) = stack.pop() {
        if !std::mem::replace(&mut reached[commit as usize], true) {
            stack.extend(&parents[commit as usize]);
        }
    }
    reached
}

/// A commit as people know it.
pub(super) fn note(objects: &Lookup, id: &ObjectId, reader: &mut Reader) -> CommitNote {
    let read = objects.read_sound(id, reader).or_else(|_| objects.read(id, reader));
    let author = read.map(|(_, bytes)| Commit::parse(&bytes, objects.format).author).unwrap_or_default();
    CommitNote {
        id: id.to_string(),
        author: String::from_utf8_lossy(&author.who).into_owned(),
        seconds: author.seconds,
        offset: author.offset,
    }
}

/// Parents before children; of those that could come next, one of the lowest `tier`, then the oldest, then the one with the smallest id.
///
/// What the history of a ref holds was brought in by a commit that people see there, and not by one that a rewrite has left behind.
fn ordered(commits: &[CommitRecord], parents: &[Vec<u32>], tier: impl Fn(u32) -> (bool, bool) + Sync) -> Vec<u32> {
    let key = |at: &u32| {
        let commit = &commits[*at as usize];
        // Objects are numbered in the order of their ids.
        (tier(*at), commit.committed, commit.number, *at)
    };
    // Sorted once, so that what could come next is told apart by its rank alone.
    let mut ranked: Vec<u32> = (0..commits.len() as u32).collect();
    ranked.par_sort_unstable_by_key(key);
    let mut rank = vec![0_u32; commits.len()];
    ranked.iter().zip(0..).for_each(|(at, place)| rank[*at as usize] = place);
    let mut waiting: Vec<u32> = parents.iter().map(|parents| parents.len() as u32).collect();
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); commits.len()];
    for (child, parents) in (0..).zip(parents) {
        parents.iter().for_each(|parent| children[*parent as usize].push(child));
    }
    let first = rank.iter().zip(&waiting).filter(|(_, waits)| **waits == 0);
    let mut ready: BinaryHeap<Reverse<u32>> = first.map(|(rank, _)| Reverse(*rank)).collect();
    let mut order = Vec::with_capacity(commits.len());
    while let Some(Reverse(place)) = ready.pop() {
        let at = ranked[place as usize];
        order.push(at);
        for &child in &children[at as usize] {
            waiting[child as usize] -= 1;
            if waiting[child as usize] == 0 {
                ready.push(Reverse(rank[child as usize]));
            }
        }
    }
    // Commits that come from each other, which only forged ones do, have no order and are not forgotten.
    order.extend(ranked.into_iter().filter(|at| waiting[*at as usize] > 0));
    order
}

/// What a commit changes.
#[derive(Default)]
struct Change {
    /// What the commit holds and no parent does at that path, and whether a parent holds it elsewhere.
    come: Vec<(Spot, bool)>,
    /// The secrets that some parent holds and the commit does not, in order.
    gone: Vec<SecretId>,
}

impl Change {
    /// That of `commit`.
    fn of(commit: u32, history: &History<'_>, interest: &Interest<'_>, memo: &mut Memo) -> Self {
        if memo.len() > MAX_MEMO {
            memo.clear();
        }
        let root = history.root(commit);
        let parents = &history.parents[commit as usize];
        let roots: Vec<Option<u32>> = parents.iter().map(|parent| history.root(*parent)).collect();
        // What stands in the same tree as before needs no look.
        if roots.contains(&root) && roots.iter().all(|other| *other == root) {
            return Self::default();
        }
        let (gone, mut come) = interest.difference(roots.first().copied().flatten(), root);
        let mut gone: Vec<SecretId> = gone.into_iter().map(|spot| spot.secret).collect();
        let others = roots.get(1..).unwrap_or_default();
        for parent in others {
            gone.extend(interest.difference(*parent, root).0.into_iter().map(|spot| spot.secret));
        }
        come.retain(|spot| !others.iter().any(|parent| interest.holds_at(*parent, &spot.path, spot.secret)));
        gone.sort_unstable();
        gone.dedup();
        gone.retain(|secret| !interest.holds(root, *secret, memo));
        let mut before = |spot: &Spot| roots.iter().any(|parent| interest.holds(*parent, spot.secret, memo));
        let come = come.into_iter().map(|spot| {
            let held = before(&spot);
            (spot, held)
        });
        let come = come.collect();
        Self { come, gone }
    }
}

/// What each commit changes, and what follows from it.
pub(super) struct Events<'e> {
    history: &'e History<'e>,
    interest: &'e Interest<'e>,
    /// By secret.
    pub(super) lives: Vec<Life>,
    /// Secrets that merges may have taken out: some parents hold them, and the merge does not.
    merges: Vec<(u32, SecretId)>,
}

impl<'e> Events<'e> {
    /// Follows `secrets` secrets through the history; `messages` are the commits whose own text holds one.
    pub(super) fn new(
        history: &'e History<'e>,
        interest: &'e Interest<'e>,
        secrets: usize,
        messages: &[(u32, SecretId)],
    ) -> Self {
        let mut events = Self { history, interest, lives: vec![Life::default(); secrets], merges: Vec::new() };
        let mut told: HashMap<u32, Vec<SecretId>> = HashMap::new();
        messages.iter().for_each(|(commit, secret)| told.entry(*commit).or_default().push(*secret));
        for commits in history.order.chunks(TOGETHER) {
            let change = |memo: &mut Memo, commit: &u32| Change::of(*commit, history, interest, memo);
            let changes: Vec<Change> = commits.par_iter().with_min_len(ALONE).map_init(Memo::default, change).collect();
            for (&commit, change) in commits.iter().zip(changes) {
                events.commit(commit, change);
                for secret in told.get(&commit).into_iter().flatten() {
                    events.introduced(commit, *secret);
                }
            }
        }
        events
    }

    fn commit(&mut self, commit: u32, change: Change) {
        for (Spot { path, secret, object }, before) in change.come {
            self.lives[secret.0 as usize].places.entry(path).or_insert((commit, object));
            if !before {
                self.introduced(commit, secret);
            }
        }
        let merges = self.history.parents[commit as usize].len() > 1;
        for secret in change.gone {
            if merges {
                self.merges.push((commit, secret));
            } else {
                self.lives[secret.0 as usize].removed.push(commit);
            }
        }
    }

    fn introduced(&mut self, commit: u32, secret: SecretId) {
        let life = &mut self.lives[secret.0 as usize];
        if life.introduced.last() != Some(&commit) {
            life.introduced.push(commit);
        }
    }

    /// From which of `tips` each secret can be read: for each tip its secrets, in order. Settles what merges took out as well.
    pub(super) fn spread(&mut self, tips: &[u32]) -> Vec<Vec<SecretId>> {
        let firsts = (0..self.lives.len()).into_par_iter().step_by(BATCH);
        let batches: Vec<_> = firsts.map(|first| self.spread_batch(first, tips)).collect();
        let mut readable = vec![Vec::new(); tips.len()];
        let mut merged = Vec::new();
        for (of_tips, of_merges) in batches {
            readable.iter_mut().zip(of_tips).for_each(|(all, secrets)| all.extend(secrets));
            merged.extend(of_merges);
        }
        for (commit, secret) in merged {
            let life = &mut self.lives[secret.0 as usize];
            life.removed.push(commit);
            life.removed.sort_by_key(|commit| self.history.position(*commit));
        }
        readable
    }

    /// The same for the secrets of one batch, and what merges took out of them.
    fn spread_batch(&self, first: usize, tips: &[u32]) -> (Vec<Vec<SecretId>>, Vec<(u32, SecretId)>) {
        let ever = self.ever(first);
        let has = |commit: u32, secret: SecretId| {
            let bit = (secret.0 as usize).wrapping_sub(first);
            bit < BATCH && ever[commit as usize][bit / 64] >> (bit % 64) & 1 == 1
        };
        let last = self.lives.len().min(first + BATCH);
        let of_tip =
            |tip: &u32| (first as u32..last as u32).map(SecretId).filter(|secret| has(*tip, *secret)).collect();
        let readable = tips.iter().map(of_tip).collect();
        let mut memo = Memo::default();
        let merges = self.merges.iter().filter(|(_, secret)| (first..last).contains(&(secret.0 as usize)));
        let merged = merges.filter(|&&(commit, secret)| {
            // A parent that had it once and lost it is where it was taken out.
            !self.history.parents[commit as usize].iter().any(|parent| {
                has(*parent, secret) && !self.interest.holds(self.history.root(*parent), secret, &mut memo)
            })
        });
        (readable, merged.copied().collect())
    }

    /// For each commit the secrets of a batch that it or anything before it holds, as bits.
    fn ever(&self, first: usize) -> Vec<[u64; WORDS]> {
        let mut ever = vec![[0; WORDS]; self.history.commits.len()];
        for (bit, life) in self.lives[first..].iter().take(BATCH).enumerate() {
            for commit in &life.introduced {
                ever[*commit as usize][bit / 64] |= 1 << (bit % 64);
            }
        }
        for &commit in &self.history.order {
            for &parent in &self.history.parents[commit as usize] {
                let before = ever[parent as usize];
                ever[commit as usize].iter_mut().zip(before).for_each(|(word, before)| *word |= before);
            }
        }
        ever
    }
}
