//! What no analysis of files can decide: questions to people, with the hints that were found.

use crate::check::facts::hints::Topic;
use crate::check::names;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen};
use crate::rule::Severity;

const OWASP: &str = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html";

const fn question(
    id: &'static str,
    title: &'static str,
    remedy: &'static str,
    guides: &'static str,
    run: fn(&Project) -> Outcome,
) -> Check {
    Check {
        id,
        section: Section::Policy,
        title,
        why: "No file of a repository can show it.",
        remedy,
        severity: Severity::Info,
        guides,
        reference: OWASP,
        run,
    }
}

pub(super) const CHECKS: &[Check] = &[
    question(
        "policy-manual-key-backup",
        "The master key is backed up apart from the data",
        "Keep a sealed copy in another place, and try it once a year.",
        "T",
        key_backup,
    ),
    question(
        "policy-manual-least-privilege",
        "Every role and key may do no more than it needs",
        "Go through the policies; take away what was not used for 90 days.",
        "N T K",
        least_privilege,
    ),
    question(
        "policy-manual-firewall",
        "Only the ports that are needed can be reached",
        "Allow 443 from everywhere, databases from the application's servers alone.",
        "T A D",
        firewall,
    ),
    question(
        "policy-manual-rate-limits",
        "Requests and spending at providers are limited",
        "Limit requests per client, and set budgets on the accounts of providers.",
        "T A D",
        rate_limits,
    ),
    question(
        "policy-manual-at-rest",
        "Data is encrypted at rest",
        "Turn on the encryption of disks, databases and buckets.",
        "A T D",
        at_rest,
    ),
    question(
        "policy-manual-retention",
        "Data is deleted when it is needed no longer",
        "Write down how long each kind is kept, and let a job delete it.",
        "A",
        retention,
    ),
    question(
        "policy-manual-backups",
        "Databases are backed up, and a restore has been tried",
        "Back up each day, keep a copy elsewhere, restore one each quarter.",
        "T",
        backups,
    ),
    question("policy-manual-restarts", "Services that crash are restarted", "Set a restart policy.", "T", restarts),
    question(
        "policy-manual-monitoring",
        "Errors, failed logins and unusual use are seen by somebody",
        "Collect logs and errors centrally, with alerts.",
        "T D N",
        monitoring,
    ),
    question(
        "policy-manual-audits",
        "Somebody from outside has looked: audits, penetration tests",
        "Plan one before the first release and one each year.",
        "D",
        audits,
    ),
];

/// A question with hints.
fn ask(project: &Project, topic: Topic, question: &str) -> Outcome {
    Outcome::review(question, project.hints(topic, 5))
}

fn key_backup(project: &Project) -> Outcome {
    let master = |name: &str| {
        names::is_secret(name)
            && ["MASTER", "ENCRYPTION", "FERNET"].iter().any(|word| name.to_ascii_uppercase().contains(word))
    };
    let reads: Vec<Seen> = project
        .reads()
        .filter(|(_, read)| master(&read.name))
        .take(5)
        .map(|(file, read)| Seen::at(&file.origin, read.at, format!("reads `{}`", read.name)))
        .collect();
    match reads.is_empty() {
        true => Outcome::not_applicable("no code that reads a master or encryption key"),
        false => Outcome::review("Where is the copy of the key, and who can get at it?", reads),
    }
}

fn least_privilege(project: &Project) -> Outcome {
    let mut hints = project.hints(Topic::AccessPolicy, 5);
    let wide = project.files.iter().flat_map(|file| file.settings.iter().map(move |setting| (file, setting)));
    let wide = wide.filter(|(_, setting)| {
        matches!(setting.name.as_str(), "Action" | "actions" | "Resource" | "verbs")
            && setting.value.as_str().trim_matches(['[', ']', '"']) == "*"
    });
    hints
        .extend(wide.take(5).map(|(file, setting)| {
            Seen::at(&file.origin, setting.at, format!("`{}` allows everything", setting.name))
        }));
    Outcome::review("Which roles and keys can do more than they need?", hints)
}

fn firewall(project: &Project) -> Outcome {
    ask(project, Topic::Firewall, "Which ports can be reached from where?")
}

fn rate_limits(project: &Project) -> Outcome {
    ask(project, Topic::RateLimit, "What limits requests per client, and spending at providers?")
}

fn at_rest(project: &Project) -> Outcome {
    ask(project, Topic::AtRest, "Which disks, databases and buckets are encrypted, and with whose key?")
}

fn retention(project: &Project) -> Outcome {
    ask(project, Topic::Retention, "How long is each kind of data kept, and what deletes it?")
}

fn backups(project: &Project) -> Outcome {
    ask(project, Topic::Backup, "When was a backup last restored?")
}

fn restarts(project: &Project) -> Outcome {
    ask(project, Topic::Restart, "What starts a service again when it has crashed?")
}

fn monitoring(project: &Project) -> Outcome {
    let mut hints = project.hints(Topic::Monitoring, 3);
    hints.extend(project.hints(Topic::Audit, 2));
    Outcome::review("Who learns of failed logins and unusual use, and how soon?", hints)
}

fn audits(_: &Project) -> Outcome {
    Outcome::review("When did somebody from outside last look for weaknesses?", Vec::new())
}
