//! The safe, mechanical repairs: ignore lines, an example file without values, permissions. Shown as a difference before anything is
//! written; nothing is ever taken away, and no link is followed.

use super::class::Class;
use super::ignored::Says;
use super::project::Project;
use super::{Verdict, rows};
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// One repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The file.
    pub path: PathBuf,
    /// What is done to it.
    pub change: Change,
}

/// What a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Puts lines at the end of the file, which may not exist yet.
    Append(Vec<String>),
    /// Takes the rights of group and world away.
    Restrict {
        /// The permissions as they are.
        from: u32,
        /// As they will be.
        to: u32,
    },
}

/// All repairs that the checklist of `project` calls for.
pub fn plan(project: &Project) -> Vec<Repair> {
    let fails = |id: &str| {
        rows::by_id(id).is_some_and(|check| matches!((check.run)(project).verdict, Verdict::Fail | Verdict::Review))
    };
    let mut repairs = Vec::new();
    if fails("env-ignored") {
        let lines =
            [".env", ".env.local", ".env.production"].iter().any(|name| project.ignored.ask(name) == Says::Kept);
        repairs.extend(lines.then(|| append(project, ".gitignore", &[".env", ".env.*", "!.env.example"])));
    }
    if fails("env-example-missing") {
        repairs.extend(example(project));
    }
    if fails("env-image") {
        repairs.extend(dockerignores(project));
    }
    for file in &project.local {
        if let Some(mode) = file.mode.filter(|mode| mode & 0o077 != 0) {
            let path = crate::blob::path::path_of(file.facts.origin.path.bytes());
            repairs.push(Repair { path, change: Change::Restrict { from: mode, to: mode & 0o700 } });
        }
    }
    repairs
}

fn append(project: &Project, name: &str, lines: &[&str]) -> Repair {
    Repair {
        path: project.base.join(name),
        change: Change::Append(lines.iter().map(|line| (*line).to_owned()).collect()),
    }
}

/// The names that no example file holds.
fn example(project: &Project) -> Option<Repair> {
    let target = project
        .examples()
        .find(|file| file.folder().is_empty())
        .map_or_else(|| ".env.example".to_owned(), super::facts::FileFacts::name);
    let documented: BTreeSet<&str> =
        project.examples().flat_map(|file| file.settings.iter().map(|setting| setting.name.as_str())).collect();
    let read: BTreeSet<&str> = project.secret_reads().map(|(_, read)| read.name.as_str()).collect();
    let lines: Vec<String> = read.difference(&documented).map(|name| format!("{name}=")).collect();
    (!lines.is_empty()).then(|| Repair { path: project.base.join(target), change: Change::Append(lines) })
}

/// The ignore files of the builds that copy everything.
fn dockerignores(project: &Project) -> Vec<Repair> {
    let copies = |file: &&super::facts::FileFacts| {
        file.instructions.iter().any(|one| {
            matches!(one.name.as_str(), "COPY" | "ADD")
                && one.rest.split_whitespace().any(|word| matches!(word, "." | "./"))
        })
    };
    let mut names = BTreeSet::new();
    for file in project.live(Class::Dockerfile).filter(copies) {
        let own = format!("{}/.dockerignore", file.folder());
        let name =
            if !file.folder().is_empty() && project.file(&own).is_some() { own } else { ".dockerignore".to_owned() };
        let covered = project.file(&name).is_some_and(|list| rows::leaves_out(&list.lines, ".env"));
        if !covered {
            names.insert(name);
        }
    }
    names.iter().map(|name| append(project, name, &[".env*", "!.env.example"])).collect()
}

impl Repair {
    /// What will change, as a difference between two versions.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is no regular file.
    pub fn difference(&self, shown: &Path) -> io::Result<String> {
        match &self.change {
            Change::Restrict { from, to } => Ok(format!("{}: mode {from:o} -> {to:o}\n", shown.display())),
            Change::Append(lines) => {
                let old = self.read()?;
                let count = old.lines().count();
                let before = if old.is_empty() && !self.path.exists() {
                    "/dev/null".to_owned()
                } else {
                    format!("a/{}", shown.display())
                };
                let mut text = format!(
                    "--- {before}\n+++ b/{}\n@@ -{count},0 +{},{} @@\n",
                    shown.display(),
                    count + 1,
                    lines.len()
                );
                lines.iter().for_each(|line| text.extend(["+", line, "\n"]));
                Ok(text)
            }
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// What the system says.
    pub fn apply(&self) -> io::Result<()> {
        match &self.change {
            Change::Append(lines) => {
                let old = self.read()?;
                let mut text = if old.is_empty() || old.ends_with('\n') { String::new() } else { "\n".to_owned() };
                lines.iter().for_each(|line| text.extend([line, "\n"]));
                let mut options = OpenOptions::new();
                options.append(true).create(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW);
                options.open(&self.path)?.write_all(text.as_bytes())
            }
            Change::Restrict { to, .. } => restrict(&self.path, *to),
        }
    }

    /// The file's text; empty if it does not exist.
    fn read(&self) -> io::Result<String> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if !metadata.is_file() => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"))
            }
            Ok(_) => fs::read_to_string(&self.path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    // By the open file, so that no link can be put in its place.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
