//! Environment files in images.

use crate::check::class::{self, Class};
use crate::check::facts::FileFacts;
use crate::check::parse::dockerfile::Instruction;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen};
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[Check {
    id: "env-image",
    section: Section::Environment,
    title: "No environment file gets into an image",
    why: "Whoever can pull the image can read every file in every layer of it.",
    remedy: "Add `.env*` to .dockerignore; `caulk check --fix` writes the line. Give values at run time.",
    severity: Severity::High,
    guides: "A T",
    reference: "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    run: image,
}];

/// What a `COPY` or `ADD` takes in.
enum Copied {
    /// An environment file, by name.
    Named(String),
    /// A whole folder.
    All,
}

fn image(project: &Project) -> Outcome {
    let uses = project.files.iter().any(|file| file.class == Class::Dotenv)
        || !project.local.is_empty()
        || !project.loads_env_files().is_empty();
    let (mut bad, mut unsure, mut good, mut any) = (Vec::new(), Vec::new(), Vec::new(), false);
    for file in project.live(Class::Dockerfile) {
        any = true;
        let last = file.instructions.iter().map(|one| one.stage).max().unwrap_or_default();
        for copy in file.instructions.iter().filter(|one| matches!(one.name.as_str(), "COPY" | "ADD")) {
            let list = if copy.stage == last && uses { &mut bad } else { &mut unsure };
            match copied(copy) {
                Some(Copied::Named(name)) if holds_secrets(project, &file.folder(), &name) => {
                    bad.push(Seen::at(&file.origin, copy.at, format!("copies `{name}` into the image")));
                }
                Some(Copied::All) => match covering(project, &file.folder()) {
                    Some(seen) => good.push(seen),
                    None => list.push(Seen::at(
                        &file.origin,
                        copy.at,
                        "copies everything, and no .dockerignore leaves `.env` out",
                    )),
                },
                _ => {}
            }
        }
    }
    if project.is_part && !bad.is_empty() {
        return project.missing(bad);
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review(
            "If an environment file lay beside the Dockerfile, it would be copied. Should .dockerignore name it?",
            unsure,
        );
    }
    Outcome::weigh(bad, good, || match any {
        true => Outcome::pass(vec![Seen::plain("no Dockerfile copies a whole folder or an environment file")]),
        false => Outcome::not_applicable("no Dockerfile"),
    })
}

/// What an instruction takes from the folder of the build; nothing if it takes from another stage.
fn copied(copy: &Instruction) -> Option<Copied> {
    let words: Vec<&str> = copy.rest.split_whitespace().collect();
    if words.iter().any(|word| word.starts_with("--from")) {
        return None;
    }
    let paths: Vec<&str> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    let (_, sources) = paths.split_last()?;
    let named = sources.iter().find(|source| {
        let name = source.rsplit('/').next().unwrap_or_default();
        let example = ["example", "sample", "template", "dist"].iter().any(|word| name.contains(word));
        class::is_dotenv(name) && !example
    });
    let all = sources.iter().any(|source| matches!(*source, "." | "./" | "./." | "*"));
    named.map(|name| Copied::Named((*name).to_owned())).or_else(|| all.then_some(Copied::All))
}

/// Does the environment file that is copied hold secrets, for all we know?
fn holds_secrets(project: &Project, folder: &str, name: &str) -> bool {
    let name = name.trim_start_matches("./");
    let beside = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let known: Option<&FileFacts> = project.file(name).or_else(|| project.file(&beside));
    known.is_none_or(|file| file.settings.iter().any(|setting| crate::check::names::is_secret(&setting.name)))
}

/// The `.dockerignore` that leaves `.env` out of builds in `folder` or at the root.
fn covering(project: &Project, folder: &str) -> Option<Seen> {
    let files =
        project.of_class(Class::Dockerignore).filter(|file| file.folder() == folder || file.folder().is_empty());
    let mut covering = files.filter(|file| super::leaves_out(&file.lines, ".env"));
    covering.next().map(|file| Seen::file(&file.origin, "leaves `.env` out of images"))
}
