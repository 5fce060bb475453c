//! What is known of a project: the facts of its files, what git says of them, what the scan found.

use super::class::Class;
use super::facts::hints::Topic;
use super::facts::{FileFacts, Form, MarkKind, Read, Setting};
use super::history::HistoryFacts;
use super::ignored::{IgnoreRules, Says};
use super::names;
use super::stage::Stage;
use super::trace::Traced;
use super::{Outcome, Seen};
use crate::blob::{Origin, PlacePath, Role};
use crate::finding::Finding;
use crate::rule::RuleSet;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// An environment file that git ignores, read for the checklist alone.
#[derive(Clone, Debug)]
pub struct LocalFile {
    /// Its settings.
    pub facts: FileFacts,
    /// Its permissions, where the system has some.
    pub mode: Option<u32>,
}

/// A project.
#[derive(Debug)]
pub struct Project {
    /// The root of the repository, or what was scanned where there is none.
    pub base: PathBuf,
    /// Is it a git repository?
    pub is_repository: bool,
    /// Was only a part of the repository looked at? Then what is missing may stand elsewhere in it.
    pub is_part: bool,
    /// What git tracks; `None` where there is no repository, or its index cannot be read.
    pub tracked: Option<HashSet<PlacePath>>,
    /// Git's ignore rules.
    pub ignored: IgnoreRules,
    /// The facts, by path.
    pub files: Vec<FileFacts>,
    /// All files that were walked, by path.
    pub origins: Vec<Origin>,
    /// Environment files that git ignores.
    pub local: Vec<LocalFile>,
    /// What the scan found.
    pub findings: Vec<Finding>,
    /// The rules it used.
    pub rules: Arc<RuleSet>,
    /// What the history holds, if somebody read it.
    pub history: Option<HistoryFacts>,
    /// What came of tracing values, if it was asked for.
    pub traced: Option<Traced>,
    /// What could not be read.
    pub unread: Vec<(Origin, String)>,
}

impl Project {
    /// A failure because something is missing: a question, where only a part of the repository was looked at.
    pub fn missing(&self, seen: Vec<Seen>) -> Outcome {
        match self.is_part {
            true => {
                Outcome::review("Only a part of the repository was looked at. Does this stand elsewhere in it?", seen)
            }
            false => Outcome::fail(seen),
        }
    }

    /// Does the file at `key` travel with the project? Outside of a repository it does unless an ignore rule names it.
    pub fn travels(&self, key: &PlacePath) -> bool {
        match &self.tracked {
            Some(tracked) => tracked.contains(key),
            None => self.ignored.ask(&key.to_string()) == Says::Kept,
        }
    }

