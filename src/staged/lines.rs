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
        let (old, new, before) = trimmed(old, new);
        // What was but added, or but taken out, needs no comparing.
        if new.is_empty() {
            return Self::These(Vec::new());
        }
        if old.is_empty() {
            return Self::These(vec![before + 1..=before + lines_in(new)]);
        }
        let mut options = git2::DiffOptions::new();
        // Files with zero bytes have lines, too.
        options.context_lines(0).force_text(true);
        let Ok(patch) = git2::Patch::from_buffers(old, None, new, None, Some(&mut options)) else { return Self::All };
        let hunks = (0..patch.num_hunks()).filter_map(|at| patch.hunk(at).ok()).map(|(hunk, _)| hunk);
        let added = hunks.filter(|hunk| hunk.new_lines() > 0);
        let first = |hunk: &git2::DiffHunk<'_>| before + u64::from(hunk.new_start());
        Self::These(added.map(|hunk| first(&hunk)..=first(&hunk) + u64::from(hunk.new_lines()) - 1).collect())
    }

    /// Is one of the lines from `first` to `last` among them?
    pub(super) fn touch(&self, first: u64, last: u64) -> bool {
        match self {
            Self::All => true,
            Self::These(ranges) => ranges.iter().any(|range| *range.start() <= last && first <= *range.end()),
        }
    }
}

/// Both without the lines with which they begin alike and then those with which they end alike, and how many stood in front.
fn trimmed<'t>(old: &'t [u8], new: &'t [u8]) -> (&'t [u8], &'t [u8], u64) {
    let alike = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let start = memchr::memrchr(b'\n', &old[..alike]).map_or(0, |at| at + 1);
    let before = memchr::memchr_iter(b'\n', &old[..start]).count() as u64;
    let (old, new) = (&old[start..], &new[start..]);
    let alike = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let whole = |text: &[u8], end: usize| end == 0 || text[end - 1] == b'\n';
    let both_whole = |end: &usize| whole(old, old.len() - end) && whole(new, new.len() - end);
    // The lines at the end begin behind the end of a line, in both.
    let end = (0..=alike).rev().find(both_whole).unwrap_or(0);
    (&old[..old.len() - end], &new[..new.len() - end], before)
}

/// How many lines `text` has, the last of which need not be ended.
fn lines_in(text: &[u8]) -> u64 {
    let ended = memchr::memchr_iter(b'\n', text).count() as u64;
    ended + u64::from(!text.ends_with(b"\n"))
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
        assert_eq!(AddedLines::between(b"a\nb", b"a\nb\n"), AddedLines::These(vec![2..=2]), "a line ends now");
        assert_eq!(AddedLines::between(b"a\nc\n", b"a\nb\nc\n"), AddedLines::These(vec![2..=2]));
        assert_eq!(AddedLines::between(b"a\nb\n", b"a\na\nb\n"), AddedLines::These(vec![2..=2]));
        assert_eq!(AddedLines::between(b"x\n1\n2\ny\n", b"x\n2\n3\ny\n"), AddedLines::These(vec![3..=3]));
    }
}
