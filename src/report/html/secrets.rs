//! The secrets as a part of the page: a card for each, with all that the filter asks for.

use crate::finding::exposure::Exposure;
use crate::finding::{Evidence, Finding, Severity};
use crate::report::exposure::{RUNBOOK, day};
use crate::report::groups::{Group, Spot, accepted, found, groups};
use crate::report::life::{age, commit, holders, pushed, state};
use crate::report::{Report, confidence_word, severity_word};
use serde::Serialize;
use std::collections::BTreeSet;

/// Most further places, and removals, that a card lists.
const MAX_LISTED: usize = 50;

/// Up to so many cards are unfolded from the start.
const MAX_OPEN: usize = 5;

/// From the worst to the least.
const SEVERITIES: [Severity; 5] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

#[derive(Serialize)]
pub(super) struct View<'r> {
    found: String,
    accepted: usize,
    tiles: Vec<Tile>,
    severities: Vec<Choice>,
    rules: BTreeSet<&'r str>,
    states: BTreeSet<&'static str>,
    remotes: BTreeSet<&'static str>,
    cards: Vec<Card<'r>>,
    steps: Vec<&'static str>,
}

/// A number to begin with.
#[derive(Serialize)]
struct Tile {
    class: &'static str,
    name: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Choice {
    value: usize,
    name: String,
}

#[derive(Serialize)]
struct Card<'r> {
    id: String,
    class: &'static str,
    severity: &'static str,
    /// Greater is worse.
    rank: usize,
    title: String,
    rule: &'r str,
    confidence: &'static str,
    mask: &'r str,
    at: String,
    line: u64,
    before: &'r str,
    after: &'r str,
    paths: String,
    state: &'static str,
    /// `pushed`, `only local`, or nothing where no history was scanned.
    pushed: &'static str,
    exception: Option<Exception<'r>>,
    facts: Vec<Fact>,
    places: Vec<PlaceView>,
    more: usize,
    revoke: Option<&'r str>,
    revoke_link: bool,
    fingerprint: String,
    open: bool,
}

#[derive(Serialize)]
struct Exception<'r> {
    reason: &'r str,
    stated: &'r str,
    until: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    text: String,
}

#[derive(Serialize)]
struct PlaceView {
    at: String,
    since: Option<String>,
}

/// All groups of a report in the order of the page, and the name by which each is linked to.
pub(super) fn numbered(report: &Report) -> Vec<(String, Group<'_>)> {
    let all = groups(report).into_iter().chain(accepted(report));
    (1..).zip(all).map(|(number, group)| (format!("secret-{number}"), group)).collect()
}

/// The part that shows the findings of `report`.
pub(super) fn view(report: &Report) -> View<'_> {
    let groups = numbered(report);
    let few = groups.len() <= MAX_OPEN;
    let exposed = groups.iter().any(|(_, group)| group.exposure().is_some());
    let cards: Vec<Card<'_>> = groups.into_iter().map(|(id, group)| card(report, id, &group, few)).collect();
    let of = |severity| cards.iter().filter(|card| card.rank == rank(severity)).count();
    let seen: Vec<Severity> = SEVERITIES.into_iter().filter(|severity| of(*severity) > 0).collect();
    let or_worse = |severity: &Severity| Choice {
        value: rank(*severity),
        name: match severity {
            Severity::Critical => severity_word(*severity).to_owned(),
            other => format!("{} or worse", severity_word(*other)),
        },
    };
    let mut tiles: Vec<Tile> = seen
        .iter()
        .map(|severity| Tile { class: class(*severity), name: severity_word(*severity), count: of(*severity) })
        .collect();
    for (name, class) in [("pushed", "worst"), ("only local", "")] {
        let count = cards.iter().filter(|card| card.pushed == name).count();
        tiles.extend((count > 0).then_some(Tile { class, name, count }));
    }
    View {
        found: found(report),
        accepted: report.accepted.len(),
        tiles,
        severities: seen.iter().map(or_worse).collect(),
        rules: cards.iter().map(|card| card.rule).collect(),
        states: cards.iter().map(|card| card.state).collect(),
        remotes: cards.iter().map(|card| card.pushed).filter(|pushed| !pushed.is_empty()).collect(),
        cards,
        steps: if exposed { RUNBOOK.iter().map(|(_, step)| *step).collect() } else { Vec::new() },
    }
}

