//! What `high` asks of a value that only its name speaks for: a name that ends with the word for a secret, a value that is no
//! word of a program, a file that people write.
//!
//! What misses it stays a finding, of which we are less sure.

use super::line;
use super::model::features::{Subject, encodes_text};
use super::name;
use super::value::Look;
use crate::blob::Syntax;
use crate::checksum::base58;
use crate::detect::assignment::Way;

/// What names end with where they call something a secret.
const SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "creds",
    "cred",
    "jwt",
    "bearer",
    "authorization",
    "apikey",
    "secretkey",
    "appkey",
    "privatekey",
    "accesskey",
    "authkey",
    "seed",
    "phrase",
];

/// In front of "key" they make it one that lets somebody in.
const KEYS: &[&str] = &[
    "api",
    "secret",
    "private",
    "encryption",
    "encrypt",
    "decryption",
    "signing",
    "sign",
    "signature",
    "master",
    "auth",
    "authentication",
    "authorization",
    "shared",
    "account",
    "admin",
    "app",
    "application",
    "license",
    "hmac",
    "aes",
    "crypt",
    "crypto",
    "cipher",
    "jwt",
    "session",
    "service",
    "rest",
    "storage",
    "security",
    "webhook",
    "cookie",
    "ssh",
    "rsa",
    "tls",
];

/// Behind the word for the secret they tell where it is used, or how it is written.
const TAILS: &[&str] = &[
    "default",
    "base",
    "b",
    "base64",
    "hex",
    "string",
    "str",
    "bytes",
    "raw",
    "plain",
    "text",
    "test",
    "tests",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "stage",
    "qa",
    "live",
    "sandbox",
    "local",
    "old",
    "new",
    "current",
    "confirmation",
    "confirm",
    "again",
    "one",
    "two",
    "a",
    "the",
];

/// In front of "token" they make it one that confirms or counts, and guards nothing by itself.
const COUNTED: &[&str] = &["confirmation", "unit", "verification", "resume", "cancellation"];

/// Wherever they stand in a name, its value is stored, sent or published beside a secret and is none.
const BESIDE: &[&str] = &[
    "salt",
    "salts",
    "salted",
    "nonce",
    "iv",
    "sig",
    "sealed",
    "encrypted",
    "encoded",
    "ciphertext",
    "wrapped",
    "attestation",
    "authenticator",
    "etag",
    "content",
    "verifier",
    "challenge",
    "device",
    "push",
    "registration",
    "sync",
    "term",
    "xsrf",
    "urn",
    "example",
];

/// How far a look goes in front of a name, in bytes.
const REACH: usize = 64;

/// Shortest digest of a password, in digits.
const SHORTEST_DIGEST: usize = 16;

/// Shortest key of an app that is more than an id, in bytes.
const APP_KEY: usize = 40;

/// How many digits digests of certificates have.
const THUMBPRINTS: &[usize] = &[40, 64];

/// How far from one stands what calls it so, in bytes.
const CALLED: usize = 200;

/// Bytes of an address.
const ADDRESS: usize = 32;

/// How far other members of a series are looked for, in bytes, how many there have to be, and how long what they share.
const SERIES: usize = 200;
const MEMBERS: usize = 2;
const SHORTEST_START: usize = 4;

/// Is the value under these `words` surely a secret, if the model thinks so?
pub(super) fn is_sure(subject: &Subject<'_>, words: &[String], look: Look) -> bool {
    if subject.way == Way::Url {
        return true;
    }
    let stored = || name::is_password(words) && is_digest(subject.value.of(subject.text));
    let address = || {
        let held = words.last().is_some_and(|word| matches!(word.as_str(), "token" | "tokens"))
            || words.ends_with(&["account".to_owned(), "key".to_owned()]);
        held && is_address(subject.value.of(subject.text))
    };
    let doubted = subject.kind.syntax == Syntax::Binary
        || address()
        || is_thumbprint(subject, look)
        || subject.value.len() < APP_KEY && is_app_key(words)
        || is_loose(subject, look)
        || is_computed(subject)
        || stored()
        || is_of_series(subject);
    calls(words) && !doubted
}

/// Does the name call its value a secret?
fn calls(words: &[String]) -> bool {
    if words.iter().any(|word| BESIDE.contains(&word.as_str())) {
        return false;
    }
    let tail = |word: &&String| TAILS.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit());
    let count = words.len() - words.iter().rev().take_while(tail).count();
    let Some((last, before)) = words[..count].split_last() else { return name::is_password(words) };
    let before = before.last().map_or("", String::as_str);
    // A `token` of nobody may be the answer to a challenge or good for one call, a `pass` what passes.
    let plain = before.is_empty() && matches!(last.as_str(), "token" | "pass");
    if plain || last == "token" && COUNTED.contains(&before) {
        return false;
    }
    match last.as_str() {
        // An access key alone is often the id that goes with a secret one.
        "key" | "keys" => KEYS.contains(&before) || before == "access" && words.iter().any(|word| word == "secret"),
        // A `keyAuth` is the answer to a challenge.
        "auth" => before != "key",
        last if SECRETS.contains(&last) => true,
        _ => ["token", "secret", "apikey"].iter().any(|end| last.ends_with(end)) || name::is_password(words),
    }
}

