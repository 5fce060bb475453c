//! Git and policy: rotation, what documents still say, how to report, what to do about each finding.

use crate::blob::{FileKind, Role};
use crate::check::class::Class;
use crate::check::facts::FileFacts;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen};
use crate::day::{Day, days_between, now};
use crate::finding::Fingerprint;
use crate::plural::count;
use crate::rule::Severity;
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "git-rotation",
        section: Section::Policy,
        title: "Secrets are rotated every 90 days",
        why: "The older a secret, the more copies of it there are.",
        remedy: "Issue a new value, give it to everything that uses it, revoke the old one, and note the day.",
        severity: Severity::Medium,
        guides: "A N",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: rotation,
    },
    Check {
        id: "git-still-documented",
        section: Section::Policy,
        title: "What was removed from code does not stand in documents or tests",
        why: "A changelog that quotes the key it removed publishes it for good.",
        remedy: "Name the key by its purpose, not by its value; revoke it, whatever else is done.",
        severity: Severity::High,
        guides: "D",
        reference: "https://cwe.mitre.org/data/definitions/540.html",
        run: still_documented,
    },
    Check {
        id: "policy-security-md",
        section: Section::Policy,
        title: "A security policy names a private way to report",
        why: "Who finds a leak and knows no private way opens a public issue, or says nothing.",
        remedy: "Write a SECURITY.md with an address or a link to private reporting.",
        severity: Severity::Low,
        guides: "N T A D",
        reference: "https://docs.github.com/en/code-security/getting-started/adding-a-security-policy-to-your-repository",
        run: security_policy,
    },
    Check {
        id: "policy-incident",
        section: Section::Policy,
        title: "Every secret that was found has been dealt with",
        why: "Removing a secret from a file changes nothing for those who have read it.",
        remedy: "For each: revoke, generate, update what uses it, review the access logs, audit the history, document.",
        severity: Severity::High,
        guides: "A",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        run: incident,
    },
];

/// Days after which a secret should have been replaced.
const PERIOD: i64 = 90;

fn rotation(project: &Project) -> Outcome {
    if !project.is_repository {
        return Outcome::review("When was each secret last replaced, and who is reminded to do it?", Vec::new());
    }
    let Some(history) = &project.history else {
        return Outcome::review(
            "When was each secret last replaced? The age of committed ones is in the history, which `caulk audit` reads.",
            Vec::new(),
        );
    };
    let old =
        history.secrets.iter().filter(|secret| secret.in_head && days_between(secret.introduced.time, now()) > PERIOD);
    let bad: Vec<Seen> = old
        .map(|secret| {
            let days = days_between(secret.introduced.time, now());
            Seen::plain(format!(
                "{} in `{}`: {days} days old (since {}, commit {})",
                secret.title,
                secret.path,
                Day::of_seconds(secret.introduced.time),
                secret.introduced.id
            ))
        })
        .collect();
    Outcome::weigh(bad, Vec::new(), || {
        Outcome::review(
            "No committed secret is older than 90 days. When was each of the others last replaced?",
            Vec::new(),
        )
    })
}

fn role(key: &str) -> Role {
    FileKind::of(key.as_bytes(), b"").role
}

fn still_documented(project: &Project) -> Outcome {
    let mut bad = Vec::new();
    let old: BTreeSet<Fingerprint> = project
        .history
        .iter()
        .flat_map(|history| &history.secrets)
        .filter(|secret| role(&secret.path) == Role::Product)
        .map(|secret| secret.secret_id)
        .collect();
    for finding in &project.findings {
        let key = finding.place.origin.key.to_string();
        let document =
            matches!(role(&key), Role::Document | Role::Test) || key.to_ascii_lowercase().contains("changelog");
        let id = Fingerprint::of_value(project.rules.rule(finding.rule).id(), finding.secret.expose());
        let removed = old.contains(&id)
            && !project.findings.iter().any(|other| {
                other.secret == finding.secret && role(&other.place.origin.key.to_string()) == Role::Product
            });
        if document && removed {
            bad.push(Seen::at(
                &finding.place.origin,
                finding.place.start,
                format!("holds `{}`, which was removed from code", finding.secret),
            ));
        }
    }
    for file in &project.files {
        let confessed = file.marks.iter().filter(|mark| mark.kind == crate::check::facts::MarkKind::Confesses);
        bad.extend(confessed.map(|mark| Seen::at(&file.origin, mark.at, mark.what.clone())));
    }
    let documents = project.of_class(Class::Document).count() + project.of_class(Class::SecurityPolicy).count();
    Outcome::weigh(bad, Vec::new(), || match (project.history.is_some(), documents) {
        (_, 0) => Outcome::not_applicable("no documents"),
        (_, documents) => Outcome::pass(vec![Seen::plain(format!(
            "no removed value in {}{}",
            count(documents, "document"),
            if project.history.is_some() { "" } else { ", as far as can be told without the history" }
        ))]),
    })
}

