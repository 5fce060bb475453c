//! The checklist as a part of the page.

use crate::check::{Checklist, Item, Verdict};
use crate::report::checklist::{ORDER, counts, place, sections};
use crate::report::severity_word;
use serde::Serialize;

/// Most evidence that is shown of one item.
const MOST: usize = 50;

#[derive(Serialize)]
pub(super) struct View<'c> {
    counts: String,
    sections: Vec<SectionView>,
    notices: &'c [String],
    unread: Vec<(String, &'c str)>,
}

#[derive(Serialize)]
struct SectionView {
    title: &'static str,
    fail: usize,
    review: usize,
    pass: usize,
    absent: usize,
    items: Vec<ItemView>,
}

#[derive(Serialize)]
struct ItemView {
    id: &'static str,
    title: &'static str,
    verdict: &'static str,
    class: &'static str,
    severity: Option<&'static str>,
    note: String,
    accepted: Option<String>,
    evidence: Vec<EvidenceView>,
    more: usize,
    why: &'static str,
    remedy: &'static str,
    reference: &'static str,
}

#[derive(Serialize)]
struct EvidenceView {
    place: Option<String>,
    what: String,
}

/// The part that shows `checklist`.
pub(super) fn view(checklist: &Checklist) -> View<'_> {
    View {
        counts: counts(checklist),
        sections: sections(checklist).map(|(section, items)| section_view(section.title(), &items)).collect(),
        notices: &checklist.notices,
        unread: checklist.unread.iter().map(|(origin, why)| (origin.path.to_string(), why.as_str())).collect(),
    }
}

fn section_view(title: &'static str, items: &[&Item]) -> SectionView {
    let count = |verdict| items.iter().filter(|item| item.outcome.verdict == verdict).count();
    let ordered = ORDER.iter().flat_map(|verdict| items.iter().filter(move |item| item.outcome.verdict == *verdict));
    SectionView {
        title,
        fail: count(Verdict::Fail),
        review: count(Verdict::Review),
        pass: count(Verdict::Pass),
        absent: count(Verdict::NotApplicable),
        items: ordered.map(|item| item_view(item)).collect(),
    }
}

fn item_view(item: &Item) -> ItemView {
    let check = item.check;
    let evidence =
        item.outcome.seen.iter().take(MOST).map(|seen| EvidenceView { place: place(seen), what: seen.what.clone() });
    ItemView {
        id: check.id,
        title: check.title,
        verdict: if item.accepted.is_some() { "accepted" } else { item.outcome.verdict.word() },
        class: match item.outcome.verdict {
            Verdict::Fail if item.accepted.is_some() => "review",
            Verdict::Fail => "fail",
            Verdict::Review => "review",
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "absent",
        },
        severity: item.fails().then(|| severity_word(check.severity)),
        note: item.outcome.note.clone(),
        accepted: item.accepted.clone(),
        evidence: evidence.collect(),
        more: item.outcome.seen.len().saturating_sub(MOST),
        why: check.why,
        remedy: check.remedy,
        reference: check.reference,
    }
}
