//! Tokens that end in the CRC-32 of what stands before it.
//!
//! GitHub made the form known in 2021; each provider since has chosen its own part to cover and its own way to
//! write the 32 bits. A [`TrailingCrc`] says both, and can check a token or finish one.

use super::{crc::crc32, digits};

/// Fewest bytes that a checksum of these formats covers; below, it would be no token.
const SHORTEST_COVERED: usize = 16;

/// Which part of the token the checksum covers, between its beginning and the separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// All of it, prefix included.
    Everything,
    /// What follows the first byte of this value.
    AfterFirst(u8),
    /// What follows the last byte of this value.
    AfterLast(u8),
    /// What follows this many bytes.
    AfterBytes(usize),
}

/// How the 32 bits are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// Six digits of Base62: digits, upper case, lower case.
    Base62,
    /// Six digits of Base62: digits, lower case, upper case.
    Base62LowerFirst,
    /// Seven digits of base 36 in lower case.
    Base36,
    /// Eight hexadecimal digits in lower case.
    Hex,
    /// Eight hexadecimal digits in upper case.
    UpperHex,
    /// Eight hexadecimal digits in lower case, least significant byte first.
    LittleEndianHex,
    /// The six letters of Base64 without padding, least significant byte first.
    LittleEndianBase64,
}

impl Digits {
    /// Letters that a checksum takes.
    pub fn width(self) -> usize {
        match self {
            Self::Base62 | Self::Base62LowerFirst | Self::LittleEndianBase64 => 6,
            Self::Base36 => 7,
            Self::Hex | Self::UpperHex | Self::LittleEndianHex => 8,
        }
    }

    fn write(self, checksum: u32) -> Vec<u8> {
        let value = u64::from(checksum);
        let swapped = u64::from(checksum.swap_bytes());
        match self {
            Self::Base62 => digits::encode(value, digits::BASE62, self.width()),
            Self::Base62LowerFirst => digits::encode(value, digits::BASE62_LOWER_FIRST, self.width()),
            Self::Base36 => digits::encode(value, digits::BASE36, self.width()),
            Self::Hex => digits::encode(value, digits::HEX, self.width()),
            Self::UpperHex => digits::encode(value, digits::UPPER_HEX, self.width()),
            Self::LittleEndianHex => digits::encode(swapped, digits::HEX, self.width()),
            Self::LittleEndianBase64 => data_encoding::BASE64_NOPAD.encode(&checksum.to_le_bytes()).into_bytes(),
        }
    }
}

/// The layout of a token that ends in a CRC-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailingCrc {
    /// The part that is covered.
    pub covered: Covered,
    /// What stands between that part and the checksum, not covered.
    pub separator: &'static [u8],
    /// How the checksum is written.
    pub digits: Digits,
}

impl TrailingCrc {
    /// Whether `token` ends in the checksum of its covered part.
    pub fn holds(&self, token: &[u8]) -> bool {
        let Some(at) = token.len().checked_sub(self.digits.width()) else {
            return false;
        };
        let (front, checksum) = token.split_at(at);
        let Some(front) = front.strip_suffix(self.separator) else {
            return false;
        };
        let covered = self.covered_part(front);
        covered.len() >= SHORTEST_COVERED && self.digits.write(crc32(covered)) == checksum
    }

    /// What has to be appended to `front` (the token up to its separator) to finish the token.
    pub fn seal(&self, front: &[u8]) -> Vec<u8> {
        [self.separator, &self.digits.write(crc32(self.covered_part(front)))].concat()
    }

    fn covered_part<'t>(&self, front: &'t [u8]) -> &'t [u8] {
        let start = match self.covered {
            Covered::Everything => Some(0),
            Covered::AfterFirst(mark) => front.iter().position(|byte| *byte == mark).map(|at| at + 1),
            Covered::AfterLast(mark) => front.iter().rposition(|byte| *byte == mark).map(|at| at + 1),
            Covered::AfterBytes(count) => Some(count),
        };
        start.and_then(|at| front.get(at..)).unwrap_or(front)
    }
}

