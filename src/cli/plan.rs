//! From what was typed to what will be done: everything resolved and checked once, read-only after.

use super::args::{ColorArg, ConfidenceArg, HistoryArgs, ReachArg, RuleFiles, RunArgs, ScanArgs, SeverityArg};
use super::formats::Subject;
use super::output::{self, Target};
use super::policy;
use anyhow::{Context, Result, anyhow, bail};
use caulk::check::{Collector, Trace, trace};
use caulk::config::project::is_whole;
use caulk::exception::{Exceptions, Extent};
use caulk::git::Layout;
use caulk::history::{LocalValue, Range, Wanted};
use caulk::report::ShowSecrets;
use caulk::source::Visitor;
use caulk::source::files::{self, Hidden, Ignored};
use caulk::{Confidence, HistoryOptions, RuleSet, Secret, Severity, WalkOptions};
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::path::{Path, PathBuf};

/// What a scan reads.
#[derive(Debug)]
pub(super) enum Input {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// Standard input, called so.
    Stdin(String),
}

/// A scan of files, resolved.
#[derive(Debug)]
pub(super) struct ScanPlan {
    pub(super) input: Input,
    pub(super) walk: WalkOptions,
    pub(super) run: RunPlan,
}

/// What all scans have in common, resolved.
#[derive(Debug)]
pub(super) struct RunPlan {
    pub(super) rules: RuleSet,
    pub(super) confidence: Confidence,
    pub(super) fail_on: Severity,
    pub(super) exit_zero: bool,
    pub(super) targets: Vec<Target>,
    pub(super) show: ShowSecrets,
    pub(super) talk: Talk,
    pub(super) threads: usize,
    pub(super) exceptions: Exceptions,
    pub(super) extent: Extent,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    /// Nothing but errors.
    Quiet,
    /// An account of the run.
    Normal,
    /// Everything that was left out.
    Verbose,
}

impl ScanPlan {
    /// Resolves the arguments.
    pub(super) fn resolve(args: ScanArgs) -> Result<Self> {
        let stdin = [PathBuf::from(".")];
        let piped = args.paths.iter().any(|path| path.as_path() == Path::new("-"));
        let places = if piped { &stdin } else { args.paths.as_slice() };
        let mut run = RunPlan::resolve(args.run, places)?;
        let narrowed = args.no_hidden || !args.exclude.is_empty() || piped;
        if !narrowed && places.iter().any(|place| is_whole(place)) {
            run.extent = Extent::Full;
        }
        let walk = WalkOptions {
            ignored: if args.no_ignore { Ignored::Read } else { Ignored::LeftOut },
            hidden: if args.no_hidden { Hidden::LeftOut } else { Hidden::Read },
            exclude: globs(&args.exclude)?,
            leave_out: run.exceptions.excluded(),
            threads: run.threads,
        };
        Ok(Self { input: input(args.paths, args.stdin_name)?, walk, run })
    }
}

impl RunPlan {
    /// Resolves the arguments.
    pub(super) fn resolve(args: RunArgs, places: &[PathBuf]) -> Result<Self> {
        set_color(args.color);
        let show = show(args.show_secrets);
        let flags = policy::flags(args.confidence, args.fail_on, &args.rules);
        let exceptions = policy::load(places, &args.policy, flags)?;
        let config = exceptions.config();
        Ok(Self {
            targets: output::targets(args.report, Subject::Findings, show)?,
            rules: config.rule_set()?,
            confidence: config.confidence.value,
            fail_on: config.fail_on.value,
            exit_zero: args.exit_zero,
            show,
            talk: talk(args.quiet, args.verbose),
            threads: args.threads,
            extent: Extent::Part,
            exceptions,
        })
    }
}

/// What to scan of a history.
pub(super) fn history_options(args: &HistoryArgs) -> Result<HistoryOptions> {
    let wanted = match args.reach {
        ReachArg::Refs => Wanted::Refs,
        ReachArg::Reflog => Wanted::Reflog,
        ReachArg::All => Wanted::All,
    };
    let since = args.since.as_deref().map(day).transpose()?;
    let mut range = Range {
        include: args.branch.clone(),
        exclude: args.since_commit.iter().cloned().collect(),
        since,
        ..Range::default()
    };
    if let Some(text) = &args.range {
        let (from, to) =
            text.split_once("..").map_or(("", text.as_str()), |(from, to)| (from, to.trim_start_matches('.')));
        range.include.push(if to.is_empty() { "HEAD".to_owned() } else { to.to_owned() });
        let from = if from.is_empty() && text.starts_with("..") { "HEAD" } else { from };
        range.exclude.extend((!from.is_empty()).then(|| from.to_owned()));
    }
    let narrowed = range != Range::default();
    if narrowed && args.reach != ReachArg::All {
        bail!("--reach is for whole histories: leave it out, or leave out what narrows the scan to some commits");
    }
    let (trace, cache) = (args.trace || args.trace_env, args.cache.clone());
    let local = if args.trace_env { local_values(&args.repository)? } else { Vec::new() };
    Ok(HistoryOptions { wanted, range: narrowed.then_some(range), trace, local, quarantine: Vec::new(), cache })
}

