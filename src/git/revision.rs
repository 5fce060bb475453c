//! Revisions: what people type for a commit.
//!
//! Names of refs, ids and their beginnings, `HEAD`, and the suffixes `~N`, `^N` and `^{}`; a range is `A..B`.

use super::id::ObjectId;
use super::object::{Commit, ObjectKind, tag_target};
use super::refs::Refs;
use super::store::{ObjectNumber, ObjectStore, Reader};
use super::GitError;

/// Deepest chain of tags of tags that is followed.
const MAX_TAGS: usize = 16;

/// Resolves what people type.
pub struct Revisions<'r> {
    /// The objects.
    pub store: &'r ObjectStore,
    /// The refs.
    pub refs: &'r Refs,
}

impl Revisions<'_> {
    /// The commit that `text` names.
    ///
    /// # Errors
    /// It names none, or several.
    pub fn commit(&self, text: &str) -> Result<ObjectNumber, GitError> {
        let none = || GitError::NoRevision { name: text.to_owned() };
        let split = text.find(['~', '^']).unwrap_or(text.len());
        let start = self.base(&text[..split])?.ok_or_else(none)?;
        let mut reader = Reader::default();
        let mut commit = peel(self.store, start, &mut reader).ok_or_else(none)?;
        let mut rest = &text[split..];
        while let Some(mark) = rest.chars().next() {
            rest = &rest[1..];
            if let Some(after) = rest.strip_prefix("{}").or_else(|| rest.strip_prefix("{commit}")).filter(|_| mark == '^') {
                rest = after;
                continue;
            }
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: usize = if digits == 0 { 1 } else { rest[..digits].parse().map_err(|_| none())? };
            rest = &rest[digits..];
            commit = match mark {
                '~' => (0..number).try_fold(commit, |at, _| self.parent(at, 1, &mut reader)),
                '^' if number == 0 => Some(commit),
                '^' => self.parent(commit, number, &mut reader),
                _ => None,
            }
            .ok_or_else(none)?;
        }
        Ok(commit)
    }

    fn parent(&self, commit: ObjectNumber, which: usize, reader: &mut Reader) -> Option<ObjectNumber> {
        let (_, bytes) = self.store.read(commit, reader).ok()?;
        let parents = Commit::parse(&bytes, self.store.format).parents;
        self.store.find(parents.get(which - 1)?.bytes())
    }

    /// A name or an id, without suffixes.
    fn base(&self, name: &str) -> Result<Option<ObjectNumber>, GitError> {
        let found = |id: ObjectId| self.store.find(id.bytes());
        if let Some(id) = ObjectId::from_hex(name.as_bytes(), self.store.format) {
            return Ok(found(id));
        }
        if matches!(name, "HEAD" | "@" | "") {
            return Ok(self.refs.head().and_then(found));
        }
        // In git's order.
        for form in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
            let full = format!("{form}{name}");
            let all = self.refs.refs.iter().chain(&self.refs.heads).chain(&self.refs.remembered);
            if let Some(named) = all.into_iter().find(|one| one.name.bytes() == full.as_bytes()) {
                return Ok(found(named.target));
            }
        }
        let remote = format!("refs/remotes/{name}/HEAD");
        if let Some(named) = self.refs.refs.iter().find(|one| one.name.bytes() == remote.as_bytes()) {
            return Ok(found(named.target));
        }
        if name.len() < 4 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let ids = self.store.find_prefix(name);
        let mut reader = Reader::default();
        let mut commits = ids.iter().filter_map(|id| found(*id)).filter(|&number| peel(self.store, number, &mut reader).is_some());
        match (commits.next(), commits.next()) {
            (Some(_), Some(_)) => Err(GitError::Ambiguous { name: name.to_owned() }),
            (one, _) => Ok(one),
        }
    }
}

/// The commit that an object is, or that a tag leads to.
pub fn peel(store: &ObjectStore, number: ObjectNumber, reader: &mut Reader) -> Option<ObjectNumber> {
    let mut number = number;
    for _ in 0..MAX_TAGS {
        let (kind, bytes) = store.read(number, reader).ok()?;
        match kind {
            ObjectKind::Commit => return Some(number),
            ObjectKind::Tag => number = store.find(tag_target(&bytes, store.format)?.bytes())?,
            ObjectKind::Tree | ObjectKind::Blob => return None,
        }
    }
    None
}
