//! `caulk rules pages`: the reference, a page for each rule file and on it a section for each provider.

use crate::cli::Outcome;
use anyhow::{Context, Result, bail};
use caulk::Rule;
use caulk::plural::count;
use caulk::report::{confidence_word, severity_word};
use caulk::rule::{MatcherKind, load};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn run(folder: &Path, target: &Path) -> Result<Outcome> {
    let reading = || format!("cannot read `{}`", folder.display());
    let entries: Vec<_> = std::fs::read_dir(folder).with_context(reading)?.collect::<Result<_, _>>()?;
    let mut files: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    std::fs::create_dir_all(target).with_context(|| format!("cannot make `{}`", target.display()))?;
    for file in &files {
        let rules = match load::rules(file) {
            Ok(rules) => rules,
            Err(errors) => bail!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        };
        let page = target.join(file.file_stem().unwrap_or_default()).with_extension("md");
        std::fs::write(&page, text(file, &rules)).with_context(|| format!("cannot write `{}`", page.display()))?;
    }
    writeln!(anstream::stdout(), "{} written to {}", count(files.len(), "page"), target.display())?;
    Ok(Outcome::Clean)
}

fn text(file: &Path, rules: &[Rule]) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut providers: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        providers.entry(rule.provider().to_owned()).or_default().push(rule);
    }
    let mut page = format!(
        "# Rules of `{name}`\n\n{} of {}. Made by `caulk rules pages`; change the rule file, not this page.\n",
        count(rules.len(), "rule"),
        count(providers.len(), "provider")
    );
    let generated = rules.iter().all(|rule| rule.id().contains("-named-"));
    if generated {
        page.push_str("\n| provider | rule | shape |\n|---|---|---|\n");
    }
    for (provider, rules) in &providers {
        if !generated {
            let _ = write!(page, "\n## {provider}\n");
        }
        for rule in rules {
            if generated { row(&mut page, rule) } else { section(&mut page, rule) }
        }
    }
    page
}

fn row(page: &mut String, rule: &Rule) {
    let syntax = rule.syntax();
    let shape = syntax.examples.first().map(|example| example.trim_matches(['{', '}'])).unwrap_or_default();
    let _ = writeln!(page, "| {} | `{}` | {shape} |", syntax.provider, rule.id());
}

fn section(page: &mut String, rule: &Rule) {
    let syntax = rule.syntax();
    let (severity, confidence) = (severity_word(syntax.severity), confidence_word(rule.confidence()));
    let _ = write!(page, "\n### `{}`\n\n{}: {severity}, found at {confidence}", rule.id(), rule.title());
    let _ = match (&syntax.proof, syntax.public) {
        (_, true) => write!(page, ", public by design"),
        (Some(proof), _) => write!(page, ", proof `{proof}`"),
        _ => Ok(()),
    };
    let _ = writeln!(page, "; {}.", how(rule));
    let mut line = |what: &str, text: Option<String>| {
        if let Some(text) = text {
            let _ = writeln!(page, "- {what}: {text}");
        }
    };
    let code = |texts: &[String]| texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
    let listed = |texts: &[String]| (!texts.is_empty()).then(|| code(texts));
    line("belongs together with", listed(&syntax.pair));
    line("lives", syntax.lifetime.clone());
    line("variables", listed(&syntax.variables));
    line("instead", syntax.instead.clone());
    line("revoke", syntax.revoke.as_deref().map(link));
    line("format", syntax.docs.as_deref().map(link));
}

/// How its candidates are found, in words.
fn how(rule: &Rule) -> &'static str {
    match rule.kind() {
        MatcherKind::Prefix | MatcherKind::StemPrefix if rule.syntax().near.is_empty() => "by its mark",
        MatcherKind::Prefix | MatcherKind::StemPrefix => "by its mark near a word",
        MatcherKind::Shape => "by its shape near a word",
        MatcherKind::Name => "by the name it is assigned to",
        MatcherKind::Url => "in URLs",
        MatcherKind::Armor => "as an armoured block",
        MatcherKind::Anywhere => "by its look, where hints are asked for",
    }
}

fn link(address: &str) -> String {
    if address.starts_with("https://") { format!("<{address}>") } else { address.to_owned() }
}
