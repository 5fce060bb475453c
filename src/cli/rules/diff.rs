//! `caulk rules diff`: what an upgrade, or a change of one's own rules, will find that was not found before.

use crate::cli::Outcome;
use anyhow::{Result, bail};
use caulk::plural::count;
use caulk::{Rule, RuleSet};
use std::io::Write;
use std::path::Path;

/// What the built-in pack is called on the command line.
pub(crate) const BUILTIN: &str = "builtin";

pub(super) fn run(old: &Path, new: &Path) -> Result<Outcome> {
    let (old, new) = (read(old)?, read(new)?);
    let mut out = anstream::stdout().lock();
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for (_, rule) in new.iter() {
        match old.by_name(rule.id()).map(|id| old.rule(id)) {
            None => {
                added += 1;
                let trial = if rule.syntax().trial { ", on trial" } else { "" };
                writeln!(out, "+ {} ({}{trial})", rule.id(), rule.title())?;
            }
            Some(before) => {
                let keys = changes(before, rule)?;
                if !keys.is_empty() {
                    changed += 1;
                    writeln!(out, "~ {}: {}", rule.id(), keys.join(", "))?;
                }
            }
        }
    }
    for (_, rule) in old.iter().filter(|(_, rule)| new.by_name(rule.id()).is_none()) {
        removed += 1;
        writeln!(out, "- {} ({})", rule.id(), rule.title())?;
    }
    writeln!(out, "{} added, {removed} removed, {changed} changed", count(added, "rule"))?;
    Ok(Outcome::Clean)
}

fn read(path: &Path) -> Result<RuleSet> {
    if path == Path::new(BUILTIN) {
        return Ok(RuleSet::builtin());
    }
    let mut rules = RuleSet::empty();
    if let Err(errors) = rules.load(path) {
        let lines: Vec<String> = errors.iter().map(|error| format!("\n  {error}")).collect();
        bail!("the rules cannot be read:{}", lines.concat());
    }
    Ok(rules)
}

/// The keys in which two forms of a rule differ.
fn changes(old: &Rule, new: &Rule) -> Result<Vec<String>> {
    let (old, new) = (toml::Table::try_from(old.syntax())?, toml::Table::try_from(new.syntax())?);
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys.into_iter().map(|key| format!("`{key}`")).collect())
}
