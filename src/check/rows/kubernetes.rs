//! Kubernetes: no plain secrets, no literals in workloads, one namespace for both.

use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form};
use crate::check::parse::tree::Node;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "k8s-secret-plain",
        section: Section::Containers,
        title: "No readable Secret manifest is in git",
        why: "Base64 is no encryption: who can read the manifest can read the secret.",
        remedy: "Seal it (Sealed Secrets, SOPS) or let an operator fetch it (External Secrets), and replace the values.",
        severity: Severity::Critical,
        guides: "K",
        reference: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
        run: secret_plain,
    },
    Check {
        id: "k8s-env-literal",
        section: Section::Containers,
        title: "Workloads refer to secrets",
        why: "A literal in a workload is shown by `kubectl describe`, and kept in git and in every revision.",
        remedy: "Use `valueFrom.secretKeyRef`.",
        severity: Severity::High,
        guides: "K",
        reference: "https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/",
        run: env_literal,
    },
    Check {
        id: "k8s-namespace",
        section: Section::Containers,
        title: "Secrets and the workloads that use them state one namespace",
        why: "A secret belongs to a namespace: without one it lands in `default`, where every workload can be given it.",
        remedy: "State `metadata.namespace` in both, or set it in the kustomization.",
        severity: Severity::Low,
        guides: "K",
        reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
        run: namespace,
    },
];

fn kind(root: &Node) -> &str {
    root.get("kind").map_or("", Node::str)
}

/// The objects of a file, those of a `List` too.
fn objects(file: &FileFacts) -> Vec<&Node> {
    let lists = file
        .trees
        .iter()
        .flat_map(|root| if kind(root) == "List" { root.get("items").map_or(&[][..], Node::items) } else { &[] });
    file.trees.iter().chain(lists).collect()
}

/// A container of a workload.
pub(super) struct Container<'p> {
    pub(super) name: String,
    pub(super) node: &'p Node,
    /// Does it run on, so that its health matters?
    pub(super) serves: bool,
}

/// The containers of all workloads in `file`.
pub(super) fn containers(file: &FileFacts) -> Vec<Container<'_>> {
    let mut containers = Vec::new();
    for object in objects(file) {
        for path in ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"] {
            for key in ["containers", "initContainers"] {
                let list = object.at_path(path).and_then(|spec| spec.get(key)).map_or(&[][..], Node::items);
                let serves = key == "containers" && !matches!(kind(object), "Job" | "CronJob");
                let name = |node: &Node| node.get("name").map_or("", Node::str).to_owned();
                containers.extend(list.iter().map(|node| Container { name: name(node), node, serves }));
            }
        }
    }
    containers
}

fn secret_plain(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in project.live(Class::Kubernetes) {
        for object in objects(file) {
            let name = object.at_path("metadata.name").map_or("", Node::str);
            if matches!(kind(object), "SealedSecret" | "ExternalSecret" | "SecretProviderClass")
                || object.get("sops").is_some()
            {
                good.push(Seen::at(&file.origin, object.at, format!("{} `{name}`", kind(object))));
            } else if kind(object) == "Secret" {
                match readable(object) {
                    Some((key, node)) => bad.push(Seen::at(
                        &file.origin,
                        node.at,
                        format!("Secret `{name}` holds `{key}` for everybody to read"),
                    )),
                    None => {
                        good.push(Seen::at(
                            &file.origin,
                            object.at,
                            format!("Secret `{name}` holds no readable value"),
                        ));
                    }
                }
            }
        }
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable("no Secret manifest"))
}

/// Is a key of a Secret one whose value everybody may know: a certificate, a name, an address?
fn is_public(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let words = [
        "certificate",
        "cert",
        "ca",
        "username",
        "user",
        "host",
        "hostname",
        "port",
        "database",
        "namespace",
        "type",
        "name",
    ];
    words.contains(&lower.as_str())
        || [".crt", "_certificate", "-certificate", ".pub"].iter().any(|end| lower.ends_with(end))
}

