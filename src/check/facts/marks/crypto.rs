//! Derivation of keys, hashes of passwords, ciphers.

use super::Found;
use crate::check::facts::MarkKind;
use crate::check::facts::code::Code;
use crate::check::names;
use crate::check::parse::lexer::Kind;
use crate::detect::identifier;
use crate::judge::name;

/// What OWASP asks for at least, for PBKDF2 with HMAC-SHA-256 and HMAC-SHA-512.
const FLOOR_256: u64 = 600_000;
const FLOOR_512: u64 = 210_000;

pub(super) fn at_word(code: &Code<'_>, at: usize) -> Option<Found> {
    let word = code.of(at);
    if matches!(word, "MODE_ECB") || word == "ECB" && code.path(at).ends_with("modes.ECB") {
        return Some((MarkKind::WeakCrypto, "encrypts in ECB mode, which shows equal blocks".to_owned()));
    }
    if !code.is_call(at) {
        return None;
    }
    // A plain call is known by its own name, one of a module by any part of its path.
    let part = at > 0 && [".", ":", ">"].iter().any(|sign| code.is(at - 1, sign));
    if !part && !is_known(word) {
        return None;
    }
    let path = code.path(at).to_ascii_lowercase();
    kdf(code, at, &path)
        .or_else(|| digest(code, at, &path))
        .or_else(|| constant(code, at, word))
        .or_else(|| literal_key(code, at, &path))
}

/// Parts of the names of functions that derive keys, hash or encrypt.
const KNOWN: &[&[u8]] = &[
    b"pbkdf2",
    b"pbekeyspec",
    b"rfc2898",
    b"argon2",
    b"bcrypt",
    b"scrypt",
    b"passwordhasher",
    b"md5",
    b"sha1",
    b"fernet",
    b"aesgcm",
    b"chacha20",
    b"secretkeyspec",
    b"cipher",
    b"hashpw",
    b"hkdf",
    b"cbc",
    b"ctr",
    b"gcm",
];

fn is_known(word: &str) -> bool {
    let holds = |part: &[u8]| word.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    KNOWN.iter().any(|part| holds(part))
}

pub(super) fn at_text(text: &str) -> Option<Found> {
    let lower = text.to_ascii_lowercase();
    let java = ["aes/", "des/", "desede/"].iter().any(|start| lower.starts_with(start));
    let ecb = java && lower.contains("/ecb/") || lower.starts_with("aes-") && lower.ends_with("-ecb");
    ecb.then(|| (MarkKind::WeakCrypto, "encrypts in ECB mode, which shows equal blocks".to_owned()))
}

fn kdf(code: &Code<'_>, at: usize, path: &str) -> Option<Found> {
    let strong =
        ["argon2", "bcrypt", "scrypt"].iter().any(|word| path.contains(word)) || path.ends_with("passwordhasher");
    if strong {
        return Some((MarkKind::StrongCrypto, format!("`{}`", code.path(at))));
    }
    let last = path.rsplit('.').next().unwrap_or_default();
    let derives = ["pbkdf2", "pbekeyspec", "rfc2898derivebytes"].iter().any(|word| last.contains(word))
        || path.contains("pbkdf2") && last == "key";
    if !derives {
        return None;
    }
    let close = code.closing(at + 1);
    let iterations = ["iterations", "count", "rounds", "c"]
        .iter()
        .find_map(|name| code.argument(at + 1, name))
        .and_then(|(start, _)| number(code, start));
    let iterations =
        iterations.or_else(|| (at + 2..close).filter_map(|one| number(code, one)).find(|number| *number >= 1000))?;
    let sha512 = (at + 2..close).any(|one| code.of(one).to_ascii_lowercase().contains("sha512"));
    let floor = if sha512 { FLOOR_512 } else { FLOOR_256 };
    if iterations < floor {
        return Some((
            MarkKind::WeakCrypto,
            format!("PBKDF2 with {iterations} rounds; OWASP asks for {floor} at least"),
        ));
    }
    Some((MarkKind::StrongCrypto, format!("PBKDF2 with {iterations} rounds")))
}

