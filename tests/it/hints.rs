//! Hints: what is told at `low` alone, and what may say no more than that.

use crate::support::{LOW, MEDIUM, assignment, rule_of, sample};
use caulk::Confidence;

/// The values that are found in `text` from `low` on, and what `medium` is told of.
fn found(path: &str, text: &str) -> (Vec<String>, usize) {
    let values = LOW.scan_bytes(path, text.as_bytes());
    let values = values.iter().map(|one| String::from_utf8_lossy(one.secret.expose()).into_owned()).collect();
    (values, MEDIUM.scan_bytes(path, text.as_bytes()).len())
}

#[test]
fn what_looks_drawn_is_a_hint_whoever_it_is_given_to() {
    for (template, text) in [
        ("{base62:32}", "We send @ with each call.\n"),
        ("{base64url:43}", "place = \"@\"\n"),
        ("{hex:32}", "Use the key below.\n@\n"),
        ("{base36:24}", "client.start(\"prod\", \"@\");\n"),
        ("Kx{digits:2}{letters:5}{digits:2}wQ!{base62:4}", "link.open(\"ann\", \"@\")\n"),
    ] {
        let value = sample(template, 3);
        assert_eq!(found("a.txt", &text.replace('@', &value)), (vec![value], 0), "{text}");
    }
}

#[test]
fn what_many_are_set_up_with_is_a_hint() {
    for text in ["db_password = \"changeme\"\n", "url = \"postgres://ann:changeme@db.internal/app\"\n"] {
        let (values, medium) = found("settings.py", text);
        assert_eq!((values, medium), (vec!["changeme".to_owned()], 0), "{text}");
    }
}

#[test]
fn a_provider_far_in_front_of_a_value_makes_a_hint() {
    let key = sample("{hex:32}", 8);
    for (between, medium) in [("", 1), ("is not told of by anybody who writes so many words\n", 0)] {
        let text = format!("datadog {between} = '{key}'\n");
        assert_eq!(found("a.txt", &text), (vec![key.clone()], medium), "{text}");
    }
}

#[test]
fn digests_names_and_numbers_are_no_hints() {
    let digest = sample("{hex:40}", 4);
    for text in [
        format!("commit {digest}\n"),
        format!("sha256: {}\n", sample("{hex:64}", 5)),
        format!("id: {}\n", sample("{uuid}", 6)),
        "pub const NL80211_ATTR_TDLS_INITIATOR_2: u16 = 3;\n".to_owned(),
        "let size = createElementWithAttributes2Fast();\n".to_owned(),
        "see /usr/lib/x86_64-linux-gnu/libexample.so.6\n".to_owned(),
    ] {
        assert_eq!(found("a.txt", &text), (Vec::new(), 0), "{text}");
    }
}

#[test]
fn secrets_without_a_stem_in_front_of_them_are_hints() {
    let password = "Falcon".to_owned() + &sample("{digits:4}", 7);
    let words = "anchor ahead afraid accident always allow again affair alley alcohol abuse already";
    for (path, text, value) in [
        ("a.py", "server.login(\"ann@shop.io\", \"%V\")\n", &*password),
        ("A.java", "DriverManager.getConnection(url, \"root\", \"%V\");\n", &password),
        ("a.php", "$link = new mysqli(\"db\", \"root\", \"%V\", \"shop\");\n", &password),
        ("a.bat", "net user ann %V /add\n", &password),
        ("pgpass", "db.shop.io:5432:prod:ann:%V\n", &password),
        ("a.csv", "user,password\nann,%V\n", &password),
        ("a.md", "| user | password |\n|---|---|\n| ann | `%V` |\n", &password),
        ("a.txt", "the password for ann is %V.\n", &password),
        ("a.js", "accounts: { mnemonic: \"%V\" }\n", words),
        ("a.yaml", "recovery_phrase: %V\n", words),
        ("a.tf", "variable \"db_password\" {\n  default = \"%V\"\n}\n", &password),
    ] {
        let (values, _) = found(path, &text.replace("%V", value));
        assert!(values.contains(&value.to_owned()), "{text}: {values:?}");
    }
}

