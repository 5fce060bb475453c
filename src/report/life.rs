//! The life of a secret in words, the same in all formats that people read.

use super::exposure::short;
use crate::finding::exposure::{CommitNote, Exposure, Reach};
use crate::plural::count;

/// Most refs that are named.
const MAX_REFS: usize = 6;

/// `, 3 days ago`, if it is known.
pub(super) fn age(exposure: &Exposure) -> String {
    let days = exposure.age_days.map(|days| usize::try_from(days).unwrap_or(0));
    days.map_or_else(String::new, |days| format!(", {} ago", count(days, "day")))
}

/// A commit by id and author.
pub(super) fn commit(note: &CommitNote) -> String {
    format!("commit {} by {}", short(&note.id), if note.author.is_empty() { "nobody named" } else { &note.author })
}

/// What still holds it.
pub(super) fn holders(exposure: &Exposure) -> String {
    let head = if exposure.in_head { "HEAD still, and the history of " } else { "the history of " };
    let names: Vec<String> = exposure.refs.iter().take(MAX_REFS).map(ToString::to_string).collect();
    let more = if exposure.ref_count > names.len() {
        format!(" and {} more", exposure.ref_count - names.len())
    } else {
        String::new()
    };
    match exposure.reach {
        Reach::Refs if names.is_empty() => format!("{head}HEAD"),
        Reach::Refs => format!("{head}{}{more}", names.join(", ")),
        Reach::Stash => "the stash alone (`git stash drop` lets go of it)".to_owned(),
        Reach::Reflog => {
            "a reflog alone (`git reflog expire --expire=now --all` and `git gc --prune=now` let go of it)".to_owned()
        }
        Reach::Index => "the index alone: staged, not committed".to_owned(),
        Reach::Local => "git's own files in this repository alone".to_owned(),
        Reach::Unreachable => {
            "nothing any more, but the object is still there (`git gc --prune=now` removes it)".to_owned()
        }
    }
}

/// Whether it has left this machine, and what that means.
pub(super) const fn pushed(exposure: &Exposure) -> &'static str {
    match (exposure.pushed, exposure.reach) {
        (true, _) => "yes: a remote has it, so it has leaked; revoke it",
        (false, Reach::Refs) => "not known to any remote here: rewrite it before you push",
        (false, _) => "not known to any remote here",
    }
}

/// Where a secret is now, in a word or two; `in files` where no history was scanned.
pub(super) fn state(exposure: Option<&Exposure>) -> &'static str {
    let Some(exposure) = exposure else { return "in files" };
    match exposure.reach {
        _ if exposure.in_head => "in HEAD",
        // A message, or a file of another branch.
        Reach::Refs if exposure.removed.is_empty() => "in the history",
        Reach::Refs => "removed",
        Reach::Stash => "stashed",
        Reach::Reflog => "in a reflog",
        Reach::Index => "staged",
        Reach::Local => "in git's own files",
        Reach::Unreachable => "unreachable",
    }
}