fn security_policy(project: &Project) -> Outcome {
    let places = ["", ".github", "docs", ".gitlab", ".well-known"];
    let policies: Vec<&FileFacts> =
        project.of_class(Class::SecurityPolicy).filter(|file| places.contains(&file.folder().as_str())).collect();
    let Some(first) = policies.first() else {
        return project.missing(vec![Seen::plain("no SECURITY.md at the root, in .github or in docs")]);
    };
    for file in &policies {
        if let Some((line, way)) = file.lines.iter().zip(1..).find_map(|(line, number)| Some((number, way(line)?))) {
            let at = crate::span::Position { line, column: 1, column_utf16: 1 };
            return Outcome::pass(vec![Seen::at(&file.origin, at, format!("names {way}"))]);
        }
    }
    let private = first.lines.iter().zip(1..).find(|(line, _)| line.to_ascii_lowercase().contains("privat"));
    match private {
        Some((_, line)) => {
            let at = crate::span::Position { line, column: 1, column_utf16: 1 };
            Outcome::review(
                "The policy asks for private reports and names no address. How does a stranger reach you?",
                vec![Seen::at(&first.origin, at, "asks for private reports")],
            )
        }
        None => Outcome::fail(vec![Seen::file(&first.origin, "names no private way to report")]),
    }
}

/// The private way to report that a line names.
fn way(line: &str) -> Option<&'static str> {
    let lower = line.to_ascii_lowercase();
    let link = [
        "security/advisories",
        "hackerone.com",
        "bugcrowd.com",
        "intigriti.com",
        "yeswehack.com",
        "huntr.",
        "msrc.microsoft.com",
        "g.co/vulnz",
    ]
    .iter()
    .any(|part| lower.contains(part));
    let address = line.split(|c: char| c.is_whitespace() || "<>()[],;:`\"'*".contains(c)).any(|word| {
        word.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        })
    });
    let spoken = lower.contains("[at]") || lower.contains(" at ") && lower.contains(" dot ");
    let button = lower.contains("report a vulnerability") && lower.contains("security") && lower.contains("tab")
        || lower.contains("private vulnerability reporting")
        || lower.contains("private security advisor");
    let reports = ["report", "vulnerab", "disclos", "policy", "contact"].iter().any(|word| lower.contains(word));
    let page = lower.contains("https://") && lower.contains("security") && reports;
    match () {
        () if address || spoken => Some("an address"),
        () if link || button => Some("private reporting"),
        () if page => Some("a page for reports"),
        () => None,
    }
}

fn incident(project: &Project) -> Outcome {
    if project.findings.is_empty() {
        return Outcome::not_applicable("no secret was found");
    }
    let mut known = Vec::new();
    let mut steps = Vec::new();
    for finding in
        project.findings.iter().filter(|finding| role(&finding.place.origin.key.to_string()) == Role::Product)
    {
        if known.contains(&&finding.secret) {
            continue;
        }
        known.push(&finding.secret);
        let rule = project.rules.rule(finding.rule);
        let revoke = rule
            .syntax()
            .revoke
            .as_ref()
            .map_or_else(|| "revoke it where it was issued".to_owned(), |page| format!("revoke it ({page})"));
        let update = match rule.syntax().variables.as_slice() {
            [] => "update what uses it".to_owned(),
            names => format!("update {}", names.join(", ")),
        };
        let what = format!(
            "{} `{}`: {revoke}, generate a new one, {update}, read the access logs, audit the history, document",
            rule.title(),
            finding.secret
        );
        steps.push(Seen::at(&finding.place.origin, finding.place.start, what));
    }
    match steps.is_empty() {
        true => Outcome::not_applicable("no secret was found outside of tests and documents"),
        false => Outcome::review(
            "Has each of these been revoked, replaced, looked for in logs and history, and written down?",
            steps,
        ),
    }
}
