//! Secrets without a shape: what is found by name, value and place, and what is left alone.

use crate::support::{LOW, MEDIUM, assignment, rule_of, sample};
use caulk::Confidence;

fn values(path: &str, text: &str) -> Vec<String> {
    let findings = MEDIUM.scan_bytes(path, text.as_bytes());
    findings.iter().map(|found| String::from_utf8_lossy(found.secret.expose()).into_owned()).collect()
}

/// How many of 20 samples of `template` are found under `name` in the file at `path`.
fn found_of_20(path: &str, name: &str, template: &str) -> usize {
    let text = |seed| assignment(name, &sample(template, seed)) + "\n";
    (0..20).filter(|seed| values(path, &text(*seed)) == [sample(template, *seed)]).count()
}

#[test]
fn generated_values_are_found_under_many_names() {
    for name in ["db_password", "clientSecret", "API_KEY", "auth_token", "encryption_key", "jwt_secret"] {
        for template in ["{base62:16}", "{base62:24}", "{base62:40}", "{base64url:32}"] {
            let found = found_of_20("src/settings.py", name, template);
            assert!(found >= 18, "{name} = {template}: {found} of 20");
        }
    }
}

#[test]
fn passwords_as_people_choose_them_are_found() {
    let mut found = 0;
    for seed in 0..20 {
        let word = sample("{word}", seed);
        let mut letters = word.chars();
        let first = letters.next().expect("a word has letters").to_ascii_uppercase();
        let password = format!("{first}{}{}!", letters.as_str(), sample("{digits:3}", seed));
        found += usize::from(values("deploy/app.yml", &format!("db_password: {password}\n")) == [password]);
    }
    assert!(found >= 15, "{found} of 20");
}

