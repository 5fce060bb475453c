//! Secrets that words lead to which are too common for the name lane: names without a stem, calls that log in, commands, what is
//! told in prose; and tables and records with a column of passwords.

use super::super::assignment::{self, Assignment, Way};
use super::super::identifier::{MAX_IDENTIFIER, stands_alone};
use crate::blob::Chunk;
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::sync::LazyLock;

/// What a word means where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// The name of something secret, as a whole word of an identifier.
    Name,
    /// The end of a call whose later arguments are secret.
    Call,
    /// The end of a call whose first argument is secret.
    Opens,
    /// A command: its first argument is a name, the second is secret.
    Command,
    /// What people say a secret is called; it is one of the next words.
    Told,
    /// The same, as a word that stands alone.
    Whole,
    /// What a phrase of many words follows.
    Phrase,
    /// The declaration of a variable, whose default is secret if it has the name of a secret.
    Declared,
}

const LEADS: &[(&str, Lead)] = &[
    ("pin", Lead::Name),
    ("pw", Lead::Whole),
    ("pwd", Lead::Whole),
    ("pass", Lead::Whole),
    ("contraseña", Lead::Told),
    ("비밀번호", Lead::Told),
    ("密码", Lead::Told),
    ("密碼", Lead::Told),
    ("パスワード", Lead::Told),
    ("пароль", Lead::Told),
    ("пароля", Lead::Told),
    ("hasło", Lead::Told),
    ("wachtwoord", Lead::Told),
    ("lösenord", Lead::Told),
    ("mot de passe", Lead::Told),
    ("keyspec(", Lead::Opens),
    ("mnemonic", Lead::Phrase),
    ("phrase", Lead::Phrase),
    ("seed", Lead::Phrase),
    ("community", Lead::Told),
    ("password", Lead::Told),
    ("passwort", Lead::Told),
    ("passwd", Lead::Told),
    ("pin code", Lead::Told),
    ("token", Lead::Told),
    ("secret", Lead::Told),
    ("key", Lead::Told),
    ("credential", Lead::Told),
    ("variable \"", Lead::Declared),
    ("login(", Lead::Call),
    ("connection(", Lead::Call),
    ("connect(", Lead::Call),
    ("signin(", Lead::Call),
    ("identity(", Lead::Call),
    ("mysqli(", Lead::Call),
    ("pdo(", Lead::Call),
    ("net user ", Lead::Command),
    ("/user:", Lead::Command),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut finder = AhoCorasickBuilder::new();
    finder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
    finder.build(LEADS.iter().map(|(word, _)| word)).ok()
});

/// Most cells of a row that are looked at.
const MOST_CELLS: usize = 12;

/// How far below the head of a table its rows are looked at, in bytes: little enough that it decides about none farther than
/// [`REACH`](crate::detect::REACH).
const TABLE_REACH: usize = 1500;

/// Longest line of a table, in bytes.
const LONGEST_ROW: usize = 400;

/// Words behind a name that are looked at.
const MOST_WORDS: usize = 5;

/// Words of a phrase.
const PHRASE: std::ops::RangeInclusive<usize> = 12..=24;

