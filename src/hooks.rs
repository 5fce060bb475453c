//! Hooks: what git says to them of a push or of a message, and what of it is to be scanned.
//!
//! Takes the lines that git gives, and gives commits and texts; scans nothing itself.

pub mod message;
pub mod push;

pub use message::kept;
pub use push::{HookError, Known, RefUpdate};
