//! The objects of a pack as a forest of deltas, and a walk that decodes each object once.
//!
//! Bases come before what is made from them, depth first, on all threads; the bytes of a base are kept only while something still
//! needs them. This is what makes reading all objects cheaper than asking for them one by one.

mod walker;

use super::Damage;
use super::delta::Piece;
use super::lookup::Reader;
use super::object::ObjectKind;
use super::pack::{EntryError, Pack, Stored};
use super::pack_index::PackIndex;
use super::store::{ObjectNumber, ObjectStore, PackEntry};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use walker::Walker;

const NONE: u32 = u32::MAX;

/// How many objects a thread sees at least before it hands over what it has gathered.
const MOST_GATHERED: u32 = 4096;

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
    fn done(&self, _space: &mut Self::Space) {}
}

/// The objects of one pack, and which is made from which.
pub struct Forest<'s> {
    store: &'s ObjectStore,
    pack: &'s Pack,
    /// By offset.
    entries: Vec<PackEntry>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    /// How many objects are made from it, itself among them.
    weight: Vec<u32>,
    roots: Vec<Root>,
    /// Entries that cannot be reached, and why.
    lost: Vec<(ObjectNumber, EntryError)>,
}

/// What an entry is made from.
#[derive(Clone, Copy)]
enum Origin {
    /// Nothing: it is stored whole.
    Whole(ObjectKind),
    /// This entry.
    Entry(u32),
    /// See [`Odd`].
    Odd,
}

/// Where in a list of entries those of each stretch of the pack begin, with an entry or two to a stretch: most are looked for as bases.
struct Places {
    /// For each stretch the first of its entries; the next one's is their end.
    first: Vec<u32>,
    /// How long a stretch is, as a power of two.
    shift: u32,
}

impl Places {
    fn new(entries: &[PackEntry]) -> Self {
        let end = entries.last().map_or(0, |last| last.offset + 1);
        let shift = (end / entries.len().max(1) as u64).max(1).ilog2();
        let mut first = Vec::with_capacity((end >> shift) as usize + 2);
        for (entry, at) in entries.iter().zip(0..) {
            first.resize((entry.offset >> shift) as usize + 1, at);
        }
        first.push(entries.len() as u32);
        Self { first, shift }
    }

    fn entry_at(&self, offset: u64, entries: &[PackEntry]) -> Option<u32> {
        let stretch = usize::try_from(offset >> self.shift).ok()?;
        let (first, behind) = (*self.first.get(stretch)?, *self.first.get(stretch + 1)?);
        (first..behind).find(|at| entries[*at as usize].offset == offset)
    }
}

