use super::*;
use crate::rule::template::{Random, expand};

/// A proof and a template of what passes it.
const SAMPLES: &[(&str, &str)] = &[
    ("jwk-member", "{jwk-member}"),
    ("jwk-member", "{jwk-member:ec}"),
    ("cisco-type7", "{cisco-type7}"),
    ("secp256k1", "0x{hex:64}"),
    ("gcp-service-account", "{gcp-service-account}"),
    ("mapbox-json", "p.{tinybird-json}"),
    ("crc32-base62", "ghp_{crc32-base62:30}"),
    ("crc32-base62", "npm_{crc32-base62:30}"),
    ("gitlab-routable", "glpat-{gitlab-routable}"),
    ("grafana-crc32", "glsa_{grafana-crc32:32}"),
    ("atlassian-crc32", "ATATT3xFfGF0{atlassian-crc32:171}"),
    ("atlassian-crc32", "ATBB{atlassian-crc32:24}"),
    ("cloudflare-crc32", "cfk_{cloudflare-crc32:40}"),
    ("vercel-crc32", "vcp_{vercel-crc32:50}"),
    ("zuplo-crc32", "zpka_{zuplo-crc32:32}"),
    ("confluent-crc32", "cflt{confluent-crc32:50}"),
    ("packagist-crc32", "packagist_uut_{packagist-crc32:60}"),
    ("apify-crc32", "apify_api_{apify-crc32:30}"),
    ("canva-crc32", "cnvca{canva-crc32:43}"),
    ("wandb-crc32", "wandb_v1_{wandb-crc32:71}"),
    ("deno-crc32", "ddp_{deno-crc32:30}"),
    ("saladcloud-crc32", "salad_cloud_user_{saladcloud-crc32:43}"),
    ("polar-crc32", "polar_oat_{polar-crc32:37}"),
    ("azure-marvin32", "{azure-marvin32}"),
    ("azure-marvin32", "{azure-marvin32:cosmos}"),
    ("azure-marvin32", "{azure-marvin32:redis}"),
    ("azure-marvin32", "{azure-marvin32:functions}"),
    ("azure-marvin32", "{azure-marvin32:search}"),
    ("azure-marvin32", "{azure-marvin32:iot}"),
    ("azure-marvin32", "{azure-marvin32:registry}"),
    ("azure-annotated", "{azure-annotated}"),
    ("azure-annotated", "{azure-annotated:ACOG}"),
    ("azure-cask", "{azure-cask}"),
    ("entra-marvin32", "{entra-marvin32}"),
    ("azure-devops-pat", "{azure-devops-pat}"),
    ("azure-sas", "{azure-sas}"),
    ("bech32", "{bech32}"),
    ("bech32", "{bech32:nostr}"),
    ("nkey-crc16", "{nkey-crc16}"),
    ("stellar-crc16", "{stellar-crc16}"),
    ("base58check", "{base58check}"),
    ("base58check", "{base58check:xprv}"),
    ("base58check", "{base58check:tezos}"),
    ("base58check", "{base58check:ripple}"),
    ("aws-key-id", "AKIA{aws-key-id}"),
    ("aws-key-id", "ASIA{aws-key-id}"),
    ("aws-bedrock", "{aws-bedrock}"),
    ("jwt", "{jwt}"),
    ("jwt", "{jwt:expired}"),
    ("jwt", "{jwt:kubernetes}"),
    ("jwt-supabase", "{jwt:supabase}"),
    ("jwt-supabase", "{jwt-supabase}"),
    ("pem-private-key", "{pem:rsa}"),
    ("pem-private-key", "{pem:ec}"),
    ("pem-private-key", "{pem:dsa}"),
    ("pem-private-key", "{pem:pkcs8}"),
    ("pem-private-key", "{pem:ed25519}"),
    ("pem-private-key", "{pem:openssh}"),
    ("pem-private-key", "{pem:encrypted}"),
    ("pem-private-key", "{pem:legacy-encrypted}"),
    ("pem-private-key", "{pem:pgp}"),
    ("pem-private-key", "{pem-private-key}"),
    ("putty-file", "{putty-key}"),
    ("pypi-macaroon", "{pypi-macaroon}"),
    ("fly-macaroon", "{fly-macaroon}"),
    ("grafana-json", "{grafana-json}"),
    ("grafana-json", "{grafana-json:key}"),
    ("sentry-json", "{sentry-json}"),
    ("onepassword-json", "{onepassword-json}"),
    ("mapbox-json", "sk.{mapbox-json}"),
    ("discord", "{discord}"),
    ("telegram", "{telegram}"),
    ("atlassian-dc", "{atlassian-dc}"),
    ("atlassian-dc", "BBDC-{atlassian-dc}"),
    ("jfrog-reference", "{jfrog-reference}"),
    ("jfrog-base58", "{jfrog-base58}"),
    ("sendgrid", "{sendgrid}"),
    ("workos", "sk_live_{workos}"),
    ("vault-protobuf", "{vault-protobuf}"),
    ("vault-protobuf", "{vault-protobuf:batch}"),
    ("nuget", "{nuget}"),
    ("basic-auth", "{basic-auth}"),
    ("fernet", "{fernet}"),
    ("wireguard", "{wireguard}"),
    ("openai-mark", "sk-{openai-mark}"),
    ("anthropic-tail", "sk-ant-api03-{anthropic-tail}"),
    ("uuid4", "{uuid4}"),
    ("solana-key-pair", "{solana-key-pair}"),
    ("tink-key", "{tink-key}"),
    ("ntlm-message", "{ntlm-message}"),
    ("ntlm-hash", "{hex:32}"),
];

