//! Settings out of everything that gives names values.

use super::code::Code;
use super::{Form, Setting};
use crate::check::class::Class;
use crate::check::names;
use crate::check::parse::dockerfile::{self, Instruction};
use crate::check::parse::hcl::Block;
use crate::check::parse::lexer::Kind;
use crate::check::parse::locate::Locator;
use crate::check::parse::pairs::Pair;
use crate::check::parse::tree::{self, Node};
use crate::check::stage::Stage;
use crate::check::text::Text;
use crate::span::Position;

/// Longest list whose items are settings.
const LONGEST_LIST: usize = 100;

/// Keys under which a list holds `NAME=value`.
const LISTS: &[&str] = &["environment", "env", "args", "variables", "build_args"];

/// The settings of lines.
pub(super) fn pairs(pairs: &[Pair], form: Form) -> Vec<Setting> {
    let setting = |pair: &Pair| {
        let path = if pair.section.is_empty() { pair.name.clone() } else { format!("{}.{}", pair.section, pair.name) };
        let stage = class_stage(&pair.section);
        Setting { name: pair.name.clone(), path, value: pair.value.clone(), at: pair.at, form, stage }
    };
    pairs.iter().map(setting).collect()
}

/// The environment that a profile's key names.
fn class_stage(key: &str) -> Stage {
    Stage::of_word(&key.to_ascii_lowercase()).unwrap_or(Stage::Unmarked)
}

/// The settings of an image: `ENV` and `ARG`.
pub(super) fn image(instructions: &[Instruction]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for instruction in instructions.iter().filter(|one| matches!(one.name.as_str(), "ENV" | "ARG")) {
        let form = if instruction.name == "ENV" { Form::Image } else { Form::BuildArgument };
        for (name, value) in dockerfile::assignments(instruction) {
            let value = Text::new(&value.unwrap_or_default());
            settings.push(Setting {
                path: name.clone(),
                name,
                value,
                at: instruction.at,
                form,
                stage: Stage::Unmarked,
            });
        }
    }
    settings
}

/// The settings of infrastructure code.
pub(super) fn terraform(blocks: &[Block]) -> Vec<Setting> {
    let all = blocks.iter().flat_map(Block::all);
    let attributes = all.flat_map(|block| block.attributes.iter().map(move |attribute| (block, attribute)));
    let setting = |(block, (name, value, at)): (&Block, &(String, String, Position))| Setting {
        name: name.clone(),
        path: format!("{}.{name}", block.words.join(".")),
        value: Text::new(value),
        at: *at,
        form: Form::Config,
        stage: Stage::Unmarked,
    };
    attributes.map(setting).collect()
}

/// The settings of documents.
pub(super) fn trees(roots: &[Node], class: Class) -> Vec<Setting> {
    let mut flattener = Flattener { class, settings: Vec::new() };
    for root in roots {
        // What a Secret of Kubernetes holds is encoded; the checks for it read the tree.
        let secret = class == Class::Kubernetes && root.get("kind").is_some_and(|kind| kind.str() == "Secret");
        if !secret {
            flattener.node(root, &mut Vec::new(), Stage::Unmarked);
        }
    }
    flattener.settings
}

struct Flattener {
    class: Class,
    settings: Vec<Setting>,
}

impl Flattener {
    fn node(&mut self, node: &Node, path: &mut Vec<String>, stage: Stage) {
        match &node.kind {
            tree::Kind::Scalar(_) => {}
            tree::Kind::List(items) => self.list(items, path, stage),
            tree::Kind::Map(entries) => {
                self.named(node, path, stage);
                for (key, value) in entries {
                    let stage = if path.is_empty() && matches!(self.class, Class::Settings(_)) {
                        class_stage(&key.name).min(stage)
                    } else {
                        stage
                    };
                    path.push(key.name.clone());
                    match value.text() {
                        Some(text) => self.push(&key.name, path, text.clone(), key.at, stage),
                        None => self.node(value, path, stage),
                    }
                    path.pop();
                }
            }
        }
    }

