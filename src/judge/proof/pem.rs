//! Private keys in armour: `-----BEGIN ... PRIVATE KEY-----`.
//!
//! Takes the whole block, also one written inside a string with `\n`, indented, or quoted line by line. The
//! label only decides between the containers (DER, OpenSSH, OpenPGP); what key is inside is read, not believed.

mod armour;
mod asn1_key;
mod der;
mod openpgp;
mod openssh;

use super::{Fact, Outcome, Proof, Strength};
use armour::Armour;

pub(super) const PRIVATE_KEY: Proof = Proof {
    name: "pem-private-key",
    about: "The Base64 between the labels decodes to a whole private key: PKCS#1, PKCS#8, SEC1, DSA, OpenSSH or OpenPGP.",
    source: "RFC 7468, 8017, 5958, 5915 and 9580; OpenSSH PROTOCOL.key",
    strength: Strength::Structure,
    check: |block| Outcome::from_result(private_key(block).map(Key::into_facts)),
};

/// What was learned of a key.
struct Key {
    /// Its type, with the curve where there is one.
    kind: &'static str,
    /// Its size in bits, where it can be read.
    bits: Option<usize>,
    /// Whether a pass phrase guards it.
    guard: Guard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guard {
    None,
    PassPhrase,
}

impl Key {
    fn into_facts(self) -> Vec<Fact> {
        let mut facts = vec![Fact::new("key type", self.kind)];
        facts.extend(self.bits.map(|bits| Fact::new("size", format!("{bits} bits"))));
        facts.push(Fact::new(
            "encrypted",
            match self.guard {
                Guard::None => "no",
                Guard::PassPhrase => "yes",
            },
        ));
        facts
    }
}

fn private_key(block: &[u8]) -> Result<Key, &'static str> {
    let armour = Armour::parse(block)?;
    match armour.label.as_str() {
        label if label.starts_with("PGP ") => openpgp::parse(&armour),
        "OPENSSH PRIVATE KEY" => openssh::parse(&armour.body),
        label if !label.contains("PRIVATE") => Err("the label is not that of a private key"),
        _ if armour.is_encrypted() => encrypted_in_place(&armour),
        _ => asn1_key::parse(&armour.body),
    }
}

/// A key of OpenSSL's old form (RFC 1421): the headers say how it is encrypted, and the body says nothing.
fn encrypted_in_place(armour: &Armour) -> Result<Key, &'static str> {
    // Block ciphers of 8 or 16 bytes, over a key of a few dozen bytes at least.
    if armour.body.len() < 48 || !armour.body.len().is_multiple_of(8) {
        return Err("the encrypted body is cut short");
    }
    let kind = match armour.label.split(' ').next() {
        Some("RSA") => "RSA",
        Some("EC") => "EC",
        Some("DSA") => "DSA",
        _ => "unknown",
    };
    Ok(Key { kind, bits: None, guard: Guard::PassPhrase })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, body: &str) -> String {
        ["-----BEGIN ", label, "-----\n", body, "\n-----END ", label, "-----"].concat()
    }

    #[test]
    fn public_keys_and_certificates_are_not_private_keys() {
        for label in ["PUBLIC KEY", "CERTIFICATE", "PGP PUBLIC KEY BLOCK", "PGP MESSAGE"] {
            assert!(private_key(block(label, "MAAwADAAMAAwADAA").as_bytes()).is_err(), "{label}");
        }
    }

    #[test]
    fn a_block_with_an_ellipsis_for_a_key_fails() {
        for body in ["...", "MIIEpAIBAAKCAQEA...", "", "xxxxxxxx", "<your key>"] {
            for label in ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
                assert!(private_key(block(label, body).as_bytes()).is_err(), "{label} {body}");
            }
        }
    }

    #[test]
    fn the_old_encrypted_form_is_told_by_its_headers() {
        let body = ["Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", &"QUJD".repeat(32)].concat();
        let key = private_key(block("RSA PRIVATE KEY", &body).as_bytes()).map_err(str::to_owned);
        let facts = key.expect("96 bytes under a header").into_facts();
        assert_eq!(facts, [Fact::new("key type", "RSA"), Fact::new("encrypted", "yes")]);
    }
}
