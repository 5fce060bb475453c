//! Layer upon layer: what is in force in the end, and who said so.

use super::parse::{self, Layer};
use super::project::{self, PackReader, ProjectFiles, Trust};
use super::stated::{Authority, PolicyFile, Setting, Stated};
use super::{Config, ConfigError, FILE, IGNORE_FILE, RuleChange, RulePack, shown};
use crate::rule::{Confidence, Severity};
use crate::source::open::Follow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was typed and says the same things as a file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Least confidence that is reported.
    pub confidence: Option<Confidence>,
    /// Least severity that makes a run fail.
    pub fail_on: Option<Severity>,
    /// Rule files, and folders of them.
    pub rules: Vec<PathBuf>,
    /// Leave the built-in rules out.
    pub no_default_rules: bool,
}

/// What a run wants to know the policy of.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What it looks at.
    pub places: Vec<PathBuf>,
    /// Whether the project's own word counts.
    pub trust: Trust,
    /// A further file that was named.
    pub file: Option<PathBuf>,
    /// What was typed.
    pub flags: Flags,
}

impl Config {
    /// What is in force where nobody says anything.
    pub const fn defaults() -> Self {
        Self {
            files: Vec::new(),
            notices: Vec::new(),
            confidence: Setting::default(Confidence::Medium),
            fail_on: Setting::default(Severity::Low),
            exclude: Vec::new(),
            packs: Vec::new(),
            rules: Vec::new(),
            exceptions: Vec::new(),
            checklist: Vec::new(),
        }
    }

    /// The policy in force, and the files of the project it is about.
    ///
    /// # Errors
    /// A file cannot be read or used; the message names the line.
    pub fn resolve(request: &Request) -> Result<(Self, ProjectFiles), ConfigError> {
        let mut config = Self::defaults();
        let files = config.project(request)?;
        config.read_project(&files)?;
        if let Some(path) = &request.file {
            config.read_named(path)?;
        }
        config.read_flags(&request.flags);
        Ok((config, files))
    }

    /// The one project that all places belong to.
    fn project(&mut self, request: &Request) -> Result<ProjectFiles, ConfigError> {
        let Some(first) = request.places.first() else { return Ok(ProjectFiles::Nowhere) };
        let roots: BTreeSet<PathBuf> = request.places.iter().filter_map(|place| project::root_of(place)).collect();
        if roots.len() > 1 {
            let speaks = |root: &PathBuf| [FILE, IGNORE_FILE].iter().any(|name| root.join(name).exists());
            let notice = "the paths belong to several projects, so none of their configurations is in force: `--config` names one";
            self.notices.extend(roots.iter().any(speaks).then(|| notice.to_owned()));
            return Ok(ProjectFiles::Nowhere);
        }
        ProjectFiles::of(first, &request.trust)
    }

    fn read_project(&mut self, files: &ProjectFiles) -> Result<(), ConfigError> {
        let by = files.authority();
        for name in [FILE, IGNORE_FILE] {
            let file = PolicyFile { path: files.shown(name), by: by.clone() };
            let Some(text) = files.read(name)? else { continue };
            if name == FILE && by != Authority::Refused {
                self.add(parse::layer(&file, &text, &PackReader::Project(files))?);
            }
            self.files.push(file);
        }
        Ok(())
    }

    fn read_named(&mut self, path: &Path) -> Result<(), ConfigError> {
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let file = PolicyFile { path: shown(&full), by: Authority::Named };
        let text = project::read_file(path, Follow::Links)
            .map_err(|why| ConfigError::Unreadable { file: path.display().to_string(), why })?;
        self.add(parse::layer(&file, &text, &PackReader::Beside(&full))?);
        self.files.push(file);
        Ok(())
    }

    fn read_flags(&mut self, flags: &Flags) {
        let typed = Stated::CommandLine;
        if let Some(value) = flags.confidence {
            self.confidence = Setting { value, from: typed("--confidence") };
        }
        if let Some(value) = flags.fail_on {
            self.fail_on = Setting { value, from: typed("--fail-on") };
        }
        let pack = |path: &PathBuf| Setting {
            value: RulePack { file: path.display().to_string(), text: None },
            from: typed("--rules"),
        };
        self.packs.extend(flags.rules.iter().map(pack));
        if flags.no_default_rules {
            self.rules.push(Setting { value: RuleChange::Defaults(false), from: typed("--no-default-rules") });
        }
    }

    /// Puts a layer on top.
    fn add(&mut self, layer: Layer) {
        if let Some(confidence) = layer.confidence {
            self.confidence = confidence;
        }
        if let Some(fail_on) = layer.fail_on {
            self.fail_on = fail_on;
        }
        self.exclude.extend(layer.exclude);
        self.packs.extend(layer.packs);
        self.rules.extend(layer.rules);
        self.exceptions.extend(layer.exceptions);
        self.checklist.extend(layer.checklist);
    }
}
