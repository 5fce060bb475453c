//! Paths as places: bytes with forward slashes, printable and usable in URIs whatever they hold.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stays as it is in a URI path.
const URI_KEEPS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// A path of a place: any bytes, with forward slashes on every system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlacePath(Arc<[u8]>);

impl PlacePath {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Percent-encoded, as in a relative URI.
    pub fn uri(&self) -> String {
        percent_encode(&self.0, URI_KEEPS).to_string()
    }
}

/// The path in the file system that has these bytes as its name.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// The path in the file system that has these bytes as its name.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

impl From<&[u8]> for PlacePath {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<&str> for PlacePath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<&Path> for PlacePath {
    fn from(path: &Path) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            Self(path.as_os_str().as_bytes().into())
        }
        #[cfg(not(unix))]
        Self(path.to_string_lossy().replace('\\', "/").as_bytes().into())
    }
}

/// Control characters and bytes that are no UTF-8 are written as escapes, so that a name can neither move a terminal's
/// cursor nor break a line.
impl fmt::Display for PlacePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(&self.0, out)
    }
}

impl fmt::Debug for PlacePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\"{self}\"")
    }
}

/// Writes `bytes` as text; control characters (bidirectional ones too) and invalid UTF-8 become escapes.
pub fn write_escaped(bytes: &[u8], out: &mut impl fmt::Write) -> fmt::Result {
    for part in bytes.utf8_chunks() {
        for character in part.valid().chars() {
            if character.is_control() || is_invisible(character) {
                write!(out, "{}", character.escape_unicode())?;
            } else {
                out.write_char(character)?;
            }
        }
        for byte in part.invalid() {
            write!(out, "\\x{byte:02x}")?;
        }
    }
    Ok(())
}

/// Characters that reorder or hide text.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal_and_stay_apart() {
        let path = PlacePath::from(&b"a\n\x1b[2J\xff\xe2\x80\xae b"[..]);
        assert_eq!(path.to_string(), r"a\u{a}\u{1b}[2J\xff\u{202e} b");
        assert_eq!(path.uri(), "a%0A%1B%5B2J%FF%E2%80%AE%20b");
    }
}
