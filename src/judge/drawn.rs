//! Hints: what looks drawn at random where no rule says what it is, and what stands under the name of a secret.
//!
//! Never more than `low`, and only for those who ask: here it is worth more to miss little than to be right.

use super::rejected::Rejected;
use super::value::{self, Look};
use super::{letters, name, placeholder};
use crate::blob::{Chunk, Role, Syntax};
use crate::detect::assignment::Way;
use crate::detect::{Candidate, Found, identifier};
use crate::finding::{Confidence, Evidence};
use crate::rule::lane::RUN_MIN;

/// Shortest literal in quotes that may be a password whoever it is given to.
const SHORTEST_PASSWORD: usize = 10;

/// Letters and digits without a sign among them that a random value of the least length has.
const LONGEST_WORD: usize = 10;

/// Shortest value under the name of a secret.
const SHORTEST_NAMED: usize = 4;

/// How far before a digest its name may stand, in bytes.
const DIGEST_REACH: usize = 48;

/// What names a digest on the same line, in lower case.
const DIGESTS: &[&[u8]] =
    &[b"sha", b"md5", b"digest", b"checksum", b"integrity", b"commit", b"rev", b"hash", b"etag", b"@", b"crc", b"blob"];

/// The confidence of `candidate`, which is a hint.
pub(super) fn weigh(
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let value = candidate.secret.of(chunk.text);
    let role = chunk.kind.role;
    if matches!(role, Role::Generated | Role::Lock | Role::Localisation) {
        return Err(Rejected::Role(role));
    }
    if placeholder::is_reference(value) {
        return Err(Rejected::StandIn);
    }
    match candidate.found {
        Found::Assignment { name, way, quoted, .. } => {
            let words = identifier::words(name.of(chunk.text));
            evidence.push(Evidence::Looks(value::look(value).word()));
            by_name(chunk, &Named { words, way, quoted }, value)
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
}

/// A value that only its looks speak for.
fn alone(chunk: &Chunk<'_>, candidate: &Candidate, value: &[u8], quoted: bool) -> Result<Confidence, Rejected> {
    if placeholder::in_token(value) {
        return Err(Rejected::StandIn);
    }
    let look = value::look(value);
    let run = value.len() >= RUN_MIN;
    let drawn = match look {
        Look::Hashed => true,
        Look::Hash => is_given(chunk, candidate) && !stands_by_digest(chunk, candidate),
        Look::Random | Look::Password if run => value::is_random_token(value) && is_no_name(value),
        Look::Password if quoted && value.len() >= SHORTEST_PASSWORD => is_mixed_password(value),
        _ => false,
    };
    if drawn { Ok(Confidence::Low) } else { Err(Rejected::Looks(look.word())) }
}

/// Is it more than a name of several words and numbers, and no number itself?
fn is_no_name(value: &[u8]) -> bool {
    let longest = value.split(|byte| !byte.is_ascii_alphanumeric()).map(<[u8]>::len).max().unwrap_or(0);
    let (score, pairs) = letters::word_score(value);
    longest >= LONGEST_WORD && !(pairs >= 5 && score > 0.2) && !value.starts_with(b"0x")
}

/// Does a quote, an equals sign or a colon stand in front of it?
fn is_given(chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
    let before = chunk.text[..candidate.secret.start].trim_ascii_end();
    before.last().is_some_and(|byte| b"\"'`=:>".contains(byte))
}

/// Letters of both cases and digits, which no word is among.
fn is_mixed_password(value: &[u8]) -> bool {
    let holds = |kind: fn(&u8) -> bool| value.iter().any(kind);
    let mixed = holds(u8::is_ascii_lowercase) && holds(u8::is_ascii_uppercase) && holds(u8::is_ascii_digit);
    mixed && value::entropy(value) >= 3.0 && letters::word_score(value).0 <= 0.2
}

/// Does the line call what stands there a digest?
fn stands_by_digest(chunk: &Chunk<'_>, candidate: &Candidate) -> bool {
    let start = candidate.secret.start;
    let before = &chunk.text[start.saturating_sub(DIGEST_REACH)..start];
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]).to_ascii_lowercase();
    DIGESTS.iter().any(|name| memchr::memmem::find(&line, name).is_some())
}

/// A value under a name with the stem of a secret.
fn by_name(chunk: &Chunk<'_>, named: &Named, value: &[u8]) -> Result<Confidence, Rejected> {
    let Named { words, way, quoted } = named;
    if value.len() < SHORTEST_NAMED {
        return Err(Rejected::Short);
    }
    if placeholder::is_placeholder(value) {
        return Err(Rejected::StandIn);
    }
    if name::excludes(words, &[]) || name::echoes(words, value) {
        return Err(Rejected::Name);
    }
    let look = value::look(value);
    let program = matches!(chunk.kind.syntax, Syntax::Code | Syntax::Json | Syntax::Markup);
    let written = *quoted || !program || matches!(way, Way::Markup | Way::Fallback);
    let second = *way == Way::LaterArgument;
    let secret = name::is_secret(words) || words.last().is_some_and(|word| word == "key" || word == "keys");
    let about = words.last().is_some_and(|word| name::QUALIFIERS.contains(&word.as_str()));
    let digit = value.iter().any(u8::is_ascii_digit);
    let fine = match look {
        Look::Random | Look::Hashed | Look::Hash => written || digit,
        Look::Uuid => !about,
        Look::Password => written && !about && (secret || second),
        Look::Words => *quoted && !about && name::is_password(words) && *way != Way::Told,
        Look::Number => written && !about && name::is_password(words) && *way != Way::Compared,
        Look::Short | Look::Path | Look::Code => false,
    };
    if fine { Ok(Confidence::Low) } else { Err(Rejected::Looks(look.word())) }
}
