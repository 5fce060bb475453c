//! Private keys of OpenPGP (RFC 9580): the first packet of the block.

use super::{Guard, Key, armour::Armour};
use crate::checksum::crc::crc24_openpgp;

/// Packet type of a secret key.
const SECRET_KEY: u8 = 5;

/// Reads the type, size and protection of the first key; checks the CRC-24 if the block has one.
pub(super) fn parse(armour: &Armour) -> Result<Key, &'static str> {
    if armour.label != "PGP PRIVATE KEY BLOCK" {
        return Err("the label is not that of a private key");
    }
    if let Some(checksum) = &armour.checksum {
        let [_, computed @ ..] = crc24_openpgp(&armour.body).to_be_bytes();
        if checksum.as_slice() != computed {
            return Err("the CRC-24 of its armour does not fit");
        }
    }
    let packet = first_packet(&armour.body).ok_or("it does not begin with a whole secret key packet")?;
    secret_key(packet).ok_or("its secret key packet is malformed")
}

/// The body of the first packet, if it is a secret key.
fn first_packet(bytes: &[u8]) -> Option<&[u8]> {
    let (header, rest) = bytes.split_first()?;
    let old_format = header & 0xc0 == 0x80;
    let kind = if old_format { header >> 2 & 15 } else { header & 0x3f };
    if header & 0x80 == 0 || kind != SECRET_KEY {
        return None;
    }
    let (length, rest) = if old_format {
        // The lowest bits say that the length has one, two or four bytes.
        let size = 1 << (header & 3);
        let (digits, rest) = rest.split_at_checked(size).filter(|_| size <= 4)?;
        (digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
    } else {
        match *rest {
            [first @ 0..=191, ref rest @ ..] => (usize::from(first), rest),
            [first @ 192..=223, second, ref rest @ ..] => {
                ((usize::from(first) - 192) * 256 + usize::from(second) + 192, rest)
            }
            [255, a, b, c, d, ref rest @ ..] => (usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?, rest),
            _ => return None,
        }
    };
    rest.get(..length)
}

fn secret_key(packet: &[u8]) -> Option<Key> {
    let (version, rest) = packet.split_first()?;
    // Version, time of making, and before version 4 the days it is valid.
    let rest = rest.get(if *version < 4 { 6 } else { 4 }..)?;
    let (algorithm, mut rest) = rest.split_first()?;
    if !(2..=6).contains(version) {
        return None;
    }
    if *version >= 5 {
        // The length of the public material.
        rest = rest.get(4..)?;
    }
    let (kind, bits) = public_material(*algorithm, &mut rest)?;
    let protection = rest.first()?;
    let guard = if *protection == 0 { Guard::None } else { Guard::PassPhrase };
    Some(Key { kind, bits, guard })
}

/// Takes the public numbers off the front; gives the type and the size in bits.
fn public_material(algorithm: u8, rest: &mut &[u8]) -> Option<(&'static str, Option<usize>)> {
    let (kind, numbers) = match algorithm {
        1..=3 => ("RSA", 2),
        16 | 20 => ("Elgamal", 3),
        17 => ("DSA", 4),
        18 => ("ECDH", 1),
        19 => ("ECDSA", 1),
        22 => ("EdDSA", 1),
        25 => return fixed(rest, 32, "X25519", 256),
        26 => return fixed(rest, 56, "X448", 448),
        27 => return fixed(rest, 32, "Ed25519", 256),
        28 => return fixed(rest, 57, "Ed448", 456),
        _ => return None,
    };
    if matches!(algorithm, 18 | 19 | 22) {
        sized(rest)?;
    }
    let first = number(rest)?;
    for _ in 1..numbers {
        number(rest)?;
    }
    if algorithm == 18 {
        sized(rest)?;
    }
    // Of a point, the bits of its encoding would only confuse.
    let bits = matches!(algorithm, 1..=3 | 16 | 17 | 20).then_some(first);
    Some((kind, bits))
}

fn fixed(rest: &mut &[u8], length: usize, kind: &'static str, bits: usize) -> Option<(&'static str, Option<usize>)> {
    *rest = rest.get(length..)?;
    Some((kind, Some(bits)))
}

/// Skips a string with its length in one byte: the curve's object id, or the parameters of ECDH.
fn sized(rest: &mut &[u8]) -> Option<()> {
    let (length, after) = rest.split_first()?;
    *rest = after.get(usize::from(*length)..)?;
    Some(())
}

/// Skips a number with its bits in two bytes; gives the bits.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let (digits, after) = rest.split_first_chunk::<2>()?;
    let bits = usize::from(u16::from_be_bytes(*digits));
    *rest = after.get(bits.div_ceil(8)..)?;
    Some(bits)
}
