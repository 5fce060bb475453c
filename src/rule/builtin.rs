//! The built-in pack: `rules/*.toml`, checked and compacted by the build script.

use super::head::Packed;

pub(super) static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The built-in rules, by file name and then in file order.
pub fn rules() -> Vec<Packed<'static>> {
    postcard::from_bytes(PACK).expect("the build script wrote the pack with the same types")
}