#[test]
fn words_are_no_secrets() {
    for text in [
        "password = \"configuration\"",
        "token = \"refresh_token_expired\"",
        "const passwordLabel = \"Enter your password\";",
        "api_key = \"your-api-key\"",
        "secret = \"my_secret_value\"",
        "keyName = \"primary_button\"",
        "password = getPassword(\"user\")",
        "if key == \"content-type\" {",
        "auth = \"https://auth.acme.io/login\"",
        "key: user_preferences",
        "password = \"p@ssw0rd\"",
    ] {
        assert_eq!(values("src/app.js", text), Vec::<String>::new(), "{text}");
        assert_eq!(values("config/app.yaml", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn test_vectors_digests_and_ids_of_keys_are_no_secrets() {
    let counted: String = (0..32).map(|byte| format!("{byte:02X}")).collect();
    let colons: Vec<String> =
        sample("{hex:40}", 6).as_bytes().chunks(2).map(|two| String::from_utf8_lossy(two).to_uppercase()).collect();
    let encoded = data_encoding::BASE64.encode(b"password");
    for (path, line) in [
        ("test/vectors.txt", format!("Key = {counted}")),
        ("certs/ca.txt", format!("keyid:{}", colons.join(":"))),
        ("src/pin.py", format!("pinned_key = \"sha256:{}\"", sample("{hex:64}", 6))),
        ("k8s/auth.yaml", format!("password: {encoded}")),
        ("src/store.java", format!("long STORE_KEY = 0x{}L;", sample("{hex:16}", 6))),
    ] {
        assert_eq!(values(path, &(line.clone() + "\n")), Vec::<String>::new(), "{line}");
    }
    let drawn = sample("{hex:64}", 6);
    assert_eq!(values("test/vectors.txt", &format!("Key = {drawn}\n")), [drawn]);
}

#[test]
fn test_files_hide_no_secret() {
    let value = sample("{base62:24}", 3);
    for path in ["tests/test_login.py", "docs/setup.md", "spec/models/user_spec.rb", "examples/app.js"] {
        assert_eq!(values(path, &(assignment("db_password", &value) + "\n")), std::slice::from_ref(&value), "{path}");
    }
}

#[test]
fn lock_files_and_translations_hold_none() {
    let value = sample("{hex:40}", 4);
    for path in ["yarn.lock", "locales/de.json", "assets/app.min.js"] {
        assert_eq!(values(path, &format!("\"token\": \"{value}\"\n")), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn a_dotenv_file_is_read_as_shells_read_it() {
    let value = sample("{base62:20}", 5);
    for line in [
        format!("DB_PASSWORD={value}"),
        format!("export DB_PASSWORD={value}"),
        format!("DB_PASSWORD='{value}'"),
        format!("DB_PASSWORD=\"{value}\" # of the shop"),
        format!("DB_PASSWORD={value} # of the shop"),
        format!("#DB_PASSWORD={value}"),
        format!("  DB_PASSWORD = {value}"),
    ] {
        assert_eq!(values(".env", &(line.clone() + "\nNEXT=1\n")), std::slice::from_ref(&value), "{line}");
    }
    for line in ["DB_PASSWORD=", "DB_PASSWORD=${OTHER}", "DB_PASSWORD=$OTHER", "DB_PASSWORD=changeme"] {
        assert_eq!(values(".env", line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_literal_that_counts_where_nothing_is_set_is_found_even_if_weak() {
    let weak = ["dev", "12345", "shop"].join("-");
    for (path, text) in [
        ("settings.py", format!("SECRET_KEY = os.environ.get(\"SECRET_KEY\", \"{weak}\")")),
        ("settings.py", format!("SECRET_KEY = os.getenv('SECRET_KEY') or '{weak}'")),
        ("app.js", format!("const secret = process.env.JWT_SECRET || '{weak}';")),
        ("app.rb", format!("ENV.fetch('ADMIN_PASSWORD', '{weak}')")),
        ("compose.yaml", format!("  POSTGRES_PASSWORD: ${{POSTGRES_PASSWORD:-{weak}}}")),
        ("run.sh", format!("token=${{API_TOKEN:-{weak}}}")),
        ("App.java", format!("@Value(\"${{app.jwt.secret:{weak}}}\")")),
    ] {
        let findings = LOW.scan_bytes(path, (text.clone() + "\n").as_bytes());
        let found: Vec<_> = findings.iter().map(|found| found.secret.expose()).collect();
        assert_eq!(found, [weak.as_bytes()], "{text}");
    }
}

#[test]
fn what_prose_says_was_hardcoded_is_found_even_if_weak() {
    let value = format!("dev-{}-{}", sample("{digits:5}", 1), "abcdef-ghijkl");
    let found = |before: &str| values("CHANGELOG.md", &format!("- Removed {before} API key `{value}`\n"));
    for before in ["hardcoded", "the hard-coded", "a hard coded"] {
        assert_eq!(found(before), [value.as_str()], "{before}");
    }
    assert_eq!(found("the"), [""; 0]);
    assert_eq!(
        values("README.md", "Never use a hardcoded password `like this one`, nor a hardcoded token `$TOKEN1`.\n"),
        [""; 0]
    );
}

#[test]
fn what_counted_is_told() {
    let text = assignment("db_password", &sample("{base62:24}", 6));
    let finding = MEDIUM.scan_bytes("app.py", text.as_bytes()).remove(0);
    assert_eq!(rule_of(&finding), "generic-secret");
    assert_eq!(finding.confidence, Confidence::High);
    let told: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    assert_eq!(told[0], "assigned to `db_password`");
    assert!(told[1].starts_with("a secret by ") && told[1].contains("letters"), "{}", told[1]);
}

#[test]
fn what_guards_nothing_by_itself_is_a_hint() {
    let uuid = sample("{uuid}", 2);
    let drawn = sample("{base62:30}", 2);
    let fingerprint = sample("{upperhex:40}", 2);
    for (path, line) in [
        ("src/call.json", format!("{{\"ClientRequestToken\": \"{uuid}\"}}")),
        ("src/call.json", format!("{{\"ClientToken\": \"{uuid}\"}}")),
        ("src/call.json", format!("{{\"IdempotencyToken\": \"{uuid}\"}}")),
        ("src/call.json", format!("{{\"PolicyUpdateToken\": \"1:{drawn}\"}}")),
        ("src/call.json", format!("{{\"VerificationToken\": \"{drawn}\"}}")),
        ("src/call.json", format!("{{\"GrantToken\": \"{drawn}\"}}")),
        ("src/http.py", format!("headers[\"Sec-WebSocket-Key\"] = \"{drawn}\"")),
        ("src/http.py", format!("oauth_signature = \"{drawn}\"")),
        ("setup.sh", format!("apt-key adv --recv-keys={fingerprint}")),
        ("src/page.py", format!("print(\"Next page token: {drawn}\")")),
        ("src/a.html", format!("<photo id=\"1\" secret=\"{drawn}\"/>")),
        ("README.md", format!("![state](https://codecov.io/gh/a/b/badge.svg?token={drawn})")),
        ("src/su.py", format!("prompt = '[sudo via shop, key={drawn}] password:'")),
        ("src/page.html", "<p>&ldquo;secret:1&rdquo;</p>".to_owned()),
    ] {
        assert_eq!(values(path, &(line.clone() + "\n")), Vec::<String>::new(), "{line}");
    }
    for name in ["client_token", "SLACK_VERIFICATION_TOKEN", "signing_key"] {
        let text = assignment(name, &drawn) + "\n";
        assert_eq!(values("src/settings.py", &text), std::slice::from_ref(&drawn), "{name}");
    }
}

#[test]
fn hashes_in_other_clothes_and_empty_passwords_are_no_secrets() {
    let encode = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    let hash = sample("{base64:22}", 7);
    for line in [
        format!("auth: {}", encode(&format!("ann:{{SHA}}{hash}="))),
        format!("password: \"ann:$$apr1$${}$${hash}\"", sample("{base62:8}", 7)),
        format!("password: \"ann:shop:{}\"", sample("{hex:32}", 7)),
        format!("Authorization: Basic {}", encode("user:")),
        format!("tls.key: {}", encode("TLSKEY1 of the first host, B")),
    ] {
        assert_eq!(values("deploy/app.yml", &(line.clone() + "\n")), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_value_ends_where_the_next_parameter_begins() {
    let value = sample("{base62:32}", 8);
    for line in
        [format!("body = \"access_token={value}&state=7\""), format!("body = \"user=ann%01auth_token={value}%01%01\"")]
    {
        assert_eq!(values("src/http.py", &(line.clone() + "\n")), std::slice::from_ref(&value), "{line}");
    }
}

#[test]
fn only_a_name_that_ends_with_its_secret_is_told_at_high() {
    let highest = |text: String| {
        let found = MEDIUM.scan_bytes("src/settings.py", text.as_bytes());
        found.iter().map(|one| one.confidence).max()
    };
    let value = sample("{base62:32}", 11);
    for name in ["clientSecret", "API_KEY", "db_password", "access_token"] {
        assert_eq!(highest(format!("{name} = \"{value}\"\n")), Some(Confidence::High), "{name}");
    }
    for name in ["password_salt", "oauth_consumer_key", "token", "wrapped_key", "s3_key"] {
        assert!(highest(format!("{name} = \"{value}\"\n")) < Some(Confidence::High), "{name}");
    }
}

#[test]
fn a_digest_that_holds_the_mark_of_a_token_is_none() {
    let text = format!("pkg/a.py,sha256={}m0-{},120\n", sample("{base62:12}-", 12), sample("{base62:27}", 13));
    assert!(values("x-1.0.dist-info/RECORD", &text).is_empty());
}

#[test]
fn bundles_of_messages_are_known_by_their_language() {
    for (name, expected) in [("messages_pt_BR", 0), ("config_de", 0), ("config_live", 1)] {
        let text = format!("db.password={}\n", sample("{base62:24}", 14));
        assert_eq!(values(&format!("src/{name}.properties"), &text).len(), expected, "{name}");
    }
}

#[test]
fn values_are_found_in_many_ways_of_writing_them() {
    for (path, text) in [
        ("src/Mail.cs", "client.Credentials = new NetworkCredential(\"mailer\", \"@\");\n"),
        ("src/key.c", "char secret_key[32] = \"@\";\n"),
        ("src/net.h", "#define API_TOKEN \"@\"\n"),
        ("variables.tf", "variable \"api_token\" {\n  type    = string\n  default = \"@\"\n}\n"),
        ("init.sql", "CREATE LOGIN app WITH PASSWORD = N'@';\n"),
        ("profile.fish", "set -gx API_TOKEN @\n"),
        ("redis.conf", "requirepass @\n"),
        ("haproxy.cfg", "user admin insecure-password @\n"),
        ("src/Security.java", "auth.withUser(\"admin\").password(\"{noop}@\").roles(\"ADMIN\");\n"),
    ] {
        let found = |seed: &u64| {
            let value = sample("{base62:11}7{base62:10}", *seed);
            values(path, &text.replace('@', &value)) == [value]
        };
        let count = (0..20).filter(found).count();
        assert!(count >= 17, "{text}: {count} of 20");
    }
}

#[test]
fn values_that_stand_together_are_each_found() {
    for (path, text) in [
        ("src/app.py", "API_KEYS = [\"@\", \"#\"]\n"),
        ("src/app.js", "const apiKeys = { prod: '@', test: '#' };\n"),
        ("app.yaml", "api_keys:\n  - @\n  - #\n"),
        ("secret.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  one: @\n  two: #\n"),
        ("users.sql", "INSERT INTO users (name, api_key) VALUES ('ann', '@'), ('ben', '#');\n"),
        ("users.csv", "name,api_key\nann,@\nben,#\n"),
        ("README.md", "| name | api key |\n|---|---|\n| ann | @ |\n| ben | # |\n"),
    ] {
        let found = |seed: &u64| {
            let (one, two) = (sample("{base62:24}", *seed), sample("{base62:24}", seed + 100));
            values(path, &text.replace('@', &one).replace('#', &two)) == [one, two]
        };
        let count = (0..20).filter(found).count();
        assert!(count >= 14, "{text}: {count} of 20");
    }
}

#[test]
fn a_token_that_parses_is_told_in_tests_and_documents_too() {
    for path in ["src/auth.py", "tests/test_auth.py", "docs/guide.md"] {
        let token = sample("{jwt}", 3);
        assert_eq!(values(path, &format!("header {token}\n")), [token], "{path}");
    }
}

#[test]
fn what_a_command_is_given_is_told_in_documents_if_it_looks_like_a_password() {
    for (command, given, told) in [
        ("curl -u admin:@ https://api.test/v1", "{upper:1}{lower:5}{digits:3}", true),
        ("ALTER USER app IDENTIFIED BY @;", "{upper:1}{lower:5}{digits:3}", true),
        ("curl -u admin:@ https://api.test/v1", "password", false),
    ] {
        let text = format!("Then run\n\n    {command}\n").replace('@', &sample(given, 5));
        assert_eq!(values("docs/guide.md", &text).len(), usize::from(told), "{text}");
    }
}

#[test]
fn a_word_in_quotes_has_no_fallback() {
    let value = sample("{upper:1}{lower:5}{digits:3}", 6);
    assert!(values("src/main.go", &format!("// \"password\" or \"{value}\".\n")).is_empty());
    let code = format!("key = os.environ[\"PASSWORD\"] or \"{value}\"\n");
    assert_eq!(values("src/main.py", &code), [value]);
}

#[test]
fn an_id_with_more_behind_it_is_no_near_miss_of_the_id() {
    let pair = format!("AKIA{}:{}", sample("{upper:16}", 2), sample("{base64:40}", 2));
    assert_eq!(values("src/store.rb", &format!("create(credentials: '{pair}')\n")).len(), 1);
}
