//! Compose files, and what holds for them and for Kubernetes alike: socket, limits, health.

use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form};
use crate::check::parse::tree::Node;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::plural::count;
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "docker-socket",
        section: Section::Containers,
        title: "No container has the engine's socket",
        why: "Who can write to the socket is root on the host.",
        remedy: "Do without it, or put a proxy in front of it that allows the few calls that are needed.",
        severity: Severity::High,
        guides: "T",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
        run: socket,
    },
    Check {
        id: "docker-limits",
        section: Section::Containers,
        title: "Containers have resource limits",
        why: "One container without a limit can starve all others on its host.",
        remedy: "Set `deploy.resources.limits` in compose files, `resources.limits` in Kubernetes.",
        severity: Severity::Low,
        guides: "T A",
        reference: "https://docs.docker.com/reference/compose-file/deploy/#resources",
        run: limits,
    },
    Check {
        id: "docker-health",
        section: Section::Containers,
        title: "Containers have health checks",
        why: "Without one, a service that hangs is kept, and gets requests.",
        remedy: "Add `healthcheck:`, `HEALTHCHECK`, or liveness and readiness probes.",
        severity: Severity::Low,
        guides: "T A",
        reference: "https://docs.docker.com/reference/compose-file/services/#healthcheck",
        run: health,
    },
    Check {
        id: "compose-literal",
        section: Section::Containers,
        title: "Compose files hold no literal secret",
        why: "A compose file is committed and shared; everything in it is known.",
        remedy: "Use `secrets:`, an `env_file` that git ignores, or `${NAME:?}`.",
        severity: Severity::High,
        guides: "A T",
        reference: "https://docs.docker.com/compose/how-tos/use-secrets/",
        run: literal,
    },
];

fn socket(project: &Project) -> Outcome {
    let (mut bad, mut files) = (Vec::new(), 0);
    for file in project
        .files
        .iter()
        .filter(|file| matches!(file.class, Class::Compose | Class::Kubernetes) && file.stage.counts())
    {
        files += 1;
        let scalars = file.trees.iter().flat_map(Node::scalars);
        let mounts =
            scalars.filter(|node| node.str().contains("/docker.sock") || node.str().contains("/containerd.sock"));
        bad.extend(mounts.map(|node| Seen::at(&file.origin, node.at, "mounts the engine's socket")));
    }
    Outcome::weigh(bad, Vec::new(), || match files {
        0 => Outcome::not_applicable("no compose file and no Kubernetes manifest"),
        files => {
            Outcome::pass(vec![Seen::plain(format!("no mount of it in {}", count(files, "compose file or manifest")))])
        }
    })
}

/// A container that is described somewhere.
struct Described<'p> {
    file: &'p FileFacts,
    name: String,
    node: &'p Node,
    /// Is its health the project's to check? Images of others bring their own checks, or not.
    own: bool,
}

impl Described<'_> {
    /// Has it, or the same service in another compose file beside this one, a value at one of `paths`?
    fn has(&self, all: &[Self], paths: &[&str]) -> bool {
        let same = |other: &&Self| {
            std::ptr::eq(other.node, self.node)
                || self.file.class == Class::Compose
                    && other.file.class == Class::Compose
                    && other.name == self.name
                    && other.file.folder() == self.file.folder()
        };
        all.iter().filter(same).any(|one| paths.iter().any(|path| one.node.at_path(path).is_some()))
    }
}

/// One line for each file: which of its containers are so.
fn by_file(list: &[&Described<'_>], what: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut rest = list;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|one| one.file.origin == first.file.origin).count();
        let names: Vec<String> = rest[..count].iter().take(MOST).map(|one| format!("`{}`", one.name)).collect();
        let more = if count > MOST { format!(" and {} more", count - MOST) } else { String::new() };
        let verb = if count == 1 { "has" } else { "have" };
        seen.push(Seen::at(&first.file.origin, first.node.at, format!("{}{more} {verb} {what}", names.join(", "))));
        rest = &rest[count..];
    }
    seen
}

/// Most containers that one line names.
const MOST: usize = 6;

