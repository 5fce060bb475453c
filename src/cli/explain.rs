//! `caulk explain`: why something is a finding or none.

use super::args::policy::ExplainArgs;
use super::{Outcome, policy};
use anyhow::{Context, Result, bail};
use caulk::blob::path::write_escaped;
use caulk::exception::{Exceptions, Extent};
use caulk::plural::count;
use caulk::report::policy::Accepted;
use caulk::report::{Scope, confidence_word};
use caulk::scan::explain::{Explained, Fate, Question};
use caulk::source::files::{FileEntry, walk};
use caulk::source::open::OpenFile;
use caulk::{Confidence, Manifest, Report, Scanner, WalkOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest file that is explained, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// Fewest characters of an id that are enough.
const SHORTEST_ID: usize = 8;

/// A file with what was found in it.
struct Explanation<'e> {
    scanner: &'e Scanner,
    least: Confidence,
    accepted: &'e [Accepted],
}

pub(super) fn run(args: &ExplainArgs) -> Result<Outcome> {
    let (place, question) = asked(args)?;
    let flags = policy::flags(args.confidence, None, &args.rules);
    let exceptions = policy::load(std::slice::from_ref(&place), &args.policy, flags)?;
    let config = exceptions.config();
    let least = config.confidence.value;
    let scanner = Scanner::new(config.rule_set()?, least)?;
    let walked = walk(std::slice::from_ref(&place), &WalkOptions::default())
        .map_err(|(path, error)| anyhow::Error::new(error).context(format!("cannot read `{}`", path.display())))?;
    let mut out = anstream::stdout().lock();
    let mut shown = 0;
    for file in &walked.files {
        let Some(bytes) = read(file).transpose() else { continue };
        shown += explain_file(&scanner, &exceptions, (file, &bytes?), &question, &mut out)?;
    }
    match (&question, shown) {
        (Question::Line(line), 0) => writeln!(
            out,
            "{}:{line}: no candidate: nothing there has a shape, a name or a URL that one of {} knows",
            place.display(),
            count(scanner.rules().len(), "rule")
        )?,
        (Question::Id(id), 0) => {
            bail!("nothing below `{}` has the id `{id}`: name the file, or look with `caulk history`", place.display())
        }
        _ => {}
    }
    Ok(Outcome::Clean)
}

/// What is asked about, and where to look.
fn asked(args: &ExplainArgs) -> Result<(PathBuf, Question)> {
    let what = &args.what;
    let id = (SHORTEST_ID..=32).contains(&what.len()) && what.bytes().all(|byte| byte.is_ascii_hexdigit());
    if id && !Path::new(what).exists() {
        return Ok((args.path.clone(), Question::Id(what.to_ascii_lowercase())));
    }
    // As reports show places, a column may follow.
    let parts: Vec<&str> = what.rsplitn(3, ':').collect();
    let number = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
    let place = match parts.as_slice() {
        [_, line, file] if number(parts[0]).is_some() && number(line).is_some() => {
            number(line).map(|line| (*file, line))
        }
        _ => what.rsplit_once(':').and_then(|(file, line)| Some((file, number(line)?))),
    };
    let Some((file, line)) = place else {
        bail!(
            "`{what}` is no place and no id: write `FILE:LINE`, or at least {SHORTEST_ID} digits of an id from a report"
        );
    };
    if Path::new(file).is_dir() {
        bail!("`{file}` is a folder: name a file in it");
    }
    Ok((PathBuf::from(file), Question::Line(line)))
}

/// The content of a file; none for what is too large.
fn read(file: &FileEntry) -> Result<Option<Vec<u8>>> {
    let name = || format!("cannot read `{}`", file.origin.path);
    let opened = match OpenFile::open(&file.path, file.follow) {
        Ok(opened) => opened,
        Err(reason) => bail!("`{}` {reason}", file.origin.path),
    };
    if opened.len > MAX_FILE {
        writeln!(anstream::stderr(), "`{}` is larger than {} MB and left out", file.origin.path, MAX_FILE >> 20)?;
        return Ok(None);
    }
    let mut bytes = vec![0; usize::try_from(opened.len)?];
    let filled = opened.fill(&mut bytes, 0).with_context(name)?;
    bytes.truncate(filled);
    Ok(Some(bytes))
}

