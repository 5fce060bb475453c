//! What the model says of a value under a name, and how far it is believed.

use crate::blob::{Chunk, Role};
use crate::detect::assignment::Way;
use crate::detect::{Candidate, identifier};
use crate::finding::{Confidence, Evidence};
use crate::judge::model::features::{Subject, encodes_hash, encodes_name, encodes_text};
use crate::judge::rejected::Rejected;
use crate::judge::value::{self, Look};
use crate::judge::{aside, model, name, placeholder, public_key, sure};
use crate::rule::Rule;

/// How certificates and public keys in armour begin in Base64.
const PUBLIC: &[&[u8]] = &[
    b"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS",
    b"LS0tLS1CRUdJTiBUUlVTVEVEIENFUlRJRklDQVRF",
    b"LS0tLS1CRUdJTiBQVUJMSUMgS0VZ",
    b"LS0tLS1CRUdJTiBSU0EgUFVCTElDIEtFWS",
];

/// What the trained model says.
pub(super) fn by_model(
    rule: &Rule,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let Some(subject) = Subject::of(chunk, candidate) else { return Err(Rejected::Closed) };
    let value = subject.value.of(subject.text);
    if PUBLIC.iter().any(|start| value.starts_with(start)) || public_key::is_public(value) {
        return Err(Rejected::Looks("like a certificate or a public key"));
    }
    let open = subject.is_open();
    // Who says that a value stood in the code, or stands in for one, needs no model.
    let told = matches!(subject.way, Way::Fallback | Way::Confessed);
    // Nearly all candidates end here or with the model.
    if !open && !told {
        return Err(Rejected::Closed);
    }
    let opinion = if open { model::opinion(&subject) } else { None };
    let generated = open && opinion.is_none() && is_generated(&subject);
    let kept = open && is_kept(&subject);
    if opinion.is_none() && !told && !generated && !kept {
        return Err(Rejected::Model);
    }
    let words = identifier::words(subject.name.of(chunk.text));
    let asked = &rule.syntax().names;
    if subject.way != Way::Url && name::excludes(&words, asked) {
        return Err(Rejected::Name);
    }
    // Of what is something about a secret, only a sure opinion counts.
    let denied = subject.way != Way::Url && name::qualifies(&words, asked);
    let digits = denied && matches!(value::look(subject.value.of(subject.text)), Look::Hash | Look::Uuid);
    let opinion = opinion.filter(|opinion| !digits && (opinion.confidence == Confidence::High || !denied));
    let by_hand = match denied {
        true => None,
        false if subject.way == Way::Confessed => confessed(&subject),
        false if kept => Some(Confidence::Medium),
        false if generated && (name::is_secret(&words) || words.last().is_some_and(|word| word == "key")) => {
            insecure_default(&subject, &words).max(Some(Confidence::Low))
        }
        false => insecure_default(&subject, &words),
    };
    let confidence = opinion.as_ref().map(|opinion| opinion.confidence).max(by_hand);
    let most = if denied { Confidence::Medium } else { Confidence::High }.min(most(&subject, &words));
    let confidence = confidence.map(|confidence| confidence.min(most));
    if let Some(opinion) = opinion {
        evidence.push(Evidence::Model { percent: opinion.percent, reasons: opinion.reasons });
    }
    if subject.way == Way::Fallback {
        evidence.push(Evidence::Fallback);
    }
    confidence.ok_or(if denied { Rejected::About } else { Rejected::Model })
}

/// The most that can be said: UUIDs are names of things more often than secrets, what guards nothing by itself is none, and what is
/// stored in place of a password has to be guessed first.
fn most(subject: &Subject<'_>, words: &[String]) -> Confidence {
    let value = subject.value.of(subject.text);
    let look = value::look(value);
    if aside::is_aside(subject, words, look) || encodes_hash(value) || is_sealed(words, value) {
        return Confidence::Low;
    }
    match look {
        Look::Uuid if name::is_secret(words) => Confidence::Medium,
        Look::Uuid | Look::Hashed => Confidence::Low,
        // Versions and times; of digits alone people make passwords.
        Look::Number if subject.way != Way::Url && value.iter().any(|byte| b".:-".contains(byte)) => Confidence::Low,
        Look::Path if str::from_utf8(value).is_ok_and(value::is_file) => Confidence::Low,
        _ if encodes_name(words, value) => Confidence::Medium,
        _ if sure::is_sure(subject, words, look) => Confidence::High,
        _ => Confidence::Medium,
    }
}

/// How values begin that programs have encrypted.
const SEALED: &[&[u8]] = &[b"encrypted:", b"ENC(", b"{cipher}", b"{AES}"];

/// What is encrypted is none. The key of a server is a block in armour: a text without one stands in for it.
fn is_sealed(words: &[String], value: &[u8]) -> bool {
    SEALED.iter().any(|start| value.starts_with(start))
        || words.ends_with(&["tls".to_owned(), "key".to_owned()]) && encodes_text(value)
}

/// A generated value in quotes, which under the name of a secret is worth a hint, whatever the model says: what stands beside a finding is
/// masked for it.
fn is_generated(subject: &Subject<'_>) -> bool {
    subject.quoted && matches!(value::look(subject.value.of(subject.text)), Look::Random | Look::Uuid | Look::Hash)
}

/// A generated value in a manifest of Kubernetes that is a secret as a whole, whatever its key says.
fn is_kept(subject: &Subject<'_>) -> bool {
    subject.way == Way::Listed
        && subject.name.of(subject.text) == b"Secret"
        && value::look(subject.value.of(subject.text)) == Look::Random
}

/// What is said to have stood in the code was a secret there, made up or not.
fn confessed(subject: &Subject<'_>) -> Option<Confidence> {
    let value = subject.value.of(subject.text);
    let fine = value.len() >= value::SHORTEST
        && value.iter().any(u8::is_ascii_digit)
        && !value.iter().any(u8::is_ascii_whitespace)
        && !placeholder::is_reference(value)
        && !matches!(value::look(value), Look::Path | Look::Code);
    fine.then_some(Confidence::Medium)
}

/// A program that takes a weak secret where none is set has that secret.
fn insecure_default(subject: &Subject<'_>, words: &[String]) -> Option<Confidence> {
    let value = subject.value.of(subject.text);
    let nothing = [&b"none"[..], b"null", b"true", b"false", b"undefined", b"default"];
    if subject.way != Way::Fallback
        || !subject.is_readable()
        || value.len() < value::SHORTEST
        || placeholder::is_reference(value)
        || nothing.iter().any(|word| value.eq_ignore_ascii_case(word))
        || !name::is_secret(words)
    {
        return None;
    }
    let weighty = subject.kind.role == Role::Product
        && matches!(value::look(value), Look::Random | Look::Password | Look::Hash)
        && !placeholder::is_placeholder(value);
    Some(if weighty { Confidence::Medium } else { Confidence::Low })
}
