//! What is wrong with one rule, in words that say what to mend.
//!
//! Takes the written form and the facts of its pattern, gives complaints. Also compiled into the build script, where any
//! complaint about a built-in rule stops the build; what needs the other rules or the examples is checked by
//! `caulk rules test`.

use super::facts::Facts;
use super::lane::{LOOKBACK, MAX_SPAN, RUN_MIN, holds_stem};
use super::syntax::{Confidence, RuleSyntax};
use serde::{Deserialize, Serialize};

/// The names of all proofs, sorted; what they check is known to `judge::proof` alone.
pub const PROOF_NAMES: &[&str] = &[
    "anthropic-tail",
    "apify-crc32",
    "atlassian-crc32",
    "atlassian-dc",
    "aws-bedrock",
    "aws-key-id",
    "azure-annotated",
    "azure-cask",
    "azure-devops-pat",
    "azure-marvin32",
    "azure-sas",
    "base58check",
    "basic-auth",
    "bech32",
    "canva-crc32",
    "cisco-type7",
    "cloudflare-crc32",
    "confluent-crc32",
    "crc32-base62",
    "deno-crc32",
    "discord",
    "entra-marvin32",
    "fernet",
    "fly-macaroon",
    "gcp-service-account",
    "gitlab-routable",
    "grafana-crc32",
    "grafana-json",
    "jfrog-base58",
    "jfrog-reference",
    "jwk-member",
    "jwt",
    "jwt-supabase",
    "mapbox-json",
    "nkey-crc16",
    "ntlm-hash",
    "ntlm-message",
    "nuget",
    "onepassword-json",
    "openai-mark",
    "packagist-crc32",
    "pem-private-key",
    "polar-crc32",
    "putty-file",
    "pypi-macaroon",
    "saladcloud-crc32",
    "secp256k1",
    "sendgrid",
    "sentry-json",
    "solana-key-pair",
    "stellar-crc16",
    "telegram",
    "tink-key",
    "uuid4",
    "vault-protobuf",
    "vercel-crc32",
    "wandb-crc32",
    "wireguard",
    "workos",
    "zuplo-crc32",
];

/// How a rule finds its candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatcherKind {
    /// `prefixes`, found in or just before a run.
    Prefix,
    /// `prefixes` that hold a stem, for matches without a long run.
    StemPrefix,
    /// `near` alone: a shape behind a word.
    Shape,
    /// `names`: the value of an assignment.
    Name,
    /// `schemes`: the password of a URL.
    Url,
    /// `labels`: an armoured block.
    Armor,
    /// `anywhere`: what looks drawn at random, in runs, in quotes and under the names of secrets.
    Anywhere,
}

/// Which matcher `rule` asks for, if it asks for one.
pub fn matcher_kind(rule: &RuleSyntax, facts: Option<&Facts>) -> Option<MatcherKind> {
    let asked = [
        (!rule.prefixes.is_empty(), prefix_kind(facts)),
        (!rule.names.is_empty(), MatcherKind::Name),
        (!rule.schemes.is_empty(), MatcherKind::Url),
        (!rule.labels.is_empty(), MatcherKind::Armor),
        (rule.anywhere, MatcherKind::Anywhere),
    ];
    let mut kinds = asked.iter().filter(|(asked, _)| *asked).map(|(_, kind)| *kind);
    match (kinds.next(), kinds.next()) {
        (Some(kind), None) => Some(kind),
        (None, _) if !rule.near.is_empty() => Some(MatcherKind::Shape),
        _ => None,
    }
}

fn prefix_kind(facts: Option<&Facts>) -> MatcherKind {
    match facts.and_then(|facts| facts.run_at) {
        Some(at) if at as usize <= LOOKBACK => MatcherKind::Prefix,
        _ => MatcherKind::StemPrefix,
    }
}

