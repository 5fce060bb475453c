//! Which environment a file speaks for: worked out once, with the reason.

use super::class::words;
use crate::blob::Role;
use std::fmt;

/// An environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// What users use.
    Production,
    /// What stands in front of production and is built like it.
    Staging,
    /// A developer's machine.
    Development,
    /// Tests.
    Test,
    /// A template, or documentation.
    Example,
    /// Nothing says which.
    Unmarked,
}

impl Stage {
    /// Does what stands here reach users, for all we know?
    pub const fn counts(self) -> bool {
        matches!(self, Self::Production | Self::Staging | Self::Unmarked)
    }

    /// The environment that `word` names.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "production" | "prod" | "prd" => Some(Self::Production),
            "staging" | "stage" | "stg" | "preprod" | "uat" | "qa" => Some(Self::Staging),
            "development" | "dev" | "develop" | "local" | "devcontainer" | "debug" => Some(Self::Development),
            "test" | "tests" | "testing" | "suite" | "suites" | "fixtures" | "ci" | "e2e" => Some(Self::Test),
            _ => None,
        }
    }

    /// The environment that a path names; of several words the gravest counts, so `.env.production.local` is production.
    pub fn of_path(path: &str, role: Role) -> Self {
        match role {
            Role::Test => return Self::Test,
            Role::Document | Role::Example => return Self::Example,
            _ => {}
        }
        // `HashCreationTests.cs`
        let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
        if ["Test", "Tests", "Spec", "IT"]
            .iter()
            .any(|end| stem.strip_suffix(end).is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_lowercase())))
        {
            return Self::Test;
        }
        words(path).filter_map(|word| Self::of_word(&word)).min().unwrap_or(Self::Unmarked)
    }

    /// The environment that a setting such as `NODE_ENV=production` names.
    pub fn of_setting(name: &str, value: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        let speaks = [
            "ENV",
            "ENVIRONMENT",
            "NODE_ENV",
            "APP_ENV",
            "RAILS_ENV",
            "RACK_ENV",
            "FLASK_ENV",
            "DJANGO_ENV",
            "MIX_ENV",
            "DEPLOY_ENV",
            "STAGE",
            "SPRING_PROFILES_ACTIVE",
            "ASPNETCORE_ENVIRONMENT",
        ];
        (speaks.contains(&name.as_str())).then(|| Self::of_word(&value.trim().to_ascii_lowercase())).flatten()
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Test => "test",
            Self::Example => "example",
            Self::Unmarked => "unmarked",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_settings_name_environments() {
        let stage = |path: &str| Stage::of_path(path, Role::Product);
        assert_eq!(stage(".env.production.local"), Stage::Production);
        assert_eq!(stage("deploy/dev/values.yaml"), Stage::Development);
        assert_eq!(stage("docker-compose.yml"), Stage::Unmarked);
        assert_eq!(stage("unit/HashCreationTests.cs"), Stage::Test);
        assert_eq!(stage("src/Latest.cs"), Stage::Unmarked);
        assert_eq!(stage("devices/product.yml"), Stage::Unmarked);
        assert_eq!(Stage::of_path(".env.example", Role::Example), Stage::Example);
        assert_eq!(Stage::of_setting("NODE_ENV", "production"), Some(Stage::Production));
        assert_eq!(Stage::of_setting("NODE_NAME", "production"), None);
    }
}
