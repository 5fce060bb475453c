//! The most that a value allows to be said, by its looks, its name and what stands in front of it.

use crate::blob::{Chunk, Syntax};
use crate::detect::{Candidate, Found, identifier};
use crate::finding::{Confidence, Evidence};
use crate::judge::rejected::Rejected;
use crate::judge::value::{self, Look};
use crate::judge::{digest, name, placeholder};
use crate::rule::{Plausible, Rule};
use crate::span::Span;

/// From the beginning of a provider's name to a value that the name says little about, in bytes: another name stands between.
const FAR: usize = 48;

/// Fewest bytes of a password in a URL that is more than a hint.
const SHORTEST: usize = 4;

/// Fewest bytes of a value in which signs come up by chance.
const LONG: usize = 40;

/// The most that the value, and for assignments the name, allow.
pub(super) fn by_value(
    rule: &Rule,
    chunk: &Chunk<'_>,
    candidate: &Candidate,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    let value = candidate.secret.of(chunk.text);
    match candidate.found {
        Found::Armor | Found::Decoded | Found::Drawn { .. } => Ok(Confidence::High),
        Found::Url { user, host } => by_url(value, user.of(chunk.text), host.of(chunk.text)),
        Found::Assignment { name, quoted, .. } => {
            by_assignment(rule, name.of(chunk.text), value, quoted, chunk.kind.syntax, evidence)
        }
        Found::Prefix { .. } if digest::holds(chunk.text, candidate.matched.start) => Err(Rejected::Digest),
        Found::Prefix { literal } | Found::Marked { literal } => {
            let inner = candidate.secret.start.saturating_sub(candidate.matched.start);
            by_shape(rule, &value[literal.saturating_sub(inner).min(value.len())..])
        }
        Found::Shape { distance } => {
            let near = if distance > FAR { Confidence::Low } else { Confidence::High };
            Ok(by_shape(rule, value)?.min(by_surroundings(rule, chunk, candidate.secret)?).min(near))
        }
    }
}

/// A value that the pattern matched: made up or not?
pub(super) fn by_shape(rule: &Rule, body: &[u8]) -> Result<Confidence, Rejected> {
    let fine = !placeholder::in_token(body)
        && match rule.syntax().plausible {
            Plausible::Random => value::is_random_token(body),
            Plausible::Any | Plausible::Model => !placeholder::is_reference(body) && !placeholder::is_placeholder(body),
        };
    if fine { Ok(Confidence::High) } else { Err(Rejected::Drawn) }
}

/// What a value that was found by its shape says beside that.
fn by_surroundings(rule: &Rule, chunk: &Chunk<'_>, value: Span) -> Result<Confidence, Rejected> {
    if digest::is_marked(chunk.text, value) {
        return Err(Rejected::Digest);
    }
    // Tables of symbols hold a name of everything.
    let table = chunk.kind.syntax == Syntax::Binary;
    Ok(if table || !fills_class(rule, value.of(chunk.text)) { Confidence::Low } else { Confidence::High })
}

/// Was the value drawn from all of the rule's class? Hexadecimal digits alone, or letters of one case, were hardly drawn from a class
/// with more: they are another key, a digest or a name. Nor were many letters without a digit.
fn fills_class(rule: &Rule, value: &[u8]) -> bool {
    let Some(shape) = rule.facts().and_then(|facts| facts.shape) else { return true };
    let (small, capital) = (shape.class.contains(b'z'), shape.class.contains(b'Z'));
    let plain = value.len() >= LONG && shape.class.contains(b'0') && value.iter().all(u8::is_ascii_alphabetic);
    let hexadecimal = (small || capital) && value.iter().all(u8::is_ascii_hexdigit);
    let one_case =
        small && capital && !(value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase));
    !hexadecimal && !one_case && !plain
}

fn by_url(password: &[u8], user: &[u8], host: &[u8]) -> Result<Confidence, Rejected> {
    // A brace would be encoded in a URL: it is a template's.
    let template = password.iter().any(|byte| b"{}".contains(byte));
    let made_up = placeholder::is_placeholder(password);
    let left = password.len() >= SHORTEST && placeholder::is_left(password);
    if template || placeholder::is_reference(password) || made_up && !left {
        return Err(Rejected::StandIn);
    }
    // `host:123,other:x@host`: a list of hosts with their ports.
    let port = password.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if port > 0 && user.contains(&b'.') && password.get(port) == Some(&b',') {
        return Err(Rejected::Looks("like a list of hosts"));
    }
    let weak = placeholder::is_reference(host)
        || password.eq_ignore_ascii_case(user)
        // `user:a@b:c@host` may be read in several ways.
        || password.splitn(2, |byte| *byte == b'@').nth(1).is_some_and(|rest| rest.contains(&b':'))
        || value::look(password) == Look::Words
        || made_up
        || password.len() < SHORTEST;
    Ok(if weak || placeholder::is_local_host(host) { Confidence::Low } else { Confidence::High })
}

fn by_assignment(
    rule: &Rule,
    identifier: &[u8],
    value: &[u8],
    quoted: bool,
    syntax: Syntax,
    evidence: &mut Vec<Evidence>,
) -> Result<Confidence, Rejected> {
    // Most values are short, and say nothing.
    if value.len() < value::SHORTEST {
        return Err(Rejected::Short);
    }
    let words = identifier::words(identifier);
    // What a pattern of many characters of every kind fits was drawn, whatever signs came up.
    let signs = rule.facts().is_some_and(|facts| facts.min_len as usize >= LONG && !facts.only_tokens);
    let stand_in = match signs {
        true => placeholder::in_signs(value),
        false => placeholder::is_reference(value) || placeholder::is_placeholder(value),
    };
    if stand_in || name::denies(&words, &rule.syntax().names) || name::echoes(&words, value) {
        return Err(if stand_in { Rejected::StandIn } else { Rejected::Name });
    }
    if signs {
        return Ok(Confidence::High);
    }
    if rule.syntax().pattern.is_some() {
        let constant = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
        if value.iter().filter(|byte| **byte == b'_').count() > 1 && value.iter().all(constant) {
            return Err(Rejected::Looks("like the name of a constant"));
        }
        return by_shape(rule, value);
    }
    let look = value::look(value);
    evidence.push(Evidence::Looks(look.word()));
    let password = name::is_password(&words);
    let bare_prose = !quoted && syntax == Syntax::Prose;
    match look {
        Look::Random | Look::Hash if bare_prose && !password => Ok(Confidence::Low),
        Look::Random => Ok(Confidence::High),
        Look::Hash => Ok(Confidence::Medium),
        Look::Password if password && !bare_prose => Ok(Confidence::Medium),
        Look::Password | Look::Uuid => Ok(Confidence::Low),
        Look::Words if password && quoted => Ok(Confidence::Low),
        _ => Err(Rejected::Looks(look.word())),
    }
}
