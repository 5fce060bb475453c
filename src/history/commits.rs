//! The commits: from which each comes, and in which order they are told of.

use super::gather::Structure;
use super::graph::{CommitRecord, NONE, Trees};
use crate::finding::exposure::CommitNote;
use crate::git::object::Commit;
use crate::git::refs::Refs;
use crate::git::{Lookup, ObjectId, ObjectNumber, ObjectStore, Reader};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The commits, numbered, and from which each comes.
pub(super) struct CommitGraph<'c> {
    pub(super) commits: &'c [CommitRecord],
    /// Indexes of the parents of each commit.
    parents: Vec<Vec<u32>>,
    /// The index of each object that is a commit.
    at: Vec<u32>,
}

impl<'c> CommitGraph<'c> {
    /// The graph of the commits among that many `objects`.
    pub(super) fn new(commits: &'c [CommitRecord], objects: usize) -> Self {
        let mut at = vec![NONE; objects];
        commits.iter().zip(0..).for_each(|(commit, index)| at[commit.number.at()] = index);
        let index = |number: &ObjectNumber| Some(at[number.at()]).filter(|index| *index != NONE);
        let parents = commits.par_iter().map(|commit| commit.parents.iter().filter_map(index).collect()).collect();
        Self { commits, parents, at }
    }

    /// The index of a commit.
    pub(super) fn index(&self, commit: ObjectNumber) -> Option<u32> {
        self.at.get(commit.at()).copied().filter(|index| *index != NONE)
    }

    /// The indexes of the parents of a commit.
    pub(super) fn parents(&self, commit: u32) -> &[u32] {
        &self.parents[commit as usize]
    }

    /// Which commits can be reached from `tips`.
    pub(super) fn reachable(&self, tips: impl IntoIterator<Item = u32>) -> Vec<bool> {
        let mut reached = vec![false; self.parents.len()];
        let mut stack: Vec<u32> = tips.into_iter().collect();
        while let Some(commit) = stack.pop() {
            if !std::mem::replace(&mut reached[commit as usize], true) {
                stack.extend(self.parents(commit));
            }
        }
        reached
    }
}

/// Commits with parents before children, whatever their dates say.
pub(super) struct History<'h> {
    pub(super) graph: &'h CommitGraph<'h>,
    /// Indexes of commits, in order.
    pub(super) order: Vec<u32>,
    /// For each commit its place in the order.
    position: Vec<usize>,
    roots: Vec<Option<u32>>,
}

impl<'h> History<'h> {
    pub(super) fn new(
        graph: &'h CommitGraph<'h>,
        structure: &Structure,
        trees: &Trees,
        store: &ObjectStore,
        refs: &Refs,
    ) -> Self {
        let tip = |id: &ObjectId| {
            store.find(id.bytes()).and_then(|first| structure.tagged(first).last()).and_then(|end| graph.index(end))
        };
        let own = refs.heads.iter().chain(refs.refs.iter().filter(|one| !one.is_stash()));
        let own: Vec<u32> = own.filter_map(|one| tip(&one.target)).collect();
        let logged = refs.log.iter().flat_map(|entry| &entry.ids);
        let known = refs.refs.iter().chain(&refs.remembered).map(|one| &one.target).chain(logged);
        let known: Vec<u32> = known.filter_map(tip).collect();
        let (own, known) = rayon::join(|| graph.reachable(own), || graph.reachable(known));
        let order = ordered(graph, |at| (!own[at as usize], !known[at as usize]));
        let commits = graph.commits;
        let root = |commit: &CommitRecord| commit.tree.and_then(|tree| trees.record(tree));
        let mut roots: Vec<Option<u32>> = commits.par_iter().map(root).collect();
        // What a commit holds whose folder cannot be read is not known: that it took something out must not be said.
        for &at in &order {
            let commit = &commits[at as usize];
            if roots[at as usize].is_none() && (commit.treeless || commit.tree.is_some()) {
                roots[at as usize] = graph.parents(at).first().and_then(|parent| roots[*parent as usize]);
            }
        }
        // What is in a circle comes last.
        let mut position = vec![usize::MAX; commits.len()];
        order.iter().zip(0..).for_each(|(commit, place)| position[*commit as usize] = place);
        Self { graph, order, position, roots }
    }

    /// Where a commit stands in the order.
    pub(super) fn position(&self, commit: u32) -> usize {
        self.position[commit as usize]
    }

    /// A commit as people know it. Few are asked for, so each is read again.
    pub(super) fn note(&self, commit: u32, store: &ObjectStore) -> CommitNote {
        let number = self.graph.commits[commit as usize].number;
        note(store.lookup(), &store.id(number), &mut Reader::default())
    }

    /// The record of the root tree of a commit.
    pub(super) fn root(&self, commit: u32) -> Option<u32> {
        self.roots[commit as usize]
    }
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
fn ordered(graph: &CommitGraph<'_>, tier: impl Fn(u32) -> (bool, bool) + Sync) -> Vec<u32> {
    let CommitGraph { commits, parents, .. } = graph;
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
