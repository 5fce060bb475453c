//! Macaroons: PyPI's in the binary format of libmacaroons, Fly.io's in MessagePack.

use super::{Fact, Outcome, Proof, Strength, decode};
use crate::checksum::base64;

pub(super) const PYPI: Proof = Proof {
    name: "pypi-macaroon",
    about: "The Base64 after the prefix is a version 2 macaroon: location, identifier, caveats and a signature of 32 bytes.",
    source: "github.com/rescrv/libmacaroons, doc/format.txt; pypitoken documentation",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(pypi(token)),
};

pub(super) const FLY: Proof = Proof {
    name: "fly-macaroon",
    about: "The Base64 after the prefix is a MessagePack array of nonce, location, caveats and a tail of 32 bytes.",
    source: "github.com/superfly/macaroon",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(fly(token)),
};

/// Field types of the binary format.
const END_OF_SECTION: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const VERIFICATION: u8 = 4;
const SIGNATURE: u8 = 6;

fn pypi(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = token.strip_prefix(b"pypi-").and_then(base64::decode).ok_or("not Base64 after the prefix")?;
    let mut rest = bytes.strip_prefix(&[2]).ok_or("not version 2")?;
    let not_whole = "the macaroon is cut short or malformed";
    let location = match field(&mut rest) {
        Some((LOCATION, location)) => location,
        _ => return Err("no location"),
    };
    let (Some((IDENTIFIER, _)), Some((END_OF_SECTION, _))) = (field(&mut rest), field(&mut rest)) else {
        return Err("no identifier");
    };
    // Caveats, each closed by an end mark; one more end mark closes them all.
    let mut inside = false;
    loop {
        match field(&mut rest).ok_or(not_whole)? {
            (LOCATION | IDENTIFIER | VERIFICATION, _) => inside = true,
            (END_OF_SECTION, _) if inside => inside = false,
            (END_OF_SECTION, _) => break,
            _ => return Err(not_whole),
        }
    }
    match field(&mut rest) {
        Some((SIGNATURE, signature)) if signature.len() == 32 && rest.is_empty() => {}
        _ => return Err("no signature of 32 bytes at the end"),
    }
    let location = std::str::from_utf8(location).ok().and_then(decode::printable);
    Ok(location.map(|location| Fact::new("location", location)).into_iter().collect())
}

/// Takes one field off the front: its type, and unless it is the end mark, its length and that many bytes.
fn field<'b>(rest: &mut &'b [u8]) -> Option<(u8, &'b [u8])> {
    let (kind, after) = rest.split_first()?;
    if *kind == END_OF_SECTION {
        *rest = after;
        return Some((END_OF_SECTION, &[]));
    }
    let (length, after) = variable_length(after)?;
    let (data, after) = after.split_at_checked(length)?;
    *rest = after;
    Some((*kind, data))
}

/// A length in groups of seven bits, least significant first; three groups are ample.
pub(super) fn variable_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(3).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn fly(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let list = token.strip_prefix(b"FlyV1 ").unwrap_or(token);
    if list.len() > base64::LONGEST {
        return Err("too long");
    }
    let mut location = None;
    for one in list.split(|byte| *byte == b',') {
        let encoded = [b"fm2_".as_slice(), b"fm1r_", b"fm1a_"].iter().find_map(|prefix| one.strip_prefix(*prefix));
        let bytes = encoded.and_then(base64::decode).ok_or("not Base64 after the prefix")?;
        let found = fly_location(&bytes).ok_or("not a MessagePack array of nonce, location, caveats and tail")?;
        location = location.or_else(|| decode::printable(found));
    }
    Ok(location.map(|location| Fact::new("location", location)).into_iter().collect())
}

/// The location of one macaroon; none if it is not exactly one.
fn fly_location(bytes: &[u8]) -> Option<&str> {
    let rest = bytes.strip_prefix(&[0x94])?;
    if !matches!(rest.first()?, 0x92 | 0x93) {
        return None;
    }
    let at_location = skip_value(rest, 0)?;
    let at_caveats = skip_value(at_location, 0)?;
    let at_tail = skip_value(at_caveats, 0)?;
    let tail_fits = at_tail.strip_prefix(&[0xc4, 32]).is_some_and(|tail| tail.len() == 32);
    let location = at_location.get(..at_location.len() - at_caveats.len())?;
    let header = match location.first()? {
        0xa0..=0xbf => 1,
        0xd9 => 2,
        _ => return None,
    };
    std::str::from_utf8(location.get(header..)?).ok().filter(|_| tail_fits)
}

