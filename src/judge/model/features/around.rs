//! What stands around: the line, and the lines beside it.

use super::name::class;
use super::{Feature, Features, Subject, sort};
use crate::detect::CONTEXT;
use crate::detect::identifier::is_word_byte;
use crate::judge::line;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use std::sync::LazyLock;

/// How far the line of a candidate is looked at before its name and behind its value, in bytes.
const LINE: usize = 160;

/// How far the lines beside it are looked at, in bytes.
const BESIDE: usize = 120;

// Who scans what is new only relies on it.
const _: () = assert!(LINE + BESIDE < CONTEXT);

/// Words around a candidate, by what they speak of; features come in the same order.
const WORDS: [&[&str]; 5] = [
    &[
        "user",
        "login",
        "host",
        "email",
        "connect",
        "admin",
        "server",
        "database",
        "account",
        "port",
        "url",
        "endpoint",
        "region",
        "bucket",
        "client",
        "credential",
    ],
    &["assert", "expect", "should", "equal", "test", "mock", "fixture", "verify", "describe", "given"],
    &[
        "plaintext",
        "ciphertext",
        "cipher",
        "digest",
        "hmac",
        "vector",
        "encrypt",
        "decrypt",
        "signature",
        "padding",
        "sha256",
        "result",
        "output",
        "input",
        "public",
    ],
    &["function", "def ", "func ", "class ", "return", "import", "new ", "const ", "struct", "static", "void", "final"],
    &[
        "error", "invalid", "must", "please", "enter", "your", "missing", "required", "example", "message", "label",
        "title",
    ],
];

const LINE_FEATURES: [Feature; 5] =
    [Feature::LineOwner, Feature::LineTest, Feature::LineCrypto, Feature::LineCode, Feature::LineMessage];
const NEAR_FEATURES: [Feature; 5] =
    [Feature::NearOwner, Feature::NearTest, Feature::NearCrypto, Feature::NearCode, Feature::NearMessage];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(WORDS.iter().copied().flatten())
        .ok()
});

/// Adds the words of `text` to `counts`.
fn count_words(text: &[u8], counts: &mut [usize; 5]) {
    let group = |pattern: usize| {
        let mut end = 0;
        WORDS.iter().position(|words| {
            end += words.len();
            pattern < end
        })
    };
    for hit in FINDER.iter().flat_map(|finder| finder.find_iter(text)) {
        if let Some(group) = group(hit.pattern().as_usize()) {
            counts[group] += 1;
        }
    }
}

pub(super) fn fill(subject: &Subject<'_>, features: &mut Features) {
    let (text, name, value) = (subject.text, subject.name, subject.value);
    let first = name.start.min(value.start);
    let before = line::before(text, first, LINE);
    let end = value.end.max(name.end);
    let window = &text[end..text.len().min(end + LINE)];
    let after = memchr::memchr(b'\n', window).map_or(window, |at| &window[..at]);
    line(subject, before, after, features);
    word_before(before, features);
    let mut counts = [0; 5];
    count_words(before, &mut counts);
    count_words(after, &mut counts);
    LINE_FEATURES.into_iter().zip(counts).for_each(|(feature, count)| features.set(feature, count));
    let line_start = first - before.len();
    let above = &text[line_start.saturating_sub(BESIDE)..line_start];
    let below = &text[(end + after.len()).min(text.len())..text.len().min(end + after.len() + BESIDE)];
    let mut counts = [0; 5];
    count_words(above, &mut counts);
    count_words(below, &mut counts);
    NEAR_FEATURES.into_iter().zip(counts).for_each(|(feature, count)| features.set(feature, count));
    features.set(Feature::SameValue, [above, below, after].iter().filter(|part| holds(part, value.of(text))).count());
    let own = &text[line_start..end];
    features.set(Feature::LineAbove, alike(own, last_line(above)));
    let below = below.strip_prefix(b"\n").unwrap_or(below);
    features.set(Feature::LineBelow, alike(own, below.split(|byte| *byte == b'\n').next().unwrap_or_default()));
}

fn line(subject: &Subject<'_>, before: &[u8], after: &[u8], features: &mut Features) {
    let (name, value) = (subject.name, subject.value);
    let start = before.trim_ascii_start();
    let comment = [&b"//"[..], b"#", b"*", b"/*", b"--", b";", b"<!--", b"%", b"\"\"\""]
        .iter()
        .any(|mark| start.starts_with(mark))
        || start.windows(2).any(|two| two == b"//" || two == b"# ");
    features.set(Feature::LineComment, comment);
    features.set(Feature::LineLength, (before.len() + value.end.saturating_sub(name.start) + after.len()) / 2);
    features.set(Feature::LinePlace, start.len());
    features.set(Feature::LineIndent, before.len() - start.len());
    let quotes = |text: &[u8]| text.iter().filter(|byte| matches!(byte, b'"' | b'\'')).count();
    features.set(Feature::LineQuotes, quotes(before) + quotes(after));
}

/// Does `value` stand in `text`, too? Of a generated one that says nothing.
fn holds(text: &[u8], value: &[u8]) -> bool {
    let word = value.len() <= 32 && value.iter().all(|byte| byte.is_ascii_alphabetic() || b"_-. ".contains(byte));
    word && memchr::memmem::find(text, value).is_some()
}

/// The word in front of the name, and whether something is called there.
fn word_before(before: &[u8], features: &mut Features) {
    let rest = before.trim_ascii_end();
    let sign = rest.last().copied().filter(|byte| !is_word_byte(*byte));
    let signs = rest.iter().rev().take_while(|byte| !is_word_byte(**byte)).count();
    let rest = &rest[..rest.len() - signs];
    let word = rest.iter().rev().take(24).take_while(|byte| is_word_byte(**byte)).count();
    features.set(Feature::NameWordBefore, class(&rest[rest.len() - word..]) as u8);
    features.set(Feature::CallBefore, sign.map_or(0, sort));
}

fn last_line(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    memchr::memrchr(b'\n', text).map_or(text, |at| &text[at + 1..])
}

/// How alike two lines are: 0 the other is blank, then by how much of the beginning, letters aside, they share.
fn alike(own: &[u8], other: &[u8]) -> u8 {
    if other.trim_ascii().is_empty() {
        return 0;
    }
    let indent = |line: &[u8]| line.len() - line.trim_ascii_start().len();
    let same_indent = indent(own) == indent(other);
    let signs = |line: &[u8]| {
        let mut signs = [0; 4];
        let found = line.iter().filter(|byte| byte.is_ascii_punctuation() && **byte != b'_').take(4);
        signs.iter_mut().zip(found).for_each(|(sign, byte)| *sign = *byte);
        signs
    };
    let shared = signs(own).iter().zip(&signs(other)).take_while(|(one, two)| one == two).count();
    1 + shared as u8 + if same_indent { 5 } else { 0 }
}
