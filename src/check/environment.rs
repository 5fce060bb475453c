//! What a scan says of environment files: which secrets each sets, whether git tracks it, where the variables are documented and where
//! else their values stand.

use super::class::{self, Class};
use super::collect::env_file;
use super::facts::{self, FileFacts};
use super::names;
use super::parse::locate::Locator;
use super::project::LocalFile;
use super::trace::{self, Known, Matcher, Trace};
use crate::blob::path::path_of;
use crate::blob::{FileKind, Origin, PlacePath, Role};
use crate::source::files::Walked;
use crate::source::{Visitor, tracked};
use crate::span::Position;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What git makes of an environment file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is in the index.
    Tracked,
    /// An ignore rule keeps it out.
    Ignored,
    /// Neither.
    Untracked,
    /// There is no repository, or its index cannot be read.
    Unknown,
}

/// An environment file that is no example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFile {
    /// Where it is.
    pub path: PlacePath,
    /// What git makes of it.
    pub standing: Standing,
    /// The secrets that it sets, in its order.
    pub variables: Vec<EnvVariable>,
}

/// A secret that an environment file sets to something that is no placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVariable {
    /// Its name.
    pub name: String,
    /// Where.
    pub at: Position,
    /// Where an example file or document names it.
    pub documented: Vec<(PlacePath, Position)>,
    /// Where else its value stands.
    pub elsewhere: Vec<(PlacePath, Position)>,
}

/// Gathers what there is to say while a scan reads.
#[derive(Debug)]
pub struct EnvWatch {
    root: PathBuf,
    begun: OnceLock<Begun>,
    gathered: Mutex<Gathered>,
}

#[derive(Debug)]
struct Begun {
    files: Vec<(LocalFile, Standing)>,
    matcher: Matcher,
}

#[derive(Debug, Default)]
struct Gathered {
    /// Names that examples and documents give, and where.
    mentions: Vec<(String, PlacePath, Position)>,
    /// Values by their label, and where they stand.
    echoes: Vec<(String, PlacePath, Position)>,
}

impl Standing {
    /// In words, as they stand in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tracked => "tracked",
            Self::Ignored => "ignored",
            Self::Untracked => "untracked",
            Self::Unknown => "unknown",
        }
    }
}

impl EnvWatch {
    /// For a scan of `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), begun: OnceLock::new(), gathered: Mutex::default() }
    }

    /// What there is to say, by path.
    pub fn finish(self) -> Vec<EnvFile> {
        let Some(begun) = self.begun.into_inner() else { return Vec::new() };
        let gathered = self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        let places = |list: &[(String, PlacePath, Position)], wanted: &str| {
            let mut places: Vec<(PlacePath, Position)> =
                list.iter().filter(|(name, ..)| name == wanted).map(|(_, path, at)| (path.clone(), *at)).collect();
            places.sort();
            places
        };
        let mut told: Vec<EnvFile> = Vec::new();
        for (LocalFile { facts, .. }, standing) in begun.files {
            let set = facts.settings.iter().filter(|setting| is_set(&setting.name, setting.value.as_str()));
            let variables = set.map(|setting| EnvVariable {
                name: setting.name.clone(),
                at: setting.at,
                documented: places(&gathered.mentions, &setting.name),
                elsewhere: places(&gathered.echoes, &trace::label(setting, &facts)),
            });
            let variables = variables.collect();
            told.push(EnvFile { path: facts.origin.path.clone(), standing, variables });
        }
        told.sort_by(|one, two| one.path.cmp(&two.path));
        told
    }

    fn gathered(&self) -> std::sync::MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Is a variable a secret with a value?
fn is_set(name: &str, value: &str) -> bool {
    (names::is_secret(name) || names::is_database_url(name)) && !names::stands_in(value)
}

impl Visitor for EnvWatch {
    fn begin(&self, walked: &Walked) {
        let mut files = Vec::new();
        for path in &walked.ignored {
            let file = path_of(path.bytes());
            let key = PlacePath::from(file.strip_prefix(&self.root).unwrap_or(&file));
            files.extend(env_file(&Origin { path: path.clone(), key }, &file).map(|file| (file, Standing::Ignored)));
        }
        let read: Vec<LocalFile> =
            walked.files.iter().filter_map(|file| env_file(&file.origin, &file.path)).filter(is_no_example).collect();
        // The index is read where there is something to ask it.
        let tracked = if read.is_empty() { None } else { tracked_of(&self.root) };
        files.extend(read.into_iter().map(|file| {
            let standing = match &tracked {
                Some(tracked) if tracked.contains(&file.facts.origin.key) => Standing::Tracked,
                Some(_) => Standing::Untracked,
                None => Standing::Unknown,
            };
            (file, standing)
        }));
        files.retain(|(file, _)| {
            is_no_example(file)
                && file.facts.settings.iter().any(|setting| is_set(&setting.name, setting.value.as_str()))
        });
        if !files.is_empty() {
            let local: Vec<LocalFile> = files.iter().map(|(file, _)| file.clone()).collect();
            let matcher = Matcher::new(trace::known(Trace { env: true, stores: false }, &local));
            // A watch is used for one scan.
            let _ = self.begun.set(Begun { files, matcher });
        }
    }

    fn file(&self, origin: &Origin, kind: FileKind, bytes: &[u8]) {
        let Some(begun) = self.begun.get() else { return };
        let found = begun.matcher.find(bytes);
        // In its own file a value stands once at least.
        let own = |known: &Known| known.label.ends_with(&format!(" of `{}`", origin.path));
        let found: Vec<_> = found.into_iter().filter(|(known, _)| !own(known)).collect();
        let mut locator = (!found.is_empty()).then(|| Locator::new(bytes));
        let place = |(known, at): (&Known, usize)| {
            Some((known.label.clone(), origin.path.clone(), locator.as_mut()?.position(at)))
        };
        let echoes: Vec<_> = found.into_iter().filter_map(place).collect();
        let mentions = mentions(origin, kind, bytes);
        if !echoes.is_empty() || !mentions.is_empty() {
            let mut gathered = self.gathered();
            gathered.echoes.extend(echoes);
            gathered.mentions.extend(mentions);
        }
    }

    fn large(&self, _: &Origin, _: FileKind) {}
}

/// What an example file or a document says of variables.
fn mentions(origin: &Origin, kind: FileKind, bytes: &[u8]) -> Vec<(String, PlacePath, Position)> {
    if !matches!(class::of(&origin.key.to_string(), kind), Some(Class::Document | Class::Dotenv)) {
        return Vec::new();
    }
    let Some(facts) = facts::read(origin, kind, bytes) else { return Vec::new() };
    let names: Vec<(String, Position)> = match facts.class {
        Class::Dotenv if is_example(&facts) => {
            facts.settings.into_iter().map(|setting| (setting.name, setting.at)).collect()
        }
        Class::Dotenv => Vec::new(),
        _ => facts.mentions,
    };
    names.into_iter().map(|(name, at)| (name, origin.path.clone(), at)).collect()
}

fn is_no_example(file: &LocalFile) -> bool {
    !is_example(&file.facts)
}

fn is_example(facts: &FileFacts) -> bool {
    matches!(facts.role, Role::Example | Role::Document)
}

/// What the repository around `root` tracks.
fn tracked_of(root: &Path) -> Option<HashSet<PlacePath>> {
    let full = root.canonicalize().ok()?;
    let repository = full.ancestors().find(|folder| folder.join(".git").exists())?;
    tracked::all(repository).ok()
}
