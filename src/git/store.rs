//! All objects of a repository by id: those of its packs, its loose ones, and its alternates'.

use super::delta::{self, Piece};
use super::id::{ObjectFormat, ObjectId};
use super::inflate::Inflater;
use super::layout::Layout;
use super::object::ObjectKind;
use super::pack::{Pack, Stored};
use super::{Damage, DamageKind, loose, pack_index};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest chain of deltas that is followed; git makes none beyond 4095.
const MAX_CHAIN: usize = 1 << 16;

/// Buckets of the table over the first two bytes of ids.
const BUCKETS: usize = 1 << 16;

/// An object of a store, numbered by the order of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectNumber(pub u32);

impl ObjectNumber {
    /// As an index into a table over all objects.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// Where an object lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// In the pack of this number, at this offset.
    Packed(u16, u64),
    /// In the object folder of this number.
    Loose(u16),
}

/// The objects of a repository.
#[derive(Debug)]
pub struct ObjectStore {
    /// The hash of its ids.
    pub format: ObjectFormat,
    ids: Vec<ObjectId>,
    places: Vec<Place>,
    /// For the first two bytes of an id, where in `ids` it can stand.
    buckets: Vec<u32>,
    packs: Vec<Pack>,
    folders: Vec<PathBuf>,
    /// Places of objects that have a better one.
    spare: Vec<(ObjectNumber, Place)>,
}

/// What reading single objects reuses.
#[derive(Default)]
pub struct Reader {
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    spare: Vec<u8>,
}

impl ObjectStore {
    /// Opens everything that `layout` leads to; what cannot be opened is told in `damage`.
    pub fn open(layout: &Layout, damage: &mut Vec<Damage>) -> Self {
        let format = layout.settings.format;
        let folders = layout.object_dirs(damage);
        let (mut packs, mut found) = (Vec::new(), Vec::new());
        let mut files = Vec::new();
        for folder in &folders {
            files.extend(pack_files(folder, damage));
        }
        for file in files {
            match Pack::open(&file, format).and_then(|pack| Ok((pack, pack_index::read(&file.with_extension("idx"), format)?))) {
                Ok((pack, index)) => {
                    let number = packs.len() as u16;
                    found.extend(index.into_iter().map(|(id, offset)| (id, Place::Packed(number, offset))));
                    packs.push(pack);
                }
                Err(one) => damage.push(one),
            }
        }
        for (number, folder) in (0..).zip(&folders) {
            found.extend(loose::list(folder, format, damage).into_iter().map(|id| (id, Place::Loose(number))));
        }
        Self::index(format, found, packs, folders)
    }