/// Calls `visit` with what the words in `chunk` lead to.
pub(super) fn leads(chunk: &Chunk<'_>, mut visit: impl FnMut(Span, Assignment)) {
    let text = chunk.text;
    for hit in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
        let (word, lead) = LEADS[hit.pattern().as_usize()];
        let plural =
            text[hit.start()..].get(word.len()) == Some(&b's') && LEADS[hit.pattern().as_usize()].1 == Lead::Told;
        let (start, end) = (hit.start(), hit.end() + usize::from(plural));
        let name = Span::new(start, end);
        let told =
            |value: Span, quoted: bool| Assignment { name, value, way: Way::LaterArgument, quoted, plain: false };
        match lead {
            Lead::Name if !stands_alone(text, start, end) => {}
            Lead::Name | Lead::Call | Lead::Opens => {
                let name = assignment::identifier(text, start + word.trim_end_matches('(').len() - 1);
                if name.len() < MAX_IDENTIFIER {
                    assignment::read(chunk, name, |read| match lead {
                        // The rest of the callee says what the call is for, not what it is given.
                        Lead::Opens => {
                            let name = Span::new(start, end - 1);
                            visit(name, Assignment { name, way: Way::LaterArgument, ..read });
                        }
                        Lead::Name => visit(name, read),
                        _ if read.way == Way::LaterArgument => visit(name, read),
                        _ => {}
                    });
                }
            }
            Lead::Command => next_words(text, end).skip(1).take(1).for_each(|value| visit(name, told(value, true))),
            Lead::Told | Lead::Whole if !text.get(end).is_some_and(|next| b" \t:=\"'*,[)".contains(next)) => {}
            Lead::Whole if !stands_alone(text, start, end) => {}
            Lead::Told | Lead::Whole => {
                // What has a name in another language than the judge's has none for it.
                let foreign = !word.is_ascii() || word.contains(' ') || word == "pw";
                next_words(text, end).take(MOST_WORDS).for_each(|value| {
                    let quoted = foreign || value.start > 0 && b"\"'`".contains(&text[value.start - 1]);
                    visit(name, told(value, quoted));
                });
            }
            Lead::Phrase => phrase(text, end).into_iter().for_each(|value| visit(name, told(value, true))),
            Lead::Declared => {
                let declared = declared(text, end);
                declared.into_iter().for_each(|(name, value)| visit(name, Assignment { name, ..told(value, true) }));
            }
        }
    }
}

/// The words on the same line from `at` on, without the quotes and stops around them.
pub(super) fn next_words(text: &[u8], at: usize) -> impl Iterator<Item = Span> + '_ {
    let line = &text[at..text.len().min(at + LONGEST_ROW)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let mut start = at;
    line.split(u8::is_ascii_whitespace).filter_map(move |word| {
        let begin = start;
        start += word.len() + 1;
        let left = word.iter().take_while(|byte| b"\"'`*(:=)|[<".contains(byte)).count();
        let right = word[left..].iter().rev().take_while(|byte| b"\"'`*),.;|]>".contains(byte)).count();
        let span = Span::new(begin + left, begin + word.len() - right);
        let link = [&b"://"[..], b"]("].iter().any(|sign| memchr::memmem::find(word, sign).is_some());
        (span.len() > 1 && !link).then_some(span)
    })
}

/// The word at `at`.
pub(super) fn word_at(text: &[u8], at: usize) -> Option<Span> {
    next_words(text, at).next()
}

/// A phrase of many words in lower case, a few signs behind `at`.
fn phrase(text: &[u8], at: usize) -> Option<Span> {
    let rest = &text[at..text.len().min(at + LONGEST_ROW)];
    let start = rest.iter().take(24).position(|byte| b"\"'`:=".contains(byte))?;
    let begin = start + rest[start..].iter().take(8).position(u8::is_ascii_lowercase)?;
    let fits = |byte: &&u8| byte.is_ascii_lowercase() || **byte == b' ';
    let length = rest[begin..].iter().take_while(fits).count();
    let phrase = rest[begin..begin + length].trim_ascii_end();
    let words = phrase.split(|byte| *byte == b' ').filter(|word| (3..=8).contains(&word.len())).count();
    let all = phrase.split(|byte| *byte == b' ').count();
    (words == all && PHRASE.contains(&all)).then(|| Span::new(at + begin, at + begin + phrase.len()))
}

/// The name of a variable that is declared in quotes, and its default.
fn declared(text: &[u8], at: usize) -> Option<(Span, Span)> {
    let rest = &text[at..text.len().min(at + LONGEST_ROW)];
    let name = memchr::memchr(b'"', rest)?;
    let body = &rest[..memchr::memmem::find(rest, b"\n}").unwrap_or(rest.len())];
    let default = memchr::memmem::find(body, b"default")?;
    let open = default + memchr::memchr(b'"', &body[default..])? + 1;
    let length = memchr::memchr(b'"', &body[open..])?;
    Some((Span::new(at, at + name), Span::new(at + open, at + open + length)))
}

