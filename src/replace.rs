//! Files that are put in place when they are whole: written beside the old one and renamed over it, so that an error leaves what was there.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Who can read the new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone.
    Private,
    /// Whoever can read new files here.
    Usual,
}

/// Tells files apart that one process writes at the same time.
static WRITES: AtomicU32 = AtomicU32::new(0);

/// Puts what `write` writes in the place of `file`.
///
/// # Errors
/// Something cannot be written; then nothing has changed.
pub fn replace(file: &Path, access: Access, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let part = part(file);
    let result = create(&part, access).and_then(write).and_then(|()| fs::rename(&part, file));
    if result.is_err() {
        // Best effort: the error to report is the first one.
        let _ = fs::remove_file(&part);
    }
    result
}

/// Could a file be written beside `file`? Leaves nothing behind.
///
/// # Errors
/// It could not.
pub fn probe(file: &Path, access: Access) -> io::Result<()> {
    let part = part(file);
    create(&part, access).and_then(|_| fs::remove_file(part))
}

/// The file beside it that becomes `file`; hidden, and nobody else's.
fn part(file: &Path) -> PathBuf {
    let number = WRITES.fetch_add(1, Ordering::Relaxed);
    file.with_file_name(format!(".caulk.{}.{number}.part", std::process::id()))
}

/// Creates a file, and follows no link that somebody has put there.
fn create(file: &Path, access: Access) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(file)
}
