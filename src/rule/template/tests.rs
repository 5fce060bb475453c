use super::*;

fn one(template: &str) -> String {
    let bytes = expand(template, &mut Random::seeded(42)).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(bytes).expect("templates expand to ASCII")
}

fn error(template: &str) -> String {
    expand(template, &mut Random::seeded(42)).expect_err(template).to_string()
}

#[test]
fn text_and_braces_stay() {
    assert_eq!(one("plain text, = and :"), "plain text, = and :");
    assert_eq!(one("{{a}} {{{x:2}}}"), "{a} {xx}");
    assert_eq!(one("ünï{_:3}"), "ünï___");
    assert_eq!(one(""), "");
}

#[test]
fn classes_have_the_length_and_the_letters_asked_for() {
    type Test = fn(u8) -> bool;
    let classes: [(&str, Test); 13] = [
        ("digits", |byte| byte.is_ascii_digit()),
        ("hex", |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)),
        ("upperhex", |byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)),
        ("lower", |byte| byte.is_ascii_lowercase()),
        ("upper", |byte| byte.is_ascii_uppercase()),
        ("letters", |byte| byte.is_ascii_alphabetic()),
        ("base62", |byte| byte.is_ascii_alphanumeric()),
        ("base36", |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
        ("upper36", |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
        ("base32", |byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte)),
        ("base58", |byte| byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte)),
        ("base64", |byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte)),
        ("base64url", |byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
    ];
    for (class, fits) in classes {
        let text = one(&format!("{{{class}:500}}"));
        assert!(text.len() == 500 && text.bytes().all(fits), "{class}: {text}");
    }
}

#[test]
fn a_range_reaches_both_its_ends() {
    let mut random = Random::seeded(1);
    let mut lengths: Vec<usize> =
        (0..500).map(|_| expand("{hex:3-6}", &mut random).expect("well formed").len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    assert_eq!(lengths, [3, 4, 5, 6]);
    assert_eq!(one("{hex:7-7}").len(), 7);
}

#[test]
fn equal_seeds_give_equal_samples_and_others_do_not() {
    let sample = |seed| expand("{base62:40}{uuid}{password}", &mut Random::seeded(seed)).expect("well formed");
    assert_eq!(sample(1), sample(1));
    assert_ne!(sample(1), sample(2));
}

#[test]
fn people_write_words_and_passwords() {
    assert!(one("{word}").bytes().all(|byte| byte.is_ascii_lowercase()));
    let password = one("{password}");
    assert!(password.starts_with(|first: char| first.is_ascii_uppercase()), "{password}");
    assert!(password.ends_with(|last: char| last.is_ascii_punctuation()), "{password}");
    assert_eq!(one("{uuid}").split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
}

#[test]
fn errors_name_the_template_and_the_place() {
    assert_eq!(error("ab{hex:4"), "template `ab{hex:4`, at byte 2: `{` is never closed; write `{{` for a brace");
    assert_eq!(error("ab}c"), "template `ab}c`, at byte 2: `}` closes nothing; write `}}` for a brace");
    assert_eq!(error("{nonsense:4}"), "template `{nonsense:4}`, at byte 0: there is no template word `nonsense`");
    assert_eq!(
        error("a{hex:b}"),
        "template `a{hex:b}`, at byte 1: `hex` cannot have `b`: a number of characters such as `30`, or a range such as `20-40`"
    );
}

#[test]
fn arguments_that_do_not_suit_are_refused() {
    for template in [
        "{hex}",
        "{hex:}",
        "{hex:-3}",
        "{hex:5-3}",
        "{hex:99999999}",
        "{x}",
        "{}",
        "{uuid:3}",
        "{jwt:other}",
        "{pem}",
        "{pem:other}",
        "{bech32:x}",
        "{azure-marvin32:x}",
        "{azure-annotated:toolong}",
    ] {
        assert!(expand(template, &mut Random::seeded(1)).is_err(), "{template}");
    }
}

#[test]
fn words_are_named_once() {
    let mut names: Vec<&str> = WORDS.iter().copied().flatten().map(|word| word.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    assert!(WORDS.iter().copied().flatten().all(|word| word.about.ends_with('.')));
}

#[test]
fn a_checksum_covers_the_token_only_not_the_line_it_stands_in() {
    for token in ["apify_api_{apify-crc32:30}", "glpat-{gitlab-routable}", "ATATT3xFfGF0{atlassian-crc32}"] {
        let alone = one(token);
        assert_eq!(one(&format!("token: \"{token}\"")), format!("token: \"{alone}\""));
        assert_eq!(one(&format!("A_TOKEN={token}")), format!("A_TOKEN={alone}"));
    }
}

#[test]
fn lengths_are_those_of_the_providers() {
    for (template, length) in [
        ("ghp_{crc32-base62:30}", 40),
        ("glsa_{grafana-crc32:32}", 46),
        ("ATBB{atlassian-crc32:24}", 36),
        ("ATATT3xFfGF0{atlassian-crc32:171}", 192),
        ("cfk_{cloudflare-crc32:40}", 52),
        ("vcp_{vercel-crc32}", 60),
        ("cflt{confluent-crc32}", 60),
        ("wandb_v1_{wandb-crc32}", 86),
        ("cnvca{canva-crc32}", 56),
        ("packagist_ort_{packagist-crc32}", 82),
        ("{azure-marvin32}", 88),
        ("{azure-marvin32:redis}", 44),
        ("{azure-marvin32:functions}", 56),
        ("{azure-marvin32:search}", 52),
        ("{azure-annotated}", 84),
        ("{azure-cask}", 64),
        ("{entra-marvin32}", 40),
        ("{azure-devops-pat}", 52),
        ("{bech32}", 74),
        ("{bech32:nostr}", 63),
        ("{nkey-crc16}", 58),
        ("{stellar-crc16}", 56),
        ("{base58check:xprv}", 111),
        ("{jfrog-base58}", 73),
        ("AKIA{aws-key-id}", 20),
        ("{nuget}", 46),
        ("{sendgrid}", 69),
        ("{fernet}", 44),
        ("sk-{openai-mark}", 51),
        ("sk-ant-api03-{anthropic-tail}", 108),
    ] {
        assert_eq!(one(template).len(), length, "{template}");
    }
}
