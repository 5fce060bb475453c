//! Object ids: SHA-1 or SHA-256, as a repository is made.

use super::object::ObjectKind;
use sha2::{Digest, Sha256};
use std::fmt;

/// Most bytes of an id.
pub const MAX_ID: usize = 32;

/// The hash that names the objects of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectFormat {
    /// 20 bytes.
    Sha1,
    /// 32 bytes.
    Sha256,
}

impl ObjectFormat {
    /// Length of an id in bytes.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }
}

/// Are these raw ids the same? Nearly all are as long as those of SHA-1, which is compared without a call.
#[inline]
pub(super) fn is_same(one: &[u8], two: &[u8]) -> bool {
    match (<&[u8; 20]>::try_from(one), <&[u8; 20]>::try_from(two)) {
        (Ok(one), Ok(two)) => one == two,
        _ => one == two,
    }
}

/// The name of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    bytes: [u8; MAX_ID],
    len: u8,
}

impl ObjectId {
    /// The id with these bytes; what is longer than [`MAX_ID`] is cut.
    pub fn new(raw: &[u8]) -> Self {
        let len = raw.len().min(MAX_ID);
        let mut bytes = [0; MAX_ID];
        bytes[..len].copy_from_slice(&raw[..len]);
        Self { bytes, len: len as u8 }
    }

    /// Reads hexadecimal digits, of the full length for `format`.
    pub fn from_hex(text: &[u8], format: ObjectFormat) -> Option<Self> {
        let raw = data_encoding::HEXLOWER_PERMISSIVE.decode(text).ok()?;
        (raw.len() == format.len()).then(|| Self::new(&raw))
    }

    /// The id of the object of this kind with this content, if it can be told.
    pub fn of(kind: ObjectKind, content: &[u8], format: ObjectFormat) -> Option<Self> {
        match format {
            ObjectFormat::Sha1 => {
                let kind = match kind {
                    ObjectKind::Commit => git2::ObjectType::Commit,
                    ObjectKind::Tree => git2::ObjectType::Tree,
                    ObjectKind::Blob => git2::ObjectType::Blob,
                    ObjectKind::Tag => git2::ObjectType::Tag,
                };
                git2::Oid::hash_object(kind, content).ok().map(|id| Self::new(id.as_bytes()))
            }
            ObjectFormat::Sha256 => {
                let hash = Sha256::new().chain_update(format!("{kind} {}\0", content.len())).chain_update(content);
                Some(Self::new(&hash.finalize()))
            }
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Is it all zero, git's way of saying "none"?
    pub fn is_null(&self) -> bool {
        self.bytes.iter().all(|byte| *byte == 0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&data_encoding::HEXLOWER.encode(self.bytes()))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
