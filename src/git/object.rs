//! What commits, tags and trees say.

use super::id::{ObjectFormat, ObjectId};
use std::fmt;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file, or the target of a link.
    Blob,
    /// An annotated tag.
    Tag,
}

impl ObjectKind {
    /// By the name in the header of a loose object.
    pub fn by_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"commit" => Self::Commit,
            b"tree" => Self::Tree,
            b"blob" => Self::Blob,
            b"tag" => Self::Tag,
            _ => return None,
        })
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
            Self::Tag => "tag",
        })
    }
}

/// What an entry of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Tree,
    /// A file or a link.
    Blob,
    /// A commit of another repository.
    Submodule,
}

/// An entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'t> {
    /// What it is.
    pub kind: EntryKind,
    /// What it is called.
    pub name: &'t [u8],
    /// The raw id of what it holds.
    pub id: &'t [u8],
}

/// The entries of a tree, as far as they can be read.
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    rest: &'t [u8],
    id_len: usize,
}

impl<'t> Entries<'t> {
    /// The entries of the tree with the content `tree`.
    pub const fn new(tree: &'t [u8], format: ObjectFormat) -> Self {
        Self { rest: tree, id_len: format.len() }
    }

    /// Bytes that are not read yet; if some are left in the end, the tree is damaged.
    pub const fn left(&self) -> usize {
        self.rest.len()
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        let nul = memchr::memchr(0, self.rest)?;
        let end = nul + 1 + self.id_len;
        let space = self.rest[..nul].iter().take(8).position(|byte| *byte == b' ')?;
        let id = self.rest.get(nul + 1..end)?;
        let kind = match &self.rest[..space] {
            b"40000" | b"040000" => EntryKind::Tree,
            b"160000" => EntryKind::Submodule,
            b"100644" | b"100755" | b"120000" => EntryKind::Blob,
            other => kind_of(other),
        };
        let name = &self.rest[space + 1..nul];
        self.rest = &self.rest[end..];
        Some(Entry { kind, name, id })
    }
}

/// What an entry with an unusual mode is, as git would see it.
fn kind_of(mode: &[u8]) -> EntryKind {
    let octal = mode
        .iter()
        .try_fold(0u32, |value, digit| matches!(digit, b'0'..=b'7').then(|| value << 3 | u32::from(digit - b'0')));
    match octal.map(|mode| mode & 0o170_000) {
        Some(0o040_000) => EntryKind::Tree,
        Some(0o160_000) => EntryKind::Submodule,
        _ => EntryKind::Blob,
    }
}

/// Who did something, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Name and address, as written.
    pub who: Vec<u8>,
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of Greenwich.
    pub offset: i32,
}

impl Signature {
    /// Reads `Name <address> 1234567890 +0100`; what is missing stays empty.
    pub fn parse(line: &[u8]) -> Self {
        let end = memchr::memrchr(b'>', line).map_or(line.len(), |at| at + 1);
        let tail = String::from_utf8_lossy(&line[end..]);
        let mut numbers = tail.split_ascii_whitespace();
        let seconds = numbers.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let offset: i32 = numbers.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let offset = (offset / 100 * 60 + offset % 100).clamp(-24 * 60, 24 * 60);
        Self { who: line[..end].trim_ascii().to_vec(), seconds, offset }
    }
}

/// A commit, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Its folder.
    pub tree: Option<ObjectId>,
    /// What it is based on.
    pub parents: Vec<ObjectId>,
    /// Who wrote it.
    pub author: Signature,
    /// Who put it there, and when.
    pub committer: Signature,
}

impl Commit {
    /// Reads the headers of a commit.
    pub fn parse(bytes: &[u8], format: ObjectFormat) -> Self {
        let mut commit = Self::default();
        for line in bytes.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty()) {
            if let Some(id) = line.strip_prefix(b"tree ") {
                commit.tree = commit.tree.or_else(|| ObjectId::from_hex(id, format));
            } else if let Some(id) = line.strip_prefix(b"parent ") {
                commit.parents.extend(ObjectId::from_hex(id, format));
            } else if let Some(who) = line.strip_prefix(b"author ") {
                commit.author = Signature::parse(who);
            } else if let Some(who) = line.strip_prefix(b"committer ") {
                commit.committer = Signature::parse(who);
            }
        }
        commit
    }
}

/// What an annotated tag points to.
pub fn tag_target(bytes: &[u8], format: ObjectFormat) -> Option<ObjectId> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    ObjectId::from_hex(line.strip_prefix(b"object ")?, format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_garbage_is_passed_over() {
        let id = "1".repeat(40);
        let text = format!("tree {id}\nparent {id}\nparent zz\nauthor A <a@b> 5 -0130\nnonsense\n\nparent {id}\n");
        let commit = Commit::parse(text.as_bytes(), ObjectFormat::Sha1);
        assert_eq!(commit.parents.len(), 1);
        assert_eq!(commit.tree, commit.parents.first().copied());
        assert_eq!(commit.author, Signature { who: b"A <a@b>".to_vec(), seconds: 5, offset: -90 });
        assert_eq!(commit.committer, Signature::default());
    }

    #[test]
    fn a_cut_tree_gives_what_it_has() {
        let mut tree = b"100644 a\0".to_vec();
        tree.extend([7; 20]);
        tree.extend(b"40000 b\0short");
        let mut entries = Entries::new(&tree, ObjectFormat::Sha1);
        assert_eq!(entries.next().map(|entry| entry.name), Some(&b"a"[..]));
        assert_eq!(entries.next(), None);
        assert!(entries.left() > 0);
    }
}
