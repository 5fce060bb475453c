//! Words for keys whose encoding carries a checksum of its own.

use data_encoding::BASE32_NOPAD;
use ed25519_compact::{KeyPair, Seed};

use super::{Draft, Expected, Word, classes, classes::alone};
use crate::checksum::{azure, base58, bech32, crc::crc16_xmodem};

pub(super) static WORDS: &[Word] = &[
    Word::new(
        "azure-marvin32",
        "A whole Azure key: storage, or the service given (cosmos, batch, redis, functions, search, iot ...).",
        identifiable,
    ),
    Word::new(
        "azure-annotated",
        "A whole annotated Azure key, 84 letters: for DevOps, or for the four-letter signature given.",
        annotated,
    ),
    Word::new("azure-cask", "A whole CASK key of 256 bits.", |draft, argument| alone(draft, argument, cask)),
    Word::new("entra-marvin32", "A whole Entra client secret, 40 characters.", |draft, argument| {
        alone(draft, argument, entra)
    }),
    Word::new("azure-devops-pat", "A whole Azure DevOps token of the old format, 52 characters.", |draft, argument| {
        alone(draft, argument, devops)
    }),
    Word::new("bech32", "A whole key in Bech32: of age (the usual), or of nostr.", bech32_key),
    Word::new("base58check", "A whole key in Base58Check: wif (the usual), xprv, tezos or ripple.", base58_key),
    Word::new("nkey-crc16", "A whole NATS seed, 58 characters.", |draft, argument| alone(draft, argument, nkey)),
    Word::new("stellar-crc16", "A whole Stellar seed, 56 characters.", |draft, argument| {
        alone(draft, argument, stellar)
    }),
    Word::new("solana-key-pair", "A whole key pair of Solana, 87 or 88 characters.", |draft, argument| {
        alone(draft, argument, solana)
    }),
    Word::new("jfrog-base58", "A whole JFrog API key, 73 characters.", |draft, argument| alone(draft, argument, jfrog)),
];

fn identifiable(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let word = argument.unwrap_or("storage");
    let family = azure::IDENTIFIABLE_KEYS.iter().find(|family| family.word == word).ok_or(
        "a service: storage, cosmos, batch, api-management, machine-learning, redis, functions, search, iot, registry, service-bus, event-hub, relay, event-grid",
    )?;
    // Functions write keys URL-safe, Search and Redis ones without signs: try until there is none.
    let plain = matches!(word, "functions" | "search" | "redis");
    let alphabet = if plain { classes::BASE62 } else { classes::BASE64URL };
    let sample = std::iter::repeat_with(|| {
        let letters = draft.random.letters(alphabet, family.bytes.div_ceil(3) * 4);
        let mut bytes = crate::checksum::base64::decode(&letters)?;
        bytes.truncate(family.bytes);
        azure::sign(family, draft.random.below(family.kinds.len()), &bytes)
    });
    let fitting = |key: &String| !plain || !key.contains(['+', '/']);
    let key = sample.take(1000).flatten().find(fitting).expect("a third of all keys or more have no sign");
    draft.push(key);
    Ok(())
}

fn annotated(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let signature = argument.unwrap_or("AZDO");
    if signature.len() != 4 || !signature.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err("the four letters of the service, such as `AZDO`");
    }
    let secret = draft.random.letters(classes::BASE62, 52);
    let made = [*draft.random.pick(b"ABC"), *draft.random.pick(b"ABCDEFGHIJKL")];
    let reserved = draft.random.letters(classes::BASE62, 16);
    let covered = [secret.as_slice(), b"JQQJ", b"99", &made, &reserved, signature.as_bytes()].concat();
    let [newest, _] = azure::annotated_checksums(&covered).expect("eighty letters of Base64 decode");
    draft.push(&covered);
    draft.push(newest.get(..4).unwrap_or_default());
    Ok(())
}

