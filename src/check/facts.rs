//! The facts of one file: what the checks need to know of it, read once from its bytes.

pub mod code;
mod confessions;
mod flatten;
pub mod hints;
mod marks;
pub(super) use marks::insecure_download;
mod models;
mod reads;

use super::class::{self, Class, Format, Pipeline};
use super::parse::locate::Locator;
use super::parse::tree::Node;
use super::parse::{block, dockerfile, hcl, language, lexer, pairs, toml, yaml};
use super::stage::Stage;
use super::text::Text;
use crate::blob::decode;
use crate::blob::{FileKind, Origin, Role, Syntax};
use crate::span::{Position, Span};

/// Largest file of plain settings in JSON that is read, in bytes: what is larger is data.
const MOST_JSON: usize = 64 * 1024;

/// Most variables that a document is remembered to mention.
const MOST_MENTIONS: usize = 2000;

/// Where a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In an environment file.
    Dotenv,
    /// In a file of settings.
    Config,
    /// Among the environment variables of a container: compose, Kubernetes.
    Container,
    /// In an `ENV` of an image.
    Image,
    /// In an `ARG` of an image, or among a compose file's build arguments.
    BuildArgument,
    /// In a pipeline.
    Pipeline,
    /// In a program: an assignment or a named argument.
    Code,
}

/// A name that is given a value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The name.
    pub name: String,
    /// Where in the document: names with dots between them.
    pub path: String,
    /// The value.
    pub value: Text,
    /// Where the name stands.
    pub at: Position,
    /// In what.
    pub form: Form,
    /// The environment it belongs to.
    pub stage: Stage,
}

/// An environment variable that a program reads.
#[derive(Clone, Debug)]
pub struct Read {
    /// The variable.
    pub name: String,
    /// The literal that stands in for it where it is not set.
    pub fallback: Option<Text>,
    /// Where.
    pub at: Position,
}

/// What a program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Turns certificate checks off.
    TlsOff,
    /// Turns them off where something asks for it.
    TlsOptional,
    /// Loads environment files.
    LoadsEnvFile,
    /// Derives or stores passwords weakly, or uses a cipher so.
    WeakCrypto,
    /// Derives or stores passwords as recommended.
    StrongCrypto,
    /// Allows every origin.
    CorsAny,
    /// Allows the origins that it names.
    CorsListed,
    /// Writes a secret to a log, an exception or the terminal.
    LogsSecret,
    /// A model's field holds a secret as plain text.
    PlainField,
    /// A model's field holds a secret in a masking type.
    MaskedField,
    /// Checks that a secret is long enough.
    LengthCheck,
    /// Gives a key as a literal to a cipher.
    KeyLiteral,
    /// Signs with a literal.
    SignsWithLiteral,
    /// Demands TLS of its clients.
    DemandsTls,
    /// Masks fields in its logs.
    MasksLogs,
    /// A document quotes the value that it says was removed.
    Confesses,
}

/// Something that a program does, and where.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What.
    pub kind: MarkKind,
    /// In words; never a secret value.
    pub what: String,
    /// Where.
    pub at: Position,
}

/// What is known of one file.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Where it is.
    pub origin: Origin,
    /// What it is.
    pub class: Class,
    /// What it speaks for.
    pub role: Role,
    /// Its environment.
    pub stage: Stage,
    /// Its documents.
    pub trees: Vec<Node>,
    /// Its settings, in order.
    pub settings: Vec<Setting>,
    /// The instructions of a Dockerfile.
    pub instructions: Vec<dockerfile::Instruction>,
    /// The blocks of infrastructure code.
    pub blocks: Vec<hcl::Block>,
    /// The directives of a proxy.
    pub directives: Vec<block::Directive>,
    /// The variables that a program reads.
    pub reads: Vec<Read>,
    /// What a program does.
    pub marks: Vec<Mark>,
    /// Lines of a file that is a list, or a policy's text.
    pub lines: Vec<String>,
    /// Comments and documentation of a program, as spans of the file.
    pub comments: Vec<Span>,
    /// Variables that a document mentions.
    pub mentions: Vec<(String, Position)>,
    /// Tools and techniques it mentions.
    pub hints: Vec<hints::Hint>,
    /// Why it, or a part of it, could not be read.
    pub trouble: Option<String>,
}

impl FileFacts {
    /// Facts of a file of which nothing is known yet.
    pub fn new(origin: &Origin, class: Class, role: Role) -> Self {
        let stage = Stage::of_path(&origin.key.to_string(), role);
        Self {
            origin: origin.clone(),
            class,
            role,
            stage,
            trees: Vec::new(),
            settings: Vec::new(),
            instructions: Vec::new(),
            blocks: Vec::new(),
            directives: Vec::new(),
            reads: Vec::new(),
            marks: Vec::new(),
            lines: Vec::new(),
            comments: Vec::new(),
            mentions: Vec::new(),
            hints: Vec::new(),
            trouble: None,
        }
    }

    /// Its path from the repository's root.
    pub fn key(&self) -> String {
        self.origin.key.to_string()
    }

    /// The folder it stands in; empty for the root.
    pub fn folder(&self) -> String {
        let key = self.key();
        key.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
    }

