//! `caulk audit`: what is there, and how secrets are kept, in one report.

use super::args::AuditArgs;
use super::output::{self, Format, Formats};
use super::survey::{self, Survey};
use super::{Outcome, plan};
use anyhow::Result;
use caulk::check::history::{Commit, CommittedSecret, HistoryFacts};
use caulk::git::GitError;
use caulk::report::checklist::{sarif, text as checklist_text};
use caulk::report::{ShowSecrets, json, text};
use caulk::{Finding, HistoryOptions, Progress, Report, Scanner};
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
        plan::confidence(args.confidence),
        !args.no_trace_env,
        |scanner, report, watch| read_history(scanner, &args.checklist.path, report, watch),
    )?;
    output::write(&targets, |format, out| write(&survey, format, show, out))?;
    survey.account(true)?;
    Ok(survey.outcome(true))
}

/// Adds what the history holds to `report`, and gives what the checklist wants to know of it; nothing outside of repositories.
fn read_history(scanner: &Scanner, path: &Path, report: &mut Report, watch: &Progress) -> Result<Option<HistoryFacts>> {
    let history = match scanner.scan_history(path, &HistoryOptions::default(), watch) {
        Ok(history) => history,
        Err(GitError::NoRepository(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let facts = HistoryFacts {
        env_files: None,
        secrets: history.findings.iter().filter_map(|finding| committed(&history, finding)).collect(),
        echoes: Vec::new(),
        complete: history.manifest.is_complete(),
    };
    report.add_history(history);
    Ok(Some(facts))
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
