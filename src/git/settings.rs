//! The few settings of a repository that say how its objects are stored; nothing else of its configuration is obeyed.

use super::id::ObjectFormat;
use super::{GitError, layout};
use std::path::Path;

/// How a repository stores things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The hash of its ids.
    pub format: ObjectFormat,
    /// Are its refs kept in reftables?
    pub reftable: bool,
    /// Does a remote hold objects that are missing here (a partial clone)?
    pub promisor: bool,
}

impl Settings {
    /// Reads the `config` of the repository at `common`; without the file, git's defaults hold.
    ///
    /// # Errors
    /// The file cannot be read, or names an unknown format.
    pub fn read(common: &Path) -> Result<Self, GitError> {
        let text = layout::read_file(&common.join("config"))?.unwrap_or_default();
        let mut settings = Self { format: ObjectFormat::Sha1, reftable: false, promisor: false };
        for (section, key, value) in entries(&String::from_utf8_lossy(&text)) {
            match (section.as_str(), key.as_str()) {
                ("extensions", "objectformat") => {
                    settings.format = match value.to_ascii_lowercase().as_str() {
                        "sha1" => ObjectFormat::Sha1,
                        "sha256" => ObjectFormat::Sha256,
                        other => {
                            let what = format!("its objects are named by an unknown hash (`{other}`)");
                            return Err(GitError::Unsupported { path: common.to_owned(), what });
                        }
                    };
                }
                ("extensions", "refstorage") => settings.reftable = value.eq_ignore_ascii_case("reftable"),
                ("extensions", "partialclone") => settings.promisor = true,
                (section, "promisor") if section.starts_with("remote") => {
                    settings.promisor |= value.is_empty() || value.eq_ignore_ascii_case("true");
                }
                _ => {}
            }
        }
        Ok(settings)
    }
}

/// Section in lower case, key in lower case, and value of each line; no includes, no continuation.
fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut entries = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.split(']').next().unwrap_or_default().to_ascii_lowercase();
        } else if !line.is_empty() && !line.starts_with(['#', ';']) {
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            let value = value.split(['#', ';']).next().unwrap_or_default().trim().trim_matches('"');
            entries.push((section.clone(), key.trim().to_ascii_lowercase(), value.to_owned()));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_and_includes_are_not_followed() {
        let folder = tempfile::tempdir().expect("there is room");
        let text = "[include]\n path = /etc/x\n[core]\n fsmonitor = touch /x\n[extensions]\n\tobjectFormat = sha256 ; x\n[remote \"o\"]\n\tpromisor = true\n";
        std::fs::write(folder.path().join("config"), text).expect("it can be written");
        let settings = Settings::read(folder.path()).expect("it is sound");
        assert_eq!(settings, Settings { format: ObjectFormat::Sha256, reftable: false, promisor: true });
    }
}
