//! Passwords on command lines and in the records of accounts, where no name stands in front of them.

use super::super::assignment::{Assignment, Way};
use super::read::{next_words, word_at};
use crate::span::Span;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::LazyLock;

/// Where a command takes a password.
#[derive(Clone, Copy)]
enum Takes {
    /// Behind this option, apart from it or not.
    Option(&'static str),
    /// Behind this sign in a word: `user%password`, `user/password@host`, `domain/user:password@host`.
    Behind(u8),
    /// In what is echoed into it.
    Piped,
}

/// Commands in lower case, with where they take a password.
const COMMANDS: &[(&str, Takes)] = &[
    ("keytool", Takes::Option("-storepass ")),
    ("keytool", Takes::Option("-keypass ")),
    ("jarsigner", Takes::Option("-storepass ")),
    ("ldapsearch", Takes::Option("-w ")),
    ("ldapadd", Takes::Option("-w ")),
    ("ldapmodify", Takes::Option("-w ")),
    ("ldapwhoami", Takes::Option("-w ")),
    ("xfreerdp", Takes::Option("/p:")),
    ("rdesktop", Takes::Option("-p ")),
    ("zip", Takes::Option("-P ")),
    ("unzip", Takes::Option("-P ")),
    ("7z", Takes::Option(" -p")),
    ("redis-cli", Takes::Option("-a ")),
    ("ipmitool", Takes::Option("-P ")),
    ("sqlcmd", Takes::Option("-P ")),
    ("bcp", Takes::Option("-P ")),
    ("isql", Takes::Option("-P ")),
    ("mongo", Takes::Option("-p ")),
    ("evil-winrm", Takes::Option("-p ")),
    ("crackmapexec", Takes::Option("-p ")),
    ("netexec", Takes::Option("-p ")),
    ("connect-viserver", Takes::Option("-Password ")),
    ("rootpw", Takes::Option("--plaintext ")),
    ("snmp-server", Takes::Option("community ")),
    ("snmpwalk", Takes::Option("-c ")),
    ("lftp", Takes::Behind(b',')),
    ("smbclient", Takes::Behind(b'%')),
    ("winexe", Takes::Behind(b'%')),
    ("rpcclient", Takes::Behind(b'%')),
    ("sqlplus", Takes::Behind(b'/')),
    ("jdbc:oracle:thin:", Takes::Behind(b'/')),
    ("psexec.py", Takes::Behind(b':')),
    ("wmiexec", Takes::Behind(b':')),
    ("smbexec", Takes::Behind(b':')),
    ("secretsdump", Takes::Behind(b':')),
    ("impdp", Takes::Behind(b'/')),
    ("expdp", Takes::Behind(b'/')),
    ("chpasswd", Takes::Piped),
    ("passwd --stdin", Takes::Piped),
    ("sudo -s", Takes::Piped),
    ("send \"", Takes::Option("send \"")),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(COMMANDS.iter().map(|(name, _)| name)).ok()
});

/// Longest line that is looked at, in bytes.
const LONGEST_LINE: usize = 400;

/// Calls `visit` with what the commands in `text` are given.
pub(super) fn detect(text: &[u8], mut visit: impl FnMut(Span, Assignment)) {
    for hit in FINDER.iter().flat_map(|finder| finder.find_overlapping_iter(text)) {
        let (start, end) = (hit.start(), hit.end());
        let (name, takes) = COMMANDS[hit.pattern().as_usize()];
        let inside = start > 0 && (text[start - 1].is_ascii_alphanumeric() || b"-_.".contains(&text[start - 1]));
        if inside {
            continue;
        }
        let value = match takes {
            Takes::Option(option) => behind_option(text, start, end, option, name),
            Takes::Behind(sign) => next_words(text, end.saturating_sub(1)).find_map(|word| behind(text, word, sign)),
            Takes::Piped => echoed(text, start),
        };
        let name = Span::new(start, end);
        let found = |value: Span| Assignment { name, value, way: Way::LaterArgument, quoted: true, plain: false };
        value.into_iter().for_each(|value| visit(name, found(value)));
    }
}

/// The word behind `option` on the line of the command.
fn behind_option(text: &[u8], start: usize, end: usize, option: &str, name: &str) -> Option<Span> {
    let from = if name == option { start } else { end };
    let line = line_from(text, from);
    let at = from + memchr::memmem::find(line, option.as_bytes())? + option.len();
    let word = word_at(text, at)?;
    let returned = word.of(text).strip_suffix(b"\\r").or_else(|| word.of(text).strip_suffix(b"\\n"));
    Some(Span::new(word.start, word.end - returned.map_or(0, |_| 2)))
}

/// What stands behind `sign` in `word`, up to the host.
fn behind(text: &[u8], word: Span, sign: u8) -> Option<Span> {
    let at = word.start + memchr::memchr(sign, word.of(text))? + 1;
    let user = &text[word.start..at - 1];
    let rest = &text[at..word.end];
    let length = if b"/:".contains(&sign) { memchr::memrchr(b'@', rest)? } else { rest.len() };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.\\/:@".contains(byte);
    (!user.is_empty() && user.iter().all(plain) && length > 0).then(|| Span::new(at, at + length))
}

/// The word that is echoed in front of a pipe into the command; of a user and a password the password.
fn echoed(text: &[u8], command: usize) -> Option<Span> {
    let start =
        memchr::memrchr(b'\n', &text[..command]).map_or(0, |at| at + 1).max(command.saturating_sub(LONGEST_LINE));
    let line = &text[start..command];
    let pipe = memchr::memrchr(b'|', line)?;
    let echo = memchr::memmem::rfind(&line[..pipe], b"echo ")?;
    let words = next_words(text, start + echo + 5).take_while(|word| word.end <= start + pipe);
    let word = words.filter(|word| text[word.start] != b'-').last()?;
    let colon = memchr::memchr(b':', word.of(text)).map_or(0, |at| at + 1);
    Some(Span::new(word.start + colon, word.end))
}

/// The line from `at` on, or the beginning of a long one.
fn line_from(text: &[u8], at: usize) -> &[u8] {
    let line = &text[at..text.len().min(at + LONGEST_LINE)];
    &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())]
}
