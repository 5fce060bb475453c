//! JUnit's XML, which pipelines show as tests: a failing one for each finding and each failing row of the checklist.
//!
//! Names hold no line, so a finding that moves is the same test. Both schemas that are in use (Ant's and Jenkins') hold.

use super::groups::spots;
use super::life::commit;
use super::{Content, Moment, Report, confidence_word, severity_word};
use crate::check::{Checklist, Item, Verdict};
use crate::finding::{Evidence, Finding};
use crate::plural::count;
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

/// Most places that are listed of one finding, or one row.
const MAX_PLACES: usize = 20;

/// How a test ended.
enum Result {
    Passed,
    Failed { kind: String, message: String, text: String },
    Broken { message: String, text: String },
    Skipped(String),
}

struct Case {
    class: String,
    name: String,
    result: Result,
}

struct Suite {
    name: &'static str,
    cases: Vec<Case>,
}

/// Writes the suites of `content`.
///
/// # Errors
/// Writing fails.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut suites = Vec::new();
    suites.extend(content.findings.map(|report| Suite { name: "caulk", cases: finding_cases(report) }));
    suites.extend(content.checklist.map(|checklist| Suite { name: "caulk checklist", cases: row_cases(checklist) }));
    if let Some(first) = suites.first_mut() {
        first.cases.insert(0, complete(content));
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>")?;
    for (id, suite) in suites.iter().enumerate() {
        // All is done in one walk: the time is that of the whole, once.
        let seconds = if id == 0 { content.manifest.duration.as_secs() } else { 0 };
        write_suite(suite, id, (content.ended, seconds), out)?;
    }
    writeln!(out, "</testsuites>")
}

fn write_suite(suite: &Suite, id: usize, (ended, seconds): (Moment, u64), out: &mut dyn Write) -> io::Result<()> {
    let count = |wanted: fn(&Result) -> bool| suite.cases.iter().filter(|case| wanted(&case.result)).count();
    writeln!(
        out,
        "<testsuite name=\"{}\" package=\"caulk\" id=\"{id}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds}\" timestamp=\"{}\" hostname=\"localhost\">",
        Xml(suite.name),
        suite.cases.len(),
        count(|result| matches!(result, Result::Failed { .. })),
        count(|result| matches!(result, Result::Broken { .. })),
        count(|result| matches!(result, Result::Skipped(_))),
        ended.utc(),
    )?;
    writeln!(
        out,
        "<properties><property name=\"caulk.version\" value=\"{}\"/></properties>",
        env!("CARGO_PKG_VERSION")
    )?;
    suite.cases.iter().try_for_each(|case| write_case(case, out))?;
    writeln!(out, "<system-out></system-out>\n<system-err></system-err>\n</testsuite>")
}

fn write_case(case: &Case, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<testcase classname=\"{}\" name=\"{}\" time=\"0\"", Xml(&case.class), Xml(&case.name))?;
    match &case.result {
        Result::Passed => writeln!(out, "/>"),
        Result::Skipped(why) => writeln!(out, "><skipped message=\"{}\"/></testcase>", Xml(why)),
        Result::Failed { kind, message, text } => {
            let (kind, message, text) = (Xml(kind), Xml(message), Xml(text));
            writeln!(out, "><failure type=\"{kind}\" message=\"{message}\">{text}</failure></testcase>")
        }
        Result::Broken { message, text } => {
            writeln!(out, "><error type=\"incomplete\" message=\"{}\">{}</error></testcase>", Xml(message), Xml(text))
        }
    }
}

/// The test that holds when everything was read. With it, a report without findings is not empty, which some servers refuse.
fn complete(content: &Content<'_>) -> Case {
    let failures: Vec<String> =
        content.manifest.failures().map(|skip| format!("{}: {}", skip.path, skip.reason)).collect();
    let result = if failures.is_empty() {
        Result::Passed
    } else {
        let message = format!("{} could not be scanned", count(failures.len(), "entry"));
        Result::Broken { message, text: listed(failures) }
    };
    Case { class: "caulk".to_owned(), name: "everything could be read".to_owned(), result }
}

