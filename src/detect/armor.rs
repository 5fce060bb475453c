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

/// Reads the block that begins at `at`; one without an end in reach is none.
pub fn read(text: &[u8], at: usize) -> Option<Armored> {
    let rest = &text[at..text.len().min(at + MAX_SPAN)];
    let head = rest.strip_prefix(BEGIN)?;
    let label = memmem::find(&head[..head.len().min(MAX_LABEL)], DASHES)?;
    let end_line = [b"-----END ", &head[..label], DASHES].concat();
    let body = BEGIN.len() + label + DASHES.len();
    let end = memmem::find(&rest[body..], &end_line)?;
    Some(Armored {
        label: Span::new(at + BEGIN.len(), at + BEGIN.len() + label),
        block: Span::new(at, at + body + end + end_line.len()),
    })
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