    fn list(&mut self, items: &[Node], path: &mut Vec<String>, stage: Stage) {
        let parent = path.last().cloned().unwrap_or_default();
        for item in items.iter().take(LONGEST_LIST) {
            let Some(text) = item.text() else {
                self.node(item, path, stage);
                continue;
            };
            let pair =
                text.as_str().split_once('=').filter(|(name, _)| LISTS.contains(&parent.as_str()) && !name.is_empty());
            match pair {
                Some((name, value)) => {
                    path.push(name.to_owned());
                    self.push(name, path, Text::new(value), item.at, stage);
                    path.pop();
                }
                None => self.push(&parent, path, text.clone(), item.at, stage),
            }
        }
    }

    /// `{name: X, value: y}`, as Kubernetes writes variables.
    fn named(&mut self, node: &Node, path: &mut Vec<String>, stage: Stage) {
        let (Some(name), Some(value)) = (node.get("name"), node.get("value")) else { return };
        if let Some(text) = value.text() {
            path.push(name.str().to_owned());
            self.push(name.str(), path, text.clone(), value.at, stage);
            path.pop();
        }
    }

    fn push(&mut self, name: &str, path: &[String], value: Text, at: Position, stage: Stage) {
        let holds = |word: &str| path.iter().any(|part| part == word);
        let form = match self.class {
            Class::Pipeline(_) => Form::Pipeline,
            Class::Compose if holds("build") && holds("args") => Form::BuildArgument,
            Class::Compose if holds("environment") => Form::Container,
            Class::Kubernetes if holds("env") => Form::Container,
            _ => Form::Config,
        };
        self.settings.push(Setting { name: name.to_owned(), path: path.join("."), value, at, form, stage });
    }
}

/// The settings of a program: `name = literal`, `name: literal`, `name=literal` in calls.
pub(super) fn code(code: &Code<'_>) -> Vec<Setting> {
    let mut locator = Locator::new(code.text.as_bytes());
    let mut settings = Vec::new();
    for at in 0..code.tokens.len() {
        let name = match code.kind(at) {
            Some(Kind::Word) => code.of(at),
            // `"name": literal`
            Some(Kind::Text) if code.is(at + 1, ":") || code.is(at + 1, "=") && code.is(at + 2, ">") => code.of(at),
            _ => continue,
        };
        let shouted = name.len() > 2 && !name.bytes().any(|byte| byte.is_ascii_lowercase());
        // Most words are given nothing: names are only looked at where a literal follows.
        let Some(value) = value_behind(code, at + 1) else { continue };
        if shouted || names::is_secret(name) {
            let at = locator.position(code.start(at));
            settings.push(Setting {
                name: name.to_owned(),
                path: name.to_owned(),
                value: Text::new(value),
                at,
                form: Form::Code,
                stage: Stage::Unmarked,
            });
        }
    }
    settings
}

/// The literal that follows `=`, `:`, `=>`, `:=`, or a type and `=`.
fn value_behind<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let mut next = match code.of(at) {
        "=" if code.is(at + 1, ">") => at + 2,
        ":" if code.is(at + 1, "=") => at + 2,
        "=" | ":" => at + 1,
        _ => return None,
    };
    // A type stands in between: `KEY: str = "..."`, `const KEY: &str = "..."`.
    if code.is(at, ":") && code.kind(next) != Some(Kind::Text) {
        let equals = (next..next + 8).find(|one| code.is(*one, "="))?;
        let of_type = (next..equals).all(|one| {
            code.kind(one) == Some(Kind::Word) || matches!(code.of(one), "&" | "[" | "]" | "|" | "<" | ">" | "'")
        });
        if !of_type {
            return None;
        }
        next = equals + 1;
    }
    let literal = match code.kind(next)? {
        Kind::Text => code.of(next),
        // What is written in another base is a flag or a code.
        Kind::Number if code.of(next).bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') => code.of(next),
        Kind::Word if matches!(code.of(next), "True" | "False" | "true" | "false") => code.of(next),
        _ => return None,
    };
    // Something is done with it, so it is not the value.
    let goes_on =
        [".", "+", "%", "["].iter().any(|sign| code.is(next + 1, sign)) && code.kind(next + 1) == Some(Kind::Sign);
    (!goes_on && !code.tokens[next].filled).then_some(literal)
}
