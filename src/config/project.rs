//! The project that a run looks at: where its root is, and its own files of policy, as they are or as they were.

use super::stated::Authority;
use super::{ConfigError, shown};
use crate::git::object::{Commit, Entries, EntryKind};
use crate::git::refs::Refs;
use crate::git::revision::Revisions;
use crate::git::{Layout, Leftovers, Lookup, ObjectId, ObjectKind, Reader};
use crate::source::open::{Follow, OpenFile};
use std::path::{Component, Path, PathBuf};

/// Largest file of a policy that is read, in bytes.
const MAX_FILE: u64 = 32 << 20;

/// Whether the project's own word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// As it stands there.
    #[default]
    Project,
    /// Not at all.
    Refused,
    /// As it was at a revision, so that a change cannot switch off what looks at it.
    Revision(String),
}

/// The files of a project that state its policy.
#[derive(Debug)]
pub enum ProjectFiles {
    /// There is no one project.
    Nowhere,
    /// As they lie in this folder.
    Folder(PathBuf),
    /// As a commit has them.
    Commit(Box<CommitFiles>),
    /// As they lie in this folder, and not obeyed.
    Refused(PathBuf),
}

/// The files of a commit.
#[derive(Debug)]
pub struct CommitFiles {
    objects: Lookup,
    tree: ObjectId,
    revision: String,
}

/// The root of the project that `place` belongs to: of the repository, or else of what is looked at.
pub fn root_of(place: &Path) -> Option<PathBuf> {
    // Of what is not there, or leads nowhere, the folder counts.
    let folder = || std::path::absolute(place).ok()?.parent()?.canonicalize().ok();
    let full = place.canonicalize().ok().or_else(folder)?;
    let repository = full.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let own = || if full.is_dir() { Some(full.clone()) } else { full.parent().map(Path::to_owned) };
    repository.or_else(own)
}

/// Is `place` all of the project that it belongs to?
pub fn is_whole(place: &Path) -> bool {
    place.canonicalize().is_ok_and(|full| root_of(place) == Some(full))
}

impl ProjectFiles {
    /// The files of the project at or above `place`.
    ///
    /// # Errors
    /// There is no such revision, or the repository cannot be read.
    pub fn of(place: &Path, trust: &Trust) -> Result<Self, ConfigError> {
        match (trust, root_of(place)) {
            (Trust::Revision(revision), _) => {
                CommitFiles::open(place, revision).map(|files| Self::Commit(Box::new(files)))
            }
            (_, None) => Ok(Self::Nowhere),
            (Trust::Refused, Some(root)) => Ok(Self::Refused(root)),
            // A repository without files has them in its last commit.
            (Trust::Project, Some(root)) if is_bare(&root) => {
                Ok(CommitFiles::open(&root, "HEAD").map_or(Self::Nowhere, |files| Self::Commit(Box::new(files))))
            }
            (Trust::Project, Some(root)) => Ok(Self::Folder(root)),
        }
    }

    /// Who says what the files say.
    pub fn authority(&self) -> Authority {
        match self {
            Self::Commit(files) => Authority::Revision(files.revision.clone()),
            Self::Refused(_) => Authority::Refused,
            Self::Folder(_) | Self::Nowhere => Authority::Project,
        }
    }

    /// What the file `name` is called.
    pub fn shown(&self, name: &str) -> String {
        match self {
            Self::Folder(root) | Self::Refused(root) => shown(&root.join(name)),
            Self::Commit(_) | Self::Nowhere => name.to_owned(),
        }
    }

    /// What the file at `path` from the root holds; none if there is no such file.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ConfigError> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Folder(root) => {
                let file = root.join(path);
                if file.symlink_metadata().is_err() {
                    return Ok(None);
                }
                read_file(&file, Follow::Nothing)
                    .map(Some)
                    .map_err(|why| ConfigError::Unreadable { file: shown(&file), why })
            }
            Self::Commit(files) => files.read(path),
            Self::Refused(root) => Ok(root.join(path).symlink_metadata().is_ok().then(Vec::new)),
        }
    }
}

