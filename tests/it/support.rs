//! Trees to scan, the program run on them with a scrubbed environment, and values that are made when a test runs.

pub(crate) mod craft;
pub(crate) mod hostile;
pub(crate) mod places;
mod repo;
mod run;
mod sample;
mod tree;

pub(crate) use repo::Repo;
pub(crate) use run::{Caulk, Run};
pub(crate) use sample::{Filler, assignment, github, sample, unlike_words, url, utf16};
pub(crate) use tree::Tree;

use caulk::{Confidence, Finding, RuleSet, Scanner};
use std::sync::LazyLock;

/// Compares exit code, standard output and standard error with an inline snapshot; what differs from run to run is named in brackets.
macro_rules! snapshot {
    ($run:expr, @$expected:literal) => {
        insta::with_settings!({ filters => crate::support::FILTERS.to_vec() }, {
            insta::assert_snapshot!($run.to_string(), @$expected);
        });
    };
}
pub(crate) use snapshot;

/// What differs from run to run, or with every new rule.
pub(crate) const FILTERS: &[(&str, &str)] = &[
    (r#"\b[0-9a-f]{32}\b"#, "[hash]"),
    (r#""rulesDigest": ?"[0-9a-f]{16}""#, r#""rulesDigest": "[digest]""#),
    (r#""durationSeconds": ?\d+"#, r#""durationSeconds": [seconds]"#),
    // Where nothing is configured.
    (r#"(?s),\s+"policy": \{\s+"files": \[\],.*?"notices": \[\]\s+\}"#, r#", "policy": [none]"#),
    (r"a secret by \d+ % \([^)]*\)", "a secret by [percent] % ([reasons])"),
    (r"in \d+\.\d\d s", "in [seconds] s"),
    (r#""rules": ?\d{2,}"#, r#""rules": [rules]"#),
    (r"with \d{2,} rules", "with [rules] rules"),
    (r"\b\d{2,} rules on", "[count] rules on"),
    (env!("CARGO_PKG_VERSION"), "[version]"),
];

/// A scanner with the built-in rules that reports what the program reports by default.
pub(crate) static MEDIUM: LazyLock<Scanner> = LazyLock::new(|| scanner(Confidence::Medium));

/// A scanner with the built-in rules that reports everything.
pub(crate) static LOW: LazyLock<Scanner> = LazyLock::new(|| scanner(Confidence::Low));

fn scanner(least: Confidence) -> Scanner {
    Scanner::new(RuleSet::builtin(), least).expect("the built-in rules make a scanner")
}

/// The id of the rule of `finding`, which [`MEDIUM`] or [`LOW`] found.
pub(crate) fn rule_of(finding: &Finding) -> &str {
    MEDIUM.rules().rule(finding.rule).id()
}

/// The one finding in `text`.
pub(crate) fn only(path: &str, text: &[u8]) -> Finding {
    let mut findings = MEDIUM.scan_bytes(path, text);
    assert_eq!(findings.len(), 1, "{:?}", findings.iter().map(rule_of).collect::<Vec<_>>());
    findings.remove(0)
}
