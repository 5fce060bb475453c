//! Which lines of a file are new.

use std::ops::RangeInclusive;

/// The lines that one version of a file adds to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AddedLines {
    /// All of them.
    All,
    /// These, counted from 1, in order.
    These(Vec<RangeInclusive<u64>>),
}

impl AddedLines {
    /// The lines of `new` that are not in `old`, as git's own diff sees it.
    pub(super) fn between(old: &[u8], new: &[u8]) -> Self {
        let mut options = git2::DiffOptions::new();
        // Files with zero bytes have lines, too.
        options.context_lines(0).force_text(true);
        let Ok(patch) = git2::Patch::from_buffers(old, None, new, None, Some(&mut options)) else { return Self::All };
        let hunks = (0..patch.num_hunks()).filter_map(|at| patch.hunk(at).ok()).map(|(hunk, _)| hunk);
        let added = hunks.filter(|hunk| hunk.new_lines() > 0);
        Self::These(
            added.map(|hunk| hunk.new_start().into()..=u64::from(hunk.new_start() + hunk.new_lines() - 1)).collect(),
        )
    }

    /// Is one of the lines from `first` to `last` among them?
    pub(super) fn touch(&self, first: u64, last: u64) -> bool {
        match self {
            Self::All => true,
            Self::These(ranges) => ranges.iter().any(|range| *range.start() <= last && first <= *range.end()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_added() {
        let added = AddedLines::between(b"a\nb\nc\n", b"a\nx\nc\ny\nz\n");
        assert_eq!(added, AddedLines::These(vec![2..=2, 4..=5]));
        assert!(added.touch(1, 2) && added.touch(5, 9) && !added.touch(3, 3));
        assert_eq!(AddedLines::between(b"a\nb\n", b"b\n"), AddedLines::These(vec![]));
        assert_eq!(AddedLines::between(b"", b"a\0b"), AddedLines::These(vec![1..=1]));
    }
}