    /// The files of a class.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = &FileFacts> {
        self.files.iter().filter(move |file| file.class == class)
    }

    /// The files of a class that speak for something that users use, or for nothing in particular.
    pub fn live(&self, class: Class) -> impl Iterator<Item = &FileFacts> {
        self.of_class(class).filter(|file| file.stage.counts())
    }

    /// All pipelines.
    pub fn pipelines(&self) -> impl Iterator<Item = &FileFacts> {
        self.files.iter().filter(|file| matches!(file.class, Class::Pipeline(_)))
    }

    /// All settings that travel with the project, tests, documentation and examples aside.
    pub fn settings(&self) -> impl Iterator<Item = (&FileFacts, &Setting)> {
        let settings = self.files.iter().flat_map(|file| file.settings.iter().map(move |setting| (file, setting)));
        settings.filter(|(file, setting)| {
            !matches!(setting.stage, Stage::Test | Stage::Example) || matches!(file.class, Class::Pipeline(_))
        })
    }

    /// Settings of configuration that reach users, for all we know: no code and no pipelines.
    pub fn live_settings(&self) -> impl Iterator<Item = (&FileFacts, &Setting)> {
        let configuration =
            |setting: &Setting| !matches!(setting.form, Form::Code | Form::Pipeline | Form::BuildArgument);
        self.settings().filter(move |(_, setting)| setting.stage.counts() && configuration(setting))
    }

    /// The marks of a kind in the product's code.
    pub fn marks(&self, kind: MarkKind) -> Vec<Seen> {
        let marks = self
            .files
            .iter()
            .filter(|file| is_product(file))
            .flat_map(|file| file.marks.iter().map(move |mark| (file, mark)));
        marks
            .filter(|(_, mark)| mark.kind == kind)
            .map(|(file, mark)| Seen::at(&file.origin, mark.at, mark.what.clone()))
            .collect()
    }

    /// The variables that the product's code reads, with the files they are read in.
    pub fn reads(&self) -> impl Iterator<Item = (&FileFacts, &Read)> {
        let files = self.files.iter().filter(|file| is_product(file) && file.class == Class::Code);
        files.flat_map(|file| file.reads.iter().map(move |read| (file, read)))
    }

    /// The variables read that hold secrets.
    pub fn secret_reads(&self) -> impl Iterator<Item = (&FileFacts, &Read)> {
        self.reads().filter(|(_, read)| names::is_secret(&read.name) || names::is_database_url(&read.name))
    }

    /// Where a topic is mentioned, at most `most` places.
    pub fn hints(&self, topic: Topic, most: usize) -> Vec<Seen> {
        let hints = self.files.iter().flat_map(|file| file.hints.iter().map(move |hint| (file, hint)));
        let wanted = hints.filter(|(_, hint)| hint.topic == topic);
        wanted
            .take(most)
            .map(|(file, hint)| Seen::at(&file.origin, hint.at, format!("`{}`", hint.word.trim())))
            .collect()
    }

    /// Environment files that travel, examples left out; with the files of developers' machines if `local`.
    pub fn env_files(&self) -> impl Iterator<Item = &FileFacts> {
        self.of_class(Class::Dotenv).filter(|file| !matches!(file.stage, Stage::Example | Stage::Test))
    }

    /// Example files of environment variables.
    pub fn examples(&self) -> impl Iterator<Item = &FileFacts> {
        self.of_class(Class::Dotenv).filter(|file| file.role == Role::Example || file.role == Role::Document)
    }

    /// What loads environment files: code, or compose files.
    pub fn loads_env_files(&self) -> Vec<Seen> {
        let mut seen = self.marks(MarkKind::LoadsEnvFile);
        for file in self.of_class(Class::Compose) {
            let named = file.settings.iter().filter(|setting| setting.path.split('.').any(|part| part == "env_file"));
            seen.extend(
                named.map(|setting| Seen::at(&file.origin, setting.at, "`env_file` loads an environment file")),
            );
        }
        seen
    }

    /// The product's code.
    pub fn code(&self) -> impl Iterator<Item = &FileFacts> {
        self.files.iter().filter(|file| file.class == Class::Code && is_product(file))
    }

    /// The facts of the file at `key`, from the root.
    pub fn file(&self, key: &str) -> Option<&FileFacts> {
        self.files.iter().find(|file| file.key() == key)
    }

    /// The file that stands for the project as a whole.
    pub fn anchor(&self) -> Option<Origin> {
        let named = |name: &str| self.origins.iter().find(|origin| origin.key.to_string().eq_ignore_ascii_case(name));
        ["README.md", "README.rst", "README", ".gitignore"]
            .iter()
            .find_map(|name| named(name))
            .or_else(|| self.origins.first())
            .cloned()
    }
}

impl Project {
    /// Does a finding stand in a comment or in documentation inside of code?
    pub fn is_in_comment(&self, finding: &Finding) -> bool {
        let place = &finding.place;
        let file = self.files.iter().find(|file| file.origin.key == place.origin.key);
        let inside = |comment: &crate::span::Span| comment.start <= place.span.start && place.span.start < comment.end;
        file.is_some_and(|file| file.comments.iter().any(inside))
    }
}

/// Does a file belong to what is shipped?
pub fn is_product(file: &FileFacts) -> bool {
    file.role == Role::Product && !matches!(file.stage, Stage::Test | Stage::Development)
}

/// A setting as evidence: its value masked if the name speaks of a secret, and the environment if it is marked.
pub fn seen_setting(file: &FileFacts, setting: &Setting) -> Seen {
    let secret =
        names::is_secret(&setting.name) || setting.value.as_str().contains("://") || setting.value.as_str().len() > 60;
    let value = if secret && !names::is_reference(setting.value.as_str()) {
        setting.value.masked()
    } else {
        setting.value.as_str().to_owned()
    };
    let stage = if setting.stage == Stage::Unmarked { String::new() } else { format!(" ({})", setting.stage) };
    Seen::at(&file.origin, setting.at, format!("`{}` is `{value}`{stage}", setting.name))
}
