//! What of a history is wanted: everything, what is still reachable, or what a range of commits adds.

use super::commits::CommitGraph;
use super::gather::Structure;
use super::graph::Trees;
use super::local::LocalValue;
use super::paths::{Paths, Walk};
use crate::blob::PlacePath;
use crate::finding::exposure::Reach;
use crate::git::refs::{Ref, Refs};
use crate::git::revision::Revisions;
use crate::git::{Damage, DamageKind, GitError, ObjectId, ObjectNumber, ObjectStore};
use std::collections::HashSet;
use std::path::PathBuf;

/// How far a scan reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// What branches, tags, notes, the stash and other refs lead to.
    Refs,
    /// And what reflogs lead to.
    Reflog,
    /// Every object, reachable or not.
    #[default]
    All,
}

/// Commits that are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Reachable from these; from all refs if there is none.
    pub include: Vec<String>,
    /// And not from these.
    pub exclude: Vec<String>,
    /// Committed at this time or later, in seconds since 1970.
    pub since: Option<i64>,
    /// Objects that are asked for beside the commits: tags with what they say, and trees and files that they lead to.
    pub objects: Vec<ObjectId>,
}

/// What to scan of a history.
#[derive(Clone, Debug, Default)]
pub struct HistoryOptions {
    /// How far to reach.
    pub wanted: Wanted,
    /// Only what these commits add.
    pub range: Option<Range>,
    /// Look for the values found in all other blobs and messages too.
    pub trace: bool,
    /// Look for these values too, with or without the former.
    pub local: Vec<LocalValue>,
    /// Folders with objects that are not yet the repository's, as git names them to the hooks of a push.
    pub quarantine: Vec<PathBuf>,
    /// A folder for what is worth knowing in the next run. A range is read without it.
    pub cache: Option<PathBuf>,
}

impl HistoryOptions {
    /// Are values looked for letter by letter?
    pub(super) fn traces(&self) -> bool {
        self.trace || !self.local.is_empty()
    }
}

/// A ref, and the commit it leads to.
#[derive(Clone, Debug)]
pub(super) struct Tip {
    pub(super) name: PlacePath,
    pub(super) target: ObjectId,
    /// The index of the commit, unless it leads to something else.
    pub(super) commit: Option<u32>,
    /// What it leads to behind all tags.
    pub(super) object: Option<ObjectNumber>,
    pub(super) reach: Reach,
    pub(super) remote: bool,
}

/// What is scanned.
pub(super) struct Selection {
    wanted: Wanted,
    pub(super) tips: Vec<Tip>,
    /// Commits that stashes are.
    pub(super) stashes: HashSet<u32>,
    /// For each commit, is what it adds asked for?
    commits: Vec<bool>,
    /// For each commit, is what stands in it not new in a range?
    before: Vec<bool>,
    /// Is only what a range of commits adds wanted?
    range: bool,
    /// Objects that refs name which are no commits.
    named: HashSet<ObjectNumber>,
    /// Tags that refs lead to, and what those lead to.
    tags: HashSet<ObjectNumber>,
}

impl Selection {
    pub(super) fn new(
        options: &HistoryOptions,
        store: &ObjectStore,
        refs: &Refs,
        structure: &Structure,
        graph: &CommitGraph<'_>,
    ) -> Result<Self, GitError> {
        let tips = tips(store, refs, structure, graph);
        let none = || vec![false; graph.commits.len()];
        let (commits, before) = match &options.range {
            Some(range) => in_range(range, store, refs, &tips, graph)?,
            None if options.wanted == Wanted::All => (vec![true; graph.commits.len()], none()),
            None => {
                let most = if options.wanted == Wanted::Refs { Reach::Stash } else { Reach::Reflog };
                (graph.reachable(tips.iter().filter(|tip| tip.reach <= most).filter_map(|tip| tip.commit)), none())
            }
        };
        let wanted = if options.range.is_some() { Wanted::Refs } else { options.wanted };
        let range = options.range.is_some();
        let most = if options.wanted == Wanted::Refs { Reach::Stash } else { Reach::Reflog };
        let asked: Vec<ObjectNumber> = match &options.range {
            Some(range) => range.objects.iter().filter_map(|id| store.find(id.bytes())).collect(),
            None => {
                let tips = tips.iter().filter(|tip| tip.reach <= most);
                tips.filter_map(|tip| store.find(tip.target.bytes())).collect()
            }
        };
        let ends = asked.iter().filter_map(|first| structure.tagged(*first).last());
        let named = ends.filter(|object| graph.index(*object).is_none()).collect();
        let tags = asked.iter().flat_map(|first| structure.tagged(*first)).collect();
        let stashes = tips.iter().filter(|tip| tip.reach == Reach::Stash).filter_map(|tip| tip.commit).collect();
        Ok(Self { wanted, tips, stashes, commits, before, range, named, tags })
    }

    /// The tips that lead to commits, and those commits.
    pub(super) fn commit_tips(&self) -> (Vec<&Tip>, Vec<u32>) {
        self.tips.iter().filter_map(|tip| Some((tip, tip.commit?))).unzip()
    }

    /// Is what this commit says and adds asked for?
    pub(super) fn has_commit(&self, commit: u32) -> bool {
        self.commits[commit as usize]
    }

