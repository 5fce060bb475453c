//! `caulk` alone: what it would be good for here, and why.

use super::Outcome;
use anyhow::Result;
use std::io::Write;
use std::path::Path;

pub(super) fn run() -> Result<Outcome> {
    let mut out = anstream::stdout().lock();
    let here = std::env::current_dir()?;
    let repository = here.ancestors().find(|folder| folder.join(".git").exists());
    let what = match repository {
        Some(root) if root == here => "this folder is a git repository".to_owned(),
        Some(root) => format!("this folder lies in the git repository `{}`", root.display()),
        None => "this folder is in no git repository".to_owned(),
    };
    writeln!(out, "caulk {}: {what}. You could run:\n", env!("CARGO_PKG_VERSION"))?;
    let scan = if repository.is_some() { "the files here that git does not ignore" } else { "the files here" };
    writeln!(out, "  caulk scan                        look for secrets in {scan}")?;
    if repository.is_some() && Path::new(".env").exists() {
        writeln!(out, "  caulk scan --no-ignore            also in what git ignores, such as the `.env` here")?;
    }
    if repository.is_some() {
        writeln!(out, "  caulk staged                      what the next commit would add, for a pre-commit hook")?;
        writeln!(out, "  caulk history                     everything that git remembers, and since when")?;
        writeln!(
            out,
            "  caulk init                        have every commit scanned: shows what it would write first"
        )?;
    }
    writeln!(out, "  caulk scan -f sarif=caulk.sarif   the same, as a report for code scanning")?;
    writeln!(out, "  caulk check                       tick the secure-storage checklist from evidence")?;
    writeln!(out, "  caulk rules list                  see what is looked for")?;
    writeln!(out, "  caulk --help                      all commands and exit codes")?;
    Ok(Outcome::Clean)
}
