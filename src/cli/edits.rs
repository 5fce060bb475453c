//! Edits of files: shown first, then done.

use anyhow::{Context, Result};
use caulk::edit::Edit;
use std::io::Write;
use std::path::Path;

/// Shows what `edits` change, with paths below `base` as a person would type them.
pub(super) fn show(edits: &[Edit], base: &Path, out: &mut dyn Write) -> Result<()> {
    for edit in edits {
        let shown = shown(edit, base);
        let difference = edit.difference(shown).with_context(|| format!("cannot change `{}`", shown.display()))?;
        write!(out, "{difference}")?;
    }
    Ok(())
}

/// Does them, in order.
pub(super) fn apply(edits: &[Edit], base: &Path) -> Result<()> {
    edits
        .iter()
        .try_for_each(|edit| edit.apply().with_context(|| format!("cannot change `{}`", shown(edit, base).display())))
}

fn shown<'e>(edit: &'e Edit, base: &Path) -> &'e Path {
    edit.path.strip_prefix(base).unwrap_or(&edit.path)
}
