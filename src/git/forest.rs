//! The objects of a pack as a forest of deltas, and a walk that decodes each object once.
//!
//! Bases come before what is made from them, depth first, on all threads; the bytes of a base are kept only while something still
//! needs them. This is what makes reading all objects cheaper than asking for them one by one.

use super::delta::{self, Piece};
use super::inflate::Inflater;
use super::lookup::Reader;
use super::object::ObjectKind;
use super::pack::{EntryError, Pack, Stored};
use super::pack_index::PackIndex;
use super::store::{ObjectNumber, ObjectStore};
use super::{Damage, DamageKind};
use rayon::prelude::*;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const NONE: u32 = u32::MAX;

/// An object as the walk comes by.
pub struct Decoded<'d, S> {
    /// Which.
    pub number: ObjectNumber,
    /// What it is.
    pub kind: ObjectKind,
    /// Its content.
    pub bytes: &'d [u8],
    /// What it was made from, if it is stored as a delta.
    pub base: Option<Base<'d, S>>,
}

/// What an object was made from.
pub struct Base<'d, S> {
    /// Which object.
    pub number: ObjectNumber,
    /// Its content.
    pub bytes: &'d [u8],
    /// What the visitor made of it.
    pub state: &'d S,
    /// How the object is put together from it.
    pub pieces: &'d [Piece],
}

/// Sees every object of a walk.
pub trait Visitor: Sync {
    /// What is remembered of an object while others are made from it.
    type State: Send + Sync;
    /// What a thread reuses.
    type Space: Send + Default;

    /// Looks at one object.
    fn visit(&self, object: Decoded<'_, Self::State>, space: &mut Self::Space) -> Self::State;

    /// Is told of an object that cannot be decoded.
    fn broken(&self, number: ObjectNumber, damage: Damage);

    /// Takes what a thread has gathered, when it has walked some trees of deltas to their ends.
    fn done(&self, _space: Self::Space) {}
}

/// The objects of one pack, and which is made from which.
pub struct Forest<'s> {
    store: &'s ObjectStore,
    pack: &'s Pack,
    /// Offset and object, by offset.
    entries: Vec<(u64, ObjectNumber)>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    /// How many objects are made from it, itself among them.
    weight: Vec<u32>,
    roots: Vec<Root>,
    /// Entries that cannot be reached, and why.
    lost: Vec<(ObjectNumber, EntryError)>,
}

#[derive(Clone, Copy)]
struct Root {
    entry: u32,
    kind: ObjectKind,
    /// An object of another pack that it is made from.
    outside: Option<ObjectNumber>,
}

impl<'s> Forest<'s> {
    /// Reads the headers of all entries of the pack of this number.
    pub fn new(store: &'s ObjectStore, number: usize) -> Self {
        let pack = &store.lookup().packs()[number].0;
        let entries = store.entries(number);
        let count = entries.len();
        let mut forest = Self {
            store,
            pack,
            entries,
            first_child: vec![NONE; count],
            next_sibling: vec![NONE; count],
            weight: vec![1; count],
            roots: Vec::new(),
            lost: Vec::new(),
        };
        let mut base = vec![NONE; count];
        let by_object = OnceCell::new();
        let altered = altered(pack, &store.lookup().packs()[number].1);
        for entry in 0..count {
            let (offset, object) = forest.entries[entry];
            if altered.contains(&offset) {
                forest.lost.push((object, "it is not what the index of its pack has a checksum of"));
            } else {
                forest.place(entry, &mut base, &by_object);
            }
        }
        forest.weigh(&base);
        // The heaviest first, so that no thread is left alone with it in the end.
        let weight = &forest.weight;
        forest.roots.sort_by_key(|root| std::cmp::Reverse(weight[root.entry as usize]));
        forest
    }