/// Rounds a template; the armoured keys are larger, so they take fewer.
fn rounds(template: &str) -> usize {
    if template.contains("pem") { 100 } else { 1000 }
}

fn samples() -> impl Iterator<Item = (&'static Proof, &'static str, Random)> {
    SAMPLES.iter().enumerate().map(|(seed, (name, template))| {
        (by_name(name).unwrap_or_else(|| panic!("no proof {name}")), *template, Random::seeded(seed as u64))
    })
}

fn passes(proof: &Proof, value: &[u8]) -> bool {
    matches!((proof.check)(value), Outcome::Passed(_))
}

#[test]
fn proofs_are_sorted_named_once_and_found() {
    assert!(PROOFS.is_sorted_by(|left, right| left.name < right.name));
    for proof in PROOFS {
        assert_eq!(by_name(proof.name).map(|found| found.about), Some(proof.about));
        assert!(proof.about.ends_with('.') && !proof.source.is_empty(), "{}", proof.name);
    }
    assert!(by_name("no-such-proof").is_none());
}

#[test]
fn every_proof_has_a_sample() {
    for proof in PROOFS {
        assert!(SAMPLES.iter().any(|(name, _)| *name == proof.name), "{}", proof.name);
    }
}

#[test]
fn generated_samples_pass() {
    for (proof, template, mut random) in samples() {
        for _ in 0..rounds(template) {
            let value = expand(template, &mut random).expect("the template is well formed");
            let outcome = (proof.check)(&value);
            assert!(matches!(outcome, Outcome::Passed(_)), "{template}: {outcome:?}");
        }
    }
}

#[test]
fn facts_are_short_and_printable() {
    for (proof, template, mut random) in samples() {
        let value = expand(template, &mut random).expect("the template is well formed");
        let Outcome::Passed(facts) = (proof.check)(&value) else { panic!("{template}") };
        for fact in facts {
            assert!(
                fact.value.len() <= 120 && fact.value.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                "{fact:?}"
            );
        }
    }
}

/// Three characters hold 18 bits of an Entra secret's checksum, two bytes that of the CRC-16 keys.
fn may_pass_by_chance(proof: &Proof) -> bool {
    matches!(proof.name, "entra-marvin32" | "nkey-crc16" | "stellar-crc16")
}

