//! Refs: the names from which history is reached, and what git itself remembers beside them.

use super::id::{ObjectFormat, ObjectId};
use super::layout::{Layout, read_file};
use super::reflog::{self, LogEntry};
use super::{Damage, DamageKind, GitError, file, reftable};
use crate::blob::PlacePath;
use crate::blob::path::path_of;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What git remembers of a running or past operation, in each work tree's folder, beside files whose names end in `_HEAD`.
const PSEUDO: &[&str] = &["AUTO_MERGE", "BISECT_EXPECTED_REV", "MERGE_AUTOSTASH", "NOTES_MERGE_PARTIAL"];

/// What it remembers of a rebase that goes on, and keeps as long as that does.
const REBASE: &[&str] =
    &["rebase-apply/autostash", "rebase-apply/orig-head", "rebase-merge/autostash", "rebase-merge/orig-head"];

/// Deepest chain of symbolic refs that is followed, as in git.
const MAX_SYMBOLIC: usize = 5;

/// A name and the object it points to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref {
    /// The full name: `refs/heads/main`, `HEAD`.
    pub name: PlacePath,
    /// The object.
    pub target: ObjectId,
}

impl Ref {
    /// Is it what a remote had when it was last asked?
    pub fn is_remote(&self) -> bool {
        // Maintenance that runs by itself fetches to a place of its own.
        [&b"refs/remotes/"[..], b"refs/prefetch/remotes/"].iter().any(|start| self.name.bytes().starts_with(start))
    }

    /// Is it the stash?
    pub fn is_stash(&self) -> bool {
        self.name.bytes() == b"refs/stash"
    }
}

/// The refs of a repository.
#[derive(Clone, Debug, Default)]
pub struct Refs {
    /// Everything under `refs/`, by name.
    pub refs: Vec<Ref>,
    /// HEAD of this work tree first, then those of the others.
    pub heads: Vec<Ref>,
    /// The branch that HEAD of this work tree stands on, even if it has no commit yet.
    pub branch: Option<PlacePath>,
    /// What git remembers beside refs: `ORIG_HEAD` and its relatives.
    pub remembered: Vec<Ref>,
    /// Names that lead to no object: of refs, and of what symbolic refs point to.
    pub nowhere: Vec<PlacePath>,
    /// All reflog entries.
    pub log: Vec<LogEntry>,
}

/// A ref as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// An object.
    Object(ObjectId),
    /// Another ref.
    Symbolic(Vec<u8>),
    /// Nothing: it was deleted, or writing it was given up. The name stays readable.
    Nothing,
}

impl Value {
    /// The ref that it points to.
    fn aim(&self) -> Option<PlacePath> {
        match self {
            Self::Symbolic(name) => Some(PlacePath::from(name.as_slice())),
            Self::Object(_) | Self::Nothing => None,
        }
    }
}

/// Refs by name.
pub(super) type Names = BTreeMap<Vec<u8>, Value>;

impl Refs {
    /// Reads all refs and reflogs; what cannot be read is told in `damage`.
    pub fn read(layout: &Layout, damage: &mut Vec<Damage>) -> Self {
        let format = layout.settings.format;
        let mut refs = Self::default();
        let mut shared = Names::new();
        if layout.settings.reftable {
            reftable::read(&layout.common.join("reftable"), format, &mut shared, &mut refs.log, damage);
        } else {
            report(packed(&layout.common, format, &mut shared), damage);
            loose(&layout.common.join("refs"), b"refs", format, &mut shared, damage);
        }
        for dir in layout.work_tree_dirs() {
            refs.read_work_tree(layout, &dir, &mut shared, damage);
        }
        for (name, value) in shared.iter().filter(|(name, _)| name.starts_with(b"refs/")) {
            let target = if let Value::Object(id) = value { Some(*id) } else { resolve(&shared, name) };
            if let Some(target) = target {
                refs.refs.push(Ref { name: PlacePath::from(name.as_slice()), target });
            } else {
                refs.nowhere.push(PlacePath::from(name.as_slice()));
            }
        }
        refs.nowhere.extend(shared.values().filter_map(Value::aim).filter(|aim| !shared.contains_key(aim.bytes())));
        reflog::read(&layout.common.join("logs"), format, &mut refs.log, damage);
        refs
    }

