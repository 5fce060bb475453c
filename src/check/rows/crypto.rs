//! Programs: keys, derivations and certificates.

use crate::check::class::Class;
use crate::check::facts::{FileFacts, Form, MarkKind, Setting};
use crate::check::project::{Project, is_product, seen_setting};
use crate::check::{Check, Outcome, Section, Seen, facts, names};
use crate::detect::identifier;
use crate::judge::placeholder;
use crate::judge::value;
use crate::plural::count;
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "code-weak-kdf",
        section: Section::Code,
        title: "Passwords and keys are derived with a current algorithm and enough rounds",
        why: "Fast hashes and few rounds let whoever has the stored values guess the passwords.",
        remedy: "Use Argon2id, scrypt or bcrypt, or PBKDF2-HMAC-SHA-256 with 600,000 rounds at least (100,000 are outdated); never ECB or a constant salt.",
        severity: Severity::Medium,
        guides: "T",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
        run: weak_kdf,
    },
    Check {
        id: "code-weak-secret",
        section: Section::Code,
        title: "Signing secrets have at least 32 random characters",
        why: "A short or guessable secret lets anybody who has one token make others.",
        remedy: "Generate one: `openssl rand -base64 48`; and refuse to start with a shorter one.",
        severity: Severity::High,
        guides: "D T",
        reference: "https://www.rfc-editor.org/rfc/rfc7518#section-3.2",
        run: weak_secret,
    },
    Check {
        id: "code-master-key",
        section: Section::Code,
        title: "No master or encryption key stands in files that travel",
        why: "Who has the master key has everything that is encrypted with it, backups too.",
        remedy: "Keep it in a secret manager or the environment, re-encrypt the data with a new one, and keep a backup of it apart.",
        severity: Severity::Critical,
        guides: "T",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html",
        run: master_key,
    },
    Check {
        id: "code-tls-off",
        section: Section::Code,
        title: "Certificates are checked, and credentials travel encrypted",
        why: "Without the check anybody between the two ends can read and change what is sent, credentials included.",
        remedy: "Leave the check on; give the client the right certificate authority where one of your own is used. Use `https://`.",
        severity: Severity::High,
        guides: "N T A",
        reference: "https://cwe.mitre.org/data/definitions/295.html",
        run: tls_off,
    },
];

fn weak_kdf(project: &Project) -> Outcome {
    let good = project.marks(MarkKind::StrongCrypto);
    Outcome::weigh(project.marks(MarkKind::WeakCrypto), good, || {
        Outcome::not_applicable("no derivation of keys, no hash of a password and no cipher that is understood")
    })
}

/// Does `name` name what signs tokens or sessions, or encrypts all others?
pub(super) fn signs(name: &str) -> bool {
    let words = identifier::words(name.as_bytes());
    let has = |word: &str| words.iter().any(|one| one == word);
    // `client_secret_jwt` is a method, `jwt_secret` a secret.
    let noun =
        words.last().is_some_and(|last| matches!(last.as_str(), "secret" | "key" | "keys" | "password" | "salt"));
    noun && names::is_secret(name)
        && (has("jwt")
            || has("signing")
            || has("master")
            // The key of a session is as often the name of an entry in it.
            || (has("secret") && (has("session") || has("cookie")))
            || (has("secret") && has("key") && words.len() == 2))
}

/// Settings with literals that are neither references nor stand-ins, in files that travel.
fn literals(project: &Project, wanted: fn(&str) -> bool) -> impl Iterator<Item = (&FileFacts, &Setting)> {
    let settings = project.settings().filter(|(file, setting)| {
        (setting.form != Form::Code || is_product(file)) && setting.stage.counts() && setting.form != Form::Pipeline
    });
    settings.filter(move |(_, setting)| {
        let value = setting.value.as_str();
        // A constant that only names itself: `SESSION_KEY = "sessionKey"`.
        if setting.form == Form::Code
            && identifier::words(value.as_bytes()) == identifier::words(setting.name.as_bytes())
        {
            return false;
        }
        let number = setting.form == Form::Code && value.parse::<f64>().is_ok();
        wanted(&setting.name)
            && !number
            && !value.is_empty()
            && !names::is_reference(value)
            && !value.contains(['.', ' ', '/'])
    })
}

