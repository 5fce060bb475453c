//! One finding for each value at each place, by the rule that says most about it.

use crate::support::{LOW, MEDIUM, assignment, github, rule_of, sample, unlike_words, url};

fn found(path: &str, text: &str) -> Vec<(String, String)> {
    let findings = MEDIUM.scan_bytes(path, text.as_bytes());
    findings
        .iter()
        .map(|finding| (rule_of(finding).to_owned(), String::from_utf8_lossy(finding.secret.expose()).into_owned()))
        .collect()
}

#[test]
fn a_specific_rule_wins_over_the_generic_one() {
    for (name, template, rule) in [
        ("password", "ghp_{crc32-base62:30}", "github-pat-classic"),
        ("api_key", "AKIA{aws-key-id}", "aws-access-key-id"),
        ("secret", "sk_live_{base62:24}", "stripe-secret-key"),
        ("aws_secret_access_key", "{base64:40}", "aws-secret-access-key"),
        ("jwt_secret", "{base62:32}", "jwt-signing-secret"),
        ("cohere_api_key", "{base62:40}", "cohere-api-key"),
    ] {
        let value = sample(template, 1);
        assert_eq!(found("a.py", &assignment(name, &value)), [(rule.to_owned(), value)], "{name}");
    }
}

#[test]
fn the_generic_rule_takes_what_nobody_else_knows() {
    let value = unlike_words(1);
    assert_eq!(found("a.py", &assignment("billing_api_key", &value)), [("generic-secret".to_owned(), value)]);
}

#[test]
fn the_value_of_a_url_variable_is_one_finding() {
    let password = sample("{base62:20}", 2);
    let text = format!("DATABASE_PASSWORD_URL={}\n", url("postgres", &password));
    assert_eq!(found(".env", &text), [("postgres-url".to_owned(), password)]);
}

#[test]
fn a_key_in_a_url_in_a_header_is_found_once() {
    let text = format!("curl -H 'Authorization: Bearer {}' https://api.acme.io/?token=1\n", github(3));
    assert_eq!(found("run.sh", &text), [("github-pat-classic".to_owned(), github(3))]);
}

#[test]
fn a_block_in_a_json_string_is_one_finding() {
    let block = sample("{pem:pkcs8}", 4).trim_end().replace('\n', "\\n");
    let found = found("data.json", &format!("{{\"private_key\": \"{block}\\n\"}}\n"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].0.starts_with("private-key") || found[0].0.starts_with("gcp-service-account-key"),
        "{}",
        found[0].0
    );
}

#[test]
fn every_place_of_a_value_is_a_finding() {
    let text = format!("{}\n{}\n", assignment("a", &github(5)), assignment("b", &github(5)));
    let findings = MEDIUM.scan_bytes("a.py", text.as_bytes());
    assert_eq!(findings.iter().map(|found| found.place.start.line).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(findings[0].fingerprint, findings[1].fingerprint);
}

#[test]
fn two_values_on_a_line_are_two_findings() {
    let text = format!("{}; {}\n", assignment("a", &github(6)), assignment("b", &github(7)));
    assert_eq!(found("a.py", &text).into_iter().map(|(_, value)| value).collect::<Vec<_>>(), [github(6), github(7)]);
}

#[test]
fn findings_never_overlap_and_are_in_order() {
    let lines: Vec<String> = (0..40)
        .map(|seed| match seed % 4 {
            0 => assignment("password", &github(seed)),
            1 => assignment("dsn_password", &url("redis", &sample("{base62:20}", seed))),
            2 => assignment("secret_token_key", &sample("{jwt}", seed)),
            _ => assignment("aws_secret_access_key", &sample("{base64:40}", seed)),
        })
        .collect();
    let text = lines.join("; ");
    let findings = LOW.scan_bytes("a.py", text.as_bytes());
    assert!(findings.len() >= 40, "{}", findings.len());
    assert!(findings.windows(2).all(|two| two[0].place.span.end <= two[1].place.span.start));
}

#[test]
fn a_key_in_a_comment_is_still_reported() {
    for (path, text) in [
        ("a.py", format!("# {}\n", assignment("old_key", &github(8)))),
        ("a.js", format!("/* {} */\n", github(8))),
        ("a.html", format!("<!-- {} -->\n", github(8))),
        ("a.sql", format!("-- {}\n", github(8))),
    ] {
        assert_eq!(found(path, &text).len(), 1, "{path}");
    }
}

#[test]
fn a_longer_thing_is_not_the_token_it_holds() {
    // Without a checksum that holds, a match that goes on is something else.
    let value = sample("sk_live_{base62:24}", 9);
    assert_eq!(found("a.txt", &format!("x{value}\n")), []);
    // With one, it is what it is.
    let value = github(9);
    assert_eq!(found("a.txt", &format!("%3D{value}&b=1\n")), [("github-pat-classic".to_owned(), value)]);
}

#[test]
fn a_long_token_that_spells_a_word_by_chance_is_found() {
    let lost = |template: &str| {
        let text = |seed| assignment("value", &sample(template, seed)) + "\n";
        (0..1500).filter(|seed| found("a.py", &text(*seed)).is_empty()).count()
    };
    assert_eq!([lost("sl.u.{base64url:400}"), lost("EAA{base62:160}")], [0, 0]);
}

#[test]
fn placeholders_and_references_are_no_findings() {
    for value in
        ["${ADMIN_PASSWORD}", "<your password>", "{{ vault.password }}", "process.env.PASSWORD", "xxxxxxxxxxxx"]
    {
        assert_eq!(found("a.py", &assignment("admin_password", value)), [], "{value}");
    }
}

#[test]
fn a_word_in_front_of_the_name_of_a_secret_does_not_hide_it() {
    let names = ["SERVICE_API_KEY", "CACHE_PASSWORD", "STORAGE_SECRET", "PROVIDER_TOKEN", "MAIL_SERVICE_PASSWORD"];
    let hidden: Vec<&str> =
        names.into_iter().filter(|name| found(".env", &format!("{name}={}\n", unlike_words(10))).is_empty()).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}
