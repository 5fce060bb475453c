//! What a file is to the checklist, told from its name; Kubernetes manifests are told from their content later.

use crate::blob::{FileKind, Role};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `.env` and its relatives.
    Dotenv,
    /// `.dockerignore`.
    Dockerignore,
    /// A Dockerfile.
    Dockerfile,
    /// A compose file.
    Compose,
    /// Kubernetes manifests, Helm templates and kustomizations.
    Kubernetes,
    /// A pipeline of a CI system.
    Pipeline(Pipeline),
    /// What keeps dependencies up to date or checks commits: Dependabot, Renovate, pre-commit.
    Upkeep,
    /// The configuration of a proxy or web server.
    Proxy,
    /// Infrastructure code in HCL.
    Terraform,
    /// Settings in YAML, JSON, TOML, INI or properties.
    Settings(Format),
    /// A program.
    Code,
    /// A security policy.
    SecurityPolicy,
    /// Prose.
    Document,
}

/// The CI systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pipeline {
    /// GitHub Actions.
    GitHub,
    /// All others that write YAML: GitLab, CircleCI, Azure, Travis, Bitbucket, Drone, Buildkite, Woodpecker.
    Yaml,
    /// Jenkins.
    Jenkins,
}

/// The formats of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML and JSON.
    Yaml,
    /// TOML.
    Toml,
    /// Lines of names and values.
    Pairs,
}

/// The words of a name or path, in lower case.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase)
}

/// Is `name` that of an environment file: `.env`, `.env.local`, `web.env`, `env.production`?
pub fn is_dotenv(name: &str) -> bool {
    let code =
        [".py", ".js", ".ts", ".rb", ".go", ".rs", ".d.ts", ".md", ".sh", ".yml", ".yaml", ".json", ".mjs", ".cjs"];
    let named = name == ".env" || name.starts_with(".env.") || name.starts_with(".env-") || name.ends_with(".env");
    name == ".envrc" || named && !code.iter().any(|ending| name.ends_with(ending))
}

/// Does the path lead into code of others that was copied in?
pub fn is_vendored(path: &str) -> bool {
    let folders = [
        "node_modules",
        "vendor",
        "third_party",
        "third-party",
        "site-packages",
        "deps",
        "external",
        ".venv",
        "venv",
        "bower_components",
        "Pods",
    ];
    path.rsplit_once('/').is_some_and(|(folder, _)| folder.split('/').any(|part| folders.contains(&part)))
}

/// The class of the file at `path`; `None` for what the checklist does not read.
pub fn of(path: &str, kind: FileKind) -> Option<Class> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    if kind.syntax == crate::blob::Syntax::Binary
        || matches!(kind.role, Role::Lock | Role::Generated | Role::Localisation)
        || is_vendored(path)
    {
        return None;
    }
    by_name(path, &lower).or_else(|| by_extension(&lower, kind))
}

fn by_name(path: &str, lower: &str) -> Option<Class> {
    let yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    let stem = lower.split('.').next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    match () {
        () if is_dotenv(lower) => Some(Class::Dotenv),
        () if lower == ".dockerignore" || lower.ends_with(".dockerignore") => Some(Class::Dockerignore),
        () if is_dockerfile(lower) => Some(Class::Dockerfile),
        () if yaml && (stem.starts_with("docker-compose") || stem == "compose" || stem.starts_with("compose-")) => {
            Some(Class::Compose)
        }
        () if yaml && folder == ".github/workflows" => Some(Class::Pipeline(Pipeline::GitHub)),
        () if yaml && is_pipeline(path, lower) => Some(Class::Pipeline(Pipeline::Yaml)),
        () if lower.starts_with("jenkinsfile") => Some(Class::Pipeline(Pipeline::Jenkins)),
        () if stem == "dependabot" && yaml && folder == ".github"
            || lower.starts_with("renovate.json")
            || lower == ".renovaterc"
            || lower.starts_with(".pre-commit-config") =>
        {
            Some(Class::Upkeep)
        }
        () if stem == "security" && ["md", "rst", "txt", "adoc", "security"].iter().any(|end| lower.ends_with(end)) => {
            Some(Class::SecurityPolicy)
        }
        () if lower == "nginx.conf"
            || lower == "caddyfile"
            || lower.ends_with(".nginx")
            || lower.ends_with(".conf") && words(folder).any(|word| word == "nginx") =>
        {
            Some(Class::Proxy)
        }
        () if ["makefile", "justfile", "procfile", "tox.ini"].contains(&lower) => Some(Class::Upkeep),
        () => None,
    }
}

fn is_dockerfile(lower: &str) -> bool {
    // Code about Dockerfiles, and templates that are filled in elsewhere, are none.
    let other = [
        "rs", "go", "py", "js", "ts", "rb", "java", "md", "tt", "j2", "erb", "tpl", "tmpl", "template", "json", "yml",
        "yaml",
    ];
    if lower.rsplit_once('.').is_some_and(|(_, ending)| other.contains(&ending)) {
        return false;
    }
    ["dockerfile", "containerfile"]
        .iter()
        .any(|word| lower == *word || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-'])))
        || lower.ends_with(".dockerfile")
}

fn is_pipeline(path: &str, lower: &str) -> bool {
    let names = [
        ".gitlab-ci.yml",
        ".travis.yml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        ".drone.yml",
        ".woodpecker.yml",
        "buildkite.yml",
        "cloudbuild.yaml",
    ];
    let folders = [".circleci/", ".azure-pipelines/", ".buildkite/", ".woodpecker/", ".gitlab/ci/"];
    // Only the ones at the root are run.
    !path.contains('/') && names.contains(&lower)
        || lower.ends_with(".gitlab-ci.yml")
        || lower.starts_with("azure-pipelines")
        || folders.iter().any(|folder| path.contains(folder))
}

fn by_extension(lower: &str, kind: FileKind) -> Option<Class> {
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "yml" | "yaml" => Some(Class::Settings(Format::Yaml)),
        "json" if !lower.ends_with(".schema.json") => Some(Class::Settings(Format::Yaml)),
        "toml" => Some(Class::Settings(Format::Toml)),
        "ini" | "properties" | "cfg" | "cnf" | "conf" => Some(Class::Settings(Format::Pairs)),
        "tf" | "tfvars" => Some(Class::Terraform),
        "md" | "rst" | "adoc" | "txt" | "markdown" => Some(Class::Document),
        _ if kind.syntax == crate::blob::Syntax::Code || kind.syntax == crate::blob::Syntax::Config => {
            Some(Class::Code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_files_are() {
        let class = |path: &str| of(path, FileKind::of(path.as_bytes(), b"x\n"));
        assert_eq!(class("a/.env.production"), Some(Class::Dotenv));
        assert_eq!(class("src/env.py"), Some(Class::Code));
        assert_eq!(class("deploy/web.env"), Some(Class::Dotenv));
        assert_eq!(class("docker/Dockerfile.web"), Some(Class::Dockerfile));
        assert_eq!(class("compose.prod.yaml"), Some(Class::Compose));
        assert_eq!(class(".github/workflows/ci.yml"), Some(Class::Pipeline(Pipeline::GitHub)));
        assert_eq!(class("docs/SECURITY.md"), Some(Class::SecurityPolicy));
        assert_eq!(class("docker/nginx/conf.d/site.conf"), Some(Class::Proxy));
        assert_eq!(class("config/database.yml"), Some(Class::Settings(Format::Yaml)));
        assert_eq!(class("node_modules/x/.env"), None);
        assert_eq!(class("package-lock.json"), None);
    }
}
