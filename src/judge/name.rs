//! What an identifier says about its value.

/// Words that make a name speak of something other than a secret, wherever they stand.
pub(super) const DENIALS: &[&str] = &[
    "public",
    "pub",
    "is",
    "has",
    "check",
    "verify",
    "validate",
    "compare",
    "assert",
    "expect",
    "hash",
    "hashed",
    "fingerprint",
    "thumbprint",
    "digest",
    "sha",
    "md",
    "checksum",
    "reset",
    "forgot",
    "forgotten",
    "invalid",
    "missing",
    "expired",
    "error",
    "err",
    "wrong",
    "incorrect",
    "placeholder",
    "primary",
    "foreign",
    "next",
    "previous",
    "prev",
    "page",
    "pagination",
    "continuation",
    "marker",
    "cursor",
    "output",
    "csrf",
    "authenticity",
    "design",
    "label",
    "hint",
    "prompt",
    "message",
    "msg",
    "tokenizer",
    "tokenize",
    "regex",
    "pattern",
    "keyboard",
    "keymap",
    "shortcut",
    "translation",
    "author",
    "authors",
    "keyword",
    "keywords",
    "credit",
    "credits",
    "keyid",
    "resourcekey",
    "passwordfile",
    "passfile",
    "pubkey",
    "pubkeys",
    "pwdhash",
    "passhash",
];

/// Words that do so behind the word for the secret: a `password_field` is a field, a `field_password` a password.
pub(super) const QUALIFIERS: &[&str] = &[
    "name",
    "names",
    "id",
    "ids",
    "path",
    "paths",
    "file",
    "files",
    "filename",
    "url",
    "uri",
    "urls",
    "endpoint",
    "field",
    "fields",
    "type",
    "types",
    "policy",
    "length",
    "len",
    "size",
    "expiry",
    "expires",
    "expiration",
    "ttl",
    "timeout",
    "count",
    "max",
    "min",
    "format",
    "prefix",
    "suffix",
    "header",
    "headers",
    "column",
    "param",
    "params",
    "parameter",
    "input",
    "class",
    "event",
    "action",
    "handler",
    "callback",
    "provider",
    "ref",
    "reference",
    "version",
    "algorithm",
    "alg",
    "cipher",
    "dir",
    "directory",
    "folder",
    "location",
    "kind",
    "mode",
    "enabled",
    "required",
    "status",
    "state",
    "visible",
    "visibility",
    "icon",
    "selector",
    "button",
    "title",
    "text",
    "description",
    "desc",
    "tooltip",
    "caption",
    "help",
    "link",
    "index",
    "idx",
    "store",
    "storage",
    "cache",
    "manager",
    "mgr",
    "service",
    "factory",
    "builder",
    "strategy",
    "validator",
    "validation",
    "strength",
    "env",
    "var",
    "variable",
    "vars",
    "usage",
    "issuer",
    "scope",
    "scopes",
    "audience",
    "grant",
    "method",
    "scheme",
    "realm",
    "position",
    "pos",
    "offset",
    "locale",
    "group",
    "attr",
    "attribute",
    "property",
    "alias",
    "exception",
    "warning",
    "notice",
    "template",
    "identifier",
    "lookup",
    "separator",
    "delimiter",
    "challenge",
    "arn",
    "sort",
    "partition",
    "keyfile",
];

/// Words for passwords, whose values people choose.
pub(super) const PASSWORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "passwort",
    "passcode",
    "contrase",
    "contraseña",
    "contrasena",
    "senha",
    "parol",
    "parola",
    "motdepasse",
    "pw",
    "userpass",
    "dbpass",
    "mysqlpwd",
    "pgpassword",
    "psk",
    "bindpw",
];

/// Does the name, by its words, speak of something other than a secret? Words that stand in the `asked` names deny nothing.
pub fn denies(words: &[String], asked: &[String]) -> bool {
    excludes(words, asked) || qualifies(words, asked)
}

/// Does one of the words say that it is no secret, wherever it stands?
pub fn excludes(words: &[String], asked: &[String]) -> bool {
    words.iter().any(|word| DENIALS.contains(&word.as_str()) && !is_asked(asked, word))
}

/// Does a word behind the last of the secret say that this is something about it?
pub fn qualifies(words: &[String], asked: &[String]) -> bool {
    let secret = words.iter().rposition(|word| word == "jwt" || is_asked(asked, word)).map_or(0, |at| at + 1);
    words[secret..].iter().any(|word| QUALIFIERS.contains(&word.as_str()))
}

fn is_asked(asked: &[String], word: &str) -> bool {
    asked.iter().any(|name| name.split_whitespace().any(|part| part == word))
}

/// Does the name speak of a password?
pub fn is_password(words: &[String]) -> bool {
    words
        .iter()
        .any(|word| PASSWORDS.contains(&word.as_str()) || word.ends_with("password") || word.ends_with("passwd"))
}

/// Does the name speak of a secret of any kind?
pub fn is_secret(words: &[String]) -> bool {
    let strong = ["secret", "token", "credential", "credentials", "apikey", "jwt"];
    let glued = |two: &[String]| {
        matches!(
            (two[0].as_str(), two[1].as_str()),
            ("api" | "secret" | "access" | "private" | "encryption" | "signing" | "master", "key")
        )
    };
    let names = |word: &String| strong.contains(&word.as_str()) || word.ends_with("token") || word.ends_with("secret");
    is_password(words) || words.iter().any(names) || words.windows(2).any(glued)
}

/// Does the value only repeat the name: `apiKey: "api-key"`, `password = "db_password"`?
pub fn echoes(words: &[String], value: &[u8]) -> bool {
    let of_value: Vec<String> = crate::detect::identifier::words(value)
        .into_iter()
        .filter(|word| !word.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    !of_value.is_empty()
        && of_value.iter().all(|word| {
            words.contains(word)
                || PASSWORDS.contains(&word.as_str())
                || ["key", "secret", "token", "my", "the", "api", "test"].contains(&word.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::identifier::words;

    #[test]
    fn names_of_other_things_are_denied() {
        for name in [
            "publicKey",
            "password_field",
            "tokenType",
            "API_KEY_ID",
            "secretName",
            "password_reset",
            "sha256_key",
            "keyPath",
        ] {
            assert!(denies(&words(name.as_bytes()), &[]), "{name}");
        }
        for name in [
            "db_password",
            "service_password",
            "password_confirmation",
            "authHeaderJWT",
            "apiKey",
            "AWS_SECRET_ACCESS_KEY",
            "JWT_SECRET",
            "clientSecret",
        ] {
            assert!(!denies(&words(name.as_bytes()), &["password".to_owned(), "secret".to_owned()]), "{name}");
        }
    }

    #[test]
    fn values_that_repeat_their_name_say_nothing() {
        assert!(echoes(&words(b"apiKey"), b"api-key") && echoes(&words(b"db_password"), b"my-password"));
        assert!(!echoes(&words(b"db_password"), b"hunter2"));
    }
}
