//! `caulk ignore`: the entries of `.caulkignore`.

use super::Outcome;
use super::args::policy::{IgnoreArgs, IgnoreCommand, PolicyFormat, ProjectArgs};
use super::known::{self, Known, Project};
use anyhow::{Result, bail};
use caulk::config::{IGNORE_FILE, did_you_mean, shown};
use caulk::day::Day;
use caulk::exception::{IgnoreEntry, IgnoreFile};
use caulk::plural::count;
use caulk::{Confidence, Fingerprint};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// Fewest characters of an id that are enough.
const SHORTEST_ID: usize = 8;

/// How findings are accepted.
pub(super) struct Acceptance<'a> {
    pub(super) reason: &'a str,
    pub(super) until: Option<Day>,
    pub(super) everywhere: bool,
}

impl Acceptance<'_> {
    /// The entry for a finding.
    pub(super) fn entry(&self, known: &Known) -> IgnoreEntry {
        let (id, path) = match self.everywhere {
            true => (known.secret_id, None),
            false => (known.fingerprint, Some(known.key.as_slice())),
        };
        IgnoreEntry::new(id, &known.rule, path, self.until, self.reason)
    }
}

pub(super) fn run(args: IgnoreArgs) -> Result<Outcome> {
    match args.command {
        IgnoreCommand::Add { ids, reason: why, until, everywhere, report, project } => {
            let (reason, until) = (reason(&why)?, day(until.as_deref())?);
            add(&ids, &Acceptance { reason, until, everywhere }, report.as_deref(), &project)
        }
        IgnoreCommand::List { format, project } => list(format, &project),
        IgnoreCommand::Prune { dry_run, project } => prune(dry_run, &project),
        IgnoreCommand::Explain { id, project } => explain(&id, &project),
    }
}

/// A reason that says something.
pub(super) fn reason(text: &str) -> Result<&str> {
    match text.trim() {
        "" => bail!("an exception needs a reason: `--reason \"why it is harmless\"`"),
        reason => Ok(reason),
    }
}

/// The last day, which has to lie ahead.
pub(super) fn day(text: Option<&str>) -> Result<Option<Day>> {
    let Some(text) = text else { return Ok(None) };
    match Day::parse(text) {
        None => bail!("--until `{text}` is no day such as 2027-01-31"),
        Some(day) if day < Day::today() => bail!("--until {day} is over already"),
        Some(day) => Ok(Some(day)),
    }
}

fn add(ids: &[String], how: &Acceptance<'_>, report: Option<&Path>, args: &ProjectArgs) -> Result<Outcome> {
    if let Some(id) = ids.iter().find(|id| !is_id(id)) {
        bail!("`{id}` is no id: reports show them as 32 hexadecimal digits, of which {SHORTEST_ID} are enough");
    }
    let project = Project::open(args, Some(Confidence::Low))?;
    let found = lookup(&project, ids, report)?;
    let mut file = project.exceptions.ignore_file().clone();
    let mut out = anstream::stdout().lock();
    for id in ids {
        for entry in entries(&found, id, how)? {
            writeln!(out, "accepted: {} {}", entry.rule, entry.place())?;
            if let Some(old) = file.put(entry) {
                writeln!(out, "  in place of: {}", old.reason)?;
            }
        }
    }
    let path = project.write(&file)?;
    writeln!(out, "{} in {}", count(file.entries().count(), "entry"), shown(&path))?;
    Ok(Outcome::Clean)
}