    /// Finds out what an entry is made from.
    fn place(&mut self, entry: usize, base: &mut [u32], by_object: &OnceCell<HashMap<ObjectNumber, usize>>) {
        let (offset, number) = self.entries[entry];
        let by_offset = |wanted: u64| self.entries.binary_search_by_key(&wanted, |(offset, _)| *offset).ok();
        let found = match self.pack.header(offset) {
            Ok(header) => match header.stored {
                Stored::Whole(kind) => {
                    self.roots.push(Root { entry: entry as u32, kind, outside: None });
                    return;
                }
                Stored::OffsetDelta(wanted) => by_offset(wanted).ok_or("its base lies outside of the pack"),
                Stored::IdDelta(id) => match self.store.find(id.bytes()) {
                    Some(object) => match by_object.get_or_init(|| self.by_object()).get(&object) {
                        Some(&at) => Ok(at),
                        None => return self.place_outside(entry, object),
                    },
                    None => Err("its base is missing"),
                },
            },
            Err(why) => Err(why),
        };
        match found {
            Ok(parent) => {
                base[entry] = parent as u32;
                self.next_sibling[entry] = self.first_child[parent];
                self.first_child[parent] = entry as u32;
            }
            Err(why) => self.lost.push((number, why)),
        }
    }

    fn by_object(&self) -> HashMap<ObjectNumber, usize> {
        self.entries.iter().enumerate().map(|(at, (_, number))| (*number, at)).collect()
    }

    fn place_outside(&mut self, entry: usize, object: ObjectNumber) {
        match self.store.read(object, &mut Reader::default()) {
            Ok((kind, _)) => self.roots.push(Root { entry: entry as u32, kind, outside: Some(object) }),
            Err(_) => self.lost.push((self.entries[entry].1, "its base is damaged")),
        }
    }

    /// Adds up the weights, and finds what hangs on nothing: circles.
    fn weigh(&mut self, base: &[u32]) {
        let mut order: Vec<u32> = self.roots.iter().map(|root| root.entry).collect();
        let mut reached = vec![false; self.entries.len()];
        let lost: HashSet<ObjectNumber> = self.lost.iter().map(|(number, _)| *number).collect();
        let mut next = 0;
        while let Some(&entry) = order.get(next) {
            next += 1;
            reached[entry as usize] = true;
            order.extend(self.children(entry));
        }
        for &entry in order.iter().rev() {
            if let Some(parent) = self.weight.get(base[entry as usize] as usize) {
                self.weight[base[entry as usize] as usize] = parent.saturating_add(self.weight[entry as usize]);
            }
        }
        for (entry, (_, number)) in self.entries.iter().enumerate() {
            if !reached[entry] && !lost.contains(number) {
                self.lost.push((*number, "the object it is made from is damaged, or its deltas go in a circle"));
            }
        }
    }

    fn children(&self, entry: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.first_child[entry as usize];
        std::iter::successors(Some(first), |&at| self.next_sibling.get(at as usize).copied())
            .take_while(|&at| at != NONE)
    }

    /// Shows all objects of the wanted kinds to `visitor`, on all threads.
    pub fn walk<V: Visitor>(&self, wanted: impl Fn(ObjectKind) -> bool + Sync, visitor: &V) {
        for (number, why) in &self.lost {
            visitor.broken(*number, self.store.corrupt(*number, why));
        }
        let roots: Vec<&Root> = self.roots.iter().filter(|root| wanted(root.kind)).collect();
        roots.par_iter().with_max_len(64).for_each_init(
            || Walker::new(visitor),
            |walker, root| {
                walker.walk(self, **root, visitor);
            },
        );
    }
}

/// The offsets at which something else stands than what the index was made for. Damage to a header shows in no other way.
fn altered(pack: &Pack, index: &PackIndex) -> HashSet<u64> {
    let mut checks: Vec<(u64, u32)> = index.checks().collect();
    checks.sort_unstable();
    let is_altered = |at: usize| {
        let (start, crc) = checks[at];
        let end = checks.get(checks.partition_point(|(offset, _)| *offset <= start)).map(|(offset, _)| *offset);
        (!pack.has_crc(start, end, crc)).then_some(start)
    };
    (0..checks.len()).into_par_iter().filter_map(is_altered).collect()
}

/// An object that others are made from.
struct Kept<S> {
    number: ObjectNumber,
    bytes: Vec<u8>,
    state: S,
}

/// What an entry is made from, shared by all that are made from it; none for what is stored whole.
type SharedBase<S> = Option<Arc<Kept<S>>>;

