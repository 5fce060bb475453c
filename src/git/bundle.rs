//! Bundles: files that carry a pack, and in front of it the refs that lead into it.

use super::cursor::Cursor;
use super::id::{ObjectFormat, ObjectId};
use super::pack::{Pack, map};
use super::refs::Ref;
use super::{Damage, DamageKind, file};
use crate::blob::PlacePath;
use std::io::Read;
use std::path::Path;

/// What the versions begin with.
const SIGNATURES: [&[u8; 16]; 2] = [b"# v2 git bundle\n", b"# v3 git bundle\n"];

/// A bundle, open.
#[derive(Debug)]
pub struct Bundle {
    /// The refs it brings, by the names they have where it was made.
    pub refs: Vec<Ref>,
    /// Its objects; what they are made from need not be among them.
    pub pack: Pack,
}

impl Bundle {
    /// Opens the file at `path`; `None` if it is no bundle.
    ///
    /// # Errors
    /// It is one, and damaged or of ids that the repository does not have.
    pub fn open(path: &Path, format: ObjectFormat) -> Option<Result<Self, Damage>> {
        let mut start = [0; 16];
        file::open(path).and_then(|(mut file, _)| file.read_exact(&mut start)).ok()?;
        SIGNATURES.contains(&&start).then(|| Self::read(path, format))
    }

    fn read(path: &Path, format: ObjectFormat) -> Result<Self, Damage> {
        let map = map(path, 0).map_err(|error| Damage::io(path, &error))?;
        let damaged = |why: &str| Damage::new(path.display(), DamageKind::Corrupt, why);
        let mut cursor = Cursor::new(&map, SIGNATURES[0].len());
        let (mut refs, mut own) = (Vec::new(), ObjectFormat::Sha1);
        loop {
            let line = cursor.until(b'\n').ok_or_else(|| damaged("the bundle ends before its objects begin"))?;
            match line {
                [] => break,
                b"@object-format=sha256" => own = ObjectFormat::Sha256,
                // What else it can do says nothing of its objects, and what it asks for is here or missed when it is named.
                [b'@' | b'-', ..] => {}
                line => refs.extend(reference(line, own)),
            }
        }
        if own != format {
            return Err(Damage::new(path.display(), DamageKind::Unreadable, "a bundle with ids of another hash"));
        }
        Ok(Self { refs, pack: Pack::open_behind(path, cursor.at(), format)? })
    }
}

/// A line of the header: an id and a name.
fn reference(line: &[u8], format: ObjectFormat) -> Option<Ref> {
    let space = memchr::memchr(b' ', line)?;
    let target = ObjectId::from_hex(&line[..space], format)?;
    Some(Ref { name: PlacePath::from(&line[space + 1..]), target })
}
