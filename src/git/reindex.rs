//! Indexes for packs that have none: what a fetch or a repack leaves that was killed, and packs whose index is damaged.
//!
//! Reads a pack from its first entry to its last, puts every object together and names it by its content, as git's `index-pack` does.

use super::delta;
use super::id::{ObjectFormat, ObjectId};
use super::inflate::Inflater;
use super::object::ObjectKind;
use super::pack::{CUT, EntryError, EntryHeader, Pack, Stored};
use super::pack_index::PackIndex;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An object that is in none of a pack's entries, and that some of them are made from.
pub type Outside<'o> = dyn Fn(&ObjectId) -> Option<(ObjectKind, Vec<u8>)> + Sync + 'o;

/// Why an index does not list everything that its pack should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The pack ends early, with nothing wrong up to there: what is not there was never written.
    Unwritten(String),
    /// It is damaged, or made from what is not here.
    Damaged(String),
}

/// Makes the index of a pack, and says what of the pack it does not list.
///
/// # Errors
/// There is no memory for it.
pub fn index(pack: &mut Pack, format: ObjectFormat, outside: &Outside<'_>) -> io::Result<(PackIndex, Option<Lost>)> {
    let mut read = Headers::default();
    let mut broken = read.go_on(pack);
    if broken == Some(CUT) {
        // The last bytes are no checksum then, and may be the end of an entry.
        pack.without_checksum();
        broken = read.go_on(pack);
    }
    let entries = Entries::new(pack, read.headers);
    let mut found = entries.resolve(format, outside);
    let (listed, count) = (found.len(), pack.count() as usize);
    found.sort_unstable_by_key(|(_, offset)| *offset);
    let ends = found.iter().skip(1).map(|(_, offset)| *offset).map(Some).chain([None]);
    let mut rows: Vec<_> =
        found.iter().zip(ends).map(|((id, offset), end)| (*id, pack.crc(*offset, end).unwrap_or(0), *offset)).collect();
    rows.sort_unstable_by_key(|(id, _, offset)| (*id, *offset));
    rows.dedup_by_key(|(id, ..)| *id);
    let index = PackIndex::of(&rows, format, pack.checksum())?;
    let lost = match broken {
        _ if listed == count => None,
        Some(CUT) => {
            Some(Lost::Unwritten(format!("it has no index and ends too early: {listed} of {count} objects are there")))
        }
        Some(why) => {
            Some(Lost::Damaged(format!("it has no index, and behind {listed} of {count} objects it is damaged: {why}")))
        }
        None if listed > count => None,
        None => Some(Lost::Damaged(format!(
            "it has no index, and {} of its {count} objects are made from what is not here",
            count - listed
        ))),
    };
    Ok((index, lost))
}

/// The headers of a pack's entries, with where they begin.
#[derive(Default)]
struct Headers {
    headers: Vec<(u64, EntryHeader)>,
    /// Where the next one would begin.
    next: Option<u64>,
}

impl Headers {
    /// Reads as many entries as can be told apart; gives why the next cannot.
    ///
    /// Some programs count what they have written when they are done: what is behind the entries that a pack says it has is read, too.
    fn go_on(&mut self, pack: &Pack) -> Option<EntryError> {
        loop {
            let offset = self.next.unwrap_or(Pack::FIRST);
            let all = self.headers.len() >= pack.count() as usize;
            if pack.is_end(offset) {
                return (!all).then_some(CUT);
            }
            match pack.header(offset).and_then(|header| Ok((header, pack.end(&header)?))) {
                Ok((header, end)) => {
                    self.headers.push((offset, header));
                    self.next = Some(end);
                }
                Err(_) if all => return None,
                Err(why) => return Some(why),
            }
        }
    }
}

