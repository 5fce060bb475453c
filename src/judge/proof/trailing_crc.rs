//! Proofs of tokens that end in the CRC-32 of what stands before it.

use super::{Outcome, Proof, Strength};
use crate::checksum::trailing::{self, TrailingCrc};

fn check(layout: &TrailingCrc, token: &[u8]) -> Outcome {
    if layout.holds(token) {
        Outcome::Passed(Vec::new())
    } else {
        Outcome::Failed("the CRC-32 at its end does not fit")
    }
}

const fn proof(name: &'static str, about: &'static str, source: &'static str, check: fn(&[u8]) -> Outcome) -> Proof {
    Proof { name, about, source, strength: Strength::Checksum, check }
}

pub(super) const GITHUB: Proof = proof(
    "crc32-base62",
    "The last six characters are the CRC-32, in Base62, of those between the last underscore and them.",
    "github.blog 2021-04-05, Behind GitHub's new authentication token formats; also npm",
    |token| check(&trailing::GITHUB, token),
);

pub(super) const GRAFANA: Proof = proof(
    "grafana-crc32",
    "The eight hexadecimal digits after the last underscore are the little-endian CRC-32 of all before it.",
    "Samsung/CredSweeper, value_grafana_service_check.py",
    |token| check(&trailing::GRAFANA, token),
);

pub(super) const ATLASSIAN: Proof = proof(
    "atlassian-crc32",
    "The last eight characters are the CRC-32 of all before them, in upper-case hexadecimal.",
    "Samsung/CredSweeper, value_atlassian_token_check.py",
    |token| check(&trailing::ATLASSIAN, token),
);

pub(super) const CLOUDFLARE: Proof = proof(
    "cloudflare-crc32",
    "The last eight characters are the CRC-32, in hexadecimal, of those between the first underscore and them.",
    "developers.cloudflare.com, API token formats (2026)",
    |token| check(&trailing::CLOUDFLARE, token),
);

pub(super) const VERCEL: Proof = proof(
    "vercel-crc32",
    "The last six characters are the CRC-32, in Base62, of those between the first underscore and them.",
    "vercel.com changelog, new token formats and secret scanning (2026)",
    |token| check(&trailing::VERCEL, token),
);

pub(super) const ZUPLO: Proof = proof(
    "zuplo-crc32",
    "The eight hexadecimal digits after the last underscore are the CRC-32 of what stands between the underscores.",
    "zuplo.com, API key leak detection; mongodb/kingfisher rules",
    |token| check(&trailing::ZUPLO, token),
);

pub(super) const CONFLUENT: Proof = proof(
    "confluent-crc32",
    "The last six characters are the little-endian CRC-32, in Base64, of those between the prefix and them.",
    "mongodb/kingfisher rules (crc32_le_b64)",
    |token| check(&trailing::CONFLUENT, token),
);

pub(super) const PACKAGIST: Proof = proof(
    "packagist-crc32",
    "The last eight characters are the CRC-32 of all before them, in hexadecimal.",
    "recomputed on published samples",
    |token| check(&trailing::WHOLE_HEX, token),
);

pub(super) const CANVA: Proof = proof(
    "canva-crc32",
    "The last eight characters are the CRC-32 of all before them, in hexadecimal.",
    "recomputed on published samples",
    |token| check(&trailing::WHOLE_HEX, token),
);

pub(super) const APIFY: Proof = proof(
    "apify-crc32",
    "The last six characters are the CRC-32 of all before them, in Base62 with lower case first.",
    "recomputed on published samples",
    |token| check(&trailing::APIFY, token),
);

pub(super) const WANDB: Proof = proof(
    "wandb-crc32",
    "The last six characters are the CRC-32 of all before them, in Base62.",
    "recomputed on published samples",
    |token| check(&trailing::WHOLE_BASE62, token),
);

pub(super) const DENO: Proof = proof(
    "deno-crc32",
    "The last six characters are the CRC-32 of all before them, in Base62.",
    "recomputed on published samples",
    |token| check(&trailing::WHOLE_BASE62, token),
);

pub(super) const SALADCLOUD: Proof = proof(
    "saladcloud-crc32",
    "The last six characters are the CRC-32, in Base62, of those between the last underscore and them.",
    "recomputed on published samples",
    |token| check(&trailing::GITHUB, token),
);

pub(super) const POLAR: Proof = proof(
    "polar-crc32",
    "The last six characters are the CRC-32, in Base62, of those between the last underscore and them.",
    "polarsource/polar, server/polar/kit/crypto.py",
    |token| check(&trailing::GITHUB, token),
);
