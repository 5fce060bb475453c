//! The active rules of a run.

use super::builtin;
use super::compile::Rule;
use super::load::{self, RuleFileError};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

/// A rule's place in its [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

/// The active rules, each id once.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// Made when first asked for: most runs name no rule.
    by_id: OnceLock<HashMap<String, RuleId>>,
    /// How many of the first rules are the built-in pack as it is.
    builtin: usize,
    /// How many were left out.
    off: usize,
}

impl RuleSet {
    /// No rule at all, to be filled from files.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The built-in pack.
    pub fn builtin() -> Self {
        let rules: Vec<Rule> = builtin::rules().map(Rule::packed).collect();
        Self { builtin: rules.len(), rules, by_id: OnceLock::new(), off: 0 }
    }

    /// Adds the rules of a file, or of all `*.toml` files of a folder; a rule with an id that exists replaces it.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with file, line and what to mend; the set is then unchanged.
    pub fn load(&mut self, path: &Path) -> Result<(), Vec<RuleFileError>> {
        load::rules(path)?.into_iter().for_each(|rule| self.put(rule));
        Ok(())
    }

    /// Adds one rule, or replaces the one with its id.
    pub fn put(&mut self, rule: Rule) {
        match self.by_name(rule.id()) {
            Some(RuleId(at)) => {
                self.rules[usize::from(at)] = rule;
                if usize::from(at) < self.builtin {
                    self.builtin = 0;
                }
            }
            None => {
                let id = RuleId(u16::try_from(self.rules.len()).unwrap_or(u16::MAX));
                // It was made when the id was looked up above.
                if let Some(ids) = self.by_id.get_mut() {
                    ids.insert(rule.id().to_owned(), id);
                }
                self.rules.push(rule);
            }
        }
    }

    /// Leaves the rules for which `keep` is true, in order; what was the id of one may be another's then.
    pub fn retain(&mut self, mut keep: impl FnMut(&Rule) -> bool) {
        let before = self.rules.len();
        self.rules.retain(|rule| keep(rule));
        if self.rules.len() != before {
            (self.builtin, self.by_id) = (0, OnceLock::new());
            self.off += before - self.rules.len();
        }
    }

    /// How many rules were left out.
    pub const fn off(&self) -> usize {
        self.off
    }

    /// Changes the rule at a place.
    pub fn configure(&mut self, at: usize, change: impl FnOnce(&mut Rule)) {
        if at < self.builtin {
            self.builtin = 0;
        }
        if let Some(rule) = self.rules.get_mut(at) {
            change(rule);
        }
    }

    /// The rule at `id`, which must come from this set.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[usize::from(id.0)]
    }

    /// The rule named `id`.
    pub fn by_name(&self, id: &str) -> Option<RuleId> {
        let ids = || self.iter().map(|(id, rule)| (rule.id().to_owned(), id)).collect();
        self.by_id.get_or_init(ids).get(id).copied()
    }

    /// All rules with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        (0..).map(RuleId).zip(&self.rules)
    }

    /// How many rules there are.
    pub const fn len(&self) -> usize {
        self.rules.len()
    }

    /// Is there no rule?
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// A digest of everything the rules say, 16 hexadecimal digits: two runs with the same digest looked for the same.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        // The pack stands for its rules.
        if self.builtin > 0 {
            hash.update(builtin::DIGEST);
        }
        for rule in &self.rules[self.builtin..] {
            rule.digest(&mut hash);
        }
        data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
    }
}
