//! Tokens that are, or hold, JSON in Base64.

use serde_json::{Map, Value};

use super::{Fact, Outcome, Proof, Strength, decode};
use crate::checksum::base64;

pub(super) const GRAFANA: Proof = Proof {
    name: "grafana-json",
    about: "The Base64 is JSON with the members of a Grafana Cloud token (o, n, k, m) or of an old API key (k, n, id).",
    source: "Samsung/CredSweeper, value_grafana_check.py",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(grafana(token)),
};

pub(super) const SENTRY: Proof = Proof {
    name: "sentry-json",
    about: "The Base64 after the prefix is JSON that names organization, address and time, and a random part follows.",
    source: "docs.sentry.io, organization auth tokens; getsentry/rfcs 0091",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(sentry(token)),
};

pub(super) const ONEPASSWORD: Proof = Proof {
    name: "onepassword-json",
    about: "The Base64 after the prefix is JSON with the sign-in address and the keys of a service account.",
    source: "mongodb/kingfisher and Samsung/CredSweeper rules",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(onepassword(token)),
};

pub(super) const MAPBOX: Proof = Proof {
    name: "mapbox-json",
    about: "The middle part is JSON that names the user, and a signature follows.",
    source: "docs.mapbox.com, access tokens; tinybird.co docs",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(mapbox(token)),
};

pub(super) const SERVICE_ACCOUNT: Proof = Proof {
    name: "gcp-service-account",
    about: "The Base64 is the JSON of a key file: a service account with its address and private key.",
    source: "cloud.google.com/iam/docs, service account keys",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(service_account(key)),
};

const NOT_JSON: &str = "the Base64 is not a JSON object";

fn has_all(object: &Map<String, Value>, names: &[&str]) -> bool {
    names.iter().all(|name| object.contains_key(*name))
}

fn facts(object: &Map<String, Value>, names: &[(&'static str, &str)]) -> Vec<Fact> {
    let found = names.iter().filter_map(|(fact, name)| Some(Fact::new(fact, decode::member(object, name)?)));
    found.collect()
}

fn grafana(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    if let Some(encoded) = token.strip_prefix(b"glc_") {
        let object = decode::base64_object(encoded).ok_or(NOT_JSON)?;
        return if has_all(&object, &["o", "n", "k", "m"]) {
            Ok(facts(&object, &[("organization", "o"), ("name", "n")]))
        } else {
            Err("a member is missing")
        };
    }
    let object = decode::base64_object(token).ok_or(NOT_JSON)?;
    if has_all(&object, &["k", "n", "id"]) {
        Ok(facts(&object, &[("organization", "id"), ("name", "n")]))
    } else {
        Err("a member is missing")
    }
}

fn sentry(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let rest = token.strip_prefix(b"sntrys_").ok_or("the prefix is missing")?;
    let at = rest.iter().rposition(|byte| *byte == b'_').ok_or("no random part")?;
    let (encoded, random) = rest.split_at(at);
    let object = decode::base64_object(encoded).ok_or(NOT_JSON)?;
    if !has_all(&object, &["iat", "url", "org"]) {
        return Err("a member is missing");
    }
    // The underscore and 32 bytes in Base64 without padding.
    if random.len() != 44 || base64::decode(&random[1..]).is_none() {
        return Err("the random part has not 43 characters");
    }
    let mut found = facts(&object, &[("organization", "org"), ("address", "url")]);
    let issued = object.get("iat").and_then(Value::as_f64).and_then(|seconds| decode::day(seconds as i64));
    found.extend(issued.map(|day| Fact::new("issued", day)));
    Ok(found)
}

fn onepassword(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let object = token.strip_prefix(b"ops_").and_then(decode::base64_object).ok_or(NOT_JSON)?;
    if !has_all(&object, &["signInAddress", "userAuth", "secretKey"]) {
        return Err("a member is missing");
    }
    Ok(facts(&object, &[("address", "signInAddress")]))
}

fn service_account(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let object = decode::base64_object(key).ok_or(NOT_JSON)?;
    let says = |name: &str, holds: fn(&str) -> bool| object.get(name).and_then(Value::as_str).is_some_and(holds);
    if !says("client_email", |address| address.ends_with(".gserviceaccount.com")) {
        return Err("it names no service account");
    }
    if !says("private_key", |key| key.starts_with("-----BEGIN") && key.len() > 200) {
        return Err("it holds no private key");
    }
    Ok(facts(&object, &[("account", "client_email"), ("project", "project_id")]))
}

fn mapbox(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let mut parts = token.split(|byte| *byte == b'.');
    let (Some(kind), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("not three parts");
    };
    let object = decode::base64_object(payload).ok_or(NOT_JSON)?;
    let signature = base64::decode(signature).ok_or("the signature is not Base64")?;
    let members_fit = match kind {
        b"sk" | b"pk" | b"tk" => has_all(&object, &["u"]) && signature.len() == 16,
        b"p" => has_all(&object, &["u", "id"]) && signature.len() == 32,
        _ => false,
    };
    if !members_fit {
        return Err("a member is missing or the signature has another length");
    }
    Ok(if kind == b"p" { Vec::new() } else { facts(&object, &[("user", "u")]) })
}