/// All complaints about `rule`; empty if it can be used.
pub fn complaints(rule: &RuleSyntax, facts: Option<&Facts>) -> Vec<String> {
    let mut found = Vec::new();
    let Some(kind) = matcher_kind(rule, facts) else {
        return vec![
            "it needs exactly one of `prefixes`, `names`, `schemes`, `labels`, `anywhere`, or `near` alone".to_owned(),
        ];
    };
    let id_ok = rule.id.starts_with(|c: char| c.is_ascii_lowercase())
        && rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !id_ok {
        found.push("`id` is lower case words and digits joined by `-`".to_owned());
    }
    if rule.examples.is_empty() {
        found.push("`examples` is empty: give at least one template of a match".to_owned());
    }
    if rule.revoke.is_none() && rule.provider != "Generic" {
        found.push("`revoke` is missing: say where such a secret is revoked".to_owned());
    }
    if facts.is_some_and(|facts| facts.max_len as usize > MAX_SPAN) {
        found.push(format!("a match can be longer than {MAX_SPAN} bytes: bound it, or use `extend = \"run\"`"));
    }
    if let Some(proof) = rule.proof.as_deref().filter(|proof| !PROOF_NAMES.contains(proof)) {
        found.push(format!("there is no proof named `{proof}`: `caulk rules proofs` lists them"));
    }
    found.extend(matcher_complaints(rule, facts, kind));
    found
}

fn matcher_complaints(rule: &RuleSyntax, facts: Option<&Facts>, kind: MatcherKind) -> Vec<String> {
    let mut found = Vec::new();
    let confident = rule.confidence.is_some_and(|confidence| confidence > Confidence::Medium);
    if matches!(kind, MatcherKind::Shape | MatcherKind::Name) && confident {
        found.push("without a distinct shape `confidence` is `medium` at most: only a proof can say more".to_owned());
    }
    if matches!(kind, MatcherKind::Prefix | MatcherKind::StemPrefix | MatcherKind::Shape) && facts.is_none() {
        found.push("`pattern` is missing".to_owned());
    }
    if rule.extend.is_some() && kind != MatcherKind::Prefix {
        found.push("`extend` goes with `prefixes` of the token lane only".to_owned());
    }
    match kind {
        MatcherKind::Prefix | MatcherKind::StemPrefix => {
            if let Some(short) = rule.prefixes.iter().find(|prefix| prefix.len() < 2) {
                found.push(format!("prefix `{short}` is too short: two characters at least"));
            }
            let reachable = kind == MatcherKind::Prefix || rule.prefixes.iter().all(|prefix| holds_stem(prefix));
            if facts.is_some() && !reachable {
                found.push(format!(
                    "no lane can reach it: a match holds no run of {RUN_MIN} token characters within its first \
                     {LOOKBACK} bytes, and a prefix holds no stem"
                ));
            }
        }
        MatcherKind::Shape => {
            let shape = facts.and_then(|facts| facts.shape);
            if facts.is_some() && shape.is_none_or(|shape| (shape.min as usize) < RUN_MIN) {
                found.push(format!(
                    "a rule with `near` alone is one class of token characters, {RUN_MIN} or more: `[0-9a-f]{{32}}`"
                ));
            } else if shape.is_some_and(|shape| !(b'0'..=b'9').any(|digit| shape.class.contains(digit))) {
                found.push("no lane can reach a shape without digits: letters alone are words; use `names`".to_owned());
            }
        }
        MatcherKind::Name => {
            if let Some(name) = rule.names.iter().find(|name| !holds_stem(name)) {
                found.push(format!("no lane can reach the name `{name}`: it holds no stem"));
            }
        }
        MatcherKind::Anywhere => {
            if rule.confidence != Some(Confidence::Low) || rule.pattern.is_some() {
                found.push("what stands anywhere has no `pattern`, and is a hint: `confidence = \"low\"`".to_owned());
            }
        }
        MatcherKind::Url | MatcherKind::Armor => {}
    }
    found
}
