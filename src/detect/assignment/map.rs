//! Maps: a name that holds several values by their keys, and the manifests of Kubernetes that are secrets as a whole.

use super::cursor::Cursor;
use super::{Assignment, MAX_VALUE, Way};
use crate::blob::Syntax;
use crate::detect::identifier::{is_word_byte, words};
use crate::rule::lane::holds_stem;
use crate::span::Span;

/// Most entries that are read.
const MAX_ENTRIES: usize = 64;

/// Longest key, in bytes.
const MAX_KEY: usize = 64;

/// How the last words of names end that hold several secrets.
const SEVERAL: &[&str] = &["keys", "passwords", "secrets", "tokens", "passphrases"];

/// Words of keys that stand beside secrets and are none.
const BESIDE: &[&str] = &[
    "address",
    "bucket",
    "ca",
    "cert",
    "certificate",
    "crt",
    "database",
    "db",
    "domain",
    "email",
    "endpoint",
    "file",
    "host",
    "hostname",
    "id",
    "kind",
    "label",
    "login",
    "mail",
    "name",
    "namespace",
    "path",
    "port",
    "region",
    "server",
    "text",
    "title",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "version",
];

/// The maps of a manifest that hold its values.
const DATA: &[&[u8]] = &[b"data", b"stringData"];

