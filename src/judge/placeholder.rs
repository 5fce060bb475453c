//! The one place that decides what stands in for a secret: placeholders, references, templates, documentation values.

mod monotone;

pub use monotone::is_monotone;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use std::sync::LazyLock;

/// Finds [`WORDS`] in any case.
static WORD_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder().ascii_case_insensitive(true).build(WORDS).ok());

/// Finds [`MARKS`].
static MARK_FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder().build(MARKS).ok());

/// Values are short, so that what finds the first sign of a word in long text only costs time.
fn finder() -> AhoCorasickBuilder {
    let mut finder = AhoCorasickBuilder::new();
    finder.kind(Some(AhoCorasickKind::DFA)).prefilter(false);
    finder
}

fn holds(finder: &Option<AhoCorasick>, value: &[u8], counts: impl Fn(usize) -> bool) -> bool {
    finder.iter().any(|finder| finder.find_overlapping_iter(value).any(|hit| counts(hit.pattern().as_usize())))
}

/// Words that say "put yours here".
const WORDS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "change_this",
    "change-this",
    "replace",
    "your_",
    "your-",
    "yourkey",
    "yourtoken",
    "yoursecret",
    "yourpass",
    "your ",
    "yourapi",
    "insert",
    "redacted",
    "dummy",
    "fake",
    "todo",
    "fixme",
    "xxxx",
    "notreal",
    "not-real",
    "not_real",
    "nosecret",
    "secret_here",
    "key_here",
    "token_here",
    "goes_here",
    "goes-here",
    "-here",
    "_here",
    "fill_in",
    "fill-in",
    "enter_",
    "<",
    "***",
    "...",
    "\u{2026}",
    "foobar",
    "deadbeef",
    "insecure",
    "lorem",
    "ipsum",
    "mock",
    "test_",
    "test-",
    "testing",
    "put_",
    "add_your",
    "my-secret",
    "my_secret",
    "mysecret",
    "super-secret",
    "super_secret",
    "supersecret",
    "mypassword",
    "my-password",
    "my_password",
    "mytoken",
    "my-token",
    "my_token",
    "mykey",
    "my-key",
    "my_key",
    "not-set",
    "not_set",
    "unset",
    "removed",
    "hidden",
    "masked",
    "strong-password",
    "strong_password",
    "generated",
];

/// Whole values that say nothing.
const VALUES: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "apikey",
    "api_key",
    "api-key",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "str",
    "text",
    "value",
    "default",
    "empty",
    "required",
    "optional",
    "username",
    "user",
    "test",
    "tests",
    "foo",
    "bar",
    "baz",
    "abc",
    "abcd",
    "abc123",
    "pw",
    "na",
    "n/a",
    "yes",
    "no",
    "on",
    "off",
    "auto",
    "disabled",
    "enabled",
    "basic",
    "bearer",
    "hash",
    "credentials",
    "auth",
    "unknown",
    "password1",
    "password123",
    "secret123",
    "pass123",
    "pass1234",
    "test123",
    "test1234",
    "1234",
    "12345",
    "123456",
    "12345678",
];

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

/// Is `value` a placeholder?
pub fn is_placeholder(value: &[u8]) -> bool {
    if WORD_FINDER.as_ref().is_some_and(|finder| finder.is_match(value)) || is_monotone(value) {
        return true;
    }
    let bare = trimmed(value, |byte| !byte.is_ascii_alphanumeric() && byte < 0x80);
    // What is longer is in no list.
    let mut lower = [0; LONGEST_VALUE];
    let Some(lower) = lower.get_mut(..value.len()) else { return bare.is_empty() };
    lower.copy_from_slice(value);
    lower.make_ascii_lowercase();
    let known = |text: &[u8]| VALUES.iter().any(|known| known.as_bytes() == text);
    if bare.is_empty() || known(trimmed(lower, |byte| !byte.is_ascii_alphanumeric() && byte < 0x80)) {
        return true;
    }
    lower.iter_mut().for_each(|byte| *byte = plain_letter(*byte));
    known(lower)
}

/// Longest of [`VALUES`] with signs around it, in bytes.
const LONGEST_VALUE: usize = 24;

/// `value` without what `holds` at both ends.
fn trimmed(value: &[u8], holds: impl Fn(u8) -> bool) -> &[u8] {
    let start = value.iter().take_while(|byte| holds(**byte)).count();
    let end = value[start..].iter().rev().take_while(|byte| holds(**byte)).count();
    &value[start..value.len() - end]
}

