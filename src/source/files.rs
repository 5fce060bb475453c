//! The walk: which files there are to scan, which are ignored, and what cannot be read.
//!
//! Git's ignore rules decide inside of repositories, as git applies them; hidden files are scanned, `.git` is not. What is
//! left out is named: ignored entries are a fact of the result, and files that git tracks are scanned even where a rule
//! would ignore them.

use super::open::{self, Follow};
use super::{Skip, SkipReason, tracked};
use crate::blob::{Origin, PlacePath};
use crate::regular::special_kind;
use globset::GlobSet;
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Whether git's ignore rules are followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignored {
    /// What git ignores is left out and named.
    #[default]
    LeftOut,
    /// Everything is read.
    Read,
}

/// Whether names that begin with a dot are walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    /// They are read: secrets like to stand in them.
    #[default]
    Read,
    /// They are left out.
    LeftOut,
}

/// How to walk.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Git's ignore rules.
    pub ignored: Ignored,
    /// Hidden names.
    pub hidden: Hidden,
    /// Paths to leave out, relative to what is scanned.
    pub exclude: Option<GlobSet>,
    /// Paths to leave out, from the root of the project.
    pub leave_out: Option<GlobSet>,
    /// Threads; 0 is one for each core.
    pub threads: usize,
}

/// A file to scan.
#[derive(Clone, Debug)]
pub struct FileEntry {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called.
    pub origin: Origin,
    /// Is a link in its place followed?
    pub follow: Follow,
}

/// What a walk found; all lists are sorted.
#[derive(Debug, Default)]
pub struct Walked {
    /// Files to scan.
    pub files: Vec<FileEntry>,
    /// What will not be scanned.
    pub skips: Vec<Skip>,
    /// Files and folders that git ignores; folders are not looked into.
    pub ignored: Vec<PlacePath>,
}

/// Walks all of `roots`.
///
/// # Errors
/// A root does not exist.
pub fn walk(roots: &[PathBuf], options: &WalkOptions) -> Result<Walked, (PathBuf, io::Error)> {
    let mut walked = Walked::default();
    for root in roots {
        let root = Root::new(root).map_err(|error| (root.clone(), error))?;
        root.walk(options, &mut walked);
    }
    walked.files.par_sort_unstable_by(|one, two| one.origin.cmp(&two.origin));
    if roots.len() > 1 {
        // Roots can lie inside of each other.
        let mut seen = HashSet::new();
        walked.files.retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
    }
    walked.skips.sort();
    walked.skips.dedup();
    walked.ignored.sort();
    walked.ignored.dedup();
    Ok(walked)
}

/// What the options leave out, git's rules aside.
#[derive(Clone)]
struct Wanted {
    root: PathBuf,
    hidden: Hidden,
    exclude: Option<GlobSet>,
    /// Matched behind the prefix that makes paths stable.
    leave_out: Option<(GlobSet, PathBuf)>,
}

impl Wanted {
    /// Is the entry at `path` wanted, if the folder it stands in is?
    fn entry(&self, path: &Path) -> bool {
        let name = path.file_name().map(OsStr::as_encoded_bytes).unwrap_or_default();
        let hidden = self.hidden == Hidden::LeftOut && name.starts_with(b".");
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let left_out = |(globs, prefix): &(GlobSet, PathBuf)| globs.is_match(prefix.join(below));
        name != b".git"
            && !hidden
            && !self.exclude.as_ref().is_some_and(|globs| globs.is_match(below))
            && !self.leave_out.as_ref().is_some_and(left_out)
    }

    /// Is the entry at `path`, with all folders down to it, wanted?
    fn path(&self, path: &Path) -> bool {
        path.ancestors().take_while(|ancestor| *ancestor != self.root).all(|ancestor| self.entry(ancestor))
    }
}

/// One path to walk.
struct Root {
    path: PathBuf,
    /// What stands in front of paths below this root to make them stable.
    key_prefix: PathBuf,
    /// The work tree it lies in.
    repository: Option<PathBuf>,
}

impl Root {
    fn new(path: &Path) -> io::Result<Self> {
        let full = path.canonicalize().or_else(|error| match error.kind() {
            // A link that leads nowhere is a fact about the tree; the walk will say so.
            io::ErrorKind::NotFound if path.symlink_metadata().is_ok() => std::path::absolute(path),
            _ => Err(error),
        })?;
        let repository = full.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let own = if full.is_dir() { full.as_path() } else { full.parent().unwrap_or(&full) };
        let base = repository.as_deref().unwrap_or(own);
        let key_prefix = full.strip_prefix(base).map(Path::to_owned).unwrap_or_default();
        Ok(Self { path: path.to_owned(), key_prefix, repository })
    }

    fn origin(&self, path: &Path) -> Origin {
        let below = path.strip_prefix(&self.path).unwrap_or(path);
        let key = if below.as_os_str().is_empty() { self.key_prefix.clone() } else { self.key_prefix.join(below) };
        let shown = path.strip_prefix(".").ok().filter(|shown| !shown.as_os_str().is_empty()).unwrap_or(path);
        Origin { path: shown.into(), key: key.as_path().into() }
    }

