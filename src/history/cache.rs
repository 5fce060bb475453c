//! What an earlier run has learned of a repository, kept in a folder of the user's choice.
//!
//! Two files for each repository: which objects were scanned and held nothing ([`known`]), and where the findings of a whole run
//! stand ([`outline`]). No value that was found is in them, and no line of a file: what is reported is read from the repository again. A
//! file that is damaged, foreign or made by another scanner is told of, left aside and replaced.

pub(super) mod known;
pub(super) mod outline;
pub(super) mod state;

use crate::git::Layout;
use crate::replace::{Access, replace};
use crate::scan::Scanner;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What every file begins with.
const MAGIC: &[u8] = b"caulk cache 1\n";

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 4 << 30;

const HASH: usize = 32;

/// The folder, as far as it concerns one repository.
pub(super) struct Cache {
    folder: PathBuf,
    name: String,
    /// Names everything that decides about what is found.
    scanner: [u8; HASH],
    /// What went wrong, for people.
    pub(super) notes: Vec<String>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Where the findings of a whole run stand.
    Outline,
    /// Which objects were scanned.
    Objects,
}

impl Cache {
    /// The part of the cache in `folder` that belongs to a repository and a scanner.
    pub(super) fn open(folder: &Path, layout: &Layout, scanner: &Scanner) -> Self {
        let place = Sha256::digest(layout.common.as_os_str().as_encoded_bytes());
        let name = data_encoding::HEXLOWER.encode(&place[..8]);
        Self { folder: folder.to_owned(), name, scanner: scanner.digest(), notes: Vec::new() }
    }

    fn file(&self, content: Content) -> PathBuf {
        let ending = if content == Content::Outline { "outline" } else { "objects" };
        self.folder.join(format!("{}.{ending}", self.name))
    }

    /// What an earlier run wrote; `None` if it is not there or of no use.
    pub(super) fn read(&mut self, content: Content) -> Option<Vec<u8>> {
        let file = self.file(content);
        match read(&file, &self.scanner) {
            Ok(body) => body,
            Err(why) => {
                self.reject(content, &why);
                None
            }
        }
    }

    /// Notes that a file is of no use.
    pub(super) fn reject(&mut self, content: Content, why: &str) {
        let file = self.file(content);
        self.notes.push(format!("the cache file `{}` is not used and replaced: {why}", file.display()));
    }

    /// Replaces what an earlier run wrote.
    pub(super) fn write(&mut self, content: Content, body: &[u8]) {
        let file = self.file(content);
        if let Err(error) = self.replace(&file, body) {
            self.notes.push(format!("the cache file `{}` cannot be written: {error}", file.display()));
        }
    }

    fn replace(&self, file: &Path, body: &[u8]) -> io::Result<()> {
        create_folder(&self.folder)?;
        replace(file, Access::Private, |mut out| {
            out.write_all(MAGIC)?;
            out.write_all(&self.scanner)?;
            out.write_all(&Sha256::digest(body))?;
            out.write_all(body)
        })
    }
}

/// Creates a folder that only its owner can look into, unless it is there.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The body of a file; `None` if there is no file.
fn read(file: &Path, scanner: &[u8; HASH]) -> Result<Option<Vec<u8>>, String> {
    let length = match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err("it is no file".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if length > MAX_FILE {
        return Err("it is larger than any that is written".to_owned());
    }
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let rest = bytes.strip_prefix(MAGIC).ok_or("it is none of this version of caulk")?;
    let (made_by, rest) = rest.split_at_checked(HASH).ok_or("it is cut off")?;
    if made_by != scanner {
        return Err("it was made with other rules, another confidence or another version".to_owned());
    }
    let (sum, body) = rest.split_at_checked(HASH).ok_or("it is cut off")?;
    if Sha256::digest(body).as_slice() != sum {
        return Err("it is damaged".to_owned());
    }
    Ok(Some(body.to_vec()))
}
