//! What `caulk check` and `caulk audit` say, write and repair, and how they exit.

use crate::support::{Run, Tree, github, sample, snapshot, unlike_words};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

fn rows(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    report["checks"].as_array().expect("a list").iter().map(|row| (text(&row["id"]), text(&row["verdict"]))).collect()
}

fn check(tree: &Tree, args: &[&str]) -> Run {
    tree.caulk(&["check"]).args(args).run()
}

/// A project with one image that runs as root.
fn rooted() -> Tree {
    Tree::repository().file("Dockerfile", "FROM python:3.12\nCMD [\"a\"]\n")
}

#[test]
fn a_failure_is_shown_with_evidence_and_exits_with_1() {
    snapshot!(check(&rooted(), &["--only", "docker-root,docker-latest,docker-socket"]), @r#"
    exit: 1
    --- stdout
    Checklist                             fail  review  pass   n/a
    Containers and orchestration             1       0     1     1

    Containers and orchestration
      [ ] Containers run as a user without privileges [medium, docker-root]
          Dockerfile:1 the last stage has no `USER`, so it runs as root
          why Who breaks out of a process that runs as root has more of the host.
          do  End the last stage with a `USER` that is not root.
      [x] Images are pinned to a version [docker-latest]
          Dockerfile:1 `python:3.12`
      [-] No container has the engine's socket: no compose file and no Kubernetes manifest [docker-socket]

    --- stderr
    checklist: 1 fail, 0 review, 1 pass, 1 not applicable
    "#);
}

#[test]
fn severity_decides_about_the_exit_code() {
    for (args, code) in [
        (&["--fail-on", "high"][..], 0),
        (&["--fail-on", "medium"], 1),
        (&["--exit-zero"], 0),
        (&["--skip", "docker-root"], 0),
    ] {
        let run = rooted().caulk(&["check", "--only", "docker-root,docker-latest"]).args(args).run();
        assert_eq!(run.code, code, "{args:?}: {run}");
    }
}

#[test]
fn wrong_usage_is_said() {
    for (args, message) in [
        (&["--only", "dokcer"][..], "there is no check `dokcer`"),
        (&["-f", "jsonl"], "use one of text, json, sarif, markdown, html"),
        (&["no-such-folder"], "cannot scan `no-such-folder`"),
        (&["--dry-run"], "--fix"),
    ] {
        let run = check(&Tree::new(), args);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.to_string().contains(message), "{run}");
    }
}

#[test]
fn a_file_that_cannot_be_read_makes_it_incomplete() {
    let tree = Tree::new().file("a.txt", "");
    fs::create_dir(tree.path().join("closed")).expect("can be made");
    let tree = tree.link("nowhere", "dangling");
    assert_eq!(check(&tree, &["--only", "docker"]).code, 0);
    let run = check(&Tree::new().link("nowhere", "x"), &["x", "--only", "docker"]);
    assert_eq!(run.code, 3, "{run}");
}

#[test]
fn the_markdown_has_boxes_and_links_and_is_the_same_each_time() {
    let tree = rooted()
        .file("a b.yml", "apiVersion: v1\nkind: Pod\nspec:\n  volumes: [{hostPath: {path: /var/run/docker.sock}}]\n");
    let run = check(&tree, &["-q", "-f", "markdown", "--only", "docker,s3-public"]);
    let text = String::from_utf8(run.stdout.clone()).expect("is text");
    for line in [
        "- [ ] **Containers run as a user without privileges** (`docker-root`, medium)",
        "  - [Dockerfile:1](Dockerfile#L1): the last stage has no `USER`, so it runs as root",
        "- [x] **Images are pinned to a version** (`docker-latest`)",
        "  - [a b.yml:4](a%20b.yml#L4): mounts the engine's socket",
        "Not applicable: `s3-public` (no bucket in Terraform or CloudFormation).",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
    }
    assert_eq!(check(&tree, &["-q", "-j", "1", "-f", "markdown", "--only", "docker,s3-public"]).stdout, run.stdout);
}