    fn index(format: ObjectFormat, mut found: Vec<(ObjectId, Place)>, packs: Vec<Pack>, folders: Vec<PathBuf>) -> Self {
        found.sort_unstable();
        let mut store = Self {
            format,
            ids: Vec::with_capacity(found.len()),
            places: Vec::with_capacity(found.len()),
            buckets: Vec::with_capacity(BUCKETS + 1),
            packs,
            folders,
            spare: Vec::new(),
        };
        for (id, place) in found {
            if store.ids.last() == Some(&id) {
                store.spare.push((ObjectNumber(store.ids.len() as u32 - 1), place));
                continue;
            }
            while store.buckets.len() <= bucket(id.bytes()) {
                store.buckets.push(store.ids.len() as u32);
            }
            store.ids.push(id);
            store.places.push(place);
        }
        store.buckets.resize(BUCKETS + 1, store.ids.len() as u32);
        store
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of an object.
    pub fn id(&self, number: ObjectNumber) -> ObjectId {
        self.ids[number.at()]
    }

    /// The packs.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// Every object, in the order of ids.
    pub fn numbers(&self) -> impl Iterator<Item = ObjectNumber> + use<> {
        (0..self.ids.len() as u32).map(ObjectNumber)
    }

    /// The object with this raw id.
    pub fn find(&self, id: &[u8]) -> Option<ObjectNumber> {
        let bucket = bucket(id);
        let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        let at = self.ids[range.clone()].binary_search_by(|known| known.bytes().cmp(id)).ok()?;
        Some(ObjectNumber((range.start + at) as u32))
    }

    /// The objects whose id in hexadecimal digits begins with `prefix`.
    pub fn find_prefix(&self, prefix: &str) -> &[ObjectId] {
        let prefix = prefix.to_ascii_lowercase();
        let start = self.ids.partition_point(|id| id.to_string().as_str() < prefix.as_str());
        let count = self.ids[start..].iter().take_while(|id| id.to_string().starts_with(&prefix)).count();
        &self.ids[start..start + count]
    }

    /// The objects that lie in files of their own, and only there.
    pub fn loose(&self) -> Vec<ObjectNumber> {
        self.numbers().filter(|number| matches!(self.places[number.at()], Place::Loose(_))).collect()
    }

    /// Offset and object of everything in the pack of this number, by offset.
    pub fn entries(&self, pack: usize) -> Vec<(u64, ObjectNumber)> {
        let own = self.numbers().zip(self.places.iter().copied());
        let all = own.chain(self.spare.iter().copied());
        let mut entries: Vec<(u64, ObjectNumber)> = all
            .filter_map(|(number, place)| match place {
                Place::Packed(holder, offset) if usize::from(holder) == pack => Some((offset, number)),
                _ => None,
            })
            .collect();
        entries.sort_unstable();
        entries
    }

    /// Reads one object, from wherever it can be read.
    ///
    /// # Errors
    /// It is damaged in every place where it lies.
    pub fn read(&self, number: ObjectNumber, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        let first = self.read_at(number, self.places[number.at()], reader);
        let others = self.spare.iter().filter(|(spare, _)| *spare == number);
        others.fold(first, |result, (_, place)| result.or_else(|_| self.read_at(number, *place, reader)))
    }

    fn read_at(&self, number: ObjectNumber, place: Place, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        match place {
            Place::Loose(folder) => {
                let mut out = Vec::new();
                let file = loose::path(&self.folders[usize::from(folder)], &self.ids[number.at()]);
                let kind = loose::read(&file, &mut reader.inflater, &mut out)?;
                Ok((kind, out))
            }
            Place::Packed(pack, offset) => self.read_packed(&self.packs[usize::from(pack)], offset, reader).map_err(|why| self.corrupt(number, why)),
        }
    }

    /// What to say of an object that is damaged.
    pub fn corrupt(&self, number: ObjectNumber, why: &str) -> Damage {
        Damage::new(self.id(number), DamageKind::Corrupt, why)
    }

    fn read_packed(&self, pack: &Pack, offset: u64, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), &'static str> {
        let mut chain = Vec::new();
        let mut header = pack.header(offset)?;
        let (kind, mut object) = loop {
            let base = match header.stored {
                Stored::Whole(kind) => {
                    let mut object = Vec::new();
                    pack.inflate(&header, &mut reader.inflater, &mut object)?;
                    break (kind, object);
                }
                Stored::OffsetDelta(base) => Some(base),
                Stored::IdDelta(id) => match self.find(id.bytes()).map(|number| (number, self.places[number.at()])) {
                    Some((_, Place::Packed(holder, base))) if std::ptr::eq(&self.packs[usize::from(holder)], pack) => Some(base),
                    Some((number, _)) if chain.len() < MAX_CHAIN => {
                        chain.push(header);
                        break self.read(number, reader).map_err(|_| "its base is damaged")?;
                    }
                    _ => return Err("its base is missing"),
                },
            };
            chain.push(header);
            if chain.len() > MAX_CHAIN {
                return Err("its deltas go in a circle");
            }
            header = pack.header(base.ok_or("its base is missing")?)?;
        };
        for header in chain.iter().rev() {
            pack.inflate(header, &mut reader.inflater, &mut reader.delta)?;
            let size = delta::read(&reader.delta, object.len(), &mut reader.pieces)?;
            delta::apply(&object, &reader.delta, &reader.pieces, size, &mut reader.spare);
            std::mem::swap(&mut object, &mut reader.spare);
        }
        Ok((kind, object))
    }
}

fn bucket(id: &[u8]) -> usize {
    match id {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        _ => 0,
    }
}

/// The packs of an object folder, by name.
fn pack_files(objects: &Path, damage: &mut Vec<Damage>) -> Vec<PathBuf> {
    let folder = objects.join("pack");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            if error.kind() != std::io::ErrorKind::NotFound {
                damage.push(Damage::io(&folder, &error));
            }
            return Vec::new();
        }
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|kind| kind == "pack")).collect();
    files.sort();
    files
}
