//! The safe, mechanical repairs: ignore lines, an example file without values, permissions.

use super::class::Class;
use super::ignored::Says;
use super::project::Project;
use super::{Verdict, rows};
use crate::edit::{Change, Edit};
use std::collections::BTreeSet;

/// All repairs that the checklist of `project` calls for.
pub fn plan(project: &Project) -> Vec<Edit> {
    let fails = |id: &str| {
        rows::by_id(id).is_some_and(|check| matches!((check.run)(project).verdict, Verdict::Fail | Verdict::Review))
    };
    let mut repairs = Vec::new();
    if fails("env-ignored") {
        let lines =
            [".env", ".env.local", ".env.production"].iter().any(|name| project.ignored.ask(name) == Says::Kept);
        repairs.extend(lines.then(|| append(project, ".gitignore", &[".env", ".env.*", "!.env.example"])));
    }
    if fails("env-example-missing") {
        repairs.extend(example(project));
    }
    if fails("env-image") {
        repairs.extend(dockerignores(project));
    }
    for file in &project.local {
        if let Some(mode) = file.mode.filter(|mode| mode & 0o077 != 0) {
            let path = crate::blob::path::path_of(file.facts.origin.path.bytes());
            repairs.push(Edit { path, change: Change::Mode { from: mode, to: mode & 0o700 } });
        }
    }
    repairs
}

fn append(project: &Project, name: &str, lines: &[&str]) -> Edit {
    Edit {
        path: project.base.join(name),
        change: Change::Append(lines.iter().map(|line| (*line).to_owned()).collect()),
    }
}

/// The names that no example file holds.
fn example(project: &Project) -> Option<Edit> {
    let target = project
        .examples()
        .find(|file| file.folder().is_empty())
        .map_or_else(|| ".env.example".to_owned(), super::facts::FileFacts::name);
    let documented: BTreeSet<&str> =
        project.examples().flat_map(|file| file.settings.iter().map(|setting| setting.name.as_str())).collect();
    let read: BTreeSet<&str> = project.secret_reads().map(|(_, read)| read.name.as_str()).collect();
    let lines: Vec<String> = read.difference(&documented).map(|name| format!("{name}=")).collect();
    (!lines.is_empty()).then(|| Edit { path: project.base.join(target), change: Change::Append(lines) })
}

/// The ignore files of the builds that copy everything.
fn dockerignores(project: &Project) -> Vec<Edit> {
    let copies = |file: &&super::facts::FileFacts| {
        file.instructions.iter().any(|one| {
            matches!(one.name.as_str(), "COPY" | "ADD")
                && one.rest.split_whitespace().any(|word| matches!(word, "." | "./"))
        })
    };
    let mut names = BTreeSet::new();
    for file in project.live(Class::Dockerfile).filter(copies) {
        let own = format!("{}/.dockerignore", file.folder());
        let name =
            if !file.folder().is_empty() && project.file(&own).is_some() { own } else { ".dockerignore".to_owned() };
        let covered = project.file(&name).is_some_and(|list| rows::leaves_out(&list.lines, ".env"));
        if !covered {
            names.insert(name);
        }
    }
    names.iter().map(|name| append(project, name, &[".env*", "!.env.example"])).collect()
}
