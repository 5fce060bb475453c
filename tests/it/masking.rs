//! The raw value leaves through `--show-secrets` and nothing else.

use crate::support::{MEDIUM, Repo, Run, Tree, assignment, github, sample, unlike_words, url, utf16};
use aho_corasick::AhoCorasick;

/// A value in a line of a file.
struct Planted {
    file: &'static str,
    text: String,
    value: String,
}

fn token(file: &'static str, template: &str, seed: u64) -> Planted {
    let value = sample(template, seed);
    Planted { file, text: assignment("value", &value) + "\n", value }
}

fn named(file: &'static str, name: &str, template: &str, seed: u64) -> Planted {
    let value = sample(template, seed);
    Planted { file, text: assignment(name, &value) + "\n", value }
}

fn planted() -> Vec<Planted> {
    let password = sample("{base62:20}", 20);
    let block = sample("{pem:rsa}", 21);
    vec![
        token("a.py", "ghp_{crc32-base62:30}", 1),
        token("b.py", "AKIA{aws-key-id}", 2),
        token("c.py", "sk-ant-api03-{base64url:93}AA", 3),
        token("d.py", "xoxb-{digits:12}-{digits:12}-{base62:24}", 4),
        token("e.py", "sk_live_{base62:24}", 5),
        token("f.py", "AIza{base64url:35}", 6),
        token("g.py", "hf_{letters:34}", 7),
        token("h.py", "{jwt}", 8),
        token("i.py", "glpat-{base62:20}", 9),
        named("j.py", "aws_secret_access_key", "{base64:40}", 10),
        named("k.py", "cohere_api_key", "{base62:40}", 11),
        named("l.py", "admin_password", "{base62:24}", 12),
        named("m.py", "jwt_secret", "{base62:32}", 13),
        Planted { file: "n.py", text: assignment("dsn", &url("postgres", &password)), value: password },
        Planted { file: "id_rsa", text: block.clone(), value: block.trim_end().to_owned() },
    ]
}

/// Every format, of which each is written to a file of its name.
const FORMATS: [&str; 10] = ["text", "json", "jsonl", "sarif", "gitlab", "junit", "csv", "github", "markdown", "html"];

/// Everything that a run wrote, by name.
fn outputs(tree: &Tree, run: &Run) -> Vec<(String, Vec<u8>)> {
    let reports = FORMATS.iter().map(|format| ((*format).to_owned(), tree.read(&format!("out.{format}"))));
    reports.chain([("stdout".to_owned(), run.stdout.clone()), ("stderr".to_owned(), run.stderr.clone())]).collect()
}

/// `-v`, and every format into its file.
fn reports() -> Vec<String> {
    let formats = FORMATS.iter().flat_map(|format| ["-f".to_owned(), format!("{format}=out.{format}")]);
    std::iter::once("-v".to_owned()).chain(formats).collect()
}

/// The parts of a value none of which may be seen: a mask shows a quarter at most.
fn pieces(value: &str) -> impl Iterator<Item = &[u8]> {
    let lines = value.lines().filter(|line| !line.starts_with("-----"));
    lines.flat_map(|line| line.as_bytes().windows((line.len() / 2).clamp(1, 24)))
}

#[track_caller]
fn assert_all_hidden(outputs: &[(String, Vec<u8>)], values: &[String]) {
    let parts = values.iter().flat_map(|value| pieces(value));
    let finder = AhoCorasick::new(parts).expect("they make a finder");
    for (name, output) in outputs {
        // What is seen is not printed, so that not even a failure tells it.
        let seen = finder.find(output).map(|hit| hit.start());
        assert_eq!(seen, None, "{name} shows a part of a value at this byte");
    }
}

#[track_caller]
fn assert_hidden(outputs: &[(String, Vec<u8>)], value: &str) {
    assert_all_hidden(outputs, &[value.to_owned()]);
}

fn tree_of(planted: &[Planted]) -> Tree {
    let (one, two) = (github(30), unlike_words(31));
    let pair = format!("{}; {}\n", assignment("first", &one), assignment("api_key", &two));
    let tree = Tree::new().file("pair.py", pair).file("wide.txt", utf16(&github(32), u16::to_le_bytes));
    planted.iter().fold(tree, |tree, planted| tree.file(planted.file, &planted.text))
}

#[test]
fn no_output_shows_a_value() {
    let planted = planted();
    let tree = tree_of(&planted);
    let run = tree.caulk(&["scan"]).args(reports()).run();
    assert_eq!(run.code, 1, "{run}");
    let extra = [github(30), unlike_words(31), github(32)];
    let values: Vec<String> = planted.into_iter().map(|planted| planted.value).chain(extra).collect();
    assert_all_hidden(&outputs(&tree, &run), &values);
    let run = tree.scan(&["-v", "--color", "always"]);
    assert_all_hidden(&[("stdout".to_owned(), run.stdout), ("stderr".to_owned(), run.stderr)], &values);
}

