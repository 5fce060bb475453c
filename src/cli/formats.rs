//! The report formats: what they are called, what they can tell of, and what they may show. Help, errors and the meaning of file names
//! follow from one table; and one function writes them all.

use anyhow::{Result, bail};
use caulk::report::checklist::sarif::Profile;
use caulk::report::sarif::LineHashes;
use caulk::report::{
    Content, Moment, ShowSecrets, checklist, csv, github, gitlab, html, json, junit, markdown, sarif, text,
};
use std::io::{self, Write};
use std::path::Path;

/// What a command reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// What a scan found.
    Findings,
    /// The checklist alone.
    Checklist,
    /// Both.
    Audit,
}

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    JsonLines,
    Sarif,
    GitLab(gitlab::Version),
    JUnit,
    Csv,
    GitHub,
    Markdown,
    Html,
}

/// Whether a format can hold raw values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    Masked,
    RawOnRequest,
}

/// What is known of a format.
struct Known {
    name: &'static str,
    format: Format,
    subjects: &'static [Subject],
    values: Values,
    /// Endings of file names that ask for it.
    endings: &'static [&'static str],
}

const EVERYTHING: &[Subject] = &[Subject::Findings, Subject::Checklist, Subject::Audit];
/// Formats that have no room for a checklist: of an audit they tell the findings.
const FINDINGS: &[Subject] = &[Subject::Findings, Subject::Audit];

const fn known(
    name: &'static str,
    format: Format,
    subjects: &'static [Subject],
    endings: &'static [&'static str],
) -> Known {
    let values = match format {
        Format::Text | Format::Json | Format::JsonLines => Values::RawOnRequest,
        _ => Values::Masked,
    };
    Known { name, format, subjects, values, endings }
}

const TABLE: &[Known] = &[
    known("text", Format::Text, EVERYTHING, &["txt", "text"]),
    known("json", Format::Json, EVERYTHING, &["json"]),
    known("jsonl", Format::JsonLines, &[Subject::Findings], &["jsonl"]),
    known("sarif", Format::Sarif, EVERYTHING, &["sarif"]),
    known("gitlab", Format::GitLab(gitlab::Version::DEFAULT), FINDINGS, &[]),
    known("junit", Format::JUnit, EVERYTHING, &["xml"]),
    known("csv", Format::Csv, FINDINGS, &["csv"]),
    known("github", Format::GitHub, EVERYTHING, &[]),
    known("markdown", Format::Markdown, EVERYTHING, &["md", "markdown"]),
    known("html", Format::Html, EVERYTHING, &["html", "htm"]),
];

/// The name under which GitLab's pipelines look for the report.
const GITLAB_FILE: &str = "gl-secret-detection-report.json";

fn of(subject: Subject) -> impl Iterator<Item = &'static Known> {
    TABLE.iter().filter(move |known| known.subjects.contains(&subject))
}

fn names(subject: Subject) -> Vec<&'static str> {
    of(subject).map(|known| known.name).collect()
}

/// The help of `--format`.
pub(crate) fn help(subject: Subject) -> String {
    let mut names = names(subject);
    let last = names.pop().unwrap_or_default();
    format!("Report format, {} or {last}, with `=FILE` to write it there; can be given several times", names.join(", "))
}

/// The help of `--show-secrets`.
pub(crate) fn show_help(subject: Subject) -> String {
    format!("Write the raw secrets too, in {} only; keep such a report safe", raw_names(subject))
}

fn raw_names(subject: Subject) -> String {
    let names: Vec<&str> =
        of(subject).filter(|known| known.values == Values::RawOnRequest).map(|known| known.name).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

impl Format {
    /// The format that is called so, `gitlab@15.2.1` in that version.
    pub(super) fn named(name: &str, subject: Subject) -> Result<Self> {
        let (base, version) = name.split_once('@').map_or((name, None), |(base, version)| (base, Some(version)));
        let Some(known) = of(subject).find(|known| known.name == base) else {
            bail!("there is no report format `{base}`: use one of {}", names(subject).join(", "));
        };
        match (known.format, version) {
            (format, None) => Ok(format),
            (Self::GitLab(_), Some(version)) => Ok(Self::GitLab(version.parse()?)),
            (_, Some(version)) => bail!("`{base}` has one version only: leave out `@{version}`"),
        }
    }

    /// The format that a file's name asks for.
    pub(super) fn of_file(file: &Path, subject: Subject) -> Option<Self> {
        if file.file_name().is_some_and(|name| name == GITLAB_FILE) {
            return Self::named("gitlab", subject).ok();
        }
        let ending = file.extension()?.to_str()?;
        of(subject).find(|known| known.endings.contains(&ending)).map(|known| known.format)
    }

    /// Raw values are for formats that people keep to themselves; asking others for them is an error, not a silent no.
    pub(super) fn check(self, show: ShowSecrets, subject: Subject) -> Result<()> {
        let name = |known: &&Known| std::mem::discriminant(&known.format) == std::mem::discriminant(&self);
        match TABLE.iter().find(name) {
            Some(known) if show == ShowSecrets::Yes && known.values == Values::Masked => bail!(
                "`{}` reports never hold raw secrets: leave out --show-secrets, or use {}",
                known.name,
                raw_names(subject)
            ),
            _ => Ok(()),
        }
    }
}

/// What some formats need to know besides.
pub(super) struct Extras<'e> {
    pub(super) show: ShowSecrets,
    pub(super) profile: Profile,
    /// The hashes of the lines with results; files are read again for them.
    pub(super) hashes: &'e dyn Fn() -> LineHashes,
}

/// When a run ends: now, or what `SOURCE_DATE_EPOCH` says for reports that can be made again.
pub(super) fn ended() -> Moment {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    fixed.map_or_else(Moment::now, Moment::at)
}

/// Writes `content` in `format`.
pub(super) fn write(content: &Content<'_>, format: Format, extras: &Extras<'_>, out: &mut dyn Write) -> io::Result<()> {
    let show = extras.show;
    match (format, content.findings, content.checklist) {
        (Format::JUnit, ..) => junit::write(content, out),
        (Format::GitHub, ..) => github::write(content, out),
        (Format::Markdown, ..) => markdown::write(content, out),
        (Format::Html, ..) => html::write(content, out),
        (Format::Text, findings, list) => {
            findings.map_or(Ok(()), |report| text::write(report, show, out))?;
            list.map_or(Ok(()), |list| checklist::text::write(list, out))
        }
        (Format::Json, Some(report), list) => json::write_with(report, list, show, out),
        (Format::Json, None, Some(list)) => checklist::json::write(list, out),
        (Format::JsonLines, Some(report), _) => json::write_lines(report, show, out),
        (Format::Sarif, Some(report), None) => sarif::write(report, &(extras.hashes)(), out),
        (Format::Sarif, Some(report), Some(list)) => {
            checklist::sarif::write_audit(report, list, extras.profile, &(extras.hashes)(), out)
        }
        (Format::Sarif, None, Some(list)) => {
            checklist::sarif::write(content.manifest, list, extras.profile, &(extras.hashes)(), out)
        }
        (Format::GitLab(version), Some(report), _) => gitlab::write(report, version, content.ended, out),
        (Format::Csv, Some(report), _) => csv::write(report, out),
        // The table keeps formats of findings from commands that have none.
        (Format::JsonLines | Format::GitLab(_) | Format::Csv, None, _) | (_, None, None) => {
            Err(io::Error::other("this format has nothing to tell here"))
        }
    }
}
