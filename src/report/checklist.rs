//! The checklist in all formats; what they share.

mod inventory;
pub mod json;
pub mod markdown;
pub mod sarif;
pub mod text;

pub use inventory::write_inventory;

use crate::check::{Checklist, Item, Section, Seen, Verdict};

/// The order in which verdicts are shown: what asks for work first.
pub(super) const ORDER: [Verdict; 4] = [Verdict::Fail, Verdict::Review, Verdict::Pass, Verdict::NotApplicable];

/// The items of a section, if it has any.
pub(super) fn sections(checklist: &Checklist) -> impl Iterator<Item = (Section, Vec<&Item>)> {
    let of =
        |section| (section, checklist.items.iter().filter(|item| item.check.section == section).collect::<Vec<_>>());
    Section::ALL.into_iter().map(of).filter(|(_, items)| !items.is_empty())
}

/// A place as people write it: `path:line`.
pub(super) fn place(seen: &Seen) -> Option<String> {
    let origin = seen.origin.as_ref()?;
    Some(seen.at.map_or_else(|| origin.path.to_string(), |at| format!("{}:{}", origin.path, at.line)))
}

/// `2 fail, 1 review, 3 pass, 4 not applicable`, with accepted failures if there are some.
pub(super) fn counts(checklist: &Checklist) -> String {
    let mut parts: Vec<String> =
        ORDER.iter().map(|verdict| format!("{} {}", checklist.count(*verdict), verdict.word())).collect();
    if checklist.accepted() > 0 {
        parts.insert(1, format!("{} accepted", checklist.accepted()));
    }
    parts.join(", ")
}
