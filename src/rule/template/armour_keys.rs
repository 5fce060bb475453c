//! Bodies of private keys in their binary forms.
//!
//! Every length, tag and version is right and RSA moduli are the product of their factors, but the factors are
//! random odd numbers, not primes: no such key works.

use super::{Random, der};

const RSA_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const P256_ID: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const ED25519_ID: &[u8] = &[0x2b, 0x65, 112];
const PBES2_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const PBKDF2_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const HMAC_SHA256_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9];
const AES256_CBC_ID: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];

/// An odd number of this many bytes whose two highest bits are set, as in the factors of an RSA key.
fn factor(random: &mut Random, length: usize) -> Vec<u8> {
    let mut digits = random.bytes(length);
    if let Some(first) = digits.first_mut() {
        *first |= 0xc0;
    }
    if let Some(last) = digits.last_mut() {
        *last |= 1;
    }
    digits
}

/// The product of two numbers, digits most significant first.
fn product(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut digits = vec![0; left.len() + right.len()];
    for (row, first) in left.iter().rev().enumerate() {
        let mut carry = 0;
        for (column, second) in right.iter().rev().chain(&[0]).enumerate() {
            let Some(place) = digits.iter_mut().rev().nth(row + column) else {
                break;
            };
            let sum = u32::from(*first) * u32::from(*second) + u32::from(*place) + carry;
            *place = (sum & 0xff) as u8;
            carry = sum >> 8;
        }
    }
    digits
}

/// PKCS#1, 2048 bits.
pub(super) fn pkcs1(random: &mut Random) -> Vec<u8> {
    let (first, second) = (factor(random, 128), factor(random, 128));
    let numbers = [
        vec![0],
        product(&first, &second),
        vec![1, 0, 1],
        factor(random, 256),
        first,
        second,
        factor(random, 128),
        factor(random, 128),
        factor(random, 128),
    ];
    der::sequence(&numbers.map(|digits| der::integer(&digits)))
}

/// SEC1 on P-256, with curve and public point.
pub(super) fn sec1(random: &mut Random) -> Vec<u8> {
    let key = der::octets(&random.bytes(32));
    let curve = der::value(0xa0, &der::object_id(P256_ID));
    let point = [[0, 4].as_slice(), &random.bytes(64)].concat();
    der::sequence(&[der::integer(&[1]), key, curve, der::value(0xa1, &der::value(0x03, &point))])
}

/// OpenSSL's DSA form, 2048 and 256 bits.
pub(super) fn dsa(random: &mut Random) -> Vec<u8> {
    let numbers = [
        vec![0],
        factor(random, 256),
        factor(random, 32),
        factor(random, 256),
        factor(random, 256),
        factor(random, 32),
    ];
    der::sequence(&numbers.map(|digits| der::integer(&digits)))
}

/// PKCS#8 around an RSA key.
pub(super) fn pkcs8_rsa(random: &mut Random) -> Vec<u8> {
    let algorithm = der::sequence(&[der::object_id(RSA_ID), der::value(0x05, &[])]);
    der::sequence(&[der::integer(&[0]), algorithm, der::octets(&pkcs1(random))])
}

/// PKCS#8 around an Ed25519 key.
pub(super) fn pkcs8_ed25519(random: &mut Random) -> Vec<u8> {
    let algorithm = der::sequence(&[der::object_id(ED25519_ID)]);
    der::sequence(&[der::integer(&[0]), algorithm, der::octets(&der::octets(&random.bytes(32)))])
}

/// Encrypted PKCS#8: PBKDF2 with SHA-256 and AES-256.
pub(super) fn pkcs8_encrypted(random: &mut Random) -> Vec<u8> {
    let pseudo_random = der::sequence(&[der::object_id(HMAC_SHA256_ID), der::value(0x05, &[])]);
    let derivation = der::sequence(&[der::octets(&random.bytes(16)), der::integer(&[8, 0]), pseudo_random]);
    let derivation = der::sequence(&[der::object_id(PBKDF2_ID), derivation]);
    let cipher = der::sequence(&[der::object_id(AES256_CBC_ID), der::octets(&random.bytes(16))]);
    let algorithm = der::sequence(&[der::object_id(PBES2_ID), der::sequence(&[derivation, cipher])]);
    der::sequence(&[algorithm, der::octets(&random.bytes(1232))])
}

/// OpenSSH's container around an unencrypted Ed25519 key.
pub(super) fn openssh(random: &mut Random) -> Vec<u8> {
    let string = |content: &[u8]| [&(content.len() as u32).to_be_bytes(), content].concat();
    let kind = string(b"ssh-ed25519");
    let (point, seed, check) = (random.bytes(32), random.bytes(32), random.bytes(4));
    let public = [kind.as_slice(), &string(&point)].concat();
    let pair = string(&[seed, point.clone()].concat());
    let mut private = [check.as_slice(), &check, &kind, &string(&point), &pair, &string(b"me@home")].concat();
    let padding = private.len().next_multiple_of(8) - private.len();
    private.extend((1..=padding).map(|number| number as u8));
    let (none, one) = (string(b"none"), 1_u32.to_be_bytes());
    [b"openssh-key-v1\0".as_slice(), &none, &none, &string(b""), &one, &string(&public), &string(&private)].concat()
}

/// An OpenPGP secret key packet of version 4, RSA of 2048 bits, and a user id.
pub(super) fn openpgp(random: &mut Random) -> Vec<u8> {
    let number = |digits: &[u8]| {
        let bits = digits.len() * 8 - digits.first().map_or(0, |first| first.leading_zeros() as usize);
        [&(bits as u16).to_be_bytes(), digits].concat()
    };
    let (first, second) = (factor(random, 128), factor(random, 128));
    let secret = [factor(random, 256), first.clone(), second.clone(), factor(random, 128)]
        .map(|digits| number(&digits))
        .concat();
    let sum = secret.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    let made = [&[4], random.bytes(4).as_slice()].concat();
    let public = [number(&product(&first, &second)), number(&[1, 0, 1])].concat();
    let packet = [made.as_slice(), &[1], &public, &[0], &secret, &sum.to_be_bytes()].concat();
    let user = b"Example <user@example.org>";
    [&[0x95], (packet.len() as u16).to_be_bytes().as_slice(), &packet, &[0xb4, user.len() as u8], user].concat()
}
