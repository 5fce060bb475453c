//! A candidate as the model is shown it, and whether it is worth a look at all.

use super::encoded::{encodes_placeholder, encodes_user};
use crate::blob::{Chunk, FileKind, Role, Syntax};
use crate::detect::assignment::Way;
use crate::detect::{Candidate, Found};
use crate::judge::model::lexicon;
use crate::judge::placeholder;
use crate::span::Span;

/// Shortest value that is judged, in bytes.
const SHORTEST: usize = 4;

/// Most of the name of a resource that stands in front of the word for the secret, in bytes.
const RESOURCE: usize = 120;

/// A candidate as the model is shown it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'t> {
    /// The text that holds it.
    pub text: &'t [u8],
    /// The identifier.
    pub name: Span,
    /// The value.
    pub value: Span,
    /// How the value is given.
    pub way: Way,
    /// Does the value stand in quotes?
    pub quoted: bool,
    /// What the file is.
    pub kind: FileKind,
}

impl<'t> Subject<'t> {
    /// What `candidate` is about, if it has a name.
    pub fn of(chunk: &Chunk<'t>, candidate: &Candidate) -> Option<Self> {
        let (name, way, quoted) = match candidate.found {
            Found::Assignment { name, way, quoted, .. } => (name, way, quoted),
            Found::Url { user, .. } => (Span::new(candidate.matched.start, user.end), Way::Url, false),
            Found::Prefix { .. }
            | Found::Shape { .. }
            | Found::Armor
            | Found::Marked { .. }
            | Found::Decoded
            | Found::Drawn { .. } => {
                return None;
            }
        };
        Some(Self { text: chunk.text, name, value: candidate.secret, way, quoted, kind: chunk.kind })
    }

    /// Is the file one in which names and values mean something? Hashes and keys stand in some by the thousand.
    pub const fn is_readable(&self) -> bool {
        !matches!(self.kind.role, Role::Generated | Role::Lock | Role::Localisation)
    }

    /// Can the value be a secret at all? What is too short, refers to one or stands in for one cannot.
    pub fn is_open(&self) -> bool {
        let value = self.value.of(self.text);
        // Quotes that printers set.
        let printed = [&b"&rdquo"[..], b"&rsquo", b"&raquo"].iter().any(|quote| value.ends_with(quote));
        if printed
            || !self.is_readable()
            || value.len() < SHORTEST
            || is_colour(value)
            || is_digest(value)
            || value.starts_with(b"-----BEGIN")
        {
            return false;
        }
        // In `arn:aws:secretsmanager:...:secret:name` stands the name of a secret.
        if !self.quoted && self.text[..self.name.start].ends_with(b":") && self.is_in_resource() {
            return false;
        }
        let program = matches!(self.kind.syntax, Syntax::Code | Syntax::Json | Syntax::Markup);
        // A bare word in a program is nearly always a variable.
        let bare = program && !self.quoted && self.way != Way::Url;
        let variable = bare && (value.ends_with(b"(") || !self.ends_literal() && is_identifier(value));
        !variable
            && !placeholder::is_reference(value)
            && !placeholder::is_placeholder(value)
            && !encodes_placeholder(value)
            && !encodes_user(value)
    }

    /// Is the name a part of a resource of AWS?
    fn is_in_resource(&self) -> bool {
        let start = self.name.start;
        let before = &self.text[start.saturating_sub(RESOURCE)..start];
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b":-_/*".contains(byte);
        let count = before.iter().rev().take_while(part).count();
        before[before.len() - count..].starts_with(b"arn:")
    }

    /// Does a bare value end where the literal that holds it ends?
    fn ends_literal(&self) -> bool {
        matches!(self.text.get(self.value.end), Some(b'"' | b'\'' | b'`' | b'\\' | b'&'))
    }
}

/// `#fff` and `#ffeedd80`: what style sheets give to all kinds of names.
fn is_colour(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"#").unwrap_or_default();
    matches!(digits.len(), 3 | 4 | 6 | 8) && digits.iter().all(u8::is_ascii_hexdigit)
}

/// `sha256:...`, `SHA-1=...`: a digest, and of what.
fn is_digest(value: &[u8]) -> bool {
    let mut rest = value;
    let mut skip = |word: &[u8]| {
        let begins = rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        rest = &rest[if begins { word.len() } else { 0 }..];
        begins
    };
    let sha = skip(b"sha");
    let named = match sha {
        true => {
            skip(b"-");
            [&b"1"[..], b"256", b"384", b"512"].into_iter().any(skip)
        }
        false => skip(b"md5"),
    };
    named && matches!(rest.first(), Some(b':' | b'-' | b'/' | b'='))
}

/// Longest hexadecimal constant, with its type, in bytes.
const CONSTANT: usize = 21;

/// What programs write without quotes: words without a digit, of letters that words are made of, and numbers with a type.
fn is_identifier(value: &[u8]) -> bool {
    let digits = value.iter().any(u8::is_ascii_digit);
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-$@:".contains(byte);
    let number = value.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let suffix = &value[number..];
    if value.len() <= CONSTANT
        && value.starts_with(b"0x")
        && value[2..].iter().all(|byte| byte.is_ascii_hexdigit() || b"uUlL_".contains(byte))
    {
        return true;
    }
    if number > 0 && !suffix.is_empty() && suffix.len() <= 5 && b"uifULlpem".contains(&suffix[0]) {
        return true;
    }
    if !value.iter().all(part) {
        return !digits;
    }
    let letters = lexicon::letters(value);
    letters.letters > 0 && letters.covered >= letters.letters
}
