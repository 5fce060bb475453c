//! Whose key it is where the name does not tell: the type that is made, or the section that it stands in.

use crate::judge::line;

/// How far in front of a name its line is looked at, in bytes.
const REACH: usize = 160;

/// How far above the section may begin, in bytes and lines.
const ABOVE: usize = 600;
const MOST_LINES: usize = 12;

/// What may say whose the key at `at` is, nearest first.
pub(super) fn owners(text: &[u8], at: usize) -> Vec<&[u8]> {
    let line = line::before(text, at, REACH);
    of_type(line).into_iter().chain(of_section(text, at)).collect()
}

/// The first part of the name in front of the last bracket that is still open: `acme.Config{`, `new AcmeClient(`.
fn of_type(line: &[u8]) -> Option<&[u8]> {
    let mut closed = 0_usize;
    let open = line.iter().rposition(|byte| match byte {
        b')' | b'}' => {
            closed += 1;
            false
        }
        b'(' | b'{' if closed > 0 => {
            closed -= 1;
            false
        }
        byte => matches!(byte, b'(' | b'{'),
    });
    let open = open?;
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.:".contains(byte);
    let length = line[..open].iter().rev().take_while(part).count();
    let path = &line[open - length..open];
    path.split(|byte| b".:".contains(byte)).find(|part| !part.is_empty())
}

/// The name of the section: the nearest line above that is in brackets, or a key with nothing behind it and less in front.
fn of_section(text: &[u8], at: usize) -> Option<&[u8]> {
    let start = memchr::memrchr(b'\n', &text[..at])?;
    let own = indent(&text[start + 1..at]);
    let above = &text[start.saturating_sub(ABOVE)..start];
    for line in above.rsplit(|byte| *byte == b'\n').take(MOST_LINES) {
        let body = line.trim_ascii();
        if let Some(name) = body.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]")) {
            return Some(name);
        }
        let head = body.trim_ascii_end().strip_suffix(b"{").map_or(body, <[u8]>::trim_ascii_end);
        let opens = head.len() < body.len() || head.ends_with(b":");
        if opens && !body.is_empty() && indent(line) < own {
            let sign = |byte: &u8| b"\"':=-".contains(byte) || byte.is_ascii_whitespace();
            let end = head.iter().rposition(|byte| !sign(byte))?;
            let start = head.iter().position(|byte| !sign(byte))?;
            return Some(&head[start..=end]);
        }
    }
    None
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_first(text: &str, owner: &str) {
        let at = text.find("token").expect("holds the name");
        let owners = owners(text.as_bytes(), at);
        assert!(owners.first().is_some_and(|first| *first == owner.as_bytes()), "{text}: {owners:?}");
    }

    #[test]
    fn types_and_sections_say_whose_key_it_is() {
        assert_first("config := acme.Config{Name: f(x), token: ", "acme");
        assert_first("services:\n  acme:\n    port: 1\n    token: ", "acme");
        assert_first("[acme]\nname = x\ntoken = ", "acme");
        assert_first("\"acme\": {\n  \"token\": ", "acme");
        assert!(owners(b"acme: x\ntoken: y", 8).is_empty());
    }
}
