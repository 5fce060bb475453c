//! Keys that hold both of their halves: the public one has to follow from the private one.

use ed25519_compact::{KeyPair, Seed};

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::{base58, base64};

pub(super) const SOLANA: Proof = Proof {
    name: "solana-key-pair",
    about: "The Base58 is 64 bytes, and the second half is the public key of Ed25519 that follows from the first.",
    source: "RFC 8032, section 5.1.5; solana.com/docs, keypairs",
    strength: Strength::Checksum,
    check: |value| Outcome::from_result(solana(value)),
};

pub(super) const TINK: Proof = Proof {
    name: "tink-key",
    about: "The Base64 is a key of Tink in protobuf: fields that end where it ends, with a secret of 16 bytes or more among them.",
    source: "tink-crypto/tink, proto/tink.proto and the protos of its keys",
    strength: Strength::Structure,
    check: |value| {
        if tink(value).is_some() { Outcome::Passed(Vec::new()) } else { Outcome::Failed("no key in protobuf") }
    },
};

/// Letters of Base58 that 64 bytes become at most.
const LONGEST_PAIR: usize = 88;

/// Longest key that is decoded, in letters of Base64.
const LONGEST_KEY: usize = 16 * 1024;

/// Bytes of the shortest secret in a key.
const SHORTEST_SECRET: usize = 16;

fn solana(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = Some(value)
        .filter(|value| value.len() <= LONGEST_PAIR)
        .and_then(|value| base58::decode(value, base58::BITCOIN));
    let bytes = bytes.ok_or("not Base58")?;
    let pair: [u8; 64] = bytes.try_into().map_err(|_| "not 64 bytes")?;
    let (private, public) = pair.split_at(32);
    let seed = Seed::from_slice(private).map_err(|_| "not 64 bytes")?;
    if KeyPair::from_seed(seed).pk.as_ref() != public {
        return Err("the public half does not follow from the private one");
    }
    Ok(vec![Fact::new("address", String::from_utf8_lossy(&base58::encode(public, base58::BITCOIN)))])
}

fn tink(value: &[u8]) -> Option<()> {
    let bytes = Some(value).filter(|value| value.len() <= LONGEST_KEY).and_then(base64::decode)?;
    let (mut rest, mut secret) = (bytes.as_slice(), false);
    while !rest.is_empty() {
        let (tag, behind) = number(rest)?;
        let (length, behind) = number(behind)?;
        rest = match tag & 7 {
            0 => behind,
            2 => {
                let length = usize::try_from(length).ok()?;
                secret |= length >= SHORTEST_SECRET;
                behind.get(length..)?
            }
            _ => return None,
        };
    }
    secret.then_some(())
}

/// A number of variable length, and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}
