//! `SECURITY-CHECKLIST.md`: the boxes that security guides end in, ticked, with links to the evidence. Nothing in it changes from one run
//! to the next unless the project does, so it can be committed and compared.

use super::sections;
use crate::check::{Checklist, Item, Seen, Verdict};
use crate::report::markdown::inline::text;
use crate::report::severity_word;
use std::io::{self, Write};

/// Most evidence that is shown of one item.
const MOST: usize = 10;

/// Writes the checklist.
///
/// # Errors
/// Writing fails.
pub fn write(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Security checklist\n")?;
    writeln!(
        out,
        "Ticked by `caulk check` from evidence in this repository. `[x]` holds, `[ ]` does not, `[?]` is a question to a person.\n"
    )?;
    writeln!(out, "{}.", super::counts(checklist))?;
    for (section, items) in sections(checklist) {
        writeln!(out, "\n## {}\n", section.title())?;
        let (absent, listed): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| item.outcome.verdict == Verdict::NotApplicable);
        listed.iter().try_for_each(|item| write_item(item, out))?;
        if !absent.is_empty() {
            let gap = if listed.is_empty() { "" } else { "\n" };
            let names: Vec<String> =
                absent.iter().map(|item| format!("`{}` ({})", item.check.id, text(&item.outcome.note))).collect();
            writeln!(out, "{gap}Not applicable: {}.", names.join(", "))?;
        }
    }
    Ok(())
}

fn write_item(item: &Item, out: &mut dyn Write) -> io::Result<()> {
    let check = item.check;
    let mark = match item.outcome.verdict {
        Verdict::Pass => "x",
        Verdict::Review => "?",
        Verdict::Fail | Verdict::NotApplicable => " ",
    };
    let severity = if item.fails() { format!(", {}", severity_word(check.severity)) } else { String::new() };
    writeln!(out, "- [{mark}] **{}** (`{}`{severity})", text(check.title), check.id)?;
    if let Some(reason) = &item.accepted {
        writeln!(out, "  - {}", text(reason))?;
    }
    if item.outcome.verdict == Verdict::Review {
        writeln!(out, "  - {}", text(&item.outcome.note))?;
    }
    let shown = if item.outcome.verdict == Verdict::Pass { 3 } else { MOST };
    for seen in item.outcome.seen.iter().take(shown) {
        writeln!(out, "  - {}", line(seen))?;
    }
    if item.outcome.seen.len() > shown {
        writeln!(out, "  - and {} more", item.outcome.seen.len() - shown)?;
    }
    if item.fails() {
        writeln!(out, "  - To do: {}", text(check.remedy))?;
    }
    Ok(())
}

/// What was seen, with a link to where.
fn line(seen: &Seen) -> String {
    let Some(origin) = &seen.origin else { return text(&seen.what) };
    let (name, link) = (text(&origin.key.to_string()), origin.key.uri());
    match seen.at {
        Some(at) => format!("[{name}:{line}]({link}#L{line}): {}", text(&seen.what), line = at.line),
        None => format!("[{name}]({link}): {}", text(&seen.what)),
    }
}