fn cask(draft: &mut Draft) {
    let secret = draft.random.letters(classes::BASE64URL, 42);
    let last = *draft.random.pick(b"AEIMQUYcgkosw048");
    let provider = draft.random.letters(classes::BASE62, 4);
    let time = [*draft.random.pick(b"AB"), *draft.random.pick(b"ABCDEFGHIJKL"), b'B', b'C', b'D', b'E'];
    draft.push([secret.as_slice(), &[last], b"A", b"QJJQ", b"ABAA", &provider, b"AA", &time].concat());
}

fn entra(draft: &mut Draft) {
    let (front, back) = (draft.random.letters(classes::BASE62, 3), draft.random.letters(azure::ENTRA_ALPHABET, 31));
    let covered = [front.as_slice(), b"8Q", b"~", &back].concat();
    draft.push(&covered);
    draft.push(azure::entra_checksum(&covered));
}

fn devops(draft: &mut Draft) {
    let mut token = [0; 32];
    token.copy_from_slice(&draft.random.bytes(32));
    azure::devops_sign(&mut token);
    draft.push(BASE32_NOPAD.encode(&token).to_ascii_lowercase());
}

fn bech32_key(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let bytes = draft.random.bytes(32);
    match argument {
        None | Some("age") => {
            draft.push(bech32::encode("age-secret-key-", &bytes).to_ascii_uppercase());
        }
        Some("nostr") => draft.push(bech32::encode("nsec", &bytes)),
        Some(_) => return Err("age or nostr"),
    }
    Ok(())
}

fn base58_key(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let key = draft.random.bytes(32);
    let (payload, alphabet) = match argument {
        None | Some("wif") => ([&[0x80], key.as_slice(), &[1]].concat(), base58::BITCOIN),
        Some("xprv") => {
            let chain = draft.random.bytes(32);
            ([&[0x04, 0x88, 0xad, 0xe4], [0; 9].as_slice(), &chain, &[0], &key].concat(), base58::BITCOIN)
        }
        Some("tezos") => ([[0x0d, 0x0f, 0x3a, 0x07].as_slice(), &key].concat(), base58::BITCOIN),
        Some("ripple") => ([[0x21].as_slice(), &key[..16]].concat(), base58::RIPPLE),
        Some(_) => return Err("wif, xprv, tezos or ripple"),
    };
    draft.push(base58::encode_checked(&payload, alphabet));
    Ok(())
}

/// Adds the CRC-16, low byte first, and writes it all in Base32.
fn checked_base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(&[bytes, &crc16_xmodem(bytes).to_le_bytes()].concat())
}

fn nkey(draft: &mut Draft) {
    // The bits of S for seed, then those of the kind: account, user or operator.
    let kind = *draft.random.pick(&[0_u8, 0xa0, 0x70]);
    let prefix = [18 << 3 | kind >> 5, (kind & 31) << 3];
    let seed = draft.random.bytes(32);
    draft.push(checked_base32(&[prefix.as_slice(), &seed].concat()));
}

fn stellar(draft: &mut Draft) {
    let seed = draft.random.bytes(32);
    draft.push(checked_base32(&[[18 << 3].as_slice(), &seed].concat()));
}

fn solana(draft: &mut Draft) {
    let pair = std::iter::repeat_with(|| {
        let seed = Seed::from_slice(&draft.random.bytes(32)).expect("a seed has 32 bytes");
        base58::encode(KeyPair::from_seed(seed).sk.as_ref(), base58::BITCOIN)
    });
    let pair = pair.take(100).find(|pair| matches!(pair.len(), 87 | 88)).expect("nearly all are that long");
    draft.push(pair);
}

fn jfrog(draft: &mut Draft) {
    // Text of 73 letters that begins so is 54 bytes: 58^72 times the first letter lies between 2^424 and 2^432.
    draft.push("AKC");
    draft.push("p");
    draft.letters(base58::BITCOIN, 69);
}
