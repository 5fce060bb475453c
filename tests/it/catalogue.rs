//! The catalogue as a whole: near misses, pairs, encodings, names without a mark, and no provider's secret as another's.

use crate::support::{LOW, MEDIUM, Tree, assignment, github, only, rule_of, sample};
use caulk::judge::proof::{self, Outcome};
use caulk::rule::together;
use caulk::{Confidence, Finding, Rule, RuleSet};
use std::path::Path;

fn built_in() -> impl Iterator<Item = &'static Rule> {
    LOW.rules().iter().map(|(_, rule)| rule)
}

/// Rules whose failed proof drops the value and which are known by a literal.
fn dropping() -> impl Iterator<Item = &'static Rule> {
    // Two letters begin too many other things.
    let marked =
        |rule: &Rule| rule.head().prefixes.iter().all(|prefix| prefix.len() > 2) && !rule.head().prefixes.is_empty();
    built_in().filter(move |rule| rule.head().proof.is_some() && rule.head().drops && marked(rule))
}

/// `value` with another letter in place of one of its last, so that a checksum over it fails.
fn broken(value: &str) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    let at = letters.iter().rposition(char::is_ascii_alphanumeric).expect("a token has letters");
    letters[at] = if letters[at] == 'a' { 'b' } else { 'a' };
    letters.into_iter().collect()
}

fn is_checksum(rule: &Rule) -> bool {
    let proof = rule.head().proof.and_then(proof::by_name).expect("it names one");
    proof.strength == proof::Strength::Checksum
}

#[test]
fn a_token_whose_checksum_is_broken_is_found_by_nothing() {
    for rule in dropping().filter(|rule| is_checksum(rule)) {
        let template = rule.syntax().examples.first().expect("it has one");
        for seed in 0..4 {
            let value = broken(&sample(template, seed));
            let fails = |value: &str| {
                let secret = rule.match_at_start(value.as_bytes()).map(|(_, secret)| &value.as_bytes()[secret]);
                let check = rule.head().proof.and_then(proof::by_name).expect("it names one").check;
                secret.is_some_and(|secret| matches!(check(secret), Outcome::Failed(_)))
            };
            // Some letters belong to no checksum.
            if !fails(&value) {
                continue;
            }
            let text = assignment("api_token", &value);
            let certain = |found: &Finding| found.confidence >= Confidence::Medium;
            let found: Vec<_> = LOW.scan_bytes("a.py", text.as_bytes()).into_iter().filter(certain).collect();
            let others = found.iter().filter(|one| rule_of(one) == rule.id() || rule_of(one).starts_with("generic"));
            assert_eq!(others.count(), 0, "{}: {template}, seed {seed}", rule.id());
        }
    }
}

#[test]
fn a_token_that_is_too_short_or_too_long_is_not_certain_and_no_general_secret() {
    for (seed, template) in
        ["ghp_{crc32-base62:30}", "npm_{crc32-base62:30}", "zpka_{zuplo-crc32:32}"].iter().enumerate()
    {
        let value = sample(template, seed as u64);
        for mutant in [value[..value.len() - 1].to_owned(), [&value[..9], "x", &value[9..]].concat()] {
            let text = assignment("api_token", &mutant);
            assert_eq!(MEDIUM.scan_bytes("a.py", text.as_bytes()).len(), 0, "{template}");
        }
    }
}

#[test]
fn what_begins_like_a_token_without_a_checksum_is_told_at_low() {
    let text = assignment("api_token", &sample("pplx-{base62:40}", 1));
    assert!(MEDIUM.scan_bytes("a.py", text.as_bytes()).is_empty());
    let found = LOW.scan_bytes("a.py", text.as_bytes());
    assert_eq!(found.iter().map(rule_of).collect::<Vec<_>>(), ["perplexity-api-key"]);
}

#[test]
fn no_sample_of_one_provider_is_anothers() {
    for rule in built_in() {
        let provider = &rule.syntax().provider;
        for template in &rule.syntax().examples {
            let value = sample(template, 7);
            let near = rule.syntax().near.first().map_or_else(String::new, |word| format!("# {word}\n"));
            for found in LOW.scan_bytes("a.txt", format!("{near}It says {value} , they say.\n").as_bytes()) {
                let by = LOW.rules().rule(found.rule);
                let other = &by.syntax().provider != provider && by.syntax().provider != "Generic";
                let whole = found.secret.expose().len() * 2 > value.len();
                assert!(
                    !other || !whole || found.confidence < Confidence::High,
                    "{} is found as {}",
                    rule.id(),
                    by.id()
                );
            }
        }
    }
}

#[test]
fn a_private_key_behind_a_pass_phrase_is_told_at_low() {
    for template in ["{pem:encrypted}", "{pem:legacy-encrypted}"] {
        let text = sample(template, 1);
        assert!(MEDIUM.scan_bytes("id_key", text.as_bytes()).is_empty(), "{template}");
        assert_eq!(LOW.scan_bytes("id_key", text.as_bytes()).len(), 1, "{template}");
    }
    let header = ["-----BEGIN RSA PRIV", "ATE KEY-----\n"].concat();
    assert!(MEDIUM.scan_bytes("id_key", header.as_bytes()).is_empty());
    assert_eq!(LOW.scan_bytes("id_key", header.as_bytes())[0].confidence, Confidence::Low);
}

#[test]
fn the_rules_settle_among_themselves_who_wins() {
    assert_eq!(together::complaints(&RuleSet::builtin()), Vec::<String>::new());
}

