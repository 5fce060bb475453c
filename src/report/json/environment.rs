//! Environment files in JSON.

use crate::blob::PlacePath;
use crate::check::EnvFile;
use crate::span::Position;
use serde::Serialize;

/// An environment file that sets secrets.
#[derive(Serialize)]
pub(super) struct Entry {
    path: String,
    git: &'static str,
    variables: Vec<Variable>,
}

#[derive(Serialize)]
struct Variable {
    name: String,
    line: u64,
    documented: Vec<Place>,
    elsewhere: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    line: u64,
}

/// `file` as it stands in a report.
pub(super) fn entry(file: &EnvFile) -> Entry {
    let places = |places: &[(PlacePath, Position)]| {
        places.iter().map(|(path, at)| Place { path: path.to_string(), line: at.line }).collect()
    };
    let variables = file.variables.iter().map(|variable| Variable {
        name: variable.name.clone(),
        line: variable.at.line,
        documented: places(&variable.documented),
        elsewhere: places(&variable.elsewhere),
    });
    Entry { path: file.path.to_string(), git: file.standing.word(), variables: variables.collect() }
}
