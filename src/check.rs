//! The secure-storage checklist, ticked from evidence.
//!
//! A [`Collector`] looks over the scan's shoulder and gathers the facts of a [`Project`] once; every check is a row of a table and a
//! small function from the project to an [`Outcome`]. Nothing is guessed: what cannot be decided is a question to a person, what could
//! not be read is said.
//!
//! ```
//! use caulk::check::{Checklist, Collector, Selection, Trace, Verdict};
//! use caulk::{Confidence, Progress, RuleSet, Scanner, WalkOptions};
//!
//! let scanner = Scanner::new(RuleSet::builtin(), Confidence::Medium)?;
//! let collector = Collector::new("src/check".as_ref(), Trace::default());
//! let report = scanner.scan_paths_with(&["src/check".into()], &WalkOptions::default(), &Progress::default(), &collector)?;
//! let project = collector.finish(report.findings, scanner.rules().clone(), None);
//! let checklist = Checklist::new(&project, &Selection::default(), &[]);
//! for item in &checklist.items {
//!     println!("{}: {}", item.check.title, item.outcome.verdict.word());
//! }
//! # assert!(checklist.count(Verdict::NotApplicable) > 10);
//! # Ok::<(), caulk::ScanError>(())
//! ```

pub mod class;
mod collect;
pub mod environment;
pub mod facts;
pub mod fix;
pub mod history;
pub mod ignored;
pub mod inventory;
pub mod names;
pub mod parse;
pub mod project;
pub mod rows;
pub mod stage;
mod stores;
pub mod text;
pub mod trace;

pub use collect::Collector;
pub use environment::{EnvFile, EnvWatch};
pub use project::Project;
pub use trace::{Trace, Traced};

use crate::blob::Origin;
use crate::config::{Exception, Setting, did_you_mean, is_or_begins};
use crate::day::Day;
use crate::rule::Severity;
use crate::span::Position;

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Evidence of the bad practice.
    Fail,
    /// A person has to answer.
    Review,
    /// Evidence of the good practice.
    Pass,
    /// The technology is not used here.
    NotApplicable,
}

impl Verdict {
    /// The verdict in words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Review => "review",
            Self::Pass => "pass",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// A part of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Environment files.
    Environment,
    /// Programs.
    Code,
    /// Authentication and configuration.
    Configuration,
    /// Databases and storage.
    Data,
    /// Network.
    Network,
    /// Containers and orchestration.
    Containers,
    /// Pipelines.
    Pipelines,
    /// Git and policy.
    Policy,
}

impl Section {
    /// All of them, in the order of the checklist.
    pub const ALL: [Self; 8] = [
        Self::Environment,
        Self::Code,
        Self::Configuration,
        Self::Data,
        Self::Network,
        Self::Containers,
        Self::Pipelines,
        Self::Policy,
    ];

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Environment => "Environment files",
            Self::Code => "Code",
            Self::Configuration => "Authentication and configuration",
            Self::Data => "Databases and storage",
            Self::Network => "Network",
            Self::Containers => "Containers and orchestration",
            Self::Pipelines => "Pipelines",
            Self::Policy => "Git and policy",
        }
    }
}

/// One row of the checklist.
#[derive(Debug)]
pub struct Check {
    /// Its name for machines.
    pub id: &'static str,
    /// Where it stands.
    pub section: Section,
    /// The good practice, in one sentence without a full stop.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do where it fails.
    pub remedy: &'static str,
    /// The harm where it fails.
    pub severity: Severity,
    /// The guides that ask for it: `N` novita-sdk, `T` nodetool-core, `A` autodevos, `K` kubetorch-secrets, `D` deeplake-services.
    pub guides: &'static str,
    /// Where to read more.
    pub reference: &'static str,
    /// Decides.
    pub run: fn(&Project) -> Outcome,
}

/// Something that was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The file.
    pub origin: Option<Origin>,
    /// The place in it.
    pub at: Option<Position>,
    /// What, without any secret value.
    pub what: String,
}

impl Seen {
    /// Something without a place.
    pub fn plain(what: impl Into<String>) -> Self {
        Self { origin: None, at: None, what: what.into() }
    }

    /// Something about a whole file.
    pub fn file(origin: &Origin, what: impl Into<String>) -> Self {
        Self { origin: Some(origin.clone()), at: None, what: what.into() }
    }

    /// Something at a place.
    pub fn at(origin: &Origin, at: Position, what: impl Into<String>) -> Self {
        Self { origin: Some(origin.clone()), at: Some(at), what: what.into() }
    }
}

/// What a check says.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence.
    pub seen: Vec<Seen>,
    /// The question of a review, or what was looked for and not found.
    pub note: String,
}

impl Outcome {
    /// A failure.
    pub fn fail(seen: Vec<Seen>) -> Self {
        Self { verdict: Verdict::Fail, seen, note: String::new() }
    }

    /// A pass.
    pub fn pass(seen: Vec<Seen>) -> Self {
        Self { verdict: Verdict::Pass, seen, note: String::new() }
    }

    /// A question to a person, with what may help to answer it.
    pub fn review(question: impl Into<String>, hints: Vec<Seen>) -> Self {
        Self { verdict: Verdict::Review, seen: hints, note: question.into() }
    }

