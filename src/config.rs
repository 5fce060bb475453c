//! `.caulk.toml`, as far as the checklist needs it: exceptions with a reason and the day until which they hold.
//!
//! Other tables are passed over: they belong to other commands.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::value::Datetime;

/// The file's name, at the root of a repository.
pub const FILE: &str = ".caulk.toml";

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the configuration `{}` cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is no TOML, or not of the right form.
    #[error("the configuration `{}` cannot be used: {message}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        message: String,
    },
}

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Config {
    /// The checklist.
    #[serde(default)]
    pub checklist: ChecklistConfig,
}

/// What it says of the checklist.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistConfig {
    /// Accepted failures.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// One accepted failure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The id of the check.
    pub check: String,
    /// Glob of the files it is accepted in; everywhere without.
    #[serde(default)]
    pub path: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Datetime,
}

impl Exception {
    /// The last day as `YYYY-MM-DD`.
    pub fn until_day(&self) -> String {
        self.until.date.map_or_else(String::new, |date| date.to_string())
    }
}

impl Config {
    /// The configuration in `file`.
    ///
    /// # Errors
    /// It cannot be read, is no TOML, or an exception lacks its reason or its day.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(file).map_err(|source| ConfigError::Read { path: file.to_owned(), source })?;
        let parse = |message: String| ConfigError::Parse { path: file.to_owned(), message };
        let config: Self = toml::from_str(&text).map_err(|error| parse(error.to_string()))?;
        for exception in &config.checklist.exceptions {
            if exception.reason.trim().is_empty() {
                return Err(parse(format!("the exception for `{}` gives no reason", exception.check)));
            }
            if exception.until.date.is_none() {
                return Err(parse(format!(
                    "the exception for `{}` needs a day in `until`, such as 2027-01-31",
                    exception.check
                )));
            }
        }
        Ok(config)
    }
}