/// Deepest nesting of MessagePack that is followed; caveats nest a few levels.
const DEEPEST: usize = 32;

/// What follows the MessagePack value at the front.
fn skip_value(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let (kind, rest) = bytes.split_first().filter(|_| depth < DEEPEST)?;
    let (items, rest) = match *kind {
        0x00..=0x7f | 0xc0 | 0xc2 | 0xc3 | 0xe0..=0xff => return Some(rest),
        0x80..=0x8f => (usize::from(kind & 15) * 2, rest),
        0x90..=0x9f => (usize::from(kind & 15), rest),
        0xa0..=0xbf => return rest.get(usize::from(kind & 31)..),
        0xc4 | 0xd9 => return skip_sized(rest, 1, 0),
        0xc5 | 0xda => return skip_sized(rest, 2, 0),
        0xc6 | 0xdb => return skip_sized(rest, 4, 0),
        0xc7..=0xc9 => return skip_sized(rest, 1 << (kind - 0xc7), 1),
        0xca | 0xce | 0xd2 => return rest.get(4..),
        0xcb | 0xcf | 0xd3 => return rest.get(8..),
        0xcc | 0xd0 => return rest.get(1..),
        0xcd | 0xd1 => return rest.get(2..),
        0xd4..=0xd8 => return rest.get(1 + (1 << (kind - 0xd4))..),
        0xdc => big_endian(rest, 2)?,
        0xdd => big_endian(rest, 4)?,
        0xde => big_endian(rest, 2).map(|(count, rest)| (count * 2, rest))?,
        0xdf => big_endian(rest, 4).map(|(count, rest)| (count.saturating_mul(2), rest))?,
        0xc1 => return None,
    };
    // Each item takes a byte at least, so a count beyond the rest cannot be met: no need to try.
    if items > rest.len() {
        return None;
    }
    (0..items).try_fold(rest, |rest, _| skip_value(rest, depth + 1))
}

fn skip_sized(bytes: &[u8], size_of_length: usize, extra: usize) -> Option<&[u8]> {
    let (length, rest) = big_endian(bytes, size_of_length)?;
    rest.get(length.checked_add(extra)?..)
}

fn big_endian(bytes: &[u8], size: usize) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_at_checked(size)?;
    Some((number.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_message_pack_value_is_skipped_whole() {
        let values: [&[u8]; 14] = [
            &[0x05],
            &[0xc0],
            &[0xff],
            &[0x81, 0xa1, b'a', 0xc3],
            &[0x92, 0xcc, 1, 0xcd, 1, 2],
            &[0xc4, 2, 9, 9],
            &[0xc5, 0, 1, 9],
            &[0xd9, 1, b'x'],
            &[0xca, 0, 0, 0, 0],
            &[0xcf, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0xd5, 1, 0, 0],
            &[0xc7, 1, 5, 0],
            &[0xdc, 0, 1, 0xc2],
            &[0xde, 0, 1, 1, 2],
        ];
        for value in values {
            let padded = [value, &[0xaa]].concat();
            assert_eq!(skip_value(&padded, 0), Some([0xaa].as_slice()), "{value:02x?}");
            for length in 0..value.len() {
                assert_eq!(skip_value(&value[..length], 0), None, "{value:02x?}");
            }
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert_eq!(skip_value(&[0x91; 100_000], 0), None);
        assert_eq!(skip_value(&[0xdd, 0xff, 0xff, 0xff, 0xff, 1], 0), None);
    }

    #[test]
    fn lengths_have_at_most_three_groups() {
        assert_eq!(variable_length(&[0x88, 0x01, 7]), Some((136, [7].as_slice())));
        assert_eq!(variable_length(&[0x80, 0x80, 0x80, 0]), None);
        assert_eq!(variable_length(&[]), None);
    }
}
