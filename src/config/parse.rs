//! From the text of a file to one layer of the configuration; the only place that says what is wrong with it.

use super::project::PackReader;
use super::stated::{PolicyFile, Setting, Stated};
use super::syntax::{CheckException, FindingException as WrittenException, Pack, Written};
use super::{ConfigError, Exception, FindingException, RuleChange, RulePack, nearest};
use crate::day::Day;
use crate::rule::{Confidence, Severity};
use globset::{Glob, GlobMatcher};
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::value::Datetime;

/// What one file states.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) confidence: Option<Setting<Confidence>>,
    pub(super) fail_on: Option<Setting<Severity>>,
    pub(super) exclude: Vec<Setting<String>>,
    pub(super) packs: Vec<Setting<RulePack>>,
    pub(super) rules: Vec<Setting<RuleChange>>,
    pub(super) exceptions: Vec<Setting<FindingException>>,
    pub(super) checklist: Vec<Setting<Exception>>,
}

/// A file that is being read.
struct Text<'t> {
    file: &'t PolicyFile,
    text: &'t str,
}

/// Reads `text`, which is what `file` holds; the rule files that it names come from `packs`.
pub(super) fn layer(file: &PolicyFile, text: &[u8], packs: &PackReader<'_>) -> Result<Layer, ConfigError> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let line = 1 + memchr::memchr_iter(b'\n', &text[..error.valid_up_to()]).count();
        wrong(file, line, "this is no text in UTF-8")
    })?;
    let source = Text { file, text };
    let written: Written = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| source.line(span.start));
        wrong(file, line, &mend(error.message()))
    })?;
    source.layer(written, packs)
}

pub(super) fn wrong(file: &PolicyFile, line: usize, message: &str) -> ConfigError {
    ConfigError::Wrong { file: file.path.clone(), line, message: message.to_owned() }
}

/// What the parser says, with what was probably meant.
fn mend(message: &str) -> String {
    // The name that is not known stands first, then those that are, all in backticks.
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let Some((name, known)) = names.split_first().filter(|_| unknown) else { return message.to_owned() };
    let what = if message.starts_with("unknown field") { "key" } else { "value" };
    let near = nearest(name, known.iter().copied()).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    format!("there is no {what} `{name}` here: {near}known are {}", known.join(", "))
}

