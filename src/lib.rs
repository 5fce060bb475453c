//! caulk finds the secrets that a project leaks, and says how to seal them.
//!
//! The library is the scanner without the command line: give it rules and bytes, a path or a stream, and it gives
//! findings with the secret masked.
//!
//! ```
//! use caulk::{Confidence, Progress, RuleSet, Scanner, WalkOptions};
//!
//! let scanner = Scanner::new(RuleSet::builtin(), Confidence::Medium)?;
//! let report = scanner.scan_paths(&["src/lib.rs".into()], &WalkOptions::default(), &Progress::default())?;
//! assert!(report.manifest.is_complete());
//! for finding in &report.findings {
//!     println!("{}:{}: {}", finding.place.origin.path, finding.place.start.line, report.rule(finding).title());
//! }
//! # Ok::<(), caulk::ScanError>(())
//! ```
//!
//! Data flows one way: [`source`] -> [`blob`] -> [`detect`] -> [`judge`] -> [`report`]; [`rule`] is read by all and
//! knows none of them. [`check`] stands beside `detect`: it ticks the secure-storage checklist from the same walk.

pub mod blob;
pub mod check;
pub mod checksum;
pub mod config;
pub mod day;
pub mod detect;
pub mod edit;
pub mod exception;
pub mod finding;
pub mod git;
pub mod history;
pub mod hooks;
pub mod judge;
pub mod plural;
pub mod regular;
pub mod replace;
pub mod report;
pub mod rule;
pub mod scan;
pub mod setup;
pub mod source;
pub mod span;
pub mod staged;

pub use blob::Origin;
pub use finding::{Confidence, Finding, Fingerprint, Secret, Severity};
pub use history::HistoryOptions;
pub use report::{Manifest, Report};
pub use rule::{Rule, RuleSet};
pub use scan::{Progress, ScanError, Scanner};
pub use source::files::WalkOptions;
