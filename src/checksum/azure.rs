//! The checksums in Microsoft's identifiable secrets, all but one of them Marvin32.
//!
//! Published in `microsoft/security-utilities` (`IdentifiableMetadata`, `IdentifiableSecrets`, `AdoLegacyPat`)
//! and in its data on which service signs with which four letters and which seed.

use super::{base64, crc::crc32, digits, marvin};

/// A family of Base64 keys whose last four bytes are the Marvin32 of those before, marked by four letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentifiableKey {
    /// Short name of the service, for templates.
    pub word: &'static str,
    /// Name of the service.
    pub service: &'static str,
    /// The four letters that stand ten letters before the end, padding not counted.
    pub signature: &'static [u8; 4],
    /// Length of the key, in bytes.
    pub bytes: usize,
    /// The kinds of key and the eight-letter name of the seed of each.
    pub kinds: &'static [(&'static str, &'static [u8; 8])],
}

const fn key(
    word: &'static str,
    service: &'static str,
    signature: &'static [u8; 4],
    bytes: usize,
    kinds: &'static [(&'static str, &'static [u8; 8])],
) -> IdentifiableKey {
    IdentifiableKey { word, service, signature, bytes, kinds }
}

const MESSAGING: &[(&str, &[u8; 8])] = &[
    ("send key", b"Send0000"),
    ("listen key", b"Listen00"),
    ("manage key", b"Manage00"),
    ("system key", b"System00"),
    ("key", b"Unknown0"),
];

/// The families known; no two have the same signature and length.
pub static IDENTIFIABLE_KEYS: &[IdentifiableKey] = &[
    key("storage", "Azure Storage", b"+ASt", 64, &[("account key", b"Default0")]),
    key(
        "cosmos",
        "Azure Cosmos DB",
        b"ACDb",
        64,
        &[
            ("read-write key", b"MastRW00"),
            ("read-only key", b"MastRO00"),
            ("resource key", b"Resour00"),
            ("system key", b"SysAll00"),
            ("system read-write key", b"SystRW00"),
            ("system read-only key", b"SystRO00"),
            ("data encryption key", b"Encryp00"),
        ],
    ),
    key("batch", "Azure Batch", b"+ABa", 64, &[("account key", b"AbAcct00")]),
    key(
        "api-management",
        "Azure API Management",
        b"APIM",
        64,
        &[
            ("subscription key", b"IoTHub00"),
            ("direct management key", b"Tenant00"),
            ("gateway key", b"Gatewy00"),
            ("repository key", b"GitKey00"),
        ],
    ),
    key("machine-learning", "Azure Machine Learning (classic)", b"+AMC", 64, &[("web service key", b"Classic0")]),
    key("redis", "Azure Cache for Redis", b"AzCa", 32, &[("access key", b"Access00")]),
    key(
        "functions",
        "Azure Functions",
        b"AzFu",
        40,
        &[("function key", b"Functi00"), ("master key", b"Master00"), ("system key", b"System00")],
    ),
    key("search", "Azure AI Search", b"AzSe", 39, &[("admin key", b"PAdmin00"), ("query key", b"Query000")]),
    key(
        "iot",
        "Azure IoT Hub",
        b"AIoT",
        32,
        &[("hub key", b"IoTHub00"), ("device provisioning key", b"DpsKey00"), ("device key", b"Device00")],
    ),
    key("registry", "Azure Container Registry", b"+ACR", 39, &[("access key", b"ACRDflt0")]),
    key("service-bus", "Azure Service Bus", b"+ASb", 32, MESSAGING),
    key("event-hub", "Azure Event Hubs", b"+AEh", 32, MESSAGING),
    key("relay", "Azure Relay", b"+ARm", 32, MESSAGING),
    key("event-grid", "Azure Event Grid", b"AZEG", 32, &[("access key", b"SendRecv")]),
];

/// Finds the family and the kind whose checksum `text` carries, or says why there is none.
pub fn identify(text: &[u8]) -> Result<(&'static IdentifiableKey, &'static str), &'static str> {
    let letters = text.strip_suffix(b"=").unwrap_or(text);
    let letters = letters.strip_suffix(b"=").unwrap_or(letters);
    let signature = letters.len().checked_sub(10).and_then(|at| letters.get(at..at + 4));
    let bytes = base64::decode_canonical(text).ok_or("not Base64")?;
    let family = IDENTIFIABLE_KEYS
        .iter()
        .find(|family| signature == Some(family.signature) && bytes.len() == family.bytes)
        .ok_or("no known signature at its place")?;
    let (covered, stored) = bytes.split_last_chunk::<4>().ok_or("too short")?;
    family
        .kinds
        .iter()
        .find(|(_, seed)| {
            let computed = marvin::marvin32(covered, marvin::seed(seed)).to_le_bytes();
            computed == *stored || (family.word == "redis" && letters_replaced(covered, computed, letters))
        })
        .map(|(kind, _)| (family, *kind))
        .ok_or("the Marvin32 checksum does not fit")
}

/// Redis keys avoid `+` and `/`: they are replaced by `P` and `F`, in the checksum as well.
fn letters_replaced(covered: &[u8], checksum: [u8; 4], letters: &[u8]) -> bool {
    let whole = data_encoding::BASE64_NOPAD.encode(&[covered, &checksum].concat());
    whole.replace('+', "P").replace('/', "F").as_bytes() == letters
}

