//! The secrets that a project needs: where each is read, whether something stands in for it, where it is documented and who sets it.

use super::class::{Class, Pipeline};
use super::facts::{FileFacts, Form, Setting};
use super::names;
use super::project::Project;
use super::stage::Stage;
use crate::blob::{Origin, Role};
use crate::span::Position;
use std::collections::BTreeMap;

/// A place in a file.
pub type Spot = (Origin, Position);

/// One variable.
#[derive(Clone, Debug, Default)]
pub struct Variable {
    /// Is it a secret, by its name?
    pub is_secret: bool,
    /// Where code reads it.
    pub reads: Vec<Spot>,
    /// Where code has a literal to fall back to.
    pub fallbacks: Vec<Spot>,
    /// Where an example file or document names it.
    pub documented: Vec<Spot>,
    /// Where it is set, and from what.
    pub set: Vec<(Spot, &'static str)>,
}

/// All variables by name.
pub type Inventory = BTreeMap<String, Variable>;

/// The inventory of `project`.
pub fn of(project: &Project) -> Inventory {
    let mut inventory = Inventory::new();
    for (file, read) in project.reads() {
        let variable = inventory.entry(read.name.clone()).or_default();
        let spot = (file.origin.clone(), read.at);
        if read.fallback.is_some() {
            variable.fallbacks.push(spot.clone());
        }
        variable.reads.push(spot);
    }
    for file in &project.files {
        add_settings(file, &mut inventory);
    }
    for file in &project.files {
        for (name, at) in &file.mentions {
            // A document is full of words in capitals: only what is known otherwise counts.
            if let Some(variable) = inventory.get_mut(name) {
                variable.documented.push((file.origin.clone(), *at));
            }
        }
    }
    for (name, variable) in &mut inventory {
        variable.is_secret = names::is_secret(name) || names::is_database_url(name);
    }
    inventory
}

fn add_settings(file: &FileFacts, inventory: &mut Inventory) {
    let example = file.class == Class::Dotenv && matches!(file.role, Role::Example | Role::Document);
    if !example && matches!(file.stage, Stage::Test | Stage::Example) && !matches!(file.class, Class::Pipeline(_)) {
        return;
    }
    for setting in &file.settings {
        let spot = (file.origin.clone(), setting.at);
        let environment = matches!(setting.form, Form::Dotenv | Form::Container | Form::Image)
            || matches!(file.class, Class::Pipeline(Pipeline::GitHub)) && is_variable(&setting.name);
        let wanted = environment && (inventory.contains_key(&setting.name) || names::is_secret(&setting.name));
        if example {
            inventory.entry(setting.name.clone()).or_default().documented.push(spot);
        } else if wanted {
            inventory.entry(setting.name.clone()).or_default().set.push((spot, source(setting)));
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Where a value comes from, in words.
fn source(setting: &Setting) -> &'static str {
    let value = setting.value.as_str();
    match () {
        () if value.trim().is_empty() => "nothing",
        () if value.contains("secrets.") => "the store of secrets",
        () if names::fallback_of(value).is_some() => "the environment, else a literal",
        () if names::is_reference(value) => "the environment",
        () if names::stands_in(value) => "a placeholder",
        () => "a literal",
    }
}
