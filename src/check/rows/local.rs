//! Environment files of developers' machines: who may read them, and where else their values stand.

use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen};
use crate::plural::count;
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "env-perms",
        section: Section::Environment,
        title: "Local files with secrets can be read by their owner alone",
        why: "Every other account and every service on the machine can read what group and world can.",
        remedy: "Run `chmod 600` on the file; `caulk check --fix` does.",
        severity: Severity::Medium,
        guides: "K",
        reference: "https://man7.org/linux/man-pages/man1/chmod.1.html",
        run: permissions,
    },
    Check {
        id: "env-echo",
        section: Section::Environment,
        title: "Values of local environment files stand nowhere else",
        why: "A copy of a real value in a file that travels has leaked, whatever it looks like.",
        remedy: "Replace the value, and refer to the variable where the copy stands.",
        severity: Severity::Critical,
        guides: "N A K",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: echo,
    },
];

fn permissions(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in &project.local {
        match file.mode {
            Some(mode) if mode & 0o077 != 0 && file.facts.settings.iter().any(super::is_real_setting) => {
                bad.push(Seen::file(&file.facts.origin, format!("has mode {mode:o}: group or world can read it")));
            }
            Some(mode) if mode & 0o077 == 0 => good.push(Seen::file(&file.facts.origin, format!("has mode {mode:o}"))),
            _ => {}
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no local environment file with real values on this machine"))
}

fn echo(project: &Project) -> Outcome {
    let Some(traced) = &project.traced else {
        return match project.local.is_empty() {
            true => {
                Outcome::not_applicable("no local environment file on this machine whose values could stand elsewhere")
            }
            false => {
                let hints = project
                    .local
                    .iter()
                    .map(|file| Seen::file(&file.facts.origin, "a local environment file"))
                    .collect();
                Outcome::review(
                    "Do values of local environment files stand elsewhere? `--trace-env` looks for them.",
                    hints,
                )
            }
        };
    };
    let mut bad: Vec<Seen> = traced
        .echoes
        .iter()
        .map(|echo| Seen::at(&echo.origin, echo.at, format!("holds the value of {}", echo.label)))
        .collect();
    let old = project.history.iter().flat_map(|history| &history.echoes);
    bad.extend(old.map(|(label, commit, path)| {
        Seen::plain(format!("commit {} holds the value of {label} in `{path}`", commit.id))
    }));
    Outcome::weigh(bad, Vec::new(), || match traced.labels.len() {
        0 => Outcome::not_applicable("no local value that is long enough to be looked for"),
        several => {
            Outcome::pass(vec![Seen::plain(format!("{} looked for, and found nowhere else", count(several, "value")))])
        }
    })
}