/// Turns random bytes into a key of the family and kind: puts the signature and the checksum in place.
///
/// None unless `random` has the family's length and the family has this kind.
pub fn sign(family: &IdentifiableKey, kind: usize, random: &[u8]) -> Option<String> {
    let (_, seed) = family.kinds.get(kind)?;
    let padded = data_encoding::BASE64.encode(random);
    let letters = padded.trim_end_matches('=').len();
    let at = letters.checked_sub(10)?;
    let mut text = padded.into_bytes();
    text.get_mut(at..at + 4)?.copy_from_slice(family.signature);
    let mut bytes = base64::decode(&text).filter(|bytes| bytes.len() == family.bytes)?;
    let end = bytes.len().checked_sub(4)?;
    // The letter after the signature shares its byte with the checksum; the bits before it are zero.
    let spare = end * 8 - (at + 4) * 6;
    if let Some(byte) = end.checked_sub(1).and_then(|last| bytes.get_mut(last)) {
        *byte &= 0xff << spare;
    }
    let checksum = marvin::marvin32(&bytes[..end], marvin::seed(seed));
    bytes[end..].copy_from_slice(&checksum.to_le_bytes());
    Some(data_encoding::BASE64.encode(&bytes))
}

/// Letters that the checksum of an annotated key covers.
pub const ANNOTATED_COVERED: usize = 80;

/// The checksum letters of an annotated key, in the two ways they have been written, newest first.
///
/// `covered` is the first [`ANNOTATED_COVERED`] letters. Each way fills an 88-letter key; one of 84 letters has
/// only the first four.
pub fn annotated_checksums(covered: &[u8]) -> Option<[String; 2]> {
    let bytes = base64::decode(covered)?;
    let checksum = marvin::marvin32(&bytes, marvin::seed(b"Default0")).to_le_bytes();
    // Base62 without leading zeros, filled up on the right, then through Base64 so that it decodes cleanly.
    let mut base62 = digits::encode(u64::from(u32::from_be_bytes(checksum)), digits::BASE62, 0);
    base62.resize(6, b'0');
    let through = base64::decode(&base62)?;
    Some([data_encoding::BASE64.encode(&through), data_encoding::BASE64.encode(&checksum)])
}

/// The letters of Entra client secrets, in the order of their values.
pub const ENTRA_ALPHABET: &[u8; 66] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";

/// The three letters at the end of an Entra client secret; `covered` is all before them.
pub fn entra_checksum(covered: &[u8]) -> Vec<u8> {
    let checksum = marvin::marvin32(covered, marvin::seed(b"AadPwd00"));
    let mut letters = digits::encode(u64::from(checksum), ENTRA_ALPHABET, 6);
    letters.truncate(3);
    letters
}

/// Whom an Azure DevOps token of the old format belongs to, with the number its CRC-32 is combined with.
pub const DEVOPS_OWNERS: [(&str, u32); 2] = [("user", 0xe0b9_692d), ("application", 0x1019_f92e)];

/// Places of the checksum bytes among the 32 of an Azure DevOps token, least significant first.
const DEVOPS_PLACES: [usize; 4] = [22, 8, 7, 2];

/// The owner for whom the checksum of an Azure DevOps token holds.
pub fn devops_owner(token: &[u8; 32]) -> Option<&'static str> {
    let stored = u32::from_le_bytes(DEVOPS_PLACES.map(|place| token[place]));
    let computed = devops_crc(token);
    DEVOPS_OWNERS.iter().find(|(_, mark)| computed ^ mark == stored).map(|(owner, _)| *owner)
}

/// Puts the checksum of a user's Azure DevOps token in its places.
pub fn devops_sign(token: &mut [u8; 32]) {
    let checksum = devops_crc(token) ^ DEVOPS_OWNERS[0].1;
    for (place, byte) in DEVOPS_PLACES.into_iter().zip(checksum.to_le_bytes()) {
        token[place] = byte;
    }
}

fn devops_crc(token: &[u8; 32]) -> u32 {
    let covered: Vec<u8> =
        token.iter().enumerate().filter(|(place, _)| !DEVOPS_PLACES.contains(place)).map(|(_, byte)| *byte).collect();
    crc32(&covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_key_is_known_again() {
        for family in IDENTIFIABLE_KEYS {
            for (index, (kind, _)) in family.kinds.iter().enumerate() {
                let random: Vec<u8> = (0..family.bytes).map(|at| (at * 37 + index) as u8).collect();
                let text = sign(family, index, &random).expect("length and kind are the family's");
                assert_eq!(identify(text.as_bytes()), Ok((family, *kind)), "{}", family.word);
                assert!(text.contains(std::str::from_utf8(family.signature).expect("ASCII")));
            }
        }
    }

    #[test]
    fn a_wrong_length_or_kind_cannot_be_signed() {
        let family = &IDENTIFIABLE_KEYS[0];
        assert_eq!(sign(family, 9, &[0; 64]), None);
        for length in [0, 1, 9, 63, 65] {
            assert_eq!(sign(family, 0, &vec![7; length]), None);
        }
    }

    #[test]
    fn a_redis_key_with_replaced_letters_is_known_again() {
        let family = IDENTIFIABLE_KEYS.iter().find(|family| family.word == "redis").expect("in the table");
        let replaced = (0..200_u8).filter(|index| {
            let text = sign(family, 0, &[*index; 32]).expect("32 bytes");
            let (front, end) = text.split_at(37);
            let swapped = end.replace('+', "P").replace('/', "F");
            swapped != end && identify([front, &swapped].concat().as_bytes()).is_ok()
        });
        assert!(replaced.count() > 0);
    }

    #[test]
    fn the_owner_of_a_devops_token_is_told() {
        let mut token = [0x5a; 32];
        devops_sign(&mut token);
        assert_eq!(devops_owner(&token), Some("user"));
        token[0] ^= 1;
        assert_eq!(devops_owner(&token), None);
    }
}
