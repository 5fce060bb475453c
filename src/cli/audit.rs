//! `caulk audit`: what is there, and how secrets are kept, in one report.

use super::args::AuditArgs;
use super::output::{self, Format, Formats};
use super::survey::{self, Survey, Watched};
use super::{Outcome, plan};
use anyhow::Result;
use caulk::blob::{FileKind, Role};
use caulk::check::history::{Commit, CommittedFile, CommittedSecret, HistoryFacts};
use caulk::check::{Collector, class};
use caulk::exception::Extent;
use caulk::finding::exposure::CommitNote;
use caulk::git::GitError;
use caulk::history::Watch;
use caulk::report::checklist::{sarif, text as checklist_text};
use caulk::report::{ShowSecrets, json, text};
use caulk::{Finding, HistoryOptions, Report, Scanner};
use std::io::{self, Write};
use std::path::Path;

/// The formats of an audit.
const FORMATS: Formats = &[("text", Format::Text), ("json", Format::Json), ("sarif", Format::Sarif)];

pub(super) fn run(args: &AuditArgs) -> Result<Outcome> {
    plan::set_color(args.checklist.color);
    let targets = output::targets(&args.formats, args.checklist.output.clone(), FORMATS)?;
    let show = if args.show_secrets { ShowSecrets::Yes } else { ShowSecrets::Never };
    let survey = survey::run(
        &args.checklist,
        args.confidence.map(plan::confidence),
        !args.no_trace_env,
        |scanner, collector, report, watch| read_history(scanner, collector, report, &args.checklist.path, watch),
    )?;
    output::write(&targets, |format, out| write(&survey, format, show, out))?;
    survey.account(true)?;
    Ok(survey.outcome(true))
}

/// Adds what the history holds to `report`, and gives what the checklist wants to know of it; nothing outside of repositories.
fn read_history(
    scanner: &Scanner,
    collector: &Collector,
    report: &mut Report,
    path: &Path,
    watched: &Watched<'_>,
) -> Result<Option<HistoryFacts>> {
    let matcher = collector.matcher().filter(|matcher| !matcher.known().is_empty());
    let known = |text: &[u8]| matcher.map_or_else(Vec::new, |matcher| matcher.numbers(text));
    let watch = Watch { names: &is_environment_file, texts: matcher.map(|_| &known as _) };
    let options = HistoryOptions::default();
    let (mut history, followed) = match scanner.follow_history(path, &options, Some(&watch), watched.progress) {
        Ok(result) => result,
        Err(GitError::NoRepository(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let note = |note: &CommitNote| Commit { id: note.id.clone(), time: note.seconds };
    let label = |text: usize| matcher.and_then(|matcher| matcher.known().get(text)).map(|known| known.label.clone());
    let files = followed.iter().filter(|one| one.text.is_none()).map(|one| CommittedFile {
        path: one.path.to_string(),
        introduced: note(&one.introduced),
        removed: one.removed.as_ref().map(note),
        refs: one.refs.iter().map(ToString::to_string).collect(),
    });
    let facts = HistoryFacts {
        env_files: Some(files.filter(|file| is_environment_file(file.path.as_bytes())).collect()),
        secrets: history.findings.iter().filter_map(|finding| committed(&history, finding)).collect(),
        echoes: followed
            .iter()
            .filter_map(|one| Some((label(one.text?)?, note(&one.introduced), one.path.to_string())))
            .collect(),
        complete: history.manifest.is_complete(),
    };
    watched.exceptions.apply(scanner, &mut history, Extent::Part);
    report.add_history(history);
    Ok(Some(facts))
}

/// Does a file of this name hold an environment, and not an example of one?
fn is_environment_file(path: &[u8]) -> bool {
    let text = String::from_utf8_lossy(path);
    let name = text.rsplit('/').next().unwrap_or_default();
    class::is_dotenv(name) && !class::is_vendored(&text) && FileKind::of(path, b"").role != Role::Example
}

/// A secret that a commit brought in.
fn committed(history: &Report, finding: &Finding) -> Option<CommittedSecret> {
    let exposure = finding.exposure.as_ref()?;
    let first = exposure.introduced.as_ref()?;
    Some(CommittedSecret {
        secret_id: history.secret_id(finding),
        title: history.rule(finding).title(),
        path: finding.place.origin.path.to_string(),
        introduced: Commit { id: first.id.clone(), time: first.seconds },
        in_head: exposure.in_head,
    })
}

fn write(survey: &Survey, format: Format, show: ShowSecrets, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json | Format::JsonLines => json::write_with(&survey.report, Some(&survey.checklist), show, out),
        Format::Sarif => {
            sarif::write_audit(&survey.report, &survey.checklist, survey.profile, &survey.line_hashes(true), out)
        }
        Format::Text | Format::Markdown | Format::Html => {
            text::write(&survey.report, show, out)?;
            checklist_text::write(&survey.checklist, out)
        }
    }
}
