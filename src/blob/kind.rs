//! What a blob is: the syntax it is written in and what it speaks for, told from its path and its beginning.
//!
//! The one place that decides what is a test, a document, a lock file or configuration; `detect` reads values by the syntax,
//! `judge` weighs findings by the role.

use super::decode;
use super::language::{holds_translations, is_in_language};

/// How values are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Programming languages: a literal has quotes.
    Code,
    /// Settings where a value needs no quotes: YAML, properties, INI, dotenv, TOML, shell, Dockerfiles.
    Config,
    /// JSON and its relatives: quoted, names too.
    Json,
    /// XML, HTML, property lists: values stand between tags or in attributes.
    Markup,
    /// Prose: Markdown, plain text, logs, and what is not known.
    Prose,
    /// Not text.
    Binary,
}

/// What a file speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The product itself, or nothing that says otherwise.
    Product,
    /// Tests, fixtures, mocks.
    Test,
    /// Documentation and examples for people.
    Document,
    /// Templates of configuration to be filled in.
    Example,
    /// Written by a program: minified, bundled, source maps.
    Generated,
    /// Lock files: hashes by the thousand.
    Lock,
    /// Translations: the word "password" in every language.
    Localisation,
}

impl Role {
    /// The role in one word, for evidence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Test => "test",
            Self::Document => "documentation",
            Self::Example => "example",
            Self::Generated => "generated",
            Self::Lock => "lock file",
            Self::Localisation => "localisation",
        }
    }
}

/// Syntax and role of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileKind {
    /// How values are written in it.
    pub syntax: Syntax,
    /// What it speaks for.
    pub role: Role,
}

/// The syntax of files with this extension.
fn by_extension(extension: &str) -> Option<Syntax> {
    Some(match extension {
        "json" | "json5" | "jsonc" | "jsonl" | "ndjson" | "map" | "har" | "tfstate" | "webmanifest" | "avsc" => {
            Syntax::Json
        }
        "c" | "cc" | "cpp" | "cs" | "cjs" | "clj" | "coffee" | "cr" | "cu" | "cxx" | "d" | "dart" | "erl" | "ex"
        | "exs" | "f90" | "fs" | "go" | "groovy" | "gradle" | "h" | "hpp" | "hs" | "hx" | "ipynb" | "java" | "jl"
        | "js" | "jsx" | "kt" | "kts" | "lua" | "m" | "mjs" | "ml" | "mm" | "nim" | "pas" | "php" | "pl" | "pm"
        | "ps1" | "psm1" | "py" | "pyi" | "r" | "rb" | "rs" | "sc" | "scala" | "sol" | "sql" | "svelte" | "swift"
        | "tcl" | "rake" | "gemspec" | "ru" | "tt" | "podspec" | "cmakein" | "ts" | "tsx" | "vb" | "vbs" | "vue"
        | "zig" | "tf" | "hcl" | "tfvars" | "bicep" | "erb" | "twig" | "jsp" | "aspx" => Syntax::Code,
        "yaml" | "yml" | "properties" | "ini" | "cfg" | "conf" | "cnf" | "config" | "env" | "toml" | "sh" | "bash"
        | "zsh" | "fish" | "ksh" | "bat" | "cmd" | "envrc" | "netrc" | "npmrc" | "pypirc" | "service" | "desktop"
        | "mk" | "cmake" | "dockerfile" | "j2" | "tpl" | "tmpl" | "http" | "rest" => Syntax::Config,
        "xml" | "html" | "htm" | "xhtml" | "plist" | "svg" | "csproj" | "xsd" | "wsdl" | "resx" | "xaml" | "pom" => {
            Syntax::Markup
        }
        "md" | "markdown" | "rst" | "txt" | "adoc" | "asciidoc" | "log" | "tex" | "org" | "pod" | "mdx" | "csv"
        | "tsv" => Syntax::Prose,
        _ => return None,
    })
}

const CONFIG_NAMES: &[&str] = &[
    "dockerfile",
    "makefile",
    "containerfile",
    "jenkinsfile",
    "procfile",
    "vagrantfile",
    "credentials",
    ".netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    ".my.cnf",
    ".gitconfig",
    ".git-credentials",
    ".bashrc",
    ".zshrc",
    ".profile",
    ".bash_profile",
    ".envrc",
];

impl FileKind {
    /// A product's file of unknown syntax.
    pub const UNKNOWN: Self = Self { syntax: Syntax::Prose, role: Role::Product };

    /// The kind told by `path` and the beginning of the blob.
    pub fn of(path: &[u8], start: &[u8]) -> Self {
        NamedKind::of(path).with(start)
    }
}

/// What the path of a file alone tells of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedKind {
    syntax: Option<Syntax>,
    role: Role,
    /// Is it in a language that is often made small?
    shrinks: bool,
}

impl NamedKind {
    /// What `path` tells.
    pub fn of(path: &[u8]) -> Self {
        let path = String::from_utf8_lossy(path).to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let shrinks = matches!(extension, "js" | "css" | "mjs" | "cjs" | "html");
        Self { syntax: syntax(name, extension), role: role(&path, name, extension), shrinks }
    }

