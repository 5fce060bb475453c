//! The inventory as a table in Markdown: readable as it is, and ready to be pasted into a document.

use crate::check::inventory::{Inventory, Spot, Variable};
use std::io::{self, Write};

/// Most places in one cell.
const MOST: usize = 4;

/// Writes the secrets of `inventory`, then how many other variables there are.
///
/// # Errors
/// Writing fails.
pub fn write_inventory(inventory: &Inventory, out: &mut dyn Write) -> io::Result<()> {
    let (secret, other): (Vec<_>, Vec<_>) = inventory.iter().partition(|(_, variable)| variable.is_secret);
    writeln!(out, "| secret | read at | literal stands in at | documented at | set at, from |\n|---|---|---|---|---|")?;
    secret.iter().try_for_each(|(name, variable)| write_row(name, variable, out))?;
    if secret.is_empty() {
        writeln!(out, "| none found | | | | |")?;
    }
    if !other.is_empty() {
        writeln!(
            out,
            "\n| other variable | read at | literal stands in at | documented at | set at, from |\n|---|---|---|---|---|"
        )?;
        other.iter().try_for_each(|(name, variable)| write_row(name, variable, out))?;
    }
    Ok(())
}

fn write_row(name: &str, variable: &Variable, out: &mut dyn Write) -> io::Result<()> {
    let set: Vec<String> = variable.set.iter().map(|(spot, source)| format!("{} ({source})", place(spot))).collect();
    writeln!(
        out,
        "| `{}` | {} | {} | {} | {} |",
        name.replace('|', ""),
        cell(places(&variable.reads)),
        cell(places(&variable.fallbacks)),
        cell(places(&variable.documented)),
        cell(set)
    )
}

fn places(spots: &[Spot]) -> Vec<String> {
    spots.iter().map(place).collect()
}

fn place((origin, at): &Spot) -> String {
    format!("{}:{}", origin.path.to_string().replace('|', "\\|"), at.line)
}

fn cell(parts: Vec<String>) -> String {
    let more = parts.len().saturating_sub(MOST);
    let mut text = parts.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    if text.is_empty() { "-".to_owned() } else { text }
}
