//! From what was typed to the policy in force.

use super::args::{ConfidenceArg, PolicyArgs, RuleFiles, SeverityArg};
use super::plan;
use anyhow::Result;
use caulk::config::{Config, Flags, Request, Trust};
use caulk::exception::Exceptions;
use std::path::PathBuf;

/// What was typed in place of what a configuration says.
pub(super) fn flags(confidence: Option<ConfidenceArg>, fail_on: Option<SeverityArg>, rules: &RuleFiles) -> Flags {
    Flags {
        confidence: confidence.map(plan::confidence),
        fail_on: fail_on.map(plan::severity),
        rules: rules.files.clone(),
        no_default_rules: rules.no_default_rules,
    }
}

/// The policy for a run that looks at `places`.
pub(super) fn load(places: &[PathBuf], args: &PolicyArgs, flags: Flags) -> Result<Exceptions> {
    let trust = match &args.config_from {
        Some(revision) => Trust::Revision(revision.clone()),
        None if args.no_repo_config => Trust::Refused,
        None => Trust::Project,
    };
    let request = Request { places: places.to_vec(), trust: trust.clone(), file: args.config.clone(), flags };
    let (config, project) = Config::resolve(&request)?;
    Ok(Exceptions::load(config, project, trust)?)
}