const fn layout(covered: Covered, separator: &'static [u8], digits: Digits) -> TrailingCrc {
    TrailingCrc { covered, separator, digits }
}

/// GitHub's tokens since 2021, npm's, SaladCloud's and Polar's: what follows the last `_`.
pub const GITHUB: TrailingCrc = layout(Covered::AfterLast(b'_'), b"", Digits::Base62);
/// Vercel's tokens since 2026: what follows the first `_`.
pub const VERCEL: TrailingCrc = layout(Covered::AfterFirst(b'_'), b"", Digits::Base62);
/// Deno Deploy's and Weights & Biases' tokens: everything.
pub const WHOLE_BASE62: TrailingCrc = layout(Covered::Everything, b"", Digits::Base62);
/// Apify's tokens: everything, lower case first.
pub const APIFY: TrailingCrc = layout(Covered::Everything, b"", Digits::Base62LowerFirst);
/// GitLab's routable tokens: everything, base 36.
pub const GITLAB: TrailingCrc = layout(Covered::Everything, b"", Digits::Base36);
/// Grafana's service account tokens: everything up to the last `_`, bytes of the sum reversed.
pub const GRAFANA: TrailingCrc = layout(Covered::Everything, b"_", Digits::LittleEndianHex);
/// Atlassian's cloud tokens and Bitbucket's app passwords: everything, upper case.
pub const ATLASSIAN: TrailingCrc = layout(Covered::Everything, b"", Digits::UpperHex);
/// Private Packagist's tokens and Canva's client secrets: everything, lower case.
pub const WHOLE_HEX: TrailingCrc = layout(Covered::Everything, b"", Digits::Hex);
/// Cloudflare's tokens since 2026: what follows the first `_`.
pub const CLOUDFLARE: TrailingCrc = layout(Covered::AfterFirst(b'_'), b"", Digits::Hex);
/// Zuplo's keys: what stands between the two `_`.
pub const ZUPLO: TrailingCrc = layout(Covered::AfterFirst(b'_'), b"_", Digits::Hex);
/// Confluent's secrets: what follows the four letters of the prefix.
pub const CONFLUENT: TrailingCrc = layout(Covered::AfterBytes(4), b"", Digits::LittleEndianBase64);

#[cfg(test)]
mod tests {
    use super::*;

    // The sums were computed with Python's zlib.crc32 over the same made-up text.
    const FRONT: &[u8] = b"cflt_part_0123456789abcdefghij";

    #[test]
    fn each_layout_writes_what_python_computes() {
        let vectors: [(&str, TrailingCrc, &[u8]); 11] = [
            ("github", GITHUB, b"1p1fEP"),
            ("vercel", VERCEL, b"0bPBgJ"),
            ("whole base62", WHOLE_BASE62, b"3wDPYJ"),
            ("apify", APIFY, b"3Wdpyj"),
            ("gitlab", GITLAB, b"1nohax7"),
            ("grafana", GRAFANA, b"_8b3517d7"),
            ("atlassian", ATLASSIAN, b"D717358B"),
            ("whole hex", WHOLE_HEX, b"d717358b"),
            ("cloudflare", CLOUDFLARE, b"20f1f3f3"),
            ("zuplo", ZUPLO, b"_20f1f3f3"),
            ("confluent", CONFLUENT, b"jymwhQ"),
        ];
        for (name, layout, expected) in vectors {
            assert_eq!(layout.seal(FRONT), expected, "{name}");
            assert!(layout.holds(&[FRONT, expected].concat()), "{name}");
        }
    }

    #[test]
    fn what_is_too_short_to_be_a_token_does_not_hold() {
        for length in 0..24 {
            assert!(!GITHUB.holds(&vec![b'0'; length]));
        }
        assert!(!WHOLE_HEX.holds(b"00000000"));
    }
}
