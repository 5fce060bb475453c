//! The checklist as one page that needs nothing else: readable in the dark, on paper and on a small screen.

use super::{counts, place, sections};
use crate::blob::path::write_escaped;
use crate::check::{Checklist, Item, Verdict};
use crate::report::severity_word;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, HtmlEscape, Value};
use serde::Serialize;
use std::io::{self, Write};

const PAGE: &str = include_str!("page.html");

/// Most evidence that is shown of one item.
const MOST: usize = 50;

#[derive(Serialize)]
struct PageView<'c> {
    counts: String,
    version: &'static str,
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

/// Writes the page.
///
/// # Errors
/// Writing fails, or the page cannot be filled in.
pub fn write(checklist: &Checklist, out: &mut dyn Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("code", |text: String| with_code(&text));
    environment.add_template("page", PAGE).map_err(io::Error::other)?;
    let view = PageView {
        counts: counts(checklist),
        version: env!("CARGO_PKG_VERSION"),
        sections: sections(checklist).map(|(section, items)| view(section.title(), &items)).collect(),
        notices: &checklist.notices,
        unread: checklist.unread.iter().map(|(origin, why)| (origin.path.to_string(), why.as_str())).collect(),
    };
    let page = environment.get_template("page").and_then(|page| page.render(Serde(&view)));
    out.write_all(page.map_err(io::Error::other)?.as_bytes())
}

fn view(title: &'static str, items: &[&Item]) -> SectionView {
    let count = |verdict| items.iter().filter(|item| item.outcome.verdict == verdict).count();
    let ordered =
        super::ORDER.iter().flat_map(|verdict| items.iter().filter(move |item| item.outcome.verdict == *verdict));
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

/// Text as HTML: escaped, and code where backticks say so.
fn with_code(text: &str) -> Value {
    let mut shown = String::new();
    write_escaped(text.as_bytes(), &mut shown).expect("writing to a string does not fail");
    let part = |(number, part)| match number % 2 {
        0 => HtmlEscape(part).to_string(),
        _ => format!("<code>{}</code>", HtmlEscape(part)),
    };
    Value::from_safe_string(shown.split('`').enumerate().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(with_code("a `b<c` <d>").to_string(), "a <code>b&lt;c</code> &lt;d&gt;");
    }
}
