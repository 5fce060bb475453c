//! Numbers of things, in words.

/// `1 file`, `2 files`, `3 entries`, `4 days`.
pub fn count(number: usize, what: &str) -> String {
    match (number, what.strip_suffix('y').filter(|stem| !stem.ends_with('a'))) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        _ => format!("{number} {what}s"),
    }
}
