//! `caulk rules new`: a rule to begin with, which already passes its own tests.

use crate::cli::Outcome;
use anyhow::{Result, bail};
use std::io::Write;

pub(super) fn run(id: &str, prefix: Option<&str>) -> Result<Outcome> {
    let Some((provider, secret)) = id.split_once('-') else {
        bail!("`{id}` is no id: the provider comes first, then what the secret is, as in `acme-api-key`");
    };
    let name = provider.get(..1).unwrap_or_default().to_ascii_uppercase() + provider.get(1..).unwrap_or_default();
    let prefix = prefix.map_or_else(|| format!("{provider}_"), str::to_owned);
    let pattern: String = prefix
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "_-/ ".contains(c) { c.to_string() } else { format!("\\{c}") })
        .collect();
    let mut out = anstream::stdout().lock();
    write!(
        out,
        r#"# The shape as the provider's own page tells it: put its address into `docs`.
[[rule]]
id = "{id}"
provider = "{name}"
secret = "{}"
severity = "high"
pattern = '{pattern}[0-9A-Za-z]{{32}}'
prefixes = ["{prefix}"]
examples = ["{prefix}{{base62:32}}"]
counter_examples = ["{prefix}{{x:32}}"]
revoke = "https://{provider}.example/settings/keys"
docs = "https://{provider}.example/docs/keys"
variables = ["{}_API_KEY"]
# Shown, but no reason to fail a run, until it has proved itself.
trial = true
"#,
        secret.replace('-', " "),
        provider.to_ascii_uppercase(),
    )?;
    Ok(Outcome::Clean)
}
