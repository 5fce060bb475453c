//! What check and audit share: one walk that scans and gathers the facts, then the checklist.

use super::args::{ChecklistArgs, ProfileArg};
use super::formats::{self, Extras, Subject};
use super::output::{self, Target};
use super::plan::{self, Talk};
use super::{Outcome, policy, progress};
use anyhow::{Result, bail};
use caulk::check::history::HistoryFacts;
use caulk::check::{Checklist, Collector, Project, Selection, Trace};
use caulk::config::Flags;
use caulk::exception::{Exceptions, Extent};
use caulk::report::checklist::sarif::Profile;
use caulk::report::{Content, ShowSecrets, checklist, sarif, text};
use caulk::{Confidence, Progress, Report, Scanner, Severity, WalkOptions};

/// What came of a run.
pub(super) struct Survey {
    pub(super) report: Report,
    pub(super) project: Project,
    checklist: Checklist,
    profile: Profile,
    fail_on: Severity,
    exit_zero: bool,
    talk: Talk,
}

/// What reads the history works with.
pub(super) struct Watched<'w> {
    pub(super) progress: &'w Progress,
    pub(super) exceptions: &'w Exceptions,
}

/// Scans the folder once, with a collector that sees what is read; `history` reads what git remembers.
pub(super) fn run(
    args: &ChecklistArgs,
    confidence: Option<Confidence>,
    trace_env: bool,
    history: impl FnOnce(&Scanner, &Collector, &mut Report, &Watched<'_>) -> Result<Option<HistoryFacts>>,
) -> Result<Survey> {
    let talk = plan::talk(args.quiet, args.verbose);
    let selection = Selection { only: args.only.clone(), skip: args.skip.clone() };
    if let Some(name) = selection.unknown() {
        bail!("there is no check `{name}`: `caulk check` lists all, each with its name in brackets");
    }
    let flags = Flags { confidence, ..policy::flags(None, args.fail_on, &args.rules) };
    let exceptions = policy::load(std::slice::from_ref(&args.path), &args.policy, flags)?;
    let config = exceptions.config();
    if args.threads > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global()?;
    }
    let (exclude, leave_out) = (plan::globs(&args.exclude)?, exceptions.excluded());
    let walk = WalkOptions { exclude, leave_out, threads: args.threads, ..WalkOptions::default() };
    let scanner = Scanner::new(config.rule_set()?, config.confidence.value)?;
    let collector = Collector::new(&args.path, Trace { env: trace_env, stores: args.trace_stores });
    let watch = Progress::default();
    let roots = [args.path.clone()];
    let mut report =
        progress::watched(&watch, talk != Talk::Quiet, || scanner.scan_paths_with(&roots, &walk, &watch, &collector))?;
    exceptions.apply(&scanner, &mut report, Extent::Part);
    let watch = Progress::default();
    let watched = Watched { progress: &watch, exceptions: &exceptions };
    let history =
        progress::watched(&watch, talk != Talk::Quiet, || history(&scanner, &collector, &mut report, &watched))?;
    let project = collector.finish(report.findings.clone(), scanner.rules().clone(), history);
    let checklist = Checklist::new(&project, &selection, &config.checklist);
    let profile = match args.sarif_profile {
        ProfileArg::Upload => Profile::Upload,
        ProfileArg::Full => Profile::Full,
    };
    let (fail_on, exit_zero) = (config.fail_on.value, args.exit_zero);
    Ok(Survey { report, project, checklist, profile, fail_on, exit_zero, talk })
}

impl Survey {
    /// Writes the reports and the account of the run, and says how it ended.
    pub(super) fn write(&self, targets: &[Target], subject: Subject, show: ShowSecrets) -> Result<Outcome> {
        let (report, checklist, ended) = (&self.report, &self.checklist, formats::ended());
        let content = match subject {
            Subject::Checklist => Content::checklist(checklist, report, ended),
            Subject::Findings | Subject::Audit => Content::audit(report, checklist, ended),
        };
        let found = subject != Subject::Checklist;
        let hashes = || self.line_hashes(found);
        let extras = Extras { show, profile: self.profile, hashes: &hashes };
        let written = output::write(targets, |format, out| formats::write(&content, format, &extras, out));
        self.account(found)?;
        super::run::after_writing(written, self.outcome(found))
    }

    /// The hashes of the lines with failures, and with findings if `findings`.
    fn line_hashes(&self, findings: bool) -> sarif::LineHashes {
        let failures = self.checklist.items.iter().filter(|item| item.fails()).flat_map(|item| &item.outcome.seen);
        let failures = failures.filter_map(|seen| Some((seen.origin.as_ref()?, seen.at.map_or(1, |at| at.line))));
        let found = super::run::places(&self.report).filter(|_| findings);
        output::line_hashes(failures.chain(found))
    }

    /// Says how it went, on standard error; `found` with the account of the scan.
    fn account(&self, found: bool) -> Result<()> {
        let verbose = self.talk == Talk::Verbose;
        let out = &mut anstream::stderr().lock();
        if self.talk != Talk::Quiet && found {
            text::write_summary(&self.report, verbose, out)?;
        } else if self.talk != Talk::Quiet {
            text::write_policy(&self.report, verbose, out)?;
            text::write_failures(&self.report, verbose, out)?;
        }
        if self.talk != Talk::Quiet {
            checklist::text::write_summary(&self.checklist, verbose, out)?;
        }
        Ok(())
    }

    /// How the run ended; findings count in it if `findings`.
    fn outcome(&self, findings: bool) -> Outcome {
        let found = if findings { self.report.at_least(self.fail_on) } else { 0 };
        let failing = !self.exit_zero && found + self.checklist.at_least(self.fail_on) > 0;
        super::run::outcome(&self.report, failing)
    }
}
