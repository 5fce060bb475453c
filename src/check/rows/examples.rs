//! Example files of environment variables: there is one, it is whole, and it holds no real value.

use crate::check::facts::{FileFacts, Read};
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::plural::count;
use crate::rule::Severity;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "env-example-missing",
        section: Section::Environment,
        title: "An example file documents every secret that the code reads",
        why: "Without one, people pass real files around to get started.",
        remedy: "Keep a `.env.example` with every name and no value; `caulk check --fix` writes one, `caulk check --inventory` lists the names.",
        severity: Severity::Low,
        guides: "A T",
        reference: "https://12factor.net/config",
        run: missing,
    },
    Check {
        id: "env-example-real",
        section: Section::Environment,
        title: "Example files hold placeholders only",
        why: "Examples are copied, shared and committed: a real value in one has leaked.",
        remedy: "Put a placeholder such as `your-api-key` in its place, and replace the value where it is used.",
        severity: Severity::Critical,
        guides: "A",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: real,
    },
];

/// Most names that one line of evidence lists.
const MOST: usize = 12;

fn missing(project: &Project) -> Outcome {
    let mut read: BTreeMap<&str, (&FileFacts, &Read)> = BTreeMap::new();
    for (file, one) in project.secret_reads().filter(|(_, read)| !is_given(&read.name)) {
        read.entry(&one.name).or_insert((file, one));
    }
    if read.is_empty() {
        return Outcome::not_applicable("no code that reads a secret from the environment");
    }
    let mut documented: BTreeSet<&str> = BTreeSet::new();
    project.examples().for_each(|file| documented.extend(file.settings.iter().map(|setting| setting.name.as_str())));
    let mentioned: BTreeSet<&str> =
        project.files.iter().flat_map(|file| &file.mentions).map(|(name, _)| name.as_str()).collect();
    let unknown: Vec<_> =
        read.iter().filter(|(name, _)| !documented.contains(*name) && !mentioned.contains(*name)).collect();
    let example = project.examples().next();
    if !unknown.is_empty() {
        let places = unknown.iter().take(MOST);
        let mut bad: Vec<Seen> = places
            .map(|(name, (file, one))| {
                Seen::at(&file.origin, one.at, format!("reads `{name}`, which no example file or document names"))
            })
            .collect();
        if unknown.len() > MOST {
            bad.push(Seen::plain(format!("and {} more (`--inventory` lists them)", unknown.len() - MOST)));
        }
        if example.is_none() {
            bad.push(Seen::plain("there is no example file such as `.env.example`"));
        }
        return project.missing(bad);
    }
    let all: BTreeSet<&str> = project.reads().map(|(_, read)| read.name.as_str()).collect();
    let unused: Vec<&str> = documented.iter().copied().filter(|name| !all.contains(name)).collect();
    let mut good: Vec<Seen> = project
        .examples()
        .map(|file| Seen::file(&file.origin, format!("names {}", count(file.settings.len(), "variable"))))
        .collect();
    if good.is_empty() {
        good.push(Seen::plain(format!("documents name all {} that the code reads", count(read.len(), "secret"))));
    } else if !unused.is_empty() && !all.is_empty() {
        let names = unused.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        good.push(Seen::plain(format!("documented, but read by no code that was understood: {names}")));
    }
    Outcome::pass(good)
}

/// Is a variable set by systems and CI services rather than by people?
fn is_given(name: &str) -> bool {
    [
        "CI_",
        "GITHUB_",
        "GITLAB_",
        "RUNNER_",
        "ACTIONS_",
        "BUILDKITE_",
        "CIRCLE_",
        "TRAVIS_",
        "npm_",
        "XDG_",
        "SSH_",
        "GPG_",
        "DBUS_",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

fn real(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in project.examples() {
        let before = bad.len();
        for setting in file.settings.iter().filter(|setting| super::is_real_setting(setting)) {
            let value = setting.value.as_str();
            // In an example, a word or a local address with a default is what people expect.
            let sure = project.findings.iter().any(|finding| {
                finding.place.origin.key == file.origin.key && finding.place.start.line == setting.at.line
            }) || names::is_secret(&setting.name) && value.len() >= 16;
            if sure {
                bad.push(Seen::at(
                    &file.origin,
                    setting.at,
                    format!("`{}` holds {}, which is no placeholder", setting.name, setting.value.masked()),
                ));
            }
        }
        if bad.len() == before {
            good.push(Seen::file(&file.origin, "holds placeholders only"));
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no example file such as `.env.example`"))
}
