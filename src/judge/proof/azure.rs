//! Microsoft's identifiable secrets: Azure keys, annotated keys, Entra client secrets, DevOps tokens.

use data_encoding::BASE32_NOPAD;

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::{azure, base64};

const SECURITY_UTILITIES: &str = "github.com/microsoft/security-utilities";

pub(super) const IDENTIFIABLE: Proof = Proof {
    name: "azure-marvin32",
    about: "The last four bytes of the decoded key are the Marvin32 of the others, seeded by service and kind.",
    source: SECURITY_UTILITIES,
    strength: Strength::Checksum,
    check: |key| {
        Outcome::from_result(
            azure::identify(key)
                .map(|(family, kind)| vec![Fact::new("service", family.service), Fact::new("kind", kind)]),
        )
    },
};

pub(super) const ANNOTATED: Proof = Proof {
    name: "azure-annotated",
    about: "The letters after the eightieth are the Marvin32 of what the eighty decode to, and the marks stand in their places.",
    source: SECURITY_UTILITIES,
    strength: Strength::Checksum,
    check: |key| Outcome::from_result(annotated(key)),
};

pub(super) const CASK: Proof = Proof {
    name: "azure-cask",
    about: "The signature QJJQ stands at its place, the sizes add up, reserved bits are zero and the time is one.",
    source: "github.com/microsoft/cask, docs/CaskSecret.md",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(cask(key)),
};

pub(super) const ENTRA: Proof = Proof {
    name: "entra-marvin32",
    about: "The last three characters are the start of the Marvin32 of the others, in an alphabet of 66 letters.",
    source: SECURITY_UTILITIES,
    strength: Strength::Checksum,
    check: |secret| Outcome::from_result(entra(secret)),
};

pub(super) const DEVOPS_PAT: Proof = Proof {
    name: "azure-devops-pat",
    about: "Four of the 32 decoded bytes are the CRC-32 of the others, combined with a number for the kind of owner.",
    source: SECURITY_UTILITIES,
    strength: Strength::Checksum,
    check: |token| Outcome::from_result(devops(token)),
};

fn annotated(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let (covered, end) = key.split_at_checked(azure::ANNOTATED_COVERED).ok_or("too short")?;
    if !matches!(end.len(), 4 | 8) || covered.get(52..57) != Some(b"JQQJ9") {
        return Err("the mark or the length is not that of an annotated key");
    }
    let checksums = azure::annotated_checksums(covered).ok_or("not Base64")?;
    if !checksums.iter().any(|checksum| checksum.as_bytes().starts_with(end)) {
        return Err("the Marvin32 checksum does not fit");
    }
    let mut facts = Vec::new();
    if let Some(service) = covered.get(76..80).and_then(annotated_service) {
        facts.push(Fact::new("service", service));
    }
    if let Some(created) = annotated_month(covered) {
        facts.push(Fact::new("created", created));
    }
    Ok(facts)
}

/// The service with this signature; lower case means that Azure manages the key, upper case that the customer does.
fn annotated_service(signature: &[u8]) -> Option<&'static str> {
    Some(match signature.to_ascii_uppercase().as_slice() {
        b"ACOG" => "Azure AI services",
        b"AZAC" => "Azure App Configuration",
        b"AZCS" => "Azure Communication Services",
        b"AZDO" => "Azure DevOps",
        b"AZEG" => "Azure Event Grid",
        b"AZFR" => "Azure Fluid Relay",
        b"AZMP" => "Azure Maps",
        b"AZMR" => "Azure Mixed Reality",
        b"MSQL" => "Azure SQL",
        _ => return None,
    })
}

/// Year and month of issue, one letter each: the year counts from 2024.
fn annotated_month(key: &[u8]) -> Option<String> {
    let year = 2024 + u32::from(base64_value(*key.get(58)?)?);
    let month = 1 + base64_value(*key.get(59)?)?;
    (month <= 12).then(|| format!("{year}-{month:02}"))
}

fn base64_value(letter: u8) -> Option<u8> {
    base64::sextet(letter, base64::URL_SAFE)
}

fn cask(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let values =
        key.iter().map(|letter| base64_value(*letter)).collect::<Option<Vec<u8>>>().ok_or("not URL-safe Base64")?;
    // 256 bits of secret take 43 letters and a filler, 512 bits 86 and two.
    let (at, size) = [(44, 1), (88, 2)]
        .into_iter()
        .find(|(at, _)| key.get(*at..at + 4) == Some(b"QJJQ"))
        .ok_or("no CASK signature at its place")?;
    let [zero, declared_size, segments, _kind] =
        values.get(at + 4..at + 8).and_then(|four| <[u8; 4]>::try_from(four).ok()).ok_or("too short")?;
    let tail_at = at + 12 + 4 * usize::from(segments);
    let [first, second, year, month, day, hour, minute, seconds] = values
        .get(tail_at..)
        .and_then(|eight| <[u8; 8]>::try_from(eight).ok())
        .ok_or("the length does not fit the declared sizes")?;
    let filler = if size == 1 {
        values[42] & 3 == 0 && values[43] == 0
    } else {
        values[85] & 15 == 0 && values[86] == 0 && values[87] == 0
    };
    let reserved_are_zero = zero == 0 && first == 0 && second == 0 && filler;
    if !reserved_are_zero || declared_size != size || segments > 10 {
        return Err("a reserved letter or a size is wrong");
    }
    if month > 11 || day > 30 || hour > 23 || minute > 59 || seconds > 59 {
        return Err("the time of issue is none");
    }
    let created = format!("{}-{:02}-{:02}", 2025 + u32::from(year), month + 1, day + 1);
    Ok(vec![Fact::new("created", created)])
}

fn entra(secret: &[u8]) -> Result<Vec<Fact>, &'static str> {
    if secret.len() != 40 || secret.get(3..6) != Some(b"8Q~") {
        return Err("the mark or the length is not that of an Entra client secret");
    }
    let (covered, checksum) = secret.split_at(37);
    if azure::entra_checksum(covered) != checksum {
        return Err("the Marvin32 checksum does not fit");
    }
    Ok(Vec::new())
}

fn devops(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    if token.len() != 52 {
        return Err("not 52 characters");
    }
    let bytes = BASE32_NOPAD.decode(&token.to_ascii_uppercase()).map_err(|_| "not Base32")?;
    let bytes = bytes.first_chunk::<32>().ok_or("too short")?;
    let owner = azure::devops_owner(bytes).ok_or("the CRC-32 does not fit")?;
    Ok(vec![Fact::new("owner", owner)])
}