    /// The kind of a file that holds `bytes`, of which the beginning tells.
    pub fn of_all(self, bytes: &[u8]) -> FileKind {
        self.with(&bytes[..bytes.len().min(decode::SNIFF)])
    }

    /// The role of a file of which nothing but the path is known.
    pub const fn role(self) -> Role {
        self.role
    }

    /// The kind of a file that begins with `start`.
    pub fn with(self, start: &[u8]) -> FileKind {
        let utf16 = decode::sniff_utf16(start).is_some();
        let binary = !utf16 && decode::sniff_binary(start);
        let syntax = if binary { Syntax::Binary } else { self.syntax.unwrap_or_else(|| guess(start)) };
        let generated = self.role != Role::Lock && self.shrinks && looks_generated(start);
        FileKind { syntax, role: if generated { Role::Generated } else { self.role } }
    }
}

fn syntax(name: &str, extension: &str) -> Option<Syntax> {
    let dotenv = name.starts_with(".env") || name.ends_with(".env") || holds_part(name, "env");
    // `Dockerfile.web` is a Dockerfile too.
    let known = |known: &&str| name.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let by_extension = by_extension(extension);
    if dotenv || by_extension != Some(Syntax::Code) && CONFIG_NAMES.iter().any(known) {
        return Some(Syntax::Config);
    }
    if matches!(name, "rakefile" | "gemfile" | "podfile" | "fastfile" | "sconstruct") {
        return Some(Syntax::Code);
    }
    by_extension
}

/// The syntax of a file whose name says nothing.
fn guess(start: &[u8]) -> Syntax {
    let line = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
    let text = start.trim_ascii_start();
    if line.starts_with(b"#!") {
        let shell = line.ends_with(b"sh") || line.windows(3).any(|part| part == b"sh ");
        return if shell { Syntax::Config } else { Syntax::Code };
    }
    match text.first() {
        Some(b'{') if text[1..].trim_ascii_start().starts_with(b"\"") => Syntax::Json,
        Some(b'<') if text.starts_with(b"<?xml") || text.starts_with(b"<!") => Syntax::Markup,
        _ if looks_like_settings(start) => Syntax::Config,
        _ => Syntax::Prose,
    }
}

/// How many lines are looked at to tell whether a file holds settings.
const FIRST_LINES: usize = 20;

/// Do most of the first lines read `name = value` or `name: value`, comments and sections aside?
fn looks_like_settings(start: &[u8]) -> bool {
    let mut rest = start;
    let lines = std::iter::from_fn(|| {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line;
        (line, rest) = rest.split_at(end);
        (end > 0).then_some(line.trim_ascii())
    });
    let (mut settings, mut others) = (0, 0);
    for line in lines.take(FIRST_LINES).filter(|line| !line.is_empty() && !b"#;[/!-".contains(&line[0])) {
        let line = line.strip_prefix(b"export ").unwrap_or(line);
        let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(byte)).count();
        let after = line[name..].trim_ascii_start();
        let assigns = name > 0 && after.first().is_some_and(|byte| matches!(byte, b'=' | b':'));
        if assigns {
            settings += 1;
        } else {
            others += 1;
        }
        // So many of them that the rest cannot make up for it.
        if FIRST_LINES - others <= 2 * others {
            return false;
        }
    }
    settings > 2 * others
}

const LOCK_NAMES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "cargo.lock",
    "poetry.lock",
    "uv.lock",
    "pipfile.lock",
    "pdm.lock",
    "gemfile.lock",
    "composer.lock",
    "go.sum",
    "go.mod",
    "flake.lock",
    "mix.lock",
    "pubspec.lock",
    "packages.lock.json",
    "podfile.lock",
    "package.resolved",
    "deno.lock",
    "gradle.lockfile",
    ".terraform.lock.hcl",
    "chart.lock",
];

