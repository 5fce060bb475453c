//! The documentation is true: every console block of `docs/` is run, and what it shows is what comes out.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The code blocks of `text` written in `language`.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().expect("a block ends")).collect()
}

/// Commands and expected output of a console block.
fn session(block: &str) -> (String, String) {
    let (mut commands, mut output) = (String::new(), String::new());
    for line in block.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => commands.extend([command, "\n"]),
            None => output.extend([line, "\n"]),
        }
    }
    (commands, output)
}

/// Runs `commands` in `folder` as one script, both streams together, with this build of caulk on the path.
fn run(folder: &Path, commands: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_caulk"));
    let tools = program.parent().expect("stands in a folder").display();
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1\n{commands}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{tools}:/usr/local/bin:/usr/bin:/bin"))
        .env("HOME", folder)
        .output()
        .expect("bash runs");
    String::from_utf8(output.stdout).expect("is text")
}

/// `output` without what differs from run to run and with every new rule.
fn timeless(output: &str) -> String {
    let line = |line: &str| match line.split_once(", with ") {
        Some((account, _)) => account.to_owned(),
        None => line.to_owned(),
    };
    output.lines().map(line).map(|line| line + "\n").collect()
}

#[test]
fn every_console_block_shows_what_happens() {
    let mut tried = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).expect("docs are there") {
        let path = entry.expect("can be listed").path();
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&path).expect("is text");
        let folder = tempfile::tempdir().expect("a folder can be made");
        // The rule that a page writes, and the broken one it speaks of.
        for rule in blocks(&text, "toml").iter().filter(|block| block.starts_with("[[rule]]")).take(1) {
            fs::write(folder.path().join("acme.toml"), rule).expect("can be written");
            fs::write(folder.path().join("plus.toml"), rule.replace("{32}'", "+'")).expect("can be written");
        }
        for block in blocks(&text, "console") {
            let (commands, expected) = session(block);
            let shown = timeless(&run(folder.path(), &commands));
            assert_eq!(shown, timeless(&expected), "{}:\n{commands}", path.display());
            tried += 1;
        }
    }
    assert!(tried > 5, "only {tried} blocks were found");
}

/// The local files that a page links to.
fn links(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).expect("is there");
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    local.map(|link| link.split('#').next().unwrap_or(link).to_owned()).collect()
}

#[test]
fn the_pages_of_the_book_lead_somewhere_and_are_all_in_its_contents() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let contents = links(&docs.join("README.md"));
    for entry in fs::read_dir(&docs).expect("docs are there") {
        let path = entry.expect("can be listed").path();
        let name = path.file_name().expect("it has one").to_string_lossy().into_owned();
        if path.is_dir() {
            continue;
        }
        assert!(name == "README.md" || contents.contains(&name), "{name} is not in docs/README.md");
        for link in links(&path) {
            assert!(docs.join(&link).exists(), "{name} leads to {link}");
        }
    }
}

#[test]
fn the_pages_the_readme_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("is there");
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local: Vec<&str> = links.filter(|link| !link.contains("://")).collect();
    assert!(local.len() > 5, "{local:?}");
    for link in local {
        assert!(root.join(link.split('#').next().unwrap_or(link)).exists(), "{link}");
    }
}
