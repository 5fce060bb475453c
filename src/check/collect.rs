//! Gathering the facts while the scan reads: every file is read once.

use super::class;
use super::facts::{self, FileFacts};
use super::history::HistoryFacts;
use super::ignored::IgnoreRules;
use super::parse::locate::Locator;
use super::project::{LocalFile, Project};
use super::trace::{self, Echo, Matcher, Trace, Traced};
use crate::blob::path::path_of;
use crate::blob::{FileKind, Origin, PlacePath};
use crate::finding::Finding;
use crate::rule::RuleSet;
use crate::source::files::Walked;
use crate::source::open::{Follow, OpenFile};
use crate::source::{Visitor, tracked};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Largest local environment file that is read, in bytes.
const MOST_LOCAL: u64 = 256 * 1024;

/// Gathers the facts of a project; give it to a scan, then [`Collector::finish`] it.
#[derive(Debug)]
pub struct Collector {
    root: PathBuf,
    trace: Trace,
    begun: OnceLock<Begun>,
    gathered: Mutex<Gathered>,
}

/// What is known before anything is read.
#[derive(Debug, Default)]
struct Begun {
    origins: Vec<Origin>,
    local: Vec<LocalFile>,
    matcher: Matcher,
}

#[derive(Debug, Default)]
struct Gathered {
    files: Vec<FileFacts>,
    echoes: Vec<Echo>,
    unread: Vec<(Origin, String)>,
}

impl Collector {
    /// A collector for a scan of `root`.
    pub fn new(root: &Path, trace: Trace) -> Self {
        Self { root: root.to_owned(), trace, begun: OnceLock::new(), gathered: Mutex::default() }
    }

    /// The values that are traced, for whoever reads more than the scan does.
    pub fn matcher(&self) -> Option<&Matcher> {
        self.begun.get().map(|begun| &begun.matcher)
    }

    /// The project, with what the scan found and what the history holds.
    pub fn finish(self, findings: Vec<Finding>, rules: Arc<RuleSet>, history: Option<HistoryFacts>) -> Project {
        let begun = self.begun.into_inner().unwrap_or_default();
        let mut gathered = self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        gathered.files.sort_by(|one, two| one.origin.cmp(&two.origin));
        gathered.unread.sort();
        gathered.echoes.sort_by(|one, two| (&one.origin, one.at, &one.label).cmp(&(&two.origin, two.at, &two.label)));
        let full = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        let repository = full.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let is_part = repository.as_ref().is_some_and(|repository| *repository != full);
        let base = repository.clone().unwrap_or(full);
        let traced = self.trace.env || self.trace.stores;
        let labels = begun.matcher.known().iter().map(|known| known.label.clone()).collect();
        Project {
            tracked: repository.as_deref().and_then(|repository| tracked::all(repository).ok()),
            is_repository: repository.is_some(),
            is_part,
            ignored: IgnoreRules::new(&base),
            base,
            files: gathered.files,
            origins: begun.origins,
            local: begun.local,
            findings,
            rules,
            history,
            traced: traced.then_some(Traced { labels, echoes: gathered.echoes }),
            unread: gathered.unread,
        }
    }

    fn gathered(&self) -> std::sync::MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visitor for Collector {
    fn begin(&self, walked: &Walked) {
        let local: Vec<LocalFile> = walked.ignored.iter().filter_map(|path| local_file(&self.root, path)).collect();
        let matcher = Matcher::new(trace::known(self.trace, &local));
        let origins = walked.files.iter().map(|file| file.origin.clone()).collect();
        // A collector is used for one scan.
        let _ = self.begun.set(Begun { origins, local, matcher });
    }

    fn file(&self, origin: &Origin, kind: FileKind, bytes: &[u8]) {
        if let Some(matcher) = self.matcher() {
            let found = matcher.find(bytes);
            if !found.is_empty() {
                let mut locator = Locator::new(bytes);
                let echo = |(known, at): (&trace::Known, usize)| Echo {
                    label: known.label.clone(),
                    origin: origin.clone(),
                    at: locator.position(at),
                };
                let echoes: Vec<Echo> = found.into_iter().map(echo).collect();
                self.gathered().echoes.extend(echoes);
            }
        }
        if let Some(facts) = facts::read(origin, kind, bytes) {
            let mut gathered = self.gathered();
            gathered.unread.extend(facts.trouble.clone().map(|why| (origin.clone(), why)));
            gathered.files.push(facts);
        }
    }

    fn large(&self, origin: &Origin, kind: FileKind) {
        let traced = self.trace.env || self.trace.stores;
        if traced || class::of(&origin.key.to_string(), kind).is_some() {
            self.gathered().unread.push((origin.clone(), "it is too large to be looked at as a whole".to_owned()));
        }
    }
}

/// The environment file at an ignored `path`, if it is one and can be read.
fn local_file(root: &Path, path: &PlacePath) -> Option<LocalFile> {
    let file = path_of(path.bytes());
    // Its place below what is scanned says what it speaks for, not the folders above.
    let key = PlacePath::from(file.strip_prefix(root).unwrap_or(&file));
    env_file(&Origin { path: path.clone(), key }, &file)
}

/// What stands at `file`, if it is an environment file and can be read.
pub(super) fn env_file(origin: &Origin, file: &Path) -> Option<LocalFile> {
    let name = file.file_name()?.to_string_lossy().to_ascii_lowercase();
    if !class::is_dotenv(&name) {
        return None;
    }
    let opened = OpenFile::open(file, Follow::Nothing).ok().filter(|opened| opened.len <= MOST_LOCAL)?;
    let mut bytes = vec![0; usize::try_from(opened.len).ok()?];
    let filled = opened.fill(&mut bytes, 0).ok()?;
    let kind = FileKind::of(origin.key.bytes(), &bytes[..filled]);
    let facts = facts::read(origin, kind, &bytes[..filled])?;
    Some(LocalFile { facts, mode: mode(file) })
}

#[cfg(unix)]
fn mode(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    file.symlink_metadata().ok().map(|metadata| metadata.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}
