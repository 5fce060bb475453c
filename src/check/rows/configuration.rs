//! Authentication, debug modes and audit logs in configuration.

use crate::check::class::Class;
use crate::check::facts::{Form, MarkKind};
use crate::check::project::{Project, seen_setting};
use crate::check::stage::Stage;
use crate::check::{Check, Outcome, Section, Seen};
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "auth-none",
        section: Section::Configuration,
        title: "Authentication is on outside of development",
        why: "Without it, everybody who reaches the service is its administrator.",
        remedy: "Choose an authentication provider for production, and keep `none` for development files.",
        severity: Severity::Critical,
        guides: "T",
        reference: "https://cwe.mitre.org/data/definitions/306.html",
        run: auth_none,
    },
    Check {
        id: "conf-debug",
        section: Section::Configuration,
        title: "Production runs in production mode, without debug output",
        why: "Debug pages and logs show settings, queries and stack traces to strangers.",
        remedy: "Set `ENV=production`, `DEBUG=false` and `LOG_LEVEL=INFO` or `WARNING` in production configuration.",
        severity: Severity::Medium,
        guides: "T",
        reference: "https://cwe.mitre.org/data/definitions/489.html",
        run: debug,
    },
    Check {
        id: "conf-log-fields",
        section: Section::Configuration,
        title: "Audit logs mask sensitive fields",
        why: "An audit log that holds keys and passwords is a second store of secrets, with more readers.",
        remedy: "List `api_key`, `password` and `token` under the fields that the log masks.",
        severity: Severity::Medium,
        guides: "A",
        reference: "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
        run: log_fields,
    },
];

fn auth_none(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for (file, setting) in project.live_settings() {
        let name = setting.name.to_ascii_uppercase().replace('-', "_");
        let value = &setting.value;
        let off = match name.as_str() {
            "AUTH_PROVIDER" | "AUTH_BACKEND" | "AUTH_MODE" | "AUTH_METHOD" | "AUTHENTICATION" => {
                Some(value.is("none") || value.is("disabled"))
            }
            "AUTH_ENABLED" | "ENABLE_AUTH" | "REQUIRE_AUTH" | "AUTH_REQUIRED" | "AUTHENTICATION_ENABLED" => {
                switch(value, false)
            }
            "ALLOW_ANONYMOUS"
            | "DISABLE_AUTH"
            | "AUTH_DISABLED"
            | "NO_AUTH"
            | "SKIP_AUTH"
            | "ALLOW_EMPTY_PASSWORD"
            | "MYSQL_ALLOW_EMPTY_PASSWORD" => switch(value, true),
            "POSTGRES_HOST_AUTH_METHOD" => Some(value.is("trust")),
            "XPACK.SECURITY.ENABLED" => switch(value, false),
            _ => None,
        };
        match off {
            Some(true) => bad.push(seen_setting(file, setting)),
            Some(false) => good.push(seen_setting(file, setting)),
            None => {}
        }
    }
    Outcome::weigh(bad, good, || {
        Outcome::not_applicable("no setting such as AUTH_PROVIDER, AUTH_ENABLED or ALLOW_ANONYMOUS")
    })
}

/// Is a switch in the `bad` position? `None` if it says neither yes nor no.
fn switch(value: &crate::check::text::Text, bad: bool) -> Option<bool> {
    match (value.is_on(), value.is_off()) {
        (true, _) => Some(bad),
        (_, true) => Some(!bad),
        _ => None,
    }
}

fn debug(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for (file, setting) in
        project.settings().filter(|(_, setting)| !matches!(setting.form, Form::Pipeline | Form::BuildArgument))
    {
        // What an image sets holds wherever it runs.
        let production = setting.stage == Stage::Production || setting.form == Form::Image && setting.stage.counts();
        let Some(is_bad) = is_debug(&setting.name, setting.value.as_str(), setting) else { continue };
        let list = match (is_bad, production, setting.stage) {
            (true, true, _) => &mut bad,
            (true, false, Stage::Unmarked) if setting.form != Form::Code => &mut unsure,
            (false, true, _) => &mut good,
            _ => continue,
        };
        list.push(seen_setting(file, setting));
    }
    if bad.is_empty() && good.is_empty() && !unsure.is_empty() {
        return Outcome::review("Is any of these used in production?", unsure);
    }
    Outcome::weigh(bad, good, || {
        Outcome::not_applicable("no production configuration that sets a mode, DEBUG or LOG_LEVEL")
    })
}

/// Does the setting choose a debug mode? `None` if it is about something else.
fn is_debug(name: &str, value: &str, setting: &crate::check::facts::Setting) -> Option<bool> {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let value = value.trim().to_ascii_lowercase();
    match upper.as_str() {
        "DEBUG" | "APP_DEBUG" | "FLASK_DEBUG" | "DJANGO_DEBUG" => switch(&setting.value, true),
        "LOG_LEVEL" | "LOGLEVEL" | "RUST_LOG" => {
            let known = ["trace", "debug", "info", "warn", "warning", "error", "critical"];
            known.contains(&value.as_str()).then_some(matches!(value.as_str(), "trace" | "debug"))
        }
        _ => {
            let stage = Stage::of_setting(name, &value)?;
            Some(matches!(stage, Stage::Development | Stage::Test))
        }
    }
}

/// Names under which frameworks list what their logs mask.
const MASKED: &[&str] = &[
    "sensitive_fields",
    "sensitivefields",
    "masked_fields",
    "mask_fields",
    "redact",
    "redact_fields",
    "redacted_fields",
    "filter_parameters",
    "sanitize_fields",
    "scrub_fields",
];

fn log_fields(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), project.marks(MarkKind::MasksLogs));
    for file in project.files.iter().filter(|file| matches!(file.class, Class::Settings(_)) && file.stage.counts()) {
        let masked = |name: &str| MASKED.contains(&name.to_ascii_lowercase().as_str());
        let fields: Vec<String> = file
            .settings
            .iter()
            .filter(|setting| setting.path.split('.').any(masked))
            .map(|setting| setting.value.as_str().to_ascii_lowercase())
            .collect();
        let audit = file.settings.iter().find(|setting| is_audit(&setting.path) && setting.value.is_on());
        let missing: Vec<&str> = ["api_key", "password", "token"]
            .into_iter()
            .filter(|word| !fields.iter().any(|field| field.contains(word)))
            .collect();
        match (audit, fields.is_empty(), missing.is_empty()) {
            (_, false, true) => {
                good.push(Seen::file(&file.origin, "masks `api_key`, `password` and `token` in its logs"));
            }
            (_, false, false) => bad.push(Seen::file(
                &file.origin,
                format!(
                    "masks fields in its logs, but not {}",
                    missing.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
                ),
            )),
            (Some(setting), true, _) => bad.push(Seen::at(
                &file.origin,
                setting.at,
                "turns audit logging on and masks no field (`sensitive_fields`)",
            )),
            (None, true, _) => {}
        }
    }
    Outcome::weigh(bad, good, || {
        Outcome::not_applicable("no configuration of audit logs, and no list of masked fields")
    })
}

/// `logging.audit`, `audit.enabled`, `audit_log`.
fn is_audit(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.ends_with("logging.audit")
        || lower.ends_with("audit.enabled")
        || lower.ends_with("audit_log")
        || lower.ends_with("audit_logging")
}
