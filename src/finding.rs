//! Findings: what a run reports, with the secret kept masked.
//!
//! `judge` makes them, `report` writes them. The raw value stays inside [`Secret`].

pub mod directive;
pub mod evidence;
pub mod excerpt;
pub mod exposure;
pub mod fingerprint;
pub mod secret;

pub use crate::rule::{Confidence, Severity};
pub use directive::Directive;
pub use evidence::Evidence;
pub use excerpt::Excerpt;
pub use exposure::Exposure;
pub use fingerprint::Fingerprint;
pub use secret::Secret;

use crate::blob::Origin;
use crate::rule::RuleId;
use crate::span::{Position, Span};

/// One place where a secret stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The blob.
    pub origin: Origin,
    /// The secret's bytes in the blob.
    pub span: Span,
    /// Where it begins.
    pub start: Position,
    /// Right behind its last character.
    pub end: Position,
    /// The line around it, with every secret in it masked.
    pub excerpt: Excerpt,
}

/// An id that belongs to a secret: an access key id, an account.
#[derive(Clone, Debug)]
pub struct Part {
    /// The rule that found it.
    pub rule: RuleId,
    /// Its value, masked as every value is.
    pub secret: Secret,
    /// Where it begins.
    pub start: Position,
}

/// One secret value at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// The value.
    pub secret: Secret,
    /// How sure we are.
    pub confidence: Confidence,
    /// The harm if it is real.
    pub severity: Severity,
    /// What counted, in the order in which it was looked at.
    pub evidence: Vec<Evidence>,
    /// The same for the same rule, value and path, whatever the line, commit or way of scanning.
    pub fingerprint: Fingerprint,
    /// Where it stands.
    pub place: Place,
    /// Its life in the history, if that was scanned.
    pub exposure: Option<Box<Exposure>>,
    /// The ids beside it that belong to it; they are no findings of their own.
    pub parts: Vec<Part>,
    /// What a comment beside it says about it.
    pub directive: Option<Box<Directive>>,
}
