//! Directives in braces: nginx and its relatives.

use super::locate::Locator;
use crate::span::Position;

/// Deepest nesting.
const DEEPEST: usize = 32;

/// A directive with its words and the directives in its braces.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Its words, the name first.
    pub words: Vec<String>,
    /// Where it stands.
    pub at: Position,
    /// What stands in its braces.
    pub inner: Vec<Directive>,
}

impl Directive {
    /// The first word.
    pub fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Does one of its words hold `part`, in any case?
    pub fn says(&self, part: &str) -> bool {
        self.words.iter().skip(1).any(|word| word.to_ascii_lowercase().contains(part))
    }

    /// All directives below it.
    pub fn below(&self) -> Vec<&Self> {
        self.inner.iter().flat_map(|one| std::iter::once(one).chain(one.below())).collect()
    }
}

/// Reads all directives of `text`.
pub fn read(text: &str) -> Vec<Directive> {
    let mut reader = Reader { text, at: 0, locator: Locator::new(text.as_bytes()) };
    let mut directives = Vec::new();
    while reader.at < text.len() {
        directives.extend(reader.directives(0));
    }
    directives
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    locator: Locator<'t>,
}

impl Reader<'_> {
    /// Directives up to the closing brace, or to the end.
    fn directives(&mut self, depth: usize) -> Vec<Directive> {
        let (mut directives, mut words, mut start) = (Vec::new(), Vec::new(), self.at);
        while let Some(next) = self.text[self.at..].chars().next() {
            match next {
                '#' => self.at += self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at),
                c if c.is_whitespace() => self.at += c.len_utf8(),
                ';' | '{' | '}' => {
                    self.at += 1;
                    let at = self.locator.position(start);
                    let inner = if next == '{' && depth < DEEPEST { self.directives(depth + 1) } else { Vec::new() };
                    if !words.is_empty() {
                        directives.push(Directive { words: std::mem::take(&mut words), at, inner });
                    }
                    if next == '}' {
                        return directives;
                    }
                }
                _ => {
                    if words.is_empty() {
                        start = self.at;
                    }
                    words.push(self.word());
                }
            }
        }
        directives
    }

    fn word(&mut self) -> String {
        let rest = &self.text[self.at..];
        let quote = rest.chars().next().filter(|c| "\"'".contains(*c));
        let (word, used) = match quote {
            Some(mark) => {
                let end = rest[1..].find(mark).unwrap_or(rest.len() - 1);
                (&rest[1..1 + end], (end + 2).min(rest.len()))
            }
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || ";{}".contains(c)).unwrap_or(rest.len()).max(1);
                (&rest[..end], end)
            }
        };
        self.at += used;
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_directives_are_read() {
        let read = read("http {\n  server { listen 443 ssl; # x\n    add_header A \"b; c\";\n  }\n}\n");
        let below = read[0].below();
        let names: Vec<_> = below.iter().map(|one| (one.name(), one.at.line)).collect();
        assert_eq!(names, [("server", 2), ("listen", 2), ("add_header", 3)]);
        assert!(below[1].says("ssl") && below[2].says("b; c"));
    }

    #[test]
    fn broken_files_end() {
        for text in ["}", "{{{{", "a {", "\"", "a 'b", &"{".repeat(10_000), "é{"] {
            read(text);
        }
    }
}
