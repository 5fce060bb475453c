//! How the value is given, and what stands right beside it.

use super::{Feature, Features, Subject, sort};
use crate::detect::assignment::Way;
use crate::judge::placeholder;

/// How far behind a value blanks are skipped, in bytes.
const BLANKS: usize = 16;

pub(super) fn fill(subject: &Subject<'_>, features: &mut Features) {
    let (text, name, value) = (subject.text, subject.name, subject.value);
    features.set(Feature::Way, subject.way as u8);
    features.set(Feature::Syntax, subject.kind.syntax as u8);
    features.set(Feature::Role, subject.kind.role as u8);
    features.set(Feature::Quote, quote(subject));
    features.set(Feature::UrlHost, host(subject));
    features.set(Feature::BeforeName, name.start.checked_sub(1).map_or(0, |at| sort(text[at])));
    features.set(Feature::AfterName, text.get(name.end).map_or(0, |byte| sort(*byte)));
    features.set(Feature::Gap, value.start.saturating_sub(name.end));
    let behind = text.get(value.end + usize::from(subject.quoted)..).unwrap_or_default();
    let next = behind.iter().take(BLANKS).find(|byte| !matches!(byte, b' ' | b'\t'));
    features.set(Feature::AfterValue, next.map_or(0, |byte| sort(*byte)));
}

/// 0 none, 1 single, 2 double, 3 backtick, 4 escaped.
fn quote(subject: &Subject<'_>) -> u8 {
    if !subject.quoted {
        return 0;
    }
    let behind = &subject.text[subject.value.end..];
    match behind.first() {
        Some(b'\'') => 1,
        Some(b'"') => 2,
        Some(b'`') => 3,
        _ => 4,
    }
}

/// Longest host that is looked at, in bytes.
const HOST: usize = 80;

/// 0 no URL, 1 a template, 2 this machine or a neighbour, 3 a name for documentation, 4 an address, 5 any other.
fn host(subject: &Subject<'_>) -> u8 {
    if subject.way != Way::Url {
        return 0;
    }
    let rest = &subject.text[subject.value.end..subject.text.len().min(subject.value.end + HOST)];
    let rest = rest.strip_prefix(b"@").unwrap_or(rest);
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_:[]${}%()<>".contains(byte);
    let host = &rest[..rest.iter().take_while(part).count()];
    match () {
        () if host.iter().any(|byte| b"${}%()<>".contains(byte)) => 1,
        () if placeholder::is_reserved_host(host) => 3,
        () if placeholder::is_local_host(host) => 2,
        () if host.iter().all(|byte| byte.is_ascii_digit() || b".:".contains(byte)) => 4,
        () => 5,
    }
}
