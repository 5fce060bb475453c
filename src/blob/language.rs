//! Files and folders that are called by languages: what they hold is translated for people to read.

/// Languages that bundles of messages are named after: `messages_de.properties`, `config_pt_BR.properties`.
const LANGUAGES: &[&str] = &[
    "ar", "bg", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hr", "hu", "id", "it", "iw", "ja",
    "ko", "lt", "lv", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh",
    "en", "af", "am", "az", "be", "bn", "bs", "cy", "eo", "eu", "fo", "fy", "ga", "gl", "gu", "hi", "hy", "ka", "kk",
    "km", "kn", "ku", "ky", "lb", "lo", "mk", "ml", "mn", "mr", "ms", "mt", "ne", "nn", "pa", "rw", "sq", "sw", "ta",
    "te", "tg", "tl", "ug", "ur", "uz", "zu",
];

/// Does the name of a bundle of messages end with a language, and perhaps a country?
pub(super) fn is_in_language(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let ends = |stem: &str| stem.rsplit_once('_').is_some_and(|(_, last)| LANGUAGES.contains(&last));
    ends(stem) || stem.rsplit_once('_').is_some_and(|(stem, country)| country.len() == 2 && ends(stem))
}

/// Folders that hold messages where they or their files are called by languages: `language/da/register.json`.
const MESSAGES: &[&str] = &["language", "messages", "intl", "nls", "texts", "dictionaries"];

/// Do folders say that messages are translated here?
pub(super) fn holds_translations(folder: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let mut below = folder.split('/').skip_while(|part| !MESSAGES.contains(part));
    let of_app = |part: &str| part.ends_with(".lproj") || part.strip_prefix("values-").is_some_and(is_language);
    below.next().is_some() && below.chain([stem]).any(is_language) || folder.split('/').any(of_app)
}

/// Is it the tag of a language: `da`, `pt_br`, `en-gb`?
fn is_language(tag: &str) -> bool {
    let region = |region: &str| matches!(region.trim_start_matches('r').len(), 1 | 2) || region == "latn";
    let letters = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match tag.split_once(['-', '_']) {
        Some((language, rest)) => letters(language) && region(rest),
        None => LANGUAGES.contains(&tag),
    }
}
