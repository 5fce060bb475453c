//! The rules that a configuration leaves on, as it wants them.

use super::stated::{Setting, Stated};
use super::{Config, ConfigError, RuleChange, did_you_mean, is_or_begins};
use crate::rule::{Rule, RuleSet, load};
use globset::{Glob, GlobMatcher};
use std::path::Path;

/// A name that stands for rules: for the one that is called so, or for all that begin with it, or for all that a glob fits.
#[derive(Clone, Debug)]
pub enum RuleName {
    /// This one.
    Exact(String),
    /// Those that begin so, up to a dash.
    Beginning(String),
    /// Those that it fits.
    Glob(GlobMatcher),
}

impl RuleName {
    /// What `name` stands for among `rules`.
    pub fn new(name: &str, rules: &RuleSet) -> Self {
        let glob = Glob::new(name).ok().filter(|_| name.contains(['*', '?', '[']));
        match glob {
            Some(glob) => Self::Glob(glob.compile_matcher()),
            None if rules.iter().any(|(_, rule)| rule.id() == name) => Self::Exact(name.to_owned()),
            None => Self::Beginning(name.to_owned()),
        }
    }

    /// Is the rule `id` one of them?
    pub fn fits(&self, id: &str) -> bool {
        match self {
            Self::Exact(name) => id == name,
            Self::Beginning(name) => is_or_begins(id, name),
            Self::Glob(glob) => glob.is_match(id),
        }
    }
}

/// What a walk over the changes knows of each rule.
struct Switches {
    rules: RuleSet,
    on: Vec<bool>,
    /// The rules that are built in and as they were.
    builtin: Vec<bool>,
}

impl Config {
    /// The active rules.
    ///
    /// # Errors
    /// A rule file cannot be used, a name fits no rule, or no rule is left.
    pub fn rule_set(&self) -> Result<RuleSet, ConfigError> {
        let mut rules = RuleSet::builtin();
        if self.packs.is_empty() && self.rules.is_empty() {
            return Ok(rules);
        }
        let mut builtin = vec![true; rules.len()];
        for pack in &self.packs {
            for rule in pack_rules(pack)? {
                match rules.by_name(rule.id()) {
                    Some(id) => builtin[usize::from(id.0)] = false,
                    None => builtin.push(false),
                }
                rules.put(rule);
            }
        }
        let mut switches = Switches { on: vec![true; rules.len()], rules, builtin };
        for change in &self.rules {
            switches.apply(change)?;
        }
        let Switches { mut rules, on, .. } = switches;
        let mut on = on.into_iter();
        rules.retain(|_| on.next().unwrap_or(true));
        if rules.is_empty() {
            let last = self.rules.last().map_or_else(String::new, |change| change.from.to_string());
            return Err(ConfigError::NoRules(format!("by {last}")));
        }
        Ok(rules)
    }
}

impl Switches {
    fn apply(&mut self, change: &Setting<RuleChange>) -> Result<(), ConfigError> {
        match &change.value {
            RuleChange::Defaults(defaults) => {
                for (on, _) in self.on.iter_mut().zip(&self.builtin).filter(|(_, builtin)| **builtin) {
                    *on = *defaults;
                }
            }
            RuleChange::Disable(name) => self.named(name, &change.from)?.into_iter().for_each(|at| self.on[at] = false),
            RuleChange::Enable(name) => self.named(name, &change.from)?.into_iter().for_each(|at| self.on[at] = true),
            RuleChange::Severity(name, severity) => {
                let named = self.named(name, &change.from)?;
                named.into_iter().for_each(|at| self.rules.configure(at, |rule| rule.set_severity(*severity)));
            }
            RuleChange::Confidence(name, confidence) => {
                let named = self.named(name, &change.from)?;
                named.into_iter().for_each(|at| self.rules.configure(at, |rule| rule.set_confidence(*confidence)));
            }
        }
        Ok(())
    }

    /// The places of the rules that `name` stands for.
    fn named(&self, name: &str, from: &Stated) -> Result<Vec<usize>, ConfigError> {
        let named = RuleName::new(name, &self.rules);
        let all: Vec<usize> =
            self.rules.iter().enumerate().filter(|(_, (_, rule))| named.fits(rule.id())).map(|(at, _)| at).collect();
        if !all.is_empty() {
            return Ok(all);
        }
        let near = did_you_mean(name, self.rules.iter().map(|(_, rule)| rule.id()));
        let end = if near.is_empty() { ": `caulk rules list` shows all" } else { &near };
        Err(wrong(from, format!("no rule is called `{name}` or begins so{end}")))
    }
}

fn wrong(from: &Stated, message: String) -> ConfigError {
    match from {
        Stated::File { file, line } => ConfigError::Wrong { file: file.path.clone(), line: *line, message },
        Stated::Default | Stated::CommandLine(_) => ConfigError::Rules(format!(" {message}")),
    }
}

fn pack_rules(pack: &Setting<super::RulePack>) -> Result<Vec<Rule>, ConfigError> {
    let file = Path::new(&pack.value.file);
    let rules = match &pack.value.text {
        Some(text) => load::rules_in(file, text),
        None => load::rules(file),
    };
    rules.map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|error| format!("\n  {error}")).collect();
        match &pack.from {
            Stated::File { .. } => wrong(&pack.from, format!("the rule file cannot be used:{}", lines.concat())),
            _ => ConfigError::Rules(lines.concat()),
        }
    })
}
