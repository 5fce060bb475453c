//! The families of programming languages, as far as comments and texts go.

/// How one family writes comments and texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// The family's name.
    pub name: &'static str,
    /// File name endings, without the dot.
    extensions: &'static [&'static str],
    /// What begins a comment that ends with the line.
    pub line_comments: &'static [&'static str],
    /// What begins and ends a comment of any length.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// Marks of texts that end on their line.
    pub quotes: &'static str,
    /// Marks of texts that may go over several lines.
    pub long_quotes: &'static [&'static str],
    /// Are slashes behind an operator regular expressions?
    pub slash_patterns: bool,
}

const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));

const fn family(
    name: &'static str,
    extensions: &'static [&'static str],
    line_comments: &'static [&'static str],
    block_comment: Option<(&'static str, &'static str)>,
    quotes: &'static str,
    long_quotes: &'static [&'static str],
) -> Language {
    Language { name, extensions, line_comments, block_comment, quotes, long_quotes, slash_patterns: false }
}

const LANGUAGES: &[Language] = &[
    family("python", &["py", "pyi", "bzl"], HASH, None, "\"'", &["\"\"\"", "'''"]),
    Language {
        slash_patterns: true,
        ..family(
            "javascript",
            &["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"],
            SLASHES,
            STARS,
            "\"'",
            &["`"],
        )
    },
    family("go", &["go"], SLASHES, STARS, "\"'", &["`"]),
    family("rust", &["rs"], SLASHES, STARS, "", &["\""]),
    family("ruby", &["rb", "rake", "gemspec", "ru", "cr"], HASH, Some(("=begin", "=end")), "\"'", &[]),
    family("jvm", &["java", "kt", "kts", "scala", "groovy", "gradle"], SLASHES, STARS, "\"'", &["\"\"\""]),
    family("dotnet", &["cs", "fs", "vb"], SLASHES, STARS, "\"'", &["\"\"\""]),
    family("php", &["php"], &["//", "#"], STARS, "", &["\"", "'"]),
    family(
        "c",
        &["c", "cc", "cpp", "cxx", "h", "hpp", "m", "mm", "swift", "dart", "zig"],
        SLASHES,
        STARS,
        "\"'",
        &["\"\"\""],
    ),
    family("shell", &["sh", "bash", "zsh", "ksh", "fish", "envrc"], HASH, None, "", &["\"", "'"]),
    family("elixir", &["ex", "exs"], HASH, None, "\"'", &["\"\"\""]),
    family("perl", &["pl", "pm"], HASH, None, "", &["\"", "'"]),
    family("lua", &["lua"], &["--"], None, "\"'", &[]),
    family("hcl", &["tf", "hcl", "tfvars"], &["#", "//"], STARS, "\"", &[]),
];

/// The family of the file called `name`, told by its ending or by the program that `start`, its first line, names.
pub fn of(name: &str, start: &str) -> Option<&'static Language> {
    let by = |wanted: &str| LANGUAGES.iter().find(|language| language.extensions.contains(&wanted));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    if let Some(language) = by(&extension) {
        return Some(language);
    }
    match name {
        "Rakefile" | "Gemfile" | "Vagrantfile" | "Podfile" | "Fastfile" => return by("rb"),
        "Jenkinsfile" => return by("groovy"),
        _ => {}
    }
    let program = start.lines().next().and_then(|line| line.strip_prefix("#!"))?;
    let known = [("python", "py"), ("node", "js"), ("ruby", "rb"), ("perl", "pl"), ("php", "php"), ("sh", "sh")];
    known.iter().find(|(word, _)| program.contains(word)).and_then(|(_, extension)| by(extension))
}
