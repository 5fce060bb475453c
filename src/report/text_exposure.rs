//! Exposures for people: since when, by whom, where still, and whether it has left the machine.

use super::exposure::{day, short};
use super::text::{DIM, count, escaped};
use crate::finding::exposure::{CommitNote, Exposure, Reach};
use std::io::{self, Write};

/// Most refs, removals and places that are listed.
const MAX_LISTED: usize = 6;

/// Writes what became of a secret.
pub(super) fn write(exposure: &Exposure, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |label: &str, text: String| writeln!(out, "   {DIM}{label:<8}{DIM:#}{}", escaped(text.as_bytes()));
    if let Some(first) = &exposure.introduced {
        let age = exposure
            .age_days
            .map_or_else(String::new, |days| format!(", {} ago", count(usize::try_from(days).unwrap_or(0), "day")));
        line("since", format!("{}{age}: {}", day(first), commit(first)))?;
    }
    for removal in exposure.removed.iter().take(MAX_LISTED) {
        line("removed", format!("{}: {}", day(removal), commit(removal)))?;
    }
    if exposure.removed.len() > MAX_LISTED {
        line("", format!("and {} more times", exposure.removed.len() - MAX_LISTED))?;
    }
    line("held by", holders(exposure))?;
    line("pushed", pushed(exposure).to_owned())?;
    let others = exposure.places.iter().skip(1);
    for exposed in others.clone().take(MAX_LISTED) {
        let place = &exposed.place;
        let at = format!("{}:{}:{}", place.origin.path, place.start.line, place.start.column);
        let since = exposed
            .commit
            .as_ref()
            .map_or_else(String::new, |note| format!(" since {} ({})", short(&note.id), day(note)));
        line("also at", at + &since)?;
    }
    if others.len() > MAX_LISTED {
        line("", format!("and at {} more (in the JSON report)", count(others.len() - MAX_LISTED, "place")))?;
    }
    Ok(())
}

fn commit(note: &CommitNote) -> String {
    format!("commit {} by {}", short(&note.id), if note.author.is_empty() { "nobody named" } else { &note.author })
}

fn holders(exposure: &Exposure) -> String {
    let head = if exposure.in_head { "HEAD still, and the history of " } else { "the history of " };
    let names: Vec<String> = exposure.refs.iter().take(MAX_LISTED).map(ToString::to_string).collect();
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

const fn pushed(exposure: &Exposure) -> &'static str {
    match (exposure.pushed, exposure.reach) {
        (true, _) => "yes: a remote has it, so it has leaked; revoke it",
        (false, Reach::Refs) => "not known to any remote here: rewrite it before you push",
        (false, _) => "not known to any remote here",
    }
}
