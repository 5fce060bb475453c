//! Events: which commits bring a secret in, and which take it out.

use super::commits::History;
use super::interest::{Interest, Memo, SecretId, Spot};
use crate::git::ObjectNumber;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Secrets that are followed through all commits at once; more of them take further passes, which run side by side.
const BATCH: usize = 128;
const WORDS: usize = BATCH / 64;

/// For each secret of a batch one bit.
type Bits = [u64; WORDS];

/// Commits whose trees are compared before any of them is told of.
const TOGETHER: usize = 2048;

/// Fewest of them that a thread takes: neighbours share answers.
const ALONE: usize = 256;

/// Most answers that are remembered at once.
const MAX_MEMO: usize = 1 << 16;

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
        let parents = history.graph.parents(commit);
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

/// Is the bit of `secret` set in those of its batch?
const fn has(bits: &Bits, secret: SecretId) -> bool {
    let bit = secret.0 as usize % BATCH;
    bits[bit / 64] >> (bit % 64) & 1 == 1
}

/// From which tips each secret can be read.
pub(super) struct Readable {
    /// For each batch of secrets the bits of each tip.
    batches: Vec<Vec<Bits>>,
}

impl Readable {
    /// The places of the tips from which `secret` can be read, in order.
    pub(super) fn tips(&self, secret: SecretId) -> impl Iterator<Item = usize> + '_ {
        let batch = self.batches.get(secret.0 as usize / BATCH).into_iter().flatten();
        batch.enumerate().filter(move |(_, bits)| has(bits, secret)).map(|(tip, _)| tip)
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
        let merges = self.history.graph.parents(commit).len() > 1;
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

    /// From which of the commits `tips` each secret can be read. Settles what merges took out as well.
    pub(super) fn spread(&mut self, tips: &[u32]) -> Readable {
        let firsts = (0..self.lives.len()).into_par_iter().step_by(BATCH);
        let (batches, merged): (_, Vec<_>) = firsts.map(|first| self.spread_batch(first, tips)).unzip();
        for (commit, secret) in merged.into_iter().flatten() {
            let life = &mut self.lives[secret.0 as usize];
            life.removed.push(commit);
            life.removed.sort_by_key(|commit| self.history.position(*commit));
        }
        Readable { batches }
    }

    /// The same for the secrets of one batch, and what merges took out of them.
    fn spread_batch(&self, first: usize, tips: &[u32]) -> (Vec<Bits>, Vec<(u32, SecretId)>) {
        let ever = self.ever(first);
        let readable = tips.iter().map(|tip| ever[*tip as usize]).collect();
        let mut memo = Memo::default();
        let secrets = first..first + BATCH;
        let merges = self.merges.iter().filter(|(_, secret)| secrets.contains(&(secret.0 as usize)));
        let merged = merges.filter(|&&(commit, secret)| {
            // A parent that had it once and lost it is where it was taken out.
            !self.history.graph.parents(commit).iter().any(|parent| {
                has(&ever[*parent as usize], secret)
                    && !self.interest.holds(self.history.root(*parent), secret, &mut memo)
            })
        });
        (readable, merged.copied().collect())
    }

    /// For each commit the secrets of a batch that it or anything before it holds, as bits.
    fn ever(&self, first: usize) -> Vec<Bits> {
        let mut ever = vec![[0; WORDS]; self.history.graph.commits.len()];
        for (bit, life) in self.lives[first..].iter().take(BATCH).enumerate() {
            for commit in &life.introduced {
                ever[*commit as usize][bit / 64] |= 1 << (bit % 64);
            }
        }
        for &commit in &self.history.order {
            for &parent in self.history.graph.parents(commit) {
                let before = ever[parent as usize];
                ever[commit as usize].iter_mut().zip(before).for_each(|(word, before)| *word |= before);
            }
        }
        ever
    }
}
