//! `caulk check`.

use super::args::CheckArgs;
use super::output::{self, Format, Formats};
use super::survey::{self, Survey};
use super::{Outcome, edits, plan};
use anyhow::Result;
use caulk::check::{fix, inventory};
use caulk::report::checklist::{self, html, json, markdown, sarif, text};
use std::io::{self, Write};

/// The formats of a checklist.
const FORMATS: Formats = &[
    ("text", Format::Text),
    ("json", Format::Json),
    ("sarif", Format::Sarif),
    ("markdown", Format::Markdown),
    ("html", Format::Html),
];

pub(super) fn run(args: &CheckArgs) -> Result<Outcome> {
    plan::set_color(args.checklist.color);
    let targets = output::targets(&args.formats, args.checklist.output.clone(), FORMATS)?;
    let survey = survey::run(&args.checklist, None, args.trace_env, |_, _, _, _| Ok(None))?;
    if args.inventory {
        let mut out = anstream::stdout().lock();
        checklist::write_inventory(&inventory::of(&survey.project), &mut out)?;
        return Ok(super::run::outcome(&survey.report, false));
    }
    if args.fix {
        return repair(&survey, args.dry_run);
    }
    output::write(&targets, |format, out| write(&survey, format, out))?;
    survey.account(false)?;
    Ok(survey.outcome(false))
}

fn write(survey: &Survey, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let checklist = &survey.checklist;
    match format {
        Format::Json | Format::JsonLines => json::write(checklist, out),
        Format::Markdown => markdown::write(checklist, out),
        Format::Html => html::write(checklist, out),
        Format::Sarif => sarif::write(&survey.report, checklist, survey.profile, &survey.line_hashes(false), out),
        Format::Text => text::write(checklist, out),
    }
}

/// Shows all repairs, then does them.
fn repair(survey: &Survey, dry_run: bool) -> Result<Outcome> {
    let repairs = fix::plan(&survey.project);
    let mut out = anstream::stdout().lock();
    edits::show(&repairs, &survey.project.base, &mut out)?;
    match (repairs.len(), dry_run) {
        (0, _) => writeln!(out, "nothing to repair")?,
        (_, true) => writeln!(out, "nothing was written (--dry-run)")?,
        (several, false) => {
            out.flush()?;
            edits::apply(&repairs, &survey.project.base)?;
            writeln!(
                out,
                "{}",
                if several == 1 { "1 repair done".to_owned() } else { format!("{several} repairs done") }
            )?;
        }
    }
    Ok(Outcome::Clean)
}
