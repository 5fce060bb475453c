//! Tokens that are text of a known form in Base64.

use super::super::placeholder;
use super::{Fact, Outcome, Proof, STAND_IN, Strength, decode};
use crate::checksum::base64;

pub(super) const ATLASSIAN_DATA_CENTER: Proof = Proof {
    name: "atlassian-dc",
    about: "The Base64 is a number, a colon and twenty or more random bytes.",
    source: "Samsung/CredSweeper, value_atlassian_token_check.py",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(atlassian_data_center(token)),
};

pub(super) const BASIC_AUTH: Proof = Proof {
    name: "basic-auth",
    about: "The Base64 is a user name, a colon and a password, all of it printable.",
    source: "RFC 7617; the auth member of Docker's config.json",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(basic_auth(value)),
};

pub(super) const JFROG_REFERENCE: Proof = Proof {
    name: "jfrog-reference",
    about: "The Base64 is the text reftkn with version, expiry and key.",
    source: "Samsung/CredSweeper, value_jfrog_token_check.py",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(jfrog_reference(token)),
};

pub(super) const WORKOS: Proof = Proof {
    name: "workos",
    about: "The Base64 after the prefix begins with the id of a key, and a random part follows its comma.",
    source: "mongodb/kingfisher rules",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(workos(token)),
};

fn atlassian_data_center(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let encoded = token.strip_prefix(b"BBDC-").unwrap_or(token);
    let bytes = base64::decode(encoded).ok_or("not Base64")?;
    let colon = bytes.iter().position(|byte| *byte == b':').ok_or("no colon")?;
    let (number, random) = bytes.split_at(colon);
    if !(4..=20).contains(&number.len()) || !number.iter().all(u8::is_ascii_digit) {
        return Err("no number of 4 to 20 digits before the colon");
    }
    // Twenty random bytes are all printable once in a hundred million: that would be text.
    if random.len() < 21 || random.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
        return Err("no random bytes after the colon");
    }
    Ok(Vec::new())
}

fn basic_auth(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let encoded = value.strip_prefix(b"Basic ").or_else(|| value.strip_prefix(b"basic ")).unwrap_or(value);
    let bytes = base64::decode(encoded).ok_or("not Base64")?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "not text")?;
    let (user, password) = text.split_once(':').ok_or("no colon")?;
    if user.is_empty() || password.is_empty() || text.chars().any(char::is_control) {
        return Err("no printable user name and password");
    }
    let length = password.chars().count();
    let mut facts: Vec<Fact> = decode::printable(user).map(|user| Fact::new("user", user)).into_iter().collect();
    facts.push(match placeholder::is_placeholder(password.as_bytes()) {
        true => Fact::new("password", STAND_IN),
        false => Fact::new("password", format!("{length} characters")),
    });
    Ok(facts)
}

fn jfrog_reference(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = base64::decode(token).ok_or("not Base64")?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "not text")?;
    let malformed = "not the text of a reference token";
    let mut parts = text.strip_prefix("reftkn:").ok_or(malformed)?.splitn(3, ':');
    let (Some(version), Some(expiry), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed);
    };
    let key_fits = key.len() >= 16 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_/+-=".contains(&byte));
    let expiry: i64 = expiry.parse().map_err(|_| malformed)?;
    if !key_fits || version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed);
    }
    let expires = if expiry == 0 { Some("never".to_owned()) } else { decode::day(expiry) };
    Ok(expires.map(|day| Fact::new("expires", day)).into_iter().collect())
}

fn workos(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let encoded = [b"sk_live_".as_slice(), b"sk_test_"].iter().find_map(|prefix| token.strip_prefix(*prefix));
    let bytes = base64::decode(encoded.ok_or("the prefix is missing")?).ok_or("not Base64")?;
    let rest = bytes.strip_prefix(b"key_").ok_or("the text does not begin with the id of a key")?;
    let (id, random) = rest.split_at_checked(26).ok_or("too short")?;
    let id_fits = id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let random_fits = random.len() >= 17 && random.iter().all(u8::is_ascii_graphic);
    if id_fits && random_fits { Ok(Vec::new()) } else { Err("the text is not that of a key") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_must_both_be_there() {
        let check = |text: &str| basic_auth(data_encoding::BASE64.encode(text.as_bytes()).as_bytes());
        assert_eq!(check("user:four"), Ok(vec![Fact::new("user", "user"), Fact::new("password", "4 characters")]));
        for text in ["user", "user:", ":password", "user:pass\u{7}", ""] {
            assert!(check(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_reference_token_tells_its_expiry() {
        let check = |text: &str| jfrog_reference(data_encoding::BASE64.encode(text.as_bytes()).as_bytes());
        let key = "a1".repeat(14);
        assert_eq!(check(&format!("reftkn:01:0:{key}")), Ok(vec![Fact::new("expires", "never")]));
        assert_eq!(check(&format!("reftkn:01:1767225600:{key}")), Ok(vec![Fact::new("expires", "2026-01-01")]));
        assert!(check(&format!("reftkn:01:soon:{key}")).is_err());
        assert!(check("reftkn:01:0:short").is_err());
    }

    #[test]
    fn text_after_the_number_is_no_data_center_token() {
        let check = |bytes: &[u8]| atlassian_data_center(data_encoding::BASE64.encode(bytes).as_bytes()).is_ok();
        assert!(check(
            b"123456789012:\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"
        ));
        assert!(!check(b"123456789012:this is but a line of text"));
        assert!(!check(b"12:\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14"));
    }
}