    /// Its name.
    pub fn name(&self) -> String {
        let key = self.key();
        key.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// The facts of the file at `origin`; `None` if the checklist does not care for it.
pub fn read(origin: &Origin, kind: FileKind, bytes: &[u8]) -> Option<FileFacts> {
    let class = class::of(&origin.key.to_string(), kind)?;
    if !is_wanted(class, kind, bytes.len(), &origin.key.to_string()) {
        return None;
    }
    let text = match decode::sniff_utf16(bytes) {
        Some(order) => String::from_utf8_lossy(&decode::utf16_to_utf8(bytes, order)).into_owned().into(),
        None => String::from_utf8_lossy(bytes),
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut facts = FileFacts::new(origin, class, kind.role);
    fill(&mut facts, text);
    mark_stages(&mut facts);
    Some(facts)
}

/// Is a file of this class read? Tests and documentation say nothing of how the product keeps its secrets.
fn is_wanted(class: Class, kind: FileKind, size: usize, key: &str) -> bool {
    let own = !matches!(kind.role, Role::Test | Role::Document);
    match class {
        Class::Settings(Format::Yaml) if kind.syntax == Syntax::Json => own && size <= MOST_JSON,
        Class::Code => kind.role == Role::Product,
        Class::Settings(_) | Class::Proxy | Class::Terraform => own,
        Class::Document => kind.role != Role::Test && !key.to_ascii_lowercase().ends_with(".txt"),
        _ => true,
    }
}

fn fill(facts: &mut FileFacts, text: &str) {
    match facts.class {
        Class::Dotenv => facts.settings = flatten::pairs(&pairs::read(text), Form::Dotenv),
        Class::Settings(Format::Pairs) => facts.settings = flatten::pairs(&pairs::read(text), Form::Config),
        Class::Settings(Format::Toml) => match toml::read(text) {
            Ok(root) => facts.trees.push(root),
            Err(why) => facts.trouble = Some(why),
        },
        Class::Compose
        | Class::Kubernetes
        | Class::Pipeline(Pipeline::GitHub | Pipeline::Yaml)
        | Class::Settings(Format::Yaml) => {
            let documents = yaml::read(text);
            (facts.trees, facts.trouble) = (documents.roots, documents.trouble);
            if matches!(facts.class, Class::Settings(_)) && is_kubernetes(&facts.trees) {
                facts.class = Class::Kubernetes;
            }
        }
        Class::Dockerfile => {
            facts.instructions = dockerfile::read(text);
            facts.settings = flatten::image(&facts.instructions);
        }
        Class::Dockerignore | Class::SecurityPolicy => {
            facts.lines = text.lines().take(5000).map(str::to_owned).collect();
        }
        Class::Proxy => facts.directives = block::read(text),
        Class::Terraform => {
            facts.blocks = hcl::read(text);
            facts.settings = flatten::terraform(&facts.blocks);
        }
        Class::Code | Class::Pipeline(Pipeline::Jenkins) => program(facts, text),
        Class::Document | Class::Upkeep => {}
    }
    if !facts.trees.is_empty() {
        facts.settings = flatten::trees(&facts.trees, facts.class);
    }
    if matches!(facts.class, Class::Document | Class::SecurityPolicy) {
        facts.mentions = mentions(text);
        facts.marks = confessions::find(text);
    } else if facts.class != Class::Code && facts.role != Role::Test {
        facts.hints = hints::find(text);
    }
}

fn program(facts: &mut FileFacts, text: &str) {
    let name = facts.name();
    let Some(language) = language::of(&name, text) else { return };
    let lexer::Lexed { tokens, comments } = lexer::read(text, language);
    let code = code::Code { text, tokens: &tokens, language };
    facts.comments = comments;
    facts.hints = hints::find_in_code(&code);
    facts.reads = reads::find(&code);
    facts.settings = flatten::code(&code);
    facts.marks = marks::find(&code);
    facts.marks.extend(models::find(&code));
    facts.reads.extend(models::reads(&code));
}

/// Is one of the documents an object of Kubernetes?
fn is_kubernetes(trees: &[Node]) -> bool {
    trees
        .iter()
        .any(|root| root.get("apiVersion").is_some() && root.get("kind").is_some_and(|kind| kind.text().is_some()))
}

/// Gives settings the environment of their file, or the one that the file says it is for.
fn mark_stages(facts: &mut FileFacts) {
    // What compose merges in by itself is for the developer's machine.
    if facts.class == Class::Compose && facts.stage == Stage::Unmarked && facts.name().contains("override") {
        facts.stage = Stage::Development;
    }
    if facts.stage == Stage::Unmarked
        && matches!(facts.class, Class::Dotenv | Class::Compose | Class::Kubernetes | Class::Dockerfile)
    {
        let said = facts.settings.iter().find_map(|setting| Stage::of_setting(&setting.name, setting.value.as_str()));
        facts.stage = said.unwrap_or(Stage::Unmarked);
    }
    for setting in &mut facts.settings {
        if setting.stage == Stage::Unmarked {
            setting.stage = facts.stage;
        }
    }
}

/// The variables that a document names, each once.
fn mentions(text: &str) -> Vec<(String, Position)> {
    let mut locator = Locator::new(text.as_bytes());
    let mut found: Vec<(String, Position)> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut at = 0;
    while at < text.len() && found.len() < MOST_MENTIONS {
        let rest = &text.as_bytes()[at..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let word = &text.as_bytes()[at..at + length];
        let variable =
            length >= 3 && word[0].is_ascii_uppercase() && word.iter().all(|byte| !byte.is_ascii_lowercase());
        if variable && known.insert(word) {
            found.push((String::from_utf8_lossy(word).into_owned(), locator.position(at)));
        }
        at += length.max(1);
    }
    found
}

#[cfg(test)]
mod tests;