#[test]
fn a_changed_character_fails_a_checksum() {
    for (proof, template, mut random) in samples().filter(|(proof, ..)| proof.strength == Strength::Checksum) {
        let mut chance = 0;
        for _ in 0..1000 {
            let mut value = expand(template, &mut random).expect("the template is well formed");
            // Not all checksums cover the prefix, which the rules' patterns fix.
            let prefix = template.find('{').unwrap_or(0);
            let at = prefix + random.below(value.len() - prefix);
            let other = *random.pick(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
            // The case of Bech32 and of Azure DevOps tokens may not be mixed or does not matter; padding neither.
            if value[at].eq_ignore_ascii_case(&other) || matches!(value[at], b'=' | b'_') {
                continue;
            }
            // The replaced letters of a Redis key leave two ways to write one checksum.
            if template.contains("redis") && at >= value.len() - 7 {
                continue;
            }
            value[at] = other;
            if passes(proof, &value) {
                chance += 1;
            }
        }
        assert!(chance <= usize::from(may_pass_by_chance(proof)), "{template}: {chance}");
    }
}

#[test]
fn a_character_too_many_or_too_few_fails_a_checksum() {
    for (proof, template, mut random) in samples().filter(|(proof, ..)| proof.strength == Strength::Checksum) {
        let mut chance = 0;
        for _ in 0..200 {
            let value = expand(template, &mut random).expect("the template is well formed");
            let unpadded = value.trim_ascii_end().strip_suffix(b"==").or(value.strip_suffix(b"=")).unwrap_or(&value);
            let middle = unpadded.len() / 2;
            let shorter = [&value[..middle], &value[middle + 1..]].concat();
            let longer = [&value[..middle], b"7", &value[middle..]].concat();
            let cut = &unpadded[..unpadded.len() - 1];
            let grown = [unpadded, b"7"].concat();
            for changed in [&shorter, &longer, cut, &grown] {
                chance += usize::from(passes(proof, changed));
            }
        }
        assert!(chance <= usize::from(may_pass_by_chance(proof)), "{template}: {chance}");
    }
}

#[test]
fn hostile_bytes_never_panic() {
    let mut random = Random::seeded(99);
    for (proof, template, _) in samples() {
        for _ in 0..300 {
            let length = random.below(200);
            let bytes = random.bytes(length);
            (proof.check)(&bytes);
            let mut value = expand(template, &mut random).expect("the template is well formed");
            for _ in 0..=random.below(4) {
                let at = random.below(value.len());
                value[at] = random.bytes(1)[0];
            }
            (proof.check)(&value);
            value.truncate(random.below(value.len()));
            (proof.check)(&value);
        }
        (proof.check)(&vec![b'A'; 2 * 1024 * 1024]);
        (proof.check)(&[b'='; 100]);
        (proof.check)(b"");
    }
}

#[test]
fn bytes_changed_under_the_armour_never_panic() {
    let mut random = Random::seeded(7);
    for word in ["rsa", "ec", "dsa", "pkcs8", "ed25519", "openssh", "encrypted", "pgp"] {
        for _ in 0..200 {
            let block = expand(&format!("{{pem:{word}}}"), &mut random).expect("the template is well formed");
            let block = String::from_utf8(block).expect("armour is ASCII");
            let mut lines: Vec<&str> = block.lines().collect();
            let at = 1 + random.below(lines.len() - 2);
            let changed = data_encoding::BASE64.encode(&random.bytes(48));
            lines[at] = &changed;
            (pem::PRIVATE_KEY.check)(lines.join("\n").as_bytes());
            lines.remove(at);
            (pem::PRIVATE_KEY.check)(lines.join("\n").as_bytes());
        }
    }
}

#[test]
fn keys_tell_their_type_and_size() {
    let mut random = Random::seeded(5);
    for (word, kind, size, encrypted) in [
        ("rsa", "RSA", Some("2048 bits"), "no"),
        ("ec", "EC P-256", Some("256 bits"), "no"),
        ("dsa", "DSA", Some("2048 bits"), "no"),
        ("pkcs8", "RSA", Some("2048 bits"), "no"),
        ("ed25519", "Ed25519", Some("256 bits"), "no"),
        ("openssh", "Ed25519", Some("256 bits"), "no"),
        ("encrypted", "unknown", None, "yes"),
        ("legacy-encrypted", "RSA", None, "yes"),
        ("pgp", "RSA", Some("2048 bits"), "no"),
    ] {
        let block = expand(&format!("{{pem:{word}}}"), &mut random).expect("the template is well formed");
        let mut expected = vec![Fact::new("key type", kind)];
        expected.extend(size.map(|size| Fact::new("size", size)));
        expected.push(Fact::new("encrypted", encrypted));
        assert_eq!((pem::PRIVATE_KEY.check)(&block), Outcome::Passed(expected.clone()), "{word}");
        let escaped = String::from_utf8(block).expect("armour is ASCII").replace('\n', "\\n");
        assert_eq!((pem::PRIVATE_KEY.check)(escaped.as_bytes()), Outcome::Passed(expected), "{word}, escaped");
    }
}

#[test]
fn an_access_key_id_tells_its_account() {
    let mut random = Random::seeded(3);
    let id = expand("AKIA{aws-key-id}", &mut random).expect("the template is well formed");
    let Outcome::Passed(facts) = (aws::KEY_ID.check)(&id) else { panic!("a generated id fails") };
    assert_eq!(facts[0], Fact::new("kind", "long-term access key"));
    assert!(facts[1].name == "account" && facts[1].value.len() == 12, "{facts:?}");
    for (kind, rest) in [("AKIA", "0189018901890189"), ("AKIA", "ABCDEFGHIJKLMNO"), ("AROA", "ABCDEFGHIJKLMNOP")] {
        let made_up = [kind, rest].concat();
        assert!(!passes(&aws::KEY_ID, made_up.as_bytes()), "{made_up}");
    }
}

#[test]
fn an_answer_of_ntlm_tells_whose_it_is_and_other_messages_are_none() {
    let mut random = Random::seeded(11);
    let answer = expand("{ntlm-message}", &mut random).expect("the template is well formed");
    let Outcome::Passed(facts) = (ntlm::MESSAGE.check)(&answer) else { panic!("a generated answer fails") };
    let names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
    assert_eq!(names, ["domain", "user", "workstation"]);
    let mut bytes = data_encoding::BASE64.decode(&answer).expect("it is Base64");
    bytes[8] = 2;
    assert!(!passes(&ntlm::MESSAGE, data_encoding::BASE64.encode(&bytes).as_bytes()));
    assert!(!passes(&ntlm::HASH, &[b'0'; 32]));
}

#[test]
fn rules_know_the_names_of_all_proofs() {
    let names: Vec<&str> = PROOFS.iter().map(|proof| proof.name).collect();
    assert_eq!(names, crate::rule::lint::PROOF_NAMES);
}
