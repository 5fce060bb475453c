//! The armour around a key, as met in configuration files, source code and logs.

use crate::checksum::base64;

/// Longest block that is read; an RSA key of 16384 bits takes 13 KiB.
const LONGEST: usize = 128 * 1024;

/// A block whose labels agree and whose body decodes.
pub(super) struct Armour {
    /// What stands between `BEGIN` and the dashes.
    pub(super) label: String,
    /// The header lines, `Name: value`.
    headers: Vec<String>,
    /// The decoded body.
    pub(super) body: Vec<u8>,
    /// The checksum of OpenPGP armour, where it is written.
    pub(super) checksum: Option<Vec<u8>>,
}

impl Armour {
    pub(super) fn parse(block: &[u8]) -> Result<Self, &'static str> {
        if block.len() > LONGEST {
            return Err("larger than any key");
        }
        let text = unescaped(block);
        let (_, rest) = text.split_once("-----BEGIN ").ok_or("no beginning")?;
        let (label, rest) = rest.split_once("-----").ok_or("no label")?;
        let (inside, end) = rest.rsplit_once("-----END ").ok_or("no end")?;
        if end.split("-----").next() != Some(label) {
            return Err("the labels at both ends differ");
        }
        let mut lines = Lines::default();
        let diff = inside.lines().filter(|line| !line.trim().is_empty()).all(|line| line.starts_with('+'));
        for line in inside.lines() {
            // Every line of a diff that adds a key begins with a plus, which would pass for Base64.
            lines.take(if diff { line.get(1..).unwrap_or_default() } else { line });
        }
        let body = base64::decode(lines.letters.as_bytes()).ok_or("the body is not Base64")?;
        let checksum =
            lines.checksum.map(|letters| base64::decode(letters.as_bytes()).ok_or("the checksum is not Base64"));
        Ok(Self { label: label.to_owned(), headers: lines.headers, body, checksum: checksum.transpose()? })
    }

    /// Whether the headers say that the body is encrypted (RFC 1421).
    pub(super) fn is_encrypted(&self) -> bool {
        self.headers.iter().any(|header| header.starts_with("Proc-Type") && header.contains("ENCRYPTED"))
    }
}

/// The lines of a block, sorted as they come.
#[derive(Default)]
struct Lines {
    headers: Vec<String>,
    letters: String,
    checksum: Option<String>,
}

impl Lines {
    fn take(&mut self, line: &str) {
        let line = line.trim();
        // Two slashes may begin a line of Base64 as well: only with a blank after them do they make a comment.
        let line = line
            .strip_prefix("//")
            .filter(|rest| rest.is_empty() || rest.starts_with(' '))
            .unwrap_or(line)
            .trim_matches(|letter: char| !is_base64(letter));
        if line.contains(':') {
            self.headers.push(line.to_owned());
            return;
        }
        // Quotes, commas and comment signs around the letters fall away; a plus alone joined two strings.
        for piece in line.split(|letter: char| !is_base64(letter)).filter(|piece| !piece.is_empty() && *piece != "+") {
            match piece.strip_prefix('=') {
                Some(letters) if letters.len() == 4 => self.checksum = Some(letters.to_owned()),
                _ => self.letters.push_str(piece),
            }
        }
    }
}

fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=')
}

/// `block` with the escapes of string literals resolved, however often they were escaped.
fn unescaped(block: &[u8]) -> String {
    let mut text = String::with_capacity(block.len());
    let lossy = String::from_utf8_lossy(block);
    let mut letters = lossy.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        while letters.next_if_eq(&'\\').is_some() {}
        // A slash may be escaped in JSON, a line end in a shell: both stay, without the backslash.
        if letters.next_if(|letter| matches!(letter, 'n' | 'r' | 't')).is_some() {
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(inside: &str) -> Option<Vec<u8>> {
        let block = ["-----BEGIN ", "SOME LABEL-----", inside, "-----END ", "SOME LABEL-----"].concat();
        Armour::parse(block.as_bytes()).ok().map(|armour| armour.body)
    }

    #[test]
    fn a_body_is_read_in_every_dress() {
        let expected = Some(b"abcdefghi".to_vec());
        for inside in [
            "\nYWJj\nZGVm\nZ2hp\n",
            "\r\n  YWJj\r\n  ZGVm\r\n  Z2hp\r\n",
            "\\nYWJj\\nZGVmZ2hp\\n",
            "\\\\r\\\\nYWJj\\\\r\\\\nZGVmZ2hp\\\\n",
            "\\n\" +\n  \"YWJj\\n\" +\n  \"ZGVm\\n\" + \"Z2hp\\n\" +\n \"",
            "',\n 'YWJj',\n 'ZGVm',\n 'Z2hp',\n '",
            "\n# YWJj\n# ZGVm\n# Z2hp\n# ",
            "\n// YWJj\n// ZGVm\n  // Z2hp\n//",
            "\n+YWJj\n+ZGVm\n+Z2hp\n+",
            " YWJj ZGVm Z2hp ",
            "\nProc-Type: 4,X\n\nYWJjZGVmZ2hp\n",
        ] {
            assert_eq!(body(inside), expected, "{inside:?}");
        }
    }

    #[test]
    fn escaped_slashes_and_pluses_stay_in_the_body() {
        assert_eq!(body("\n+\\/+\\/\n\nQUJD"), body("\n+/+/\nQUJD\n"));
        assert_eq!(body("\n+/+/\nQUJD\n"), Some(vec![0xfb, 0xff, 0xbf, b'A', b'B', b'C']));
    }

    #[test]
    fn differing_labels_and_missing_ends_are_refused() {
        assert!(Armour::parse(["-----BEGIN ", "A-----\nYWJj\n-----END ", "B-----"].concat().as_bytes()).is_err());
        assert!(Armour::parse(["-----BEGIN ", "A-----\nYWJj\n"].concat().as_bytes()).is_err());
        assert!(Armour::parse(&vec![b'-'; LONGEST + 1]).is_err());
    }
}
