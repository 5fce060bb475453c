//! Pipelines: a file for GitHub, a job for GitLab.

use super::scripts::calls_caulk;
use super::{Pipeline, Setup};
use std::fs;

/// The version that pipelines take: this one.
const VERSION: &str = env!("CARGO_PKG_VERSION");

const GITHUB: &str = ".github/workflows/caulk.yml";
const GITLAB: &str = ".gitlab-ci.yml";

/// Adds caulk to a pipeline; `source` is where it can be cloned from.
pub(super) fn add(setup: &mut Setup, pipeline: Pipeline, source: Option<&str>) {
    let name = match pipeline {
        Pipeline::Github => GITHUB,
        Pipeline::Gitlab => GITLAB,
    };
    let there = fs::read_to_string(setup.root.join(name)).ok();
    let others = if pipeline == Pipeline::Github { workflows(setup) } else { Vec::new() };
    if there.iter().chain(&others).any(|text| calls_caulk(text)) {
        return setup.seen.push("pipeline: runs caulk".to_owned());
    }
    let Some(source) = source else {
        setup.seen.push(format!("pipeline: `{name}` would be written, if it were known where caulk comes from"));
        let note = "pipelines have to get caulk from somewhere: say `--from URL`, the address that it can be cloned from, to add it";
        return setup.notes.push(note.to_owned());
    };
    match pipeline {
        Pipeline::Github => {
            setup.seen.push(format!("pipeline: `{name}` is new"));
            setup.create(name, &workflow(source));
        }
        Pipeline::Gitlab if there.as_ref().is_some_and(|text| has_stages_without_test(text)) => {
            setup.seen.push(format!("pipeline: `{name}` is there, with stages of its own and none called `test`"));
            setup.notes.push(format!("add this to `{name}`, with a `stage` that it has:\n{}", job(source)));
        }
        Pipeline::Gitlab => {
            let what = if there.is_some() { "is there, and gets a job" } else { "is new" };
            setup.seen.push(format!("pipeline: `{name}` {what}"));
            let mut lines: Vec<String> = job(source).lines().map(str::to_owned).collect();
            lines.splice(0..0, there.is_some().then(String::new));
            setup.append(name, lines);
        }
    }
}

/// The texts of GitHub's workflows.
fn workflows(setup: &Setup) -> Vec<String> {
    let entries = fs::read_dir(setup.root.join(".github/workflows")).into_iter().flatten().flatten();
    entries.filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect()
}

/// Jobs without a stage belong to `test`, which is there unless a file names others.
fn has_stages_without_test(text: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("stages:"));
    let Some(first) = lines.next() else { return false };
    let items = lines.take_while(|line| line.starts_with([' ', '-', '#']) || line.is_empty());
    let words = |line: &str| line.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "test");
    !std::iter::once(first).chain(items).any(words)
}

/// Owner and name of a repository on GitHub.
fn on_github(source: &str) -> Option<&str> {
    let rest = source.strip_prefix("https://github.com/")?.trim_end_matches('/').trim_end_matches(".git");
    (rest.split('/').count() == 2).then_some(rest)
}

fn workflow(source: &str) -> String {
    let (run, right) = match on_github(source) {
        // For the report that it uploads.
        Some(action) => (format!("      - uses: {action}@v{VERSION}"), "\n      security-events: write"),
        None => {
            let install = format!("      - run: cargo install --locked --git '{source}' --tag v{VERSION} caulk");
            (install + "\n      - run: caulk history", "")
        }
    };
    format!(
        "\
name: caulk
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  secrets:
    runs-on: ubuntu-latest
    permissions:
      contents: read{right}
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          # All commits: what a push or a pull request adds is told from them.
          fetch-depth: 0
          persist-credentials: false
{run}
"
    )
}

fn job(source: &str) -> String {
    format!(
        "\
caulk:
  image: rust:1.95-slim-bookworm
  variables:
    # All commits: what a push or a merge request adds is told from them.
    GIT_DEPTH: 0
  rules:
    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  before_script:
    - cargo install --locked --git '{source}' --tag v{VERSION} caulk
  script:
    - |
      if [ -n \"$CI_MERGE_REQUEST_DIFF_BASE_SHA\" ]; then
        caulk history --config-from \"$CI_MERGE_REQUEST_DIFF_BASE_SHA\" \\
          --range \"$CI_MERGE_REQUEST_DIFF_BASE_SHA..$CI_COMMIT_SHA\"
      else
        caulk history
      fi"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_repositories_on_github_are_actions() {
        assert_eq!(on_github("https://github.com/owner/caulk.git"), Some("owner/caulk"));
        assert_eq!(on_github("https://git.example/owner/caulk"), None);
        assert_eq!(on_github("https://github.com/owner"), None);
    }

    #[test]
    fn stages_that_lack_test_are_seen() {
        assert!(has_stages_without_test("stages:\n  - build\n  - deploy\n\ntest:\n  script: x\n"));
        assert!(has_stages_without_test("stages: [build, deploy]\n"));
        assert!(
            !has_stages_without_test("stages:\n  - build\n  - test\n") && !has_stages_without_test("a:\n  script: x\n")
        );
    }
}