#[test]
fn a_key_and_its_id_are_one_finding() {
    let (id, key) = (sample("AKIA{aws-key-id}", 3), sample("{base64:40}", 3));
    let text = format!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={key}\n");
    let found = only(".env", text.as_bytes());
    assert_eq!((rule_of(&found), found.confidence), ("aws-secret-access-key", Confidence::High));
    assert_eq!((found.parts.len(), found.parts[0].start.line), (1, 1));
    assert_eq!(found.parts[0].secret.expose(), id.as_bytes());
    let told: Vec<String> = found.evidence.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|one| one.starts_with("account: ")), "{told:?}");
}

#[test]
fn a_client_id_is_public_and_belongs_to_its_secret() {
    for (id, secret, rule) in [
        (
            "client_id={digits:12}-{base36:32}.apps.googleusercontent.com",
            "client_secret=GOCSPX-{base64url:28}",
            "google-oauth-client-secret",
        ),
        ("AccountName={base36:12}", "AccountKey={azure-marvin32:storage}", "azure-storage-connection-string"),
    ] {
        let (id, secret) = (sample(id, 41), sample(secret, 42));
        let findings = LOW.scan_bytes("a.env", format!("{id};{secret}\n").as_bytes());
        let told: Vec<_> = findings.iter().map(|one| (rule_of(one), one.parts.len())).collect();
        assert_eq!(told, [(rule, 1)], "{id}");
        assert!(MEDIUM.scan_bytes("a.env", format!("{id}\n").as_bytes()).is_empty(), "{id}");
    }
}

#[test]
fn a_token_with_a_letter_too_many_is_not_certain() {
    for template in ["ghp_{crc32-base62:30}", "npm_{crc32-base62:30}", "vcp_{vercel-crc32:50}"] {
        let value = sample(template, 43);
        let grown = MEDIUM.scan_bytes("a.py", format!("x = \"{value}7\"\n").as_bytes());
        assert!(grown.iter().all(|one| one.confidence < Confidence::Certain), "{template}");
        let whole = MEDIUM.scan_bytes("a.py", format!("x = \"{value}\"\n").as_bytes());
        assert_eq!(whole[0].confidence, Confidence::Certain, "{template}");
    }
}

#[test]
fn a_part_that_stands_alone_is_a_finding_of_its_own() {
    let id = sample("AKIA{aws-key-id}", 3);
    assert_eq!(rule_of(&only(".env", format!("AWS_ACCESS_KEY_ID={id}\n").as_bytes())), "aws-access-key-id");
    let far =
        format!("AWS_ACCESS_KEY_ID={id}\n{}AWS_SECRET_ACCESS_KEY={}\n", "# \n".repeat(300), sample("{base64:40}", 3));
    assert_eq!(MEDIUM.scan_bytes(".env", far.as_bytes()).len(), 2);
}

#[test]
fn an_excerpt_shows_no_part() {
    let (id, key) = (sample("AKIA{aws-key-id}", 3), sample("{base64:40}", 3));
    let found = only("a.js", format!("f({{ accessKeyId: \"{id}\", awsSecretAccessKey: \"{key}\" }})\n").as_bytes());
    assert!(!found.place.excerpt.line().contains(&id) && found.parts.len() == 1);
}

#[test]
fn tokens_and_urls_in_base64_are_found() {
    let encoded = |text: String| data_encoding::BASE64.encode(text.as_bytes());
    let token =
        only("secret.yaml", format!("data:\n  ci: {}\n", encoded(format!("token: {}\n", github(5)))).as_bytes());
    assert_eq!((rule_of(&token), token.confidence), ("github-pat-classic", Confidence::Certain));
    let url = crate::support::url("postgres", &sample("{base62:20}", 5));
    assert_eq!(rule_of(&only("secret.yaml", format!("data:\n  db: {}\n", encoded(url)).as_bytes())), "postgres-url");
    let text = encoded("nothing but a line of ordinary text, which says little".to_owned());
    assert!(MEDIUM.scan_bytes("a.yaml", format!("note: {text}\n").as_bytes()).is_empty());
}

#[test]
fn keys_without_a_mark_are_known_by_their_providers_name() {
    let key = sample("{base36:32}", 2);
    for text in [format!("# apiflash\nvalue: {key}\n"), format!("apiflash_value = \"{key}\"\n")] {
        let found = only("a.yaml", text.as_bytes());
        assert_eq!((rule_of(&found), found.confidence), ("apiflash-named-base36-32", Confidence::Medium), "{text}");
    }
    assert!(MEDIUM.scan_bytes("a.yaml", format!("# another\nvalue: {key}\n").as_bytes()).is_empty());
}

#[test]
fn the_reference_pages_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tree = Tree::new();
    let target = tree.path().join("pages");
    let run = tree
        .caulk(&["rules", "pages"])
        .args([root.join("rules").display().to_string(), target.display().to_string()])
        .run();
    assert_eq!(run.code, 0, "{run}");
    for entry in target.read_dir().expect("it was written") {
        let page = entry.expect("it can be listed").path();
        let kept = root.join("docs/rules").join(page.file_name().expect("it has a name"));
        let (made, kept_text) = (std::fs::read_to_string(&page), std::fs::read_to_string(&kept));
        assert!(made.ok() == kept_text.ok(), "{} is old: run `caulk rules pages rules docs/rules`", kept.display());
    }
}
