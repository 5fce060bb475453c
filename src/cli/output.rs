//! Where reports go: standard output or files, readable by their owner alone and never half-written.

use anstream::StripStream;
use anyhow::{Context, Result, bail};
use caulk::Origin;
use caulk::blob::path::path_of;
use caulk::report::{code_scanning, sarif};
use caulk::source::open::{Follow, OpenFile};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    JsonLines,
    Sarif,
    Markdown,
    Html,
}

/// The formats that a command writes, by name.
pub(super) type Formats = &'static [(&'static str, Format)];

/// What other endings of file names ask for.
const ENDINGS: &[(&str, &str)] = &[("md", "markdown"), ("htm", "html"), ("txt", "text")];

/// One report to write.
#[derive(Clone, Debug)]
pub(super) struct Target {
    format: Format,
    /// Standard output without.
    file: Option<PathBuf>,
}

/// The reports to write, from `-f FORMAT[=FILE]` and `-o FILE`.
pub(super) fn targets(formats: &[String], output: Option<PathBuf>, known: Formats) -> Result<Vec<Target>> {
    let mut targets = formats.iter().map(|spec| target(spec, known)).collect::<Result<Vec<_>>>()?;
    if targets.is_empty() {
        let format = output.as_deref().and_then(|file| format_of_name(file, known)).unwrap_or(Format::Text);
        targets.push(Target { format, file: None });
    }
    if let Some(output) = output {
        let Some(target) = targets.iter_mut().find(|target| target.file.is_none()) else {
            bail!("every --format names a file already: leave out --output, or add a --format without `=FILE`");
        };
        target.file = Some(output);
    }
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        bail!("only one report can go to standard output: write `--format FORMAT=FILE` for the others");
    }
    let mut files = BTreeSet::new();
    if let Some(twice) = targets.iter().filter_map(|target| target.file.as_ref()).find(|file| !files.insert(*file)) {
        bail!("two reports would be written to `{}`", twice.display());
    }
    Ok(targets)
}

fn target(spec: &str, formats: Formats) -> Result<Target> {
    let (name, file) = spec.split_once('=').map_or((spec, None), |(name, file)| (name, Some(PathBuf::from(file))));
    let Some((_, format)) = formats.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = formats.iter().map(|(known, _)| *known).collect();
        bail!("there is no report format `{name}`: use one of {}", known.join(", "));
    };
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        bail!("`--format {name}=` names no file");
    }
    Ok(Target { format: *format, file })
}

/// The format that a file's name asks for.
fn format_of_name(file: &Path, formats: Formats) -> Option<Format> {
    let extension = file.extension()?.to_str()?;
    let name = ENDINGS.iter().find(|(ending, _)| *ending == extension).map_or(extension, |(_, name)| name);
    formats.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
}

/// Writes all reports, each by `write`. A reader of standard output that has seen enough is no error: it changes nothing about what
/// was found.
pub(super) fn write(targets: &[Target], write: impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> Result<()> {
    let result = write_all(targets, write);
    if result.as_ref().is_err_and(super::is_closed_pipe) { Ok(()) } else { result }
}

fn write_all(targets: &[Target], write: impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> Result<()> {
    for target in targets {
        match &target.file {
            None => {
                let mut out = BufWriter::new(anstream::stdout().lock());
                write(target.format, &mut out)?;
                out.flush()?;
            }
            Some(file) => {
                write_file(file, |out| write(target.format, out))
                    .with_context(|| format!("the report `{}` cannot be written", file.display()))?;
            }
        }
    }
    Ok(())
}

/// A file without a terminal's styles.
type Plain = BufWriter<StripStream<File>>;

/// Writes beside `file` and puts the result in its place, so that an error leaves what was there. What is no regular file, such as
/// a pipe, is written to as it is.
fn write_file(file: &Path, write: impl FnOnce(&mut Plain) -> io::Result<()>) -> io::Result<()> {
    let special = fs::metadata(file).is_ok_and(|metadata| !metadata.is_file());
    if special {
        let mut out = BufWriter::new(StripStream::new(OpenOptions::new().write(true).open(file)?));
        write(&mut out)?;
        return out.flush();
    }
    let part = file.with_file_name(format!(".caulk.{}.part", std::process::id()));
    let result = create_private(&part).and_then(|created| {
        let mut out = BufWriter::new(StripStream::new(created));
        write(&mut out)?;
        out.flush()?;
        fs::rename(&part, file)
    });
    if result.is_err() {
        // Best effort: the error to report is the first one.
        let _ = fs::remove_file(&part);
    }
    result
}

/// Creates a file that only its owner can read.
fn create_private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// The hashes of the lines at `places`, for code scanning; a file that cannot be read again has none.
pub(super) fn line_hashes<'o>(places: impl IntoIterator<Item = (&'o Origin, u64)>) -> sarif::LineHashes {
    let mut by_file: BTreeMap<&Origin, Vec<u64>> = BTreeMap::new();
    places.into_iter().for_each(|(origin, line)| by_file.entry(origin).or_default().push(line));
    let mut hashes = sarif::LineHashes::new();
    for (origin, wanted) in by_file {
        let lines = file_line_hashes(&path_of(origin.path.bytes())).unwrap_or_default();
        for line in wanted {
            let hash = usize::try_from(line - 1).ok().and_then(|at| lines.get(at));
            hashes.extend(hash.map(|hash| ((origin.key.clone(), line), hash.clone())));
        }
    }
    hashes
}

fn file_line_hashes(path: &Path) -> Option<Vec<String>> {
    let opened = OpenFile::open(path, Follow::Links).ok().filter(|opened| opened.len <= code_scanning::MAX_FILE)?;
    let mut text = vec![0; usize::try_from(opened.len).ok()?];
    let filled = opened.fill(&mut text, 0).ok()?;
    Some(code_scanning::line_hashes(&text[..filled]))
}
