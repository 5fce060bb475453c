//! Where reports go: standard output or files.

use super::args::ReportArgs;
use super::formats::{Format, Subject};
use super::report_file;
use anyhow::{Context, Result, bail};
use caulk::Origin;
use caulk::blob::path::path_of;
use caulk::report::{ShowSecrets, code_scanning, sarif};
use caulk::source::open::{Follow, OpenFile};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// One report to write.
#[derive(Clone, Debug)]
pub(super) struct Target {
    format: Format,
    /// Standard output without.
    file: Option<PathBuf>,
}

/// The reports to write, from `-f FORMAT[=FILE]` and `-o FILE`; that they can be written is looked at now, not after a long scan.
pub(super) fn targets(args: ReportArgs, subject: Subject, show: ShowSecrets) -> Result<Vec<Target>> {
    let mut targets = args.formats.iter().map(|spec| target(spec, subject)).collect::<Result<Vec<_>>>()?;
    if targets.is_empty() {
        let format = args.output.as_deref().and_then(|file| Format::of_file(file, subject)).unwrap_or(Format::Text);
        targets.push(Target { format, file: None });
    }
    if let Some(output) = args.output {
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
    targets.iter().try_for_each(|target| target.format.check(show, subject))?;
    targets.iter().filter_map(|target| target.file.as_deref()).try_for_each(report_file::probe)?;
    Ok(targets)
}

fn target(spec: &str, subject: Subject) -> Result<Target> {
    let (name, file) = spec.split_once('=').map_or((spec, None), |(name, file)| (name, Some(PathBuf::from(file))));
    let format = Format::named(name, subject)?;
    if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
        bail!("`--format {name}=` names no file");
    }
    Ok(Target { format, file })
}

/// Writes all reports, each by `write`; one that cannot be written keeps no other from being written.
pub(super) fn write(targets: &[Target], write: impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> Result<()> {
    let results = targets.iter().map(|target| match &target.file {
        None => to_standard_output(|out| write(target.format, out)),
        Some(file) => report_file::write(file, |out| write(target.format, out)),
    });
    let errors: Vec<String> = results.filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    if errors.is_empty() { Ok(()) } else { bail!("{}", errors.join("\nerror: ")) }
}

/// A reader of standard output that has seen enough is no error: it changes nothing about what was found.
fn to_standard_output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let result = write(&mut out).and_then(|()| out.flush()).context("the report cannot be written to standard output");
    if result.as_ref().is_err_and(super::is_closed_pipe) {
        // What is still in the buffer would be tried again.
        let _ = out.into_parts();
        return Ok(());
    }
    result
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
