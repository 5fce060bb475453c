//! Shared access signatures of Azure: signed permissions in a query string.

use super::{Fact, Outcome, Proof, Strength, decode};
use crate::checksum::base64;

pub(super) const AZURE_SAS: Proof = Proof {
    name: "azure-sas",
    about: "The signature is 32 bytes in Base64, and version, times and permissions are what Azure writes.",
    source: "learn.microsoft.com, create a service SAS",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(signature(value)),
};

/// Longest query string that is read.
const LONGEST: usize = 8 * 1024;

/// Letters of `sp`, over all services.
const PERMISSIONS: &[u8] = b"racwdxyltmeopifqu";

fn signature(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    if value.len() > LONGEST {
        return Err("too long");
    }
    let query = String::from_utf8_lossy(value).replace("&amp;", "&");
    let parameters: Vec<(&str, &str)> =
        query.split(['&', '?', ';', ' ']).filter_map(|part| part.split_once('=')).collect();
    let get = |name: &str| parameters.iter().find(|(key, _)| *key == name).map(|(_, text)| percent_decoded(text));
    // A rule may take the signature alone for the secret.
    let encoded = get("sig").unwrap_or_else(|| percent_decoded(&query));
    if base64::decode_canonical(encoded.as_bytes()).is_none_or(|bytes| bytes.len() != 32) {
        return Err("the signature is not 32 bytes in Base64");
    }
    let mut facts = Vec::new();
    if let Some(version) = get("sv") {
        facts.push(Fact::new("version", date(&version).ok_or("the version is not a date")?));
    }
    if let Some(end) = get("se") {
        // Storage writes a date, Service Bus and IoT Hub seconds since 1970.
        let day = end.parse::<i64>().ok().and_then(decode::day).or_else(|| date(&end));
        facts.push(Fact::new("expires", day.ok_or("the expiry is not a time")?));
    }
    if let Some(permissions) = get("sp") {
        if permissions.is_empty() || !permissions.bytes().all(|letter| PERMISSIONS.contains(&letter)) {
            return Err("the permissions are not those of Azure");
        }
        facts.push(Fact::new("permissions", decode::printable(&permissions).ok_or("too many permissions")?));
    }
    Ok(facts)
}

/// The full-date that `text` begins with.
fn date(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    let shape_fits = day
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let within = |range: std::ops::Range<usize>, most: u32| {
        day.get(range).and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|number| (1..=most).contains(&number))
    };
    (shape_fits && within(5..7, 12) && within(8..10, 31)).then(|| day.to_owned())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let escaped = (byte == b'%').then(|| Some(hex(ahead.next()?)? << 4 | hex(ahead.next()?)?)).flatten();
        if escaped.is_some() {
            bytes = ahead;
        }
        decoded.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(extra: &str) -> Vec<u8> {
        let signed = data_encoding::BASE64.encode(&[0xfb; 32]).replace('+', "%2B").replace('=', "%3D");
        ["sig=", &signed, extra].concat().into_bytes()
    }

    #[test]
    fn times_and_permissions_are_told() {
        let facts = signature(&query("&sv=2022-11-02&se=2026-01-31T00%3A00%3A00Z&sp=rwdl")).expect("well formed");
        let shown: Vec<(&str, &str)> = facts.iter().map(|fact| (fact.name, fact.value.as_str())).collect();
        assert_eq!(shown, [("version", "2022-11-02"), ("expires", "2026-01-31"), ("permissions", "rwdl")]);
        let bus = signature(&query("&se=1767225600&skn=name")).expect("well formed");
        assert_eq!(bus, [Fact::new("expires", "2026-01-01")]);
    }

    #[test]
    fn a_parameter_that_azure_would_not_write_fails() {
        assert!(signature(&query("")).is_ok());
        assert!(signature(&query("&sv=2022-13-02")).is_err());
        assert!(signature(&query("&se=tomorrow")).is_err());
        assert!(signature(&query("&sp=rz")).is_err());
        assert!(signature(b"sig=c2hvcnQ%3D").is_err());
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        assert_eq!(percent_decoded("a%2Bb%2"), "a+b%2");
        assert_eq!(percent_decoded("%zz%"), "%zz%");
    }
}
