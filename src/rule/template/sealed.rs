//! Words for tokens that end in a CRC-32: the twins of the proofs of the same names.

use super::{Draft, Expected, Word, classes, count};
use crate::checksum::{digits, trailing, trailing::TrailingCrc};

/// Adds random letters and the checksum; `usual` letters where the template gives no count.
fn seal(
    draft: &mut Draft,
    argument: Option<&str>,
    alphabet: &[u8],
    usual: usize,
    layout: &TrailingCrc,
) -> Result<(), Expected> {
    let (start, count) = (draft.token_start(), count(argument, Some(usual), draft.random)?);
    draft.letters(alphabet, count);
    let end = layout.seal(draft.since(start));
    draft.push(end);
    Ok(())
}

pub(super) static WORDS: &[Word] = &[
    Word::new(
        "crc32-base62",
        "Random Base62 (30 characters, or the count given) and its CRC-32.",
        |draft, argument| seal(draft, argument, classes::BASE62, 30, &trailing::GITHUB),
    ),
    Word::new("grafana-crc32", "Random Base62 (32) and the CRC-32 of the token so far.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 32, &trailing::GRAFANA)
    }),
    Word::new(
        "atlassian-crc32",
        "Random Base64url (171), `=` unless the token begins with ATBB, and the CRC-32 of it all.",
        atlassian,
    ),
    Word::new("cloudflare-crc32", "Random Base62 (40) and its CRC-32.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 40, &trailing::CLOUDFLARE)
    }),
    Word::new("vercel-crc32", "Random Base62 (50) and its CRC-32.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 50, &trailing::VERCEL)
    }),
    Word::new("zuplo-crc32", "Random hexadecimal digits (32), `_` and their CRC-32.", |draft, argument| {
        seal(draft, argument, classes::HEX, 32, &trailing::ZUPLO)
    }),
    Word::new(
        "confluent-crc32",
        "Random Base62 (50) and its CRC-32; four letters stand before it.",
        |draft, argument| seal(draft, argument, classes::BASE62, 50, &trailing::CONFLUENT),
    ),
    Word::new(
        "packagist-crc32",
        "Random hexadecimal digits (60) and the CRC-32 of the token so far.",
        |draft, argument| seal(draft, argument, classes::HEX, 60, &trailing::WHOLE_HEX),
    ),
    Word::new("apify-crc32", "Random Base62 (30) and the CRC-32 of the token so far.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 30, &trailing::APIFY)
    }),
    Word::new("canva-crc32", "Random Base64url (43) and the CRC-32 of the token so far.", |draft, argument| {
        seal(draft, argument, classes::BASE64URL, 43, &trailing::WHOLE_HEX)
    }),
    Word::new("wandb-crc32", "Random Base62 (71) and the CRC-32 of the token so far.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 71, &trailing::WHOLE_BASE62)
    }),
    Word::new("deno-crc32", "Random Base62 (30) and the CRC-32 of the token so far.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 30, &trailing::WHOLE_BASE62)
    }),
    Word::new("saladcloud-crc32", "Random Base62 (43) and its CRC-32.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 43, &trailing::GITHUB)
    }),
    Word::new("polar-crc32", "Random Base62 (37) and its CRC-32.", |draft, argument| {
        seal(draft, argument, classes::BASE62, 37, &trailing::GITHUB)
    }),
    Word::new(
        "gitlab-routable",
        "Routing payload in Base64url, version, its length and the CRC-32 of the token so far.",
        gitlab,
    ),
];

fn atlassian(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let start = draft.token_start();
    let is_app_password = draft.since(start).starts_with(b"ATBB");
    let count = count(argument, Some(if is_app_password { 24 } else { 171 }), draft.random)?;
    draft.letters(if is_app_password { classes::BASE62 } else { classes::BASE64URL }, count);
    if !is_app_password {
        draft.push("=");
    }
    let end = trailing::ATLASSIAN.seal(draft.since(start));
    draft.push(end);
    Ok(())
}

fn gitlab(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    classes::alone(draft, argument, |draft| {
        let start = draft.token_start();
        let number =
            |draft: &mut Draft, most: usize| digits::encode(1 + draft.random.below(most) as u64, digits::BASE36, 0);
        let (organization, user) = (number(draft, 2_000), number(draft, 30_000_000));
        let random = draft.random.bytes(16);
        let payload = [b"o:", organization.as_slice(), b"\nu:", &user, b"\n", &random, &[16]].concat();
        let payload = data_encoding::BASE64URL_NOPAD.encode(&payload);
        draft.push(&payload);
        draft.push(".01.");
        draft.push(digits::encode(payload.len() as u64, digits::BASE36, 2));
        let end = trailing::GITLAB.seal(draft.since(start));
        draft.push(end);
    })
}