/// The address of an account on a chain, or of a coin that is a "token" there: 32 bytes as Base58.
fn is_address(value: &[u8]) -> bool {
    let length = base58::decode(value, base58::BITCOIN).map(|bytes| bytes.len());
    length == Some(ADDRESS) && value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase)
}

/// The key of an app, which may be the id that its secret goes with.
fn is_app_key(words: &[String]) -> bool {
    match words {
        [.., app, key] if key == "key" => app == "app" || app == "application",
        _ => words.last().is_some_and(|word| word == "appkey"),
    }
}

/// The digest of a certificate, which takes the place of a secret where the certificate is the proof.
fn is_thumbprint(subject: &Subject<'_>, look: Look) -> bool {
    if look != Look::Hash || !THUMBPRINTS.contains(&subject.value.len()) {
        return false;
    }
    let near = subject.value.start.saturating_sub(CALLED)..subject.text.len().min(subject.value.end + CALLED);
    let text = &subject.text[near];
    [&b"humbprint"[..], b"ingerprint"].iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// What is stored in place of a password: nobody chooses so many hexadecimal digits, nor bytes in Base64.
fn is_digest(value: &[u8]) -> bool {
    let digits = value.len().is_multiple_of(8) && value.iter().all(u8::is_ascii_hexdigit);
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let marked = value.ends_with(b"=") || value.iter().any(|byte| b"+/".contains(byte));
    let bytes = || marked && value.len().is_multiple_of(4) && value.iter().all(letter) && !encodes_text(value);
    value.len() >= SHORTEST_DIGEST && (digits || bytes())
}

/// Do several values nearby begin as it does, and end as the members of a list: `ATT589914`, `ATT589879`?
fn is_of_series(subject: &Subject<'_>) -> bool {
    let value = subject.value.of(subject.text);
    let start = &value[..value.len() / 2];
    if start.len() < SHORTEST_START || !value.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let near = subject.value.start.saturating_sub(SERIES)..subject.text.len().min(subject.value.end + SERIES);
    let text = &subject.text[near];
    let member = |at: &usize| {
        let other = text.get(*at..at + value.len()).unwrap_or_default();
        let end = text.get(at + value.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        end && other != value && other.iter().all(u8::is_ascii_alphanumeric)
    };
    memchr::memmem::find_iter(text, start).filter(member).count() >= MEMBERS
}

/// A value that is not closed: a word of prose or the name of a variable may stand there as well.
fn is_loose(subject: &Subject<'_>, look: Look) -> bool {
    let value = subject.value.of(subject.text);
    let variable = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'.';
    let written = matches!(look, Look::Random | Look::Hash);
    match subject.kind.syntax {
        _ if subject.quoted || written => false,
        Syntax::Prose | Syntax::Config if goes_on(subject) => true,
        Syntax::Prose => look != Look::Password || !value.iter().any(u8::is_ascii_digit),
        Syntax::Code => value.iter().all(variable),
        _ => look == Look::Words,
    }
}

/// Does another word follow, so that the value is the first of several?
fn goes_on(subject: &Subject<'_>) -> bool {
    let behind = &subject.text[subject.value.end..];
    behind.first() == Some(&b' ') && behind.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
}

/// Does the name end a call whose result the value is: `sign('', 'secret') => '...'`?
fn is_computed(subject: &Subject<'_>) -> bool {
    let between = &subject.text[subject.name.end.min(subject.value.start)..subject.value.start];
    let closed = between.iter().position(|byte| *byte == b')');
    let given = memchr::memmem::find(between, b"=>");
    let line = line::before(subject.text, subject.name.start, REACH);
    closed.zip(given).is_some_and(|(closed, given)| closed < given) && line.contains(&b'(')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::identifier::words;

    #[test]
    fn keys_of_apps_are_known_by_their_names() {
        for (name, is) in [("appKey", true), ("X_APP_KEY", true), ("application.key", true), ("apiKey", false)] {
            assert_eq!(is_app_key(&words(name.as_bytes())), is, "{name}");
        }
    }

    #[test]
    fn addresses_are_bytes_in_base58() {
        let address = base58::encode(&(7..39).collect::<Vec<u8>>(), base58::BITCOIN);
        assert!(is_address(&address) && !is_address(&address[1..20]));
        assert!(!is_address(&"0O".repeat(22).into_bytes()), "not of its letters");
    }

    #[test]
    fn a_name_has_to_end_with_the_word_for_a_secret() {
        for name in [
            "db_password",
            "apiKey",
            "API_TOKEN_1",
            "client_secret",
            "PASSWORD_DEFAULT",
            "secretKeyBase64",
            "authToken",
            "Authorization",
            "HMACSecret",
            "MONGO_PASS",
            "signing-key",
            "secretAccessKey",
        ] {
            assert!(calls(&words(name.as_bytes())), "{name}");
        }
        for name in [
            "key_derivation_salt",
            "oauth_consumer_key",
            "S3Key",
            "--key",
            "recv-keys",
            "authenticatorData",
            "deviceToken",
            "Sealed-Key",
            "AccessKey",
            "oauth",
            "deterministic_key",
            "oauth_verifier",
            "token",
            "keyAuth",
        ] {
            assert!(!calls(&words(name.as_bytes())), "{name}");
        }
    }
}
