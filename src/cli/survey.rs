//! What check and audit share: one walk that scans and gathers the facts, then the checklist.

use super::args::{ChecklistArgs, ProfileArg};
use super::plan::{self, Talk};
use super::{output, progress};
use anyhow::{Result, bail};
use caulk::check::history::HistoryFacts;
use caulk::check::{Checklist, Collector, Project, Selection, Trace};
use caulk::config::{self, Config};
use caulk::report::checklist::sarif::Profile;
use caulk::report::{checklist, sarif, text};
use caulk::{Confidence, Progress, Report, Scanner, Severity, WalkOptions};

/// What came of a run.
pub(super) struct Survey {
    pub(super) report: Report,
    pub(super) project: Project,
    pub(super) checklist: Checklist,
    pub(super) profile: Profile,
    fail_on: Severity,
    exit_zero: bool,
    talk: Talk,
}

/// Scans the folder once, with a collector that sees what is read; `history` reads what git remembers.
pub(super) fn run(
    args: &ChecklistArgs,
    confidence: Confidence,
    trace_env: bool,
    history: impl FnOnce(&Scanner, &Collector, &mut Report, &Progress) -> Result<Option<HistoryFacts>>,
) -> Result<Survey> {
    let talk = plan::talk(args.quiet, args.verbose);
    let selection = Selection { only: args.only.clone(), skip: args.skip.clone() };
    if let Some(name) = selection.unknown() {
        bail!("there is no check `{name}`: `caulk check` lists all, each with its name in brackets");
    }
    let config = configuration(args)?;
    if args.threads > 0 {
        rayon::ThreadPoolBuilder::new().num_threads(args.threads).build_global()?;
    }
    let walk = WalkOptions { exclude: plan::globs(&args.exclude)?, threads: args.threads, ..WalkOptions::default() };
    let scanner = Scanner::new(plan::rules(&args.rules)?, confidence)?;
    let collector = Collector::new(&args.path, Trace { env: trace_env, stores: args.trace_stores });
    let watch = Progress::default();
    let roots = [args.path.clone()];
    let mut report =
        progress::watched(&watch, talk != Talk::Quiet, || scanner.scan_paths_with(&roots, &walk, &watch, &collector))?;
    let watch = Progress::default();
    let history =
        progress::watched(&watch, talk != Talk::Quiet, || history(&scanner, &collector, &mut report, &watch))?;
    let project = collector.finish(report.findings.clone(), scanner.rules().clone(), history);
    let checklist = Checklist::new(&project, &selection, &config.checklist.exceptions);
    let profile = match args.sarif_profile {
        ProfileArg::Upload => Profile::Upload,
        ProfileArg::Full => Profile::Full,
    };
    let (fail_on, exit_zero) = (plan::severity(args.fail_on), args.exit_zero);
    Ok(Survey { report, project, checklist, profile, fail_on, exit_zero, talk })
}

/// The named configuration, or the one at the root of the repository.
fn configuration(args: &ChecklistArgs) -> Result<Config> {
    if let Some(file) = &args.config {
        return Ok(Config::load(file)?);
    }
    let full = args.path.canonicalize().unwrap_or_else(|_| args.path.clone());
    let base = full.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&full);
    let file = base.join(config::FILE);
    Ok(if file.is_file() { Config::load(&file)? } else { Config::default() })
}

impl Survey {
    /// The hashes of the lines with failures, and with findings if `findings`.
    pub(super) fn line_hashes(&self, findings: bool) -> sarif::LineHashes {
        let failures = self.checklist.items.iter().filter(|item| item.fails()).flat_map(|item| &item.outcome.seen);
        let failures = failures.filter_map(|seen| Some((seen.origin.as_ref()?, seen.at.map_or(1, |at| at.line))));
        let found = super::run::places(&self.report).filter(|_| findings);
        output::line_hashes(failures.chain(found))
    }

    /// Says how it went, on standard error; `found` with the account of the scan.
    pub(super) fn account(&self, found: bool) -> Result<()> {
        let verbose = self.talk == Talk::Verbose;
        let out = &mut anstream::stderr().lock();
        if self.talk != Talk::Quiet && found {
            text::write_summary(&self.report, verbose, out)?;
        } else if self.talk != Talk::Quiet {
            text::write_failures(&self.report, verbose, out)?;
        }
        if self.talk != Talk::Quiet {
            checklist::text::write_summary(&self.checklist, verbose, out)?;
        }
        Ok(())
    }

    /// How the run ended; findings count in it if `findings`.
    pub(super) fn outcome(&self, findings: bool) -> super::Outcome {
        let found = if findings { self.report.at_least(self.fail_on) } else { 0 };
        let failing = !self.exit_zero && found + self.checklist.at_least(self.fail_on) > 0;
        super::run::outcome(&self.report, failing)
    }
}
