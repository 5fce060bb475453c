//! `caulk init`.

use super::args::{CiArg, HooksArg, InitArgs};
use super::{Outcome, edits};
use anyhow::{Result, bail};
use caulk::setup::{Choice, HookTool, Pipeline, Setup};
use std::io::{BufRead, IsTerminal, Write, stdin};

pub(super) fn run(args: &InitArgs) -> Result<Outcome> {
    let setup = Setup::plan(&args.repository, &choice(args)?)?;
    let mut out = anstream::stdout().lock();
    setup.seen.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if !setup.edits.is_empty() {
        writeln!(out)?;
        edits::show(&setup.edits, &setup.root, &mut out)?;
    }
    if !setup.notes.is_empty() {
        writeln!(out, "\nleft to you:")?;
        setup.notes.iter().try_for_each(|note| writeln!(out, "- {note}"))?;
    }
    writeln!(out)?;
    if setup.edits.is_empty() {
        writeln!(out, "nothing to write")?;
    } else if args.dry_run {
        writeln!(out, "nothing was written (--dry-run)")?;
    } else if args.yes || asked(&mut out)? {
        edits::apply(&setup.edits, &setup.root)?;
        writeln!(out, "written")?;
    } else {
        writeln!(out, "nothing was written")?;
    }
    Ok(Outcome::Clean)
}

/// Asks on the terminal; without one, nobody can answer.
fn asked(out: &mut dyn Write) -> Result<bool> {
    if !stdin().is_terminal() {
        out.flush()?;
        bail!("nothing was written, because nobody can be asked here: look at the difference, then use --yes");
    }
    write!(out, "Write this? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn choice(args: &InitArgs) -> Result<Choice> {
    let hooks = match args.hooks {
        HooksArg::Auto => None,
        HooksArg::None => Some(None),
        HooksArg::PreCommit => Some(Some(HookTool::PreCommit)),
        HooksArg::Lefthook => Some(Some(HookTool::Lefthook)),
        HooksArg::Husky => Some(Some(HookTool::Husky)),
        HooksArg::Git => Some(Some(HookTool::Git)),
    };
    let pipeline = match args.ci {
        CiArg::Auto => None,
        CiArg::None => Some(None),
        CiArg::Github => Some(Some(Pipeline::Github)),
        CiArg::Gitlab => Some(Some(Pipeline::Gitlab)),
    };
    // It is written into a script: nothing but what addresses are made of.
    let is_address = |text: &str| {
        text.contains("://") && text.chars().all(|letter| letter.is_ascii_alphanumeric() || ":/._-~@".contains(letter))
    };
    if let Some(from) = args.from.as_deref().filter(|from| !is_address(from)) {
        bail!("--from `{}` is no address such as https://git.example/owner/caulk", from.escape_default());
    }
    Ok(Choice { hooks, pipeline, source: args.from.clone() })
}