#[test]
fn what_begins_like_a_token_and_is_none_is_a_hint_at_most() {
    for template in ["glpat-{base62:9}!{base62:4}", "AIza{base62:20}", "SG.{base62:40}", "{jwt}", "hf_{base62:50}"] {
        // A web token loses its signature, the others are short or long as they are.
        let value = sample(template, 8);
        let value = if template == "{jwt}" { value.rsplit_once('.').expect("has dots").0 } else { &value };
        let findings = LOW.scan_bytes("a.py", format!("{}\n", assignment("api_token", value)).as_bytes());
        let told: Vec<_> = findings.iter().map(|one| (rule_of(one), one.confidence)).collect();
        assert!(!told.is_empty() && told.iter().all(|(_, confidence)| *confidence == Confidence::Low), "{told:?}");
    }
}

#[test]
fn basic_authorization_with_a_placeholder_is_a_hint() {
    for (password, expected) in [("password", Confidence::Low), ("kQ7-pLw3-zTn9", Confidence::Medium)] {
        let value = data_encoding::BASE64.encode(format!("user:{password}").as_bytes());
        let text = format!("Authorization: Basic {value}\n");
        let findings = LOW.scan_bytes("a.http", text.as_bytes());
        assert_eq!(findings.len(), 1, "{password}");
        assert!((findings[0].confidence == Confidence::Low) == (expected == Confidence::Low), "{password}");
    }
}

#[test]
fn a_token_that_somebody_counted_up_is_a_hint_and_a_placeholder_is_none() {
    let counted: String = ('a'..='z').chain('0'..='9').collect();
    for (text, hint) in [
        (["glp", "at-", &counted[..20]].concat(), true),
        (["sk_li", "ve_", &counted[..24]].concat(), true),
        (assignment("api_key", &counted[..32]), true),
        (["glp", "at-", &"x".repeat(20)].concat(), false),
        (["glp", "at-", &["your-", "token-", "goes-", "here1"].concat()].concat(), false),
        (assignment("api_key", &"0".repeat(32)), false),
    ] {
        let (values, at_medium) = found("a.py", &format!("{text}\n"));
        assert_eq!((!values.is_empty(), at_medium), (hint, 0), "{text}");
    }
}

#[test]
fn a_short_key_behind_its_providers_name_is_a_hint() {
    let key = sample("{hex:6}7b{hex:6}", 21);
    for text in ["ipinfo: @\n", "ipinfo = '@'\n", "client = Ipinfo(\"@\")\n", "| ipinfo | `@` |\n"] {
        assert_eq!(found("a.txt", &text.replace('@', &key)), (vec![key.clone()], 0), "{text}");
    }
    assert_eq!(found("a.txt", &format!("somewhat: {key}\n")).0, Vec::<String>::new());
}

#[test]
fn accounts_and_commands_hold_passwords_where_no_name_stands() {
    let password = "Falcon".to_owned() + &sample("{digits:4}", 22) + "$";
    for (path, text) in [
        ("a.txt", "10.1.2.3 root %V\n"),
        ("a.md", "- 192.168.1.5 / root / %V\n"),
        ("a.txt", "ann / %V (id/pw)\n"),
        ("chap-secrets", "\"ann\" * \"%V\" *\n"),
        ("a.sql", "INSERT INTO users (name, password) VALUES ('ann', '%V');\n"),
        ("a.go", "if \"%V\" == password {\n"),
        ("a.sh", "keytool -genkey -storepass %V -keypass x\n"),
        ("a.sh", "smbclient //files/x -U 'ann%%V'\n"),
        ("a.sh", "sqlplus ann/%V@db.shop.io\n"),
        ("a.sh", "echo 'ann:%V' | chpasswd\n"),
        ("a.exp", "send \"%V\\r\"\n"),
        ("a.txt", "비밀번호: %V\n"),
    ] {
        let (values, _) = found(path, &text.replace("%V", &password));
        assert!(values.contains(&password), "{text}: {values:?}");
    }
}

#[test]
fn what_nearly_has_the_shape_of_a_providers_keys_is_a_hint() {
    let key = sample("{hex:32}", 23);
    let changed = [&key[..12], "?", &key[13..]].concat();
    for value in [&key[..30], &changed] {
        assert_eq!(found("a.txt", &format!("mailgun token = '{value}'\n")), (vec![value.to_owned()], 0), "{value}");
    }
    let other = sample("{base62:40}", 24);
    assert_eq!(found("a.txt", &format!("mailgun password = '{other}'\n")), (vec![other], 1));
}

