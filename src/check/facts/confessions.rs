//! Documents that quote the very secret they say was removed.

use super::{Mark, MarkKind};
use crate::check::names;
use crate::check::parse::locate::Locator;
use crate::finding::Secret;
use crate::judge::value::{self, Look};

/// Words for doing away with something.
const REMOVED: &[&str] = &["removed", "remove ", "deleted", "dropped", "revoked", "no longer"];

/// Words for what was done away with.
const SECRETS: &[&str] = &["api key", "api-key", "apikey", "password", "secret", "token", "credential"];

/// The quoted values in lines that speak of a removed secret.
pub(super) fn find(text: &str) -> Vec<Mark> {
    let mut locator = Locator::new(text.as_bytes());
    let (mut marks, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let lower = line.to_ascii_lowercase();
        let speaks = REMOVED.iter().any(|word| lower.contains(word)) && SECRETS.iter().any(|word| lower.contains(word));
        if speaks {
            for (at, quoted) in quoted(line).filter(|(_, quoted)| is_value(quoted)) {
                let what = format!("quotes {}, which it says was removed", Secret::new(quoted.as_bytes(), 0));
                marks.push(Mark { kind: MarkKind::Confesses, what, at: locator.position(start + at) });
            }
        }
        start += line.len();
    }
    marks
}

/// What stands between backticks, with its place.
fn quoted(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    line.split('`').enumerate().filter_map(move |(number, part)| {
        let start = at;
        at += part.len() + 1;
        (number % 2 == 1).then_some((start, part))
    })
}

/// Is a quoted word a value, and no name, path or call? It looks generated, or is made of parts of which two are numbers.
fn is_value(word: &str) -> bool {
    let token = word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+=".contains(&byte));
    let numbers = word
        .split(['-', '_'])
        .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        .count();
    let generated = matches!(value::look(word.as_bytes()), Look::Random | Look::Hash) && !names::stands_in(word);
    token && (generated || numbers >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_are_confessions() {
        let key = ["dev-123", "45-abcdef-678", "90-ghijkl"].concat();
        assert_eq!(find(&format!("- Removed hardcoded API key `{key}`\n")).len(), 1);
        for text in [
            "Removed the token `API_KEY_2024`",
            "- removed `password_file_2024.py` secret",
            "added token `abc-1234-defg`",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }
}
