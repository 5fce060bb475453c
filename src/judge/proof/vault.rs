//! HashiCorp Vault's tokens since version 1.10.

use super::{Fact, Outcome, Proof, Strength, macaroon};
use crate::checksum::base64;

pub(super) const PROTOBUF: Proof = Proof {
    name: "vault-protobuf",
    about: "The Base64 after the prefix is a signed token in protobuf, or for a batch token a key term, version and ciphertext.",
    source: "hashicorp/vault, sdk/helper/consts and vault/token_store.go; developer.hashicorp.com, tokens",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(vault(token)),
};

fn vault(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let (prefix, encoded) = token.split_first_chunk::<4>().ok_or("too short")?;
    let (kind, parse): (_, fn(&[u8]) -> bool) = match prefix {
        b"hvs." => ("service token", |bytes| signed_token(bytes).is_some()),
        b"hvr." => ("recovery token", |bytes| signed_token(bytes).is_some()),
        b"hvb." => ("batch token", batch_token),
        _ => return Err("the prefix is missing"),
    };
    let bytes = base64::decode(encoded).ok_or("not Base64")?;
    if parse(&bytes) { Ok(vec![Fact::new("kind", kind)]) } else { Err("not a signed or sealed token") }
}

/// The message of a signed token: 1 version, 2 HMAC of 32 bytes, 3 the token.
fn signed_token(bytes: &[u8]) -> Option<()> {
    let rest = bytes.strip_prefix(&[0x08, 0x01, 0x12, 0x20])?.get(32..)?;
    let (length, token) = macaroon::variable_length(rest.strip_prefix(&[0x1a])?)?;
    (length == token.len() && length >= 16).then_some(())
}

/// A batch token is sealed by the barrier: the number of the key in four bytes, a version, nonce, text and tag.
fn batch_token(bytes: &[u8]) -> bool {
    let Some(([0, 0, high, low, version], rest)) = bytes.split_first_chunk::<5>() else {
        return false;
    };
    (*high > 0 || *low > 0) && matches!(version, 1 | 2) && rest.len() >= 12 + 16 + 16
}
