//! CSV, annotations and Markdown: each in the form that its readers take, whatever names and lines hold.

use crate::support::hostile::{NAMES, hostile};
use crate::support::{Repo, Run, Tree, github};

fn stdout(run: &Run) -> String {
    String::from_utf8(run.stdout.clone()).expect("it is UTF-8")
}

/// The rows of a CSV report by the rules of RFC 4180; the first one names the columns.
#[track_caller]
fn rows(run: &Run) -> Vec<Vec<String>> {
    let text = stdout(run);
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "lines end with CR LF");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("all rows are as long").iter().map(str::to_owned).collect()).collect()
}

#[track_caller]
fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|column| column == name).expect("the column is there");
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn csv_has_a_header_even_without_findings() {
    let rows = rows(&Tree::new().file("a.txt", "nothing\n").scan(&["-f", "csv"]));
    assert_eq!((rows.len(), rows[0][0].as_str()), (1, "state"));
}

#[test]
fn csv_holds_no_formula_and_no_control_character() {
    let rows = rows(&hostile().scan(&["-f", "csv"]));
    assert_eq!(rows.len(), NAMES.len() + 1);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@']) && !cell.chars().any(char::is_control), "{cell:?}");
    }
    assert!(column(&rows, "path").contains(&"'=1+1.py".to_owned()));
}

