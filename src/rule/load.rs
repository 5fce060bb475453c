//! Rule files of users: read, checked, compiled.

use super::compile::Rule;
use super::named::NamedSyntax;
use super::syntax::{RuleFile, RuleSyntax};
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// One thing wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFileError {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1; 0 if the file could not be read at all.
    pub line: usize,
    /// What is wrong and what to mend.
    pub message: String,
}

impl fmt::Display for RuleFileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file.display(), self.message),
            line => write!(out, "{}:{line}: {}", self.file.display(), self.message),
        }
    }
}

impl std::error::Error for RuleFileError {}

/// The compiled rules of a file, or of the `*.toml` files of a folder in order of their names.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn rules(path: &Path) -> Result<Vec<Rule>, Vec<RuleFileError>> {
    let unreadable = |error: std::io::Error| {
        vec![RuleFileError { file: path.to_owned(), line: 0, message: format!("cannot be read: {error}") }]
    };
    if !path.is_dir() {
        return file_rules(path);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        let message = "holds no `*.toml` file: name a folder of rule files".to_owned();
        return Err(vec![RuleFileError { file: path.to_owned(), line: 0, message }]);
    }
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for file in files {
        match file_rules(&file) {
            Ok(more) => rules.extend(more),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

fn file_rules(file: &Path) -> Result<Vec<Rule>, Vec<RuleFileError>> {
    let error = |message| RuleFileError { file: file.to_owned(), line: 0, message };
    let text = std::fs::read_to_string(file).map_err(|io| vec![error(format!("cannot be read: {io}"))])?;
    rules_in(file, &text)
}

/// The compiled rules of `text`, which is what `file` holds.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn rules_in(file: &Path, text: &str) -> Result<Vec<Rule>, Vec<RuleFileError>> {
    let error = |line, message| RuleFileError { file: file.to_owned(), line, message };
    let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let parsed: RuleFile<Spanned<RuleSyntax>, Spanned<NamedSyntax>> = toml::from_str(text).map_err(|toml| {
        let line = toml.span().map_or(1, |span| line_of(span.start));
        vec![error(line, toml.message().to_owned())]
    })?;
    if parsed.rule.is_empty() && parsed.named.is_empty() {
        return Err(vec![error(1, "holds no `[[rule]]` and no `named`".to_owned())]);
    }
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    let mut written: Vec<(usize, RuleSyntax)> = Vec::new();
    written.extend(parsed.rule.into_iter().map(|rule| (line_of(rule.span().start), rule.into_inner())));
    for named in parsed.named {
        let line = line_of(named.span().start);
        match named.get_ref().rules() {
            Ok(more) => written.extend(more.into_iter().map(|rule| (line, rule))),
            Err(message) => errors.push(error(line, message)),
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (line, syntax) in written {
        let id = syntax.id.clone();
        if let Some(first) = seen.insert(id.clone(), line) {
            errors.push(error(line, format!("rule `{id}`: the id is taken by the rule at line {first}")));
        }
        match Rule::compile(syntax) {
            Ok(rule) => rules.push(rule),
            Err(complaints) => {
                errors.extend(complaints.into_iter().map(|text| error(line, format!("rule `{id}`: {text}"))));
            }
        }
    }
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}