/// What is not to be expected of an entry.
#[derive(Clone, Copy)]
enum Odd {
    /// It is made from an object of another pack.
    Outside(ObjectNumber),
    /// It cannot be decoded.
    Lost(EntryError),
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
        let (origins, odd) = forest.origins(&store.lookup().packs()[number].1);
        let mut base = vec![NONE; count];
        for (entry, origin) in (0u32..).zip(origins) {
            match origin {
                Origin::Whole(kind) => forest.roots.push(Root { entry, kind, outside: None }),
                Origin::Entry(parent) => {
                    base[entry as usize] = parent;
                    forest.next_sibling[entry as usize] = forest.first_child[parent as usize];
                    forest.first_child[parent as usize] = entry;
                }
                Origin::Odd => {}
            }
        }
        for (entry, odd) in odd {
            forest.place_odd(entry, odd);
        }
        forest.weigh(&base);
        // The heaviest first, so that no thread is left alone with it in the end.
        let weight = &forest.weight;
        forest.roots.sort_by_key(|root| std::cmp::Reverse(weight[root.entry as usize]));
        forest
    }

    /// What each entry is made from, by offset; and those with which something is odd.
    fn origins(&self, index: &PackIndex) -> (Vec<Origin>, Vec<(u32, Odd)>) {
        let (by_object, places) = (OnceLock::new(), Places::new(&self.entries));
        let odd = Mutex::new(Vec::new());
        let origin = |entry: u32| {
            let found = self.origin(entry, index, &places, &by_object);
            found.unwrap_or_else(|one| {
                odd.lock().unwrap_or_else(PoisonError::into_inner).push((entry, one));
                Origin::Odd
            })
        };
        let origins = (0..self.entries.len() as u32).into_par_iter().map(origin).collect();
        let mut odd = odd.into_inner().unwrap_or_else(PoisonError::into_inner);
        odd.sort_unstable_by_key(|(entry, _)| *entry);
        (origins, odd)
    }

    fn origin(
        &self,
        entry: u32,
        index: &PackIndex,
        places: &Places,
        by_object: &OnceLock<HashMap<ObjectNumber, u32>>,
    ) -> Result<Origin, Odd> {
        let PackEntry { offset, position, .. } = self.entries[entry as usize];
        let next = self.entries[entry as usize..].iter().map(|next| next.offset).find(|next| *next > offset);
        // Damage to a header shows in no other way.
        if index.check(position).is_some_and(|check| self.pack.crc(offset, next) != Some(check)) {
            return Err(Odd::Lost("it is not what the index of its pack has a checksum of"));
        }
        match self.pack.header(offset).map_err(Odd::Lost)?.stored {
            Stored::Whole(kind) => Ok(Origin::Whole(kind)),
            Stored::OffsetDelta(base) => places
                .entry_at(base, &self.entries)
                .map(Origin::Entry)
                .ok_or(Odd::Lost("its base lies outside of the pack")),
            Stored::IdDelta(id) => {
                let object = self.store.find(id.bytes()).ok_or(Odd::Lost("its base is missing"))?;
                let inside = by_object.get_or_init(|| self.by_object()).get(&object);
                inside.map(|base| Origin::Entry(*base)).ok_or(Odd::Outside(object))
            }
        }
    }

    fn by_object(&self) -> HashMap<ObjectNumber, u32> {
        self.entries.iter().map(|entry| entry.number).zip(0..).collect()
    }

    /// Takes in an entry that is made from an object of another pack, or from nothing that is here.
    fn place_odd(&mut self, entry: u32, odd: Odd) {
        let number = self.entries[entry as usize].number;
        match odd {
            Odd::Lost(why) => self.lost.push((number, why)),
            Odd::Outside(object) => match self.store.read(object, &mut Reader::default()) {
                Ok((kind, _)) => self.roots.push(Root { entry, kind, outside: Some(object) }),
                Err(_) => self.lost.push((number, "its base is damaged")),
            },
        }
    }

    /// All entries that can be reached, bases first.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = self.roots.iter().map(|root| root.entry).collect();
        let mut next = 0;
        while let Some(&entry) = order.get(next) {
            next += 1;
            order.extend(self.children(entry));
        }
        order
    }

    /// Adds up the weights, and finds what hangs on nothing: circles.
    fn weigh(&mut self, base: &[u32]) {
        // As git writes packs, a base stands before what is made from it: then they are in order as they lie.
        let lies_in_order =
            self.lost.is_empty() && base.iter().zip(0..).all(|(base, entry)| *base == NONE || *base < entry);
        let order = if lies_in_order { (0..base.len() as u32).collect() } else { self.order() };
        let mut reached = vec![false; self.entries.len()];
        let lost: HashSet<ObjectNumber> = self.lost.iter().map(|(number, _)| *number).collect();
        order.iter().for_each(|entry| reached[*entry as usize] = true);
        for &entry in order.iter().rev() {
            if let Some(parent) = self.weight.get(base[entry as usize] as usize) {
                self.weight[base[entry as usize] as usize] = parent.saturating_add(self.weight[entry as usize]);
            }
        }
        for (entry, PackEntry { number, .. }) in self.entries.iter().enumerate() {
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

    /// Shows the objects of the wanted kinds that are `needed` to `visitor`, and those that they are made from, on all threads.
    pub fn walk<V: Visitor>(
        &self,
        wanted: impl Fn(ObjectKind) -> bool + Sync,
        needed: &(dyn Fn(ObjectNumber) -> bool + Sync),
        visitor: &V,
    ) {
        for (number, why) in &self.lost {
            visitor.broken(*number, self.store.corrupt(*number, why));
        }
        let marks = self.marks(needed);
        let roots: Vec<&Root> =
            self.roots.iter().filter(|root| wanted(root.kind) && marks[root.entry as usize]).collect();
        // Each thread takes the heaviest tree that is left, so that all are done at about the same time.
        let next = AtomicUsize::new(0);
        rayon::broadcast(|_| {
            let mut walker = Walker::new(visitor, &marks);
            let mut gathered = 0;
            while let Some(root) = roots.get(next.fetch_add(1, Ordering::Relaxed)) {
                walker.walk(self, **root, visitor);
                gathered = self.weight[root.entry as usize].saturating_add(gathered);
                if gathered >= MOST_GATHERED {
                    visitor.done(&mut walker.space);
                    gathered = 0;
                }
            }
        });
    }

    /// For each entry whether it, or something that is made from it, is needed.
    fn marks(&self, needed: &(dyn Fn(ObjectNumber) -> bool + Sync)) -> Vec<bool> {
        let mut marks: Vec<bool> = self.entries.par_iter().map(|entry| needed(entry.number)).collect();
        if marks.iter().any(|mark| !mark) {
            for entry in self.order().into_iter().rev() {
                let below = self.children(entry).any(|child| marks[child as usize]);
                marks[entry as usize] |= below;
            }
        }
        marks
    }
}
