//! Report files: readable by their owner alone, put in place when they are whole, and an error that says what to do when they cannot be.

use anstream::StripStream;
use anyhow::{Result, anyhow};
use caulk::replace::{self, Access};
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

/// Names the file to which a step of a GitHub workflow adds its summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// How a file is written.
enum Way {
    /// Beside it, then in its place: an error leaves what was there.
    Replace,
    /// To its end: others have written to it before.
    Append,
    /// As it is: a pipe or a device.
    Through,
}

/// Could a report be written to `file`? Asked before a scan that may take long.
pub(super) fn probe(file: &Path) -> Result<()> {
    let result = way(file).and_then(|way| match way {
        Way::Replace => replace::probe(file, Access::Private),
        Way::Append => OpenOptions::new().append(true).open(file).map(drop),
        // To open a pipe would wait for its reader.
        Way::Through => Ok(()),
    });
    result.map_err(|error| explained(file, &error))
}

/// Writes a report to `file`.
pub(super) fn write(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let result = way(file).and_then(|way| match way {
        Way::Replace => replaced(file, write),
        Way::Append => append(file, write),
        Way::Through => {
            let mut out = BufWriter::new(StripStream::new(OpenOptions::new().write(true).open(file)?));
            write(&mut out)?;
            out.flush()
        }
    });
    result.map_err(|error| explained(file, &error))
}

fn way(file: &Path) -> io::Result<Way> {
    if std::env::var_os(SUMMARY).is_some_and(|summary| file == Path::new(&summary)) && file.is_file() {
        return Ok(Way::Append);
    }
    match fs::metadata(file) {
        Ok(metadata) if metadata.is_dir() => Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder")),
        Ok(metadata) if !metadata.is_file() => Ok(Way::Through),
        _ => Ok(Way::Replace),
    }
}

fn replaced(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    replace::replace(file, Access::Private, |created| {
        let mut out = BufWriter::new(StripStream::new(created));
        write(&mut out)?;
        let stream = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        // Some systems tell only now that there was no room.
        stream.into_inner().sync_all()
    })
}

/// Adds to `file`; what does not fit is taken away again.
fn append(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut text = StripStream::new(Vec::new());
    write(&mut text)?;
    let mut out = OpenOptions::new().append(true).open(file)?;
    let before = out.metadata()?.len();
    let result = out.write_all(&text.into_inner()).and_then(|()| out.sync_all());
    if result.is_err() {
        // Best effort: the error to report is the first one.
        let _ = out.set_len(before);
    }
    result
}

/// The error with the file's name, and what to do.
fn explained(file: &Path, error: &io::Error) -> anyhow::Error {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mend = match error.kind() {
        ErrorKind::NotFound => format!("make the folder `{}` first, or name another", folder.display()),
        ErrorKind::NotADirectory => format!("`{}` is no folder: name another", folder.display()),
        ErrorKind::IsADirectory => {
            format!("name a file in it, such as `{}`", file.join("caulk").display())
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!("you may not write to `{}`: name a file elsewhere", folder.display())
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room, or name a file elsewhere".to_owned()
        }
        ErrorKind::BrokenPipe => "whoever reads it left before the end".to_owned(),
        _ => String::new(),
    };
    let mend = if mend.is_empty() { mend } else { format!(": {mend}") };
    let kept = if file.is_file() { "; the file there is as it was" } else { "" };
    anyhow!("the report `{}` cannot be written: {error}{mend}{kept}", file.display())
}