    /// Nothing here that the check is about: what was looked for.
    pub fn not_applicable(looked_for: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotApplicable, seen: Vec::new(), note: looked_for.into() }
    }

    /// A failure if anything bad was seen, else a pass if anything good was, else `otherwise`.
    pub fn weigh(bad: Vec<Seen>, good: Vec<Seen>, otherwise: impl FnOnce() -> Self) -> Self {
        match (bad.is_empty(), good.is_empty()) {
            (false, _) => Self::fail(bad),
            (true, false) => Self::pass(good),
            (true, true) => otherwise(),
        }
    }
}

/// A row with its outcome.
#[derive(Clone, Debug)]
pub struct Item {
    /// The row.
    pub check: &'static Check,
    /// What it said.
    pub outcome: Outcome,
    /// Why its failure is accepted, and until when.
    pub accepted: Option<String>,
}

impl Item {
    /// Does it count as a failure?
    pub fn fails(&self) -> bool {
        self.outcome.verdict == Verdict::Fail && self.accepted.is_none()
    }
}

/// Which rows are wanted: ids or their beginnings, `docker` for all that begin with `docker-`.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These and no others, if any is named.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl Selection {
    /// Is the row called `id` wanted?
    pub fn wants(&self, id: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| is_or_begins(id, name));
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }

    /// A name that selects nothing.
    pub fn unknown(&self) -> Option<&str> {
        let names = self.only.iter().chain(&self.skip);
        names.map(String::as_str).find(|name| !rows::all().any(|check| is_or_begins(check.id, name)))
    }
}

/// The ticked checklist.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// All wanted rows in order.
    pub items: Vec<Item>,
    /// Files that could not be read, or not wholly, and why.
    pub unread: Vec<(Origin, String)>,
    /// What is wrong with the exceptions: expired, without use, for a check that does not exist.
    pub notices: Vec<String>,
    /// A file to show a failure at that has no place of its own.
    pub anchor: Option<Origin>,
}

impl Checklist {
    /// Runs the wanted checks on `project`; failures that `exceptions` name are accepted.
    pub fn new(project: &Project, selection: &Selection, exceptions: &[Setting<Exception>]) -> Self {
        let mut used = vec![false; exceptions.len()];
        let mut items = Vec::new();
        for check in rows::all().filter(|check| selection.wants(check.id)) {
            let mut outcome = (check.run)(project);
            let accepted = accept(check, &mut outcome, exceptions, &mut used);
            items.push(Item { check, outcome, accepted });
        }
        let notices = notices(exceptions, &used, selection);
        Self { items, unread: project.unread.clone(), notices, anchor: project.anchor() }
    }

    /// How many rows have this verdict; accepted failures count apart.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|item| item.outcome.verdict == verdict && item.accepted.is_none()).count()
    }

    /// How many failures are accepted.
    pub fn accepted(&self) -> usize {
        self.items.iter().filter(|item| item.accepted.is_some()).count()
    }

    /// How many rows fail that are at least as severe as `severity`.
    pub fn at_least(&self, severity: Severity) -> usize {
        self.items.iter().filter(|item| item.fails() && item.check.severity >= severity).count()
    }
}

/// Takes accepted evidence out of a failure; if none is left, gives the reason.
fn accept(
    check: &Check,
    outcome: &mut Outcome,
    exceptions: &[Setting<Exception>],
    used: &mut [bool],
) -> Option<String> {
    let today = Day::today();
    let mut reason = None;
    for (Setting { value: exception, .. }, used) in exceptions.iter().zip(used) {
        if exception.check != check.id || outcome.verdict != Verdict::Fail || exception.until < today {
            continue;
        }
        let covers = |seen: &Seen| match (&exception.path, &seen.origin) {
            (None, _) => true,
            (Some((_, glob)), Some(origin)) => glob.is_match(origin.key.to_string()),
            _ => false,
        };
        let (accepted, left): (Vec<Seen>, Vec<Seen>) = outcome.seen.drain(..).partition(covers);
        *used |= !accepted.is_empty();
        outcome.seen = if left.is_empty() { accepted } else { left.clone() };
        if left.is_empty() {
            reason = Some(format!("accepted until {}: {}", exception.until, exception.reason));
            break;
        }
    }
    reason
}

fn notices(exceptions: &[Setting<Exception>], used: &[bool], selection: &Selection) -> Vec<String> {
    let today = Day::today();
    let mut notices = Vec::new();
    for (Setting { value: exception, from }, used) in exceptions.iter().zip(used) {
        let (check, until) = (&exception.check, exception.until);
        match () {
            () if !rows::all().any(|row| row.id == check) => {
                let near = did_you_mean(check, rows::all().map(|row| row.id));
                notices.push(format!("{from}: an exception names `{check}`, which is no check{near}"));
            }
            () if until < today => {
                notices.push(format!("the exception for `{check}` ended on {until} and holds no longer"));
            }
            () if !used && selection.wants(check) => {
                notices.push(format!("the exception for `{check}` accepts nothing: leave it out"));
            }
            () => {}
        }
    }
    notices
}