fn described(project: &Project) -> Vec<Described<'_>> {
    let mut described = Vec::new();
    for file in project.live(Class::Compose) {
        let services = super::services(file).into_iter().filter(|(_, node)| !node.entries().is_empty());
        described.extend(services.map(|(name, node)| Described {
            file,
            name: name.to_owned(),
            node,
            own: node.get("build").is_some(),
        }));
    }
    for file in project.live(Class::Kubernetes) {
        let containers = super::kubernetes::containers(file).into_iter();
        described.extend(containers.map(|one| Described { file, name: one.name, node: one.node, own: one.serves }));
    }
    described
}

const NONE: &str = "no compose file and no Kubernetes workload";

fn limits(project: &Project) -> Outcome {
    let all = described(project);
    // A template may fill it in.
    let templated = |one: &Described<'_>| one.node.get("resources").is_some_and(|node| names::is_reference(node.str()));
    let paths = ["deploy.resources.limits", "resources.limits", "mem_limit", "cpus"];
    let (good, bad): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.has(&all, &paths) || templated(one));
    Outcome::weigh(by_file(&bad, "no limits"), by_file(&good, "limits"), || Outcome::not_applicable(NONE))
}

fn health(project: &Project) -> Outcome {
    let dockerfiles: Vec<_> = project.live(Class::Dockerfile).collect();
    let instruction = |name: &str| {
        dockerfiles
            .iter()
            .flat_map(|file| file.instructions.iter().map(move |one| (file, one)))
            .find(|(_, one)| one.name == name)
    };
    let checked = instruction("HEALTHCHECK");
    let described = described(project);
    let paths = ["healthcheck", "livenessProbe", "readinessProbe", "startupProbe"];
    let (probed, plain): (Vec<_>, Vec<_>) = described.iter().partition(|one| {
        one.has(&described, &paths) || one.own && one.file.class == Class::Compose && checked.is_some()
    });
    let unchecked: Vec<_> = plain.into_iter().filter(|one| one.own).collect();
    let (mut bad, mut good) = (by_file(&unchecked, "no health check"), by_file(&probed, "health checks"));
    if described.is_empty() {
        good.extend(checked.map(|(file, one)| Seen::at(&file.origin, one.at, "the image has a health check")));
        if checked.is_none() {
            bad.extend(
                instruction("EXPOSE")
                    .map(|(file, one)| Seen::at(&file.origin, one.at, "the image listens and has no `HEALTHCHECK`")),
            );
        }
    }
    Outcome::weigh(bad, good, || match described.first() {
        Some(Described { file, name, node, .. }) => {
            let seen =
                Seen::at(&file.origin, node.at, format!("`{name}` ({})", node.get("image").map_or("", Node::str)));
            Outcome::review(
                "No service that is built here is described. Do the images of others bring health checks?",
                vec![seen],
            )
        }
        None => Outcome::not_applicable("no compose file, no Kubernetes workload, and no image that listens"),
    })
}

fn literal(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    let mut any = false;
    for file in project.live(Class::Compose) {
        any = true;
        for setting in file.settings.iter().filter(|setting| setting.form == Form::Container) {
            let value = setting.value.as_str();
            let secret = names::is_secret(&setting.name) || names::is_database_url(&setting.name);
            match () {
                () if super::is_real_setting(setting) => bad.push(Seen::at(
                    &file.origin,
                    setting.at,
                    format!("`{}` is the literal {}", setting.name, setting.value.masked()),
                )),
                () if secret && names::is_reference(value) && names::fallback_of(value).is_none() => good.push(
                    Seen::at(&file.origin, setting.at, format!("`{}` refers to a value kept elsewhere", setting.name)),
                ),
                () => {}
            }
        }
        for (name, service) in super::services(file) {
            let kept = service.get("secrets").or_else(|| service.get("env_file"));
            good.extend(kept.map(|node| {
                Seen::at(&file.origin, node.at, format!("`{name}` gets its secrets from outside of the file"))
            }));
        }
    }
    Outcome::weigh(bad, good, || match any {
        true => Outcome::pass(vec![Seen::plain("no literal secret under `environment:`")]),
        false => Outcome::not_applicable("no compose file"),
    })
}
