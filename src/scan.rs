//! The engine: sources in, a report out. The only place with threads.
//!
//! Files are scanned by work stealing, large ones in overlapping chunks; the parts are put together in order, so that the
//! report is the same for any number of threads.

mod carry;
mod chunks;
mod digest;
pub mod explain;
mod known;
mod large;
pub mod profile;
mod region;
mod scanner;
pub mod trial;
mod workspace;

pub(crate) use carry::Shared;
pub(crate) use known::KnownValues;
pub use scanner::{Progress, ScanError, Scanner};
pub(crate) use workspace::Lanes;