/// Explains what is asked about in a file; gives how many candidates that are.
fn explain_file(
    scanner: &Scanner,
    exceptions: &Exceptions,
    (file, bytes): (&FileEntry, &[u8]),
    question: &Question,
    out: &mut dyn Write,
) -> Result<usize> {
    let all = scanner.explain(&file.origin, bytes, question);
    let line = if let Question::Line(line) = question { Some(*line) } else { None };
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    if let Some(line) = line.filter(|line| *line > lines) {
        bail!("`{}` has no line {line}: it has {lines}", file.origin.path);
    }
    if all.is_empty() {
        return Ok(0);
    }
    // As a scan of this file reports it.
    let findings = scanner.scan_origin(&file.origin, bytes);
    let mut report = Report::new(scanner.rules(), findings, Manifest::new(scanner.rules(), Scope::Files));
    exceptions.apply(scanner, &mut report, Extent::Part);
    let excluded = exceptions.leaves_out(&file.origin.key);
    let least = exceptions.config().confidence.value;
    let explanation = Explanation { scanner, least, accepted: &report.accepted };
    let kind = scanner.kind_of(&file.origin, bytes);
    let role = kind.role.word();
    writeln!(out, "{}: {} in a {role} file", file.origin.path, count(all.len(), "candidate"))?;
    if excluded {
        writeln!(out, "  the path is left out by `paths.exclude`, so a scan reports nothing here")?;
    }
    for one in &all {
        explanation.write(one, out)?;
    }
    // What a comment there says and may not.
    let near = |line: u64| [line, line.saturating_sub(1)].map(|line| format!("{}:{line}: ", file.origin.path));
    let starts: Vec<String> = all.iter().flat_map(|one| near(one.start.line)).collect();
    let notices = report.manifest.policy.notices.iter().map(|notice| &notice.text);
    for text in notices.filter(|text| starts.iter().any(|start| text.starts_with(start))) {
        writeln!(out, "\nexceptions: {}", escaped(text))?;
    }
    Ok(all.len())
}

impl Explanation<'_> {
    fn write(&self, one: &Explained, out: &mut dyn Write) -> Result<()> {
        let rule = self.scanner.rules().rule(one.rule);
        writeln!(out, "\n{}:{} {} [{}]", one.start.line, one.start.column, rule.title(), rule.id())?;
        writeln!(out, "  value     {}", one.secret)?;
        for evidence in &one.evidence {
            writeln!(out, "  counts    {}", escaped(&evidence.to_string()))?;
        }
        match &one.fate {
            Fate::Rejected { step, why } => writeln!(out, "  rejected  {}: {}", step, escaped(why))?,
            Fate::Part => writeln!(out, "  belongs   to the finding beside it, as its id")?,
            Fate::Found(confidence) => self.write_found(one, *confidence, out)?,
        }
        writeln!(out, "  id        {}, of the secret {}", one.fingerprint, one.secret_id)?;
        Ok(())
    }

    fn write_found(&self, one: &Explained, confidence: Confidence, out: &mut dyn Write) -> Result<()> {
        let word = confidence_word(confidence);
        let same = |accepted: &&Accepted| {
            accepted.finding.fingerprint == one.fingerprint && accepted.finding.place.start == one.start
        };
        if confidence < self.least {
            let least = confidence_word(self.least);
            writeln!(out, "  no report confidence {word} is less than {least} (--confidence)")?;
        } else if let Some(accepted) = self.accepted.iter().find(same) {
            let until = accepted.until.map_or_else(String::new, |day| format!(" until {day}"));
            let by = format!("{} at {}{until}: {}", accepted.kind.word(), accepted.stated, accepted.reason);
            writeln!(out, "  accepted  confidence {word}, by {}", escaped(&by))?;
        } else {
            writeln!(out, "  reported  confidence {word}")?;
        }
        Ok(())
    }
}

fn escaped(text: &str) -> String {
    let mut shown = String::new();
    write_escaped(text.as_bytes(), &mut shown).expect("writing to a string does not fail");
    shown
}
