//! Git's ignore rules, asked about paths that need not exist: would git leave this file out?
//!
//! `.gitignore` files of all levels and `.git/info/exclude` count, as git applies them. A person's own global rules do not: the next
//! person has others.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The ignore rules below one folder.
#[derive(Debug)]
pub struct IgnoreRules {
    root: PathBuf,
    exclude: Gitignore,
    /// The rules of each folder that was asked about.
    folders: Mutex<HashMap<PathBuf, std::sync::Arc<Gitignore>>>,
}

/// What the rules say of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// It would be left out, by this rule of this file.
    Ignored {
        /// The file that holds the rule, from the root.
        file: String,
        /// The rule.
        rule: String,
    },
    /// It could be committed.
    Kept,
}

impl IgnoreRules {
    /// The rules that hold below `root`, a work tree or what stands for one.
    pub fn new(root: &Path) -> Self {
        let mut exclude = GitignoreBuilder::new(root);
        // A file that is missing or broken has no rules.
        let _ = exclude.add(root.join(".git/info/exclude"));
        let exclude = exclude.build().unwrap_or_else(|_| Gitignore::empty());
        Self { root: root.to_owned(), exclude, folders: Mutex::default() }
    }

    /// What git would do with a new file at `path`, given from the root.
    pub fn ask(&self, path: &str) -> Says {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let mut here = String::new();
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                here.push('/');
            }
            here.push_str(part);
            // Nothing below an ignored folder is looked at.
            if let says @ Says::Ignored { .. } = self.ask_one(&here, at + 1 < parts.len()) {
                return says;
            }
        }
        Says::Kept
    }

    /// The last rule of the nearest folder decides, then that of the next above.
    fn ask_one(&self, path: &str, is_folder: bool) -> Says {
        let full = self.root.join(path);
        let mut folder = full.parent();
        while let Some(here) = folder.filter(|here| here.starts_with(&self.root)) {
            let rules = self.rules_of(here);
            match rules.matched(&full, is_folder) {
                Match::Ignore(glob) => return self.ignored(glob),
                Match::Whitelist(_) => return Says::Kept,
                Match::None => folder = here.parent(),
            }
        }
        match self.exclude.matched(&full, is_folder) {
            Match::Ignore(glob) => self.ignored(glob),
            _ => Says::Kept,
        }
    }

    fn ignored(&self, glob: &ignore::gitignore::Glob) -> Says {
        let file = glob.from().map(|file| file.strip_prefix(&self.root).unwrap_or(file).display().to_string());
        Says::Ignored { file: file.unwrap_or_default(), rule: glob.original().to_owned() }
    }

    fn rules_of(&self, folder: &Path) -> std::sync::Arc<Gitignore> {
        let mut folders = self.folders.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let read = || {
            let mut builder = GitignoreBuilder::new(folder);
            let _ = builder.add(folder.join(".gitignore"));
            std::sync::Arc::new(builder.build().unwrap_or_else(|_| Gitignore::empty()))
        };
        std::sync::Arc::clone(folders.entry(folder.to_owned()).or_insert_with(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn rules_hold_as_in_git() {
        let folder = tempfile::tempdir().expect("can be made");
        let root = folder.path();
        fs::create_dir_all(root.join("web/src")).expect("can be made");
        fs::create_dir_all(root.join(".git/info")).expect("can be made");
        fs::write(root.join(".gitignore"), ".env\n.env.*\n!.env.example\n/build/\n").expect("can be written");
        fs::write(root.join("web/.gitignore"), "!.env\n").expect("can be written");
        fs::write(root.join(".git/info/exclude"), "*.key\n").expect("can be written");
        let rules = IgnoreRules::new(root);
        let kept = |path: &str| rules.ask(path) == Says::Kept;
        assert!(!kept(".env") && !kept("api/.env") && !kept(".env.local") && !kept("build/x/.env") && !kept("tls.key"));
        assert!(kept("web/.env") && kept("web/src/.env") && kept(".env.example") && kept("api/build/x"));
        assert_eq!(rules.ask(".env.prod"), Says::Ignored { file: ".gitignore".to_owned(), rule: ".env.*".to_owned() });
    }
}
