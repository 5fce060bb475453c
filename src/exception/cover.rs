//! Which findings the exceptions cover, and which exceptions cover nothing.

use super::{Exceptions, Extent, IgnoreEntry};
use crate::blob::{Origin, PlacePath};
use crate::config::{FindingException, RuleName, Setting, Trust};
use crate::day::Day;
use crate::finding::exposure::{ExposedPlace, NAMELESS};
use crate::finding::{Directive, Finding, Fingerprint};
use crate::report::Report;
use crate::report::policy::{Accepted, ExceptionKind, Notice, NoticeKind, Policy};
use crate::scan::Scanner;
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What covers one place of a finding.
#[derive(Clone)]
struct Cover {
    kind: ExceptionKind,
    reason: String,
    until: Option<Day>,
    stated: String,
}

/// One place of a finding, as exceptions see it.
struct Spot<'f> {
    origin: &'f Origin,
    fingerprint: Fingerprint,
    directive: Option<&'f Directive>,
}

impl<'f> Spot<'f> {
    fn of(exposed: &'f ExposedPlace) -> Self {
        let directive = exposed.directive.as_deref();
        Self { origin: &exposed.place.origin, fingerprint: exposed.fingerprint, directive }
    }
}

/// A kind of findings that a configuration accepts.
struct Kind<'e> {
    rules: Option<RuleName>,
    exception: &'e Setting<FindingException>,
}

/// The exceptions, made ready for a report.
struct Desk<'e> {
    all: &'e Exceptions,
    scanner: &'e Scanner,
    today: Day,
    kinds: Vec<Kind<'e>>,
    /// The rules that entries name, by path; those for every path under `None`.
    rules_at: HashMap<Option<&'e [u8]>, BTreeSet<&'e str>>,
    used_entries: BTreeSet<Fingerprint>,
    used_kinds: BTreeSet<usize>,
    inline: usize,
    refused_inline: usize,
    notices: BTreeSet<Notice>,
    /// What the revision that is trusted says in a file: the fingerprints that comments cover there.
    trusted: BTreeMap<PlacePath, BTreeSet<Fingerprint>>,
}

impl Exceptions {
    /// Moves what is covered from the findings of `report` to its accepted ones, and says in the manifest what is in force.
    pub fn apply(&self, scanner: &Scanner, report: &mut Report, extent: Extent) {
        let mut policy = Policy {
            files: self.config.files.clone(),
            exclude: self.config.exclude.iter().map(|one| one.value.clone()).collect(),
            rules_off: scanner.rules().off(),
            ..Policy::default()
        };
        self.leave_out(report);
        let mut desk = Desk::new(self, scanner);
        let mut findings = Vec::new();
        for finding in std::mem::take(&mut report.findings) {
            match desk.cover(&finding) {
                Some(Cover { kind, reason, until, stated }) => {
                    report.accepted.push(Accepted { finding, kind, reason, until, stated });
                }
                None => findings.push(finding),
            }
        }
        report.findings = findings;
        report.sort();
        policy.used = desk.used_entries.len() + desk.used_kinds.len() + desk.inline;
        policy.notices = desk.notices(extent);
        report.manifest.policy.add(policy);
    }

    /// The entries of the ignore file that cover something in `report`.
    pub fn needed(&self, scanner: &Scanner, report: &Report) -> BTreeSet<Fingerprint> {
        let mut desk = Desk::new(self, scanner);
        for finding in report.findings.iter().chain(report.accepted.iter().map(|one| &one.finding)) {
            desk.cover(finding);
        }
        desk.used_entries
    }

    /// Takes out what stands at paths that the configuration leaves out.
    fn leave_out(&self, report: &mut Report) {
        let Some(globs) = self.excluded() else { return };
        report.findings.retain_mut(|finding| match &mut finding.exposure {
            None => !is_below(&globs, &finding.place.origin.key),
            Some(exposure) => {
                exposure.places.retain(|exposed| !is_below(&globs, &exposed.place.origin.key));
                let Some(first) = exposure.places.first() else { return false };
                (finding.fingerprint, finding.place) = (first.fingerprint, first.place.clone());
                true
            }
        });
    }

    /// Does the configuration leave out the file at this path from the root?
    pub fn leaves_out(&self, path: &PlacePath) -> bool {
        self.excluded().is_some_and(|globs| is_below(&globs, path))
    }

    /// The paths that the configuration leaves out.
    pub fn excluded(&self) -> Option<GlobSet> {
        let mut set = GlobSetBuilder::new();
        // They were read as globs before.
        self.config.exclude.iter().filter_map(|one| Glob::new(&one.value).ok()).for_each(|glob| {
            set.add(glob);
        });
        set.build().ok().filter(|set| !set.is_empty())
    }
}

