//! Files of a repository, read so that nothing that lies in their place makes a scan wait or grow without end.
//!
//! A repository that somebody else packed can have a pipe where git has a file, or a link to a device. Links are followed, as git
//! does.

use super::MAX_OBJECT;
use crate::regular::{self, Follow, Thing};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Opens a regular file, and gives its length.
///
/// # Errors
/// It cannot be opened, or is something else.
pub fn open(path: &Path) -> io::Result<(File, u64)> {
    match regular::open(path, Follow::Links)? {
        Thing::File(file, len) => Ok((file, len)),
        Thing::Folder => Err(ErrorKind::IsADirectory.into()),
        Thing::Special(kind) => Err(io::Error::other(format!("it is a {kind} and no file"))),
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
    content(file, len)
}

/// The content of an open file of this length.
///
/// # Errors
/// It cannot be read.
pub fn content(file: File, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(len as usize + 1);
    file.take(MAX_OBJECT as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