fn is_id(text: &str) -> bool {
    (SHORTEST_ID..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is found in the report, in the files, and, if that is not enough, in the history.
fn lookup(project: &Project, ids: &[String], report: Option<&Path>) -> Result<Vec<Known>> {
    if let Some(report) = report {
        return known::of_file(report);
    }
    let files = project.scan_files()?;
    let accepted = files.accepted.iter().map(|one| &one.finding);
    let mut found = known::of_report(&files, files.findings.iter().chain(accepted));
    if ids.iter().all(|id| found.iter().any(|one| has_id(one, id))) {
        return Ok(found);
    }
    if let Some(past) = project.scan_history()? {
        let accepted = past.accepted.iter().map(|one| &one.finding);
        found.extend(known::of_report(&past, past.findings.iter().chain(accepted)));
    }
    Ok(found)
}

fn begins(own: Fingerprint, id: &str) -> bool {
    own.to_string().starts_with(&id.to_ascii_lowercase())
}

fn has_id(known: &Known, id: &str) -> bool {
    begins(known.fingerprint, id) || begins(known.secret_id, id)
}

/// The entries that an id asks for: that of a finding, or that of a secret.
fn entries(found: &[Known], id: &str, how: &Acceptance<'_>) -> Result<Vec<IgnoreEntry>> {
    let fitting: Vec<&Known> = found.iter().filter(|one| has_id(one, id)).collect();
    let own: BTreeSet<Fingerprint> =
        fitting.iter().map(|one| if begins(one.fingerprint, id) { one.fingerprint } else { one.secret_id }).collect();
    match own.len() {
        0 => bail!("nothing here has the id `{id}`: `caulk scan` and `caulk history` show ids"),
        1 => {}
        _ => bail!("`{id}` fits several ids: give more characters"),
    }
    let first = fitting.into_iter().take(1);
    Ok(first
        .map(|one| {
            let everywhere = how.everywhere || !begins(one.fingerprint, id);
            Acceptance { everywhere, ..*how }.entry(one)
        })
        .collect())
}

fn list(format: PolicyFormat, args: &ProjectArgs) -> Result<Outcome> {
    let project = Project::open(args, None)?;
    let file = project.exceptions.ignore_file();
    let mut out = anstream::stdout().lock();
    if format == PolicyFormat::Json {
        let entries: Vec<_> = file
            .entries()
            .map(|entry| {
                json!({
                    "fingerprint": entry.fingerprint, "rule": entry.rule,
                    "path": entry.shown_path(),
                    "until": entry.until.map(|day| day.to_string()), "reason": entry.reason,
                    "baseline": entry.is_baseline(), "expired": entry.is_expired(), "line": entry.line,
                })
            })
            .collect();
        serde_json::to_writer_pretty(&mut out, &entries)?;
        writeln!(out)?;
        return Ok(Outcome::Clean);
    }
    for entry in file.entries() {
        writeln!(out, "{}  {} {}", entry.fingerprint, entry.rule, entry.place())?;
        writeln!(out, "    {}{}", entry.reason, state(&project, entry))?;
    }
    match file.entries().count() {
        0 => writeln!(out, "no {IGNORE_FILE}, or nothing in it: `caulk ignore add` and `caulk baseline` make entries")?,
        several => writeln!(out, "{}", count(several, "entry"))?,
    }
    Ok(Outcome::Clean)
}

/// What is to be said about an entry beside its reason.
fn state(project: &Project, entry: &IgnoreEntry) -> String {
    let mut parts = Vec::new();
    match entry.until {
        Some(until) if entry.is_expired() => parts.push(format!("ended on {until}, holds no longer")),
        Some(until) => parts.push(format!("until {until}")),
        None => {}
    }
    let rules = project.scanner.rules();
    if rules.by_name(&entry.rule).is_none() {
        let near = did_you_mean(&entry.rule, rules.iter().map(|(_, rule)| rule.id()));
        parts.push(format!("no active rule is called `{}`{near}", entry.rule));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

/// The entries that cover something in the files or in the history, and whether all of both was read.
fn needed(project: &Project) -> Result<(BTreeSet<Fingerprint>, bool)> {
    let files = project.scan_files()?;
    let mut needed = project.exceptions.needed(&project.scanner, &files);
    let mut complete = files.manifest.is_complete();
    if let Some(past) = project.scan_history()? {
        needed.extend(project.exceptions.needed(&project.scanner, &past));
        complete &= past.manifest.is_complete();
    }
    Ok((needed, complete))
}

fn prune(dry_run: bool, args: &ProjectArgs) -> Result<Outcome> {
    let project = Project::open(args, Some(Confidence::Low))?;
    let (needed, complete) = needed(&project)?;
    let mut file: IgnoreFile = project.exceptions.ignore_file().clone();
    let mut out = anstream::stdout().lock();
    let mut gone = Vec::new();
    file.retain(|entry| {
        let why = match () {
            () if entry.is_expired() => "expired",
            // What was not read may need it.
            () if complete && !needed.contains(&entry.fingerprint) => "covers nothing",
            () => return true,
        };
        gone.push(format!("- {} ({why})", entry.to_line()));
        false
    });
    gone.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if gone.is_empty() {
        writeln!(out, "nothing to take out")?;
    } else if dry_run {
        writeln!(out, "{} would be taken out; nothing was written (--dry-run)", count(gone.len(), "entry"))?;
    } else {
        let path = project.write(&file)?;
        writeln!(out, "{} taken out of {}", count(gone.len(), "entry"), shown(&path))?;
    }
    if !complete {
        let why = "not everything could be read (`caulk scan` and `caulk history` say what)";
        writeln!(anstream::stderr(), "incomplete: {why}, so what covers nothing was kept")?;
        return Ok(Outcome::Incomplete);
    }
    Ok(Outcome::Clean)
}

fn explain(id: &str, args: &ProjectArgs) -> Result<Outcome> {
    let project = Project::open(args, Some(Confidence::Low))?;
    let mut fitting = project.exceptions.ignore_file().entries().filter(|entry| begins(entry.fingerprint, id));
    let Some(entry) = fitting.next() else {
        bail!("no entry of {IGNORE_FILE} has the id `{id}`: `caulk ignore list` shows all");
    };
    if fitting.next().is_some() {
        bail!("`{id}` fits several entries: give more characters");
    }
    let mut out = anstream::stdout().lock();
    let what = project.scanner.rules().by_name(&entry.rule).map(|id| project.scanner.rules().rule(id).title());
    let whole = if entry.path.is_some() { "finding" } else { "secret" };
    writeln!(out, "{whole} {} [{}]", entry.fingerprint, entry.rule)?;
    writeln!(out, "  what    {}", what.unwrap_or_else(|| "found by a rule that is not active".to_owned()))?;
    writeln!(out, "  where   {}", entry.place())?;
    writeln!(out, "  why     {}{}", entry.reason, state(&project, entry))?;
    writeln!(out, "  stated  {IGNORE_FILE}:{}", entry.line)?;
    let stated = format!(":{}", entry.line);
    let files = project.scan_files()?;
    let past = project.scan_history()?;
    let mut places = BTreeSet::new();
    for (report, when) in [(Some(&files), "now at"), (past.as_ref(), "once at")] {
        let Some(report) = report else { continue };
        let covered =
            report.accepted.iter().filter(|one| one.stated.ends_with(&stated) && one.stated.contains(IGNORE_FILE));
        for known in known::of_report(report, covered.map(|one| &one.finding)) {
            if places.insert(known.at.clone()) {
                writeln!(out, "  {when:<7} {}", known.at)?;
            }
        }
    }
    if places.is_empty() && !entry.is_expired() {
        writeln!(out, "  covers nothing, in the files and in the history: `caulk ignore prune` takes it out")?;
    }
    Ok(Outcome::Clean)
}
