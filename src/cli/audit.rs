//! `caulk audit`: what is there, and how secrets are kept, in one report.

use super::args::AuditArgs;
use super::output::{self, Format, Formats};
use super::survey::{self, Survey};
use super::{Outcome, plan};
use anyhow::Result;
use caulk::report::checklist::{sarif, text as checklist_text};
use caulk::report::{ShowSecrets, json, text};
use std::io::{self, Write};

/// The formats of an audit.
const FORMATS: Formats = &[("text", Format::Text), ("json", Format::Json), ("sarif", Format::Sarif)];

pub(super) fn run(args: &AuditArgs) -> Result<Outcome> {
    plan::set_color(args.checklist.color);
    let targets = output::targets(&args.formats, args.checklist.output.clone(), FORMATS)?;
    let show = if args.show_secrets { ShowSecrets::Yes } else { ShowSecrets::Never };
    let survey = survey::run(&args.checklist, plan::confidence(args.confidence), !args.no_trace_env, |_| Ok(None))?;
    output::write(&targets, |format, out| write(&survey, format, show, out))?;
    survey.account(true)?;
    Ok(survey.outcome(true))
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
