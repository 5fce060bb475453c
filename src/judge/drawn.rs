//! Hints: what looks drawn at random where no rule says what it is, and what stands under the name of a secret.
//!
//! Never more than `low`, and only for those who ask: here it is worth more to miss little than to be right.

use super::rejected::Rejected;
use super::value::{self, Look};
use super::{digest, letters, name, placeholder};
use crate::blob::{Chunk, Role, Syntax};
use crate::detect::assignment::Way;
use crate::detect::{Candidate, Found, identifier};
use crate::finding::{Confidence, Evidence};
use crate::rule::lane::RUN_MIN;

/// Shortest literal in quotes that may be a password whoever it is given to.
const SHORTEST_PASSWORD: usize = 10;

/// What speaks of a credential in front of digits, in lower case, and how far before them, in bytes.
const CREDENTIALS: &[&[u8]] = &[b"key", b"token", b"secret", b"credential", b"password"];
const CREDENTIAL_REACH: usize = 64;

/// Letters and digits without a sign among them that a random value of the least length has.
const LONGEST_WORD: usize = 10;

/// Shortest value under the name of a secret.
const SHORTEST_NAMED: usize = 4;

/// Shortest word in prose that is taken for what was told.
const SHORTEST_TOLD: usize = 6;

/// How armour begins: where the lane gives it, a private key may stand behind it in pieces.
const ARMOUR: &[u8] = b"-----BEGIN ";

/// Shortest word that somebody may have chosen for a password.
const SHORTEST_WORD: usize = 8;

/// Different signs that stand in no path and no template.
const MANY_SIGNS: usize = 5;

/// Names of values that are words or digits, beside those of passwords.
const PHRASES: &[&str] = &["phrase", "mnemonic", "secret"];
const NUMBERS: &[&str] = &["pin", "otp"];

/// Bytes of a key pair of Ed25519, and of other keys.
const PAIR: usize = 64;
const KEYS: &[usize] = &[16, 24, 32, 48];

/// Fewest words of a phrase that stands for a key.
const PHRASE: usize = 11;

/// The confidence of `candidate`, which is a hint.
pub(super) fn weigh(
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let value = candidate.secret.of(chunk.text);
    let role = chunk.kind.role;
    let named = role == Role::Generated && matches!(candidate.found, Found::Assignment { quoted: true, .. });
    if matches!(role, Role::Lock | Role::Localisation) || role == Role::Generated && !named {
        return Err(Rejected::Role(role));
    }
    if placeholder::is_reference(value) && !is_of_signs(value) {
        return Err(Rejected::StandIn);
    }
    match candidate.found {
        Found::Assignment { name, way, quoted, .. } => {
            let words = identifier::words(name.of(chunk.text));
            evidence.push(Evidence::Looks(value::look(value).word()));
            let closed = quoted || ends_line(chunk.text, candidate.secret.end);
            by_name(chunk, &Named { words, way, quoted, closed }, value)
        }
        Found::Drawn { quoted } => alone(chunk, candidate, value, quoted),
        _ => Err(Rejected::Drawn),
    }
}

/// The identifier that is given a value.
struct Named {
    words: Vec<String>,
    way: Way,
    quoted: bool,
    /// Is the value all that is given, in quotes or up to the end of its line?
    closed: bool,
}

/// Does nothing but a tag or a sign that ends a value follow on the line?
fn ends_line(text: &[u8], at: usize) -> bool {
    let behind = text[at..].iter().find(|byte| !b" \t\r,;".contains(byte));
    behind.is_none_or(|byte| matches!(byte, b'\n' | b'<'))
}