/// Does a glob fit the path, or a folder that it stands in?
fn is_below(globs: &GlobSet, path: &PlacePath) -> bool {
    let text = path.to_string();
    let folders = text.match_indices('/').map(|(at, _)| &text[..at]);
    folders.chain([text.as_str()]).any(|part| globs.is_match(part))
}

impl<'e> Desk<'e> {
    fn new(all: &'e Exceptions, scanner: &'e Scanner) -> Self {
        let kind = |exception: &'e Setting<FindingException>| Kind {
            rules: exception.value.rule.as_ref().map(|name| RuleName::new(name, scanner.rules())),
            exception,
        };
        let mut rules_at: HashMap<Option<&[u8]>, BTreeSet<&str>> = HashMap::new();
        for entry in all.ignore.entries() {
            rules_at.entry(entry.path.as_deref()).or_default().insert(&entry.rule);
        }
        Self {
            all,
            scanner,
            today: Day::today(),
            kinds: all.config.exceptions.iter().map(kind).collect(),
            rules_at,
            used_entries: BTreeSet::new(),
            used_kinds: BTreeSet::new(),
            inline: 0,
            refused_inline: 0,
            notices: BTreeSet::new(),
            trusted: BTreeMap::new(),
        }
    }

    /// What covers a finding, at all its places.
    fn cover(&mut self, finding: &Finding) -> Option<Cover> {
        let exposed =
            finding.exposure.as_ref().map(|exposure| exposure.places.iter().map(Spot::of).collect::<Vec<_>>());
        let own = || Spot {
            origin: &finding.place.origin,
            fingerprint: finding.fingerprint,
            directive: finding.directive.as_deref(),
        };
        let spots = exposed.filter(|spots| !spots.is_empty()).unwrap_or_else(|| vec![own()]);
        // Every place is asked, so that no exception looks stale that is not.
        let covers: Vec<_> = spots.iter().map(|spot| (self.cover_spot(finding, spot), spot)).collect();
        // A version that was never committed stands at no path, and is as harmless as those that do.
        let counts = |(cover, spot): &(Option<Cover>, &Spot<'_>)| {
            cover.is_some() || spot.origin.key.bytes() == NAMELESS.as_bytes()
        };
        let all = covers.iter().all(counts);
        covers.into_iter().find_map(|(cover, _)| cover).filter(|_| all)
    }

    fn cover_spot(&mut self, finding: &Finding, spot: &Spot<'_>) -> Option<Cover> {
        let entry = self.by_entry(finding, spot);
        let inline = self.by_comment(finding, spot);
        let kind = self.by_kind(finding, spot);
        inline.or(entry).or(kind)
    }

    /// An entry for this finding, or for this secret; by what it was called when it was accepted, if a rule has another name since.
    fn by_entry(&mut self, finding: &Finding, spot: &Spot<'_>) -> Option<Cover> {
        let (rule, value) = (self.scanner.rules().rule(finding.rule).id(), finding.secret.expose());
        let key = spot.origin.key.bytes();
        let all = self.all;
        let once = |path: Option<&[u8]>, of: &dyn Fn(&str) -> Fingerprint| {
            let others = self.rules_at.get(&path).into_iter().flatten().filter(|other| **other != rule);
            others.map(|other| of(other)).collect::<Vec<_>>()
        };
        let mut ids = vec![spot.fingerprint, Fingerprint::of_value(rule, value)];
        ids.extend(once(Some(key), &|other| Fingerprint::new(other, key, value)));
        ids.extend(once(None, &|other| Fingerprint::of_value(other, value)));
        let entry: &IgnoreEntry = ids
            .iter()
            .filter_map(|id| all.ignore.get(*id))
            .find(|entry| entry.until.is_none_or(|until| until >= self.today))?;
        self.used_entries.insert(entry.fingerprint);
        let kind = if entry.is_baseline() { ExceptionKind::Baseline } else { ExceptionKind::IgnoreFile };
        Some(Cover { kind, reason: entry.reason.clone(), until: entry.until, stated: self.stated(entry) })
    }

    /// Where an entry stands.
    fn stated(&self, entry: &IgnoreEntry) -> String {
        let file = self.all.file.as_ref().map_or("", |file| &file.path);
        format!("{file}:{}", entry.line)
    }

    fn by_comment(&mut self, finding: &Finding, spot: &Spot<'_>) -> Option<Cover> {
        let directive = spot.directive?;
        let rule = self.scanner.rules().rule(finding.rule).id();
        let stated = format!("{}:{}", spot.origin.path, directive.line);
        if !directive.holds(rule) {
            let what = if directive.rule == rule {
                "gives no reason, so it does not hold: write why behind it".to_owned()
            } else {
                format!("does not hold for what `{rule}` found there: name that rule if you mean it")
            };
            self.notice(NoticeKind::Refused, format!("{stated}: `caulk:allow[{}]` {what}", directive.rule));
            return None;
        }
        if !self.is_trusted(spot) {
            self.refused_inline += 1;
            return None;
        }
        self.inline += 1;
        Some(Cover { kind: ExceptionKind::Inline, reason: directive.reason.clone(), until: None, stated })
    }

    /// Does the comment count? Where the policy comes from a revision, that has to say the same.
    fn is_trusted(&mut self, spot: &Spot<'_>) -> bool {
        match self.all.trust {
            Trust::Project => true,
            Trust::Refused => false,
            Trust::Revision(_) => {
                let (all, scanner) = (self.all, self.scanner);
                let key = &spot.origin.key;
                let known = self.trusted.entry(key.clone()).or_insert_with(|| {
                    let path = String::from_utf8_lossy(key.bytes());
                    let text = all.project.read(&path).ok().flatten().unwrap_or_default();
                    let found = scanner.scan_bytes(&path, &text).into_iter();
                    let holds = |finding: &Finding| {
                        let rule = scanner.rules().rule(finding.rule).id();
                        finding.directive.as_ref().is_some_and(|directive| directive.holds(rule))
                    };
                    found.filter(holds).map(|finding| finding.fingerprint).collect()
                });
                known.contains(&spot.fingerprint)
            }
        }
    }

    fn by_kind(&mut self, finding: &Finding, spot: &Spot<'_>) -> Option<Cover> {
        let rule = self.scanner.rules().rule(finding.rule).id();
        let path = spot.origin.key.to_string();
        let fits = |kind: &Kind<'_>| {
            let FindingException { path: glob, until, .. } = &kind.exception.value;
            kind.rules.as_ref().is_none_or(|name| name.fits(rule))
                && glob.as_ref().is_none_or(|(_, glob)| glob.is_match(&path))
                && until.is_none_or(|until| until >= self.today)
        };
        let at = self.kinds.iter().position(fits)?;
        self.used_kinds.insert(at);
        let Setting { value, from } = self.kinds[at].exception;
        let FindingException { reason, until, .. } = value;
        Some(Cover { kind: ExceptionKind::Config, reason: reason.clone(), until: *until, stated: from.to_string() })
    }

    fn notice(&mut self, kind: NoticeKind, text: String) {
        self.notices.insert(Notice { kind, text });
    }

    /// What there is to say in the end.
    fn notices(mut self, extent: Extent) -> Vec<Notice> {
        for text in &self.all.config.notices {
            self.notice(NoticeKind::Policy, text.clone());
        }
        if self.refused_inline > 0 {
            let why = match &self.all.trust {
                Trust::Revision(revision) => format!("`{revision}` does not have them"),
                Trust::Refused | Trust::Project => "--no-repo-config".to_owned(),
            };
            let one = self.refused_inline == 1;
            let what = if one {
                "1 inline exception is".to_owned()
            } else {
                format!("{} inline exceptions are", self.refused_inline)
            };
            self.notice(NoticeKind::Policy, format!("{what} not obeyed: {why}"));
        }
        for entry in self.all.ignore.entries() {
            let what = format!("{}: the exception for `{}` {}", self.stated(entry), entry.rule, entry.place());
            if entry.is_expired() {
                let until = entry.until.map_or_else(String::new, |day| day.to_string());
                self.notice(NoticeKind::Expired, format!("{what} ended on {until} and holds no longer"));
            } else if extent == Extent::Full && !self.used_entries.contains(&entry.fingerprint) {
                let mend = "`caulk ignore prune` takes out what nothing needs";
                self.notice(NoticeKind::Stale, format!("{what} covers nothing here: {mend}"));
            }
        }
        for (at, exception) in self.all.config.exceptions.iter().enumerate() {
            let Setting { value, from } = exception;
            match value.until {
                Some(until) if until < self.today => {
                    self.notice(
                        NoticeKind::Expired,
                        format!("{from}: the exception ended on {until} and holds no longer"),
                    );
                }
                _ if extent == Extent::Full && !self.used_kinds.contains(&at) => {
                    self.notice(NoticeKind::Stale, format!("{from}: the exception covers nothing here: take it out"));
                }
                _ => {}
            }
        }
        self.notices.into_iter().collect()
    }
}
