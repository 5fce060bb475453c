//! Checksum primitives that token formats are built from.
//!
//! Pure functions over bytes: cyclic redundancy checks, Marvin32, Bech32, Base58Check, and the layouts that
//! put such a checksum at the end of a token. Shared by the proofs, which recompute them, and by the example
//! templates, which write them. Bottom layer: it knows no other module of the crate, never panics on any
//! input, and refuses input longer than any token before it allocates.

pub mod azure;
pub mod base58;
pub mod base64;
pub mod bech32;
pub mod crc;
pub mod digits;
pub mod marvin;
pub mod ppk;
pub mod trailing;