fn finding_cases(report: &Report) -> Vec<Case> {
    let open = report.findings.iter().map(|finding| {
        let rule = report.rule(finding);
        let (severity, confidence) = (severity_word(finding.severity), confidence_word(finding.confidence));
        let message = format!("{}: {severity}, confidence {confidence}, {}", rule.title(), finding.secret);
        let result = Result::Failed { kind: severity.to_owned(), message, text: details(report, finding) };
        Case { class: format!("caulk.{}", rule.id()), name: name(report, finding), result }
    });
    let accepted = report.accepted.iter().map(|one| {
        let until = one.until.map_or_else(String::new, |day| format!(" until {day}"));
        let why = format!("accepted{until} ({}): {}", one.stated, one.reason);
        let class = format!("caulk.{}", report.rule(&one.finding).id());
        Case { class, name: name(report, &one.finding), result: Result::Skipped(why) }
    });
    // The same value twice in one file has one name: servers take names for identities.
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    let numbered = |mut case: Case| {
        let times = seen.entry((case.class.clone(), case.name.clone())).or_insert(0);
        *times += 1;
        if *times > 1 {
            case.name = format!("{} ({times})", case.name);
        }
        case
    };
    open.chain(accepted).map(numbered).collect()
}

fn name(report: &Report, finding: &Finding) -> String {
    let id = finding.fingerprint.to_string();
    format!("{}: {} {}", finding.place.origin.key, report.rule(finding).title(), &id[..8])
}

fn details(report: &Report, finding: &Finding) -> String {
    let rule = report.rule(finding);
    let places = spots(finding).into_iter().map(|spot| {
        let place = spot.place;
        let since = spot.commit.map_or_else(String::new, |note| format!(" since {}", commit(note)));
        format!("{}:{}:{}{since}: {}", place.origin.path, place.start.line, place.start.column, place.excerpt.line())
    });
    let mut text = listed(places.collect());
    let reasons = finding.evidence.iter().filter(|one| !matches!(one, Evidence::Shape)).map(ToString::to_string);
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    let mut line = |name: &str, what: &str| {
        if !what.is_empty() {
            writeln!(text, "{name}: {what}").expect("writing to a string does not fail");
        }
    };
    line("because", &reasons);
    line("revoke", rule.syntax().revoke.as_deref().unwrap_or_default());
    line("id", &finding.fingerprint.to_string());
    text
}

fn row_cases(checklist: &Checklist) -> Vec<Case> {
    checklist.items.iter().map(row_case).collect()
}

fn row_case(item: &Item) -> Case {
    let check = item.check;
    let seen = item.outcome.seen.iter().map(|seen| match super::checklist::place(seen) {
        Some(place) => format!("{place}: {}", seen.what),
        None => seen.what.clone(),
    });
    let result = match item.outcome.verdict {
        Verdict::Pass => Result::Passed,
        Verdict::Fail => match &item.accepted {
            Some(why) => Result::Skipped(why.clone()),
            None => Result::Failed {
                kind: severity_word(check.severity).to_owned(),
                message: check.remedy.to_owned(),
                text: listed(seen.collect()) + check.why + "\n",
            },
        },
        Verdict::Review => Result::Skipped(format!("a question to a person: {}", item.outcome.note)),
        Verdict::NotApplicable => Result::Skipped(format!("not applicable, looked for: {}", item.outcome.note)),
    };
    Case { class: "caulk.checklist".to_owned(), name: format!("{}: {}", check.id, check.title), result }
}

/// A line for each, up to a number.
fn listed(lines: Vec<String>) -> String {
    let more = lines.len().saturating_sub(MAX_PLACES);
    let rest = (more > 0).then(|| format!("and {more} more"));
    lines.into_iter().take(MAX_PLACES).chain(rest).map(|line| line + "\n").collect()
}

/// Text in XML: what is markup is escaped, and what XML cannot hold at all is written out.
struct Xml<'t>(&'t str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\n' => out.write_char(c)?,
                '\u{FFFE}' | '\u{FFFF}' => write!(out, "{}", c.escape_unicode())?,
                c => crate::blob::path::write_escaped(c.encode_utf8(&mut [0; 4]).as_bytes(), out)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            Xml("a]]><b x=\"1\">&\u{1b}\u{FFFF}").to_string(),
            "a]]&gt;&lt;b x=&quot;1&quot;&gt;&amp;\\u{1b}\\u{ffff}"
        );
    }
}