/// A value of a Secret that can be read.
fn readable(secret: &Node) -> Option<(&str, &Node)> {
    let plain = secret.get("stringData").map_or(&[][..], Node::entries).iter();
    let mut plain = plain.filter(|(key, node)| !is_public(&key.name) && !names::stands_in(node.str()));
    if let Some((key, node)) = plain.next() {
        return Some((&key.name, node));
    }
    let mut encoded = secret.get("data").map_or(&[][..], Node::entries).iter().filter(|(key, node)| {
        let text: String = node.str().split_whitespace().collect();
        let decoded = data_encoding::BASE64.decode(text.as_bytes()).ok();
        !is_public(&key.name)
            && !names::is_reference(&text)
            && decoded.is_some_and(|bytes| !names::stands_in(&String::from_utf8_lossy(&bytes)))
    });
    encoded.next().map(|(key, node)| (key.name.as_str(), node))
}

fn env_literal(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in project.live(Class::Kubernetes) {
        for setting in file.settings.iter().filter(|setting| setting.form == Form::Container) {
            if super::is_real_setting(setting) {
                bad.push(Seen::at(
                    &file.origin,
                    setting.at,
                    format!("`{}` is the literal {}", setting.name, setting.value.masked()),
                ));
            }
        }
        for root in &file.trees {
            root.walk(&mut |node| {
                let refers = node.get("secretKeyRef").or_else(|| node.get("secretRef"));
                good.extend(refers.map(|node| Seen::at(&file.origin, node.at, "refers to a secret")));
            });
        }
    }
    good.truncate(5);
    Outcome::weigh(bad, good, || Outcome::not_applicable("no workload that is given a secret"))
}

/// The names of the secrets that a workload uses, with their places.
fn used(object: &Node) -> Vec<(&str, &Node)> {
    let mut used = Vec::new();
    object.walk(&mut |node| {
        for key in ["secretKeyRef", "secretRef"] {
            used.extend(node.get(key).and_then(|one| one.get("name")).map(|name| (name.str(), name)));
        }
        used.extend(node.at_path("secret.secretName").map(|name| (name.str(), name)));
    });
    used
}

fn namespace(project: &Project) -> Outcome {
    let manifests: Vec<_> = project
        .live(Class::Kubernetes)
        .flat_map(|file| objects(file).into_iter().map(move |object| (file, object)))
        .collect();
    let space = |object: &'_ Node| object.at_path("metadata.namespace").map(|node| node.str().to_owned());
    let overlay = project.files.iter().find(|file| {
        file.name().starts_with("kustomization.") && file.settings.iter().any(|setting| setting.path == "namespace")
    });
    let secrets: Vec<_> = manifests
        .iter()
        .filter(|(_, object)| matches!(kind(object), "Secret" | "SealedSecret" | "ExternalSecret"))
        .collect();
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for (file, object) in
        manifests.iter().filter(|(_, object)| !matches!(kind(object), "Secret" | "SealedSecret" | "ExternalSecret"))
    {
        for (name, place) in used(object) {
            let own = space(object);
            let here: Vec<_> = secrets
                .iter()
                .filter(|(_, secret)| secret.at_path("metadata.name").is_some_and(|node| node.str() == name))
                .collect();
            let templated = [own.as_deref(), Some(name)].into_iter().flatten().any(names::is_reference);
            match (&own, here.first()) {
                _ if templated => {}
                (None, _) if overlay.is_some() => {}
                (Some(own), Some((_, secret))) if space(secret).as_ref() == Some(own) => {
                    good.push(Seen::at(&file.origin, place.at, format!("uses `{name}` of its own namespace `{own}`")));
                }
                (Some(own), None) => {
                    good.push(Seen::at(&file.origin, place.at, format!("states the namespace `{own}`")));
                }
                (Some(own), Some((_, secret))) => {
                    let other =
                        space(secret).map_or_else(|| "states none".to_owned(), |other| format!("is in `{other}`"));
                    bad.push(Seen::at(
                        &file.origin,
                        place.at,
                        format!("is in namespace `{own}`, but the secret `{name}` {other}"),
                    ));
                }
                (None, _) => bad.push(Seen::at(
                    &file.origin,
                    place.at,
                    format!("uses the secret `{name}` and states no namespace"),
                )),
            }
        }
    }
    good.extend(overlay.map(|file| Seen::file(&file.origin, "sets the namespace of all objects")));
    Outcome::weigh(bad, good, || Outcome::not_applicable("no workload that uses a secret"))
}
