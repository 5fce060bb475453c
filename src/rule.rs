//! Rules: what to look for, as data.
//!
//! Owns the rule files' syntax, their checks, the built-in pack and the templates of examples. Gives [`RuleSet`], read by
//! `detect` and `judge`; knows neither of them, nor any file that is scanned.

pub mod builtin;
pub mod compile;
pub mod facts;
pub mod head;
pub mod lane;
pub mod lint;
pub mod load;
pub mod named;
mod pattern;
pub mod set;
pub mod syntax;
pub mod template;
pub mod together;

pub use compile::Rule;
pub use lint::MatcherKind;
pub use set::{RuleId, RuleSet};
pub use syntax::{Confidence, Extend, FailedProof, Plausible, RuleSyntax, Severity};
