//! Opening files that may be hostile: never waits for a pipe, never follows a link that was put in a file's place.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::path::Path;

/// Whether a link in a file's place is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Yes: a person named the path.
    Links,
    /// No: the path was found.
    Nothing,
}

/// What lies at a path.
#[derive(Debug)]
pub enum Thing {
    /// A regular file, open for reading, and its length in bytes.
    File(File, u64),
    /// A folder.
    Folder,
    /// Something else, and what that is called.
    Special(&'static str),
}

/// Opens what lies at `path`.
///
/// # Errors
/// What the system says.
pub fn open(path: &Path, follow: Follow) -> io::Result<Thing> {
    let file = options(follow).open(path)?;
    // Asked of the open file, not of the path, so that nothing can change in between.
    let metadata = file.metadata()?;
    Ok(match metadata.file_type() {
        kind if kind.is_file() => Thing::File(file, metadata.len()),
        kind if kind.is_dir() => Thing::Folder,
        kind => Thing::Special(special_kind(kind)),
    })
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

#[cfg(unix)]
fn options(follow: Follow) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    // Without O_NONBLOCK, opening a pipe that nobody writes to waits for ever.
    let no_follow = if follow == Follow::Nothing { libc::O_NOFOLLOW } else { 0 };
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_follow);
    options
}

#[cfg(not(unix))]
fn options(_: Follow) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}
