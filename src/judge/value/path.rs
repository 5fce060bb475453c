//! Paths, addresses and names of files, which say where something is and are no secrets.

use super::Signs;

/// What names of files end with.
const EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "mov", "mp4", "geojson", "pdf", "zip", "gz", "xz", "jar",
    "html", "htm", "css", "js", "ts", "json", "yml", "yaml", "xml", "toml", "txt", "md", "csv", "ini", "conf", "sql",
    "py", "rb", "php", "java", "go", "rs", "sh", "pem", "key", "crt", "cer", "p12", "jks", "so", "dll", "exe",
];

/// Is it a file in a folder, with a name that ends as those of files do?
pub fn is_file(text: &str) -> bool {
    text.contains('/') && text.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

/// Paths, URLs, addresses, file names, dotted names.
pub(super) fn is_path(value: &[u8], signs: Signs) -> bool {
    if !signs.any(b"/\\.@") {
        return false;
    }
    let text = String::from_utf8_lossy(value);
    let slashes = text.matches('/').count();
    let begins = ["/", "./", "../", "~/", "\\\\", "http://", "https://", "file:", "#/", "@/"]
        .iter()
        .any(|start| text.starts_with(start));
    let drive =
        value.len() > 2 && value[0].is_ascii_alphabetic() && value[1] == b':' && matches!(value[2], b'\\' | b'/');
    let dotted = text.split('.').count() >= 2
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_' || b == b'-'));
    let wordy_parts = slashes > 0
        && text
            .split('/')
            .all(|part| part.len() < 24 && part.bytes().all(|b| b.is_ascii_lowercase() || b"-_.".contains(&b)));
    let mail = text.contains('@')
        && text.rsplit('@').next().is_some_and(|host| {
            host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
        });
    begins && (slashes > 1 || !text[1..].bytes().any(|b| b.is_ascii_digit()))
        || drive
        || dotted
        || wordy_parts
        || is_file(&text)
        || mail
        || text.contains("://")
}