impl Text<'_> {
    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at.min(self.text.len())]).count()
    }

    fn setting<T>(&self, spanned: Spanned<T>) -> Setting<T> {
        let line = self.line(spanned.span().start);
        Setting { value: spanned.into_inner(), from: Stated::File { file: self.file.clone(), line } }
    }

    fn error(&self, from: &Stated, message: &str) -> ConfigError {
        let line = if let Stated::File { line, .. } = from { *line } else { 1 };
        wrong(self.file, line, message)
    }

    fn layer(&self, written: Written, packs: &PackReader<'_>) -> Result<Layer, ConfigError> {
        let all = |list: Vec<Spanned<String>>| list.into_iter().map(|one| self.setting(one));
        let exclude: Vec<Setting<String>> = all(written.paths.exclude).collect();
        for one in &exclude {
            self.glob(&one.from, &one.value)?;
        }
        let change =
            |one: Setting<String>, make: fn(String) -> RuleChange| Setting { value: make(one.value), from: one.from };
        let table = written.rules;
        let defaults = table.defaults.map(|one| self.setting(one));
        let mut rules: Vec<Setting<RuleChange>> = defaults
            .map(|one| Setting { value: RuleChange::Defaults(one.value), from: one.from })
            .into_iter()
            .chain(all(table.disable).map(|one| change(one, RuleChange::Disable)))
            .chain(all(table.enable).map(|one| change(one, RuleChange::Enable)))
            .collect();
        for (id, severity) in table.severity {
            let Setting { value, from } = self.setting(severity);
            rules.push(Setting { value: RuleChange::Severity(id, value), from });
        }
        for (id, confidence) in table.confidence {
            let Setting { value, from } = self.setting(confidence);
            rules.push(Setting { value: RuleChange::Confidence(id, value), from });
        }
        let packs = written.extends.into_iter().map(|one| self.pack(self.setting(one), packs));
        let exceptions = written.exceptions.into_iter().map(|one| self.finding_exception(self.setting(one)));
        let checklist = written.checklist.exceptions.into_iter().map(|one| self.check_exception(self.setting(one)));
        Ok(Layer {
            confidence: written.thresholds.confidence.map(|one| self.setting(one)),
            fail_on: written.thresholds.fail_on.map(|one| self.setting(one)),
            exclude,
            rules,
            packs: packs.collect::<Result<_, _>>()?,
            exceptions: exceptions.collect::<Result<_, _>>()?,
            checklist: checklist.collect::<Result<_, _>>()?,
        })
    }

    /// Reads a rule file and holds it against its hash.
    fn pack(&self, pack: Setting<Pack>, packs: &PackReader<'_>) -> Result<Setting<RulePack>, ConfigError> {
        let Setting { value: Pack { file, sha256 }, from } = pack;
        let error = |message: String| self.error(&from, &message);
        let bytes = packs.read(&file).map_err(error)?;
        let right = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        match sha256 {
            None => Err(error(format!(
                "rule files are pinned: read `{file}`, and if it is what you want, add `sha256 = \"{right}\"`"
            ))),
            Some(hash) if !hash.eq_ignore_ascii_case(&right) => Err(error(format!(
                "`{file}` is not the file that was pinned: its SHA-256 is {right}; read what changed before you write that here"
            ))),
            Some(_) => {
                let text = String::from_utf8(bytes).map_err(|_| error(format!("`{file}` is no text in UTF-8")))?;
                Ok(Setting { value: RulePack { file, text: Some(text) }, from })
            }
        }
    }

    fn finding_exception(&self, written: Setting<WrittenException>) -> Result<Setting<FindingException>, ConfigError> {
        let Setting { value: WrittenException { rule, path, reason, until }, from } = written;
        if rule.is_none() && path.is_none() {
            return Err(self.error(&from, "an exception for everything is none: name a `rule`, a `path`, or both"));
        }
        let reason = self.reason(&from, reason)?;
        let until = until.map(|until| self.day(&from, Some(until))).transpose()?;
        let path = self.path(&from, path)?;
        Ok(Setting { value: FindingException { rule, path, reason, until }, from })
    }

    fn check_exception(&self, written: Setting<CheckException>) -> Result<Setting<Exception>, ConfigError> {
        let Setting { value: CheckException { check, path, reason, until }, from } = written;
        let reason = self.reason(&from, reason)?;
        let until = self.day(&from, until)?;
        let path = self.path(&from, path)?;
        Ok(Setting { value: Exception { check, path, reason, until }, from })
    }

    fn reason(&self, from: &Stated, reason: Option<String>) -> Result<String, ConfigError> {
        let given = reason.filter(|reason| !reason.trim().is_empty());
        given.ok_or_else(|| self.error(from, "the exception gives no reason: write `reason = \"...\"`"))
    }

    fn day(&self, from: &Stated, until: Option<Datetime>) -> Result<Day, ConfigError> {
        let day = until.and_then(|until| until.date).and_then(|date| Day::parse(&date.to_string()));
        let mend = "the exception needs the last day on which it holds, such as `until = 2027-01-31`";
        day.ok_or_else(|| self.error(from, mend))
    }

    fn path(&self, from: &Stated, path: Option<String>) -> Result<Option<(String, GlobMatcher)>, ConfigError> {
        path.map(|path| self.glob(from, &path).map(|glob| (path, glob))).transpose()
    }

    fn glob(&self, from: &Stated, pattern: &str) -> Result<GlobMatcher, ConfigError> {
        let glob = Glob::new(pattern)
            .map_err(|error| self.error(from, &format!("`{pattern}` is no glob pattern: {}", error.kind())))?;
        Ok(glob.compile_matcher())
    }
}
