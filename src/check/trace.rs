//! Values that are known to be secret, looked for wherever else they stand: a match is certain.
//!
//! They come from environment files that git ignores and, on request, from the places where tools of providers keep theirs. They stay
//! in memory, are masked wherever they are shown, and never written.

use super::facts::{FileFacts, Setting};
use super::project::LocalFile;
use super::text::Text;
use super::{names, stores};
use crate::blob::Origin;
use crate::span::Position;
use aho_corasick::AhoCorasick;

/// Shortest value that is looked for: shorter ones stand everywhere.
const SHORTEST: usize = 8;

/// What is traced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Values of the project's own ignored environment files.
    pub env: bool,
    /// Values of provider stores.
    pub stores: bool,
}

/// A value to look for.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it is kept, in words: `DB_PASSWORD` of `.env`.
    pub label: String,
    /// The value.
    pub value: Text,
}

/// Looks for known values in texts.
#[derive(Debug, Default)]
pub struct Matcher {
    known: Vec<Known>,
    finder: Option<AhoCorasick>,
}

impl Matcher {
    /// A matcher for `known` values.
    pub fn new(known: Vec<Known>) -> Self {
        let values = known.iter().map(|known| known.value.as_str().as_bytes());
        let finder = if known.is_empty() { None } else { AhoCorasick::new(values).ok() };
        Self { known, finder }
    }

    /// The values it looks for.
    pub fn known(&self) -> &[Known] {
        &self.known
    }

    /// The numbers, in [`Self::known`], of the values that stand in `text`, each once.
    pub fn numbers(&self, text: &[u8]) -> Vec<usize> {
        let number = |known: &Known| self.known.iter().position(|one| std::ptr::eq(one, known));
        let mut numbers: Vec<usize> = self.find(text).into_iter().filter_map(|(known, _)| number(known)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Which values stand in `text`, and where; whole ones only.
    pub fn find<'m>(&'m self, text: &[u8]) -> Vec<(&'m Known, usize)> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let hits = finder.find_overlapping_iter(text);
        let whole = hits
            .filter(|hit| edge(hit.start().checked_sub(1).and_then(|at| text.get(at))) && edge(text.get(hit.end())));
        whole.map(|hit| (&self.known[hit.pattern().as_usize()], hit.start())).collect()
    }
}

/// A known value that stands where it should not.
#[derive(Clone, Debug)]
pub struct Echo {
    /// Where it is kept.
    pub label: String,
    /// The file it also stands in.
    pub origin: Origin,
    /// Where in it.
    pub at: Position,
}

/// What came of tracing.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    /// The labels of all values that were looked for.
    pub labels: Vec<String>,
    /// Where they stand.
    pub echoes: Vec<Echo>,
}

/// The values to look for.
pub(super) fn known(trace: Trace, local: &[LocalFile]) -> Vec<Known> {
    let mut known = Vec::new();
    if trace.env {
        local.iter().for_each(|file| of_file(&file.facts, &mut known));
    }
    if trace.stores {
        known.extend(stores::values());
    }
    known.retain(|known| known.value.as_str().len() >= SHORTEST);
    known
}

/// What a value of an environment file is called.
pub(super) fn label(setting: &Setting, facts: &FileFacts) -> String {
    format!("`{}` of `{}`", setting.name, facts.origin.path)
}

fn of_file(facts: &FileFacts, known: &mut Vec<Known>) {
    for setting in &facts.settings {
        let value = setting.value.as_str();
        let label = label(setting, facts);
        if let Some(url) = names::url_parts(value) {
            known.extend((!names::stands_in(url.password)).then(|| Known { label, value: Text::new(url.password) }));
        } else if names::is_secret(&setting.name) && !names::stands_in(value)
            || names::is_real(&setting.name, value) && is_long(value)
        {
            known.push(Known { label, value: setting.value.clone() });
        }
    }
}

/// Long enough to be a secret whatever its name says.
fn is_long(value: &str) -> bool {
    value.len() >= 20 && !value.contains("://") && !value.contains(['/', ' '])
}
