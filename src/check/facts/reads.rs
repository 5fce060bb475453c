//! Environment variables that a program reads, and the literals that stand in for them.

use super::Read;
use super::code::Code;
use crate::check::names;
use crate::check::parse::lexer::Kind;
use crate::check::parse::locate::Locator;
use crate::check::text::Text;

/// Words of functions that write the environment, or name it for another reason.
const WRITERS: &[&str] =
    &["set", "put", "unset", "del", "pop", "remove", "patch", "stub", "clear", "delete", "add", "with", "to", "export"];

/// All reads in `code`, in order.
pub(super) fn find(code: &Code<'_>) -> Vec<Read> {
    let mut locator = Locator::new(code.text.as_bytes());
    let mut reads = Vec::new();
    for at in 0..code.tokens.len() {
        let shell = code.language.name == "shell";
        let found = match code.kind(at) {
            Some(Kind::Word) if !shell => at_word(code, at),
            Some(Kind::Text) if shell => shell_text(code, at),
            _ => None,
        };
        if let Some((name, fallback, place)) = found {
            let fallback = fallback.filter(|text| !text.is_empty()).map(Text::new);
            reads.push(Read { name: name.to_owned(), fallback, at: locator.position(code.start(place)) });
        }
    }
    reads
}

type Found<'t> = (&'t str, Option<&'t str>, usize);

/// Is `name` written as variables are?
pub(super) fn is_variable(name: &str) -> bool {
    name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn at_word<'t>(code: &Code<'t>, at: usize) -> Option<Found<'t>> {
    // Cheap first: nearly all words of a program have nothing to do with the environment.
    let used = ["(", "[", ".", "!"].iter().any(|sign| code.is(at + 1, sign));
    if !used || !(at.saturating_sub(4)..=at).any(|one| holds_env(code.of(one))) {
        return None;
    }
    let path = code.path(at);
    let lower = path.to_ascii_lowercase();
    if !lower.contains("env") {
        return None;
    }
    let last = lower.rsplit('.').next().unwrap_or_default();
    if WRITERS.iter().any(|writer| last.starts_with(writer)) {
        return None;
    }
    // Rust's macros have a sign in front of the bracket.
    let open = if code.is(at + 1, "!") && last.ends_with("env") { at + 2 } else { at + 1 };
    if code.is(open, "(") && speaks_of_environment(&lower) {
        return call(code, open);
    }
    let variables = last.ends_with("env") || last == "environ" || last == "$_env";
    if variables && code.is(open, "[") {
        let name = code.text_at(open + 1).filter(|name| is_variable(name))?;
        let written = code.is(open + 2, "]") && code.is(open + 3, "=") && !code.is(open + 4, "=");
        return (!written).then(|| (name, fallback(code, open + 3), open + 1));
    }
    let member = lower.ends_with("process.env") || lower.ends_with("import.meta.env");
    if member && code.is(open, ".") {
        let name = code.word(open + 1).filter(|name| is_variable(name))?;
        let written = code.is(open + 2, "=") && !code.is(open + 3, "=");
        return (!written).then(|| (name, fallback(code, open + 2), open + 1));
    }
    None
}

fn holds_env(word: &str) -> bool {
    word.as_bytes().windows(3).any(|three| three.eq_ignore_ascii_case(b"env"))
}

/// `os.getenv`, `env::var`, `getEnv`, `env.str`, but no `environment_name`.
fn speaks_of_environment(path: &str) -> bool {
    path.split('.').any(|part| {
        let part = part.trim_start_matches(['_', '$']);
        matches!(part, "env" | "environ" | "getenv" | "option_env" | "getenvironmentvariable" | "lookupenv")
            || part.starts_with("getenv")
            || part.starts_with("get_env")
            || part.starts_with("env_") && part.len() < 16
            || part.starts_with("envor")
            || part.ends_with("_env")
            || part.ends_with("fromenv")
    })
}

/// A call with the variable as its first text.
fn call<'t>(code: &Code<'t>, open: usize) -> Option<Found<'t>> {
    let name = code.text_at(open + 1).filter(|name| is_variable(name))?;
    let close = code.closing(open);
    let second = if code.is(open + 2, ",") {
        let named = code.word(open + 3).is_some_and(|word| word == "default")
            && (code.is(open + 4, "=") || code.is(open + 4, ":"));
        literal(code, if named { open + 5 } else { open + 3 }, close)
    } else {
        None
    };
    Some((name, second.or_else(|| fallback(code, close + 1)), open + 1))
}