    /// Reads what belongs to one work tree.
    fn read_work_tree(&mut self, layout: &Layout, dir: &Path, shared: &mut Names, damage: &mut Vec<Damage>) {
        let format = layout.settings.format;
        let linked = dir != layout.common;
        let own = *dir == layout.git_dir;
        let mut names = Names::new();
        if layout.settings.reftable && linked {
            reftable::read(&dir.join("reftable"), format, &mut names, &mut self.log, damage);
        } else if layout.settings.reftable {
            names.extend(
                shared
                    .iter()
                    .filter(|(name, _)| !name.starts_with(b"refs/"))
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
        } else {
            head_of(dir, format, &mut names, damage);
            if linked {
                loose(&dir.join("refs"), b"refs", format, &mut names, damage);
                reflog::read(&dir.join("logs"), format, &mut self.log, damage);
            }
        }
        if let Some(Value::Symbolic(branch)) = names.get(&b"HEAD"[..])
            && own
        {
            self.branch = Some(PlacePath::from(branch.as_slice()));
        }
        // Git's own names for what belongs to another work tree.
        let label = match dir.file_name() {
            _ if own => None,
            Some(name) if linked => Some(format!("worktrees/{}/", name.to_string_lossy())),
            _ => Some("main-worktree/".to_owned()),
        };
        for (name, value) in names {
            let target = match &value {
                Value::Object(id) => Some(*id),
                Value::Symbolic(to) => resolve(shared, to),
                Value::Nothing => None,
            };
            let shown = label.as_ref().map_or_else(|| name.clone(), |label| [label.as_bytes(), &name].concat());
            let shown = PlacePath::from(shown.as_slice());
            let Some(target) = target else {
                // What a HEAD in a file says is read with the other files.
                if layout.settings.reftable || name != b"HEAD" {
                    self.nowhere.push(shown);
                    self.nowhere.extend(value.aim());
                }
                continue;
            };
            let found = Ref { name: shown, target };
            match () {
                () if name == b"HEAD" && own => self.heads.insert(0, found),
                () if name == b"HEAD" => self.heads.push(found),
                () if name.starts_with(b"refs/") => self.refs.push(found),
                () => self.remembered.push(found),
            }
        }
        self.remembered.extend(root_files(dir).iter().flat_map(|name| remembered(dir, name, format)));
    }

    /// The commit that HEAD of this work tree stands on.
    pub fn head(&self) -> Option<ObjectId> {
        self.heads.first().filter(|head| head.name.bytes() == b"HEAD").map(|head| head.target)
    }
}

/// The commit that HEAD of this work tree stands on, without reading more refs than it takes.
pub fn head(layout: &Layout, damage: &mut Vec<Damage>) -> Option<ObjectId> {
    if layout.settings.reftable {
        return Refs::read(layout, damage).head();
    }
    let format = layout.settings.format;
    let mut names = Names::new();
    head_of(&layout.git_dir, format, &mut names, damage);
    let mut name = match names.remove(&b"HEAD"[..])? {
        Value::Object(id) => return Some(id),
        Value::Symbolic(name) => name,
        Value::Nothing => return None,
    };
    for _ in 0..MAX_SYMBOLIC {
        let text = read_file(&layout.common.join(path_of(&name))).ok().flatten();
        match text.and_then(|text| parse(&text, format)) {
            Some(Value::Object(id)) => return Some(id),
            Some(Value::Symbolic(next)) => name = next,
            Some(Value::Nothing) | None => {
                report(packed(&layout.common, format, &mut names), damage);
                return resolve(&names, &name);
            }
        }
    }
    None
}

fn report(result: Result<(), GitError>, damage: &mut Vec<Damage>) {
    if let Err(GitError::Io { path, source }) = result {
        damage.push(Damage::io(&path, &source));
    }
}

/// Follows symbolic refs.
fn resolve(names: &Names, name: &[u8]) -> Option<ObjectId> {
    let mut name = name.to_vec();
    for _ in 0..MAX_SYMBOLIC {
        match names.get(&name)? {
            Value::Object(id) => return Some(*id),
            Value::Symbolic(next) => name.clone_from(next),
            Value::Nothing => return None,
        }
    }
    None
}

fn parse(text: &[u8], format: ObjectFormat) -> Option<Value> {
    let text = text.trim_ascii();
    match text.strip_prefix(b"ref:") {
        Some(name) => Some(Value::Symbolic(name.trim_ascii().to_vec())),
        None => ObjectId::from_hex(text.get(..2 * format.len())?, format).map(Value::Object),
    }
}

fn head_of(dir: &Path, format: ObjectFormat, names: &mut Names, damage: &mut Vec<Damage>) {
    let file = dir.join("HEAD");
    match read_file(&file) {
        Ok(text) => {
            let value = text.as_deref().and_then(|text| parse(text, format));
            if value.is_none() {
                damage.push(Damage::new(file.display(), DamageKind::Corrupt, "it names neither a branch nor a commit"));
            }
            names.extend(value.map(|value| (b"HEAD".to_vec(), value)));
        }
        error => report(error.map(drop), damage),
    }
}

/// Reads `packed-refs`.
fn packed(common: &Path, format: ObjectFormat, names: &mut Names) -> Result<(), GitError> {
    let text = read_file(&common.join("packed-refs"))?.unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#") && !line.starts_with(b"^"));
    let packed = lines.filter_map(|line| {
        let space = memchr::memchr(b' ', line)?;
        let id = ObjectId::from_hex(&line[..space], format)?;
        Some((line[space + 1..].trim_ascii_end().to_vec(), Value::Object(id)))
    });
    // They stand in order, which makes a map of all at once much cheaper than one name after the other.
    names.append(&mut packed.collect());
    Ok(())
}

/// Reads the files of a folder of refs; they override packed ones.
fn loose(folder: &Path, prefix: &[u8], format: ObjectFormat, names: &mut Names, damage: &mut Vec<Damage>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = [prefix, b"/", entry.file_name().as_encoded_bytes()].concat();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            loose(&entry.path(), &name, format, names, damage);
            continue;
        }
        match file::read(&entry.path()) {
            Ok(text) => match parse(&text, format) {
                Some(value) => drop(names.insert(name, value)),
                // A lock or an empty file that a crash left.
                None if text.trim_ascii().is_empty() || name.ends_with(b".lock") => {
                    names.entry(name).or_insert(Value::Nothing);
                }
                None => damage.push(Damage::new(entry.path().display(), DamageKind::Corrupt, "it holds no id")),
            },
            Err(error) => damage.push(Damage::io(&entry.path(), &error)),
        }
    }
}

/// The files in a work tree's folder that remember objects: git gives them names in capitals.
fn root_files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let is_root = |name: &String| {
        let capitals = name.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'));
        capitals && name.ends_with("_HEAD") || PSEUDO.contains(&name.as_str())
    };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(is_root).collect();
    names.sort();
    names.extend(REBASE.iter().map(|&name| name.to_owned()));
    names
}

/// The objects that a file such as `FETCH_HEAD` names, one to a line.
fn remembered(dir: &Path, name: &str, format: ObjectFormat) -> Vec<Ref> {
    let text = read_file(&dir.join(name)).ok().flatten().unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n');
    let ids = lines.filter_map(|line| ObjectId::from_hex(line.get(..2 * format.len())?, format));
    ids.map(|target| Ref { name: PlacePath::from(name), target }).collect()
}