#[test]
fn every_planted_value_is_found_and_shown_on_request() {
    let planted = planted();
    let tree = tree_of(&planted);
    let run = tree.scan(&["-f", "json", "--show-secrets"]);
    let shown = run.every("secret");
    for planted in &planted {
        assert!(shown.contains(&planted.value), "{} is not found: {run}", planted.file);
    }
    assert!([github(30), unlike_words(31), github(32)].iter().all(|value| shown.contains(value)), "{run}");
    let lines = tree.scan(&["-f", "jsonl", "--show-secrets"]);
    assert!(String::from_utf8_lossy(&lines.stdout).contains(&github(30)));
    let text = tree.scan(&["--show-secrets"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains(&github(30)));
}

#[test]
fn all_formats_are_tried_here() {
    let help =
        Tree::new().caulk(&["scan", "--help"]).run().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, list) = help.split_once("Report format, ").expect("formats are listed");
    let listed: Vec<&str> = list.split(", with `=FILE`").next().unwrap_or_default().split([',', ' ']).collect();
    let listed: Vec<&str> = listed.into_iter().filter(|word| !word.is_empty() && *word != "or").collect();
    assert_eq!(listed, FORMATS);
}

#[test]
fn a_history_and_an_audit_show_no_value_either() {
    let mut repo = Repo::new();
    repo.write("a.py", assignment("deploy", &github(1)));
    repo.write("Dockerfile", format!("FROM python:3.12\nENV API_TOKEN={}\n", github(2)));
    repo.commit(&format!("with {}", github(3)));
    repo.remove("a.py");
    repo.commit("gone");
    for (command, formats) in [
        ("history", &FORMATS[..]),
        ("audit", &["text", "json", "sarif", "gitlab", "junit", "csv", "github", "markdown", "html"]),
        ("check", &["text", "json", "sarif", "junit", "github", "markdown", "html"]),
    ] {
        for format in formats {
            let run = repo.caulk(&[command, "-v", "-f", format]).run();
            assert!(run.code <= 1, "{run}");
            let written = [("stdout".to_owned(), run.stdout), ("stderr".to_owned(), run.stderr)];
            assert_all_hidden(&written, &[github(1), github(2), github(3)]);
        }
    }
}

#[test]
fn formats_that_hold_no_raw_values_say_so() {
    let tree = Tree::new().file("a.py", github(1));
    for format in FORMATS.iter().filter(|format| !["text", "json", "jsonl"].contains(*format)) {
        let run = tree.scan(&["-f", format, "--show-secrets"]);
        let message =
            format!("`{format}` reports never hold raw secrets: leave out --show-secrets, or use text, json and jsonl");
        assert!(run.code == 2 && run.to_string().contains(&message), "{run}");
        assert_hidden(&[("stdout".into(), run.stdout)], &github(1));
    }
}

#[test]
fn neighbours_on_the_line_are_masked_in_every_excerpt() {
    // One below the level that is reported: it is masked all the same.
    let quiet = sample("{uuid}", 3);
    let line = [assignment("deploy", &github(1)), assignment("license_key", &quiet), assignment("b", &github(2))];
    let tree = Tree::new().file("a.py", line.join("; "));
    let run = tree.scan(&["-f", "json"]);
    assert_eq!(run.findings().len(), 2, "{run}");
    for value in [github(1), github(2), quiet] {
        assert_hidden(&[("stdout".into(), run.stdout.clone())], &value);
    }
}

#[test]
fn the_same_value_again_on_the_line_is_masked_too() {
    let value = unlike_words(4);
    let text = format!("{}  # was {value} before\n", assignment("admin_password", &value));
    let findings = MEDIUM.scan_bytes("a.py", text.as_bytes());
    assert!(findings.iter().all(|finding| !finding.place.excerpt.line().contains(&value)));
    assert!(!findings.is_empty());
}

#[test]
fn a_value_in_front_of_its_end_of_line_comment_is_masked_when_the_line_is_cut() {
    let value = github(5);
    let text = format!("{}{value}{}", "word ".repeat(40), " word".repeat(40));
    let tree = Tree::new().file("a.txt", text);
    let run = tree.scan(&["-f", "json"]);
    assert_hidden(&[("stdout".into(), run.stdout)], &value);
}

#[test]
fn an_error_never_shows_a_value() {
    let tree = Tree::new().file("bad.toml", assignment("admin_password", &github(6)));
    let run = tree.caulk(&["rules", "lint", "bad.toml"]).run();
    assert_eq!(run.code, 2);
    assert_hidden(&[("stdout".into(), run.stdout), ("stderr".into(), run.stderr)], &github(6));
}

#[test]
fn debug_output_of_the_library_is_masked() {
    let findings = MEDIUM.scan_bytes("a.py", assignment("deploy", &github(7)).as_bytes());
    assert_eq!(findings.len(), 1);
    assert_hidden(&[("debug".into(), format!("{findings:?}").into_bytes())], &github(7));
}