/// The text at `at`, if nothing but it stands up to a comma or the end of the call.
fn literal<'t>(code: &Code<'t>, at: usize, close: usize) -> Option<&'t str> {
    let text = code.text_at(at)?;
    (at + 1 >= close || code.is(at + 1, ",")).then_some(text)
}

/// The literal behind a read: `|| "..."`, `?? "..."`, `or "..."`, `?: "..."`, `.unwrap_or("...")`.
fn fallback<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let at = at + usize::from(code.is(at, "!")); // TypeScript's non-null mark
    let two = |one: &str, other: &str| code.is(at, one) && code.is(at + 1, other);
    if two("|", "|") || two("?", "?") || two("?", ":") {
        return code.text_at(at + 2);
    }
    if code.is(at, "or") {
        return code.text_at(at + 1);
    }
    let unwraps =
        code.word(at + 1).is_some_and(|word| word.starts_with("unwrap_or") || word == "or_else" || word == "orElse");
    if code.is(at, ".") && unwraps {
        return (at + 3..(at + 8).min(code.closing(at + 2))).find_map(|inner| code.text_at(inner));
    }
    None
}

/// `${NAME:-literal}` in a text of a shell.
fn shell_text<'t>(code: &Code<'t>, at: usize) -> Option<Found<'t>> {
    let (name, literal) = names::fallback_of(code.of(at))?;
    is_variable(name).then_some((name, Some(literal), at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::parse::{language, lexer};

    fn reads(name: &str, text: &str) -> Vec<(String, Option<String>)> {
        let language = language::of(name, text).expect("is known");
        let tokens = lexer::tokens(text, language);
        let found = find(&Code { text, tokens: &tokens, language });
        found.into_iter().map(|read| (read.name, read.fallback.map(|text| text.as_str().to_owned()))).collect()
    }

    #[test]
    fn reads_are_found_in_many_languages() {
        for (name, text, fallback) in [
            ("a.py", "x = os.getenv(\"A_KEY\")", None),
            ("a.py", "x = os.environ[\"A_KEY\"]", None),
            ("a.py", "x = os.environ.get('A_KEY', 'lit')", Some("lit")),
            ("a.py", "x = os.getenv('A_KEY') or 'lit'", Some("lit")),
            ("a.py", "x = env.str('A_KEY', default='lit')", Some("lit")),
            ("a.js", "const x = process.env.A_KEY || 'lit'", Some("lit")),
            ("a.ts", "const x = process.env['A_KEY'] ?? \"lit\"", Some("lit")),
            ("a.ts", "const x = process.env.A_KEY!", None),
            ("a.go", "x := os.Getenv(\"A_KEY\")", None),
            ("a.go", "x := getEnv(\"A_KEY\", \"lit\")", Some("lit")),
            ("a.rs", "let x = std::env::var(\"A_KEY\").unwrap_or_else(|_| \"lit\".to_owned());", Some("lit")),
            ("a.rb", "x = ENV.fetch(\"A_KEY\", \"lit\")", Some("lit")),
            ("a.rb", "x = ENV['A_KEY']", None),
            ("a.java", "String x = System.getenv(\"A_KEY\");", None),
            ("a.php", "$x = getenv('A_KEY') ?: 'lit';", Some("lit")),
            ("a.php", "return ['x' => env('A_KEY', 'lit')];", Some("lit")),
            ("a.cs", "var x = Environment.GetEnvironmentVariable(\"A_KEY\") ?? \"lit\";", Some("lit")),
        ] {
            assert_eq!(reads(name, text), [("A_KEY".to_owned(), fallback.map(str::to_owned))], "{text}");
        }
    }

    #[test]
    fn writes_and_comments_are_no_reads() {
        for (name, text) in [
            ("a.py", "os.environ['A_KEY'] = 'x'"),
            ("a.py", "monkeypatch.setenv('A_KEY', 'x')"),
            ("a.py", "# os.getenv('A_KEY')\n\"\"\"os.getenv('A_KEY')\"\"\"\n"),
            ("a.js", "process.env.A_KEY = 'x'"),
            ("a.js", "// process.env.A_KEY"),
            ("a.go", "os.Setenv(\"A_KEY\", \"x\")"),
        ] {
            assert_eq!(reads(name, text), [], "{text}");
        }
    }
}
