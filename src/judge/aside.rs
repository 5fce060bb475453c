//! What stands beside secrets and guards nothing by itself: ids of requests, what one call hands to the next, public halves. It may be
//! a secret all the same, and is a hint.

use super::line;
use super::model::features::Subject;
use super::name;
use super::value::{self, Look};
use crate::detect::assignment::Way;

/// Words that follow one another in names of such things.
const NAMES: &[&[&str]] = &[
    // What makes sure that a call is made once, and what holds a lock.
    &["request", "token"],
    &["idempotency", "token"],
    &["idempotency", "key"],
    &["lock", "token"],
    &["action", "token"],
    &["update", "token"],
    &["grant", "token"],
    &["starting", "token"],
    // What signs one request, or draws it apart from others.
    &["oauth", "signature"],
    &["oauth", "nonce"],
    &["nonce"],
    &["cnonce"],
    &["rspauth"],
    &["token", "signature"],
    &["websocket", "key"],
    &["websocket", "accept"],
    &["web", "socket", "key"],
    // Names of objects.
    &["blob", "key"],
    &["document", "key"],
    &["key", "handle"],
    &["identifier", "key"],
    // What a list of answers is read by.
    &["result", "key"],
    &["limit", "key"],
    &["authid"],
    &["ttbkey"],
    // Steps of what is done in several.
    &["first", "pass"],
    &["second", "pass"],
    &["third", "pass"],
    &["last", "pass"],
    &["single", "pass"],
    &["multi", "pass"],
    &["render", "pass"],
    // A constant that a standard publishes.
    &["fips"],
];

/// Names that say so only where nothing else stands in them.
const WHOLE_NAMES: &[&[&str]] = &[&["verification", "token"], &["key", "id"]];

/// Names of things that are so where the value is a UUID.
const NAMES_OF_IDS: &[&[&str]] = &[&["client", "token"]];

/// What calls begin with that give what is kept under a name.
const GETTERS: &[&str] = &["get", "fetch", "find", "load", "lookup", "read", "retrieve"];

/// What names end with where an object of a cluster is meant that holds secrets.
const OBJECTS: &[[&str; 2]] = &[["existing", "secret"], ["pull", "secret"], ["pull", "secrets"]];

/// How far into a file it tells that it is a property list, in bytes.
const LIST_HEAD: usize = 256;

/// How long ids of OpenPGP keys are, in digits.
const KEY_IDS: &[usize] = &[8, 16];

/// How long their fingerprints are, and what calls for one; other keys are as long.
const KEY_FINGERPRINT: usize = 40;
const CALLS: &[&[u8]] = &[b"recv", b"gpg", b"pgp", b"keyserver", b"ppa", b"apt", b"repo"];

/// How far a look goes in front of a name, in bytes.
const REACH: usize = 160;

/// Digits of an address.
const ACCOUNT: usize = 40;

/// Bytes of the id and of the signature that a socket is joined with.
const JOINED: (usize, usize) = (20, 64);

/// Is the value one that guards nothing by itself, by its name, its form or its place?
pub(super) fn is_aside(subject: &Subject<'_>, words: &[String], look: Look) -> bool {
    let value = subject.value.of(subject.text);
    subject.way != Way::Url
        && (is_named(words, value, look)
            || is_looked_up(subject, words, look)
            || is_object(words, value, look)
            || is_entry(subject, words)
            || is_key_id(subject, value, words)
            || is_joined(value)
            || is_account(value)
            || is_placed(subject))
}

fn is_named(words: &[String], value: &[u8], look: Look) -> bool {
    let follow = |names: &[&[&str]]| names.iter().any(|name| words.windows(name.len()).any(|part| part == *name));
    let key = words.last().is_some_and(|word| word == "key");
    follow(NAMES)
        || WHOLE_NAMES.iter().any(|name| words == *name)
        || look == Look::Uuid && follow(NAMES_OF_IDS)
        // `root_key = "shop"`: what is read with the key, and no key.
        || look == Look::Words && key && !name::is_secret(words)
        || words.ends_with(&["root".to_owned(), "key".to_owned()]) && value.iter().all(u8::is_ascii_lowercase)
}

/// The name that a secret is looked up by: `get_user_secret("staging")`. What was drawn at random is no name.
fn is_looked_up(subject: &Subject<'_>, words: &[String], look: Look) -> bool {
    let asks = words.len() > 2 && words.first().is_some_and(|word| GETTERS.contains(&word.as_str()));
    let ends = words.last().is_some_and(|word| ["secret", "password", "token", "credential"].contains(&word.as_str()));
    asks && ends && subject.way == Way::Argument && matches!(look, Look::Words | Look::Password | Look::Path)
}

/// The name of an object that holds the secret: `existingSecret: shop-tls`.
fn is_object(words: &[String], value: &[u8], look: Look) -> bool {
    let holds = OBJECTS.iter().any(|name| words.ends_with(&name.map(str::to_owned)));
    let label = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    holds && look != Look::Random && value.iter().all(label)
}

