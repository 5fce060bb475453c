//! Identifiers split into words: on separators, on case, and between letters and digits.

/// The most bytes of an identifier that are looked at.
pub const MAX_IDENTIFIER: usize = 96;

/// The words of `identifier` in lower case: `awsSecretKEY_2` has `aws`, `secret`, `key`, `2`.
pub fn words(identifier: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    each_word(identifier, |word| {
        let lower = String::from_utf8(word.to_ascii_lowercase());
        words.push(lower.unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()));
    });
    words
}

/// Calls `visit` with each word of `identifier`, as it is written.
pub fn each_word<'t>(identifier: &'t [u8], mut visit: impl FnMut(&'t [u8])) {
    let (mut start, mut before) = (0, Kind::None);
    for (at, &byte) in identifier.iter().enumerate() {
        let here = KINDS[byte as usize];
        let inside = before != Kind::None;
        if inside && (here == Kind::None || splits(identifier, at)) {
            visit(&identifier[start..at]);
            start = at;
        }
        if !inside {
            start = at;
        }
        before = here;
    }
    if before != Kind::None {
        visit(&identifier[start..]);
    }
}

/// Kinds of bytes that words are told apart by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Lower,
    Upper,
    Digit,
    Beyond,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::None; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => Kind::Lower,
            b'A'..=b'Z' => Kind::Upper,
            b'0'..=b'9' => Kind::Digit,
            0x80.. => Kind::Beyond,
            _ => Kind::None,
        };
        byte += 1;
    }
    kinds
};

/// Is `byte` part of a word: letters, digits, and everything beyond ASCII?
pub const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Does a new word begin at `at`, which has a word byte on both sides?
fn splits(text: &[u8], at: usize) -> bool {
    let kind = |at: usize| text.get(at).map_or(Kind::None, |byte| KINDS[*byte as usize]);
    match (kind(at - 1), kind(at)) {
        (Kind::Lower, Kind::Upper) => true,
        // A plural of an acronym is no new word: `APIs`.
        (Kind::Upper, Kind::Upper) => {
            kind(at + 1) == Kind::Lower && (text[at + 1] != b's' || kind(at + 2) == Kind::Lower)
        }
        (before, here) => (before == Kind::Digit) != (here == Kind::Digit),
    }
}

/// Is `text[start..end]` made of whole words of what it stands in?
pub fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let edge = |at: usize| {
        at == 0 || at >= text.len() || !is_word_byte(text[at - 1]) || !is_word_byte(text[at]) || splits(text, at)
    };
    edge(start) && edge(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_split_as_people_read_them() {
        for (identifier, expected) in [
            ("AWS_SECRET_ACCESS_KEY", "aws secret access key"),
            ("awsSecretAccessKey", "aws secret access key"),
            ("APIKeyV2", "api key v 2"),
            ("spring.datasource.password", "spring datasource password"),
            ("s3-secret", "s 3 secret"),
            ("monkey", "monkey"),
            ("apiKEYs", "api keys"),
            ("contraseña", "contraseña"),
            ("__x__", "x"),
        ] {
            assert_eq!(words(identifier.as_bytes()).join(" "), expected, "{identifier}");
        }
    }
}
