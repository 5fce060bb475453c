//! Environment files: ignored, never tracked, never reused, never in an image.

use crate::check::class::Class;
use crate::check::facts::FileFacts;
use crate::check::ignored::Says;
use crate::check::project::Project;
use crate::check::stage::Stage;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::day::{Day, days_between, now};
use crate::plural::count;
use crate::rule::Severity;
use std::collections::{BTreeSet, HashMap};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "env-ignored",
        section: Section::Environment,
        title: "Git ignores environment files",
        why: "A file that git does not ignore is one `git add .` away from everybody who can read the repository.",
        remedy: "Add `.env` and `.env.*` to .gitignore, with `!.env.example` behind them; `caulk check --fix` writes the lines.",
        severity: Severity::High,
        guides: "N T A",
        reference: "https://git-scm.com/docs/gitignore",
        run: ignored,
    },
    Check {
        id: "env-tracked",
        section: Section::Environment,
        title: "No environment file with real values is tracked",
        why: "What is tracked travels with every clone and stays in the history.",
        remedy: "Run `git rm --cached` on the file, ignore it, and replace every value that stood in it.",
        severity: Severity::Critical,
        guides: "N T A",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: tracked,
    },
    Check {
        id: "env-history",
        section: Section::Environment,
        title: "No environment file was ever committed",
        why: "A file that was deleted in a later commit is still in the history of every clone.",
        remedy: "Replace every value that stood in it; rewriting the history alone does not call back the clones.",
        severity: Severity::High,
        guides: "N A D",
        reference: "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository",
        run: history,
    },
    Check {
        id: "env-reused",
        section: Section::Environment,
        title: "Each environment and service has secrets of its own",
        why: "A secret that two environments share opens the second when the first leaks.",
        remedy: "Issue one value for each environment and service.",
        severity: Severity::High,
        guides: "A T",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: reused,
    },
];

/// Names of environment files that hold real values.
const PLAIN: &str = ".env";
const OTHERS: &[&str] = &[".env.local", ".env.production", ".env.production.local", ".env.development.local"];

/// Where environment files with secrets are loaded or exist, folders from the root, with what says so.
fn folders(project: &Project) -> Vec<(String, Seen)> {
    let mut folders: Vec<(String, Seen)> = Vec::new();
    let mut add = |folder: String, seen: Seen| {
        if !folders.iter().any(|(known, _)| *known == folder) {
            folders.push((folder, seen));
        }
    };
    for file in project.files.iter().filter(|file| file.class == Class::Dotenv && file.stage != Stage::Test) {
        // A file of plain settings, such as a build's, says nothing about secrets beside it.
        if !file.settings.iter().any(|setting| names::is_secret(&setting.name)) {
            continue;
        }
        add(file.folder(), Seen::file(&file.origin, "an environment file"));
    }
    for file in &project.local {
        add(file.facts.folder(), Seen::file(&file.facts.origin, "a local environment file"));
    }
    for file in project.files.iter().filter(|file| file.class == Class::Compose) {
        for setting in
            file.settings.iter().filter(|setting| setting.name == "env_file" || setting.path.ends_with("env_file.path"))
        {
            let target = setting.value.as_str().trim_start_matches("./");
            let below = target.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = [file.folder().as_str(), below]
                .iter()
                .filter(|part| !part.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join("/");
            add(folder, Seen::at(&file.origin, setting.at, format!("`env_file` loads `{target}`")));
        }
    }
    if let Some(seen) = project.loads_env_files().into_iter().next() {
        add(String::new(), seen);
    }
    folders.retain(|(folder, _)| !folder.contains(".."));
    folders
}

fn ignored(project: &Project) -> Outcome {
    let folders = folders(project);
    if folders.is_empty() {
        let Some((file, read)) = project.secret_reads().next() else {
            return Outcome::not_applicable(
                "no environment file, nothing that loads one, and no code that reads secrets from the environment",
            );
        };
        let seen = Seen::at(&file.origin, read.at, format!("reads `{}`", read.name));
        return match project.ignored.ask(PLAIN) {
            Says::Ignored { file, rule } => {
                Outcome::pass(vec![Seen::plain(format!("`.env` is ignored by `{rule}` of {file}"))])
            }
            Says::Kept => Outcome::review(
                "Nothing here loads environment files, and git would take one. Does nobody keep secrets in a `.env` to run this?",
                vec![seen],
            ),
        };
    }
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, why) in folders {
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        match project.ignored.ask(&path(PLAIN)) {
            // A file that was added on purpose is the next row's.
            Says::Kept if is_tracked(project, &path(PLAIN)) => unsure.push(path(PLAIN)),
            Says::Kept => bad.push(Seen {
                what: format!("`{}` could be committed: no ignore rule covers it ({})", path(PLAIN), why.what),
                ..why
            }),
            Says::Ignored { file, rule } => {
                good.push(Seen::plain(format!("`{}` is ignored by `{rule}` of {file}", path(PLAIN))));
            }
        }
        unsure.extend(OTHERS.iter().map(|name| path(name)).filter(|path| project.ignored.ask(path) == Says::Kept));
    }
    for file in uncovered(project) {
        bad.push(Seen::file(
            &file.origin,
            "holds real values and could be committed: it is neither tracked nor ignored",
        ));
    }
    match (bad.is_empty(), unsure.is_empty()) {
        (false, _) => Outcome::fail(bad),
        (true, false) => {
            let names: Vec<String> = unsure.iter().map(|path| format!("`{path}`")).collect();
            Outcome::review(format!("Git would take {}. Does none of them ever hold a secret?", names.join(", ")), good)
        }
        (true, true) => Outcome::pass(good),
    }
}