/// The entries of a pack, and what is made from what.
struct Entries<'p> {
    pack: &'p Pack,
    headers: Vec<(u64, EntryHeader)>,
    /// Entries made from the one at an offset.
    at: HashMap<u64, Vec<u32>>,
    /// Entries made from an object.
    from: HashMap<ObjectId, Vec<u32>>,
    /// Which entries somebody has put together or is about to: an object can be in a pack twice.
    taken: Vec<AtomicBool>,
}

/// What putting objects together reuses.
#[derive(Default)]
struct Space {
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<delta::Piece>,
}

impl<'p> Entries<'p> {
    fn new(pack: &'p Pack, headers: Vec<(u64, EntryHeader)>) -> Self {
        let (mut at, mut from) = (HashMap::<_, Vec<u32>>::new(), HashMap::<_, Vec<u32>>::new());
        for (number, (_, header)) in (0..).zip(&headers) {
            match header.stored {
                Stored::Whole(_) => {}
                Stored::OffsetDelta(base) => at.entry(base).or_default().push(number),
                Stored::IdDelta(base) => from.entry(base).or_default().push(number),
            }
        }
        let taken = headers.iter().map(|_| AtomicBool::new(false)).collect();
        Self { pack, headers, at, from, taken }
    }

    /// Id and offset of every object that can be put together, in no particular order.
    fn resolve(&self, format: ObjectFormat, outside: &Outside<'_>) -> Vec<(ObjectId, u64)> {
        let whole = (0..self.headers.len() as u32).into_par_iter().filter_map(|entry| {
            match self.headers[entry as usize].1.stored {
                Stored::Whole(kind) => Some((entry, kind)),
                _ => None,
            }
        });
        let tree = |space: &mut Space, (entry, kind)| self.tree(vec![(entry, None)], kind, format, space);
        let mut found: Vec<_> = whole.map_init(Space::default, tree).flatten_iter().collect();
        let here: HashSet<ObjectId> = found.iter().map(|(id, _)| *id).collect();
        let mut elsewhere: Vec<_> = self.from.iter().filter(|(base, _)| !here.contains(*base)).collect();
        elsewhere.sort_unstable();
        for (base, made) in elsewhere {
            let Some((kind, bytes)) = outside(base) else { continue };
            let bytes = Rc::new(bytes);
            let first = made.iter().map(|entry| (*entry, Some(Rc::clone(&bytes)))).collect();
            found.extend(self.tree(first, kind, format, &mut Space::default()));
        }
        found
    }

    /// Puts together the entries of `stack`, each with what it is made from, and everything that is made from those.
    fn tree(
        &self,
        mut stack: Vec<(u32, Option<Rc<Vec<u8>>>)>,
        kind: ObjectKind,
        format: ObjectFormat,
        space: &mut Space,
    ) -> Vec<(ObjectId, u64)> {
        let mut found = Vec::new();
        while let Some((entry, base)) = stack.pop() {
            if self.taken[entry as usize].swap(true, Ordering::Relaxed) {
                continue;
            }
            let (offset, header) = &self.headers[entry as usize];
            let Some(bytes) = self.object(header, base, space) else { continue };
            let Some(id) = ObjectId::of(kind, &bytes, format) else { continue };
            found.push((id, *offset));
            let bytes = Rc::new(bytes);
            let made = [self.at.get(offset), self.from.get(&id)];
            let made = made.into_iter().flatten().flatten();
            stack.extend(made.map(|entry| (*entry, Some(Rc::clone(&bytes)))));
        }
        found
    }

    fn object(&self, header: &EntryHeader, base: Option<Rc<Vec<u8>>>, space: &mut Space) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let Some(base) = base else {
            self.pack.inflate(header, &mut space.inflater, &mut bytes).ok()?;
            return Some(bytes);
        };
        self.pack.inflate(header, &mut space.inflater, &mut space.delta).ok()?;
        let size = delta::read(&space.delta, base.len(), &mut space.pieces).ok()?;
        delta::apply(&base, &space.delta, &space.pieces, size, &mut bytes);
        Some(bytes)
    }
}
