//! Revisions: what people type for a commit.
//!
//! Names of refs, ids and their beginnings, `HEAD`, and the suffixes `~N`, `^N` and `^{}`; a range is `A..B`.

use super::GitError;
use super::id::ObjectId;
use super::lookup::{Lookup, Reader};
use super::object::{Commit, ObjectKind, tag_target};
use super::refs::Refs;

/// Deepest chain of tags of tags that is followed.
pub const MAX_TAGS: usize = 4096;

/// Resolves what people type.
pub struct Revisions<'r> {
    /// The objects.
    pub objects: &'r Lookup,
    /// The refs.
    pub refs: &'r Refs,
}

impl Revisions<'_> {
    /// The commit that `text` names.
    ///
    /// # Errors
    /// It names none, or several.
    pub fn commit(&self, text: &str) -> Result<ObjectId, GitError> {
        let none = || GitError::NoRevision { name: text.to_owned() };
        let split = text.find(['~', '^']).unwrap_or(text.len());
        let start = self.base(&text[..split])?.ok_or_else(none)?;
        let mut reader = Reader::default();
        let mut commit = peel(self.objects, start, &mut reader).ok_or_else(none)?;
        let mut rest = &text[split..];
        while let Some(mark) = rest.chars().next() {
            rest = &rest[1..];
            if let Some(after) =
                rest.strip_prefix("{}").or_else(|| rest.strip_prefix("{commit}")).filter(|_| mark == '^')
            {
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

    fn parent(&self, commit: ObjectId, which: usize, reader: &mut Reader) -> Option<ObjectId> {
        let (_, bytes) = self.objects.read(&commit, reader).ok()?;
        Commit::parse(&bytes, self.objects.format).parents.get(which - 1).copied()
    }

    /// A name or an id, without suffixes.
    fn base(&self, name: &str) -> Result<Option<ObjectId>, GitError> {
        if let Some(id) = ObjectId::from_hex(name.as_bytes(), self.objects.format) {
            return Ok(Some(id));
        }
        if matches!(name, "HEAD" | "@" | "") {
            return Ok(self.refs.head());
        }
        // In git's order.
        for form in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
            let full = format!("{form}{name}");
            let all = self.refs.refs.iter().chain(&self.refs.heads).chain(&self.refs.remembered);
            if let Some(named) = all.into_iter().find(|one| one.name.bytes() == full.as_bytes()) {
                return Ok(Some(named.target));
            }
        }
        let remote = format!("refs/remotes/{name}/HEAD");
        if let Some(named) = self.refs.refs.iter().find(|one| one.name.bytes() == remote.as_bytes()) {
            return Ok(Some(named.target));
        }
        if name.len() < 4 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let mut reader = Reader::default();
        let ids = self.objects.with_prefix(name, 64);
        let mut commits = ids.into_iter().filter(|id| peel(self.objects, *id, &mut reader).is_some());
        match (commits.next(), commits.next()) {
            (Some(_), Some(_)) => Err(GitError::Ambiguous { name: name.to_owned() }),
            (one, _) => Ok(one),
        }
    }
}

/// The commit that an object is, or that a tag leads to.
pub fn peel(objects: &Lookup, id: ObjectId, reader: &mut Reader) -> Option<ObjectId> {
    end(objects, id, reader).and_then(|(kind, id)| (kind == ObjectKind::Commit).then_some(id))
}

/// The object itself, or what a tag leads to; `None` if it cannot be read.
pub fn end(objects: &Lookup, id: ObjectId, reader: &mut Reader) -> Option<(ObjectKind, ObjectId)> {
    let mut id = id;
    for _ in 0..=MAX_TAGS {
        let (kind, bytes) = objects.read(&id, reader).ok()?;
        if kind != ObjectKind::Tag {
            return Some((kind, id));
        }
        id = tag_target(&bytes, objects.format)?;
    }
    None
}
