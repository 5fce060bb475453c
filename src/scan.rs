//! The engine: sources in, a report out. The only place with threads.
//!
//! Files are scanned by work stealing, large ones in overlapping chunks; the parts are put together in order, so that the
//! report is the same for any number of threads.

mod chunks;
mod large;
pub mod profile;
mod scanner;
pub mod trial;
mod workspace;

pub use scanner::{Progress, ScanError, Scanner};
