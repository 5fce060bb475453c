//! Private keys in DER: PKCS#1, PKCS#8 plain and encrypted, SEC1 and OpenSSL's DSA form.

use super::{
    Guard, Key,
    der::{self, Reader},
};

/// Object ids of key types, as encoded.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
const DIFFIE_HELLMAN: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 3, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

/// Curves: object id, name and size in bits.
const CURVES: &[(&[u8], &str, usize)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], "EC P-192", 192),
    (&[0x2b, 0x81, 4, 0, 33], "EC P-224", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "EC P-256", 256),
    (&[0x2b, 0x81, 4, 0, 34], "EC P-384", 384),
    (&[0x2b, 0x81, 4, 0, 35], "EC P-521", 521),
    (&[0x2b, 0x81, 4, 0, 10], "EC secp256k1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], "EC brainpoolP256r1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], "EC brainpoolP384r1", 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], "EC brainpoolP512r1", 512),
    (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d], "SM2", 256),
];

/// Keys that are a string of fixed length: object id, name, length in bytes.
const RAW_KEYS: &[(&[u8], &str, usize)] = &[
    (&[0x2b, 0x65, 110], "X25519", 32),
    (&[0x2b, 0x65, 111], "X448", 56),
    (&[0x2b, 0x65, 112], "Ed25519", 32),
    (&[0x2b, 0x65, 113], "Ed448", 57),
];

/// Beginnings of the object ids of NIST's lattice keys.
const ML_DSA: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3];
const ML_KEM: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4];

/// Two primes below 2^32 by which the product of an RSA key is checked.
const PRIMES: [u64; 2] = [4_294_967_291, 4_294_967_279];

/// Reads a key in any of the forms, whatever its label says: tools mix them up.
pub(super) fn parse(body: &[u8]) -> Result<Key, &'static str> {
    let inside = Reader::whole_sequence(body).ok_or("its DER is cut short, or longer than it says")?;
    [pkcs8, pkcs1, dsa, sec1_named, encrypted_pkcs8]
        .iter()
        .find_map(|form| form(inside))
        .ok_or("its DER is not that of a private key")
}

fn plain(kind: &'static str, bits: usize) -> Option<Key> {
    Some(Key { kind, bits: Some(bits), guard: Guard::None })
}

/// RFC 8017: version, n, e, d, p, q, and the three numbers of the short cut.
fn pkcs1(mut inside: Reader) -> Option<Key> {
    let version = inside.integer()?;
    let modulus = inside.integer()?;
    for _ in ["public exponent", "private exponent"] {
        inside.integer().filter(|digits| !digits.is_empty())?;
    }
    let (first, second) = (inside.integer()?, inside.integer()?);
    for _ in ["first exponent", "second exponent", "coefficient"] {
        inside.integer()?;
    }
    let bits = der::bit_length(modulus);
    let two_primes = version.is_empty() && inside.is_empty();
    if bits < 256 || !(two_primes || version == [1]) {
        return None;
    }
    // A made-up key does not multiply out. Some writers leave the primes zero.
    let product_fits = first.is_empty()
        || !two_primes
        || PRIMES
            .iter()
            .all(|prime| remainder(modulus, *prime) == remainder(first, *prime) * remainder(second, *prime) % prime);
    product_fits.then(|| plain("RSA", bits)).flatten()
}

fn remainder(digits: &[u8], prime: u64) -> u64 {
    digits.iter().fold(0, |rest, byte| (rest << 8 | u64::from(*byte)) % prime)
}

/// OpenSSL's DSA form: zero, p, q, g, y, x.
fn dsa(mut inside: Reader) -> Option<Key> {
    let zero = inside.integer()?;
    let (modulus, order) = (inside.integer()?, inside.integer()?);
    for _ in ["generator", "public number", "private number"] {
        inside.integer().filter(|digits| !digits.is_empty())?;
    }
    let (bits, order_bits) = (der::bit_length(modulus), der::bit_length(order));
    let sizes_fit = bits >= 512 && (128..bits).contains(&order_bits);
    (zero.is_empty() && inside.is_empty() && sizes_fit).then(|| plain("DSA", bits)).flatten()
}

/// RFC 5915, standing alone: the curve is inside.
fn sec1_named(inside: Reader) -> Option<Key> {
    sec1(inside, None)
}

/// RFC 5915: one, the key, the curve unless known from outside, and often the public point.
fn sec1(mut inside: Reader, outer_curve: Option<&[u8]>) -> Option<Key> {
    let version = inside.integer()?;
    let key = inside.expect(der::OCTET_STRING)?;
    let parameters = inside.expect(der::CONTEXT_0);
    let curve = parameters.and_then(|bytes| Reader::new(bytes).expect(der::OBJECT_ID)).or(outer_curve);
    // Whatever follows must be whole values: the public point, as a rule.
    while !inside.is_empty() {
        inside.value()?;
    }
    if version != [1] || !(16..=80).contains(&key.len()) {
        return None;
    }
    match curve.and_then(|id| CURVES.iter().find(|(known, ..)| *known == id)) {
        Some((_, name, bits)) if key.len() <= bits.div_ceil(8) => plain(name, *bits),
        Some(_) => None,
        None => plain("EC", key.len() * 8),
    }
}

/// RFC 5958: version, algorithm, the key in its own form, attributes.
fn pkcs8(mut inside: Reader) -> Option<Key> {
    let version = inside.integer()?;
    let mut algorithm = inside.sequence()?;
    let id = algorithm.expect(der::OBJECT_ID)?;
    let key = inside.expect(der::OCTET_STRING)?;
    while !inside.is_empty() {
        inside.value()?;
    }
    if !(version.is_empty() || version == [1]) {
        return None;
    }
    match id {
        RSA | RSA_PSS => pkcs1(Reader::whole_sequence(key)?),
        EC => sec1(Reader::whole_sequence(key)?, algorithm.expect(der::OBJECT_ID)),
        DSA | DIFFIE_HELLMAN => {
            Reader::new(key).integer().filter(|digits| !digits.is_empty())?;
            let modulus = algorithm.sequence()?.integer()?;
            plain(if id == DSA { "DSA" } else { "Diffie-Hellman" }, der::bit_length(modulus))
        }
        _ => raw_key(id, key),
    }
}

/// A key that is a plain string, or of a type that is too new for us: its length is all there is to see.
fn raw_key(id: &[u8], key: &[u8]) -> Option<Key> {
    if let Some((_, name, length)) = RAW_KEYS.iter().find(|(known, ..)| *known == id) {
        let raw = Reader::new(key).expect(der::OCTET_STRING)?;
        return (raw.len() == *length).then(|| plain(name, if *length == 57 { 456 } else { length * 8 })).flatten();
    }
    let kind = match id {
        id if id.starts_with(ML_DSA) => "ML-DSA",
        id if id.starts_with(ML_KEM) => "ML-KEM",
        _ => "unknown",
    };
    (key.len() >= 16).then_some(Key { kind, bits: None, guard: Guard::None })
}

/// RFC 5958: how it is encrypted, and the rest.
fn encrypted_pkcs8(mut inside: Reader) -> Option<Key> {
    let mut algorithm = inside.sequence()?;
    algorithm.expect(der::OBJECT_ID)?;
    let encrypted = inside.expect(der::OCTET_STRING)?;
    (inside.is_empty() && encrypted.len() >= 32).then_some(Key {
        kind: "unknown",
        bits: None,
        guard: Guard::PassPhrase,
    })
}
