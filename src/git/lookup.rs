//! Single objects by id, wherever they lie: in packs, as files of their own, in alternates.

use super::delta::{self, Piece};
use super::id::{ObjectFormat, ObjectId};
use super::inflate::Inflater;
use super::layout::Layout;
use super::object::ObjectKind;
use super::pack::{Pack, Stored};
use super::pack_index::PackIndex;
use super::{Damage, DamageKind, loose};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest chain of deltas that is followed; git makes none beyond 4095.
const MAX_CHAIN: usize = 1 << 16;

/// Deepest nesting of bases in other packs.
const MAX_NESTED: usize = 64;

/// The files that hold the objects of a repository.
#[derive(Debug)]
pub struct Lookup {
    /// The hash of its ids.
    pub format: ObjectFormat,
    packs: Vec<(Pack, PackIndex)>,
    folders: Vec<PathBuf>,
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
    /// Opens everything that `layout` leads to; what cannot be opened is told in `damage`.
    pub fn open(layout: &Layout, damage: &mut Vec<Damage>) -> Self {
        let format = layout.settings.format;
        let folders = layout.object_dirs(damage);
        let mut packs = Vec::new();
        for file in folders.iter().flat_map(|folder| pack_files(folder)) {
            let index = |pack| Ok((pack, PackIndex::open(&file.with_extension("idx"), format)?));
            match Pack::open(&file, format).and_then(index) {
                Ok(pack) => packs.push(pack),
                Err(one) => damage.push(one),
            }
        }
        Self { format, packs, folders }
    }

    /// The packs, and their indexes.
    pub fn packs(&self) -> &[(Pack, PackIndex)] {
        &self.packs
    }

    /// The folders with objects.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
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
        self.nested(id, reader, 0)
    }

    fn nested(&self, id: &ObjectId, reader: &mut Reader, depth: usize) -> Result<(ObjectKind, Vec<u8>), Damage> {
        let mut damage = Damage::new(id, DamageKind::Missing, "it is named by another object and is not here");
        for (number, (_, index)) in self.packs.iter().enumerate() {
            let Some(offset) = index.find(id.bytes()) else { continue };
            match self.packed(number, offset, reader, depth) {
                Ok(object) => return Ok(object),
                Err(why) => damage = Damage::new(id, DamageKind::Corrupt, why),
            }
        }
        for folder in &self.folders {
            let file = loose::path(folder, id);
            if !file.is_file() {
                continue;
            }
            let mut out = Vec::new();
            match loose::read(&file, &mut reader.inflater, &mut out) {
                Ok(kind) => return Ok((kind, out)),
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
                        break self.nested(&id, reader, depth + 1).map_err(|_| "what it is made from is missing")?;
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
fn pack_files(objects: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(objects.join("pack")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "pack")).collect();
    files.sort();
    files
}
