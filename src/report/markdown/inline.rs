//! Text inside of Markdown: nothing that comes from a file can become markup, a link or a mention of a person.

use crate::blob::path::write_escaped;

/// What Markdown, or GitHub's and GitLab's kinds of it, may take for markup inside of a line.
const MARKUP: &str = "\\`*_{}[]<>|~&#!@";

/// Text of our own, in which backticks mark code and all else is meant as it stands.
pub fn text(raw: &str) -> String {
    let shown = escaped(raw);
    let mut out = String::with_capacity(shown.len());
    let mut parts = shown.split('`').peekable();
    let mut inside = false;
    while let Some(part) = parts.next() {
        let closed = parts.peek().is_some();
        match (inside && closed, part) {
            (false, part) => {
                // The backtick that nothing closes.
                out.push_str(if inside { "\\`" } else { "" });
                push_plain(part, &mut out);
            }
            (true, "") => out.push_str("\\`\\`"),
            (true, part) => {
                // Two spans side by side would read as one.
                out.push_str(if out.ends_with('`') { " " } else { "" });
                out.extend(["`", part, "`"]);
            }
        }
        inside = !inside;
    }
    out
}

/// Code, whatever it holds.
pub fn code(raw: &str) -> String {
    let shown = escaped(raw);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank on both sides is taken off again; without, a backtick at the edge would join the fence.
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) || shown.is_empty() { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

fn escaped(raw: &str) -> String {
    let mut shown = String::with_capacity(raw.len());
    write_escaped(raw.as_bytes(), &mut shown).expect("writing to a string does not fail");
    shown
}

fn push_plain(part: &str, out: &mut String) {
    for (at, c) in part.char_indices() {
        // What begins a list or a heading does so at the beginning of a line alone.
        let begins = out.is_empty() && at == 0 && "-+=.0123456789".contains(c);
        if MARKUP.contains(c) || (begins && c.is_ascii_punctuation()) {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_make_markup() {
        assert_eq!(text("a_b `c_d` <e> [f](g)"), "a\\_b `c_d` \\<e\\> \\[f\\](g)");
        assert_eq!(text("- @someone #1 &amp;"), "\\- \\@someone \\#1 \\&amp;");
        assert_eq!(text("a\nb\u{202e}"), "a\\\\u\\{a\\}b\\\\u\\{202e\\}");
    }

    #[test]
    fn backticks_that_do_not_pair_open_nothing() {
        assert_eq!(text("a `b"), "a \\`b");
        assert_eq!(text("`` <b>"), "\\`\\` \\<b\\>");
        assert_eq!(text("`a``b`"), "`a` `b`");
        assert_eq!(text("` `` <b>"), "` `\\` \\<b\\>");
    }

    #[test]
    fn code_holds_whatever_it_holds() {
        assert_eq!(code("a<b>"), "`a<b>`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(code("a\nb"), "`a\\u{a}b`");
        assert_eq!(code(""), "`  `");
    }
}