#[test]
fn certificates_and_the_heads_of_web_tokens_are_no_secrets() {
    let armour =
        |label: &str| format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", sample("{base64:200}", 25));
    let certificate = data_encoding::BASE64.encode(armour("CERTIFICATE").as_bytes());
    assert_eq!(found("a.yaml", &format!("authority-data: {certificate}\n")).1, 0);
    let head = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(found("a.py", &format!("{}\n", assignment("api_key", &head))).1, 0);
}

#[test]
fn what_is_no_key_of_the_provider_in_its_name_is_a_hint() {
    let value = sample("{hex:27}", 51);
    for text in
        ["heroku token = '@'\n", "herokuapikey = '@'\n", "HEROKU_API_TOKEN=@\n", "heroku_oauth_client_secret = '@'\n"]
    {
        assert_eq!(found("a.txt", &text.replace('@', &value)), (vec![value.clone()], 0), "{text}");
    }
    // Who uses the provider chooses these, and nobody issues the keys of what has no provider.
    for name in ["heroku_password", "heroku_webhook_secret", "deploy_token", "hex_token", "private_token"] {
        let value = sample("{base62:27}", 52);
        let text = assignment(name, &value) + "\n";
        assert_eq!(found("a.py", &text), (vec![value], 1), "{name}");
    }
}

#[test]
fn what_is_built_like_a_web_token_and_does_not_decode_is_a_hint() {
    for template in
        ["{base62:36}.{base62:60}.{base62:43}", "eyJ{base62:33}.eyJ{base62:57}.{base62:43}", "eyJ{base62:40}"]
    {
        let value = sample(template, 53);
        let text = assignment("auth_token", &value) + "\n";
        assert_eq!(found("a.py", &text), (vec![value], 0), "{template}");
    }
}

#[test]
fn a_token_that_lost_its_first_letter_is_a_hint() {
    for (seed, template) in
        ["glpat-{base64url:20}", "dckr_pat_{base62:27}", "github_pat_{base62:40}"].iter().enumerate()
    {
        let value = sample(template, 54 + seed as u64)[1..].to_owned();
        let text = assignment("auth_token", &value) + "\n";
        assert_eq!(found("a.py", &text), (vec![value], 0), "{template}");
    }
}

#[test]
fn a_token_with_a_foreign_sign_behind_its_shortest_form_is_a_hint() {
    let token = sample("AIK_CI_{base62:24}", 57);
    assert_eq!(found("a.py", &format!("x = \"{token}?{}\"\n", sample("{base62:8}", 58))).1, 0);
    // An address goes on, too.
    for text in [format!("x = \"{token}\"\n"), format!("x = \"{token}?page=2\"\n")] {
        assert_eq!(found("a.py", &text), (vec![token.clone()], 1), "{text}");
    }
}

#[test]
fn bytes_of_keys_in_lists_are_hints() {
    let bytes = sample("{hex:32}", 15);
    let list: Vec<String> = (0..16).map(|at| format!("0x{}", &bytes[at * 2..at * 2 + 2])).collect();
    let list = list.join(", ");
    for (text, expected) in [
        (format!("static const uint8_t aes_key[16] = {{{list}}};\n"), 1),
        (format!("static const uint8_t table[16] = {{{list}}};\n"), 0),
    ] {
        let (values, told) = found("a.c", &text);
        assert_eq!((values.len(), told), (expected, 0), "{text}: {values:?}");
    }
}

#[test]
fn fillers_behind_the_name_of_a_provider_are_hints() {
    for text in ["new AlgoliaClient(\"%V\")\n", "algolia,%V\n", "# Algolia\nvalue = \"%V\"\n"] {
        let filler = "dead".to_owned() + "beef" + &"0123456789abcdef".repeat(2)[..24];
        let (values, told) = found("a.java", &text.replace("%V", &filler));
        assert_eq!((values.contains(&filler), told), (true, 0), "{text}: {values:?}");
    }
}

#[test]
fn a_key_of_another_length_in_the_section_of_a_provider_is_a_hint() {
    let (exact, short) = (sample("{hex:32}", 16), sample("{hex:29}", 17));
    for text in ["algolia:\n  port: 1\n  api_key: %V\n", "[algolia]\napi_key = %V\n"] {
        assert_eq!(found("a.yaml", &text.replace("%V", &exact)).1, 1, "{text}");
        assert_eq!(found("a.yaml", &text.replace("%V", &short)).1, 0, "{text}");
    }
}