    /// Is what this tag says asked for?
    pub(super) fn has_tag(&self, tag: ObjectNumber) -> bool {
        self.is_everything() || self.tags.contains(&tag)
    }

    /// Refs that lead to nothing; reflogs may, after a while.
    pub(super) fn lost(&self, store: &ObjectStore) -> Vec<Damage> {
        let why = |tip: &Tip| format!("`{}` points to it, and it is not here", tip.name);
        let refs = self.tips.iter().filter(|tip| tip.reach == Reach::Refs && store.find(tip.target.bytes()).is_none());
        refs.map(|tip| Damage::new(tip.target, DamageKind::Missing, why(tip))).collect()
    }

    /// Is everything asked for?
    pub(super) fn is_everything(&self) -> bool {
        self.wanted == Wanted::All
    }

    /// The paths of everything that is wanted.
    pub(super) fn paths(&self, trees: &Trees, store: &ObjectStore, graph: &CommitGraph<'_>) -> Paths {
        let mut walk = Walk::new(trees, store.len());
        let indexes = 0..graph.commits.len() as u32;
        if self.range {
            // What stands in commits before the range is not new, whatever the range does with it.
            let outside =
                indexes.clone().filter(|at| self.before[*at as usize]).filter_map(|at| graph.commits[at as usize].tree);
            walk.walk(outside);
            walk.close();
        }
        let roots = indexes.filter(|at| self.has_commit(*at)).filter_map(|at| graph.commits[at as usize].tree);
        walk.walk(roots);
        walk.commits_end();
        walk.walk(self.named.iter().copied());
        if self.is_everything() {
            // Trees that no commit leads to: what stands in them has a path below them at least.
            let lost = trees.tops(|record| !walk.was_walked(record));
            walk.walk(lost);
        }
        walk.finish()
    }

    /// Is this blob wanted?
    pub(super) fn wants(&self, blob: ObjectNumber, paths: &Paths) -> bool {
        self.is_everything() || paths.is_new(blob) || self.named.contains(&blob)
    }
}

/// All refs, HEADs and reflog entries, and the commits they lead to.
fn tips(store: &ObjectStore, refs: &Refs, structure: &Structure, graph: &CommitGraph<'_>) -> Vec<Tip> {
    let tip_of = |name: &PlacePath, target: ObjectId, reach: Reach, remote: bool| {
        let object = store.find(target.bytes()).and_then(|first| structure.tagged(first).last());
        Tip { name: name.clone(), target, commit: object.and_then(|object| graph.index(object)), object, reach, remote }
    };
    let tip = |one: &Ref, reach: Reach| tip_of(&one.name, one.target, reach, one.is_remote());
    let own = refs.heads.iter().chain(&refs.refs);
    let mut tips: Vec<Tip> = own.map(|one| tip(one, if one.is_stash() { Reach::Stash } else { Reach::Refs })).collect();
    tips.extend(refs.remembered.iter().map(|one| tip(one, Reach::Reflog)));
    // In the order in which they are named: what people work on first.
    tips.sort_by(|one, two| (rank(&one.name), &one.name).cmp(&(rank(&two.name), &two.name)));
    let mut seen = HashSet::new();
    for entry in &refs.log {
        let stash = entry.name.bytes() == b"refs/stash";
        for id in entry.ids.iter().filter(|id| seen.insert((stash, **id))) {
            let reach = if stash { Reach::Stash } else { Reach::Reflog };
            tips.push(tip_of(&entry.name, *id, reach, false));
        }
    }
    tips
}

/// Branches before tags before what remotes have before everything else.
fn rank(name: &PlacePath) -> usize {
    let kinds: [&[u8]; 3] = [b"refs/heads/", b"refs/tags/", b"refs/remotes/"];
    kinds.iter().position(|kind| name.bytes().starts_with(kind)).unwrap_or(kinds.len())
}

/// The commits of a range, and those before it.
fn in_range(
    range: &Range,
    store: &ObjectStore,
    refs: &Refs,
    tips: &[Tip],
    graph: &CommitGraph<'_>,
) -> Result<(Vec<bool>, Vec<bool>), GitError> {
    let revisions = Revisions { objects: store.lookup(), refs };
    let index = |text: &String| {
        let commit = revisions.commit(text)?;
        store
            .find(commit.bytes())
            .and_then(|commit| graph.index(commit))
            .ok_or_else(|| GitError::NoRevision { name: text.clone() })
    };
    let all = |texts: &[String]| texts.iter().map(index).collect::<Result<Vec<u32>, GitError>>();
    let include = match range.include.as_slice() {
        [] if range.objects.is_empty() => {
            tips.iter().filter(|tip| tip.reach == Reach::Refs).filter_map(|tip| tip.commit).collect()
        }
        texts => all(texts)?,
    };
    let included = graph.reachable(include);
    let excluded = graph.reachable(all(&range.exclude)?);
    let young = |at: usize| range.since.is_none_or(|since| graph.commits[at].committed >= since);
    let asked = |at: usize| included[at] && !excluded[at] && young(at);
    let before = |at: usize| excluded[at] || included[at] && !young(at);
    let all = 0..included.len();
    Ok((all.clone().map(asked).collect(), all.map(before).collect()))
}
