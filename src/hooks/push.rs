//! Pushes: which refs they move, and which commits they add.
//!
//! What a push adds is what its new tips lead to and what the other side has not: whatever is forced, created or renamed.

use crate::git::refs::{Ref, Refs};
use crate::git::revision::{Revisions, peel};
use crate::git::{Damage, GitError, Layout, Leftovers, Lookup, ObjectFormat, ObjectId, Reader};
use crate::history::Range;

/// What a hook was told that it cannot use.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// A line that is none of git's.
    #[error("line {line} of what git gives to this hook is no `{form}`: `{text}`")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What it should look like.
        form: &'static str,
        /// What it is.
        text: String,
    },
    /// A ref is to point to what is not here.
    #[error("`{name}` is to become {id}, which is not in this repository")]
    Missing {
        /// The ref.
        name: String,
        /// The object.
        id: ObjectId,
    },
}

/// A ref that a push moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// Its name on the other side.
    pub name: String,
    /// What it was there; nothing if it is new.
    pub old: Option<ObjectId>,
    /// What it will be; nothing if it is deleted.
    pub new: Option<ObjectId>,
}

/// What the receiving side has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'n> {
    /// What the remote of this name had when it was last asked.
    Remote(&'n str),
    /// Everything that the refs of this repository lead to, since it is the one that receives.
    Here,
}

impl RefUpdate {
    /// The updates in what git gives to `pre-push`.
    ///
    /// # Errors
    /// A line is not of git's form.
    pub fn of_pre_push(text: &[u8], format: ObjectFormat) -> Result<Vec<Self>, HookError> {
        // What is pushed can be any expression, even one with blanks: fields are counted from the right.
        parse(text, "LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID", |line| {
            let mut fields = line.rsplitn(4, ' ');
            let (old, name, new) = (fields.next()?, fields.next()?, fields.next()?);
            fields.next()?;
            Self::new(name, old, new, format)
        })
    }

    /// The updates in what git gives to `pre-receive`.
    ///
    /// # Errors
    /// A line is not of git's form.
    pub fn of_pre_receive(text: &[u8], format: ObjectFormat) -> Result<Vec<Self>, HookError> {
        parse(text, "OLD-ID NEW-ID REF", |line| {
            let mut fields = line.splitn(3, ' ');
            let (old, new) = (fields.next()?, fields.next()?);
            Self::new(fields.next()?, old, new, format)
        })
    }

    /// One update, from a name and two ids in hexadecimal digits; nothing if they are none.
    pub fn new(name: &str, old: &str, new: &str, format: ObjectFormat) -> Option<Self> {
        let id = |text: &str| ObjectId::from_hex(text.as_bytes(), format);
        let given = |id: ObjectId| (!id.is_null()).then_some(id);
        Some(Self { name: name.to_owned(), old: given(id(old)?), new: given(id(new)?) })
    }
}

fn parse(
    text: &[u8],
    form: &'static str,
    update: impl Fn(&str) -> Option<RefUpdate>,
) -> Result<Vec<RefUpdate>, HookError> {
    let text = String::from_utf8_lossy(text);
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.map(|(number, line)| {
        let short = || line.chars().take(80).flat_map(char::escape_default).collect();
        update(line).ok_or_else(|| HookError::Line { line: number, form, text: short() })
    });
    lines.collect()
}

/// The commit that `text` names in the repository.
///
/// # Errors
/// It names none, or several.
pub fn resolve(layout: &Layout, text: &str) -> Result<ObjectId, GitError> {
    let mut damage = Vec::new();
    let (objects, refs) = (Lookup::open(layout, Leftovers::PassedOver, &mut damage), Refs::read(layout, &mut damage));
    Revisions { objects: &objects, refs: &refs }.commit(text)
}

/// What these updates add to what the other side has; nothing if they only take away.
///
/// # Errors
/// A ref is to point to an object that is not here.
pub fn added(layout: &Layout, updates: &[RefUpdate], known: Known<'_>) -> Result<Option<Range>, HookError> {
    if updates.iter().all(|update| update.new.is_none()) {
        return Ok(None);
    }
    // What cannot be read is told by the scan of the range, which reads it again.
    let mut damage: Vec<Damage> = Vec::new();
    let objects = Lookup::open(layout, Leftovers::PassedOver, &mut damage);
    let refs = Refs::read(layout, &mut damage);
    let mut reader = Reader::default();
    let mut range = Range::default();
    for (name, new) in updates.iter().filter_map(|update| Some((&update.name, update.new?))) {
        if !objects.has(&new) {
            return Err(HookError::Missing { name: name.clone(), id: new });
        }
        let commit = peel(&objects, new, &mut reader);
        range.include.extend(commit.map(|commit| commit.to_string()));
        range.objects.extend((commit != Some(new)).then_some(new));
    }
    let mut old: Vec<ObjectId> = updates.iter().filter_map(|update| update.old).collect();
    old.extend(refs.refs.iter().chain(&refs.heads).filter(|one| known.has(one)).map(|one| one.target));
    old.sort_unstable();
    old.dedup();
    // What a ref was on the other side may not be here, and then says nothing.
    let old = old.into_iter().filter_map(|id| peel(&objects, id, &mut reader));
    range.exclude = old.map(|commit| commit.to_string()).collect();
    Ok(Some(range))
}

impl Known<'_> {
    /// Does the other side have what this ref leads to?
    fn has(self, one: &Ref) -> bool {
        match self {
            Self::Here => true,
            Self::Remote(name) => one
                .name
                .bytes()
                .strip_prefix(b"refs/remotes/")
                .and_then(|rest| rest.strip_prefix(name.as_bytes()))
                .is_some_and(|rest| !name.is_empty() && rest.starts_with(b"/")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn lines_of_both_sides_are_read() {
        let text = format!("HEAD@{{1 day ago}} {A} refs/heads/x {ZERO}\n(delete) {ZERO} refs/heads/y {A}\n");
        let updates = RefUpdate::of_pre_push(text.as_bytes(), ObjectFormat::Sha1).expect("they are git's");
        let id = ObjectId::from_hex(A.as_bytes(), ObjectFormat::Sha1);
        let update = |name: &str, old, new| RefUpdate { name: name.to_owned(), old, new };
        assert_eq!(updates, [update("refs/heads/x", None, id), update("refs/heads/y", id, None)]);
        let text = format!("{ZERO} {A} refs/heads/x\n\n");
        let updates = RefUpdate::of_pre_receive(text.as_bytes(), ObjectFormat::Sha1).expect("they are git's");
        assert_eq!(updates, [update("refs/heads/x", None, id)]);
    }

    #[test]
    fn other_lines_are_named() {
        for text in ["x\n", "a b c d\n", "\u{1b}[2J a b\n"] {
            for read in [RefUpdate::of_pre_push, RefUpdate::of_pre_receive] {
                let error = read(text.as_bytes(), ObjectFormat::Sha1).expect_err("it is none").to_string();
                assert!(error.starts_with("line 1 of") && !error.contains('\u{1b}'), "{error}");
            }
        }
    }
}