/// Calls `visit` with the last field of lines like `host:5432:database:user:password`.
pub(super) fn records(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    for hit in memchr::memchr_iter(b':', text) {
        let start = memchr::memrchr(b'\n', &text[..hit]).map_or(0, |at| at + 1);
        let line = &text[start..text.len().min(hit + LONGEST_ROW)];
        let line = line[..memchr::memchr(b'\n', line).unwrap_or(line.len())].trim_ascii_end();
        // Each line once, at its first colon.
        if memchr::memchr(b':', line) != Some(hit - start) || line.len() > LONGEST_ROW {
            continue;
        }
        let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
        let [host, port, _, user, password] = fields[..] else { continue };
        let port_fits = port == b"*" || (2..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit);
        let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-*_".contains(byte);
        let plain = host.iter().all(is_host) && line.iter().all(u8::is_ascii_graphic);
        if port_fits && plain && !host.is_empty() && !user.is_empty() && password.len() > 3 {
            let end = start + line.len();
            let (name, value) = (Span::new(start, start + host.len()), Span::new(end - password.len(), end));
            visit(name, Assignment { name, value, way: Way::LaterArgument, quoted: true, plain: false });
        }
    }
}

/// Calls `visit` with the cells below the heads that name a password, in tables of Markdown and of commas.
pub(super) fn tables(chunk: &Chunk<'_>, mut visit: impl FnMut(Span, Assignment)) {
    let text = chunk.text;
    let mut at = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let here = Span::new(at, at + line.len());
        at = here.end + 1;
        if line.len() > LONGEST_ROW || line.len() < 8 {
            continue;
        }
        for sign in [b'|', b',', b';', b'\t'] {
            let heads = cells(text, here, sign);
            if (2..=MOST_CELLS).contains(&heads.len()) && heads.iter().all(|head| is_head(head.of(text))) {
                let columns = heads.iter().enumerate().filter(|(_, head)| names_secret(head.of(text)));
                for (column, &name) in columns {
                    below(text, at, sign, (column, heads.len()), |value| {
                        visit(name, Assignment { name, value, way: Way::LaterArgument, quoted: true, plain: false });
                    });
                }
            }
        }
    }
}

/// The cells of column `column` of `count` in the rows from `at` on.
fn below(text: &[u8], at: usize, sign: u8, (column, count): (usize, usize), mut visit: impl FnMut(Span)) {
    let mut start = at.min(text.len());
    for line in text[start..].split(|byte| *byte == b'\n') {
        let row = Span::new(start, start + line.len());
        start = row.end + 1;
        if line.len() > LONGEST_ROW || row.end > at + TABLE_REACH {
            return;
        }
        let values = cells(text, row, sign);
        if values.len() != count {
            return;
        }
        visit(values[column]);
    }
}

/// The cells of a row without blanks, quotes and the signs at its ends.
fn cells(text: &[u8], row: Span, sign: u8) -> Vec<Span> {
    let mut start = row.start;
    let mut cells: Vec<Span> = Vec::new();
    for piece in row.of(text).split(|byte| *byte == sign).take(MOST_CELLS + 3) {
        let trims = |byte: &&u8| byte.is_ascii_whitespace() || matches!(**byte, b'"' | b'`');
        let left = piece.iter().take_while(trims).count();
        let right = piece[left..].iter().rev().take_while(trims).count();
        cells.push(Span::new(start + left, start + piece.len() - right));
        start += piece.len() + 1;
    }
    if sign == b'|' {
        cells.retain(|cell| cell.end > cell.start);
    }
    cells
}

/// A word or two, as they stand at the head of a column.
fn is_head(cell: &[u8]) -> bool {
    (1..=32).contains(&cell.len()) && cell.iter().all(|byte| byte.is_ascii_alphabetic() || b" _-*".contains(byte))
}

pub(super) fn names_secret(head: &[u8]) -> bool {
    let head = head.to_ascii_lowercase();
    ["password", "passwd", "pwd", "secret", "token", "api key", "api_key", "apikey"]
        .iter()
        .any(|word| head.strip_prefix(b"**").unwrap_or(&head).trim_ascii().ends_with(word.as_bytes()))
}
