//! One page that needs nothing else: it works from a file, asks no network, and reads in the dark, on paper and on a small screen.
//!
//! The page has parts: secrets with a filter, their life in time, the checklist, the account of the run; each is there if there is
//! something to tell. Whatever is filled in is escaped by the formatter, so that no part can forget it, and a content policy lets the
//! browser run the page's own script and style and nothing else.

mod account;
mod checklist;
mod secrets;
mod timeline;

use super::Content;
use crate::blob::path::write_escaped;
use data_encoding::BASE64;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

const TEMPLATES: &[(&str, &str)] = &[
    ("page", include_str!("html/page.html")),
    ("secrets", include_str!("html/secrets.html")),
    ("timeline", include_str!("html/timeline.html")),
    ("checklist", include_str!("html/checklist.html")),
    ("account", include_str!("html/account.html")),
];

#[derive(Serialize)]
struct PageView<'r> {
    title: &'static str,
    version: &'static str,
    day: String,
    content_policy: String,
    secrets: Option<secrets::View<'r>>,
    timeline: Option<timeline::View>,
    checklist: Option<checklist::View<'r>>,
    account: account::View,
}

/// Writes the page.
///
/// # Errors
/// Writing fails, or the page cannot be filled in.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> io::Result<()> {
    let view = PageView {
        title: match (content.findings, content.checklist) {
            (Some(_), Some(_)) => "Security audit",
            (Some(_), None) => "Secrets",
            (None, _) => "Security checklist",
        },
        version: env!("CARGO_PKG_VERSION"),
        day: content.ended.day(),
        content_policy: content_policy(),
        secrets: content.findings.map(secrets::view),
        timeline: content.findings.and_then(|report| timeline::view(report, content.ended)),
        checklist: content.checklist.map(checklist::view),
        account: account::view(content),
    };
    let page = environment().and_then(|environment| environment.get_template("page")?.render(Serde(&view)));
    out.write_all(page.map_err(io::Error::other)?.as_bytes())
}

/// Nothing from anywhere but what the page itself holds, told by its hash.
fn content_policy() -> String {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(write!(out, "{}", HtmlEscape(&shown(text)))?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    environment.add_filter("code", |text: String| with_code(&text));
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    environment.add_global("script", Value::from_safe_string(SCRIPT.to_owned()));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// Text without characters that steer or hide.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    write_escaped(text.as_bytes(), &mut shown).expect("writing to a string does not fail");
    shown
}

/// Text as HTML: escaped, and code where backticks say so.
fn with_code(text: &str) -> Value {
    let part = |(number, part)| match number % 2 {
        0 => HtmlEscape(part).to_string(),
        _ => format!("<code>{}</code>", HtmlEscape(part)),
    };
    Value::from_safe_string(shown(text).split('`').enumerate().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(with_code("a `b<c` <d>").to_string(), "a <code>b&lt;c</code> &lt;d&gt;");
    }

    #[test]
    fn script_and_style_cannot_end_early() {
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"));
    }
}
