//! Edits of files: shown as a difference before anything is written. Nothing is ever taken away but rights, and no link is followed.

use crate::replace::{Access, replace};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub path: PathBuf,
    /// What is done to it.
    pub change: Change,
}

/// What an edit does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Puts lines at the end of the file, which may not exist yet, nor the folders above it.
    Append(Vec<String>),
    /// Puts lines behind the first so many.
    Insert(usize, Vec<String>),
    /// Changes the permissions.
    Mode {
        /// As they are.
        from: u32,
        /// As they will be.
        to: u32,
    },
}

impl Edit {
    /// What will change, as a difference between two versions.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is no regular file.
    pub fn difference(&self, shown: &Path) -> io::Result<String> {
        let (at, lines) = match &self.change {
            Change::Mode { from, to } => return Ok(format!("{}: mode {from:o} -> {to:o}\n", shown.display())),
            Change::Append(lines) => (self.read()?.lines().count(), lines),
            Change::Insert(at, lines) => (*at, lines),
        };
        let new = self.read()?.is_empty() && !self.path.exists();
        let before = if new { "/dev/null".to_owned() } else { format!("a/{}", shown.display()) };
        let head = format!("@@ -{at},0 +{},{} @@", at + 1, lines.len());
        let mut text = format!("--- {before}\n+++ b/{}\n{head}\n", shown.display());
        lines.iter().for_each(|line| text.extend(["+", line, "\n"]));
        Ok(text)
    }

    /// Does it.
    ///
    /// # Errors
    /// What the system says.
    pub fn apply(&self) -> io::Result<()> {
        match &self.change {
            Change::Append(lines) => {
                let old = self.read()?;
                let mut text = if old.is_empty() || old.ends_with('\n') { String::new() } else { "\n".to_owned() };
                lines.iter().for_each(|line| text.extend([line, "\n"]));
                if let Some(folder) = self.path.parent() {
                    fs::create_dir_all(folder)?;
                }
                let mut options = OpenOptions::new();
                options.append(true).create(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
                options.open(&self.path)?.write_all(text.as_bytes())
            }
            Change::Insert(at, lines) => {
                let old = self.read()?;
                let (before, after): (Vec<_>, Vec<_>) = (0..).zip(old.split_inclusive('\n')).partition(|(n, _)| n < at);
                let mut text: String = before.into_iter().map(|(_, line)| line).collect();
                lines.iter().for_each(|line| text.extend([line, "\n"]));
                text.extend(after.into_iter().map(|(_, line)| line));
                self.replace(&text)
            }
            Change::Mode { to, .. } => set_mode(&self.path, *to),
        }
    }

    /// Writes beside the file, and puts the result in its place with the same rights.
    fn replace(&self, text: &str) -> io::Result<()> {
        replace(&self.path, Access::Usual, |mut file| {
            file.write_all(text.as_bytes())?;
            file.set_permissions(fs::symlink_metadata(&self.path)?.permissions())
        })
    }

    /// The file's text; empty if it does not exist.
    fn read(&self) -> io::Result<String> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if !metadata.is_file() => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
            }
            Ok(_) => fs::read_to_string(&self.path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    // By the open file, so that no link can be put in its place.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
