//! What names of settings speak of, and which values are real secrets rather than stand-ins.

use crate::detect::identifier;
use crate::judge::value::{self, Look};
use crate::judge::{name, placeholder};

/// Words that name a secret by themselves.
const SECRETS: &[&str] = &["secret", "secrets", "token", "apikey", "credential", "credentials", "passphrase", "pat"];

/// Words in front of `key` that make it a secret.
const KEYS: &[&str] = &[
    "api",
    "access",
    "private",
    "master",
    "signing",
    "signature",
    "encryption",
    "encrypt",
    "auth",
    "account",
    "service",
    "jwt",
    "session",
    "app",
    "admin",
    "webhook",
    "hmac",
    "aes",
    "fernet",
    "license",
    "supabase",
    "crypt",
    "crypto",
    "shared",
    "storage",
];

/// Words behind which a `key` is none.
const NO_KEYS: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "cache",
    "sort",
    "partition",
    "object",
    "group",
    "idempotency",
    "publishable",
    "host",
    "known",
];

/// Words of switches, limits and descriptions: `ALLOW_EMPTY_PASSWORD`, `TOKEN_EXPIRE_MINUTES`.
const NO_SECRETS: &[&str] = &[
    "disable", "disabled", "enable", "allow", "skip", "require", "requires", "use", "show", "hide", "expire",
    "expires", "minutes", "seconds", "hours", "days", "lifetime", "limit", "retries", "attempts",
];

/// Does `name` speak of a secret value?
pub fn is_secret(identifier: &str) -> bool {
    // The working folder, and the path of a file with credentials.
    if matches!(identifier, "PWD" | "OLDPWD" | "GOOGLE_APPLICATION_CREDENTIALS") {
        return false;
    }
    let words = identifier::words(identifier.as_bytes());
    let key = words.windows(2).any(|two| matches!(two[1].as_str(), "key" | "keys") && KEYS.contains(&two[0].as_str()));
    // Variables end in the word: `STRIPE_KEY`.
    let shouted = identifier.len() > 4
        && identifier.ends_with("_KEY")
        && identifier.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let named =
        name::is_password(&words) || words.iter().any(|word| SECRETS.contains(&word.as_str())) || key || shouted;
    let asked = ["secret", "secrets", "token", "key", "password", "passwd", "credentials", "service", "pass", "pwd"]
        .map(str::to_owned);
    named
        && !name::denies(&words, &asked)
        && !words.iter().any(|word| NO_KEYS.contains(&word.as_str()) || NO_SECRETS.contains(&word.as_str()))
}

/// Does `name` speak of a database's address, which may hold a password?
pub fn is_database_url(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let store = ["database", "postgres", "mysql", "mongo", "redis", "db", "amqp", "rabbitmq", "broker", "dsn"]
        .iter()
        .any(|word| lower.contains(word));
    store
        && (lower.ends_with("url")
            || lower.ends_with("uri")
            || lower.ends_with("dsn")
            || lower.ends_with("connection_string"))
}

/// Is `value`, given to `name`, a secret and no stand-in, reference or description?
pub fn is_real(name: &str, value: &str) -> bool {
    let words = identifier::words(name.as_bytes());
    let bytes = value.trim().as_bytes();
    if stands_in(value) || name::echoes(&words, bytes) {
        return false;
    }
    matches!(value::look(bytes), Look::Random | Look::Password | Look::Hash | Look::Uuid) && !is_switch(value)
}

/// Is `value` empty, a placeholder or a reference to a value that stands elsewhere?
pub fn stands_in(value: &str) -> bool {
    let bytes = value.trim().as_bytes();
    bytes.is_empty() || placeholder::is_reference(bytes) || placeholder::is_placeholder(bytes)
}

/// Is `value` a reference: `${NAME}`, `{{ name }}`, `secrets.NAME`?
pub fn is_reference(value: &str) -> bool {
    placeholder::is_reference(value.trim().as_bytes())
}

fn is_switch(value: &str) -> bool {
    ["true", "false", "none", "null"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// The `${NAME:-literal}`, `${NAME-literal}` or `${NAME:literal}` that `value` is or holds: name and literal.
pub fn fallback_of(value: &str) -> Option<(&str, &str)> {
    let inside = value.split("${").nth(1)?.split('}').next()?;
    let length = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))?;
    let (name, rest) = inside.split_at(length);
    let literal = rest
        .strip_prefix(":-")
        .or_else(|| rest.strip_prefix('-'))
        .or_else(|| rest.strip_prefix(':').filter(|rest| !rest.starts_with(['?', '+', '='])))?;
    (!name.is_empty()).then_some((name, literal))
}

/// The variable that `value` refers to: `$NAME`, `${NAME}`, `${{ secrets.NAME }}`.
pub fn variable_of(value: &str) -> Option<&str> {
    let value = value.trim();
    let inside =
        value.split("secrets.").nth(1).or_else(|| value.strip_prefix("${").or_else(|| value.strip_prefix('$')))?;
    let length = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
    (length > 0).then(|| &inside[..length])
}

/// The password, user and database that a URL holds.
pub fn url_parts(value: &str) -> Option<UrlParts<'_>> {
    let at = value.find("://")?;
    let url = crate::detect::url::read(value.as_bytes(), at)?;
    let part = |span: crate::span::Span| value.get(span.start..span.end).unwrap_or_default();
    let path = value.get(url.host.end..).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
    Some(UrlParts {
        user: part(url.user),
        password: part(url.password),
        host: part(url.host),
        database: path.split(['?', '#']).next().unwrap_or_default(),
    })
}

/// The parts of a URL with a password.
#[derive(Clone, Copy)]
pub struct UrlParts<'v> {
    /// The user.
    pub user: &'v str,
    /// The password.
    pub password: &'v str,
    /// Host and port.
    pub host: &'v str,
    /// The path behind them.
    pub database: &'v str,
}

/// The host of a URL with or without a password; may be empty.
pub fn host_of(value: &str) -> &str {
    let rest = value.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_others() {
        for name in [
            "DB_PASSWORD",
            "api_key",
            "JWT_SECRET_KEY",
            "STRIPE_KEY",
            "githubToken",
            "aws_secret_access_key",
            "POSTGRES_PASSWORD",
            "SECRETS_MASTER_KEY",
            "HF_TOKEN",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "PUBLIC_KEY",
            "TOKEN_URL",
            "cache_key",
            "SECRET_NAME",
            "key",
            "monkey",
            "PRIMARY_KEY",
            "token_count",
            "KEYBOARD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "PASSWORD_FILE",
            "AWS_SECRETS_MASTER_KEY_NAME",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn fallbacks_are_read() {
        assert_eq!(fallback_of("${A:-b}"), Some(("A", "b")));
        assert_eq!(fallback_of("${app.key:b}"), Some(("app.key", "b")));
        assert_eq!(fallback_of("${A:?missing}"), None);
        assert_eq!(fallback_of("${A}"), None);
        assert_eq!(variable_of("${{ secrets.NAME }}"), Some("NAME"));
    }
}
