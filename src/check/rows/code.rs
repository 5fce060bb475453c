//! Programs: no literal credentials, no fallbacks, masking types, nothing secret in logs.

use crate::blob::{FileKind, Role, Syntax};
use crate::check::class;
use crate::check::facts::{Form, MarkKind};
use crate::check::project::Project;
use crate::check::stage::Stage;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::detect::identifier;
use crate::finding::{Confidence, Evidence, Finding};
use crate::judge::name;
use crate::judge::value::Look;
use crate::plural::count;
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "code-literal",
        section: Section::Code,
        title: "No credential stands in code as a literal",
        why: "Code is copied, reviewed, logged and kept for ever; a credential in it is known to all who ever read it.",
        remedy: "Replace the credential, and read the new one from the environment or a secret manager.",
        severity: Severity::Critical,
        guides: "N K A D",
        reference: "https://cwe.mitre.org/data/definitions/798.html",
        run: literal,
    },
    Check {
        id: "code-default",
        section: Section::Code,
        title: "A secret that is not set stops the program",
        why: "A literal that stands in for a missing secret is a secret that everybody knows, and nobody notices that it is used.",
        remedy: "Fail at the start when the variable is missing: `os.environ[\"NAME\"]`, `${NAME:?}`.",
        severity: Severity::High,
        guides: "D N A",
        reference: "https://cwe.mitre.org/data/definitions/1392.html",
        run: fallback,
    },
    Check {
        id: "code-unmasked-type",
        section: Section::Code,
        title: "Models hold secrets in masking types",
        why: "A plain string is printed with the model in logs, errors and stack traces.",
        remedy: "Declare the field as `SecretStr`, and unwrap it only where it is used.",
        severity: Severity::Low,
        guides: "N",
        reference: "https://docs.pydantic.dev/latest/api/types/#pydantic.types.SecretStr",
        run: unmasked,
    },
    Check {
        id: "code-unwrapped-log",
        section: Section::Code,
        title: "No secret reaches a log or an exception",
        why: "Logs are kept, shipped and read by many, and outlive the secret's rotation.",
        remedy: "Log that the secret is set, or a masked form of it.",
        severity: Severity::High,
        guides: "N A T",
        reference: "https://cwe.mitre.org/data/definitions/532.html",
        run: logged,
    },
];

/// Is a finding in code of the product?
fn in_code(finding: &Finding) -> bool {
    let key = finding.place.origin.key.to_string();
    let kind = FileKind::of(key.as_bytes(), b"");
    kind.syntax == Syntax::Code
        && kind.role == Role::Product
        && Stage::of_path(&key, kind.role) != Stage::Test
        && !class::is_vendored(&key)
        && !class::is_dotenv(key.rsplit('/').next().unwrap_or_default())
}

/// A finding as evidence.
pub(super) fn seen_finding(project: &Project, finding: &Finding) -> Seen {
    let title = project.rules.rule(finding.rule).title();
    let assigned = finding.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Assigned { name, .. } => Some(format!(" given to `{name}`")),
        _ => None,
    });
    Seen::at(
        &finding.place.origin,
        finding.place.start,
        format!("{title} `{}`{}", finding.secret, assigned.unwrap_or_default()),
    )
}

fn literal(project: &Project) -> Outcome {
    if project.code().next().is_none() && !project.findings.iter().any(in_code) {
        return Outcome::not_applicable("no code in a language that is understood");
    }
    let found = project.findings.iter().filter(|finding| in_code(finding));
    let (sure, unsure): (Vec<&Finding>, Vec<&Finding>) =
        found.partition(|finding| !project.is_in_comment(finding) && is_sure(finding));
    let seen = |list: &[&Finding]| list.iter().map(|finding| seen_finding(project, finding)).collect::<Vec<_>>();
    if sure.is_empty() && !unsure.is_empty() {
        return Outcome::review(
            "These stand in comments, or look like chosen words. Is any of them real?",
            seen(&unsure),
        );
    }
    let bad = seen(&sure);
    let good = project
        .secret_reads()
        .take(3)
        .map(|(file, read)| Seen::at(&file.origin, read.at, format!("reads `{}` from the environment", read.name)))
        .collect();
    Outcome::weigh(bad, good, || {
        let files = count(project.code().count(), "file");
        Outcome::pass(vec![Seen::plain(format!("no credential literal in {files} of code"))])
    })
}

/// Is a finding more than a name with a value that somebody chose?
pub(super) fn is_sure(finding: &Finding) -> bool {
    let generated = |evidence: &Evidence| matches!(evidence, Evidence::Looks(what) if *what == Look::Random.word());
    finding.confidence >= Confidence::High || finding.evidence.iter().any(generated)
}

fn fallback(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for (file, read) in project.secret_reads() {
        match &read.fallback {
            Some(text) if is_telling(&read.name, text.as_str()) => {
                bad.push(Seen::at(
                    &file.origin,
                    read.at,
                    format!("`{}` falls back to the literal {}", read.name, text.masked()),
                ));
            }
            _ => good.push(Seen::at(&file.origin, read.at, format!("`{}` has no literal to fall back to", read.name))),
        }
    }
    let settings = project
        .settings()
        .filter(|(_, setting)| setting.stage.counts() && !matches!(setting.form, Form::Code | Form::Pipeline));
    for (file, setting) in settings {
        let Some((name, literal)) = names::fallback_of(setting.value.as_str()) else { continue };
        let secret = names::is_secret(name) || names::is_secret(&setting.name);
        if secret && is_telling(name, literal) {
            bad.push(Seen::at(
                &file.origin,
                setting.at,
                format!("`{}` falls back to a literal where `{name}` is not set", setting.name),
            ));
        }
    }
    good.truncate(3);
    Outcome::weigh(bad, good, || {
        Outcome::not_applicable("no code or configuration that reads a secret from the environment")
    })
}

/// Does a fallback give a value, and not only say that there is none? A database on this machine is for development.
fn is_telling(name: &str, literal: &str) -> bool {
    let literal = literal.trim();
    let none = ["", "none", "null", "false", "unset", "undefined", "not-set", "not_set"]
        .iter()
        .any(|word| literal.eq_ignore_ascii_case(word));
    if none || literal.starts_with(['$', '{', '<']) {
        return false;
    }
    match names::url_parts(literal) {
        Some(url) => {
            !crate::judge::placeholder::is_local_host(url.host.as_bytes()) && !names::is_reference(url.password)
        }
        None => !literal.contains("://") && names::is_secret(name) && !is_stand_in(name, literal),
    }
}

/// Does a literal only say what belongs there? What signs tokens or opens a database works with any value, a provider's key does not.
fn is_stand_in(name: &str, literal: &str) -> bool {
    let own = super::crypto::signs(name) || name::is_password(&identifier::words(name.as_bytes()));
    let shouted = literal.len() > 3 && literal.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    shouted || !own && names::stands_in(literal)
}

fn unmasked(project: &Project) -> Outcome {
    let (bad, mut good) = (project.marks(MarkKind::PlainField), project.marks(MarkKind::MaskedField));
    good.truncate(5);
    Outcome::weigh(bad, good, || Outcome::not_applicable("no Pydantic model with a field for a secret"))
}

fn logged(project: &Project) -> Outcome {
    let bad = project.marks(MarkKind::LogsSecret);
    Outcome::weigh(bad, project.marks(MarkKind::MasksLogs), || match project.code().count() {
        0 => Outcome::not_applicable("no code in a language that is understood"),
        files => Outcome::pass(vec![Seen::plain(format!(
            "no log, print or exception in {} of code is given a variable named like a secret",
            count(files, "file")
        ))]),
    })
}
