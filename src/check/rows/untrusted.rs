//! Pipelines: strangers' code does not meet secrets, and something scans.

use crate::check::class::{Class, Pipeline};
use crate::check::facts::hints::Topic;
use crate::check::facts::{FileFacts, hints::Hint};
use crate::check::parse::tree::Node;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen};
use crate::plural::count;
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "ci-untrusted",
        section: Section::Pipelines,
        title: "Code of strangers does not meet secrets",
        why: "`pull_request_target` runs with the repository's secrets; checked out and run, a stranger's code can send them anywhere.",
        remedy: "Use `pull_request`, or check nothing out of the pull request where secrets are.",
        severity: Severity::Critical,
        guides: "A",
        reference: "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/",
        run: untrusted,
    },
    Check {
        id: "ci-no-scan",
        section: Section::Pipelines,
        title: "The pipeline scans for secrets, vulnerable dependencies or insecure code",
        why: "What is not looked for with every change is found by others first.",
        remedy: "Add a step: this tool, `pip-audit`, `npm audit`, `cargo deny`, CodeQL, Trivy.",
        severity: Severity::Low,
        guides: "A T D",
        reference: "https://owasp.org/www-project-devsecops-guideline/",
        run: no_scan,
    },
];

fn untrusted(project: &Project) -> Outcome {
    let (mut bad, mut good, mut any) = (Vec::new(), Vec::new(), false);
    for file in project.of_class(Class::Pipeline(Pipeline::GitHub)) {
        any = true;
        let Some(trigger) = file.trees.iter().find_map(|root| privileged(root)) else { continue };
        let checkout = file.trees.iter().find_map(foreign_checkout);
        match checkout {
            Some(node) => bad.push(Seen::at(
                &file.origin,
                node.at,
                "checks out the code of a pull request in a run that has secrets",
            )),
            None => good.push(Seen::at(
                &file.origin,
                trigger.at,
                "runs for pull requests with secrets, but checks out no code of theirs",
            )),
        }
    }
    Outcome::weigh(bad, good, || match any {
        true => Outcome::pass(vec![Seen::plain("no workflow runs for strangers' pull requests with secrets")]),
        false => Outcome::not_applicable("no workflow of GitHub"),
    })
}

/// A checkout of a stranger's code, in a job that does not wait until somebody has merged it.
fn foreign_checkout(root: &Node) -> Option<&Node> {
    let jobs = root.get("jobs").map_or(&[][..], Node::entries).iter().map(|(_, job)| job);
    let open = jobs.filter(|job| !job.get("if").is_some_and(|condition| condition.str().contains("merged")));
    let steps = open.flat_map(|job| job.get("steps").map_or(&[][..], Node::items));
    let mut checkouts = steps.filter(|step| step.get("uses").map_or("", Node::str).starts_with("actions/checkout"));
    checkouts.find_map(|step| {
        let reference = step.at_path("with.ref").or_else(|| step.at_path("with.repository"))?;
        let foreign = ["pull_request.head", "github.head_ref", "workflow_run.head"];
        foreign.iter().any(|part| reference.str().contains(part)).then_some(reference)
    })
}

/// The trigger that gives secrets to runs for strangers.
fn privileged(root: &Node) -> Option<&Node> {
    let on = root.get("on").or_else(|| root.get("true"))?;
    let named = |node: &Node| matches!(node.str(), "pull_request_target" | "workflow_run");
    on.get("pull_request_target")
        .or_else(|| on.get("workflow_run"))
        .map(|_| on)
        .or_else(|| on.items().iter().find(|item| named(item)))
        .or_else(|| named(on).then_some(on))
}

fn no_scan(project: &Project) -> Outcome {
    let pipelines: Vec<&FileFacts> = project.pipelines().collect();
    let scans = |file: &&FileFacts| -> Option<Seen> {
        let hint: &Hint = file.hints.iter().find(|hint| hint.topic == Topic::Scan)?;
        Some(Seen::at(&file.origin, hint.at, format!("`{}`", hint.word)))
    };
    let mut good: Vec<Seen> = pipelines.iter().filter_map(scans).collect();
    let upkeep: Vec<&FileFacts> =
        project.files.iter().filter(|file| file.class == Class::Upkeep || file.name() == "package.json").collect();
    let dependabot =
        upkeep.iter().filter(|file| file.name().starts_with("dependabot") || file.name().contains("renovate"));
    good.extend(dependabot.map(|file| Seen::file(&file.origin, "keeps dependencies up to date")));
    let elsewhere: Vec<Seen> = upkeep.iter().filter_map(scans).collect();
    match (pipelines.first(), good.is_empty(), elsewhere.is_empty()) {
        (_, false, _) => Outcome::pass(good),
        (None, ..) => Outcome::not_applicable("no pipeline, and nothing that keeps dependencies up to date"),
        (Some(_), true, false) => Outcome::review("These scan. Does the pipeline run them?", elsewhere),
        (Some(first), true, true) => Outcome::fail(vec![Seen::file(
            &first.origin,
            format!("no known scan in {}", count(pipelines.len(), "pipeline")),
        )]),
    }
}
