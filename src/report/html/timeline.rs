//! The life of each secret as a bar: from the commit that brought it in to the one that took it out, or to the end.
//!
//! Numbers are places on a line of a thousand units, so that the page needs no arithmetic and no style of its own.

use super::secrets::{at, numbered};
use crate::finding::exposure::{CommitNote, Exposure};
use crate::plural::count;
use crate::report::exposure::day;
use crate::report::groups::Group;
use crate::report::{Moment, Report};
use serde::Serialize;

/// Most lines; more would be no picture.
const MAX_ROWS: usize = 300;

/// How long the whole line is.
const WIDTH: i64 = 1000;

/// The least that can be seen.
const LEAST: i64 = 4;

#[derive(Serialize)]
pub(super) struct View {
    /// Days at equal distances.
    ticks: Vec<String>,
    rows: Vec<Row>,
    more: usize,
    undated: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    at: String,
    class: &'static str,
    label: String,
    x: i64,
    width: i64,
    /// Where it was taken out.
    cuts: Vec<i64>,
}

/// The days that the line spans.
struct Scale {
    first: i64,
    last: i64,
}

impl Scale {
    fn place(&self, seconds: i64) -> i64 {
        let span = (self.last - self.first).max(1);
        let since = seconds.clamp(self.first, self.last) - self.first;
        i64::try_from(i128::from(since) * i128::from(WIDTH) / i128::from(span)).unwrap_or(WIDTH)
    }
}

/// The part that shows the lives; nothing if no history was scanned.
pub(super) fn view(report: &Report, ended: Moment) -> Option<View> {
    let groups = numbered(report);
    let exposed: Vec<(&str, &Group<'_>, &Exposure)> =
        groups.iter().filter_map(|(id, group)| Some((id.as_str(), group, group.exposure()?))).collect();
    let dated = |exposure: &Exposure| exposure.introduced.as_ref().map(|note| note.seconds);
    let first = exposed.iter().filter_map(|(_, _, exposure)| dated(exposure)).min()?;
    let scale = Scale { first: first.min(ended.seconds()), last: ended.seconds() };
    let mut lives: Vec<_> = exposed
        .iter()
        .filter_map(|(id, group, exposure)| Some((*id, *group, *exposure, exposure.introduced.as_ref()?)))
        .collect();
    lives.sort_by_key(|(_, _, _, since)| since.seconds);
    let undated = exposed.len() - lives.len();
    let quarter = |at: i64| Moment::at(scale.first + (scale.last - scale.first) / 4 * at).day();
    Some(View {
        ticks: (0..4).map(quarter).chain([ended.day()]).collect(),
        more: lives.len().saturating_sub(MAX_ROWS),
        rows: lives.into_iter().take(MAX_ROWS).map(|life| row(report, &scale, life)).collect(),
        undated: if undated == 0 { String::new() } else { count(undated, "secret") },
    })
}

type Life<'r> = (&'r str, &'r Group<'r>, &'r Exposure, &'r CommitNote);

fn row(report: &Report, scale: &Scale, (id, group, exposure, since): Life<'_>) -> Row {
    // What came back after it was taken out is in HEAD: it has not ended.
    let ended = exposure.removed.last().filter(|_| !exposure.in_head);
    let x = scale.place(since.seconds).min(WIDTH - LEAST);
    let end = ended.map_or(WIDTH, |note| scale.place(note.seconds));
    let until = ended.map_or_else(|| "today".to_owned(), day);
    let remote = if exposure.pushed { "known to a remote" } else { "only local" };
    Row {
        id: id.to_owned(),
        title: report.rule(group.shown()).title(),
        at: at(&group.spots()[0]),
        class: if exposure.pushed { "pushed" } else { "local" },
        label: format!("{} to {until}, {remote}", day(since)),
        x,
        width: (end - x).max(LEAST),
        cuts: exposure.removed.iter().map(|note| scale.place(note.seconds).min(WIDTH - LEAST)).collect(),
    }
}
