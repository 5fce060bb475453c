//! What Windows exchanges and stores in place of passwords: messages of NTLM, and the hashes of its accounts.

use data_encoding::BASE64;

use super::{Fact, Outcome, Proof, Strength};

pub(super) const MESSAGE: Proof = Proof {
    name: "ntlm-message",
    about: "The Base64 is an NTLM message that answers a challenge, with its fields inside of it.",
    source: "Microsoft [MS-NLMP], section 2.2.1.3",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(message(value)),
};

pub(super) const HASH: Proof = Proof {
    name: "ntlm-hash",
    about: "The 32 hexadecimal digits are the hash of some password: not of the empty one, and not all alike.",
    source: "Microsoft [MS-NLMP], section 3.3.1",
    strength: Strength::Structure,
    check: |value| match hash(value) {
        Ok(()) => Outcome::Passed(Vec::new()),
        Err(reason) => Outcome::Failed(reason),
    },
};

/// Longest message that is decoded, in letters of Base64.
const LONGEST: usize = 8192;

/// The fields of an answer: where in the message length and offset of each stand.
const NAMED_FIELDS: [(&str, usize); 3] = [("domain", 28), ("user", 36), ("workstation", 44)];

/// Where the answer to the challenge stands.
const ANSWER: usize = 20;

/// How the digest of the empty password begins.
const EMPTY: &[u8] = b"31d6cfe0d16ae931";

fn message(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let bytes = Some(value).filter(|value| value.len() <= LONGEST).and_then(|value| BASE64.decode(value).ok());
    let bytes = bytes.ok_or("not Base64")?;
    let kind = bytes.strip_prefix(b"NTLMSSP\0").and_then(|rest| rest.first_chunk::<4>()).ok_or("no message of NTLM")?;
    if u32::from_le_bytes(*kind) != 3 {
        return Err("no answer to a challenge");
    }
    field(&bytes, ANSWER).filter(|answer| answer.len() >= 24).ok_or("no answer in it")?;
    let named = NAMED_FIELDS.iter().filter_map(|(name, at)| Some(Fact::new(name, text(field(&bytes, *at)?)?)));
    Ok(named.collect())
}

/// The bytes that the field at `at` points to.
fn field(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let offset = u32::from_le_bytes(*bytes.get(at + 4..)?.first_chunk()?);
    let start = usize::try_from(offset).ok()?;
    bytes.get(start..start.checked_add(usize::from(length))?)
}

/// A name in ASCII or UTF-16, if it is short and printable.
fn text(bytes: &[u8]) -> Option<String> {
    let wide = bytes.iter().skip(1).step_by(2).all(|byte| *byte == 0) && bytes.len() > 1;
    let letters: Vec<u8> = if wide { bytes.iter().copied().step_by(2).collect() } else { bytes.to_vec() };
    let plain = (1..=64).contains(&letters.len()) && letters.iter().all(|byte| (b' '..=b'~').contains(byte));
    plain.then(|| String::from_utf8(letters).ok()).flatten()
}

fn hash(value: &[u8]) -> Result<(), &'static str> {
    let digits = value.to_ascii_lowercase();
    if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err("not 32 hexadecimal digits");
    }
    if digits.starts_with(EMPTY) {
        return Err("the hash of the empty password");
    }
    if digits.iter().all(|digit| *digit == digits[0]) { Err("all digits are alike") } else { Ok(()) }
}