/// The values of the environment files that git ignores in the work tree at or above `path`; a bare repository has none.
fn local_values(path: &Path) -> Result<Vec<LocalValue>> {
    let Some(root) = Layout::discover(path)?.work_tree else { return Ok(Vec::new()) };
    let collector = Collector::new(&root, Trace { env: true, stores: false });
    let walked = files::walk(std::slice::from_ref(&root), &WalkOptions::default())
        .map_err(|(path, error)| anyhow!("cannot look for environment files in `{}`: {error}", path.display()))?;
    collector.begin(&walked);
    let known = collector.matcher().map_or(&[][..], |matcher| matcher.known());
    // As it is seen from the root of the work tree.
    let above = format!("{}/", root.display());
    let value = |one: &trace::Known| Secret::new(one.value.as_str().as_bytes(), 0);
    Ok(known.iter().map(|one| LocalValue { label: one.label.replace(&above, ""), value: value(one) }).collect())
}

/// The first second of a day in UTC.
fn day(text: &str) -> Result<i64> {
    let date: jiff::civil::Date =
        text.parse().with_context(|| format!("--since `{text}` is no date such as 2026-01-31"))?;
    Ok(date.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_second())
}

/// Quiet wins: the two exclude each other.
pub(super) const fn talk(quiet: bool, verbose: bool) -> Talk {
    match (quiet, verbose) {
        (true, _) => Talk::Quiet,
        (_, true) => Talk::Verbose,
        _ => Talk::Normal,
    }
}

fn input(paths: Vec<PathBuf>, stdin_name: String) -> Result<Input> {
    let stdin = paths.iter().filter(|path| path.as_path() == Path::new("-")).count();
    match (stdin, paths.len()) {
        (0, _) => Ok(Input::Paths(paths)),
        (_, 1) => Ok(Input::Stdin(stdin_name)),
        _ => bail!("standard input (`-`) is scanned alone: run paths and `-` apart"),
    }
}

pub(super) fn globs(patterns: &[String]) -> Result<Option<GlobSet>> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).with_context(|| format!("--exclude `{pattern}` is no glob pattern"))?);
    }
    Ok(Some(set.build()?))
}

/// The active rules: the built-in ones, then files in the order in which they were given.
pub(super) fn rules(files: &RuleFiles) -> Result<RuleSet> {
    let mut rules = if files.no_default_rules { RuleSet::empty() } else { RuleSet::builtin() };
    for file in &files.files {
        if let Err(errors) = rules.load(file) {
            let lines: Vec<String> = errors.iter().map(|error| format!("\n  {error}")).collect();
            bail!("the rules cannot be used:{}", lines.concat());
        }
    }
    Ok(rules)
}

pub(super) const fn show(wanted: bool) -> ShowSecrets {
    if wanted { ShowSecrets::Yes } else { ShowSecrets::Never }
}

pub(super) fn set_color(color: ColorArg) {
    match color {
        ColorArg::Auto => {}
        ColorArg::Always => anstream::ColorChoice::Always.write_global(),
        ColorArg::Never => anstream::ColorChoice::Never.write_global(),
    }
}

pub(super) const fn confidence(arg: ConfidenceArg) -> Confidence {
    match arg {
        ConfidenceArg::Low => Confidence::Low,
        ConfidenceArg::Medium => Confidence::Medium,
        ConfidenceArg::High => Confidence::High,
        ConfidenceArg::Certain => Confidence::Certain,
    }
}

pub(super) const fn severity(arg: SeverityArg) -> Severity {
    match arg {
        SeverityArg::Info => Severity::Info,
        SeverityArg::Low => Severity::Low,
        SeverityArg::Medium => Severity::Medium,
        SeverityArg::High => Severity::High,
        SeverityArg::Critical => Severity::Critical,
    }
}
