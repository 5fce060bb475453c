//! Checks the built-in rules and stores them in the form that `rule::builtin` reads back without parsing.
//!
//! A rule that could not work stops the build with its file and name.

// The shared modules hold more than the build script uses.
#![allow(dead_code, unused_imports, unreachable_pub)]

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

#[path = "src/rule/facts.rs"]
mod facts;
#[path = "src/rule/head.rs"]
mod head;
#[path = "src/rule/lane.rs"]
mod lane;
#[path = "src/rule/lint.rs"]
mod lint;
#[path = "src/rule/named.rs"]
mod named;
#[path = "src/rule/syntax.rs"]
mod syntax;

/// A checked rule with what its matcher is.
type Checked = (syntax::RuleSyntax, Option<facts::Facts>, lint::MatcherKind);

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rule");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("rules"))
        .expect("the rules folder is there")
        .map(|entry| entry.expect("the rules folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut complaints = Vec::new();
    let rules: Vec<Checked> = files.iter().flat_map(|file| read(file, &mut complaints)).collect();
    let mut ids: Vec<&str> = rules.iter().map(|(syntax, ..)| syntax.id.as_str()).collect();
    ids.sort_unstable();
    complaints.extend(ids.windows(2).filter(|two| two[0] == two[1]).map(|two| format!("two rules named `{}`", two[0])));
    for complaint in &complaints {
        println!("cargo::error={complaint}");
    }
    let whole: Vec<Vec<u8>> =
        rules.iter().map(|(syntax, ..)| postcard::to_stdvec(syntax).expect("plain data serialises")).collect();
    let packed = rules
        .iter()
        .zip(&whole)
        .map(|((syntax, facts, kind), whole)| head::Packed { head: head::Head::of(syntax, *facts, *kind), whole });
    let pack: Vec<u8> = packed.flat_map(|rule| postcard::to_stdvec(&rule).expect("plain data serialises")).collect();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join("rules.sha256"), Sha256::digest(&pack)).expect("the build folder can be written");
    std::fs::write(out.join("rules.bin"), pack).expect("the build folder can be written");
}

fn read(file: &Path, complaints: &mut Vec<String>) -> Vec<Checked> {
    let name = file.display();
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let parsed: syntax::RuleFile<syntax::RuleSyntax, named::NamedSyntax> = match toml::from_str(&text) {
        Ok(parsed) => parsed,
        Err(error) => {
            complaints.push(format!("{name}: {}", error.to_string().replace('\n', " ")));
            return Vec::new();
        }
    };
    let mut rules = Vec::new();
    let mut written = parsed.rule;
    for entry in &parsed.named {
        match entry.rules() {
            Ok(more) => written.extend(more),
            Err(complaint) => complaints.push(format!("{name}: {complaint}")),
        }
    }
    for syntax in written {
        let facts = match syntax.pattern.as_deref().map(facts::facts).transpose() {
            Ok(facts) => facts,
            Err(complaint) => {
                complaints.push(format!("{name}: rule `{}`: {complaint}", syntax.id));
                continue;
            }
        };
        let found = lint::complaints(&syntax, facts.as_ref());
        complaints.extend(found.iter().map(|complaint| format!("{name}: rule `{}`: {complaint}", syntax.id)));
        if let Some(kind) = lint::matcher_kind(&syntax, facts.as_ref()) {
            rules.push((syntax, facts, kind));
        }
    }
    rules
}