    fn walk(&self, options: &WalkOptions, walked: &mut Walked) {
        let by_git = options.ignored == Ignored::LeftOut;
        let mut builder = WalkBuilder::new(&self.path);
        builder
            .hidden(options.hidden == Hidden::LeftOut)
            .ignore(false)
            .parents(by_git)
            .follow_links(false)
            .threads(options.threads);
        builder.git_ignore(by_git).git_global(by_git).git_exclude(by_git);
        let wanted = Wanted {
            root: self.path.clone(),
            hidden: options.hidden,
            exclude: options.exclude.clone(),
            leave_out: options.leave_out.clone().map(|globs| (globs, self.key_prefix.clone())),
        };
        let asked = wanted.clone();
        builder.filter_entry(move |entry| entry.depth() == 0 || asked.entry(entry.path()));
        let all = Mutex::new(Found::default());
        builder.build_parallel().visit(&mut Collector { root: self, all: &all });
        let found = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        walked.skips.extend(found.skips);
        if by_git {
            self.add_ignored(&wanted, &found.folders, &found.files, walked);
        }
        walked.files.extend(found.files);
    }

    /// Names what was left out of the walked folders, and adds the files among it that git tracks all the same.
    fn add_ignored(&self, wanted: &Wanted, folders: &[PathBuf], files: &[FileEntry], walked: &mut Walked) {
        // Each repository once, by its real place; the root's own may be one of the folders.
        let nested = folders.iter().filter(|folder| folder.join(".git").exists()).cloned();
        let known = self.repository.iter().cloned().chain(nested);
        let repositories: BTreeMap<PathBuf, PathBuf> =
            known.map(|folder| (folder.canonicalize().unwrap_or_else(|_| folder.clone()), folder)).collect();
        if repositories.is_empty() {
            return;
        }
        let seen: HashSet<&Path> =
            files.iter().map(|file| file.path.as_path()).chain(folders.iter().map(PathBuf::as_path)).collect();
        let skipped: HashSet<&PlacePath> = walked.skips.iter().map(|skip| &skip.path).collect();
        let left_out = |folder: &PathBuf| -> Vec<PathBuf> {
            let Ok(entries) = folder.read_dir() else { return Vec::new() };
            let paths = entries.flatten().map(|entry| folder.join(entry.file_name()));
            let new = paths.filter(|path| !seen.contains(path.as_path()) && !skipped.contains(&self.origin(path).path));
            new.filter(|path| wanted.entry(path)).collect()
        };
        let ignored: BTreeSet<PathBuf> = folders.par_iter().flat_map_iter(left_out).collect();
        if ignored.is_empty() {
            return;
        }
        let mut tracked_all = BTreeSet::new();
        for repository in repositories.values() {
            match tracked::below(repository, &self.path, &ignored) {
                Ok(paths) => {
                    for path in paths.into_iter().filter(|path| wanted.path(path)) {
                        walked.files.push(FileEntry {
                            origin: self.origin(&path),
                            path: path.clone(),
                            follow: Follow::Nothing,
                        });
                        tracked_all.insert(path);
                    }
                }
                Err(why) => {
                    let path = self.origin(&repository.join(".git")).path;
                    walked.skips.push(Skip { path, reason: SkipReason::Index(why) });
                }
            }
        }
        let left = ignored.iter().filter(|path| !tracked_all.contains(*path));
        walked.ignored.extend(left.map(|path| self.origin(path).path));
    }

    fn visit(&self, entry: Result<DirEntry, ignore::Error>, found: &mut Found) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return found.skips.extend(self.skip_of(&error)),
        };
        // A missing type is standard input, which is not walked.
        let Some(kind) = entry.file_type() else { return };
        let (depth, path) = (entry.depth(), entry.into_path());
        match () {
            () if kind.is_dir() => found.folders.push(path),
            () if kind.is_symlink() && depth > 0 => found.skip(self, &path, SkipReason::Link),
            () if kind.is_file() || kind.is_symlink() => {
                let follow = if depth == 0 { Follow::Links } else { Follow::Nothing };
                found.files.push(FileEntry { origin: self.origin(&path), path, follow });
            }
            // Somebody named it and expects it to be read.
            () if depth == 0 => {
                let what = special_kind(kind);
                found.skip(self, &path, SkipReason::Unreadable(format!("it is a {what}; pipe it into `caulk scan -`")));
            }
            () => found.skip(self, &path, SkipReason::Special(special_kind(kind))),
        }
    }

    fn skip_of(&self, error: &ignore::Error) -> Option<Skip> {
        let path = path_of(error).map_or_else(|| self.path.clone(), Path::to_owned);
        let path = self.origin(&path).path;
        let reason = match error.io_error() {
            Some(io) => open::reason(io),
            // A rule of an ignore file that does not parse: git passes over it as well.
            None if matches!(error, ignore::Error::Partial(_)) => return None,
            None => SkipReason::Unreadable(error.to_string()),
        };
        Some(Skip { path, reason })
    }
}

/// What one thread, and in the end all of them, came across.
#[derive(Default)]
struct Found {
    files: Vec<FileEntry>,
    folders: Vec<PathBuf>,
    skips: Vec<Skip>,
}

impl Found {
    fn skip(&mut self, root: &Root, path: &Path, reason: SkipReason) {
        self.skips.push(Skip { path: root.origin(path).path, reason });
    }
}

/// Makes a visitor for each thread of the walk.
struct Collector<'s> {
    root: &'s Root,
    all: &'s Mutex<Found>,
}

impl<'s> ParallelVisitorBuilder<'s> for Collector<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { root: self.root, all: self.all, found: Found::default() })
    }
}

/// Collects on its own and hands over when its thread is done.
struct Visitor<'s> {
    root: &'s Root,
    all: &'s Mutex<Found>,
    found: Found,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        self.root.visit(entry, &mut self.found);
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.files.append(&mut self.found.files);
        all.folders.append(&mut self.found.folders);
        all.skips.append(&mut self.found.skips);
    }
}

/// The path an error of the walk speaks of.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.first().and_then(path_of),
        _ => None,
    }
}