/// What one thread of a walk works with.
struct Walker<'v, V: Visitor> {
    visitor: &'v V,
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    /// Entries to come, with what they are made from.
    stack: Vec<(u32, SharedBase<V::State>)>,
    space: V::Space,
}

impl<V: Visitor> Drop for Walker<'_, V> {
    fn drop(&mut self) {
        self.visitor.done(std::mem::take(&mut self.space));
    }
}

impl<'v, V: Visitor> Walker<'v, V> {
    fn new(visitor: &'v V) -> Self {
        Self {
            visitor,
            inflater: Inflater::default(),
            delta: Vec::new(),
            pieces: Vec::new(),
            stack: Vec::new(),
            space: V::Space::default(),
        }
    }

    fn walk(&mut self, forest: &Forest<'_>, root: Root, visitor: &V) {
        let outside = root.outside.and_then(|number| self.outside(forest, number, visitor));
        if root.outside.is_some() && outside.is_none() {
            return self.give_up(forest, root.entry, "its base is damaged", visitor);
        }
        self.stack.push((root.entry, outside));
        while let Some((entry, base)) = self.stack.pop() {
            let number = forest.entries[entry as usize].1;
            let kept = match self.decode(forest, entry, base.as_deref()) {
                Ok(bytes) => {
                    let base = base.as_deref().map(|base| Base {
                        number: base.number,
                        bytes: &base.bytes,
                        state: &base.state,
                        pieces: &self.pieces,
                    });
                    let state =
                        visitor.visit(Decoded { number, kind: root.kind, bytes: &bytes, base }, &mut self.space);
                    Kept { number, bytes, state }
                }
                Err(why) => {
                    self.give_up(forest, entry, why, visitor);
                    continue;
                }
            };
            // Freed before a long chain is followed, unless something else is made from it as well.
            drop(base);
            let mut children: Vec<u32> = forest.children(entry).collect();
            if children.is_empty() {
                continue;
            }
            // The heaviest is taken last, when nothing else needs this object any more.
            children.sort_unstable_by_key(|child| (std::cmp::Reverse(forest.weight[*child as usize]), *child));
            let kept = Arc::new(kept);
            self.stack.extend(children.into_iter().map(|child| (child, Some(Arc::clone(&kept)))));
        }
    }

    /// Reads an object of another pack that a root is made from.
    fn outside(&mut self, forest: &Forest<'_>, number: ObjectNumber, visitor: &V) -> Option<Arc<Kept<V::State>>> {
        let (kind, bytes) = forest.store.read(number, &mut Reader::default()).ok()?;
        let state = visitor.visit(Decoded { number, kind, bytes: &bytes, base: None }, &mut self.space);
        Some(Arc::new(Kept { number, bytes, state }))
    }

    fn decode(
        &mut self,
        forest: &Forest<'_>,
        entry: u32,
        base: Option<&Kept<V::State>>,
    ) -> Result<Vec<u8>, EntryError> {
        let header = forest.pack.header(forest.entries[entry as usize].0)?;
        let mut bytes = Vec::new();
        let Some(base) = base else {
            forest.pack.inflate(&header, &mut self.inflater, &mut bytes)?;
            return Ok(bytes);
        };
        forest.pack.inflate(&header, &mut self.inflater, &mut self.delta)?;
        let size = delta::read(&self.delta, base.bytes.len(), &mut self.pieces)?;
        delta::apply(&base.bytes, &self.delta, &self.pieces, size, &mut bytes);
        Ok(bytes)
    }

    /// Tells of an entry that cannot be decoded, and of everything made from it.
    fn give_up(&self, forest: &Forest<'_>, entry: u32, why: EntryError, visitor: &V) {
        let store = forest.store;
        let number = forest.entries[entry as usize].1;
        let kind = if why.contains("larger") { DamageKind::Huge } else { DamageKind::Corrupt };
        visitor.broken(number, Damage::new(store.id(number), kind, why));
        let mut below: Vec<u32> = forest.children(entry).collect();
        while let Some(entry) = below.pop() {
            let number = forest.entries[entry as usize].1;
            visitor.broken(number, store.corrupt(number, "the object it is made from is damaged"));
            below.extend(forest.children(entry));
        }
    }
}
