//! The line on which something stands.

/// What stands on it in front of `at`, at most `reach` bytes of it.
pub(in crate::judge) fn before(text: &[u8], at: usize, reach: usize) -> &[u8] {
    let before = &text[at.saturating_sub(reach)..at];
    memchr::memrchr(b'\n', before).map_or(before, |end| &before[end + 1..])
}
