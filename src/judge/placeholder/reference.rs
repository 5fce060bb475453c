//! References: what names a value that stands elsewhere.

use super::finder;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Finds [`MARKS`].
static MARK_FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder().build(MARKS).ok());

/// What only a reference holds.
const MARKS: &[&str] = &[
    "${",
    "$(",
    "{{",
    "}}",
    "%(",
    "#{",
    "<%",
    "{%",
    "$[",
    "%s",
    "%v",
    "%d",
    "[[",
    "]]",
    "@@",
    "\\(",
    "process.env",
    "os.environ",
    "getenv",
    "env.",
    ".Values.",
];

/// How a reference to a store of secrets, or an encrypted value, begins.
const STORES: &[&str] = &[
    "vault:",
    "arn:aws:",
    "projects/",
    "op://",
    "secretsmanager",
    "keyvault",
    "ssm:",
    "awssm:",
    "gcpsm:",
    "sops:",
    "enc[",
    "enc(",
    "ref+",
    "secretref",
    "!vault",
    "$ansible_vault",
    "secrets.",
    "keyring:",
    "doppler:",
    "bao:",
];

/// Does `value` refer to a value that stands elsewhere: a variable, a template, a secret manager, a call?
pub fn is_reference(value: &[u8]) -> bool {
    let text = value.trim_ascii();
    let begins =
        |start: &&str| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()));
    let within = |sign: &[u8]| text.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign));
    let variable = text.strip_prefix(b"$").is_some_and(is_name)
        || within(b"%").is_some_and(is_name)
        || within(b"@").is_some_and(|inner| inner.split(|byte| *byte == b'.').all(is_name));
    // A JSON object in a string is no format.
    let format = match (text.first(), text.last()) {
        (Some(b'{'), Some(b'}')) => !text.contains(&b'"'),
        (Some(b'<'), Some(b'>')) | (Some(b'['), Some(b']')) => true,
        _ => false,
    };
    let marked = || {
        value.iter().any(|byte| may_mark(*byte)) && MARK_FINDER.as_ref().is_some_and(|finder| finder.is_match(value))
    };
    variable || format || STORES.iter().any(begins) || is_validation(text) || marked()
}

/// Does it say what a value has to look like: `required|min:8`?
fn is_validation(text: &[u8]) -> bool {
    memchr::memchr(b'|', text).is_some()
        && text.split(|byte| *byte == b'|').any(|rule| {
            [&b"min:"[..], b"max:"].iter().any(|bound| rule.starts_with(bound))
                || matches!(rule, b"required" | b"nullable" | b"sometimes" | b"confirmed")
        })
}

/// Does one of [`MARKS`] hold `byte`?
const fn may_mark(byte: u8) -> bool {
    matches!(byte, b'$' | b'{' | b'}' | b'%' | b'#' | b'<' | b'[' | b']' | b'@' | b'\\' | b'.' | b'g')
}

fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_no_values() {
        for value in [
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "{{ .Values.key }}",
            "%DB_PASS%",
            "op://vault/item",
            "<token>",
            "$(cat file)",
            "#{token}",
            "{password}",
            "process.env.KEY",
            "@option.password@",
            "required|min:8",
        ] {
            assert!(is_reference(value.as_bytes()), "{value}");
        }
        for value in ["pa$$word9", "q{w}e-77", "Abc%123x"] {
            assert!(!is_reference(value.as_bytes()), "{value}");
        }
    }
}
