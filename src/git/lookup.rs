//! Single objects by id, wherever they lie: in packs, as files of their own, in alternates.

use super::delta::{self, Piece};
use super::id::{ObjectFormat, ObjectId};
use super::inflate::Inflater;
use super::layout::{Layout, Leftovers};
use super::object::ObjectKind;
use super::pack::{Pack, Stored};
use super::pack_index::PackIndex;
use super::reindex::Lost;
use super::{Damage, DamageKind, loose, reindex};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Longest chain of deltas that is followed; git makes none beyond 4095.
const MAX_CHAIN: usize = 1 << 16;

/// Deepest nesting of bases in other packs.
const MAX_NESTED: usize = 64;

const OTHER: Why = "its content is not what its id promises";

/// What is asked of an object that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// That its sizes and the checksum of its compressed data are right.
    Sizes,
    /// That its id is the hash of its content.
    Hash,
}

/// The files that hold the objects of a repository.
#[derive(Debug)]
pub struct Lookup {
    /// The hash of its ids.
    pub format: ObjectFormat,
    packs: Vec<(Pack, PackIndex)>,
    /// The numbers of those whose writing was given up or goes on: what their objects name may never have come.
    unfinished: Vec<usize>,
    folders: Vec<PathBuf>,
    /// Files of objects that never got their names.
    unnamed: BTreeMap<ObjectId, PathBuf>,
}

/// What reading single objects reuses.
#[derive(Default)]
pub struct Reader {
    inflater: Inflater,
    delta: Vec<u8>,
    pieces: Vec<Piece>,
    spare: Vec<u8>,
}

/// Why an object cannot be read.
type Why = &'static str;

impl Lookup {
    /// Opens everything that `layout` leads to, and `leftovers`; what cannot be opened is told in `damage`.
    pub fn open(layout: &Layout, leftovers: Leftovers, damage: &mut Vec<Damage>) -> Self {
        let format = layout.settings.format;
        let folders = layout.object_dirs(leftovers, damage);
        let mut lookup = Self { format, packs: Vec::new(), unfinished: Vec::new(), folders, unnamed: BTreeMap::new() };
        let mut unindexed = Vec::new();
        for file in lookup.folders.iter().flat_map(|folder| pack_files(folder, leftovers, damage)).collect::<Vec<_>>() {
            let pack = match Pack::open(&file, format) {
                Ok(pack) => pack,
                Err(one) => {
                    damage.push(one);
                    continue;
                }
            };
            match PackIndex::open(&file.with_extension("idx"), format) {
                Ok(index) => {
                    if index.len() != pack.count() as usize || index.pack_checksum() != pack.checksum() {
                        let why = "it and its index do not belong together, or one of them is damaged";
                        damage.push(Damage::new(file.display(), DamageKind::Corrupt, why));
                    }
                    lookup.packs.push((pack, index));
                }
                Err(_) if leftovers == Leftovers::Read => unindexed.push(pack),
                // Git writes the index last: until then, nothing is there.
                Err(one) if one.kind == DamageKind::Missing => {}
                Err(one) => damage.push(one),
            }
        }
        if leftovers == Leftovers::Read {
            let unnamed = lookup.folders.iter().flat_map(|folder| loose::unnamed(folder, format, damage));
            lookup.unnamed = unnamed.collect();
        }
        unindexed.into_iter().for_each(|pack| lookup.take_in(pack, damage));
        lookup
    }

    /// Takes in a pack without an index; what is not in it that should be is told in `damage`.
    pub fn take_in(&mut self, mut pack: Pack, damage: &mut Vec<Damage>) {
        let outside = |id: &ObjectId| self.read_sound(id, &mut Reader::default()).ok();
        match reindex::index(&mut pack, self.format, &outside) {
            Ok((index, lost)) => {
                let (kind, why) = match lost {
                    Some(Lost::Unwritten(why)) if is_temporary(&pack.path) => (DamageKind::Unfinished, Some(why)),
                    Some(Lost::Unwritten(why) | Lost::Damaged(why)) => (DamageKind::Corrupt, Some(why)),
                    None => (DamageKind::Corrupt, None),
                };
                self.unfinished.extend((kind == DamageKind::Unfinished).then_some(self.packs.len()));
                damage.extend(why.map(|why| Damage::new(pack.path.display(), kind, why)));
                self.packs.push((pack, index));
            }
            Err(error) => damage.push(Damage::io(&pack.path, &error)),
        }
    }

