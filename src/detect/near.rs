//! Words that have to stand near a match.

use super::identifier::stands_alone;

/// Does one of `words` stand in `text` as a whole word, in any case?
pub(super) fn holds_word<'w>(text: &[u8], words: impl IntoIterator<Item = &'w str>) -> bool {
    words.into_iter().any(|word| occurrences(text, word.as_bytes()).any(|at| stands_alone(text, at, at + word.len())))
}

/// Offsets of `word` in `text`, in any case; plain, because the text is a window of some hundred bytes.
fn occurrences<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let first = word.first().copied().unwrap_or_default();
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text)
        .filter(move |&at| text.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_on_case_and_separators() {
        for (text, holds) in [
            ("TWILIO_TOKEN", true),
            ("twilioToken", true),
            ("myTwilioKey", true),
            ("api.twilio.com", true),
            ("atwilion", false),
            ("twilioish", false),
            ("MYTWILIO", false),
            ("twilio2", true),
        ] {
            assert_eq!(holds_word(text.as_bytes(), ["twilio"]), holds, "{text}");
        }
    }
}
