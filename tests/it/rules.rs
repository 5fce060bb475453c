//! The built-in rules: each finds its own examples, and together they cover what the first users need.

use crate::support::{LOW, MEDIUM, Tree, rule_of, sample, url};
use caulk::judge::proof::PROOFS;
use caulk::rule::MatcherKind;
use caulk::rule::template::{Random, expand};
use caulk::scan::trial;
use std::collections::BTreeSet;

#[test]
fn every_rule_finds_fresh_samples_of_its_examples_and_none_of_its_counter_examples() {
    let trial = trial::run(&LOW, |_| true, 3, 20);
    let failures: Vec<String> = trial.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(trial.rules, LOW.rules().len());
}

#[test]
fn there_are_at_least_1600_rules_with_ids_of_their_own() {
    let ids: BTreeSet<&str> = LOW.rules().iter().map(|(_, rule)| rule.id()).collect();
    assert!(ids.len() >= 1600 && ids.len() == LOW.rules().len());
}

#[test]
fn every_rule_has_examples_and_says_where_to_revoke() {
    for (_, rule) in LOW.rules().iter() {
        let syntax = rule.syntax();
        assert!(!syntax.examples.is_empty(), "{}: examples", rule.id());
        let revoke = syntax.revoke.as_deref().unwrap_or_default();
        // What is known by its provider's name alone is revoked in that provider's account.
        let told = revoke.starts_with("https://") || rule.id().contains("-named-") && revoke.ends_with("account");
        assert!(syntax.provider == "Generic" || told, "{}: revoke", rule.id());
        assert!(!syntax.provider.is_empty() && !syntax.secret.is_empty(), "{}", rule.id());
    }
}

#[test]
fn every_template_can_be_expanded() {
    for (_, rule) in LOW.rules().iter() {
        for template in rule.syntax().examples.iter().chain(&rule.syntax().counter_examples) {
            let expanded = expand(template, &mut Random::seeded(1));
            assert!(expanded.is_ok(), "{}: {expanded:?}", rule.id());
        }
    }
}

