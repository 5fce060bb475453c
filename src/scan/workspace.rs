//! What a thread needs to scan a chunk, kept for the next one.

use crate::detect::{Candidate, Scratch};
use std::sync::{Mutex, PoisonError};

/// Reusable space for scanning one chunk.
#[derive(Default)]
pub(crate) struct Workspace {
    pub(super) buffer: Vec<u8>,
    pub(crate) lanes: Lanes,
}

/// What the lanes reuse.
#[derive(Default)]
pub(crate) struct Lanes {
    pub(super) scratch: Scratch,
    pub(super) candidates: Vec<Candidate>,
}

/// Workspaces that no thread uses at the moment.
#[derive(Default)]
pub(crate) struct Workspaces(Mutex<Vec<Workspace>>);

impl std::fmt::Debug for Workspaces {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Workspaces")
    }
}

impl Workspaces {
    /// Lends a workspace to `work`.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Workspace) -> T) -> T {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut workspace = taken.unwrap_or_default();
        let result = work(&mut workspace);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        result
    }
}
