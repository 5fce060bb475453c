//! Decoding shared by the proofs, and the gate that every fact taken from a value passes.

use serde_json::{Map, Value};

use crate::checksum::base64;

/// Longest JSON that is parsed out of a token, in bytes.
const LONGEST_JSON: usize = 32 * 1024;

/// Longest fact that is shown, in characters.
const LONGEST_FACT: usize = 120;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The JSON object in Base64 of either alphabet.
pub(super) fn base64_object(text: &[u8]) -> Option<Map<String, Value>> {
    json_object(&base64::decode(text)?)
}

/// The JSON object that `bytes` are.
pub(super) fn json_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    if bytes.len() > LONGEST_JSON {
        return None;
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// `text`, if it can be shown on any terminal and in any report: short, ASCII, without control characters,
/// quotes or markup. Values come from scanned files and are hostile until shown otherwise.
pub(super) fn printable(text: &str) -> Option<String> {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b" .,:/_-@+|=".contains(&byte);
    (!text.is_empty() && text.len() <= LONGEST_FACT && text.bytes().all(fine)).then(|| text.to_owned())
}

/// A printable text member of a JSON object.
pub(super) fn member(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => printable(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The day of a time given in seconds since 1970, as a full-date of RFC 3339; none before 1970 or after 9999.
pub(super) fn day(seconds: i64) -> Option<String> {
    let days = u64::try_from(seconds / DAY).ok().filter(|days| *days < 2_932_897)?;
    // Days counted from 1 March of year 0, so that a leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, in_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_767_225_599, "2025-12-31"),
            (1_767_225_600, "2026-01-01"),
            (4_107_542_399, "2100-02-28"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(day(seconds).as_deref(), Some(expected));
        }
        assert_eq!(day(-DAY), None);
        assert_eq!(day(253_402_300_800), None);
        assert_eq!(day(i64::MAX), None);
    }

    #[test]
    fn control_characters_and_long_text_are_no_facts() {
        assert_eq!(printable("https://example.org/a"), Some("https://example.org/a".to_owned()));
        for text in ["", "a\u{1b}[31m", "a\nb", "<b>", "Ü", &"a".repeat(121)] {
            assert_eq!(printable(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_objects_of_bounded_size_are_json() {
        assert!(json_object(b"{\"a\":1}").is_some());
        assert!(json_object(b"[1]").is_none());
        assert!(json_object(&[b' '; LONGEST_JSON + 1]).is_none());
        assert!(json_object(&[b'['; LONGEST_JSON]).is_none());
    }
}