#[test]
fn csv_has_a_row_for_each_place_of_a_history() {
    let mut repo = Repo::new();
    repo.write("a.py", github(1));
    let first = repo.commit("one");
    repo.write("b.py", github(1));
    let second = repo.commit("two");
    repo.remove("a.py");
    repo.remove("b.py");
    let last = repo.commit("three");
    let rows = rows(&repo.caulk(&["history", "-f", "csv"]).run());
    assert_eq!(column(&rows, "path"), ["a.py", "b.py"]);
    assert_eq!(column(&rows, "commit"), [first, second]);
    assert_eq!(column(&rows, "removed_in"), [last.clone(), last]);
    assert_eq!(column(&rows, "state"), ["removed", "removed"]);
    assert_eq!(column(&rows, "pushed"), ["no", "no"]);
    let ids = column(&rows, "fingerprint");
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn annotations_are_one_line_each_and_begin_no_other_command() {
    let text = stdout(&hostile().scan(&["-q", "-f", "github"]));
    assert_eq!(text.lines().count(), NAMES.len());
    for line in text.lines() {
        let (properties, _) = line.strip_prefix("::error ").and_then(|rest| rest.split_once("::")).expect("a command");
        // What a name holds of these is escaped: the properties are those that are meant.
        let names: Vec<&str> = properties.split(',').map(|one| one.split('=').next().unwrap_or_default()).collect();
        assert_eq!(names, ["file", "line", "endLine", "col", "endColumn", "title"], "{line}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    assert!(text.contains("file=a%2Cb%3Ac%250A%25d%3A%3Aerror%3A%3Ax.py,line=1"), "{text}");
}

#[test]
fn no_more_annotations_than_github_shows() {
    let tree = Tree::new().file("a.py", (0..25).map(|n| github(n) + "\n").collect::<String>());
    let text = stdout(&tree.scan(&["-q", "-f", "github"]));
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(text.ends_with(
        "::notice title=caulk::and 15 more errors and 0 more warnings, which GitHub would not show here: they are in the other reports\n"
    ));
    assert_eq!(stdout(&Tree::new().scan(&["-q", "-f", "github"])), "");
}

#[test]
fn an_annotation_of_the_past_stands_at_no_line() {
    let mut repo = Repo::new();
    repo.write("a.py", github(1));
    repo.commit("one");
    repo.remove("a.py");
    repo.commit("two");
    let text = stdout(&repo.caulk(&["history", "-q", "-f", "github"]).run());
    assert!(text.starts_with("::error title=") && text.contains("a.py:1, removed, not known to a remote"), "{text}");
}

#[test]
fn failing_rows_of_the_checklist_are_annotations_too() {
    let tree = Tree::repository().file("Dockerfile", "FROM python:3.12\nCMD [\"a\"]\n");
    let text = stdout(&tree.caulk(&["check", "-q", "-f", "github", "--only", "docker-root"]).run());
    assert!(text.starts_with("::warning file=Dockerfile,line=1,endLine=1,title=Containers run"), "{text}");
}

#[test]
fn the_job_summary_keeps_what_others_wrote_into_it() {
    let tree = Tree::new().file("a.py", github(1));
    tree.write("summary.md", "before\n");
    let file = tree.path().join("summary.md").display().to_string();
    let run = tree
        .caulk(&["scan", "-f", "github", "-f", &format!("markdown={file}")])
        .env("GITHUB_STEP_SUMMARY", &file)
        .run();
    assert_eq!(run.code, 1, "{run}");
    let text = String::from_utf8(tree.read("summary.md")).expect("it is text");
    assert!(text.starts_with("before\n# Secrets\n\n**1 secret at 1 place** (1 critical)"), "{text}");
}

#[test]
fn markdown_tells_of_the_life_of_a_secret() {
    let mut repo = Repo::new();
    repo.write("a.py", format!("x = '{}'\n", github(1)));
    repo.commit("one");
    repo.remove("a.py");
    repo.commit("two");
    let text = stdout(&repo.caulk(&["history", "-q", "-f", "markdown"]).run());
    for line in [
        "## critical: GitHub personal access token, classic",
        "- `a.py:1:6`: `x = 'ghp_...(40)'`",
        "- now removed; held by the history of refs/heads/main",
        "- pushed: not known to any remote here: rewrite it before you push",
        "1. Revoke it where it was issued; from then on it does not matter who has it.",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("- since 2020-09-") && text.contains("- removed 2020-09-"), "{text}");
}

#[test]
fn nothing_from_a_file_is_markdown() {
    let text = stdout(&hostile().scan(&["-q", "-f", "markdown"]));
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    for line in text.lines().filter(|line| line.contains("script")) {
        // Names and lines stand in code, whose fence is longer than any run of backticks in it.
        assert!(line.starts_with("- `") && line.ends_with('`'), "{line}");
    }
    let ticks = text.lines().find(|line| line.contains("javascript")).expect("it is there");
    assert!(ticks.starts_with("- `` `tick` [l](javascript:x) @team |.py:1:"), "{ticks}");
}

#[test]
fn markdown_fits_into_a_job_summary_and_counts_the_rest() {
    let tree = Tree::new().file("a.py", (0..1200).map(|n| github(n) + "\n").collect::<String>());
    let text = stdout(&tree.scan(&["-q", "-f", "markdown"]));
    assert!(text.len() < 1 << 20, "{}", text.len());
    assert!(text.contains("\nAnd 700 more secrets, which the other formats list.\n"));
}

#[test]
fn an_incomplete_scan_is_said_in_every_format() {
    let tree = Tree::new().file("a.txt", "nothing\n").link("nowhere", "dangling");
    for format in ["markdown", "github", "html", "junit", "gitlab"] {
        let text = stdout(&tree.scan(&["-q", "-f", format, "a.txt", "dangling"]));
        assert!(
            text.contains("dangling") && text.to_lowercase().contains("could not be") || format == "gitlab",
            "{text}"
        );
    }
}

#[test]
fn every_format_is_the_same_for_any_number_of_threads() {
    let mut tree = hostile();
    for number in 0..60 {
        tree = tree.file(format!("{}/{number}.py", number % 7), github(number / 3));
    }
    for format in ["gitlab", "junit", "csv", "github", "markdown", "html"] {
        let run = |threads| {
            let run =
                tree.caulk(&["scan", "-q", "-f", format, "-j", threads]).env("SOURCE_DATE_EPOCH", "1700000000").run();
            // Whole seconds of the run stand in some.
            stdout(&run).replace("time=\"1\"", "time=\"0\"").replace("22:13:19", "22:13:20")
        };
        assert_eq!(run("1"), run("8"), "{format}");
    }
}

#[test]
fn what_is_accepted_is_told_with_its_reason_and_counts_for_nothing() {
    let text = format!("x = '{}'  # caulk:allow[github-pat-classic] revoked <b>years</b> ago\n", github(1));
    let tree = Tree::new().file("a.py", text).file("b.txt", "nothing\n");
    let told = |format: &str| {
        let run = tree.scan(&["-q", "-f", format]);
        assert_eq!(run.code, 0, "{run}");
        stdout(&run)
    };
    let markdown = told("markdown");
    assert!(markdown.starts_with("# Secrets\n\n**No secrets found**"), "{markdown}");
    assert!(markdown.contains("## Accepted\n\n1 finding covered by exceptions:\n\n- `a.py:1` "), "{markdown}");
    assert!(markdown.contains("revoked \\<b\\>years\\</b\\> ago (`a.py:1`)"), "{markdown}");
    let html = told("html");
    assert!(html.contains("class=\"card accepted\"") && html.contains("data-state=\"accepted\""), "{html}");
    assert!(html.contains("<strong>Accepted</strong>: revoked &lt;b&gt;years&lt;&#x2f;b&gt; ago"), "{html}");
    let junit = told("junit");
    assert!(junit.contains("failures=\"0\" errors=\"0\" skipped=\"1\""), "{junit}");
    assert!(
        junit.contains("<skipped message=\"accepted (a.py:1): revoked &lt;b&gt;years&lt;/b&gt; ago\"/>"),
        "{junit}"
    );
    let csv = rows(&tree.scan(&["-q", "-f", "csv"]));
    assert_eq!(column(&csv, "state"), ["accepted"]);
    assert_eq!(column(&csv, "exception"), ["a.py:1: revoked <b>years</b> ago"]);
    // Their readers count everything.
    assert!(told("gitlab").contains("\"vulnerabilities\": []"));
    assert_eq!(told("github"), "");
}