/// Without a repository, what is there counts as tracked.
fn is_tracked(project: &Project, key: &str) -> bool {
    match &project.tracked {
        Some(tracked) => tracked.contains(&key.into()),
        None => project.file(key).is_some(),
    }
}

/// Environment files with real values that git neither tracks nor ignores.
fn uncovered(project: &Project) -> Vec<&FileFacts> {
    let Some(tracked) = &project.tracked else { return Vec::new() };
    project.env_files().filter(|file| !tracked.contains(&file.origin.key) && has_real_values(file)).collect()
}

fn has_real_values(file: &FileFacts) -> bool {
    file.settings.iter().any(super::is_real_setting)
}

fn tracked(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for file in project.env_files().filter(|file| project.travels(&file.origin.key)) {
        let real: Vec<_> = file.settings.iter().filter(|setting| super::is_real_setting(setting)).collect();
        match real.first() {
            Some(first) => {
                let list = if file.stage == Stage::Development { &mut unsure } else { &mut bad };
                let what = format!("travels with {} of real values, `{}` first", count(real.len(), "line"), first.name);
                list.push(Seen::at(&file.origin, first.at, what));
            }
            None => good.push(Seen::file(&file.origin, "travels, but holds no secret")),
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review("Are these values good for nothing but development on one machine?", unsure);
    }
    let known =
        !project.local.is_empty() || project.examples().next().is_some() || !project.loads_env_files().is_empty();
    Outcome::weigh(bad, good, || match known {
        true => Outcome::pass(vec![Seen::plain(format!(
            "no environment file among {}",
            count(project.origins.len(), "file")
        ))]),
        false => Outcome::not_applicable("no environment file, and nothing that loads one"),
    })
}

fn history(project: &Project) -> Outcome {
    if !project.is_repository {
        return Outcome::not_applicable("no git repository, so no history");
    }
    let looked = project.history.as_ref().and_then(|history| Some((history, history.env_files.as_ref()?)));
    let Some((history, env_files)) = looked else {
        return Outcome::review(
            "The history was not read. Was an environment file ever committed? `caulk audit` reads it.",
            Vec::new(),
        );
    };
    let bad = env_files.iter().map(|file| {
        let since = Day::of_seconds(file.introduced.time);
        let days = days_between(file.introduced.time, now());
        let until = file.removed.as_ref().map_or_else(
            || "still there".to_owned(),
            |removed| format!("removed on {}", Day::of_seconds(removed.time)),
        );
        let refs = if file.refs.is_empty() { String::new() } else { format!(", held by {}", file.refs.join(", ")) };
        Seen::plain(format!(
            "`{}` was committed on {since}, {days} days ago ({}), {until}{refs}",
            file.path, file.introduced.id
        ))
    });
    let bad: Vec<Seen> = bad.collect();
    Outcome::weigh(bad, Vec::new(), || match history.complete {
        true => Outcome::pass(vec![Seen::plain("no commit holds an environment file with values")]),
        false => Outcome::review(
            "Nothing was found, but not all of the history could be read. Was an environment file ever committed?",
            Vec::new(),
        ),
    })
}

fn reused(project: &Project) -> Outcome {
    let local = project.local.iter().map(|file| &file.facts);
    let files: Vec<_> = project
        .files
        .iter()
        .filter(|file| matches!(file.class, Class::Dotenv | Class::Settings(_) | Class::Kubernetes))
        .filter(|file| !matches!(file.stage, Stage::Example | Stage::Test))
        .chain(local)
        .collect();
    let mut places: HashMap<&str, Vec<super::Place<'_>>> = HashMap::new();
    let (mut bad, mut marked) = (Vec::new(), BTreeSet::new());
    for file in files {
        for setting in file.settings.iter().filter(|setting| super::is_real_setting(setting)) {
            // What says nothing of its environment is a service's own, if it is an environment file.
            let service = if file.class == Class::Dotenv { file.folder() } else { String::new() };
            marked.insert((setting.stage, service.clone()));
            let known = places.entry(setting.value.as_str()).or_default();
            if let Some((other, same, stage, _)) =
                known.iter().find(|place| (place.2, &place.3) != (setting.stage, &service))
            {
                let what = format!(
                    "`{}` ({}) has the same value as `{}` in {} ({stage})",
                    setting.name,
                    setting.stage,
                    same.name,
                    other.key()
                );
                bad.push(Seen::at(&file.origin, setting.at, what));
            }
            known.push((file, setting, setting.stage, service));
        }
    }
    Outcome::weigh(bad, Vec::new(), || match marked.len() {
        0 | 1 => Outcome::review(
            "Do all environments and services have secrets of their own? Fewer than two hold real values here.",
            Vec::new(),
        ),
        several => Outcome::pass(vec![Seen::plain(format!(
            "no value stands twice in the {several} environments and services that hold real values here"
        ))]),
    })
}
