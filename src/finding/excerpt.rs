//! The line around a finding, fit to be shown: masked, escaped, cut to a width.

use super::Secret;
use crate::blob::path::write_escaped;
use crate::span::Span;
use unicode_width::UnicodeWidthStr;

/// Most bytes of the line shown on either side of the secret.
const REACH: usize = 60;

/// One line with every secret in it masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Before the secret.
    pub before: String,
    /// The mask of the secret.
    pub mask: String,
    /// After the secret.
    pub after: String,
}

impl Excerpt {
    /// The excerpt of `text` around `secret`; `masks` are all secrets of the text in order of
    /// their spans, none overlapping another, this one among them.
    pub fn new(text: &[u8], secret: Span, masks: &[(Span, Secret)]) -> Self {
        // No farther than is shown: the line may be as long as the file.
        let reach = secret.start.saturating_sub(REACH)..text.len().min(secret.end + REACH);
        let line_start = memchr::memrchr(b'\n', &text[reach.start..secret.start]).map(|at| reach.start + at + 1);
        let line_end = memchr::memchr(b'\n', &text[secret.end..reach.end]).map(|at| secret.end + at);
        // What follows a value of several lines is the rest of another line.
        let several = memchr::memchr(b'\n', secret.of(text)).is_some();
        let left = Span::new(line_start.unwrap_or(reach.start), secret.start);
        let right = Span::new(secret.end, if several { secret.end } else { line_end.unwrap_or(reach.end) });
        let masks = with_repeats(text, Span::new(left.start, right.end), masks);
        let mut before = masked(text, left, &masks);
        let mut after = masked(text, right, &masks);
        if line_start.is_none() && left.start > 0 {
            before.insert_str(0, "...");
        } else {
            before = before.trim_start().to_owned();
        }
        if line_end.is_none() && right.end < text.len() && !several {
            after.push_str("...");
        }
        let own = masks.iter().find(|(span, _)| *span == secret);
        let mask = own.map_or_else(|| format!("...({})", secret.len()), |(_, secret)| secret.to_string());
        Self { before, mask, after: after.trim_end().to_owned() }
    }

    /// The whole line.
    pub fn line(&self) -> String {
        format!("{}{}{}", self.before, self.mask, self.after)
    }

    /// Terminal columns before the mask, and of the mask.
    pub fn columns(&self) -> (usize, usize) {
        (self.before.width(), self.mask.width())
    }
}

/// The secrets that `window` touches, and the places in it where one of their values stands again, in order and none overlapping
/// another: what was judged no finding there is a secret all the same.
fn with_repeats(text: &[u8], window: Span, masks: &[(Span, Secret)]) -> Vec<(Span, Secret)> {
    // They do not overlap, so they end in the order in which they begin.
    let first = masks.partition_point(|(span, _)| span.end <= window.start);
    let known = masks[first..].iter().take_while(|(span, _)| span.start < window.end);
    let known: Vec<(Span, Secret)> = known.cloned().collect();
    let mut all = known.clone();
    for (_, secret) in &known {
        let value = secret.expose();
        let places = memchr::memmem::find_iter(window.of(text), value)
            .map(|at| Span::new(at, at + value.len()).shifted(window.start));
        for place in places {
            if !all.iter().any(|(span, _)| span.overlaps(place)) {
                all.push((place, secret.clone()));
            }
        }
    }
    all.sort_by_key(|(span, _)| *span);
    all
}

/// `text[window]`, escaped, with the part of every secret in it replaced by the secret's mask.
fn masked(text: &[u8], window: Span, masks: &[(Span, Secret)]) -> String {
    let mut shown = String::new();
    let mut at = window.start;
    for (span, secret) in masks.iter().filter(|(span, _)| span.overlaps(window)) {
        if span.start > at {
            push_escaped(&text[at..span.start], &mut shown);
        }
        if span.end > at {
            shown.push_str(&secret.to_string());
            at = span.end;
        }
    }
    if at < window.end {
        push_escaped(&text[at..window.end], &mut shown);
    }
    shown
}

/// Appends `bytes` escaped; tabs become spaces, so that columns can be counted.
fn push_escaped(bytes: &[u8], out: &mut String) {
    let spaced: Vec<u8> = bytes.iter().map(|&byte| if byte == b'\t' { b' ' } else { byte }).collect();
    let spaced = spaced.strip_suffix(b"\r").unwrap_or(&spaced);
    write_escaped(spaced, out).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_on_the_line_are_masked_too() {
        let text = b"line\nuser: \"first-secret\", other: \"second-secret\" \x1b[0m\n";
        let (one, two) = (Span::new(12, 24), Span::new(35, 48));
        assert_eq!((one.of(text), two.of(text)), (&b"first-secret"[..], &b"second-secret"[..]));
        let masks = [one, two].map(|span| (span, Secret::new(span.of(text), 0)));
        let excerpt = Excerpt::new(text, two, &masks);
        assert_eq!(excerpt.line(), r#"user: "...(12)", other: "...(13)" \u{1b}[0m"#);
    }

    #[test]
    fn long_lines_are_cut() {
        let text = format!("{}SECRETVALUE{}", "x ".repeat(500), " y".repeat(500));
        let span = Span::new(1000, 1011);
        let excerpt = Excerpt::new(text.as_bytes(), span, &[(span, Secret::new(b"SECRETVALUE", 0))]);
        assert!(excerpt.before.starts_with("...") && excerpt.after.ends_with("...") && excerpt.line().len() < 200);
    }
}