    /// Does it hold packs whose writing was given up or goes on?
    pub const fn is_unfinished(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// Does the object lie somewhere else than in such packs alone?
    pub fn is_settled(&self, id: &ObjectId) -> bool {
        let finished = (0..).zip(&self.packs).filter(|(number, _)| !self.unfinished.contains(number));
        finished.into_iter().any(|(_, (_, index))| index.find(id.bytes()).is_some())
            || self.folders.iter().any(|folder| loose::path(folder, id).is_file())
            || self.unnamed.contains_key(id)
    }

    /// The packs, and their indexes.
    pub fn packs(&self) -> &[(Pack, PackIndex)] {
        &self.packs
    }

    /// The folders with objects.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Objects in files that do not bear their names.
    pub fn unnamed(&self) -> impl Iterator<Item = &ObjectId> {
        self.unnamed.keys()
    }

    /// Is the object here?
    pub fn has(&self, id: &ObjectId) -> bool {
        self.packs.iter().any(|(_, index)| index.find(id.bytes()).is_some())
            || self.folders.iter().any(|folder| loose::path(folder, id).is_file())
    }

    /// Reads one object, from wherever it can be read.
    ///
    /// # Errors
    /// It is not here, or damaged in every place where it lies.
    pub fn read(&self, id: &ObjectId, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        self.nested(id, reader, 0, Trust::Sizes)
    }

    /// Reads the first copy of an object whose content is what its id promises.
    ///
    /// # Errors
    /// No place where it lies has one.
    pub fn read_sound(&self, id: &ObjectId, reader: &mut Reader) -> Result<(ObjectKind, Vec<u8>), Damage> {
        self.nested(id, reader, 0, Trust::Hash)
    }

    /// Is the object what it should be?
    fn is_sound(&self, id: &ObjectId, (kind, bytes): &(ObjectKind, Vec<u8>), trust: Trust) -> bool {
        trust == Trust::Sizes || ObjectId::of(*kind, bytes, self.format) == Some(*id)
    }

    fn nested(
        &self,
        id: &ObjectId,
        reader: &mut Reader,
        depth: usize,
        trust: Trust,
    ) -> Result<(ObjectKind, Vec<u8>), Damage> {
        let mut damage = Damage::new(id, DamageKind::Missing, "it is named by another object and is not here");
        for (number, (_, index)) in self.packs.iter().enumerate() {
            let Some(offset) = index.find(id.bytes()) else { continue };
            match self.packed(number, offset, reader, depth, trust) {
                Ok(object) if self.is_sound(id, &object, trust) => return Ok(object),
                Ok(_) => damage = Damage::new(id, DamageKind::Corrupt, OTHER),
                Err(why) => damage = Damage::new(id, DamageKind::Corrupt, why),
            }
        }
        let named = self.folders.iter().map(|folder| loose::path(folder, id));
        for file in named.chain(self.unnamed.get(id).cloned()) {
            if !file.is_file() {
                continue;
            }
            let mut out = Vec::new();
            match loose::read(&file, &mut reader.inflater, &mut out) {
                Ok(kind) => {
                    let object = (kind, out);
                    if self.is_sound(id, &object, trust) {
                        return Ok(object);
                    }
                    damage = Damage::new(id, DamageKind::Corrupt, OTHER);
                }
                Err(one) => damage = Damage { what: id.to_string(), ..one },
            }
        }
        Err(damage)
    }

    /// Reads the object at `offset` of a pack.
    fn packed(
        &self,
        number: usize,
        offset: u64,
        reader: &mut Reader,
        depth: usize,
        trust: Trust,
    ) -> Result<(ObjectKind, Vec<u8>), Why> {
        let (pack, index) = &self.packs[number];
        let mut chain = Vec::new();
        let mut header = pack.header(offset)?;
        let (kind, mut object) = loop {
            let base = match header.stored {
                Stored::Whole(kind) => {
                    let mut object = Vec::new();
                    pack.inflate(&header, &mut reader.inflater, &mut object)?;
                    break (kind, object);
                }
                Stored::OffsetDelta(base) => base,
                Stored::IdDelta(id) => match index.find(id.bytes()) {
                    Some(base) => base,
                    None if depth < MAX_NESTED => {
                        chain.push(header);
                        break self
                            .nested(&id, reader, depth + 1, trust)
                            .map_err(|_| "what it is made from is missing")?;
                    }
                    None => return Err("its deltas go in a circle"),
                },
            };
            chain.push(header);
            if chain.len() > MAX_CHAIN {
                return Err("its deltas go in a circle");
            }
            header = pack.header(base)?;
        };
        for header in chain.iter().rev() {
            pack.inflate(header, &mut reader.inflater, &mut reader.delta)?;
            let size = delta::read(&reader.delta, object.len(), &mut reader.pieces)?;
            delta::apply(&object, &reader.delta, &reader.pieces, size, &mut reader.spare);
            std::mem::swap(&mut object, &mut reader.spare);
        }
        Ok((kind, object))
    }

    /// Up to `most` ids that begin with these hexadecimal digits.
    pub fn with_prefix(&self, digits: &str, most: usize) -> Vec<ObjectId> {
        let digits = digits.to_ascii_lowercase();
        let even = &digits[..digits.len() & !1];
        let Ok(prefix) = data_encoding::HEXLOWER.decode(even.as_bytes()) else { return Vec::new() };
        let packed = self.packs.iter().flat_map(|(_, index)| index.with_prefix(&prefix, 4096));
        let loose = self
            .folders
            .iter()
            .flat_map(|folder| loose::list_in(folder, prefix.first().copied().unwrap_or(0), self.format));
        let mut ids: Vec<ObjectId> = packed.chain(loose).filter(|id| id.to_string().starts_with(&digits)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(most);
        ids
    }
}

/// The packs of an object folder, by name.
fn pack_files(objects: &Path, leftovers: Leftovers, damage: &mut Vec<Damage>) -> Vec<PathBuf> {
    let folder = objects.join("pack");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => {
            damage.extend((error.kind() != io::ErrorKind::NotFound).then(|| Damage::io(&folder, &error)));
            return Vec::new();
        }
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|kind| kind == "pack" || kind == "idx") {
            // An index whose pack is gone is as good as its objects gone: opening the pack will say so.
            files.push(path.with_extension("pack"));
        } else if leftovers == Leftovers::Read && is_temporary(&path) {
            // What is shorter than any pack was never written.
            files.extend(entry.metadata().is_ok_and(|metadata| metadata.len() >= Pack::SHORTEST).then_some(path));
        }
    }
    files.sort();
    files.dedup();
    files
}

/// Is it a pack that git has not given its name yet?
fn is_temporary(pack: &Path) -> bool {
    pack.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"tmp_pack_"))
}