/// The name of an entry in a property list: `<key>...</key>`.
fn is_entry(subject: &Subject<'_>, words: &[String]) -> bool {
    let head = || &subject.text[..subject.text.len().min(LIST_HEAD)];
    words.len() == 1
        && words[0] == "key"
        && subject.way == Way::Markup
        && memchr::memmem::find(head(), b"plist").is_some()
}

/// Ids of OpenPGP keys and their fingerprints, which programs write in capitals; or a list of them.
fn is_key_id(subject: &Subject<'_>, value: &[u8], words: &[String]) -> bool {
    if name::is_secret(words) || !value.split(|byte| *byte == b',').all(is_in_capitals) {
        return false;
    }
    let line = line::before(subject.text, subject.value.start, REACH).to_ascii_lowercase();
    let called = || CALLS.iter().any(|call| memchr::memmem::find(&line, call).is_some());
    let mut ids = value.split(|byte| *byte == b',');
    ids.all(|id| KEY_IDS.contains(&id.len()) || id.len() == KEY_FINGERPRINT && called())
}

/// Hexadecimal digits with a letter among them: without one it is a number, and may be a key of sixteen characters.
fn is_in_capitals(id: &[u8]) -> bool {
    let letter = |byte: &u8| matches!(byte, b'A'..=b'F');
    id.iter().all(|byte| byte.is_ascii_digit() || letter(byte)) && id.iter().any(letter)
}

/// The address of an account or a contract on a chain.
fn is_account(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").unwrap_or_default();
    digits.len() == ACCOUNT && digits.iter().all(u8::is_ascii_hexdigit)
}

/// `id:signature`, made anew for each socket.
fn is_joined(value: &[u8]) -> bool {
    let Some((id, signature)) = value.split_at_checked(JOINED.0) else { return false };
    let signed = signature.strip_prefix(b":").is_some_and(|digits| value::look(digits) == Look::Hash);
    signed && signature.len() == JOINED.1 + 1 && id.iter().all(u8::is_ascii_alphanumeric)
}

/// Does what stands around name and value say so?
fn is_placed(subject: &Subject<'_>) -> bool {
    let line = line::before(subject.text, subject.name.start, REACH);
    let address = line.iter().rposition(|byte| byte.is_ascii_whitespace() || b"\"'(<".contains(byte));
    let address = &line[address.map_or(0, |at| at + 1)..];
    let holds = |text: &[u8], part: &[u8]| memchr::memmem::find(text, part).is_some();
    // A page of a list, the picture that tells the state of a build, a photograph's entry, and the prompt of `sudo`.
    line.to_ascii_lowercase().ends_with(b"page ")
        || holds(address, b".svg?")
        || holds(line, b"<photo ")
        || line.ends_with(b"cookies[")
        || subject.text[subject.value.end..].starts_with(b"] password")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::identifier::words;

    #[test]
    fn names_of_what_guards_nothing_are_told_from_secrets() {
        for name in [
            "clientRequestToken",
            "scaleFirstPass",
            "oauth_signature",
            "IdempotencyToken",
            "Sec-WebSocket-Key",
            "VerificationToken",
        ] {
            assert!(is_named(&words(name.as_bytes()), b"4f9", Look::Random), "{name}");
        }
        for name in ["client_token", "SLACK_VERIFICATION_TOKEN", "api_key", "signature_key", "consumer_secret"] {
            assert!(!is_named(&words(name.as_bytes()), b"4f9", Look::Random), "{name}");
        }
        assert!(
            is_named(&words(b"ClientToken"), b"", Look::Uuid) && is_named(&words(b"rootKey"), b"trafk", Look::Password)
        );
        assert!(!is_named(&words(b"apiKey"), b"trafk", Look::Words));
    }

    #[test]
    fn names_of_objects_that_hold_secrets_are_none() {
        let names = |text: &str| words(text.as_bytes());
        assert!(is_object(&names("tls.existingSecret"), b"shop-tls", Look::Words));
        assert!(!is_object(&names("tls.existingSecret"), b"Shop-1!", Look::Password));
        assert!(!is_object(&names("clientSecret"), b"shop-tls", Look::Words));
    }

    #[test]
    fn ids_and_signatures_are_known_by_their_form() {
        assert!(is_joined(format!("{}:{}", "1a2b".repeat(5), "0f".repeat(32)).as_bytes()));
        assert!(!is_joined("0f".repeat(40).as_bytes()));
        assert!(is_account(["0x", &"0f".repeat(20)].concat().as_bytes()));
        assert!(!is_account(["0x", &"0f".repeat(32)].concat().as_bytes()), "a key");
        assert!(is_in_capitals(b"0A1B") && !is_in_capitals(b"0a1b") && !is_in_capitals(b"01"));
    }
}
