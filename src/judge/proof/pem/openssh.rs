//! OpenSSH's own container for private keys (PROTOCOL.key).

use super::{Guard, Key, der::bit_length};

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Reads the container; of an encrypted one, what stands outside the encryption.
pub(super) fn parse(body: &[u8]) -> Result<Key, &'static str> {
    let malformed = "the container is cut short or malformed";
    let mut rest = body.strip_prefix(MAGIC).ok_or("it does not begin with openssh-key-v1")?;
    let cipher = string(&mut rest).ok_or(malformed)?;
    let _derivation = string(&mut rest).ok_or(malformed)?;
    let _options = string(&mut rest).ok_or(malformed)?;
    let count = number(&mut rest).ok_or(malformed)?;
    if count != 1 {
        return Err("it does not hold one key");
    }
    let public = string(&mut rest).ok_or(malformed)?;
    let private = string(&mut rest).ok_or(malformed)?;
    // Ciphers with authentication put their tag after the private part.
    if rest.len() > 16 || !private.len().is_multiple_of(8) {
        return Err(malformed);
    }
    let guard = if cipher == b"none" { Guard::None } else { Guard::PassPhrase };
    if guard == Guard::None && !private_part_fits(private, public) {
        return Err("the private part does not match the public one");
    }
    let (kind, bits) = public_key(public).ok_or("the public part is malformed")?;
    Ok(Key { kind, bits, guard })
}

/// Whether the two check numbers are equal and the type is that of the public key.
fn private_part_fits(mut private: &[u8], mut public: &[u8]) -> bool {
    let checks = (number(&mut private), number(&mut private));
    let types = (string(&mut private), string(&mut public));
    checks.0.is_some() && checks.0 == checks.1 && types.0.is_some() && types.0 == types.1
}

fn public_key(mut public: &[u8]) -> Option<(&'static str, Option<usize>)> {
    let kind = string(&mut public)?;
    Some(match kind {
        b"ssh-ed25519" => ("Ed25519", Some(256)),
        b"ecdsa-sha2-nistp256" => ("EC P-256", Some(256)),
        b"ecdsa-sha2-nistp384" => ("EC P-384", Some(384)),
        b"ecdsa-sha2-nistp521" => ("EC P-521", Some(521)),
        b"ssh-rsa" => {
            let _exponent = string(&mut public)?;
            ("RSA", Some(bits(string(&mut public)?)))
        }
        b"ssh-dss" => ("DSA", Some(bits(string(&mut public)?))),
        kind if kind.starts_with(b"sk-") => ("security key handle", None),
        kind if kind.is_empty() || !kind.iter().all(u8::is_ascii_graphic) => return None,
        _ => ("unknown", None),
    })
}

/// Bits of a number written with a sign byte.
fn bits(digits: &[u8]) -> usize {
    bit_length(digits.strip_prefix(&[0]).unwrap_or(digits))
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (digits, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_be_bytes(*digits))
}

fn string<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let mut ahead = *rest;
    let length = usize::try_from(number(&mut ahead)?).ok()?;
    let (content, after) = ahead.split_at_checked(length)?;
    *rest = after;
    Some(content)
}
