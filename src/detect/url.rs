//! URLs with a password in them, read from `://` to both sides.

use crate::span::Span;

/// Longest scheme, and longest authority, that is read, in bytes.
const MAX_SCHEME: usize = 32;
const MAX_AUTHORITY: usize = 512;

/// The parts of a URL that name a user with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlPassword {
    /// Before `://`.
    pub scheme: Span,
    /// Before the colon; may be empty.
    pub user: Span,
    /// Between colon and `@`; not empty.
    pub password: Span,
    /// Behind the `@`, with the port.
    pub host: Span,
}

/// Reads the URL whose `://` stands at `at`.
pub fn read(text: &[u8], at: usize) -> Option<UrlPassword> {
    let scheme_byte = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'+' | b'-' | b'.');
    let scheme_len = text[..at].iter().rev().take(MAX_SCHEME).take_while(scheme_byte).count();
    let start = at + 3;
    let authority_len = text[start.min(text.len())..]
        .iter()
        .take(MAX_AUTHORITY)
        .take_while(|byte| byte.is_ascii_graphic() && !b"\"'`<>/\\|".contains(byte))
        .count();
    let authority = &text[start..start + authority_len];
    let sign = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', &authority[..sign])?;
    let host_len = authority[sign + 1..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b".-_:[]${}%()".contains(byte))
        .count();
    let password = Span::new(start + colon + 1, start + sign);
    if scheme_len == 0 || password.is_empty() || host_len == 0 {
        return None;
    }
    Some(UrlPassword {
        scheme: Span::new(at - scheme_len, at),
        user: Span::new(start, start + colon),
        password,
        host: Span::new(start + sign + 1, start + sign + 1 + host_len),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<[&str; 4]> {
        let url = read(text.as_bytes(), text.find("://").expect("has a scheme"))?;
        Some([url.scheme, url.user, url.password, url.host].map(|span| &text[span.start..span.end]))
    }

    #[test]
    fn users_and_passwords_are_told_apart() {
        assert_eq!(
            parts("x=postgres://ann:p@ss:w0rd@db.example:5432/app"),
            Some(["postgres", "ann", "p@ss:w0rd", "db.example:5432"])
        );
        assert_eq!(parts("'redis://:value@cache'"), Some(["redis", "", "value", "cache"]));
    }

    #[test]
    fn urls_without_a_password_are_not_read() {
        for text in ["https://example.org/a:b@c", "https://user@host", "http://host:80/", "http://a:@h", "://a:b@c"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