impl Cursor<'_> {
    /// Does the name hold several secrets by their keys?
    pub(super) fn holds_several(&self) -> bool {
        let name = self.name.of(self.text);
        let plural = name.last().is_some_and(|last| last.eq_ignore_ascii_case(&b's'));
        plural && words(name).last().is_some_and(|last| SEVERAL.iter().any(|several| last.ends_with(several)))
    }

    /// Is the name what says that a manifest is a secret: `kind: Secret`?
    pub(super) fn is_manifest(&self) -> bool {
        let said =
            |kind: &[u8]| [&b"kind:"[..], b"\"kind\": \"", b"\"kind\":\""].iter().any(|said| kind.ends_with(said));
        self.name.of(self.text) == b"Secret" && said(self.line_before(16).trim_ascii_end())
    }

    /// Reads the entries of the manifest that follow its kind.
    pub(super) fn manifest(&mut self, visit: &mut impl FnMut(Assignment)) {
        let start = self.at;
        let text = &self.text[start..self.text.len().min(start + MAX_VALUE)];
        let text = &text[..memchr::memmem::find(text, b"\n---").unwrap_or(text.len())];
        for key in DATA {
            for at in memchr::memmem::find_iter(text, key) {
                let begins = at > 0 && b"\n\"".contains(&text[at - 1]);
                let behind = text[at + key.len()..].strip_prefix(b"\"").unwrap_or(&text[at + key.len()..]);
                if begins && behind.starts_with(b":") {
                    self.at = start + text.len() - behind.len() + 1;
                    self.entries(start + text.len(), visit);
                }
            }
        }
    }

    /// Reads the literals of the map that stands here, or below; gives whether there are any. The cursor stays where it is.
    pub(super) fn map(&mut self, visit: &mut impl FnMut(Assignment)) -> bool {
        let start = self.at;
        let mut found = false;
        self.entries(self.text.len().min(start + MAX_VALUE), &mut |entry| {
            found = true;
            visit(entry);
        });
        self.at = start;
        found
    }

    fn entries(&mut self, end: usize, visit: &mut impl FnMut(Assignment)) {
        if self.syntax == Syntax::Config && self.ends_line() {
            return self.indented(end, visit);
        }
        self.skip_gap();
        if self.peek(0) != b'{' {
            return;
        }
        self.at += 1;
        for _ in 0..MAX_ENTRIES {
            self.skip_gap();
            let Some(key) = self.key() else { return };
            self.skip_gap();
            let Some(value) = self.literal().flatten().filter(|value| value.end <= end) else { return };
            self.at = value.end + 1;
            self.entry(key, value, true).into_iter().for_each(&mut *visit);
            self.skip_gap();
            self.at += usize::from(self.peek(0) == b',');
        }
    }

    /// Reads the lines `key: value` that stand deeper than the line of the map.
    fn indented(&mut self, end: usize, visit: &mut impl FnMut(Assignment)) {
        let line = memchr::memrchr(b'\n', &self.text[..self.at]).map_or(0, |at| at + 1);
        let text = self.text;
        let blanks = |from: usize| text[from..].iter().take(MAX_KEY).take_while(|byte| **byte == b' ').count();
        let outer = blanks(line);
        for _ in 0..MAX_ENTRIES {
            let Some(below) = memchr::memchr(b'\n', &self.text[self.at..end.max(self.at)]) else { return };
            let start = self.at + below + 1;
            let inner = blanks(start);
            self.at = start + inner;
            if inner <= outer || self.peek(0) == b'-' {
                return;
            }
            let Some(key) = self.key() else { continue };
            self.skip_blanks();
            let Some((value, quoted)) = self.scalar(end) else { continue };
            self.entry(key, value, quoted).into_iter().for_each(&mut *visit);
        }
    }

    /// The key that stands here; the cursor goes behind the sign that follows it.
    fn key(&mut self) -> Option<Span> {
        let part = |byte: u8| is_word_byte(byte) || b"_-.@/".contains(&byte);
        // A symbol of Ruby.
        self.at += usize::from(self.peek(0) == b':');
        let (key, quotes) = match self.literal() {
            Some(literal) => (literal.filter(|key| key.len() <= MAX_KEY)?, 1),
            None => (self.until(|byte| !part(byte)).filter(|key| key.len() <= MAX_KEY)?, 0),
        };
        self.at = key.end + quotes;
        self.skip_blanks();
        let length = match (self.peek(0), self.peek(1)) {
            (b'=', b'>') => 2,
            (b':' | b'=', _) => 1,
            _ => return None,
        };
        self.at += length;
        Some(key)
    }

    /// The value of an entry, unless its key is read as a name of its own or says that it is no secret.
    fn entry(&self, key: Span, value: Span, quoted: bool) -> Option<Assignment> {
        let key = key.of(self.text);
        let own = std::str::from_utf8(key).is_ok_and(holds_stem);
        let beside = words(key).iter().any(|word| BESIDE.contains(&word.as_str()));
        if own || beside { None } else { self.found(Way::Listed, value, quoted, true) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::values_under;
    use super::*;

    /// What is read, sorted.
    fn read_values<'t>(text: &'t str, stem: &str, syntax: Syntax) -> Vec<&'t str> {
        let mut values = values_under(stem, text, syntax);
        values.sort_unstable();
        values
    }

    #[test]
    fn names_of_several_secrets_hold_maps() {
        for (text, syntax) in [
            ("const apiKeys = {\n  prod: 'ONE', // first\n  \"test\": \"TWO\",\n  user: 'ann',\n}", Syntax::Code),
            ("API_KEYS = { prod: 'ONE', :test => 'TWO' }", Syntax::Code),
            ("{\"api_keys\": {\"a\": \"ONE\", \"b\": \"TWO\"}}", Syntax::Json),
            ("api_keys:\n  ann: ONE\n  ben: \"TWO\"\n  more: &x\nnext: x\n", Syntax::Config),
        ] {
            assert_eq!(read_values(text, "api", syntax), ["ONE", "TWO"], "{text}");
        }
        assert_eq!(read_values("apiKeys = 'ONE'", "api", Syntax::Code), ["ONE"]);
        assert!(read_values("apiKey = { prod: 'ONE' }", "api", Syntax::Code).is_empty());
    }

    #[test]
    fn a_manifest_holds_what_follows_its_kind() {
        let manifest = "kind: Secret\nmetadata:\n  name: x\nstringData:\n  a: ONE\n  username: ann\n  password: x\ndata:\n  b: TWO\n---\n";
        let others = "kind: ConfigMap\ndata:\n  c: x\n";
        assert_eq!(read_values(&format!("{manifest}{others}"), "secret", Syntax::Config), ["ONE", "TWO"]);
        let json = "{\"kind\": \"Secret\", \"data\": {\"a\": \"ONE\", \"b\": \"TWO\"}}";
        assert_eq!(read_values(json, "secret", Syntax::Json), ["ONE", "TWO"]);
        assert!(read_values("kind: SecretStore\ndata:\n  a: x\n", "secret", Syntax::Config).is_empty());
    }
}
