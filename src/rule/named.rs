//! Rules by the line: keys that have no mark of their own and are known by their provider's name alone.
//!
//! Takes one entry of a rule file's `named` list, gives a shape rule (or, where the value is too short for a run, a name
//! rule) for each shape it names. Also compiled into the build script, so that the pack holds plain rules.

use super::lane::RUN_MIN;
use super::syntax::{Confidence, Extend, FailedProof, Plausible, RuleSyntax, Severity};
use serde::Deserialize;

/// How far above the value the provider's name may stand, in bytes: the same assignment or a few lines above.
const DISTANCE: u16 = 120;

/// What follows the provider's name in identifiers that hold a short key.
const KEY_WORDS: &[&str] =
    &["key", "api key", "token", "api token", "access token", "auth token", "secret", "api secret"];

/// One entry: a provider, its names, and the shapes its keys have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSyntax {
    /// Provider as people know it.
    pub provider: String,
    /// What it is called in identifiers and host names, lower case.
    pub words: Vec<String>,
    /// Class and length as in templates: `hex:32`, `base62:20-24`, `uuid`.
    pub shapes: Vec<String>,
    /// Is its name a word of the language, too? Then a finding says less.
    #[serde(default)]
    pub common: bool,
    /// Where to revoke it, where that is known better than by the provider's name.
    #[serde(default)]
    pub revoke: Option<String>,
    /// Environment variables that hold it.
    #[serde(default)]
    pub variables: Vec<String>,
}

impl NamedSyntax {
    /// The rules of this entry, a rule a shape.
    ///
    /// # Errors
    /// In words: a shape that is none.
    pub fn rules(&self) -> Result<Vec<RuleSyntax>, String> {
        self.shapes.iter().map(|shape| self.rule(shape)).collect()
    }

    fn rule(&self, text: &str) -> Result<RuleSyntax, String> {
        let shape = Shape::read(text).ok_or_else(|| {
            format!(
                "`{}`: `{text}` is no shape: write a class and a length such as `hex:32` or `base62:20-24`, or `uuid`",
                self.provider
            )
        })?;
        let in_name = shape.min < RUN_MIN;
        let names = self.words.iter().flat_map(|word| KEY_WORDS.iter().map(move |key| format!("{word} {key}")));
        Ok(RuleSyntax {
            id: format!("{}-named-{}", slug(&self.provider), text.replace(':', "-")),
            provider: self.provider.clone(),
            secret: "API key, by the provider's name".to_owned(),
            severity: Severity::Medium,
            pattern: Some(shape.pattern()),
            prefixes: Vec::new(),
            near: if in_name { Vec::new() } else { self.words.clone() },
            max_distance: (!in_name).then_some(DISTANCE),
            names: if in_name { names.collect() } else { Vec::new() },
            schemes: Vec::new(),
            labels: Vec::new(),
            anywhere: false,
            extend: None::<Extend>,
            proof: shape.is_uuid.then(|| "uuid4".to_owned()),
            failed_proof: if shape.is_uuid { FailedProof::Lower } else { FailedProof::Drop },
            confidence: Some(if self.common { Confidence::Low } else { Confidence::Medium }),
            plausible: Plausible::Random,
            public: false,
            beats: Vec::new(),
            pair: Vec::new(),
            examples: vec![format!("{{{text}}}")],
            counter_examples: Vec::new(),
            revoke: Some(
                self.revoke
                    .clone()
                    .unwrap_or_else(|| format!("the page of API keys in your {} account", self.provider)),
            ),
            docs: None,
            lifetime: None,
            variables: self.variables.clone(),
            instead: None,
            trial: false,
        })
    }
}

/// A class of characters and how many of them.
struct Shape {
    class: &'static str,
    min: usize,
    max: usize,
    is_uuid: bool,
}

impl Shape {
    fn read(text: &str) -> Option<Self> {
        if text == "uuid" {
            return Some(Self { class: "[0-9a-f-]", min: 36, max: 36, is_uuid: true });
        }
        let (name, length) = text.split_once(':')?;
        let (min, max) = length.split_once('-').unwrap_or((length, length));
        let class = CLASSES.iter().find(|(class, _)| *class == name)?.1;
        let (min, max) = (min.parse().ok()?, max.parse().ok()?);
        (min <= max && min > 0).then_some(Self { class, min, max, is_uuid: false })
    }

    fn pattern(&self) -> String {
        match (self.min, self.max) {
            (min, max) if min == max => format!("{}{{{min}}}", self.class),
            (min, max) => format!("{}{{{min},{max}}}", self.class),
        }
    }
}

/// The classes of templates that shapes can have, as patterns.
const CLASSES: &[(&str, &str)] = &[
    ("hex", "[0-9a-f]"),
    ("upperhex", "[0-9A-F]"),
    ("base36", "[0-9a-z]"),
    ("upper36", "[0-9A-Z]"),
    ("base62", "[0-9A-Za-z]"),
    ("base32", "[2-7A-Z]"),
    ("base64", "[0-9A-Za-z+/]"),
    ("base64url", "[0-9A-Za-z_-]"),
];

/// Lower case words joined by `-`.
fn slug(provider: &str) -> String {
    let words: Vec<&str> =
        provider.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let slug = words.join("-").to_ascii_lowercase();
    // Ids begin with a letter.
    if slug.starts_with(|c: char| c.is_ascii_digit()) { format!("n{slug}") } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(shapes: &[&str]) -> Result<Vec<RuleSyntax>, String> {
        let shapes = shapes.iter().map(ToString::to_string).collect();
        let words = vec!["acme".to_owned()];
        NamedSyntax {
            provider: "Acme Inc.".to_owned(),
            words,
            shapes,
            common: false,
            revoke: None,
            variables: Vec::new(),
        }
        .rules()
    }

    #[test]
    fn a_shape_becomes_a_rule_that_asks_for_the_name() {
        let rules = rules(&["base62:20-24", "uuid"]).expect("shapes");
        assert_eq!(rules[0].id, "acme-inc-named-base62-20-24");
        assert_eq!(
            (rules[0].pattern.as_deref(), rules[0].examples[0].as_str()),
            (Some("[0-9A-Za-z]{20,24}"), "{base62:20-24}")
        );
        assert_eq!((rules[0].near.as_slice(), rules[0].names.len()), (&["acme".to_owned()][..], 0));
        assert_eq!(rules[1].proof.as_deref(), Some("uuid4"));
    }

    #[test]
    fn what_is_too_short_for_a_run_is_asked_for_in_the_identifier() {
        let rules = rules(&["hex:14"]).expect("a shape");
        assert!(rules[0].near.is_empty() && rules[0].names.contains(&"acme api key".to_owned()));
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for shape in ["hex", "hex:", "hex:9-3", "letters:20", ""] {
            assert!(rules(&[shape]).is_err(), "{shape}");
        }
    }
}
