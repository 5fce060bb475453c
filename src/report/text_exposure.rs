//! Exposures for people: since when, by whom, where still, and whether it has left the machine.

use super::exposure::{day, short};
use super::life::{age, commit, holders, pushed};
use super::text::{DIM, escaped};
use crate::finding::exposure::Exposure;
use crate::plural::count;
use std::io::{self, Write};

/// Most refs, removals and places that are listed.
const MAX_LISTED: usize = 6;

/// Writes what became of a secret.
pub(super) fn write(exposure: &Exposure, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |label: &str, text: String| writeln!(out, "   {DIM}{label:<8}{DIM:#}{}", escaped(text.as_bytes()));
    if let Some(first) = &exposure.introduced {
        line("since", format!("{}{}: {}", day(first), age(exposure), commit(first)))?;
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
