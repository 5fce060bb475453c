//! Watching: what became of files with certain names, and of texts that somebody else recognises, in a history.

use super::commits::History;
use super::events::Events;
use super::graph::Trees;
use super::interest::{Held, Interest, Memo, SecretId};
use super::leads::Leads;
use super::objects::Objects;
use super::select::Selection;
use crate::blob::PlacePath;
use crate::finding::exposure::{CommitNote, Reach};
use crate::git::forest::{Decoded, Visitor};
use crate::git::{Damage, ObjectNumber, ObjectStore};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Gives the numbers of what stands in a text.
pub type Recognise<'r> = dyn Fn(&[u8]) -> Vec<usize> + Sync + 'r;

/// What to follow beside secrets.
pub struct Watch<'w> {
    /// Is a file of this name followed?
    pub names: &'w (dyn Fn(&[u8]) -> bool + Sync),
    /// The numbers of what is followed in a text.
    pub texts: Option<&'w Recognise<'w>>,
}

/// Something that was followed, at one path.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The number of a text; none for a file that was followed by its name.
    pub text: Option<usize>,
    /// Where it stood.
    pub path: PlacePath,
    /// The first commit that has it there.
    pub introduced: CommitNote,
    /// The last commit that took it out, if HEAD has it at no path.
    pub removed: Option<CommitNote>,
    /// Refs from whose history it can be read, a few of them.
    pub refs: Vec<PlacePath>,
}

/// Most refs that are named.
const MAX_REFS: usize = 6;

/// What following takes of a scan.
pub(super) struct Scene<'s> {
    pub(super) store: &'s ObjectStore,
    pub(super) trees: &'s Trees,
    pub(super) history: &'s History<'s>,
    pub(super) selection: &'s Selection,
}

impl Scene<'_> {
    /// Everything that is watched, by path.
    pub(super) fn follow(&self, objects: &Objects<'_>, watch: &Watch<'_>) -> Vec<Followed> {
        let names = self.trees.names.iter().filter(|(_, name)| (watch.names)(name)).map(|(name, _)| name);
        let mut held = Held::default();
        for (name, at) in names.zip(0..) {
            held.names.insert(name, vec![SecretId(at)]);
        }
        let named = held.names.len();
        let mut count = named;
        if let Some(texts) = watch.texts {
            let reader = TextReader { texts, found: Mutex::default() };
            objects.show_blobs(&reader);
            for (number, found) in reader.found.into_inner().unwrap_or_else(PoisonError::into_inner) {
                count = count.max(named + found.iter().max().map_or(0, |most| most + 1));
                held.objects.insert(number, found.into_iter().map(|text| SecretId((named + text) as u32)).collect());
            }
        }
        self.lives(&held, named, count)
    }

    fn lives(&self, held: &Held, named: usize, count: usize) -> Vec<Followed> {
        let interest = Interest::new(self.trees, held, Leads::new(self.trees, held, self.store.len()));
        let mut events = Events::new(self.history, &interest, count, &[]);
        let (tips, commits) = self.selection.commit_tips();
        let readable = events.spread(&commits);
        let refs_of = |what: SecretId| -> Vec<PlacePath> {
            let names = readable.tips(what).map(|at| tips[at]).filter(|tip| tip.reach <= Reach::Stash);
            names.map(|tip| &tip.name).filter(|name| name.bytes() != b"HEAD").take(MAX_REFS).cloned().collect()
        };
        let head = tips.iter().position(|tip| tip.reach == Reach::Refs && tip.name.bytes() == b"HEAD");
        let root = head.and_then(|at| self.history.root(commits[at]));
        let (mut followed, mut memo) = (Vec::new(), Memo::default());
        for (life, at) in events.lives.iter().zip(0..) {
            let in_head = interest.holds(root, SecretId(at), &mut memo);
            let refs = refs_of(SecretId(at));
            let removed = life.removed.last().filter(|_| !in_head).map(|commit| self.history.note(*commit, self.store));
            followed.extend(life.places.iter().map(|(path, (commit, _))| Followed {
                text: (at as usize).checked_sub(named),
                path: PlacePath::from(path.as_slice()),
                introduced: self.history.note(*commit, self.store),
                removed: removed.clone(),
                refs: refs.clone(),
            }));
        }
        followed.sort_by(|one, two| (&one.path, one.text).cmp(&(&two.path, two.text)));
        followed
    }
}

/// Shows each blob to who recognises texts.
struct TextReader<'t> {
    texts: &'t Recognise<'t>,
    found: Mutex<HashMap<ObjectNumber, Vec<usize>>>,
}

impl Visitor for TextReader<'_> {
    type State = ();
    type Space = ();

    fn visit(&self, object: Decoded<'_, ()>, (): &mut ()) {
        let found = (self.texts)(object.bytes);
        if !found.is_empty() {
            self.found.lock().unwrap_or_else(PoisonError::into_inner).insert(object.number, found);
        }
    }

    /// The scan has told of it.
    fn broken(&self, _: ObjectNumber, _: Damage) {}
}
