//! Dockerfiles: no secrets in layers, no root, pinned images.

use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form};
use crate::check::parse::dockerfile::{Instruction, assignments};
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::rule::Severity;
use std::collections::HashMap;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "docker-secret-layer",
        section: Section::Containers,
        title: "No secret is baked into an image",
        why: "`ENV`, `ARG` and every layer can be read by whoever can pull the image, deleted files too.",
        remedy: "Mount it for the one command that needs it: `RUN --mount=type=secret,id=...`; give the others at run time.",
        severity: Severity::Critical,
        guides: "T A",
        reference: "https://docs.docker.com/build/building/secrets/",
        run: secret_layer,
    },
    Check {
        id: "docker-root",
        section: Section::Containers,
        title: "Containers run as a user without privileges",
        why: "Who breaks out of a process that runs as root has more of the host.",
        remedy: "End the last stage with a `USER` that is not root.",
        severity: Severity::Medium,
        guides: "T A",
        reference: "https://docs.docker.com/build/building/best-practices/#user",
        run: root,
    },
    Check {
        id: "docker-latest",
        section: Section::Containers,
        title: "Images are pinned to a version",
        why: "`latest` is another image tomorrow: what was tested is not what runs.",
        remedy: "Name a tag, best with a digest: `python:3.12-slim@sha256:...`.",
        severity: Severity::Low,
        guides: "T",
        reference: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
        run: latest,
    },
];

const NONE: &str = "no Dockerfile";

fn secret_layer(project: &Project) -> Outcome {
    let (mut bad, mut mounts, mut clean) = (Vec::new(), Vec::new(), Vec::new());
    for file in project.live(Class::Dockerfile) {
        let before = bad.len();
        for one in &file.instructions {
            match one.name.as_str() {
                "ENV" | "ARG" => bad.extend(assigned(one).map(|what| Seen::at(&file.origin, one.at, what))),
                "RUN" => {
                    let found = project.findings.iter().find(|finding| {
                        finding.place.origin.key == file.origin.key && finding.place.start.line == one.at.line
                    });
                    bad.extend(found.map(|finding| super::code::seen_finding(project, finding)));
                    bad.extend(
                        exported(&one.rest)
                            .filter(|_| found.is_none())
                            .map(|name| Seen::at(&file.origin, one.at, format!("writes `{name}` into a layer"))),
                    );
                    mounts.extend(
                        one.rest
                            .contains("--mount=type=secret")
                            .then(|| Seen::at(&file.origin, one.at, "mounts a secret for one command")),
                    );
                }
                _ => {}
            }
        }
        if bad.len() == before {
            clean.push(Seen::file(&file.origin, "no secret in `ENV`, `ARG` or `RUN`"));
        }
    }
    for (file, setting) in project.settings().filter(|(file, setting)| {
        setting.form == Form::BuildArgument && file.class == Class::Compose && names::is_secret(&setting.name)
    }) {
        bad.push(Seen::at(
            &file.origin,
            setting.at,
            format!("gives `{}` as a build argument, which the image's history keeps", setting.name),
        ));
    }
    let good = if mounts.is_empty() { clean } else { mounts };
    Outcome::weigh(bad, good, || Outcome::not_applicable(NONE))
}

/// What an `ENV` or `ARG` gives away.
fn assigned(one: &Instruction) -> Option<String> {
    assignments(one).into_iter().find_map(|(name, value)| {
        if !names::is_secret(&name) {
            return None;
        }
        match (one.name.as_str(), value.as_deref().unwrap_or_default()) {
            // An argument is meant to be given a value at build time, which the history keeps.
            ("ARG", "") => Some(format!("takes `{name}` as a build argument, which the image's history keeps")),
            (_, value) if value.starts_with('$') => {
                Some(format!("sets `{name}` from a build argument, which the image keeps"))
            }
            (_, value) if names::is_real(&name, value) => Some(format!("sets `{name}` in the image")),
            _ => None,
        }
    })
}

/// The secret that a command exports with a literal.
fn exported(command: &str) -> Option<String> {
    command.split("export ").skip(1).find_map(|rest| {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', ';', '&']).next().unwrap_or_default();
        (names::is_secret(name.trim()) && names::is_real(name.trim(), value)).then(|| name.trim().to_owned())
    })
}

