//! Patterns made ready to be matched from where a lane has found the beginning of something.
//!
//! Every search begins at a known place, so one automaton that reads forwards is all that it takes. That matters at the start: a pattern
//! is made ready when it is first needed, and the `{20,200}` of a token is some hundred states in every further automaton.

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::{pool::Pool, syntax};
use regex_automata::{Anchored, Input, meta};
use std::ops::Range;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

/// Largest size of one pattern's automaton, in bytes.
const SIZE_LIMIT: usize = 32 << 20;

/// The group that is the secret, where the whole match is not.
const GROUP: &str = "secret";

/// A pattern, ready.
#[derive(Debug)]
pub(super) struct Pattern {
    /// It grows while it is used.
    dfa: DFA,
    /// What each thread has grown of it.
    grown: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>>,
    /// What tells the secret in a match, if that is a group: few texts match, so it is made when one does.
    groups: Option<Groups>,
}

/// A pattern with a group that is the secret.
#[derive(Debug)]
struct Groups {
    pattern: String,
    regex: OnceLock<Option<meta::Regex>>,
}

impl Pattern {
    /// Makes `pattern` ready.
    ///
    /// # Errors
    /// In words, why it is no pattern.
    pub(super) fn new(pattern: &str, secret: Secret) -> Result<Self, String> {
        let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT));
        let config = config.which_captures(WhichCaptures::None);
        let nfa = NFA::compiler().syntax(syntax()).configure(config).build(pattern).map_err(|error| deepest(&error))?;
        let config = DFA::config().skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).map_err(|error| deepest(&error))?;
        let made = dfa.clone();
        let grown = Pool::new(Box::new(move || made.create_cache()) as Box<_>);
        let groups = || Groups { pattern: pattern.to_owned(), regex: OnceLock::new() };
        Ok(Self { dfa, grown, groups: (secret == Secret::Group).then(groups) })
    }

    /// The spans of a match that begins where `text` does, and of the secret in it.
    pub(super) fn at_start(&self, text: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
        let input = Input::new(text).anchored(Anchored::Yes);
        // It gives up on no text: it has no bytes at which it would, and may forget what it has grown however often.
        let end = self.dfa.try_search_fwd(&mut self.grown.get(), &input).ok().flatten()?.offset();
        let secret = self.groups.as_ref().and_then(|groups| groups.secret(&input));
        Some((0..end, secret.unwrap_or(0..end)))
    }
}

impl Groups {
    /// Where the secret is in the match that begins where `input` does.
    fn secret(&self, input: &Input<'_>) -> Option<Range<usize>> {
        let regex = self.regex.get_or_init(|| {
            let config = meta::Config::new().utf8_empty(false).nfa_size_limit(Some(2 * SIZE_LIMIT));
            meta::Regex::builder().syntax(syntax()).configure(config).build(&self.pattern).ok()
        });
        let regex = regex.as_ref()?;
        let mut groups = regex.create_captures();
        regex.search_captures(input, &mut groups);
        groups.get_group_by_name(GROUP).map(|group| group.range())
    }
}

/// Patterns are about bytes.
fn syntax() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}

/// Which part of a match is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// All of it.
    Match,
    /// The group of that name.
    Group,
}

/// The last cause of an error, which says most.
fn deepest(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}