fn role(path: &str, name: &str, extension: &str) -> Role {
    if LOCK_NAMES.contains(&name) {
        return Role::Lock;
    }
    if extension == "map" || holds_part(name, "min") || holds_part(name, "bundle") {
        return Role::Generated;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Packages of compiled languages are called so for what they are about: `commons/lang/Text.java`.
    let about = |word: &[u8]| matches!(word, b"lang" | b"languages") && is_compiled(extension);
    let of_folder = words(folder).filter(|word| !about(word)).map(Hint::of_folder).fold(Hint::default(), Hint::or);
    let of_name = words(name).map(Hint::of_name).fold(Hint::default(), Hint::or);
    if of_folder.localisation
        || matches!(extension, "po" | "pot" | "strings" | "arb" | "xlf" | "resx")
        || extension == "properties" && is_in_language(name)
        || holds_translations(folder, name)
    {
        return Role::Localisation;
    }
    if of_name.example && !name.ends_with(".tpl") {
        return Role::Example;
    }
    if of_folder.test
        || of_name.test
        // Perl and git keep their tests in `t`.
        || folder.split('/').any(|part| part == "t")
        || name.starts_with("test")
    {
        return Role::Test;
    }
    if of_folder.document
        || matches!(extension, "md" | "markdown" | "rst" | "adoc" | "asciidoc" | "mdx" | "tex" | "pod")
    {
        return Role::Document;
    }
    Role::Product
}

/// Do texts for people seldom stand in files with this extension?
fn is_compiled(extension: &str) -> bool {
    matches!(
        extension,
        "c" | "cc" | "cpp" | "cs" | "go" | "groovy" | "h" | "hpp" | "java" | "kt" | "kts" | "rs" | "scala" | "swift"
    )
}

/// Does `part` stand between two dots of `name`?
fn holds_part(name: &str, part: &str) -> bool {
    let mut parts = name.as_bytes().split(|byte| *byte == b'.');
    // What has a dot on one side only stands at an end.
    let _ = (parts.next(), parts.next_back());
    parts.any(|one| one == part.as_bytes())
}

/// The letters and digits of a lower-case path, as words.
fn words(path: &str) -> impl Iterator<Item = &[u8]> {
    path.as_bytes().split(|byte| !byte.is_ascii_alphanumeric())
}

/// What words of a path hint at.
#[derive(Clone, Copy, Default)]
struct Hint {
    localisation: bool,
    example: bool,
    test: bool,
    document: bool,
}

impl Hint {
    fn of_folder(word: &[u8]) -> Self {
        Self {
            localisation: matches!(
                word,
                b"locale"
                    | b"locales"
                    | b"localization"
                    | b"localisation"
                    | b"i18n"
                    | b"l10n"
                    | b"translations"
                    | b"lang"
                    | b"languages"
            ),
            document: matches!(
                word,
                b"doc"
                    | b"docs"
                    | b"documentation"
                    | b"example"
                    | b"examples"
                    | b"sample"
                    | b"samples"
                    | b"demo"
                    | b"tutorial"
            ),
            test: is_test(word),
            example: false,
        }
    }

    fn of_name(word: &[u8]) -> Self {
        let example = matches!(
            word,
            b"example" | b"examples" | b"sample" | b"template" | b"dist" | b"tpl" | b"tmpl" | b"default"
        );
        Self { example, test: is_test(word), ..Self::default() }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            localisation: self.localisation | other.localisation,
            example: self.example | other.example,
            test: self.test | other.test,
            document: self.document | other.document,
        }
    }
}

fn is_test(word: &[u8]) -> bool {
    matches!(
        word,
        b"test"
            | b"tests"
            | b"testing"
            | b"spec"
            | b"specs"
            | b"fixture"
            | b"fixtures"
            | b"mock"
            | b"mocks"
            | b"testdata"
            | b"e2e"
            | b"cypress"
    )
}

/// Minified code: very long lines in a language that people write in short ones.
fn looks_generated(start: &[u8]) -> bool {
    let start = &start[..start.len().min(decode::SNIFF)];
    let lines = memchr::memchr_iter(b'\n', start).count() + 1;
    start.len() / lines > 400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_syntax_and_role() {
        let kind = |path: &str| {
            let kind = FileKind::of(path.as_bytes(), b"x = 1\n");
            (kind.syntax, kind.role)
        };
        assert_eq!(kind("src/app.py"), (Syntax::Code, Role::Product));
        assert_eq!(kind(".env.production"), (Syntax::Config, Role::Product));
        assert_eq!(kind(".env.example"), (Syntax::Config, Role::Example));
        assert_eq!(kind("deploy/Dockerfile.web"), (Syntax::Config, Role::Product));
        assert_eq!(kind("spec/models/user_spec.rb"), (Syntax::Code, Role::Test));
        assert_eq!(kind("README.md"), (Syntax::Prose, Role::Document));
        assert_eq!(kind("package-lock.json"), (Syntax::Json, Role::Lock));
        assert_eq!(kind("dist/app.min.js"), (Syntax::Code, Role::Generated));
        assert_eq!(kind("latest/contest.py"), (Syntax::Code, Role::Product));
        for path in ["public/language/sq-AL/login.json", "admin/language/da.php", "app/res/values-pt-rBR/text.xml"] {
            assert_eq!(kind(path).1, Role::Localisation, "{path}");
        }
        for path in
            ["src/language/lexer.rs", "messages/to/inbox.py", "app/res/values/text.xml", "org/commons/lang/Text.java"]
        {
            assert_eq!(kind(path).1, Role::Product, "{path}");
        }
    }

    #[test]
    fn content_tells_where_names_do_not() {
        assert_eq!(FileKind::of(b"run", b"#!/bin/bash\n").syntax, Syntax::Config);
        assert_eq!(FileKind::of(b"data", b"{ \"a\": 1 }").syntax, Syntax::Json);
        assert_eq!(FileKind::of(b"data", b"\x7fELF\0\0").syntax, Syntax::Binary);
        assert_eq!(FileKind::of(b"answers.rsp", b"# install\na.b=1\nc=\n").syntax, Syntax::Config);
        assert_eq!(FileKind::of(b"letter", b"Dear all,\nthe password: see below\n").syntax, Syntax::Prose);
    }
}
