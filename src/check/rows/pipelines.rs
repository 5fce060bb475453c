//! Pipelines: no literals, nothing secret printed.

use super::crypto::commands;
use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form};
use crate::check::parse::tree::Node;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::judge::value::{self, Look};
use crate::plural::count;
use crate::rule::Severity;
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "ci-literal",
        section: Section::Pipelines,
        title: "Pipelines hold no literal secret",
        why: "A pipeline is in git, and shown to everybody who may read the repository.",
        remedy: "Keep the value in the CI system's store of secrets: `${{ secrets.NAME }}`.",
        severity: Severity::Critical,
        guides: "A",
        reference: "https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets",
        run: literal,
    },
    Check {
        id: "ci-echo",
        section: Section::Pipelines,
        title: "Pipelines do not print, cache or upload secrets",
        why: "Masking in logs is by exact text and easily missed; artifacts, outputs and caches are not masked at all.",
        remedy: "Give the secret to the one program that needs it, by its environment or standard input.",
        severity: Severity::High,
        guides: "A",
        reference: "https://docs.github.com/en/actions/reference/security/secure-use",
        run: echo,
    },
];

const NONE: &str = "no pipeline of GitHub, GitLab, CircleCI, Azure, Jenkins or the like";

fn literal(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for file in project.pipelines() {
        let found: Vec<_> =
            project.findings.iter().filter(|finding| finding.place.origin.key == file.origin.key).collect();
        for finding in &found {
            // Databases that a test starts have passwords that somebody chose.
            let list = if super::code::is_sure(finding) { &mut bad } else { &mut unsure };
            list.push(super::code::seen_finding(project, finding));
        }
        for setting in file.settings.iter().filter(|setting| setting.form == Form::Pipeline) {
            let value = setting.value.as_str();
            let known = found.iter().any(|finding| finding.place.start.line == setting.at.line);
            let service = setting.path.split('.').any(|part| part == "services");
            let real = names::is_secret(&setting.name) && names::is_real(&setting.name, value) && !value.contains(' ');
            if !known && !service && real {
                let list = if value::look(value.as_bytes()) == Look::Random { &mut bad } else { &mut unsure };
                let what = format!("`{}` is the literal {}", setting.name, setting.value.masked());
                list.push(Seen::at(&file.origin, setting.at, what));
            }
            if value.contains("secrets.") && value.contains("${{") {
                let what = format!("`{}` comes from the store of secrets", setting.name);
                good.push(Seen::at(&file.origin, setting.at, what));
            }
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review("Do these open nothing but services that the pipeline starts itself?", unsure);
    }
    good.truncate(5);
    Outcome::weigh(bad, good, || match project.pipelines().count() {
        0 => Outcome::not_applicable(NONE),
        files => Outcome::pass(vec![Seen::plain(format!("no literal secret in {}", count(files, "pipeline")))]),
    })
}

fn echo(project: &Project) -> Outcome {
    let mut bad = Vec::new();
    for (file, at, script) in commands(project).into_iter().filter(|(file, ..)| file.class != Class::Dockerfile) {
        let variables = secret_variables(file);
        let printed = script.lines().find_map(|line| printed(line, &variables));
        bad.extend(printed.map(|what| Seen::at(&file.origin, at, what)));
        bad.extend(uploaded(file, script).map(|what| Seen::at(&file.origin, at, what)));
    }
    Outcome::weigh(bad, Vec::new(), || match project.pipelines().count() {
        0 => Outcome::not_applicable(NONE),
        files => Outcome::pass(vec![Seen::plain(format!("no step of {} prints a secret", count(files, "pipeline")))]),
    })
}

/// Variables of a pipeline that hold secrets of the store.
fn secret_variables(file: &FileFacts) -> BTreeSet<&str> {
    let given = file.settings.iter().filter(|setting| setting.value.as_str().contains("secrets."));
    given.map(|setting| setting.name.as_str()).collect()
}

/// What a line of a script prints or hands on.
fn printed(line: &str, variables: &BTreeSet<&str>) -> Option<String> {
    let line = line.trim();
    let writes = ["echo ", "printf ", "cat <<", "Write-Host ", "print("].iter().any(|word| {
        line.starts_with(word) || line.contains(&format!("&& {word}")) || line.contains(&format!("; {word}"))
    });
    if line.starts_with('#') || !writes || line.contains("::add-mask::") {
        return None;
    }
    let secret = line.contains("${{") && line.contains("secrets.")
        || variables.iter().any(|name| mentions(line, name))
        || line.split('$').skip(1).any(|rest| {
            names::variable_of(&format!("${rest}")).is_some_and(|name| name.len() > 3 && names::is_secret(name))
        });
    if !secret {
        return None;
    }
    let handed_on = ["GITHUB_OUTPUT", "::set-output", "GITHUB_STEP_SUMMARY", "GITHUB_ENV"]
        .iter()
        .find(|name| line.contains(**name));
    // `echo "$TOKEN" | docker login --password-stdin` and `> file` print nothing.
    let elsewhere = line.contains('|') || line.contains('>');
    match handed_on {
        Some(name) if *name != "GITHUB_ENV" => Some(format!("writes a secret to `{}`", name.trim_start_matches(':'))),
        None if !elsewhere => Some("prints a secret to the log".to_owned()),
        _ => None,
    }
}

/// Does `line` use the variable `name`?
fn mentions(line: &str, name: &str) -> bool {
    let uses = |mark: &str| {
        line.split(mark).skip(1).any(|rest| {
            rest.starts_with(name) && !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    uses("$") || uses("${") || uses("env.")
}

/// A file that a script writes secrets to, if a step uploads or caches it.
fn uploaded(file: &FileFacts, script: &str) -> Option<String> {
    let target = script
        .lines()
        .filter(|line| line.contains("secrets.") && line.contains("${{"))
        .find_map(|line| line.rsplit_once('>'))?
        .1
        .trim()
        .trim_matches(['"', '\'']);
    let name = target.rsplit('/').next().filter(|name| !name.is_empty() && !name.contains('$'))?;
    let mut kept = false;
    for root in &file.trees {
        root.walk(&mut |node| {
            let action = node.get("uses").map_or("", Node::str);
            let keeps = action.contains("upload-artifact") || action.contains("actions/cache");
            let path = node.at_path("with.path").map_or("", Node::str);
            kept |= keeps && path.lines().any(|line| line.trim().rsplit('/').next() == Some(name));
        });
    }
    kept.then(|| format!("writes a secret to `{name}`, which a step uploads or caches"))
}