#[test]
fn only_failures_are_results_unless_the_full_profile_is_asked_for() {
    let tree = rooted();
    let upload = check(&tree, &["-q", "-f", "sarif"]).json();
    let results = upload["runs"][0]["results"].as_array().expect("a list").clone();
    assert!(!results.is_empty());
    for result in &results {
        assert_eq!(result["kind"], "fail");
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(uri.is_string(), "{result:#}");
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("is small");
        assert_eq!(upload["runs"][0]["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    let full = check(&tree, &["-q", "-f", "sarif", "--sarif-profile", "full"]).json();
    let kinds: Vec<&str> =
        full["runs"][0]["results"].as_array().expect("a list").iter().filter_map(|one| one["kind"].as_str()).collect();
    for kind in ["fail", "pass", "review", "notApplicable"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn an_audit_has_findings_and_checklist_in_one_report() {
    let token = github(1);
    let tree = rooted()
        .file("a.py", format!("key = \"{token}\"\n"))
        .file(".gitignore", ".env\n")
        .file(".env", format!("GITHUB_TOKEN={token}\n"));
    let audit = |args: &[&str]| tree.caulk(&["audit", "-q"]).args(args).run();
    let json = audit(&["-f", "json"]);
    assert_eq!(json.code, 1);
    assert_eq!(json.findings().len(), 1);
    let verdicts = rows(&json.json()["checklist"]);
    // The values of ignored environment files are traced.
    assert!(verdicts.contains(&("env-echo".to_owned(), "fail".to_owned())), "{verdicts:?}");
    let sarif = audit(&["-f", "sarif"]).json();
    let run = &sarif["runs"][0];
    let ids: Vec<&str> =
        run["results"].as_array().expect("a list").iter().filter_map(|one| one["ruleId"].as_str()).collect();
    assert!(ids.contains(&"github-pat-classic") && ids.contains(&"docker-root"), "{ids:?}");
    for result in run["results"].as_array().expect("a list") {
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("is small");
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    let text = audit(&[]).to_string();
    assert!(
        text.contains("GitHub personal access token") && text.contains("Checklist") && !text.contains(&token),
        "{text}"
    );
}

#[test]
fn exceptions_need_a_reason_and_end() {
    let exception = |until: &str, more: &str| {
        format!(
            "[[checklist.exceptions]]\ncheck = \"docker-root\"\nreason = \"a build image\"\nuntil = {until}\n{more}"
        )
    };
    let run = |config: String| check(&rooted().file(".caulk.toml", config), &["--only", "docker-root"]);
    let accepted = run(exception("2999-01-01", ""));
    assert_eq!(accepted.code, 0, "{accepted}");
    assert!(accepted.to_string().contains("accepted until 2999-01-01: a build image"), "{accepted}");
    let ended = run(exception("2020-01-01", ""));
    assert_eq!(ended.code, 1);
    assert!(ended.to_string().contains("ended on 2020-01-01"), "{ended}");
    assert_eq!(run(exception("2999-01-01", "path = \"Docker*\"\n")).code, 0);
    let elsewhere = run(exception("2999-01-01", "path = \"legacy/**\"\n"));
    assert_eq!(elsewhere.code, 1);
    assert!(elsewhere.to_string().contains("accepts nothing"), "{elsewhere}");
    let without = run("[[checklist.exceptions]]\ncheck = \"docker-root\"\nuntil = 2999-01-01\n".to_owned());
    assert_eq!(without.code, 2);
    assert!(without.to_string().contains("reason"), "{without}");
}

/// A project with everything that can be repaired.
fn broken() -> Tree {
    let tree = Tree::repository()
        .file(
            "a.py",
            "import os\nfrom dotenv import load_dotenv\nos.environ[\"API_KEY\"]\nos.environ[\"DB_PASSWORD\"]\n",
        )
        .file("Dockerfile", "FROM python:3.12\nCOPY . /app\nUSER a\n")
        .file(".gitignore", "*.pyc")
        .file("web/.gitignore", ".env\n")
        .file("web/.env", format!("API_KEY={}\n", unlike_words(1)));
    fs::set_permissions(tree.path().join("web/.env"), Permissions::from_mode(0o644)).expect("is ours");
    tree
}

#[test]
fn repairs_are_shown_first_and_done_once() {
    let tree = broken();
    let dry = check(&tree, &["--fix", "--dry-run"]);
    snapshot!(dry, @r"
    exit: 0
    --- stdout
    --- a/.gitignore
    +++ b/.gitignore
    @@ -1,0 +2,3 @@
    +.env
    +.env.*
    +!.env.example
    --- /dev/null
    +++ b/.env.example
    @@ -0,0 +1,2 @@
    +API_KEY=
    +DB_PASSWORD=
    --- /dev/null
    +++ b/.dockerignore
    @@ -0,0 +1,2 @@
    +.env*
    +!.env.example
    web/.env: mode 644 -> 600
    nothing was written (--dry-run)
    --- stderr
    ");
    assert_eq!(tree.read(".gitignore"), b"*.pyc");
    let done = check(&tree, &["--fix"]).to_string();
    assert!(done.contains("4 repairs done"), "{done}");
    assert_eq!(tree.read(".gitignore"), b"*.pyc\n.env\n.env.*\n!.env.example\n");
    assert_eq!(tree.read(".env.example"), b"API_KEY=\nDB_PASSWORD=\n");
    let again = check(&tree, &["--fix"]).to_string();
    assert!(again.contains("nothing to repair"), "{again}");
    let report =
        check(&tree, &["-q", "-f", "json", "--only", "env-ignored,env-example-missing,env-image,env-perms"]).json();
    assert!(rows(&report).iter().all(|(_, verdict)| verdict == "pass"), "{report:#}");
}

#[test]
fn repairs_follow_no_links() {
    let tree = broken();
    fs::remove_file(tree.path().join(".gitignore")).expect("is there");
    let target = tree.home().join("precious");
    fs::write(&target, "mine\n").expect("can be written");
    std::os::unix::fs::symlink(&target, tree.path().join(".gitignore")).expect("can be made");
    let run = check(&tree, &["--fix"]);
    assert_eq!(run.code, 2, "{run}");
    assert_eq!(fs::read(&target).expect("is there"), b"mine\n");
}

#[test]
fn the_inventory_says_where_secrets_are_read_documented_and_set() {
    let tree = Tree::repository()
        .file("a.py", "import os\nos.getenv(\"API_KEY\", \"abc\")\nos.getenv(\"MODE\")\n")
        .file(".env.example", "API_KEY=\nOLD_TOKEN=\n")
        .file("compose.yml", "services:\n  a:\n    image: b:1\n    environment:\n      API_KEY: ${API_KEY:?}\n")
        .file(".github/workflows/a.yml", "on: push\njobs:\n  a:\n    env: {API_KEY: '${{ secrets.API_KEY }}'}\n");
    snapshot!(check(&tree, &["--inventory"]), @r"
    exit: 0
    --- stdout
    | secret | read at | literal stands in at | documented at | set at, from |
    |---|---|---|---|---|
    | `API_KEY` | a.py:2 | a.py:2 | .env.example:1 | .github/workflows/a.yml:4 (the store of secrets), compose.yml:5 (the environment) |
    | `OLD_TOKEN` | - | - | .env.example:2 | - |

    | other variable | read at | literal stands in at | documented at | set at, from |
    |---|---|---|---|---|
    | `MODE` | a.py:3 | - | - | - |
    --- stderr
    ");
}

#[test]
fn values_of_stores_are_traced_on_request_and_never_shown() {
    let value = sample("{base62:40}", 9);
    let tree = Tree::repository().file("notes.txt", format!("the old one was {value}, I think\n"));
    let aws = tree.home().join(".aws");
    fs::create_dir(&aws).expect("can be made");
    fs::write(aws.join("credentials"), format!("[default]\naws_secret_access_key = {value}\n"))
        .expect("can be written");
    let run = check(&tree, &["--trace-stores", "-v", "--only", "env-echo"]);
    let text = run.to_string();
    assert!(
        text.contains("notes.txt:1 holds the value of `aws_secret_access_key` of `~/.aws/credentials` (aws)"),
        "{text}"
    );
    assert!(!text.contains(&value));
    // A longer word that holds the value is another.
    tree.write("notes.txt", format!("x{value}\n"));
    assert_eq!(check(&tree, &["--trace-stores", "--only", "env-echo"]).code, 0);
}

#[test]
fn the_page_is_whole_and_escapes_what_it_shows() {
    let tree = rooted()
        .file("<b>.yml", "apiVersion: v1\nkind: Pod\nspec:\n  volumes: [{hostPath: {path: /var/run/docker.sock}}]\n");
    let run = check(&tree, &["-q", "-f", "html"]);
    let page = String::from_utf8(run.stdout).expect("is text");
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("&lt;b&gt;.yml") && !page.contains("<b>.yml"));
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("<link"));
    for check in caulk::check::rows::all() {
        assert!(page.contains(&format!("id=\"{}\"", check.id)), "{}", check.id);
    }
}

#[test]
fn checks_are_listed_with_the_rules() {
    let run = Tree::new().caulk(&["rules", "list"]).run().to_string();
    for check in caulk::check::rows::all() {
        assert!(run.contains(check.id), "{}", check.id);
    }
}

#[test]
fn every_row_is_documented_as_it_is() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checklist.md")).expect("is there");
    let documented: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let rows: Vec<String> = caulk::check::rows::all()
        .map(|check| format!("| `{}` | {} | {} |", check.id, check.title, caulk::report::severity_word(check.severity)))
        .collect();
    assert_eq!(documented, rows);
}

#[test]
fn a_part_of_a_repository_is_not_blamed_for_what_may_stand_elsewhere() {
    let tree = Tree::repository().file("SECURITY.md", "a@acme.io\n").file("web/a.py", "print(1)\n");
    let verdict = |path: &str| {
        let report = tree.caulk(&["check", "-q", "-f", "json", "--only", "policy-security-md", path]).run().json();
        report["checks"][0]["verdict"].as_str().expect("text").to_owned()
    };
    assert_eq!((verdict(".").as_str(), verdict("web").as_str()), ("pass", "review"));
}

#[test]
fn without_a_repository_the_ignore_rules_of_the_tree_hold() {
    let secret = format!("API_KEY={}\n", unlike_words(1));
    let tree = Tree::new().file(".env", &secret).file(".gitignore", ".env*\n");
    let verdict = |tree: &Tree| {
        let report = tree.caulk(&["check", "-q", "-f", "json", "--only", "env-tracked"]).run().json();
        report["checks"][0]["verdict"].as_str().expect("text").to_owned()
    };
    assert_ne!(verdict(&tree), "fail");
    assert_eq!(verdict(&Tree::new().file(".env", &secret)), "fail");
}