/// The letter in whose place people write a digit or sign: `p@55w0rd`.
const fn plain_letter(lower: u8) -> u8 {
    match lower {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => other,
    }
}

/// Does the body of a token, which has the right shape, show that it was made up?
pub fn in_token(body: &[u8]) -> bool {
    // Only words long enough not to come up by chance in random letters.
    let telling = |word: &str| {
        word.len() >= 6 || (word == "xxxx" && body.len() < 64) || !word.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    holds(&WORD_FINDER, body, |at| telling(WORDS[at])) || is_monotone(body)
}

/// The same for a value that may hold any sign: in a long one signs come up by chance, words do not.
pub fn in_signs(value: &[u8]) -> bool {
    let telling = |word: &str| word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    holds(&WORD_FINDER, value, |at| telling(WORDS[at])) || is_monotone(value)
}

/// Does `value` refer to a value that stands elsewhere: a variable, a template, a secret manager, a call?
pub fn is_reference(value: &[u8]) -> bool {
    let text = value.trim_ascii();
    let begins =
        |start: &&str| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start.as_bytes()));
    let variable = text.strip_prefix(b"$").is_some_and(is_name)
        || text.strip_prefix(b"%").and_then(|rest| rest.strip_suffix(b"%")).is_some_and(is_name);
    // A JSON object in a string is no format.
    let format = match (text.first(), text.last()) {
        (Some(b'{'), Some(b'}')) => !text.contains(&b'"'),
        (Some(b'<'), Some(b'>')) | (Some(b'['), Some(b']')) => true,
        _ => false,
    };
    let marked = || {
        value.iter().any(|byte| may_mark(*byte)) && MARK_FINDER.as_ref().is_some_and(|finder| finder.is_match(value))
    };
    variable || format || STORES.iter().any(begins) || marked()
}

/// Does one of [`MARKS`] hold `byte`?
const fn may_mark(byte: u8) -> bool {
    matches!(byte, b'$' | b'{' | b'}' | b'%' | b'#' | b'<' | b'[' | b']' | b'@' | b'\\' | b'.' | b'g')
}

fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Is `host` this machine, a container's neighbour, or a documentation name?
pub fn is_local_host(host: &[u8]) -> bool {
    let text = String::from_utf8_lossy(host).to_ascii_lowercase();
    let name = if let Some(rest) = text.strip_prefix('[') {
        rest.split(']').next().unwrap_or_default()
    } else {
        text.split(':').next().unwrap_or_default()
    };
    let loopback = name == "localhost"
        || name.starts_with("127.")
        || name == "::1"
        || name == "0.0.0.0"
        || name.ends_with(".localhost");
    let neighbour = !name.contains('.') && !name.contains(':');
    let near = name.ends_with(".local") || name.ends_with("host.docker.internal");
    loopback || neighbour || near || is_reserved_host(host)
}

/// Is `host` a name that is kept for documentation and tests?
pub fn is_reserved_host(host: &[u8]) -> bool {
    let text = String::from_utf8_lossy(host).to_ascii_lowercase();
    let name = text.split(':').next().unwrap_or_default();
    name.contains("example") || [".test", ".invalid"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_recognised() {
        for value in [
            "your-api-key",
            "YOUR_KEY",
            "<strong-password>",
            "changeme",
            "xxxxxxxxxxxx",
            "************",
            "REPLACE_WITH_TOKEN",
            "password",
            "example-value",
            "0123456789abcdef",
            "a1b2c3d4e5f6a7b8c9d0",
            "1a2b3c4d5e6f7g8h9i0j",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "your_actual_key_here",
            "insert token",
            "...",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["kQ7pLw3zTn", "correct-horse-77", "Tr0ub4dor&3", "S3cure!pw"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }

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
        ] {
            assert!(is_reference(value.as_bytes()), "{value}");
        }
        for value in ["pa$$word9", "q{w}e-77", "Abc%123x"] {
            assert!(!is_reference(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn machines_of_ones_own_are_local() {
        for host in ["localhost:5432", "127.0.0.1", "db", "[::1]:80", "db.example.com"] {
            assert!(is_local_host(host.as_bytes()), "{host}");
        }
        assert!(!is_local_host(b"db.prod.acme.io:5432"));
    }
}
