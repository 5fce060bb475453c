//! Opening and reading files that may be hostile: never blocks on a pipe, never follows a link that was put in a file's place,
//! never trusts a length.

use super::SkipReason;
use std::fs::{File, FileType, OpenOptions};
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
        let file = options(follow).open(path).map_err(|error| reason(&error))?;
        // Asked of the open file, not of the path, so that nothing can change in between.
        let metadata = file.metadata().map_err(|error| reason(&error))?;
        match metadata.file_type() {
            kind if kind.is_file() => Ok(Self { file, len: metadata.len() }),
            kind if kind.is_dir() => Err(SkipReason::Special("folder")),
            kind => Err(SkipReason::Special(special_kind(kind))),
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

/// Whether a link in a file's place is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Yes: a person named the path.
    Links,
    /// No: the path was found.
    Nothing,
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

/// What a thing that is neither file, folder nor link is called.
#[cfg(unix)]
pub fn special_kind(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match () {
        () if kind.is_fifo() => "named pipe",
        () if kind.is_socket() => "socket",
        () => "device",
    }
}

/// What a thing that is neither file, folder nor link is called.
#[cfg(not(unix))]
pub fn special_kind(_: FileType) -> &'static str {
    "device"
}

/// How a file that may be hostile is opened.
#[cfg(unix)]
pub fn options(follow: Follow) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    // Without O_NONBLOCK, opening a pipe that nobody writes to waits for ever.
    let no_follow = if follow == Follow::Nothing { libc::O_NOFOLLOW } else { 0 };
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_follow);
    options
}

/// How a file that may be hostile is opened.
#[cfg(not(unix))]
pub fn options(_: Follow) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
