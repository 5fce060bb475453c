//! The built-in pack: `rules/*.toml`, checked and compacted by the build script.

use super::head::Packed;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The SHA-256 of the pack, taken when the program was built: reading all of it would cost a good part of the start-up.
pub(super) static DIGEST: &[u8; 32] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.sha256"));

/// The built-in rules, by file name and then in file order.
///
/// They are given one by one: all of them at once are a megabyte that a start would fill and copy.
pub fn rules() -> impl Iterator<Item = Packed<'static>> {
    let mut rest = PACK;
    std::iter::from_fn(move || {
        let next = (!rest.is_empty()).then(|| postcard::take_from_bytes(rest))?;
        let (rule, behind) = next.expect("the build script wrote the pack with the same types");
        rest = behind;
        Some(rule)
    })
}