/// The stages of a Dockerfile: the base of each, and its name.
fn stages(file: &FileFacts) -> Vec<(&Instruction, String, Option<String>)> {
    let defaults: HashMap<String, String> = file
        .instructions
        .iter()
        .filter(|one| one.name == "ARG" && one.stage == 0)
        .flat_map(assignments)
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let from = file.instructions.iter().filter(|one| one.name == "FROM");
    let stage = |one| {
        let one: &Instruction = one;
        let words: Vec<&str> = one.rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let name = words
            .get(2)
            .filter(|_| words.get(1).is_some_and(|word| word.eq_ignore_ascii_case("as")))
            .map(|name| (*name).to_owned());
        (one, resolved(words.first().copied().unwrap_or_default(), &defaults), name)
    };
    from.map(stage).collect()
}

/// `text` with variables that have a default replaced by it.
fn resolved(text: &str, defaults: &HashMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (name, value) in defaults {
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    text
}

fn root(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for file in project.live(Class::Dockerfile) {
        let stages = stages(file);
        let Some(mut at) = stages.len().checked_sub(1) else { continue };
        // A stage that builds on another inherits its user.
        let found = loop {
            let user = file.instructions.iter().rfind(|one| one.name == "USER" && one.stage == at + 1);
            let parent = stages[..at]
                .iter()
                .position(|(_, _, name)| name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&stages[at].1)));
            match (user, parent) {
                (None, Some(parent)) => at = parent,
                (user, _) => break user,
            }
        };
        let (from, base, _) = &stages[at];
        match found.map(|one| (one, one.rest.trim().split(':').next().unwrap_or_default())) {
            Some((one, "root" | "0")) => bad.push(Seen::at(&file.origin, one.at, "the last stage runs as root")),
            Some((one, user)) => good.push(Seen::at(&file.origin, one.at, format!("runs as `{user}`"))),
            None if base.contains("nonroot") || base.contains("rootless") || base.contains("unprivileged") => {
                good.push(Seen::at(&file.origin, from.at, format!("`{base}` runs as a user without privileges")));
            }
            None if is_tool(file, base) => unsure.push(Seen::at(&file.origin, from.at, format!("no `USER`; `{base}`"))),
            None => bad.push(Seen::at(&file.origin, from.at, "the last stage has no `USER`, so it runs as root")),
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review(
            "These images run as root, unless their base says otherwise. Do they ever run outside of builds?",
            unsure,
        );
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable(NONE))
}

/// Is an image something to build with, from nothing, or on a base that nobody knows?
fn is_tool(file: &FileFacts, base: &str) -> bool {
    let runs = file.instructions.iter().any(|one| matches!(one.name.as_str(), "CMD" | "ENTRYPOINT" | "EXPOSE"));
    base.eq_ignore_ascii_case("scratch") || base.contains('$') || !runs
}

/// Is an image named without a version? `None` where it cannot be told.
fn unpinned(image: &str) -> Option<bool> {
    if image.is_empty() || image.contains(['$', '{', '<']) || image.eq_ignore_ascii_case("scratch") {
        return None;
    }
    if image.contains("@sha256:") {
        return Some(false);
    }
    let name = image.rsplit('/').next().unwrap_or_default();
    Some(name.split_once(':').is_none_or(|(_, tag)| tag == "latest" || tag.is_empty()))
}

fn latest(project: &Project) -> Outcome {
    let mut images: Vec<(Seen, bool)> = Vec::new();
    let mut add = |file: &FileFacts, at, image: &str| {
        let what = |unpinned: bool| if unpinned { format!("`{image}` names no version") } else { format!("`{image}`") };
        images.extend(unpinned(image).map(|unpinned| (Seen::at(&file.origin, at, what(unpinned)), unpinned)));
    };
    for file in project.live(Class::Dockerfile) {
        let stages = stages(file);
        for (at, (from, image, _)) in stages.iter().enumerate() {
            let own = stages[..at]
                .iter()
                .any(|(_, _, name)| name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(image)));
            if !own {
                add(file, from.at, image);
            }
        }
    }
    for file in project.live(Class::Compose) {
        // An image that is built here gets its version elsewhere.
        let services = super::services(file);
        let pulled = services
            .iter()
            .filter(|(_, service)| service.get("build").is_none())
            .filter_map(|(_, service)| service.get("image"));
        pulled.for_each(|image| add(file, image.at, image.str()));
    }
    for file in project.live(Class::Kubernetes) {
        for container in super::kubernetes::containers(file) {
            if let Some(image) = container.node.get("image").filter(|image| image.text().is_some()) {
                add(file, image.at, image.str());
            }
        }
    }
    let (bad, good): (Vec<_>, Vec<_>) = images.into_iter().partition(|(_, unpinned)| *unpinned);
    let seen = |list: Vec<(Seen, bool)>| list.into_iter().map(|(seen, _)| seen).collect::<Vec<_>>();
    Outcome::weigh(seen(bad), seen(good), || {
        Outcome::not_applicable("no image in a Dockerfile, compose file or manifest")
    })
}
