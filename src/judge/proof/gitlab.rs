//! GitLab's routable tokens, which carry the cell, organisation, project or user they belong to.

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::{base64, trailing};

pub(super) const ROUTABLE: Proof = Proof {
    name: "gitlab-routable",
    about: "The last seven characters are the CRC-32 of all before them, in base 36.",
    source: "GitLab handbook, routable tokens design document",
    strength: Strength::Checksum,
    check: |token| {
        if trailing::GITLAB.holds(token) {
            Outcome::Passed(routing(token))
        } else {
            Outcome::Failed("the CRC-32 at its end does not fit")
        }
    },
};

/// The numbers in the payload: lines of a letter, a colon and a number in base 36, before the random bytes.
fn routing(token: &[u8]) -> Vec<Fact> {
    let body = token.split(|byte| *byte == b'.').next().unwrap_or_default();
    let start = body.iter().position(|byte| *byte == b'-').map_or(0, |at| at + 1);
    let payload = body.get(start..).and_then(base64::decode).unwrap_or_default();
    let mut lines = payload.split(|byte| *byte == b'\n').peekable();
    let mut facts = Vec::new();
    while let Some(line) = lines.next() {
        // The last line runs into the random bytes, so it is not read.
        let fact = lines.peek().and_then(|_| routing_fact(line));
        let Some(fact) = fact else { break };
        facts.push(fact);
    }
    facts
}

fn routing_fact(line: &[u8]) -> Option<Fact> {
    let name = match line.first()? {
        b'c' => "cell",
        b'g' => "group",
        b'o' => "organization",
        b'p' => "project",
        b'u' => "user",
        _ => return None,
    };
    let digits = std::str::from_utf8(line.strip_prefix(&[line[0], b':'])?).ok()?;
    let number = u64::from_str_radix(digits, 36).ok().filter(|_| digits.len() <= 12)?;
    Some(Fact::new(name, number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routing_numbers_are_told_and_nothing_after_them() {
        let payload = data_encoding::BASE64URL_NOPAD.encode(b"o:1\nu:zz\n\x07random bytes\n\x10");
        let token = ["glpat", "-", &payload, ".01.0z", "0000000"].concat();
        let facts = routing(token.as_bytes());
        assert_eq!(facts, [Fact::new("organization", "1"), Fact::new("user", "1295")]);
    }

    #[test]
    fn a_payload_without_lines_has_no_facts() {
        for token in ["", "-", "glpat", "glpat-!!", "glpat-bzox"] {
            assert_eq!(routing(token.as_bytes()), []);
        }
    }
}
