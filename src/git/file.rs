//! Files of a repository, read so that nothing that lies in their place makes a scan wait or grow without end.
//!
//! A repository that somebody else packed can have a pipe where git has a file, or a link to a device. Links are followed, as git
//! does.

use super::MAX_OBJECT;
use crate::source::open::{Follow, options, special_kind};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Opens a regular file, and gives its length.
///
/// # Errors
/// It cannot be opened, or is something else.
pub fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = options(Follow::Links).open(path)?;
    let metadata = file.metadata()?;
    match metadata.file_type() {
        kind if kind.is_file() => Ok((file, metadata.len())),
        kind if kind.is_dir() => Err(ErrorKind::IsADirectory.into()),
        kind => Err(io::Error::other(format!("it is a {} and no file", special_kind(kind)))),
    }
}

/// The content of a regular file.
///
/// # Errors
/// It cannot be read, is something else, or is larger than any file of git's own.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let (file, len) = open(path)?;
    if len > MAX_OBJECT as u64 {
        return Err(io::Error::other("it is larger than 1 GiB"));
    }
    let mut bytes = Vec::with_capacity(len as usize + 1);
    file.take(MAX_OBJECT as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