/// A value that only its looks speak for.
fn alone(chunk: &Chunk<'_>, candidate: &Candidate, value: &[u8], quoted: bool) -> Result<Confidence, Rejected> {
    if value.starts_with(ARMOUR) {
        return Ok(Confidence::Low);
    }
    if placeholder::in_token(value) {
        return Err(Rejected::StandIn);
    }
    let look = value::look(value);
    let run = value.len() >= RUN_MIN;
    let drawn = match look {
        Look::Hashed => true,
        Look::Hash => is_given(chunk, candidate) && !digest::is_named(chunk.text, candidate.secret),
        Look::Random | Look::Password if run => value::is_random_token(value) && is_no_name(value) && !is_pack(value),
        Look::Password if quoted && value.len() >= SHORTEST_PASSWORD => is_mixed_password(value),
        _ => false,
    };
    if drawn { Ok(Confidence::Low) } else { Err(Rejected::Looks(look.word())) }
}

/// Is it more than a name of several words and numbers, and no number itself?
fn is_no_name(value: &[u8]) -> bool {
    let longest = value.split(|byte| !byte.is_ascii_alphanumeric()).map(<[u8]>::len).max().unwrap_or(0);
    let (score, pairs) = letters::word_score(value);
    longest >= LONGEST_WORD && !(pairs >= 5 && score > 0.6) && !is_number(value)
}

/// The name of a pack, which git calls by a digest of what it holds.
fn is_pack(value: &[u8]) -> bool {
    let digest = value.strip_prefix(b"pack-").unwrap_or_default();
    matches!(digest.len(), 40 | 64) && digest.iter().all(u8::is_ascii_hexdigit)
}

/// A number in hexadecimal digits; one of 32 bytes is a key.
fn is_number(value: &[u8]) -> bool {
    value.starts_with(b"0x") && value.len() != 66
}

/// Does a quote, an equals sign or a colon stand in front of it, or nothing but it?
fn is_given(chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
    if chunk.text.trim_ascii() == candidate.secret.of(chunk.text) {
        return true;
    }
    let start = candidate.secret.start;
    let before = chunk.text[..start].trim_ascii_end();
    let told = || {
        let near = chunk.text[start.saturating_sub(CREDENTIAL_REACH)..start].to_ascii_lowercase();
        CREDENTIALS.iter().any(|word| memchr::memmem::find(&near, word).is_some())
    };
    before.last().is_some_and(|byte| b"\"'`=:>".contains(byte)) || told()
}

/// Letters of both cases and digits, which no word is among.
fn is_mixed_password(value: &[u8]) -> bool {
    let holds = |kind: fn(&u8) -> bool| value.iter().any(kind);
    let mixed = holds(u8::is_ascii_lowercase) && holds(u8::is_ascii_uppercase) && holds(u8::is_ascii_digit);
    mixed && value::entropy(value) >= 3.0 && letters::word_score(value).0 <= 0.2
}

/// Letters and digits alone, which change as often as what is drawn.
fn is_drawn_word(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let changes = value.windows(2).filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit()).count();
    digits + letters == value.len() && digits > 1 && letters > 1 && changes > 2 && value::is_random_token(value)
}

/// Twelve words and more, all of letters: what a wallet is recovered from.
fn phrase(value: &[u8]) -> bool {
    let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let plain = |word: &[u8]| (3..=8).contains(&word.len()) && word.iter().all(u8::is_ascii_lowercase);
    words.clone().count() > PHRASE && words.clone().all(plain)
}

/// Are there so many different signs in it that it is neither a path, nor code, nor a template?
fn is_of_signs(value: &[u8]) -> bool {
    let mut signs: Vec<u8> = value.iter().copied().filter(u8::is_ascii_punctuation).collect();
    signs.sort_unstable();
    signs.dedup();
    let holds = |kind: fn(&u8) -> bool| value.iter().any(kind);
    value.len() >= SHORTEST_PASSWORD
        && signs.len() >= MANY_SIGNS
        && holds(u8::is_ascii_alphabetic)
        && !holds(u8::is_ascii_whitespace)
        && !value.iter().any(|byte| b"\"'`".contains(byte))
        && !value.ends_with(b")")
}

/// A word of more than a few letters, or several that are joined.
fn is_one_word(value: &[u8]) -> bool {
    value.len() >= SHORTEST_WORD && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte))
}

