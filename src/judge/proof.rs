//! Offline proofs: checks that recompute what a value must satisfy if it is what it looks like.
//!
//! Takes the bytes of a candidate's secret, whole, prefix included; gives an [`Outcome`], with facts that are
//! safe to print or with the reason of the failure. One file a family; [`PROOFS`] lists them all. No check does
//! I/O, asks the clock or the network, panics on hostile bytes, or decodes more than a bounded length.

mod aws;
mod azure;
mod base64_json;
mod base64_text;
mod checked_key;
mod cisco;
mod decode;
mod gitlab;
mod jwk;
mod jwt;
mod key_pair;
mod macaroon;
mod ntlm;
mod parts;
mod pem;
mod putty;
mod raw_key;
mod shared_access;
mod trailing_crc;
mod vault;

/// What one offline check found out about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value satisfies the check; what could be learned from it.
    Passed(Vec<Fact>),
    /// The value does not satisfy the check; why, as the end of a sentence.
    Failed(&'static str),
}

impl Outcome {
    fn from_result(result: Result<Vec<Fact>, &'static str>) -> Self {
        result.map_or_else(Self::Failed, Self::Passed)
    }
}

/// One thing learned from a value that is safe to print: an account number, issuer, expiry, key type or size.
///
/// Never any part of the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in lower-case words.
    pub name: &'static str,
    /// The printable value.
    pub value: String,
}

impl Fact {
    fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into() }
    }
}

/// What a proof tells of a password that stands in for one.
pub const STAND_IN: &str = "a placeholder";

/// How much passing a check is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// A checksum holds: the value was issued, or its maker took pains.
    Checksum,
    /// It parses as what it claims to be, which made-up values rarely do.
    Structure,
}

/// A named offline check.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The name that rules use.
    pub name: &'static str,
    /// What is recomputed, in one sentence.
    pub about: &'static str,
    /// Where the algorithm is published.
    pub source: &'static str,
    /// What passing is worth.
    pub strength: Strength,
    /// The check itself; total over all inputs.
    pub check: fn(&[u8]) -> Outcome,
}

/// All proofs, sorted by name.
pub static PROOFS: &[Proof] = &[
    parts::ANTHROPIC_TAIL,
    trailing_crc::APIFY,
    trailing_crc::ATLASSIAN,
    base64_text::ATLASSIAN_DATA_CENTER,
    aws::BEDROCK,
    aws::KEY_ID,
    azure::ANNOTATED,
    azure::CASK,
    azure::DEVOPS_PAT,
    azure::IDENTIFIABLE,
    shared_access::AZURE_SAS,
    checked_key::BASE58CHECK,
    base64_text::BASIC_AUTH,
    checked_key::BECH32,
    trailing_crc::CANVA,
    cisco::TYPE_7,
    trailing_crc::CLOUDFLARE,
    trailing_crc::CONFLUENT,
    trailing_crc::GITHUB,
    trailing_crc::DENO,
    parts::DISCORD,
    azure::ENTRA,
    raw_key::FERNET,
    macaroon::FLY,
    base64_json::SERVICE_ACCOUNT,
    gitlab::ROUTABLE,
    trailing_crc::GRAFANA,
    base64_json::GRAFANA,
    raw_key::JFROG_BASE58,
    base64_text::JFROG_REFERENCE,
    jwk::PRIVATE_MEMBER,
    jwt::JWT,
    jwt::SUPABASE,
    base64_json::MAPBOX,
    checked_key::NKEY,
    ntlm::HASH,
    ntlm::MESSAGE,
    raw_key::NUGET,
    base64_json::ONEPASSWORD,
    parts::OPENAI_MARK,
    trailing_crc::PACKAGIST,
    pem::PRIVATE_KEY,
    trailing_crc::POLAR,
    putty::FILE,
    macaroon::PYPI,
    trailing_crc::SALADCLOUD,
    raw_key::SECP256K1,
    parts::SENDGRID,
    base64_json::SENTRY,
    key_pair::SOLANA,
    checked_key::STELLAR,
    parts::TELEGRAM,
    key_pair::TINK,
    parts::UUID4,
    vault::PROTOBUF,
    trailing_crc::VERCEL,
    trailing_crc::WANDB,
    raw_key::WIREGUARD,
    base64_text::WORKOS,
    trailing_crc::ZUPLO,
];

/// The proof of this name.
pub fn by_name(name: &str) -> Option<&'static Proof> {
    let at = PROOFS.binary_search_by(|proof| proof.name.cmp(name)).ok()?;
    PROOFS.get(at)
}

#[cfg(test)]
mod tests;
