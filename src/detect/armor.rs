//! Armoured blocks: `-----BEGIN label-----` to `-----END label-----`.

use crate::rule::lane::MAX_SPAN;
use crate::span::Span;
use memchr::memmem;

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// Longest label, in bytes.
const MAX_LABEL: usize = 48;

/// A block and its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armored {
    /// What stands behind `BEGIN`.
    pub label: Span,
    /// From the first dash to the last.
    pub block: Span,
}

/// The label of the block that begins at `at`.
pub fn label(text: &[u8], at: usize) -> Option<Span> {
    let start = at + BEGIN.len();
    let head = text.get(at..)?.strip_prefix(BEGIN)?;
    let length = memmem::find(&head[..head.len().min(MAX_LABEL)], DASHES)?;
    Some(Span::new(start, start + length))
}

/// Reads the block that begins at `at`; one without an end in reach is none.
pub fn read(text: &[u8], at: usize) -> Option<Armored> {
    let label = label(text, at)?;
    let end_line = [b"-----END ", label.of(text), DASHES].concat();
    let body = label.end + DASHES.len();
    let rest = text.get(body..text.len().min(at + MAX_SPAN))?;
    let end = memmem::find(rest, &end_line)?;
    Some(Armored { label, block: Span::new(at, body + end + end_line.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_ends_at_its_own_label() {
        let text = "x -----BEGIN A KEY-----\nzz\n-----END B KEY-----\n-----END A KEY-----.";
        let armored = read(text.as_bytes(), 2).expect("is a block");
        assert_eq!(armored.label.of(text.as_bytes()), b"A KEY");
        assert!(text.as_bytes()[..armored.block.end].ends_with(b"A KEY-----"));
        assert_eq!(read(b"-----BEGIN A KEY-----\nno end", 0), None);
    }
}
