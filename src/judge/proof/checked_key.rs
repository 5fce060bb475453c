//! Keys in text encodings that carry their own checksum: Bech32, Base58Check, NATS and Stellar seeds.

use data_encoding::BASE32_NOPAD;

use super::{Fact, Outcome, Proof, Strength};
use crate::checksum::{base58, bech32, crc::crc16_xmodem};

pub(super) const BECH32: Proof = Proof {
    name: "bech32",
    about: "The last six letters are the Bech32 checksum of prefix and data, and the prefix is that of a private key.",
    source: "BIP-173; age specification; NIP-19",
    strength: Strength::Checksum,
    check: |key| Outcome::from_result(bech32_key(key)),
};

pub(super) const BASE58CHECK: Proof = Proof {
    name: "base58check",
    about: "The last four decoded bytes are the start of the double SHA-256 of the others.",
    source: "Bitcoin developer reference, Base58Check; BIP-32; xrpl.org, base58 encodings",
    strength: Strength::Checksum,
    check: |key| Outcome::from_result(base58_key(key)),
};

pub(super) const NKEY: Proof = Proof {
    name: "nkey-crc16",
    about: "The last two of the 36 decoded bytes are the CRC-16 (XMODEM) of the others, and the first two mark a seed.",
    source: "github.com/nats-io/nkeys",
    strength: Strength::Checksum,
    check: |key| Outcome::from_result(nkey(key)),
};

pub(super) const STELLAR: Proof = Proof {
    name: "stellar-crc16",
    about: "The last two of the 35 decoded bytes are the CRC-16 (XMODEM) of the others, and the first marks a seed.",
    source: "Stellar SEP-23",
    strength: Strength::Checksum,
    check: |key| Outcome::from_result(stellar(key)),
};

fn bech32_key(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let decoded = bech32::decode(key).ok_or("the Bech32 checksum does not fit")?;
    let bytes = decoded.bytes().ok_or("the data end within a byte")?;
    let (kind, length_fits) = match decoded.prefix.as_str() {
        "age-secret-key-" => ("age X25519 key", bytes.len() == 32),
        "nsec" => ("Nostr private key", bytes.len() == 32),
        "suiprivkey" => ("Sui private key", bytes.len() == 33),
        prefix if prefix.starts_with("age-plugin-") => ("age plugin key", true),
        prefix if prefix.ends_with("_sk") || prefix.ends_with("_xsk") => ("Cardano private key", bytes.len() >= 32),
        // Public keys and addresses have checksums as well.
        _ => return Err("a checksum holds, but its prefix is not that of a private key"),
    };
    if !length_fits {
        return Err("the key has not the length of its kind");
    }
    Ok(vec![Fact::new("kind", kind)])
}

fn base58_key(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bitcoin = base58::decode_checked(key, base58::BITCOIN);
    let payload = bitcoin
        .or_else(|| base58::decode_checked(key, base58::RIPPLE))
        .ok_or("the double SHA-256 at its end does not fit")?;
    let kind = match (payload.as_slice(), payload.len()) {
        ([0x80, ..], 33) | ([0x80, .., 1], 34) => "Bitcoin private key",
        ([0xef, ..], 33) | ([0xef, .., 1], 34) => "Bitcoin test network private key",
        ([0x04, 0x88, 0xad, 0xe4, ..], 78) => "extended private key",
        ([0x04, 0x35, 0x83, 0x94, ..], 78) => "test network extended private key",
        ([0x04, 0x9d, 0x78, 0x78, ..] | [0x04, 0xb2, 0x43, 0x0c, ..], 78) => "SegWit extended private key",
        ([0x01, 0x42, ..], 39 | 43) | ([0x01, 0x43, ..], 39) => "BIP-38 encrypted private key",
        ([0x0d, 0x0f, 0x3a, 0x07, ..], 36) => "Tezos seed",
        ([0x2b, 0xf6, 0x4e, 0x07, ..], 68) => "Tezos private key",
        ([0x11, 0xa2, 0xe0, 0xc9, ..], 36) | ([0x10, 0x51, 0xee, 0xbd, ..], 36) => "Tezos private key",
        ([0x21, ..], 17) | ([0x01, 0xe1, 0x4b, ..], 19) => "XRP ledger seed",
        // Addresses have checksums as well, and are public.
        _ => return Err("a checksum holds, but its version is not that of a private key"),
    };
    Ok(vec![Fact::new("kind", kind)])
}

fn nkey(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = checked_base32(key)?;
    let (Ok([first, second]), 34) = (<[u8; 2]>::try_from(&bytes[..bytes.len().min(2)]), bytes.len()) else {
        return Err("not a seed of 32 bytes");
    };
    if first & 0xf8 != 18 << 3 {
        return Err("the prefix is not that of a seed");
    }
    let kind = match (first & 7) << 5 | second >> 3 {
        0 => "account seed",
        0x10 => "cluster seed",
        0x68 => "server seed",
        0x70 => "operator seed",
        0xa0 => "user seed",
        0xb8 => "curve seed",
        _ => return Err("the prefix names no kind of key"),
    };
    Ok(vec![Fact::new("kind", kind)])
}

fn stellar(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = checked_base32(key)?;
    if bytes.len() != 33 || bytes.first() != Some(&(18 << 3)) {
        return Err("the version is not that of a seed");
    }
    Ok(Vec::new())
}

/// Decodes Base32 that ends in a CRC-16, low byte first, and gives the bytes before it.
fn checked_base32(text: &[u8]) -> Result<Vec<u8>, &'static str> {
    if text.len() > 64 {
        return Err("too long");
    }
    let mut bytes = BASE32_NOPAD.decode(text).map_err(|_| "not Base32")?;
    let (covered, checksum) = bytes.split_last_chunk::<2>().ok_or("too short")?;
    if crc16_xmodem(covered).to_le_bytes() != *checksum {
        return Err("the CRC-16 at its end does not fit");
    }
    bytes.truncate(bytes.len() - 2);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_keys_and_addresses_are_no_private_keys() {
        for prefix in ["age", "npub", "bc"] {
            assert!(bech32_key(bech32::encode(prefix, &[7; 32]).as_bytes()).is_err(), "{prefix}");
        }
        let address = base58::encode_checked(&[[0].as_slice(), &[7; 20]].concat(), base58::BITCOIN);
        assert!(base58_key(&address).is_err());
        let public = [[6 << 3].as_slice(), &[7; 32]].concat();
        let public = [public.as_slice(), &crc16_xmodem(&public).to_le_bytes()].concat();
        assert!(stellar(BASE32_NOPAD.encode(&public).as_bytes()).is_err());
    }

    #[test]
    fn keys_tell_their_kind() {
        let told = |facts: Result<Vec<Fact>, _>| facts.map(|facts| facts[0].value.clone());
        assert_eq!(told(bech32_key(bech32::encode("nsec", &[7; 32]).as_bytes())), Ok("Nostr private key".to_owned()));
        assert!(bech32_key(bech32::encode("nsec", &[7; 31]).as_bytes()).is_err());
        let seed = [[18 << 3 | 5, 0].as_slice(), &[7; 32]].concat();
        let seed = [seed.as_slice(), &crc16_xmodem(&seed).to_le_bytes()].concat();
        assert_eq!(told(nkey(BASE32_NOPAD.encode(&seed).as_bytes())), Ok("user seed".to_owned()));
    }
}