/// The number at `at`, or the one that the constant at `at` is given in the same file.
fn number(code: &Code<'_>, at: usize) -> Option<u64> {
    let parse = |at: usize| code.of(at).replace('_', "").parse().ok();
    match code.kind(at)? {
        Kind::Number => parse(at),
        Kind::Word => {
            let name = code.of(at);
            let shouted = name.len() > 2 && !name.bytes().any(|byte| byte.is_ascii_lowercase());
            let given = |one: &usize| {
                code.of(*one) == name && code.is(one + 1, "=") && code.kind(one + 2) == Some(Kind::Number)
            };
            if shouted { (0..code.tokens.len()).find(given).and_then(|one| parse(one + 2)) } else { None }
        }
        _ => None,
    }
}

/// A plain digest of a password.
fn digest(code: &Code<'_>, at: usize, path: &str) -> Option<Found> {
    let last = path.rsplit('.').next().unwrap_or_default();
    if !matches!(last, "md5" | "sha1" | "sha1sum" | "sum" | "md5sum")
        || last == "sum" && !path.contains("md5") && !path.contains("sha1")
    {
        return None;
    }
    let close = code.closing(at + 1);
    let password = (at + 2..close)
        .filter_map(|one| code.word(one))
        .find(|word| name::is_password(&identifier::words(word.as_bytes())))?;
    Some((MarkKind::WeakCrypto, format!("hashes `{password}` with {last}, which is made to be fast")))
}

/// A salt or initialisation vector that is the same each time.
fn constant(code: &Code<'_>, at: usize, word: &str) -> Option<Found> {
    let lower = word.to_ascii_lowercase();
    let takes = ["pbkdf2", "scrypt", "hashpw", "createcipheriv", "hkdf", "cbc", "ctr", "gcm"]
        .iter()
        .any(|name| lower.contains(name))
        || lower == "new" && code.path(at).starts_with("AES");
    let literal = |name: &&str| {
        let (start, end) = code.argument(at + 1, name)?;
        (end == start + 1).then(|| code.text_at(start)).flatten()
    };
    let named = ["salt", "iv", "nonce", "IV"];
    let found = named.iter().find(|name| literal(name).is_some_and(|text| !text.is_empty())).copied();
    let third = || {
        lower == "createcipheriv"
            && code
                .arguments(at + 1)
                .get(2)
                .is_some_and(|(start, end)| end - start == 1 && code.text_at(*start).is_some())
    };
    let found = found.or_else(|| third().then_some("iv")).filter(|_| takes)?;
    Some((MarkKind::WeakCrypto, format!("`{found}` is the same each time: a literal")))
}

/// A literal where a cipher or a signature wants its key.
fn literal_key(code: &Code<'_>, at: usize, path: &str) -> Option<Found> {
    let cipher = matches!(
        path.rsplit('.').next().unwrap_or_default(),
        "fernet" | "aesgcm" | "chacha20poly1305" | "secretkeyspec" | "newcipher"
    ) || path.ends_with("aes.new")
        || path.ends_with("createcipheriv");
    let signs =
        ["jwt.encode", "jwt.sign", "jwt.decode", "jwt.verify", "jws.sign"].iter().any(|end| path.ends_with(end));
    if !cipher && !signs {
        return None;
    }
    let position = usize::from(signs || path.ends_with("createcipheriv"));
    let (start, _) = *code.arguments(at + 1).get(position)?;
    let text = (start..start + 2)
        .find_map(|one| code.text_at(one))
        .filter(|text| !text.is_empty() && !names::is_reference(text))?;
    let what = format!("`{}` is given a literal of {} characters as its key", code.path(at), text.len());
    Some((if signs { MarkKind::SignsWithLiteral } else { MarkKind::KeyLiteral }, what))
}
