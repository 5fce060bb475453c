//! `caulk check`.

use super::args::CheckArgs;
use super::formats::Subject;
use super::survey::{self, Survey};
use super::{Outcome, edits, output, plan};
use anyhow::Result;
use caulk::check::{fix, inventory};
use caulk::report::{ShowSecrets, checklist};
use std::io::Write;

pub(super) fn run(args: &CheckArgs) -> Result<Outcome> {
    plan::set_color(args.checklist.color);
    let targets = output::targets(args.checklist.report.clone(), Subject::Checklist, ShowSecrets::Never)?;
    let survey = survey::run(&args.checklist, None, args.trace_env, |_, _, _, _| Ok(None))?;
    if args.inventory {
        let mut out = anstream::stdout().lock();
        checklist::write_inventory(&inventory::of(&survey.project), &mut out)?;
        return Ok(super::run::outcome(&survey.report, false));
    }
    if args.fix {
        return repair(&survey, args.dry_run);
    }
    survey.write(&targets, Subject::Checklist, ShowSecrets::Never)
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
