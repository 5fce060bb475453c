//! Where the tools of providers keep credentials on a developer's machine: read on request, to look for the same values elsewhere.

use super::parse::tree::Node;
use super::parse::{pairs, yaml};
use super::text::Text;
use super::trace::Known;
use super::{class, names};
use crate::source::open::{Follow, OpenFile};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest store that is read, in bytes.
const MOST: u64 = 1 << 20;

/// How a store is written.
#[derive(Clone, Copy)]
enum Form {
    /// The file is the value.
    Whole,
    /// Lines of names and values.
    Pairs,
    /// YAML or JSON.
    Tree,
    /// `machine ... login ... password ...`
    Netrc,
    /// An armoured key: its longest line is what is looked for.
    Key,
}

/// Files below the home folder, by provider.
const FILES: &[(&str, &str, Form)] = &[
    ("anthropic", ".anthropic/api_key", Form::Whole),
    ("aws", ".aws/credentials", Form::Pairs),
    ("aws", ".aws/config", Form::Pairs),
    ("azure", ".azure/msal_token_cache.json", Form::Tree),
    ("azure", ".azure/accessTokens.json", Form::Tree),
    ("cohere", ".cohere/api_key", Form::Whole),
    ("gcp", ".config/gcloud/application_default_credentials.json", Form::Tree),
    ("github", ".config/gh/hosts.yml", Form::Tree),
    ("huggingface", ".cache/huggingface/token", Form::Whole),
    ("huggingface", ".huggingface/token", Form::Whole),
    ("lambda", ".lambda_cloud/lambda_keys", Form::Pairs),
    ("openai", ".openai/api_key", Form::Whole),
    ("pinecone", ".pinecone/config.json", Form::Tree),
    ("ssh", ".ssh/id_rsa", Form::Key),
    ("ssh", ".ssh/id_ed25519", Form::Key),
    ("ssh", ".ssh/id_ecdsa", Form::Key),
    ("wandb", ".netrc", Form::Netrc),
    ("kubeconfig", ".kube/config", Form::Tree),
];

/// Environment variables, by provider.
const VARIABLES: &[(&str, &[&str])] = &[
    ("anthropic", &["ANTHROPIC_API_KEY"]),
    ("aws", &["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"]),
    ("azure", &["AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY"]),
    ("cohere", &["COHERE_API_KEY", "CO_API_KEY"]),
    ("github", &["GH_TOKEN", "GITHUB_TOKEN"]),
    ("huggingface", &["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]),
    ("lambda", &["LAMBDA_API_KEY"]),
    ("langchain", &["LANGCHAIN_API_KEY", "LANGSMITH_API_KEY"]),
    ("openai", &["OPENAI_API_KEY"]),
    ("pinecone", &["PINECONE_API_KEY"]),
    ("wandb", &["WANDB_API_KEY"]),
];

/// The values of all stores of this machine.
pub(super) fn values() -> Vec<Known> {
    let mut known = Vec::new();
    for (provider, variables) in VARIABLES {
        for name in *variables {
            let value = std::env::var(name).unwrap_or_default();
            if !names::stands_in(&value) {
                known.push(Known { label: format!("`{name}` of this shell ({provider})"), value: Text::new(&value) });
            }
        }
    }
    let named = std::env::var_os("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from);
    known.extend(named.iter().flat_map(|path| of_file("gcp", path, "GOOGLE_APPLICATION_CREDENTIALS", Form::Tree)));
    let Some(home) = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from) else {
        return known;
    };
    for (provider, file, form) in FILES {
        known.extend(of_file(provider, &home.join(file), &format!("~/{file}"), *form));
    }
    known
}

fn of_file(provider: &str, path: &Path, shown: &str, form: Form) -> Vec<Known> {
    let Some(text) = read(path) else { return Vec::new() };
    let label = |name: &str| format!("{name} of `{shown}` ({provider})");
    let known = |name: &str, value: &str| Known { label: label(name), value: Text::new(value) };
    match form {
        Form::Whole => vec![known("the key", text.trim())],
        Form::Key => {
            let lines = text.lines().filter(|line| !line.contains("-----"));
            lines.max_by_key(|line| line.len()).map(|line| known("the key", line.trim())).into_iter().collect()
        }
        Form::Pairs => {
            let pairs = pairs::read(&text);
            let secret = pairs.iter().filter(|pair| is_secret(&pair.name) && !names::stands_in(pair.value.as_str()));
            secret.map(|pair| known(&format!("`{}`", pair.name), pair.value.as_str())).collect()
        }
        Form::Tree => {
            let mut found = Vec::new();
            yaml::read(&text)
                .roots
                .iter()
                .for_each(|root| collect(root, &mut |name, value| found.push(known(&format!("`{name}`"), value))));
            found
        }
        Form::Netrc => {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.windows(2).filter(|two| two[0] == "password").map(|two| known("a password", two[1])).collect()
        }
    }
}

fn is_secret(name: &str) -> bool {
    names::is_secret(name) || class::words(name).any(|word| matches!(word.as_str(), "secret" | "token" | "password"))
}

/// All scalars of `node` whose names speak of secrets.
fn collect(node: &Node, take: &mut dyn FnMut(&str, &str)) {
    for (key, value) in node.entries() {
        match value.text() {
            Some(text) if is_secret(&key.name) || key.name.ends_with("key-data") || key.name == "private_key" => {
                // A key of several lines is looked for by its longest.
                let line = text.as_str().lines().max_by_key(|line| line.len()).unwrap_or_default();
                if !names::stands_in(line) {
                    take(&key.name, line);
                }
            }
            _ => collect(value, take),
        }
    }
    node.items().iter().for_each(|item| collect(item, take));
}

/// A small file's text; nothing for what is no file, too large, or no text.
fn read(path: &Path) -> Option<Zeroizing<String>> {
    let opened = OpenFile::open(path, Follow::Links).ok().filter(|opened| opened.len <= MOST)?;
    let mut bytes = vec![0; usize::try_from(opened.len).ok()?];
    let filled = opened.fill(&mut bytes, 0).ok()?;
    bytes.truncate(filled);
    String::from_utf8(bytes).ok().map(Zeroizing::new)
}
