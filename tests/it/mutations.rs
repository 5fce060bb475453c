//! Whatever the bytes, a scan ends, and every finding lies inside of them.

use crate::support::{LOW, assignment, sample, url, utf16};
use caulk::Finding;
use caulk::span::{Advance, Span};
use proptest::collection::vec;
use proptest::prelude::*;

const PATHS: &[&str] = &["a.py", "a.yaml", "a.json", "a.xml", "a.md", ".env", "a.min.js", "key", "a.sh", "go.sum"];

/// A text in which much can be found.
fn rich(seed: u64) -> Vec<u8> {
    let lines = [
        assignment("deploy", &sample("ghp_{crc32-base62:30}", seed)),
        assignment("aws_secret_access_key", &sample("{base64:40}", seed)),
        assignment("dsn", &url("postgres", &sample("{base62:18}", seed))),
        format!("ADMIN_PASSWORD={}", sample("{password}", seed)),
        format!("  api_key: \"{}\",", sample("{base62:32}", seed)),
        format!("<password>{}</password>", sample("{base62:20}", seed)),
        format!("{{\"auth\": \"{}\"}}", sample("{jwt}", seed)),
        sample("{pem:ec}", seed),
        format!("twilio = {}", sample("{hex:32}", seed)),
    ];
    lines.join("\n").into_bytes()
}

#[derive(Clone, Debug)]
enum Edit {
    Set(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    use prop::sample::Index;
    prop_oneof![
        any::<(Index, u8)>().prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), 1..60_usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        (any::<Index>(), vec(any::<u8>(), 1..20)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), prop::sample::select(&b"\0\n\r\"'=:{}[]<>\\/-@#$ \t\xff\xc3"[..]))
            .prop_map(|(at, byte)| Edit::Insert(at, vec![byte])),
        (any::<Index>(), any::<Index>(), 1..200_usize).prop_map(|(from, to, count)| Edit::Copy(from, to, count)),
    ]
}

fn apply(text: &mut Vec<u8>, edit: &Edit) {
    if text.is_empty() {
        return;
    }
    let length = text.len();
    match edit {
        Edit::Set(at, byte) => text[at.index(length)] = *byte,
        Edit::Remove(at, count) => {
            let at = at.index(length);
            text.drain(at..(at + count).min(length));
        }
        Edit::Insert(at, bytes) => {
            let at = at.index(length);
            text.splice(at..at, bytes.iter().copied());
        }
        Edit::Copy(from, to, count) => {
            let from = from.index(length);
            let part = text[from..(from + count).min(length)].to_vec();
            let to = to.index(length);
            text.splice(to..to, part);
        }
    }
}

/// Spans inside of the text, not empty, in order, without overlap.
fn check_spans(findings: &[Finding], text: &[u8]) -> Result<(), TestCaseError> {
    for finding in findings {
        let Span { start, end } = finding.place.span;
        prop_assert!(start < end && end <= text.len(), "{start}..{end} of {}", text.len());
        prop_assert!(finding.place.start.line >= 1 && finding.place.start.column >= 1);
        prop_assert!(!finding.place.excerpt.line().chars().any(char::is_control));
    }
    prop_assert!(findings.windows(2).all(|two| two[0].place.span.end <= two[1].place.span.start));
    Ok(())
}

/// Of text that is scanned as it is: the span is the value, and its position the one counted from the beginning.
fn check_positions(findings: &[Finding], text: &[u8]) -> Result<(), TestCaseError> {
    for finding in findings {
        let span = finding.place.span;
        prop_assert!(span.of(text) == finding.secret.expose());
        prop_assert_eq!(finding.place.start, Advance::over(&text[..span.start]).position());
        prop_assert_eq!(finding.place.end, Advance::over(&text[..span.end]).position());
    }
    Ok(())
}

fn many() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn random_bytes_are_harmless(bytes in vec(any::<u8>(), 0..4000), path in prop::sample::select(PATHS)) {
        check_spans(&LOW.scan_bytes(path, &bytes), &bytes)?;
    }

    #[test]
    fn mutated_texts_are_harmless(seed in 0..50_u64, edits in vec(edit(), 1..30), path in prop::sample::select(PATHS)) {
        let mut text = rich(seed);
        edits.iter().for_each(|edit| apply(&mut text, edit));
        let findings = LOW.scan_bytes(path, &text);
        check_spans(&findings, &text)?;
        if caulk::blob::decode::sniff_utf16(&text).is_none() {
            check_positions(&findings, &text)?;
        }
    }

    #[test]
    fn mutated_utf16_is_harmless(seed in 0..50_u64, edits in vec(edit(), 1..10), big: bool) {
        let bytes_of = if big { u16::to_be_bytes } else { u16::to_le_bytes };
        let mut text = utf16(&String::from_utf8_lossy(&rich(seed)), bytes_of);
        edits.iter().for_each(|edit| apply(&mut text, edit));
        check_spans(&LOW.scan_bytes("a.py", &text), &text)?;
    }

    #[test]
    fn texts_of_marks_and_stems_are_harmless(text in r#"(pass|key|token|secret|=|:|"|'|\\|//|://|@|-----BEGIN |-----END |-----|[{}\[\]<>()]|\n|\r\n| |[a-zA-Z0-9]{1,20}|ä|😀){0,200}"#) {
        for path in PATHS {
            check_spans(&LOW.scan_bytes(path, text.as_bytes()), text.as_bytes())?;
        }
    }
}

#[test]
fn every_example_cut_anywhere_is_harmless() {
    for (_, rule) in LOW.rules().iter() {
        let template = rule.syntax().examples.first().expect("every rule has examples");
        let text = sample(template, 1);
        for part in [3, 2] {
            let cut = (0..=text.len() / part).rev().find(|&at| text.is_char_boundary(at)).expect("0 is one");
            LOW.scan_bytes("a.py", &text.as_bytes()[..cut]);
            LOW.scan_bytes(".env", &text.as_bytes()[cut..]);
        }
    }
}
