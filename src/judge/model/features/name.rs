//! What the name says.

use super::{Feature, Features, Subject};
use crate::detect::identifier::each_word;
use crate::judge::model::vocabulary::{Vocabulary, word_hash};
use crate::judge::name::{DENIALS, PASSWORDS, QUALIFIERS};
use std::sync::LazyLock;

/// Longest word that is known, in bytes.
const LONGEST: usize = 24;

/// What a word speaks of; the numbers are features.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    Other = 0,
    Denial = 1,
    Qualifier = 2,
    Identity = 3,
    Public = 4,
    Hash = 5,
    MadeUp = 6,
    Salt = 7,
    Owner = 8,
    Use = 9,
    Api = 10,
    Key = 11,
    Auth = 12,
    Credential = 13,
    Token = 14,
    Private = 15,
    Secret = 16,
    Password = 17,
}

static CLASSES: LazyLock<Vocabulary<Class>> = LazyLock::new(|| {
    let lists: [(Class, &[&str]); 17] = [
        (Class::Denial, DENIALS),
        (Class::Qualifier, QUALIFIERS),
        (Class::Identity, &["id", "ids", "sid", "uuid", "guid", "name", "names", "username", "email", "uid"]),
        (Class::Public, &["public", "pub", "publishable"]),
        (Class::Hash, &["hash", "hashed", "digest", "sha", "md", "checksum", "fingerprint", "crypted", "encrypted"]),
        (
            Class::MadeUp,
            &["test", "tests", "expected", "invalid", "wrong", "bad", "fake", "mock", "dummy", "example", "sample"],
        ),
        (Class::Salt, &["salt", "nonce", "iv", "seed", "seeds"]),
        (
            Class::Owner,
            &[
                "client", "app", "consumer", "account", "user", "admin", "root", "db", "database", "master", "server",
                "mysql", "postgres", "pg", "redis", "mongo", "rabbitmq", "smtp", "mail", "ldap", "ftp", "proxy", "ssh",
                "aws", "google", "github", "gitlab", "slack", "stripe", "twilio", "azure", "facebook", "twitter",
            ],
        ),
        (
            Class::Use,
            &[
                "access",
                "refresh",
                "session",
                "webhook",
                "signing",
                "signature",
                "sign",
                "encryption",
                "encrypt",
                "hmac",
                "aes",
                "rsa",
                "crypto",
                "license",
                "shared",
                "cookie",
                "store",
                "keystore",
                "truststore",
            ],
        ),
        (Class::Api, &["api", "rest"]),
        (Class::Key, &["key", "keys", "apikey", "accesskey", "secretkey", "authkey", "appkey", "keyid"]),
        (
            Class::Auth,
            &["auth", "authorization", "authentication", "oauth", "authenticate", "basic", "bearer", "login"],
        ),
        (Class::Credential, &["credential", "credentials", "cred", "creds"]),
        (Class::Token, &["token", "tokens", "jwt", "authtoken", "accesstoken"]),
        (Class::Private, &["private", "priv", "privkey", "privatekey"]),
        (Class::Secret, &["secret", "secrets", "clientsecret", "appsecret"]),
        (Class::Password, PASSWORDS),
    ];
    Vocabulary::new(lists.iter().flat_map(|(class, words)| words.iter().map(|word| (word.as_bytes(), *class))))
});

/// The class of a word, in any case.
pub(super) fn class(word: &[u8]) -> Class {
    if word.len() > LONGEST {
        return Class::Other;
    }
    class_of(word, word_hash(word))
}

/// The class of a word with this hash.
pub(super) fn class_of(word: &[u8], hash: u64) -> Class {
    if let Some(class) = CLASSES.get(hash) {
        return class;
    }
    let ends = |end: &[u8]| word.len() >= end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end);
    let begins = |start: &[u8]| word.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    match word.len() {
        0..5 => Class::Other,
        _ if ends(b"password") || ends(b"passwd") || begins(b"password") => Class::Password,
        _ if ends(b"secret") => Class::Secret,
        _ if ends(b"token") => Class::Token,
        _ => Class::Other,
    }
}

pub(super) fn fill(subject: &Subject<'_>, features: &mut Features) {
    let name = subject.name.of(subject.text);
    let (mut counts, mut last, mut before_last, mut first) = ([0_usize; 18], Class::Other, Class::Other, None);
    let mut words = 0_usize;
    each_word(name, |word| {
        let class = class(word);
        counts[class as usize] += 1;
        (before_last, last) = (last, class);
        first.get_or_insert(class);
        words += 1;
    });
    features.set(Feature::NameWords, words);
    features.set(Feature::NameLength, name.len());
    features.set(Feature::NameStyle, style(name));
    features.set(Feature::NameLast, last as u8);
    features.set(Feature::NameBeforeLast, before_last as u8);
    features.set(Feature::NameFirst, first.unwrap_or(Class::Other) as u8);
    for (feature, class) in [
        (Feature::NameOther, Class::Other),
        (Feature::NamePassword, Class::Password),
        (Feature::NameSecret, Class::Secret),
        (Feature::NameToken, Class::Token),
        (Feature::NameKey, Class::Key),
        (Feature::NameApi, Class::Api),
        (Feature::NameAuth, Class::Auth),
        (Feature::NameCredential, Class::Credential),
        (Feature::NameSalt, Class::Salt),
        (Feature::NamePrivate, Class::Private),
        (Feature::NamePublic, Class::Public),
        (Feature::NameOwner, Class::Owner),
        (Feature::NameUse, Class::Use),
        (Feature::NameHash, Class::Hash),
        (Feature::NameIdentity, Class::Identity),
        (Feature::NameDenial, Class::Denial),
        (Feature::NameQualifier, Class::Qualifier),
        (Feature::NameMadeUp, Class::MadeUp),
    ] {
        features.set(feature, counts[class as usize]);
    }
    features.set(Feature::NameDots, memchr::memchr_iter(b'.', name).count());
}

/// 0 lower case, 1 capitalised or camel case, 2 upper case.
fn style(name: &[u8]) -> u8 {
    let upper = name.iter().any(u8::is_ascii_uppercase);
    let lower = name.iter().any(u8::is_ascii_lowercase);
    match (upper, lower) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    }
}
