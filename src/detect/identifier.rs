//! Identifiers split into words: on separators, on case, and between letters and digits.

/// The most bytes of an identifier that are looked at.
pub const MAX_IDENTIFIER: usize = 96;

/// The words of `identifier` in lower case: `awsSecretKEY_2` has `aws`, `secret`, `key`, `2`.
pub fn words(identifier: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    each_word(identifier, |word| words.push(String::from_utf8_lossy(word).to_ascii_lowercase()));
    words
}

/// Calls `visit` with each word of `identifier`, as it is written.
pub fn each_word<'t>(identifier: &'t [u8], mut visit: impl FnMut(&'t [u8])) {
    let mut start = 0;
    for at in 0..=identifier.len() {
        let ends = at == identifier.len() || !is_word_byte(identifier[at]) || at > start && splits(identifier, at);
        if ends {
            if at > start {
                visit(&identifier[start..at]);
            }
            start = if identifier.get(at).is_some_and(|&byte| is_word_byte(byte)) { at } else { at + 1 };
        }
    }
}

/// Is `byte` part of a word: letters, digits, and everything beyond ASCII?
pub const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Does a new word begin at `at`, which has a word byte on both sides?
fn splits(text: &[u8], at: usize) -> bool {
    let (before, here) = (text[at - 1], text[at]);
    let camel = before.is_ascii_lowercase() && here.is_ascii_uppercase();
    let acronym = before.is_ascii_uppercase()
        && here.is_ascii_uppercase()
        && text.get(at + 1).is_some_and(u8::is_ascii_lowercase)
        // A plural of an acronym is no new word: `APIs`.
        && !(text.get(at + 1) == Some(&b's') && text.get(at + 2).is_none_or(|byte| !byte.is_ascii_lowercase()));
    camel || acronym || before.is_ascii_digit() != here.is_ascii_digit()
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
