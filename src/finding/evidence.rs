//! What counted for or against a candidate: each step of the judge leaves one.

use crate::blob::Role;
use std::fmt;

/// One reason for a finding's confidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The value has the shape of the rule.
    Shape,
    /// The value begins like those of the rule and has not their shape.
    Marked,
    /// The value has the shape of the rule, and somebody made it up.
    MadeUp,
    /// The value nearly has the shape of a key, and has it not.
    Misshapen,
    /// The value is given to this identifier.
    Assigned {
        /// The identifier, escaped.
        name: String,
        /// How it was given the value.
        way: &'static str,
    },
    /// What the trained model says.
    Model {
        /// The likelihood that it is a secret, in percent.
        percent: u8,
        /// What spoke for it, most important first.
        reasons: Vec<&'static str>,
    },
    /// The value counts where the variable is not set.
    Fallback,
    /// The password of a URL.
    UrlPassword,
    /// It is written in Base64, and was found in the text that it says.
    Encoded,
    /// An offline check passed.
    Proved {
        /// Name of the proof.
        proof: &'static str,
        /// What it checks, in one sentence.
        about: &'static str,
    },
    /// Something the proof learned from the value.
    Fact {
        /// What it is.
        name: &'static str,
        /// Its value; never a part of the secret.
        value: String,
    },
    /// An offline check failed, which the rule allows for.
    Unproved {
        /// Name of the proof.
        proof: &'static str,
        /// Why it failed.
        reason: &'static str,
    },
    /// The id that belongs to it stands beside it.
    Pair {
        /// What the id is, for people.
        with: String,
    },
    /// What the value looks like.
    Looks(&'static str),
    /// What the file speaks for, where that lowers the confidence.
    Role(Role),
    /// The provider means such values to be public.
    Public,
    /// The same value was found elsewhere.
    Known,
    /// It is the value of a setting that is kept apart, said in words.
    Local(String),
}

impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => out.write_str("has the distinct shape"),
            Self::Marked => out.write_str("begins with the mark, without the exact shape"),
            Self::MadeUp => out.write_str("has the shape, and looks made up"),
            Self::Misshapen => out.write_str("nearly has the shape of a key"),
            Self::Encoded => out.write_str("decoded"),
            Self::Assigned { name, way } => write!(out, "{way} `{name}`"),
            Self::Model { percent, reasons } => {
                write!(out, "a secret by {percent} %")?;
                if reasons.is_empty() { Ok(()) } else { write!(out, " ({})", reasons.join(", ")) }
            }
            Self::Fallback => out.write_str("counts where nothing else is set"),
            Self::UrlPassword => out.write_str("password of a URL"),
            Self::Proved { about, .. } => {
                // The sentence goes on: no capital, no full stop.
                let about = about.strip_suffix('.').unwrap_or(about);
                let mut characters = about.chars();
                let first = characters.next().map(|first| first.to_ascii_lowercase());
                write!(out, "proved offline: {}{}", first.map(String::from).unwrap_or_default(), characters.as_str())
            }
            Self::Fact { name, value } => write!(out, "{name}: {value}"),
            Self::Unproved { proof, reason } => write!(out, "proof {proof} failed: {reason}"),
            Self::Pair { with } => write!(out, "stands beside its {with}"),
            Self::Looks(what) => write!(out, "looks {what}"),
            Self::Role(role) => write!(out, "stands in a {} file", role.word()),
            Self::Public => out.write_str("public by design"),
            Self::Local(label) => write!(out, "the value of {label}"),
            Self::Known => out.write_str("the same value as found elsewhere"),
        }
    }
}
