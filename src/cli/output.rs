//! Where reports go: standard output or files, readable by their owner alone and never half-written.

use anstream::StripStream;
use anyhow::{Context, Result, bail};
use caulk::Report;
use caulk::blob::path::path_of;
use caulk::report::{ShowSecrets, code_scanning, json, sarif, text};
use caulk::source::open::{Follow, OpenFile};
use std::collections::BTreeSet;
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
}

const FORMATS: &[(&str, Format)] =
    &[("text", Format::Text), ("json", Format::Json), ("jsonl", Format::JsonLines), ("sarif", Format::Sarif)];

/// One report to write.
#[derive(Clone, Debug)]
pub(super) struct Target {
    format: Format,
    /// Standard output without.
    file: Option<PathBuf>,
}

/// The reports to write, from `-f FORMAT[=FILE]` and `-o FILE`.
pub(super) fn targets(formats: &[String], output: Option<PathBuf>) -> Result<Vec<Target>> {
    let mut targets = formats.iter().map(|spec| target(spec)).collect::<Result<Vec<_>>>()?;
    if targets.is_empty() {
        let format = output.as_deref().and_then(format_of_name).unwrap_or(Format::Text);
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

fn target(spec: &str) -> Result<Target> {
    let (name, file) = spec.split_once('=').map_or((spec, None), |(name, file)| (name, Some(PathBuf::from(file))));
    let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = FORMATS.iter().map(|(known, _)| *known).collect();
        bail!("there is no report format `{name}`: use one of {}", known.join(", "));
    };
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        bail!("`--format {name}=` names no file");
    }
    Ok(Target { format: *format, file })
}

/// The format that a file's name asks for.
fn format_of_name(file: &Path) -> Option<Format> {
    let extension = file.extension()?.to_str()?;
    FORMATS.iter().find(|(name, _)| *name == extension).map(|(_, format)| *format)
}

/// Writes all reports.
pub(super) fn write(report: &Report, targets: &[Target], show: ShowSecrets) -> Result<()> {
    for target in targets {
        match &target.file {
            None => {
                let mut out = BufWriter::new(anstream::stdout().lock());
                write_format(report, target.format, show, &mut out)?;
                out.flush()?;
            }
            Some(file) => {
                write_file(file, |out| write_format(report, target.format, show, out))
                    .with_context(|| format!("the report `{}` cannot be written", file.display()))?;
            }
        }
    }
    Ok(())
}

fn write_format(report: &Report, format: Format, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, show, out),
        Format::Json => json::write(report, show, out),
        Format::JsonLines => json::write_lines(report, show, out),
        Format::Sarif => sarif::write(report, &line_hashes(report), out),
    }
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

/// The hashes of the lines with findings, for code scanning; a file that cannot be read again has none.
fn line_hashes(report: &Report) -> sarif::LineHashes {
    let mut hashes = sarif::LineHashes::new();
    let mut findings = report.findings.as_slice();
    while let Some(first) = findings.first() {
        let origin = &first.place.origin;
        let count = findings.iter().take_while(|finding| finding.place.origin == *origin).count();
        let lines = file_line_hashes(&path_of(origin.path.bytes())).unwrap_or_default();
        for finding in &findings[..count] {
            let line = finding.place.start.line;
            let hash = usize::try_from(line - 1).ok().and_then(|at| lines.get(at));
            hashes.extend(hash.map(|hash| ((origin.key.clone(), line), hash.clone())));
        }
        findings = &findings[count..];
    }
    hashes
}

fn file_line_hashes(path: &Path) -> Option<Vec<String>> {
    let opened = OpenFile::open(path, Follow::Links).ok().filter(|opened| opened.len <= code_scanning::MAX_FILE)?;
    let mut text = vec![0; usize::try_from(opened.len).ok()?];
    let filled = opened.fill(&mut text, 0).ok()?;
    Some(code_scanning::line_hashes(&text[..filled]))
}
