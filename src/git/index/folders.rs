//! The tree cache of an index: which folders are as they were committed.

use crate::git::cursor::Cursor;
use crate::git::id::{ObjectFormat, ObjectId};

/// Deepest folder that is followed.
const MAX_DEPTH: usize = 512;

/// The folders of an index, each in front of those in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    names: Vec<u8>,
    rows: Vec<Row>,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    /// Where its name begins, which goes on to the next one's.
    name: u32,
    /// The tree that its entries make, if it is known.
    tree: Option<ObjectId>,
    /// Behind the last folder in it.
    end: u32,
}

/// A folder of [`Folders`], by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folder(u32);

impl Folders {
    /// Reads the content of a tree cache, as far as it can be read.
    pub(super) fn read(content: &[u8], format: ObjectFormat) -> Self {
        let mut folders = Self::default();
        let whole = folders.enter(&mut Cursor::new(content, 0), format, 0);
        if whole.is_some() { folders } else { Self::default() }
    }

    fn enter(&mut self, cursor: &mut Cursor<'_>, format: ObjectFormat, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (at, name) = (self.rows.len(), u32::try_from(self.names.len()).ok()?);
        self.names.extend_from_slice(cursor.until(0)?);
        let count: i64 = std::str::from_utf8(cursor.until(b' ')?).ok()?.parse().ok()?;
        let below: usize = std::str::from_utf8(cursor.until(b'\n')?).ok()?.parse().ok()?;
        let tree = if count >= 0 { Some(ObjectId::new(cursor.take(format.len())?)) } else { None };
        self.rows.push(Row { name, tree, end: 0 });
        (0..below).try_for_each(|_| self.enter(cursor, format, depth + 1))?;
        self.rows[at].end = u32::try_from(self.rows.len()).ok()?;
        Some(())
    }

    /// The root of the work tree.
    pub fn root(&self) -> Option<Folder> {
        (!self.rows.is_empty()).then_some(Folder(0))
    }

    /// The tree that the entries in `folder` make, if it is known.
    pub fn tree(&self, folder: Folder) -> Option<ObjectId> {
        self.rows[folder.0 as usize].tree
    }

    /// The folder of this name in `folder`.
    pub fn within(&self, folder: Folder, name: &[u8]) -> Option<Folder> {
        let last = self.rows[folder.0 as usize].end;
        let next = |at: &u32| Some(self.rows[*at as usize].end).filter(|next| *next < last);
        let first = Some(folder.0 + 1).filter(|first| *first < last);
        std::iter::successors(first, next).find(|at| self.name(*at) == name).map(Folder)
    }

    fn name(&self, at: u32) -> &[u8] {
        let end = self.rows.get(at as usize + 1).map_or(self.names.len(), |next| next.name as usize);
        &self.names[self.rows[at as usize].name as usize..end]
    }
}
