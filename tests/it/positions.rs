//! Where a finding is: bytes, lines and columns.

use crate::support::{MEDIUM, Tree, assignment, github, only, sample, utf16};
use caulk::Finding;
use caulk::span::Position;

fn place(finding: &Finding) -> (u64, u64, u64) {
    let Position { line, column, column_utf16 } = finding.place.start;
    (line, column, column_utf16)
}

fn end(finding: &Finding) -> (u64, u64, u64) {
    let Position { line, column, column_utf16 } = finding.place.end;
    (line, column, column_utf16)
}

#[track_caller]
fn assert_exact(finding: &Finding, text: &[u8], value: &str) {
    assert!(finding.place.span.of(text) == value.as_bytes(), "the span {:?} is not the value", finding.place.span);
}

#[test]
fn the_span_is_the_value_to_the_byte() {
    for (path, text) in [
        ("a.py", assignment("deploy", &github(1))),
        ("a.txt", github(1)),
        ("a.yaml", format!("deploy: {}\nother: 1\n", github(1))),
        ("a.env", format!("export DEPLOY={}\n", github(1))),
        ("a.sh", format!("curl -H 'X-Deploy: {}'\n", github(1))),
        ("a.json", format!("{{\"deploy\":\"{}\",\"b\":1}}", github(1))),
    ] {
        assert_exact(&only(path, text.as_bytes()), text.as_bytes(), &github(1));
    }
}

#[test]
fn the_first_byte_is_line_1_column_1() {
    let found = only("a.txt", github(1).as_bytes());
    assert_eq!((place(&found), end(&found)), ((1, 1, 1), (1, 41, 41)));
}

#[test]
fn lines_end_with_lf_or_crlf() {
    for line_end in ["\n", "\r\n"] {
        let text = format!("one{line_end}{line_end}  {}{line_end}", assignment("deploy", &github(1)));
        let found = only("a.py", text.as_bytes());
        assert_exact(&found, text.as_bytes(), &github(1));
        assert_eq!((place(&found), end(&found)), ((3, 13, 13), (3, 53, 53)));
        assert!(!found.place.excerpt.line().contains('\r'));
    }
}

#[test]
fn an_unquoted_value_ends_before_the_line_end() {
    for line_end in ["\n", "\r\n"] {
        let value = sample("{base62:24}", 2);
        let text = format!("A=1{line_end}ADMIN_PASSWORD={value}{line_end}B=2{line_end}");
        assert_exact(&only(".env", text.as_bytes()), text.as_bytes(), &value);
    }
}

#[test]
fn columns_count_bytes_and_utf16_units() {
    let text = format!("x\nä 😀 日 {}", assignment("deploy", &github(1)));
    let found = only("a.py", text.as_bytes());
    assert_exact(&found, text.as_bytes(), &github(1));
    // In front: `ä 😀 日 deploy = "`, 22 bytes, 18 units.
    assert_eq!((place(&found), end(&found)), ((2, 23, 18), (2, 63, 58)));
}

#[test]
fn bytes_that_are_no_text_do_not_move_a_span() {
    let mut text = b"\x80\xff junk \x80\x81\n\xc3\x28 ".to_vec();
    text.extend(assignment("deploy", &github(1)).bytes());
    let found = only("a.py", &text);
    assert_exact(&found, &text, &github(1));
    assert_eq!(found.place.start.line, 2);
}

#[test]
fn utf16_text_is_read_and_the_span_gives_its_raw_bytes() {
    let text = format!("größe 😀\r\nlabel 😀 = '{}'\r\nnext line\r\n", github(1));
    for bytes_of in [u16::to_le_bytes, u16::to_be_bytes] {
        let raw = utf16(&text, bytes_of);
        let marked = [&bytes_of(0xFEFF)[..], &raw].concat();
        for (raw, what) in [(raw, "without a mark"), (marked, "with a mark")] {
            let found = only("a.py", &raw);
            assert!(found.place.span.of(&raw) == utf16(&github(1), bytes_of), "{what}");
            assert!(found.secret.expose() == github(1).as_bytes(), "{what}");
            // In front: `label 😀 = '`, 12 units.
            assert_eq!((found.place.start.line, found.place.start.column_utf16), (2, 13), "{what}");
            assert_eq!((found.place.end.line, found.place.end.column_utf16), (2, 53), "{what}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let text = assignment("deploy", &github(1));
    let files = [
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [&b"\xff\xfe"[..], &utf16(&text, u16::to_le_bytes)].concat(),
        [&b"\xfe\xff"[..], &utf16(&text, u16::to_be_bytes)].concat(),
    ];
    let columns = files.map(|text| only("a.py", &text).place.start.column_utf16);
    assert_eq!(columns, [11; 3]);
}

#[test]
fn utf16_text_gives_the_fingerprints_of_plain_text() {
    let text = assignment("deploy", &github(1)) + "\n";
    let (plain, wide) = (only("a.py", text.as_bytes()), only("a.py", &utf16(&text, u16::to_be_bytes)));
    assert_eq!(plain.fingerprint, wide.fingerprint);
}

#[test]
fn a_block_of_lines_is_one_span() {
    let block = sample("{pem:openssh}", 3);
    let block = block.trim_end();
    let text = format!("first\n{block}\nlast\n");
    let found = only("id_key", text.as_bytes());
    assert_exact(&found, text.as_bytes(), block);
    let (lines, last) = (block.lines().count() as u64, block.lines().last().expect("it has lines").len() as u64);
    assert_eq!((place(&found), end(&found)), ((2, 1, 1), (1 + lines, last + 1, last + 1)));
}

#[test]
fn the_password_of_a_url_is_the_span() {
    let password = sample("{base62:18}", 4);
    let text = assignment("dsn", &crate::support::url("mysql", &password));
    assert_exact(&only("a.py", text.as_bytes()), text.as_bytes(), &password);
}

#[test]
fn a_percent_encoded_password_keeps_its_raw_bytes() {
    let password = sample("{base62:9}%40{base62:9}", 4);
    let text = assignment("dsn", &crate::support::url("mysql", &password));
    assert_exact(&only("a.py", text.as_bytes()), text.as_bytes(), &password);
}

#[test]
fn a_value_at_the_very_end_of_a_huge_line_has_its_column() {
    let text = "word ".repeat(300_000) + &github(5);
    let found = only("a.txt", text.as_bytes());
    assert_exact(&found, text.as_bytes(), &github(5));
    assert_eq!(place(&found), (1, 1_500_001, 1_500_001));
    assert!(found.place.excerpt.line().len() < 200);
}

#[test]
fn json_tells_what_the_library_tells() {
    let text = format!("ä\r\n{}\r\n", assignment("😀", &github(1)));
    let tree = Tree::new().file("a.py", &text);
    let json = tree.scan(&["-f", "json"]).findings().remove(0);
    let found = &MEDIUM.scan_bytes("a.py", text.as_bytes())[0];
    let number = |name: &str| json[name].as_u64().expect("a number");
    assert_eq!((number("line"), number("column"), number("columnUtf16")), place(found));
    assert_eq!((number("endLine"), number("endColumn"), number("endColumnUtf16")), end(found));
    assert_eq!((number("start") as usize, number("end") as usize), (found.place.span.start, found.place.span.end));
    assert_eq!(json["fingerprint"], found.fingerprint.to_string());
}