fn card<'r>(report: &'r Report, id: String, group: &Group<'r>, open: bool) -> Card<'r> {
    let shown = group.shown();
    let rule = report.rule(shown);
    let (place, exposure) = (&shown.place, group.exposure());
    let spots = group.spots();
    let paths: BTreeSet<String> = spots.iter().map(|spot| spot.place.origin.path.to_string()).collect();
    let revoke = rule.syntax().revoke.as_deref();
    Card {
        id,
        class: if group.accepted.is_some() { "accepted" } else { class(shown.severity) },
        severity: severity_word(shown.severity),
        rank: rank(shown.severity),
        title: rule.title(),
        rule: rule.id(),
        confidence: confidence_word(shown.confidence),
        mask: &place.excerpt.mask,
        at: at(&spots[0]),
        line: place.start.line,
        before: &place.excerpt.before,
        after: &place.excerpt.after,
        paths: paths.into_iter().collect::<Vec<_>>().join(" "),
        state: if group.accepted.is_some() { "accepted" } else { state(exposure) },
        pushed: exposure.map_or("", |exposure| if exposure.pushed { "pushed" } else { "only local" }),
        exception: group.accepted.map(|one| Exception {
            reason: &one.reason,
            stated: &one.stated,
            until: one.until.map(|day| day.to_string()),
        }),
        facts: facts(report, shown, exposure),
        places: spots.iter().skip(1).take(MAX_LISTED).map(place_view).collect(),
        more: spots.len().saturating_sub(MAX_LISTED + 1),
        revoke,
        revoke_link: revoke.is_some_and(|page| page.starts_with("https://") && !page.contains(' ')),
        fingerprint: shown.fingerprint.to_string(),
        open,
    }
}

/// What there is to say of a secret, in order.
fn facts(report: &Report, finding: &Finding, exposure: Option<&Exposure>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name, text: String| {
        if !text.is_empty() {
            facts.push(Fact { name, text });
        }
    };
    if let Some(exposure) = exposure {
        if let Some(first) = &exposure.introduced {
            fact("since", format!("{}{}: {}", day(first), age(exposure), commit(first)));
        }
        for removal in exposure.removed.iter().take(MAX_LISTED) {
            fact("removed", format!("{}: {}", day(removal), commit(removal)));
        }
        if exposure.removed.len() > MAX_LISTED {
            fact("removed", format!("and {} more times", exposure.removed.len() - MAX_LISTED));
        }
        fact("held by", holders(exposure));
        fact("pushed", pushed(exposure).to_owned());
    }
    for part in &finding.parts {
        let (title, start) = (report.rules().rule(part.rule).title(), part.start);
        fact("with", format!("{title} {} at {}:{}", part.secret, start.line, start.column));
    }
    let reasons = finding.evidence.iter().filter(|one| !matches!(one, Evidence::Shape | Evidence::Pair { .. }));
    fact("because", reasons.map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let syntax = report.rule(finding).syntax();
    fact("lifetime", syntax.lifetime.clone().unwrap_or_default());
    fact("instead", syntax.instead.clone().unwrap_or_default());
    facts
}

pub(super) fn at(spot: &Spot<'_>) -> String {
    format!("{}:{}:{}", spot.place.origin.path, spot.place.start.line, spot.place.start.column)
}

fn place_view(spot: &Spot<'_>) -> PlaceView {
    let since = spot.commit.map(|note| format!("since {} ({})", commit(note), day(note)));
    PlaceView { at: at(spot), since }
}

const fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "worst",
        Severity::Medium => "middle",
        Severity::Low | Severity::Info => "least",
    }
}

const fn rank(severity: Severity) -> usize {
    severity as usize
}