#[test]
fn every_named_proof_exists() {
    let proofs: BTreeSet<&str> = PROOFS.iter().map(|proof| proof.name).collect();
    assert_eq!(proofs.len(), PROOFS.len(), "names are unique");
    let unknown: Vec<&str> = named_proofs().difference(&proofs).copied().collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_proof_is_named_by_a_rule() {
    let named = named_proofs();
    let idle: Vec<&str> = PROOFS.iter().map(|proof| proof.name).filter(|name| !named.contains(name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

fn named_proofs() -> BTreeSet<&'static str> {
    LOW.rules().iter().filter_map(|(_, rule)| rule.syntax().proof.as_deref()).collect()
}

#[test]
fn rules_that_are_beaten_exist() {
    for (_, rule) in LOW.rules().iter() {
        let unknown = rule.syntax().beats.iter().find(|id| LOW.rules().by_name(id).is_none());
        assert_eq!(unknown, None, "{}", rule.id());
    }
}

#[test]
fn all_kinds_of_matchers_are_in_use() {
    let kinds = [
        MatcherKind::Prefix,
        MatcherKind::StemPrefix,
        MatcherKind::Shape,
        MatcherKind::Name,
        MatcherKind::Url,
        MatcherKind::Armor,
        MatcherKind::Anywhere,
    ];
    assert!(kinds.iter().all(|kind| LOW.rules().iter().any(|(_, rule)| rule.kind() == *kind)));
}

/// Variable, beginning of the rule's id, template: what the five guides tell their readers to set.
const VARIABLES: &[(&str, &str, &str)] = &[
    ("ANTHROPIC_API_KEY", "anthropic-", "sk-ant-api03-{base64url:93}AA"),
    ("AWS_ACCESS_KEY_ID", "aws-", "AKIA{aws-key-id}"),
    ("AWS_SECRET_ACCESS_KEY", "aws-", "{base64:40}"),
    ("COHERE_API_KEY", "cohere-", "{base62:40}"),
    ("DB_PASS", "generic-", "{base62:24}"),
    ("DB_PASSWORD", "generic-", "{base62:24}"),
    ("ELEVENLABS_API_KEY", "elevenlabs-", "sk_{hex:48}"),
    ("FAL_API_KEY", "fal-", "{uuid}:{hex:32}"),
    ("GEMINI_API_KEY", "gemini-", "AIza{base64url:35}"),
    ("GH_TOKEN", "github-", "ghp_{crc32-base62:30}"),
    ("GITHUB_CLIENT_SECRET", "github-", "{hex:40}"),
    ("HF_TOKEN", "huggingface-", "hf_{letters:34}"),
    ("JWT_SECRET_KEY", "jwt-", "{base62:32}"),
    ("LAMBDA_API_KEY", "lambda-", "secret_{word}_{hex:32}.{base62:32}"),
    ("LANGCHAIN_API_KEY", "langsmith-", "lsv2_pt_{hex:32}_{hex:10}"),
    ("NOVITA_API_KEY", "novita-", "sk_{base64url:43}"),
    ("OPENAI_API_KEY", "openai-", "sk-{base62:20}T3BlbkFJ{base62:20}"),
    ("PINECONE_API_KEY", "pinecone-", "pcsk_{base62:6}_{base62:63}"),
    ("POSTGRES_PASSWORD", "postgres-", "{base62:24}"),
    ("REPLICATE_API_TOKEN", "replicate-", "r8_{base62:37}"),
    ("S3_SECRET_ACCESS_KEY", "s3-", "{base62:32}"),
    ("SECRETS_MASTER_KEY", "fernet-", "{fernet}"),
    ("SUPABASE_KEY", "supabase-", "{jwt-supabase}"),
    ("WANDB_API_KEY", "wandb-", "{hex:40}"),
];

#[test]
fn the_variables_of_the_guides_are_found_by_their_providers_rules() {
    let mut wrong = Vec::new();
    for (variable, prefix, template) in VARIABLES {
        for seed in 0..5 {
            let text = format!("LOG_LEVEL=info\n{variable}={}\nPORT=8080\n", sample(template, seed));
            let findings = MEDIUM.scan_bytes(".env", text.as_bytes());
            let rules: Vec<&str> = findings.iter().map(rule_of).collect();
            if rules.len() != 1 || !rules[0].starts_with(prefix) {
                wrong.push(format!("{variable} (seed {seed}): {rules:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the first pack has to know, by the beginning of rule ids.
const PROVIDERS: &[&str] = &[
    "aws-",
    "azure-",
    "gcp-",
    "gemini-",
    "openai-",
    "anthropic-",
    "cohere-",
    "huggingface-",
    "replicate-",
    "fal-",
    "elevenlabs-",
    "lambda-",
    "langsmith-",
    "pinecone-",
    "wandb-",
    "github-",
    "novita-",
    "supabase-",
    "sentry-dsn",
    "fernet-",
    "jwt",
    "jwt-signing-secret",
    "s3-",
    "postgres-url",
    "mysql-url",
    "mongodb-url",
    "redis-url",
    "amqp-url",
    "kubernetes-kubeconfig",
    "private-key-openssh",
    "private-key-rsa",
    "private-key-pgp",
    "docker-config-auth",
    "docker-hub",
    "npm-",
    "pypi-",
    "crates-io-",
    "slack-",
    "stripe-",
    "generic-",
];

#[test]
fn the_first_pack_knows_all_providers_it_has_to() {
    let known = |prefix: &&&str| LOW.rules().iter().any(|(_, rule)| rule.id().starts_with(**prefix));
    let missing: Vec<_> = PROVIDERS.iter().filter(|prefix| !known(prefix)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn urls_with_a_password_are_found_by_their_scheme() {
    let schemes = [
        ("postgres", "postgres-url"),
        ("postgresql", "postgres-url"),
        ("mysql", "mysql-url"),
        ("mongodb+srv", "mongodb-url"),
        ("rediss", "redis-url"),
        ("amqps", "amqp-url"),
    ];
    for (scheme, rule) in schemes {
        let text = format!("URL={}\n", url(scheme, &sample("{base62:20}", 3)));
        let findings = MEDIUM.scan_bytes(".env", text.as_bytes());
        assert_eq!(findings.iter().map(rule_of).collect::<Vec<_>>(), [rule], "{scheme}");
    }
}

#[test]
fn caulk_finds_nothing_in_its_own_rules_and_tests() {
    let root = env!("CARGO_MANIFEST_DIR");
    let run = Tree::new()
        .caulk(&["scan", "-f", "json"])
        .args(["rules", "tests", "src"].map(|name| format!("{root}/{name}")))
        .run();
    assert_eq!((run.code, run.findings().len()), (0, 0), "{run}");
}
