//! JSON Web Tokens.

use serde_json::{Map, Value};

use super::{Fact, Outcome, Proof, Strength, decode};
use crate::checksum::base64;

pub(super) const JWT: Proof = Proof {
    name: "jwt",
    about: "Header and payload are JSON objects, the header names an algorithm, and the signature has its length.",
    source: "RFC 7515, 7518 and 7519",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(parse(token).map(|token| token.facts())),
};

pub(super) const SUPABASE: Proof = Proof {
    name: "jwt-supabase",
    about: "It is a JSON Web Token issued by Supabase for the service role, which passes by row-level security.",
    source: "supabase.com/docs, understanding API keys",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(supabase(token)),
};

struct Token {
    algorithm: String,
    payload: Map<String, Value>,
}

fn parse(token: &[u8]) -> Result<Token, &'static str> {
    if token.len() > base64::LONGEST {
        return Err("too long");
    }
    let mut parts = token.split(|byte| *byte == b'.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("not three parts");
    };
    let header = decode::base64_object(header).ok_or("the header is not a JSON object")?;
    let algorithm = decode::member(&header, "alg").ok_or("the header names no algorithm")?;
    let payload = decode::base64_object(payload).ok_or("the payload is not a JSON object")?;
    let signature = base64::decode(signature).ok_or("the signature is not Base64")?;
    if !signature_fits(&algorithm, signature.len()) {
        return Err("the signature has not the length that the algorithm gives");
    }
    Ok(Token { algorithm, payload })
}

/// Whether the algorithm gives signatures of this many bytes. RSA signatures are as long as the modulus.
fn signature_fits(algorithm: &str, length: usize) -> bool {
    match algorithm {
        "HS256" => length == 32,
        "HS384" => length == 48,
        "HS512" => length == 64,
        "ES256" | "ES256K" => length == 64,
        "ES384" => length == 96,
        "ES512" => length == 132,
        "EdDSA" => matches!(length, 64 | 114),
        "Ed25519" => length == 64,
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => (128..=2048).contains(&length),
        "none" | "None" | "NONE" => length == 0,
        _ => length >= 16,
    }
}

impl Token {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(decode::printable(&self.algorithm).map(|name| Fact::new("algorithm", name)));
        facts.extend(decode::member(&self.payload, "iss").map(|issuer| Fact::new("issuer", issuer)));
        facts.extend(decode::member(&self.payload, "role").map(|role| Fact::new("role", role)));
        facts.extend(self.subject_kind().map(|kind| Fact::new("subject", kind)));
        facts.extend(self.day("iat").map(|day| Fact::new("issued", day)));
        facts.extend(self.day("exp").map(|day| Fact::new("expires", day)));
        facts
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name)?.as_str()
    }

    /// What kind of account the token speaks for, where its issuer says so in a known form.
    fn subject_kind(&self) -> Option<&'static str> {
        let subject = self.text("sub")?;
        if subject.starts_with("system:serviceaccount:") {
            Some("Kubernetes service account")
        } else if self.text("iss") == Some("argocd") {
            Some("Argo CD account")
        } else {
            None
        }
    }

    fn day(&self, name: &str) -> Option<String> {
        let time = self.payload.get(name)?;
        decode::day(time.as_i64().or_else(|| time.as_f64().map(|seconds| seconds as i64))?)
    }
}

fn supabase(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let token = parse(token)?;
    match (token.text("iss"), token.text("role")) {
        (Some("supabase"), Some("service_role")) => {}
        (Some("supabase-demo"), _) => {
            return Err("it is the demonstration key that every local Supabase has");
        }
        (Some("supabase"), _) => return Err("its role is not the service role"),
        _ => return Err("it is not issued by Supabase"),
    }
    let project = decode::member(&token.payload, "ref").map(|project| Fact::new("project", project));
    Ok(token.facts().into_iter().chain(project).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str, signature: usize) -> Vec<u8> {
        let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
        [encode(header.as_bytes()), encode(payload.as_bytes()), encode(&vec![0xa5; signature])].join(".").into_bytes()
    }

    fn passes(header: &str, payload: &str, signature: usize) -> bool {
        parse(&token(header, payload, signature)).is_ok()
    }

    #[test]
    fn the_signature_must_have_the_length_of_its_algorithm() {
        assert!(passes(r#"{"alg":"HS256"}"#, "{}", 32));
        assert!(!passes(r#"{"alg":"HS256"}"#, "{}", 31));
        assert!(passes(r#"{"alg":"RS256"}"#, "{}", 256));
        assert!(!passes(r#"{"alg":"RS256"}"#, "{}", 64));
        assert!(passes(r#"{"alg":"none"}"#, "{}", 0));
    }

    #[test]
    fn header_and_payload_must_be_objects() {
        assert!(!passes(r#"{"typ":"JWT"}"#, "{}", 32));
        assert!(!passes(r#"{"alg":"HS256"}"#, "[]", 32));
        assert!(!passes(r#"{"alg":"HS256""#, "{}", 32));
    }

    #[test]
    fn the_harmless_claims_are_told() {
        let payload = r#"{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:a:b","exp":1767225600,"role":"\u001b[2J"}"#;
        let facts = parse(&token(r#"{"alg":"ES256"}"#, payload, 64)).expect("well formed").facts();
        let shown: Vec<(&str, &str)> = facts.iter().map(|fact| (fact.name, fact.value.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("algorithm", "ES256"),
                ("issuer", "https://kubernetes.default.svc"),
                ("subject", "Kubernetes service account"),
                ("expires", "2026-01-01"),
            ]
        );
    }

    #[test]
    fn only_the_service_role_of_supabase_passes() {
        let check = |payload: &str| supabase(&token(r#"{"alg":"HS256"}"#, payload, 32)).is_ok();
        assert!(check(r#"{"iss":"supabase","role":"service_role","ref":"abc"}"#));
        assert!(!check(r#"{"iss":"supabase","role":"anon","ref":"abc"}"#));
        assert!(!check(r#"{"iss":"supabase-demo","role":"service_role"}"#));
        assert!(!check(r#"{"iss":"other","role":"service_role"}"#));
    }
}
