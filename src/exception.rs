//! Exceptions: findings that somebody accepted, with a reason.
//!
//! A comment in the file, an entry of `.caulkignore`, or one of a configuration. What they cover moves from the findings to the
//! accepted ones and stays in the report. Beside `scan`, whose reports it reads.
//!
//! ```
//! use caulk::config::{Config, Request};
//! use caulk::exception::{Exceptions, Extent};
//! use caulk::{Progress, Scanner, WalkOptions};
//!
//! let request = Request { places: vec!["src/day.rs".into()], ..Request::default() };
//! let (config, project) = Config::resolve(&request)?;
//! let exceptions = Exceptions::load(config, project, request.trust)?;
//! let config = exceptions.config();
//! let scanner = Scanner::new(config.rule_set()?, config.confidence.value)?;
//! let walk = WalkOptions { leave_out: exceptions.excluded(), ..WalkOptions::default() };
//! let mut report = scanner.scan_paths(&request.places, &walk, &Progress::default())?;
//! exceptions.apply(&scanner, &mut report, Extent::Part);
//! for one in &report.accepted {
//!     println!("{}: {}", one.finding.place.origin.path, one.reason);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cover;
pub mod ignore_file;
mod unused;

pub use ignore_file::{IgnoreEntry, IgnoreError, IgnoreFile};
pub use unused::InlineWatch;

use crate::config::{Config, ConfigError, IGNORE_FILE, PolicyFile, ProjectFiles, Trust};

/// Whether a report speaks of everything that exceptions can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: what covers nothing there is stale.
    Full,
    /// A part of it.
    Part,
}

/// Why exceptions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExceptionError {
    /// The ignore file cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Something in it is wrong.
    #[error(transparent)]
    Ignore(#[from] IgnoreError),
}

/// The exceptions in force.
#[derive(Debug)]
pub struct Exceptions {
    config: Config,
    project: ProjectFiles,
    trust: Trust,
    ignore: IgnoreFile,
    /// The ignore file, if there is one.
    file: Option<PolicyFile>,
}

impl Exceptions {
    /// The exceptions that `config` and the ignore file of its project state.
    ///
    /// # Errors
    /// The ignore file cannot be read, or a line of it cannot be used.
    pub fn load(config: Config, project: ProjectFiles, trust: Trust) -> Result<Self, ExceptionError> {
        let name = PolicyFile { path: project.shown(IGNORE_FILE), by: project.authority() };
        let (mut ignore, mut file) = (IgnoreFile::default(), None);
        if trust != Trust::Refused
            && let Some(text) = project.read(IGNORE_FILE)?
        {
            ignore = IgnoreFile::parse(&name.path, &text)?;
            file = Some(name);
        }
        Ok(Self { config, project, trust, ignore, file })
    }

    /// The ignore file as it was read.
    pub const fn ignore_file(&self) -> &IgnoreFile {
        &self.ignore
    }

    /// The configuration that they belong to.
    pub const fn config(&self) -> &Config {
        &self.config
    }
}
