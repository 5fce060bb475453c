//! Reading files that may be hostile: a length is never trusted.

use super::SkipReason;
pub use crate::regular::Follow;
use crate::regular::{self, Thing};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

/// A regular file, open for reading at any offset.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    /// Its length when it was opened, in bytes.
    pub len: u64,
}

impl OpenFile {
    /// Opens `path`, which must be a regular file; `follow` says whether a link is followed (for paths a person named).
    ///
    /// # Errors
    /// Why it cannot be scanned.
    pub fn open(path: &Path, follow: Follow) -> Result<Self, SkipReason> {
        match regular::open(path, follow).map_err(|error| reason(&error))? {
            Thing::File(file, len) => Ok(Self { file, len }),
            Thing::Folder => Err(SkipReason::Special("folder")),
            Thing::Special(kind) => Err(SkipReason::Special(kind)),
        }
    }

    /// Fills `buffer` from `offset` on as far as the file goes; gives the number of bytes read.
    ///
    /// # Errors
    /// What the system says.
    pub fn fill(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match read_at(&self.file, &mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => {
                    filled += count;
                    // More was asked for, and just what the file was said to have came: that was its end.
                    if filled < buffer.len() && offset + filled as u64 == self.len {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// The reason to give for an error of the system.
pub fn reason(error: &io::Error) -> SkipReason {
    match error.kind() {
        ErrorKind::NotFound => SkipReason::Vanished,
        _ => SkipReason::Unreadable(plain(error)),
    }
}

/// The system's words without its error number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
