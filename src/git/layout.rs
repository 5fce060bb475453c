//! Where the parts of a repository lie: work tree, linked work trees, bare, alternates.

use super::index::Index;
use super::settings::Settings;
use super::{Damage, DamageKind, GitError, file};
use crate::blob::path::path_of;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Most alternates that are followed; git itself stops at a depth of five.
const MAX_ALTERNATES: usize = 64;

/// What is done about objects that were left behind by something that was killed, and that git does not see any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftovers {
    /// They are read.
    Read,
    /// They are passed over, as git does.
    PassedOver,
}

/// The folders of a repository.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What belongs to this work tree alone: HEAD, index.
    pub git_dir: PathBuf,
    /// What all work trees share: objects, refs, configuration.
    pub common: PathBuf,
    /// The folder of the files, unless the repository is bare.
    pub work_tree: Option<PathBuf>,
    /// Further folders with objects: git keeps what a push brings apart until its hooks have agreed.
    pub quarantine: Vec<PathBuf>,
    /// How it stores things.
    pub settings: Settings,
}

impl Layout {
    /// Finds the repository at or above `path`.
    ///
    /// # Errors
    /// There is none, or what says where it lies cannot be read.
    pub fn discover(path: &Path) -> Result<Self, GitError> {
        let full = path.canonicalize().map_err(GitError::io(path))?;
        for folder in full.ancestors() {
            let dot_git = folder.join(".git");
            if is_git_dir(&dot_git) {
                return Self::new(dot_git, Some(folder.to_owned()));
            }
            if dot_git.is_file() {
                let pointed = pointer(&dot_git)?.map(|target| folder.join(target));
                if let Some(git_dir) = pointed.filter(|target| is_git_dir(target)) {
                    return Self::new(git_dir, Some(folder.to_owned()));
                }
            }
            if is_git_dir(folder) {
                let inside = folder.file_name().is_some_and(|name| name == ".git");
                let work_tree = folder.parent().filter(|_| inside).map(Path::to_owned);
                return Self::new(folder.to_owned(), work_tree);
            }
        }
        Err(GitError::NoRepository(path.to_owned()))
    }

    fn new(git_dir: PathBuf, work_tree: Option<PathBuf>) -> Result<Self, GitError> {
        let git_dir = git_dir.canonicalize().unwrap_or(git_dir);
        let common = match read_file(&git_dir.join("commondir"))? {
            Some(text) => {
                let target = git_dir.join(path_of(text.trim_ascii()));
                target.canonicalize().unwrap_or(target)
            }
            None => git_dir.clone(),
        };
        let settings = Settings::read(&common)?;
        Ok(Self { git_dir, common, work_tree, quarantine: Vec::new(), settings })
    }

    /// The private folders of all work trees: the main one's first, then the linked ones'.
    pub fn work_tree_dirs(&self) -> Vec<PathBuf> {
        let mut dirs = vec![self.common.clone()];
        let linked = fs::read_dir(self.common.join("worktrees")).into_iter().flatten().flatten();
        let mut linked: Vec<PathBuf> = linked.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        linked.sort();
        dirs.extend(linked);
        if !dirs.contains(&self.git_dir) {
            // It says itself to which repository it belongs, without standing among the others.
            dirs.push(self.git_dir.clone());
        }
        dirs
    }

    /// The index of the work tree with this folder in the repository.
    ///
    /// # Errors
    /// As for [`Index::read`].
    pub fn index(&self, git_dir: &Path) -> Result<Index, GitError> {
        Index::read(&git_dir.join("index"), git_dir, self.settings.format)
    }

    /// The folders with objects: the repository's own, those in quarantine, then their alternates'; and `leftovers`.
    pub fn object_dirs(&self, leftovers: Leftovers, damage: &mut Vec<Damage>) -> Vec<PathBuf> {
        let own = self.common.join("objects");
        let mut seen = BTreeSet::from([own.canonicalize().unwrap_or_else(|_| own.clone())]);
        let mut dirs = vec![own];
        let apart = self.quarantine.iter().filter(|folder| seen.insert(folder.canonicalize().unwrap_or_default()));
        dirs.extend(apart.cloned());
        let mut next = 0;
        while let Some(dir) = dirs.get(next).cloned() {
            next += 1;
            if leftovers == Leftovers::Read {
                let left = quarantines(&dir).into_iter();
                dirs.extend(left.filter(|folder| seen.insert(folder.canonicalize().unwrap_or_default())));
            }
            for alternate in alternates(&dir, damage) {
                match alternate.canonicalize() {
                    Ok(full) if dirs.len() < MAX_ALTERNATES => {
                        if seen.insert(full) {
                            dirs.push(alternate);
                        }
                    }
                    Ok(_) => {
                        damage.push(Damage::new(alternate.display(), DamageKind::Missing, "one alternate too many"));
                    }
                    Err(error) => damage.push(Damage::io(&alternate, &error)),
                }
            }
        }
        dirs
    }
}

/// What a push brought whose end nobody saw: folders with objects in `objects`.
fn quarantines(objects: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(objects).into_iter().flatten().flatten();
    let is_quarantine = |name: &[u8]| name.starts_with(b"tmp_objdir-") || name.starts_with(b"incoming-");
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| is_quarantine(entry.file_name().as_encoded_bytes()))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// Other object folders that `objects` names.
fn alternates(objects: &Path, damage: &mut Vec<Damage>) -> Vec<PathBuf> {
    let list = objects.join("info/alternates");
    let text = match read_file(&list) {
        Ok(text) => text.unwrap_or_default(),
        Err(GitError::Io { source, .. }) => {
            damage.push(Damage::io(&list, &source));
            return Vec::new();
        }
        Err(_) => return Vec::new(),
    };
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    lines.map(|line| objects.join(path_of(&unquoted(line).unwrap_or_else(|| line.to_vec())))).collect()
}

/// What git means by a name in quotes, in which some characters are written as in C; `None` if it is not in quotes.
fn unquoted(line: &[u8]) -> Option<Vec<u8>> {
    let mut rest = line.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut name = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            name.push(*first);
            continue;
        }
        let (mark, after) = rest.split_first()?;
        if let Some(digits) = rest.get(..3).filter(|digits| digits.iter().all(|digit| matches!(digit, b'0'..=b'7'))) {
            name.push(digits.iter().fold(0, |value: u8, digit| value << 3 | (digit - b'0')));
            rest = &rest[3..];
            continue;
        }
        rest = after;
        let meant = [(b'a', 7), (b'b', 8), (b'f', 12), (b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'v', 11)];
        name.push(meant.iter().find(|(letter, _)| letter == mark).map_or(*mark, |(_, byte)| *byte));
    }
    Some(name)
}

/// Does the folder look like the inside of a repository?
pub fn is_git_dir(folder: &Path) -> bool {
    folder.join("HEAD").symlink_metadata().is_ok()
        && (folder.join("objects").is_dir() || folder.join("commondir").is_file())
}

/// What a `.git` file points to.
fn pointer(file: &Path) -> Result<Option<PathBuf>, GitError> {
    let text = read_file(file)?.unwrap_or_default();
    Ok(text.strip_prefix(b"gitdir:").map(|target| path_of(target.trim_ascii())))
}

/// The content of a file; `None` if there is none.
pub(super) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, GitError> {
    match file::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(GitError::io(path)(error)),
    }
}
