//! `caulk man`.

use super::Outcome;
use super::args::{Args, ManArgs};
use anyhow::{Context, Result};
use clap::CommandFactory;
use std::fs;
use std::io::Write;

pub(super) fn run(args: &ManArgs) -> Result<Outcome> {
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Args::command()).render(&mut page)?;
        std::io::stdout().lock().write_all(&page)?;
        return Ok(Outcome::Clean);
    };
    let write = || fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Args::command(), folder));
    write().with_context(|| format!("the manual cannot be written into `{}`", folder.display()))?;
    Ok(Outcome::Clean)
}
