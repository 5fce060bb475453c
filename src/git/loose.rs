//! Loose objects: a file each.

use super::id::{ObjectFormat, ObjectId};
use super::inflate::{InflateError, Inflater, stream_len};
use super::object::ObjectKind;
use super::{Damage, DamageKind, MAX_OBJECT, file};
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

/// The file of a loose object in an object folder.
pub fn path(objects: &Path, id: &ObjectId) -> PathBuf {
    let hex = id.to_string();
    objects.join(&hex[..2]).join(&hex[2..])
}

/// The ids of all loose objects in an object folder, sorted.
pub fn list(objects: &Path, format: ObjectFormat, damage: &mut Vec<Damage>) -> Vec<ObjectId> {
    let mut ids = Vec::new();
    for first in 0..=255u8 {
        let folder = objects.join(format!("{first:02x}"));
        match fs::read_dir(&folder) {
            Ok(_) => ids.extend(list_in(objects, first, format)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => damage.push(Damage::io(&folder, &error)),
        }
    }
    ids.sort_unstable();
    ids
}

/// The ids of the loose objects whose first byte is `first`, in no particular order.
pub fn list_in(objects: &Path, first: u8, format: ObjectFormat) -> Vec<ObjectId> {
    let prefix = format!("{first:02x}");
    let entries = fs::read_dir(objects.join(&prefix)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    names.filter_map(|name| ObjectId::from_hex(format!("{prefix}{}", name.to_str()?).as_bytes(), format)).collect()
}

/// Loose objects that were written and never got their names, with the files that hold them.
pub fn unnamed(objects: &Path, format: ObjectFormat, damage: &mut Vec<Damage>) -> Vec<(ObjectId, PathBuf)> {
    let folders = (0..=255u8).map(|first| objects.join(format!("{first:02x}"))).chain([objects.to_owned()]);
    let entries = folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let is_unnamed = |entry: &DirEntry| entry.file_name().as_encoded_bytes().starts_with(b"tmp_obj_");
    // What is empty was never written.
    let is_written = |entry: &DirEntry| entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
    let mut files: Vec<PathBuf> =
        entries.filter(|entry| is_unnamed(entry) && is_written(entry)).map(|entry| entry.path()).collect();
    files.sort();
    let (mut inflater, mut content) = (Inflater::default(), Vec::new());
    let mut found = Vec::new();
    for file in files {
        match read(&file, &mut inflater, &mut content) {
            Ok(kind) => found.extend(ObjectId::of(kind, &content, format).map(|id| (id, file))),
            Err(_) if is_cut(&file) => {
                damage.push(Damage::new(file.display(), DamageKind::Unfinished, "it ends too early"));
            }
            Err(one) => damage.push(one),
        }
    }
    found
}

/// Does the file end before what is in it does, with nothing wrong up to there?
fn is_cut(file: &Path) -> bool {
    let content = file::read(file).unwrap_or_default();
    stream_len(&content, u64::MAX) == Err(InflateError::Cut)
}

/// Reads the loose object in the file at `path`; its content is in `out`.
///
/// # Errors
/// It cannot be read or is damaged.
pub fn read(path: &Path, inflater: &mut Inflater, out: &mut Vec<u8>) -> Result<ObjectKind, Damage> {
    let corrupt = |why: &str| Damage::new(path.display(), DamageKind::Corrupt, why);
    let (file, len) = file::open(path).map_err(|error| Damage::io(path, &error))?;
    if len > MAX_OBJECT as u64 {
        return Err(Damage::new(path.display(), DamageKind::Huge, "it is larger than 1 GiB"));
    }
    let file = file::content(file, len).map_err(|error| Damage::io(path, &error))?;
    inflater.unknown(&file, out).map_err(|error| corrupt(error.words()))?;
    let nul = memchr::memchr(0, &out[..out.len().min(64)]).ok_or_else(|| corrupt("it has no header"))?;
    let header = String::from_utf8_lossy(&out[..nul]).into_owned();
    let (kind, size) = header.split_once(' ').ok_or_else(|| corrupt("its header is damaged"))?;
    let kind = ObjectKind::by_name(kind.as_bytes()).ok_or_else(|| corrupt("it is of an unknown type"))?;
    out.drain(..=nul);
    if size.parse() == Ok(out.len()) { Ok(kind) } else { Err(corrupt("it does not have the size it claims")) }
}
