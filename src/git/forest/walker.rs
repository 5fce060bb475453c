//! One thread of a walk: decodes trees of deltas, one after the other.

use super::{Base, Decoded, Forest, Root, Visitor};
use crate::git::delta::{self, Piece};
use crate::git::inflate::Inflater;
use crate::git::lookup::Reader;
use crate::git::pack::EntryError;
use crate::git::store::ObjectNumber;
use crate::git::{Damage, DamageKind};
use std::sync::Arc;

/// An object that others are made from.
struct Kept<S> {
    number: ObjectNumber,
    bytes: Vec<u8>,
    state: S,
}

/// What an entry is made from, shared by all that are made from it; none for what is stored whole.
type SharedBase<S> = Option<Arc<Kept<S>>>;

/// What one thread of a walk works with.
pub(super) struct Walker<'v, V: Visitor> {
    visitor: &'v V,
    /// See [`Forest::marks`].
    marks: &'v [bool],
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    /// Entries to come, with what they are made from.
    stack: Vec<(u32, SharedBase<V::State>)>,
    pub(super) space: V::Space,
}

impl<V: Visitor> Drop for Walker<'_, V> {
    fn drop(&mut self) {
        self.visitor.done(&mut self.space);
    }
}

impl<'v, V: Visitor> Walker<'v, V> {
    pub(super) fn new(visitor: &'v V, marks: &'v [bool]) -> Self {
        Self {
            visitor,
            marks,
            inflater: Inflater::default(),
            delta: Vec::new(),
            pieces: Vec::new(),
            stack: Vec::new(),
            space: V::Space::default(),
        }
    }

    pub(super) fn walk(&mut self, forest: &Forest<'_>, root: Root, visitor: &V) {
        let outside = root.outside.and_then(|number| self.outside(forest, number, visitor));
        if root.outside.is_some() && outside.is_none() {
            return self.give_up(forest, root.entry, "its base is damaged", visitor);
        }
        self.stack.push((root.entry, outside));
        while let Some((entry, base)) = self.stack.pop() {
            let number = forest.entries[entry as usize].number;
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
            let mut children: Vec<u32> = forest.children(entry).filter(|child| self.marks[*child as usize]).collect();
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
        let header = forest.pack.header(forest.entries[entry as usize].offset)?;
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
        let number = forest.entries[entry as usize].number;
        let kind = if why.contains("larger") { DamageKind::Huge } else { DamageKind::Corrupt };
        visitor.broken(number, Damage::new(store.id(number), kind, why));
        let mut below: Vec<u32> = forest.children(entry).collect();
        while let Some(entry) = below.pop() {
            let number = forest.entries[entry as usize].number;
            visitor.broken(number, store.corrupt(number, "the object it is made from is damaged"));
            below.extend(forest.children(entry));
        }
    }
}