/// The bytes that a list of numbers holds, if all of them are and they differ as those of a key do.
fn bytes(value: &[u8]) -> Option<usize> {
    let byte = |number: &[u8]| {
        let number = std::str::from_utf8(number).ok()?;
        let digits = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
        digits.map_or_else(|| number.parse::<u8>(), |digits| u8::from_str_radix(digits, 16)).ok()
    };
    let list = value.trim_ascii().strip_suffix(b",").unwrap_or(value);
    let mut bytes: Vec<u8> =
        list.split(|byte| *byte == b',').map(|one| byte(one.trim_ascii())).collect::<Option<_>>()?;
    let count = bytes.len();
    bytes.sort_unstable();
    bytes.dedup();
    (bytes.len() * 2 > count).then_some(count)
}

/// A value under a name with the stem of a secret.
fn by_name(chunk: &Chunk<'_>, named: &Named, value: &[u8]) -> Result<Confidence, Rejected> {
    let Named { words, way, quoted, closed } = named;
    if value.len() < SHORTEST_NAMED {
        return Err(Rejected::Short);
    }
    let counted = placeholder::is_filler(value);
    let left = name::is_password(words) && placeholder::is_left(value);
    if placeholder::is_placeholder(value) && !is_of_signs(value) && !counted && !left {
        return Err(Rejected::StandIn);
    }
    if name::excludes(words, &[]) || name::echoes(words, value) {
        return Err(Rejected::Name);
    }
    let look = value::look(value);
    if chunk.kind.role == Role::Generated && look != Look::Random {
        return Err(Rejected::Role(Role::Generated));
    }
    let program = matches!(chunk.kind.syntax, Syntax::Code | Syntax::Json | Syntax::Markup);
    let written = *quoted || !program || matches!(way, Way::Markup | Way::Fallback);
    let second = *way == Way::LaterArgument;
    let secret = name::is_secret(words) || words.last().is_some_and(|word| word == "key" || word == "keys");
    let about = words.last().is_some_and(|word| name::QUALIFIERS.contains(&word.as_str()));
    let digit = value.iter().any(u8::is_ascii_digit);
    let holds = |names: &[&str]| name::is_password(words) || words.iter().any(|word| names.contains(&word.as_str()));
    let fine = match look {
        // What follows a `key` in prose is code.
        _ if is_of_signs(value) && second && !quoted => written && name::is_secret(words),
        _ if is_of_signs(value) => written && (secret || second),
        _ if second
            && value.contains(&b',')
            && let Some(count) = bytes(value) =>
        {
            let names = |word: &String| ["key", "secret", "seed", "password", "private"].contains(&word.as_str());
            // A pair of Ed25519 needs no name.
            count == PAIR || KEYS.contains(&count) && words.iter().any(names)
        }
        // Counted up by hand: long enough for a key, in the place of one.
        _ if counted => (written && secret || second) && !about && value.len() >= RUN_MIN,
        // Of the words that follow in prose only those with a digit or a sign inside.
        Look::Random | Look::Password if second && !quoted => {
            let sign = value.iter().any(|byte| b"!@#$%^&*".contains(byte));
            let mixed = sign && value.iter().any(u8::is_ascii_uppercase) && value.iter().any(u8::is_ascii_lowercase);
            let told = name::is_password(words) && (digit || mixed);
            value.len() >= SHORTEST_TOLD && (told || digit && is_drawn_word(value))
        }
        Look::Random | Look::Hashed | Look::Hash => written || digit,
        Look::Uuid => !about,
        Look::Password => written && !about && (secret || second),
        Look::Words if second && !phrase(value) => *quoted && !about && digit,
        // People choose words.
        Look::Words if is_one_word(value) && name::is_secret(words) && *closed && written && *way != Way::Argument => {
            !about
        }
        Look::Words => *quoted && !about && holds(PHRASES) || phrase(value) && holds(&["mnemonic", "phrase", "seed"]),
        Look::Number => written && !about && holds(NUMBERS) && *way != Way::Compared,
        Look::Short | Look::Path | Look::Code => false,
    };
    if fine { Ok(Confidence::Low) } else { Err(Rejected::Looks(look.word())) }
}
