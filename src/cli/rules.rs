//! `caulk rules`: list, show, lint, test, proofs here, and a file for each larger command.

mod diff;
mod new;
mod pages;
mod profile;

use super::Outcome;
use super::args::{RuleFiles, RulesArgs, RulesCommand};
use super::plan;
use anyhow::{Result, bail};
use caulk::check::rows;
use caulk::judge::proof::{PROOFS, Strength};
use caulk::plural::count;
use caulk::report::severity_word;
use caulk::rule::{load, together};
use caulk::scan::trial;
use caulk::{Confidence, Rule, RuleSet, Scanner};
use std::io::Write;
use std::path::PathBuf;

pub(super) fn run(args: RulesArgs) -> Result<Outcome> {
    match args.command {
        RulesCommand::List { rules } => list(&rules),
        RulesCommand::Show { id, rules } => show(&id, &rules),
        RulesCommand::Lint { paths } => lint(&paths),
        RulesCommand::Test { paths, samples, seed } => test(&paths, samples, seed),
        RulesCommand::Proofs => proofs(),
        RulesCommand::New { id, prefix } => new::run(&id, prefix.as_deref()),
        RulesCommand::Diff { old, new } => diff::run(&old, &new),
        RulesCommand::Profile { paths, top, rules } => profile::run(&paths, top, &rules),
        RulesCommand::Pages { rules, target } => pages::run(&rules, &target),
    }
}

fn list(files: &RuleFiles) -> Result<Outcome> {
    let rules = plan::rules(files)?;
    let mut out = anstream::stdout().lock();
    for (_, rule) in rules.iter() {
        writeln!(out, "{:<44} {:<9} {}", rule.id(), severity_word(rule.syntax().severity), rule.title())?;
    }
    // Like the built-in rules, the checklist is there unless it is left out.
    for check in rows::all().filter(|_| !files.no_default_rules) {
        writeln!(out, "{:<44} {:<9} check: {}", check.id, severity_word(check.severity), check.title)?;
    }
    Ok(Outcome::Clean)
}

fn show(id: &str, files: &RuleFiles) -> Result<Outcome> {
    let rules = plan::rules(files)?;
    let Some(rule) = rules.by_name(id).map(|id| rules.rule(id)) else {
        bail!("there is no rule `{id}`: `caulk rules list` shows all");
    };
    let mut out = anstream::stdout().lock();
    writeln!(out, "# {}\n", rule.title())?;
    write!(out, "{}", toml::to_string_pretty(rule.syntax())?)?;
    Ok(Outcome::Clean)
}

fn lint(paths: &[PathBuf]) -> Result<Outcome> {
    // Beside the built-in rules, as they will be used.
    let (mut good, mut errors, mut all) = (0, Vec::new(), RuleSet::builtin());
    for path in paths {
        match load::rules(path) {
            Ok(rules) => {
                good += rules.len();
                rules.into_iter().for_each(|rule| all.put(rule));
            }
            Err(more) => errors.extend(more.iter().map(ToString::to_string)),
        }
    }
    errors.extend(together::complaints(&all));
    let mut out = anstream::stdout().lock();
    errors.iter().try_for_each(|error| writeln!(out, "{error}"))?;
    if !errors.is_empty() {
        bail!(
            "{} to mend",
            if errors.len() == 1 { "one thing".to_owned() } else { format!("{} things", errors.len()) }
        );
    }
    writeln!(out, "{}, nothing to mend", count(good, "rule"))?;
    Ok(Outcome::Clean)
}

/// Tries the rules of `paths` among the built-in ones, or all built-in ones.
fn test(paths: &[PathBuf], samples: u64, seed: u64) -> Result<Outcome> {
    let files = RuleFiles { files: paths.to_vec(), no_default_rules: false };
    let mut wanted = RuleSet::empty();
    for path in paths {
        // Errors are given by `plan::rules` below, all at once.
        let _ = wanted.load(path);
    }
    let scanner = Scanner::new(plan::rules(&files)?, Confidence::Low)?;
    let chosen = |rule: &Rule| paths.is_empty() || wanted.by_name(rule.id()).is_some();
    let trial = trial::run(&scanner, chosen, samples, seed);
    let mut out = anstream::stdout().lock();
    trial.failures.iter().try_for_each(|failure| writeln!(out, "{failure}"))?;
    let tried = format!("{} tried on {}", count(trial.rules, "rule"), count(trial.samples, "sample"));
    write!(out, "{tried}, {} failed", trial.failures.len())?;
    if trial.missed > 0 {
        write!(out, ", {} missed by chance", count(trial.missed, "sample"))?;
    }
    writeln!(out)?;
    Ok(if trial.failures.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

fn proofs() -> Result<Outcome> {
    let mut out = anstream::stdout().lock();
    for proof in PROOFS {
        let strength = match proof.strength {
            Strength::Checksum => "checksum",
            Strength::Structure => "structure",
        };
        writeln!(out, "{:<20} {strength:<10} {}", proof.name, proof.about)?;
    }
    Ok(Outcome::Clean)
}
