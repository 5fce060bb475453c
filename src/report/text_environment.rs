//! Environment files for people: what each sets, what git makes of it, and what of it stands elsewhere.

use super::text::escaped;
use crate::blob::PlacePath;
use crate::check::EnvFile;
use crate::check::environment::{EnvVariable, Standing};
use crate::plural::count;
use crate::span::Position;
use std::io::{self, Write};

/// Most variables and places that are named.
const MOST: usize = 8;

/// Writes a line for each of `files`, and one for each value that stands elsewhere.
pub(super) fn write(files: &[EnvFile], out: &mut dyn Write) -> io::Result<()> {
    for file in files {
        let git = match file.standing {
            Standing::Tracked => " (tracked by git)",
            Standing::Ignored => " (ignored by git)",
            Standing::Untracked => " (not tracked by git)",
            Standing::Unknown => "",
        };
        let (documented, bare): (Vec<&EnvVariable>, Vec<&EnvVariable>) =
            file.variables.iter().partition(|variable| !variable.documented.is_empty());
        let mut parts = vec![format!("sets {}", count(file.variables.len(), "secret"))];
        parts.extend((!documented.is_empty()).then(|| format!("documented: {}", names(&documented))));
        parts.extend((!bare.is_empty()).then(|| format!("not documented: {}", names(&bare))));
        writeln!(out, "env: {}", escaped(format!("{}{git} {}", file.path, parts.join("; ")).as_bytes()))?;
        for variable in file.variables.iter().filter(|variable| !variable.elsewhere.is_empty()) {
            let text = format!("the value of {} stands at {}, too", variable.name, places(&variable.elsewhere));
            writeln!(out, "env: {}", escaped(text.as_bytes()))?;
        }
    }
    Ok(())
}

fn names(variables: &[&EnvVariable]) -> String {
    listed(variables.iter().map(|variable| variable.name.clone()))
}

fn places(places: &[(PlacePath, Position)]) -> String {
    listed(places.iter().map(|(path, at)| format!("{path}:{}", at.line)))
}

/// The first few, and how many more there are.
fn listed(all: impl ExactSizeIterator<Item = String>) -> String {
    let more = all.len().saturating_sub(MOST);
    let mut shown: Vec<String> = all.take(MOST).collect();
    shown.extend((more > 0).then(|| format!("{more} more")));
    shown.join(", ")
}