fn weak_secret(project: &Project) -> Outcome {
    let (mut bad, mut good) = (project.marks(MarkKind::SignsWithLiteral), project.marks(MarkKind::LengthCheck));
    for (file, setting) in literals(project, signs) {
        let value = setting.value.as_str();
        // Names of things are written as words: `session_key = "user_id"`.
        let word = setting.form == Form::Code
            && !setting.name.bytes().all(|byte| !byte.is_ascii_lowercase())
            && value::is_wordy(value.as_bytes());
        if word || value.is_empty() {
            continue;
        }
        match weakness(value) {
            Some(why) => bad.push(Seen::at(
                &file.origin,
                setting.at,
                format!("`{}` is {}: {why}", setting.name, setting.value.masked()),
            )),
            None => good.push(seen_setting(file, setting)),
        }
    }
    for (file, read) in project.reads().filter(|(_, read)| signs(&read.name)) {
        if let Some(why) = read.fallback.as_ref().and_then(|text| weakness(text.as_str())) {
            bad.push(Seen::at(
                &file.origin,
                read.at,
                format!("`{}` falls back to a literal that is too weak: {why}", read.name),
            ));
        }
    }
    let local =
        project.local.iter().flat_map(|file| file.facts.settings.iter().map(move |setting| (&file.facts, setting)));
    let strong = local.filter(|(_, setting)| signs(&setting.name) && weakness(setting.value.as_str()).is_none());
    good.extend(strong.map(|(file, setting)| seen_setting(file, setting)));
    Outcome::weigh(bad, good, || {
        let reads: Vec<Seen> = project
            .reads()
            .filter(|(_, read)| signs(&read.name))
            .take(3)
            .map(|(file, read)| Seen::at(&file.origin, read.at, format!("reads `{}`", read.name)))
            .collect();
        match reads.is_empty() {
            true => Outcome::not_applicable("no secret that signs tokens or sessions"),
            false => Outcome::review(
                "Is the signing secret random and at least 32 characters long, and does the program refuse a shorter one?",
                reads,
            ),
        }
    })
}

/// Why a signing secret is too weak.
fn weakness(value: &str) -> Option<&'static str> {
    match () {
        () if value.len() < 32 => Some("shorter than 32 characters"),
        () if placeholder::is_placeholder(value.as_bytes()) || value::is_wordy(value.as_bytes()) => {
            Some("made of words")
        }
        () if value::entropy(value.as_bytes()) < 3.0 => Some("of low entropy"),
        () => None,
    }
}

fn master_key(project: &Project) -> Outcome {
    let mut bad = project.marks(MarkKind::KeyLiteral);
    for (file, setting) in literals(project, is_encryption_key) {
        if names::is_real(&setting.name, setting.value.as_str()) {
            bad.push(seen_setting(file, setting));
        }
    }
    let reads = project.reads().filter(|(_, read)| is_encryption_key(&read.name));
    let good = reads
        .map(|(file, read)| Seen::at(&file.origin, read.at, format!("reads `{}` from the environment", read.name)))
        .take(3)
        .collect();
    Outcome::weigh(bad, good, || Outcome::not_applicable("no master or encryption key"))
}

fn is_encryption_key(name: &str) -> bool {
    let words = identifier::words(name.as_bytes());
    let kind = ["master", "encryption", "encrypt", "fernet", "aes", "cipher", "crypt"];
    words.windows(2).any(|two| kind.contains(&two[0].as_str()) && two[1] == "key") && names::is_secret(name)
}

fn tls_off(project: &Project) -> Outcome {
    let mut bad = project.marks(MarkKind::TlsOff);
    for (file, setting) in project.settings().filter(|(_, setting)| setting.stage.counts()) {
        let off = match setting.name.as_str() {
            "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" => setting.value.is_off(),
            "GIT_SSL_NO_VERIFY" => setting.value.is_on(),
            _ => is_plain_login(setting.value.as_str()),
        };
        if off {
            bad.push(seen_setting(file, setting));
        }
    }
    for (file, at, command) in commands(project) {
        bad.extend(command.lines().find_map(facts::insecure_download).map(|what| Seen::at(&file.origin, at, what)));
    }
    let optional = project.marks(MarkKind::TlsOptional);
    if bad.is_empty() && !optional.is_empty() {
        return Outcome::review("The check can be turned off here. Can that happen in production?", optional);
    }
    Outcome::weigh(bad, Vec::new(), || {
        let files = project.code().count() + project.of_class(Class::Dockerfile).count() + project.pipelines().count();
        match files {
            0 => Outcome::not_applicable("no code, Dockerfile or pipeline"),
            files => Outcome::pass(vec![Seen::plain(format!(
                "no check of certificates is turned off in {}",
                count(files, "file")
            ))]),
        }
    })
}

/// A login over plain HTTP to another machine.
fn is_plain_login(value: &str) -> bool {
    value.starts_with("http://")
        && names::url_parts(value)
            .is_some_and(|url| !placeholder::is_local_host(url.host.as_bytes()) && !names::is_reference(url.host))
}

/// The commands of Dockerfiles and pipelines.
pub(super) fn commands(project: &Project) -> Vec<(&FileFacts, crate::span::Position, &str)> {
    let mut commands = Vec::new();
    for file in project.live(Class::Dockerfile) {
        commands.extend(
            file.instructions.iter().filter(|one| one.name == "RUN").map(|one| (file, one.at, one.rest.as_str())),
        );
    }
    for file in project.pipelines() {
        let scripts = file.settings.iter().filter(|setting| {
            matches!(setting.name.as_str(), "run" | "script" | "before_script" | "after_script" | "command" | "bash")
        });
        commands.extend(scripts.map(|setting| (file, setting.at, setting.value.as_str())));
    }
    commands
}
