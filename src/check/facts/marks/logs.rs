//! Secrets that reach a log, the terminal or an exception, and logs that mask them.

use super::{Found, is_telling};
use crate::check::facts::MarkKind;
use crate::check::facts::code::Code;
use crate::check::parse::lexer::Kind;

/// Calls that write, by their whole name.
const WRITERS: &[&str] =
    &["print", "println", "printf", "eprintln", "puts", "pp", "echo", "dbg", "var_dump", "print_r"];

/// Methods that write, of what is called a log or console.
const METHODS: &[&str] = &[
    "log",
    "debug",
    "info",
    "warning",
    "warn",
    "error",
    "critical",
    "exception",
    "trace",
    "fatal",
    "printf",
    "println",
    "infof",
    "debugf",
    "errorf",
    "warnf",
    "fatalf",
    "notice",
    "verbose",
];

/// Calls that hide what they are given, or tell nothing of it.
const HIDES: &[&str] = &[
    "mask",
    "redact",
    "len",
    "bool",
    "type",
    "hash",
    "sha256",
    "obfuscate",
    "sanitize",
    "censor",
    "hide",
    "nameof",
    "isset",
    "empty",
    "strlen",
    "boolean",
    "any",
    "all",
    "is_some",
    "masked",
];

/// Methods that give the raw value of a masking type.
const UNWRAPS: &[&str] = &["get_secret_value", "expose_secret", "expose"];

pub(super) fn at_word(code: &Code<'_>, at: usize) -> Option<Found> {
    if matches!(code.of(at), "filter_parameters" | "redact" | "redact_keys" | "redactPaths")
        && ["+", "=", ":"].iter().any(|sign| code.is(at + 1, sign))
    {
        return Some((MarkKind::MasksLogs, format!("`{}`", code.of(at))));
    }
    let (open, what) = writer(code, at)?;
    let close = code.closing(open);
    let leaked = (open + 1..close).find_map(|inner| leaked(code, open, inner))?;
    Some((MarkKind::LogsSecret, format!("{what} is given {leaked}")))
}

/// The bracket of a call at `at` that writes for people, and its name.
fn writer(code: &Code<'_>, at: usize) -> Option<(usize, String)> {
    let open = if code.is(at + 1, "!") { at + 2 } else { at + 1 };
    let raises = matches!(code.of(at), "raise" | "throw") && code.language.name != "shell";
    if raises {
        let open = (at + 1..at + 8).find(|one| code.is(*one, "("))?;
        let names_only = (at + 1..open).all(|one| {
            code.tokens[one].indent.is_none()
                && (code.kind(one) == Some(Kind::Word) || code.is(one, ".") || code.is(one, ":"))
        });
        return names_only.then(|| (open, "an exception".to_owned()));
    }
    if !code.is(open, "(") {
        return None;
    }
    let writes = |word: &&str| word.eq_ignore_ascii_case(code.of(at));
    if !METHODS.iter().chain(WRITERS).any(writes) {
        return None;
    }
    let path = code.path(at).to_ascii_lowercase();
    let (owner, last) = path.rsplit_once('.').unwrap_or(("", &path));
    let macros = open == at + 2 && METHODS.contains(&last);
    let method = METHODS.contains(&last)
        && (owner.contains("log") || owner.ends_with("console") || owner.ends_with("fmt") || owner.ends_with("out"));
    let plain = WRITERS.contains(&last) && (owner.is_empty() || matches!(owner, "fmt" | "system.out" | "sys.stdout"));
    // `def print(...)` defines one.
    let defines = at > 0 && matches!(code.of(at - 1), "def" | "function" | "fn" | "func");
    (!defines && (macros || method || plain)).then(|| (open, format!("`{}`", code.path(at))))
}

/// What the token at `inner` of a call gives away.
fn leaked(code: &Code<'_>, open: usize, inner: usize) -> Option<String> {
    match code.kind(inner)? {
        Kind::Word => {
            let word = code.of(inner);
            if UNWRAPS.contains(&word) && code.is_call(inner) && !is_hidden(code, open, inner) {
                return Some(format!("the value that `{word}()` unwraps"));
            }
            let used = code.is_call(inner)
                || code.is(inner + 1, "=") && !code.is(inner + 2, "=")
                || code.is(inner + 1, ".")
                || code.is(inner + 1, ":") && code.is(inner + 2, ":");
            let listed = inner > 0 && code.is(inner - 1, "in");
            let compared = listed
                || ["is", "in", "not", "if", "and", "or"].iter().any(|word| code.is(inner + 1, word))
                || code.is(inner + 1, "=")
                || code.is(inner + 1, "?")
                || code.is(inner + 1, "!");
            let constant = word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase());
            (!used && !compared && !constant && is_telling(word) && !is_hidden(code, open, inner))
                .then(|| format!("`{word}`"))
        }
        // Rust fills any text of such a macro.
        Kind::Text if code.tokens[inner].filled || code.language.name == "rust" => {
            filled(code.of(inner)).filter(|_| !is_hidden(code, open, inner))
        }
        _ => None,
    }
}

/// Does the token stand in a call that hides what it is given?
fn is_hidden(code: &Code<'_>, open: usize, inner: usize) -> bool {
    let mut depth = 0_usize;
    for before in (open + 1..inner).rev().filter(|one| code.kind(*one) == Some(Kind::Sign)) {
        match code.of(before) {
            ")" | "]" => depth += 1,
            "(" if depth == 0 => {
                let name = code.of(before - 1).to_ascii_lowercase();
                if HIDES.iter().any(|word| {
                    name == *word || name.starts_with(&format!("{word}_")) || name.ends_with(&format!("_{word}"))
                }) {
                    return true;
                }
            }
            "(" | "[" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The secret that a text is filled with: `{api_key}`, `${apiKey}`, `#{api_key}`.
fn filled(text: &str) -> Option<String> {
    for part in text.split('{').skip(1) {
        let inside = part.split('}').next().unwrap_or_default();
        let expression = inside.split(['!', ':']).next().unwrap_or_default().trim();
        if UNWRAPS.iter().any(|word| expression.contains(&format!("{word}("))) {
            return Some("an unwrapped secret".to_owned());
        }
        let last = expression.rsplit('.').next().unwrap_or_default();
        let name = last.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let constant = !last.bytes().any(|byte| byte.is_ascii_lowercase());
        if name && !constant && is_telling(last) {
            return Some(format!("`{last}`"));
        }
    }
    None
}
