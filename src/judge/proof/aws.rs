//! Amazon Web Services: access key ids and Bedrock keys.

use data_encoding::BASE32_NOPAD;

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::base64;

/// Account numbers have twelve decimal digits.
const ACCOUNTS: u64 = 1_000_000_000_000;

pub(super) const KEY_ID: Proof = Proof {
    name: "aws-key-id",
    about: "The sixteen characters after the kind are Base32, and in newer ids they hold an account number of twelve digits.",
    source: "Aidan Steele 2020, AWS access key id formats; WithSecure, A bitwise analysis of AWS access key identifiers",
    strength: Strength::Structure,
    check: |id| Outcome::from_result(key_id(id)),
};

pub(super) const BEDROCK: Proof = Proof {
    name: "aws-bedrock",
    about: "The Base64 after the prefix begins with the name of the key type, and a long-lived key names its account.",
    source: "AWS documentation, Amazon Bedrock API keys; rules of gitleaks and TruffleHog",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(bedrock(key)),
};

fn key_id(id: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let (prefix, rest) = id.split_first_chunk::<4>().ok_or("too short")?;
    let kind = match prefix {
        b"AKIA" => "long-term access key",
        b"ASIA" => "temporary access key",
        b"ABIA" => "service bearer token",
        b"ACCA" => "context-specific credential",
        _ => return Err("the first four letters are not those of a key"),
    };
    if rest.len() != 16 {
        return Err("not sixteen characters after the kind");
    }
    let bytes = BASE32_NOPAD.decode(rest).map_err(|_| "not Base32")?;
    let front = bytes.iter().take(6).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mut facts = vec![Fact::new("kind", kind)];
    // The first bit marks the ids given out since 2019, the next forty are the account.
    if front >> 47 == 1 {
        let account = front >> 7 & 0xff_ffff_ffff;
        if account >= ACCOUNTS {
            return Err("the account number has more than twelve digits");
        }
        facts.push(Fact::new("account", format!("{account:012}")));
    }
    Ok(facts)
}

fn bedrock(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    if let Some(encoded) = key.strip_prefix(b"bedrock-api-key-") {
        let url = base64::decode(encoded).ok_or("not Base64")?;
        let host_first = url.starts_with(b"bedrock.amazonaws.com") || url.starts_with(b"https://bedrock");
        return if host_first {
            Ok(vec![Fact::new("kind", "short-lived key")])
        } else {
            Err("not a signed URL of Bedrock")
        };
    }
    let encoded = key.strip_prefix(b"ABSK").ok_or("the prefix is missing")?;
    let text = base64::decode(encoded).ok_or("not Base64")?;
    let name = text.strip_prefix(b"BedrockAPIKey-").ok_or("the text does not begin with the key type")?;
    let colon = name.iter().position(|byte| *byte == b':').ok_or("no colon in the text")?;
    let (user, secret) = name.split_at(colon);
    if secret.len() < 17 {
        return Err("the part after the colon is too short");
    }
    let mut facts = vec![Fact::new("kind", "long-lived key")];
    let account =
        user.len().checked_sub(12).and_then(|at| user.get(at..)).filter(|digits| digits.iter().all(u8::is_ascii_digit));
    if let Some(account) = account.filter(|digits| user.ends_with(&[b"-at-", *digits].concat())) {
        facts.push(Fact::new("account", String::from_utf8_lossy(account)));
    }
    Ok(facts)
}
