//! Accounts as people write them down: a machine with user and password behind it, `user / password (id/pw)`, the secrets of PPP;
//! and the rows that SQL inserts into a table with a column of passwords.

use super::super::assignment::{Assignment, Way};
use super::read::{names_secret, next_words};
use crate::span::Span;

/// Longest line that is looked at, in bytes.
const LONGEST_LINE: usize = 400;

/// Most words of a line that is a machine and an account.
const MOST_WORDS: usize = 5;

/// What people call such a pair, in lower case.
const PAIRS: &[&[u8]] = &[b"id/pw", b"id/password", b"id / pw", b"user/pass", b"login/pass", b"username/password"];

/// Calls `visit` with the passwords of accounts in the lines of `text`.
pub(super) fn lines(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    let mut at = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let here = Span::new(at, at + line.len());
        at = here.end + 1;
        if !(12..=LONGEST_LINE).contains(&line.len()) {
            continue;
        }
        let value = behind_machine(text, here).or_else(|| in_pair(text, here)).or_else(|| of_peer(text, here));
        let name = Span::new(here.start, here.start);
        value.into_iter().for_each(|value| visit(name, told(name, value)));
    }
}

fn told(name: Span, value: Span) -> Assignment {
    Assignment { name, value, way: Way::LaterArgument, quoted: true, plain: false }
}

/// `10.1.2.3 user password`, with blanks, bars, slashes or commas between.
fn behind_machine(text: &[u8], line: Span) -> Option<Span> {
    let bytes = line.of(text);
    let start = bytes.iter().position(u8::is_ascii_alphanumeric)?;
    let is_part = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let length = bytes[start..].iter().take_while(is_part).count();
    let numbers: Vec<&[u8]> = bytes[start..start + length].split(|byte| *byte == b'.').collect();
    if numbers.len() != 4 || !numbers.iter().all(|number| (1..=3).contains(&number.len())) {
        return None;
    }
    let words = words_between(text, Span::new(line.start + start + length, line.end));
    let [user, value] = words[..] else { return None };
    (is_user(user.of(text)) && is_chosen(value.of(text))).then_some(value)
}

/// `user / password (id/pw)`.
fn in_pair(text: &[u8], line: Span) -> Option<Span> {
    let lower = line.of(text).to_ascii_lowercase();
    let at = PAIRS.iter().find_map(|pair| memchr::memmem::find(&lower, pair))?;
    let before = words_between(text, Span::new(line.start, line.start + at));
    let [.., user, value] = before[..] else { return None };
    (is_user(user.of(text)) && is_chosen(value.of(text))).then_some(value)
}

/// `"user" * "password" *`.
fn of_peer(text: &[u8], line: Span) -> Option<Span> {
    let open = line.start + memchr::memmem::find(line.of(text), b"\" * \"")? + 5;
    let length = memchr::memchr(b'"', &text[open..line.end])?;
    Some(Span::new(open, open + length))
}

/// The words of `span`, at most one more than [`MOST_WORDS`], without the signs that stand between them.
fn words_between(text: &[u8], span: Span) -> Vec<Span> {
    let words = next_words(text, span.start).take_while(|word| word.end <= span.end);
    let is_sign = |word: &Span| word.of(text).iter().all(|byte| b"/|,-=>:(".contains(byte));
    let words: Vec<Span> = words.filter(|word| !is_sign(word)).take(MOST_WORDS + 1).collect();
    // One word with a slash in it is two.
    match words[..] {
        [one] => {
            let slash = memchr::memchr(b'/', one.of(text)).map(|at| one.start + at);
            slash.map_or(words, |at| vec![Span::new(one.start, at), Span::new(at + 1, one.end)])
        }
        _ => words,
    }
}

fn is_user(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_alphabetic)
        && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.-@\\".contains(byte))
}

/// Letters and a digit or sign, as people choose passwords.
fn is_chosen(word: &[u8]) -> bool {
    let letter = word.iter().any(u8::is_ascii_alphabetic);
    let other = word.iter().filter(|byte| byte.is_ascii_digit() || b"!@#$%^&*?".contains(byte)).count();
    word.len() >= 6 && letter && other > 1
}

/// Calls `visit` with what is inserted into the columns that name a secret.
pub(super) fn inserted(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    for at in memchr::memmem::find_iter(text, b"VALUES").chain(memchr::memmem::find_iter(text, b"values")) {
        let before = &text[at.saturating_sub(LONGEST_LINE)..at];
        let Some(head) = before.trim_ascii_end().strip_suffix(b")") else { continue };
        let Some(open) = memchr::memrchr(b'(', head) else { continue };
        let columns: Vec<&[u8]> = head[open + 1..].split(|byte| *byte == b',').collect();
        let Some(column) = columns.iter().position(|column| names_secret(unquoted(column))) else { continue };
        let Some(value) = literal(text, at, column) else { continue };
        let start = at.saturating_sub(LONGEST_LINE) + open + 1;
        let name = Span::new(start, start + head.len() - open - 1);
        visit(name, told(name, value));
    }
}

/// A column without the marks around it.
fn unquoted(column: &[u8]) -> &[u8] {
    let inner = column.trim_ascii();
    let ends = |byte: &u8| b"`\"[]'".contains(byte);
    let start = inner.iter().take_while(|byte| ends(byte)).count();
    let end = inner[start..].iter().rev().take_while(|byte| ends(byte)).count();
    &inner[start..inner.len() - end]
}

/// The literal of the value number `column` behind `at`.
fn literal(text: &[u8], at: usize, column: usize) -> Option<Span> {
    let line = &text[at..text.len().min(at + LONGEST_LINE)];
    let mut here = memchr::memchr(b'(', line)? + 1;
    for number in 0.. {
        here += line[here..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let quote = *line.get(here)?;
        let end = match quote {
            b'\'' | b'"' => here + 1 + memchr::memchr(quote, &line[here + 1..])?,
            _ => here + line[here..].iter().position(|byte| matches!(byte, b',' | b')'))?,
        };
        if number == column {
            return (quote == b'\'' || quote == b'"').then(|| Span::new(at + here + 1, at + end));
        }
        here = end + line[end..].iter().position(|byte| matches!(byte, b',' | b')'))?;
        if line[here] == b')' {
            return None;
        }
        here += 1;
    }
    None
}

/// Calls `visit` with literals that are compared with what stands behind them: `if "..." == password`.
pub(super) fn compared(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    for at in memchr::memmem::find_iter(text, b" == ").chain(memchr::memmem::find_iter(text, b" === ")) {
        let Some(&quote) = text[..at].last().filter(|byte| matches!(byte, b'"' | b'\'')) else { continue };
        let from = at.saturating_sub(LONGEST_LINE);
        let window = &text[from..at - 1];
        let Some(open) = memchr::memrchr2(quote, b'\n', window).filter(|&open| window[open] == quote) else { continue };
        let value = Span::new(from + open + 1, at - 1);
        let behind = &text[at..];
        let gap = behind.iter().take(6).take_while(|byte| b" =".contains(byte)).count();
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.$->[]".contains(byte);
        let length = behind[gap..].iter().take(64).take_while(is_name).count();
        if length > 0 && !value.is_empty() {
            let name = Span::new(at + gap, at + gap + length);
            visit(name, Assignment { name, value, way: Way::Compared, quoted: true, plain: false });
        }
    }
}