/// Is the folder the inside of a repository?
fn is_bare(root: &Path) -> bool {
    !root.join(".git").exists() && root.join("HEAD").is_file() && root.join("objects").is_dir()
}

impl CommitFiles {
    fn open(place: &Path, revision: &str) -> Result<Self, ConfigError> {
        let failed = |source| ConfigError::Revision { revision: revision.to_owned(), source };
        let layout = Layout::discover(place).map_err(failed)?;
        let mut damage = Vec::new();
        let objects = Lookup::open(&layout, Leftovers::PassedOver, &mut damage);
        let refs = Refs::read(&layout, &mut damage);
        let commit = Revisions { objects: &objects, refs: &refs }.commit(revision).map_err(failed)?;
        let damaged = |why: String| ConfigError::Damaged { revision: revision.to_owned(), why };
        let (_, bytes) = objects.read(&commit, &mut Reader::default()).map_err(|damage| damaged(damage.why))?;
        let tree = Commit::parse(&bytes, objects.format).tree.ok_or_else(|| damaged("it has no files".to_owned()))?;
        Ok(Self { objects, tree, revision: revision.to_owned() })
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ConfigError> {
        let damaged = |why: String| ConfigError::Damaged { revision: self.revision.clone(), why };
        let mut reader = Reader::default();
        let (mut at, mut parts) = (self.tree, path.split('/').peekable());
        while let Some(part) = parts.next() {
            let (kind, tree) = self.objects.read(&at, &mut reader).map_err(|damage| damaged(damage.why))?;
            if kind != ObjectKind::Tree {
                return Err(damaged(format!("`{path}` leads through what is no folder")));
            }
            let wanted = if parts.peek().is_some() { EntryKind::Tree } else { EntryKind::Blob };
            let entry = Entries::new(&tree, self.objects.format)
                .find(|entry| entry.name == part.as_bytes() && entry.kind == wanted);
            let Some(entry) = entry else { return Ok(None) };
            at = ObjectId::new(entry.id);
        }
        let (_, bytes) = self.objects.read(&at, &mut reader).map_err(|damage| damaged(damage.why))?;
        Ok(Some(bytes))
    }
}

/// Reads a file that somebody else may have put there.
pub(super) fn read_file(path: &Path, follow: Follow) -> Result<Vec<u8>, String> {
    if follow == Follow::Nothing && path.is_symlink() {
        return Err("it is a symbolic link: put the file itself in its place".to_owned());
    }
    let opened = OpenFile::open(path, follow).map_err(|reason| reason.to_string())?;
    if opened.len > MAX_FILE {
        return Err(format!("it is larger than {} MB", MAX_FILE >> 20));
    }
    let mut bytes = vec![0; usize::try_from(opened.len).unwrap_or_default()];
    let filled = opened.fill(&mut bytes, 0).map_err(|error| error.to_string())?;
    bytes.truncate(filled);
    Ok(bytes)
}

/// Where the rule files lie that a configuration names.
pub(super) enum PackReader<'r> {
    /// In the project, from its root; nothing outside of it is read on its word.
    Project(&'r ProjectFiles),
    /// Beside the file that was named.
    Beside(&'r Path),
}

impl PackReader<'_> {
    /// What the file holds.
    pub(super) fn read(&self, file: &str) -> Result<Vec<u8>, String> {
        if file.contains("://") {
            return Err(format!("`{file}` is no local file: caulk uses no network, so download it and pin it"));
        }
        match self {
            Self::Project(files) => {
                let inside = Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
                if !inside || file.contains('\\') {
                    return Err(format!(
                        "`{file}` has to be a path inside of the project, from its root; `--config` may name others"
                    ));
                }
                let read = files.read(file).map_err(|error| error.to_string())?;
                read.ok_or_else(|| format!("there is no rule file `{file}`"))
            }
            Self::Beside(config) => {
                let path = config.parent().unwrap_or(Path::new("")).join(file);
                read_file(&path, Follow::Links).map_err(|why| format!("the rule file `{file}` {why}"))
            }
        }
    }
}
