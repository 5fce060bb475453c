//! Words for whole armoured private keys: plausible in every length and tag, of random numbers.

use data_encoding::BASE64;

use super::{Draft, Expected, Random, Word, armour_keys as keys};
use crate::checksum::crc::crc24_openpgp;

pub(super) static WORDS: &[Word] = &[
    Word::new(
        "pem",
        "A whole private key: `pem:rsa`, `ec`, `dsa`, `pkcs8`, `ed25519`, `openssh`, `encrypted`, `legacy-encrypted`, `pgp`.",
        pem,
    ),
    Word::new("pem-private-key", "As pem:rsa.", |draft, _| pem(draft, Some("rsa"))),
];

fn pem(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let random = &mut *draft.random;
    let block = match argument {
        Some("rsa") => armour("RSA PRIVATE KEY", "", &keys::pkcs1(random), ""),
        Some("ec") => armour("EC PRIVATE KEY", "", &keys::sec1(random), ""),
        Some("dsa") => armour("DSA PRIVATE KEY", "", &keys::dsa(random), ""),
        Some("pkcs8") => armour("PRIVATE KEY", "", &keys::pkcs8_rsa(random), ""),
        Some("ed25519") => armour("PRIVATE KEY", "", &keys::pkcs8_ed25519(random), ""),
        Some("openssh") => armour("OPENSSH PRIVATE KEY", "", &keys::openssh(random), ""),
        Some("encrypted") => armour("ENCRYPTED PRIVATE KEY", "", &keys::pkcs8_encrypted(random), ""),
        Some("legacy-encrypted") => armour("RSA PRIVATE KEY", &legacy_headers(random), &random.bytes(1200), ""),
        Some("pgp") => pgp(random),
        _ => {
            return Err("rsa, ec, dsa, pkcs8, ed25519, openssh, encrypted, legacy-encrypted or pgp");
        }
    };
    draft.push(block);
    Ok(())
}

fn legacy_headers(random: &mut Random) -> String {
    let vector = data_encoding::HEXUPPER.encode(&random.bytes(16));
    format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{vector}\n\n")
}

fn pgp(random: &mut Random) -> String {
    let body = keys::openpgp(random);
    let [_, checksum @ ..] = crc24_openpgp(&body).to_be_bytes();
    armour("PGP PRIVATE KEY BLOCK", "\n", &body, &format!("={}\n", BASE64.encode(&checksum)))
}

/// The block: lines of 64 letters between the labels.
fn armour(label: &str, headers: &str, body: &[u8], footer: &str) -> String {
    let dashes = "-----";
    let mut block = format!("{dashes}BEGIN {label}{dashes}\n{headers}");
    for line in body.chunks(48) {
        block.push_str(&BASE64.encode(line));
        block.push('\n');
    }
    block + footer + dashes + "END " + label + dashes
}
