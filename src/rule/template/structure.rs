//! Words for tokens that have a structure to parse but no checksum.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};

use super::{Draft, Expected, Word, classes, classes::alone};

pub(super) static WORDS: &[Word] = &[
    Word::new(
        "aws-key-id",
        "The sixteen characters after AKIA or ASIA, with an account number inside.",
        |draft, argument| alone(draft, argument, aws_key_id),
    ),
    Word::new("aws-bedrock", "A whole long-lived Bedrock key.", |draft, argument| alone(draft, argument, aws_bedrock)),
    Word::new("azure-sas", "The query string of a shared access signature.", |draft, argument| {
        alone(draft, argument, azure_sas)
    }),
    Word::new("pypi-macaroon", "A whole PyPI token.", |draft, argument| alone(draft, argument, pypi)),
    Word::new("fly-macaroon", "A whole Fly.io token.", |draft, argument| alone(draft, argument, fly)),
    Word::new("discord", "A whole Discord bot token.", |draft, argument| alone(draft, argument, discord)),
    Word::new("telegram", "A whole Telegram bot token.", |draft, argument| alone(draft, argument, telegram)),
    Word::new(
        "atlassian-dc",
        "A whole Jira or Confluence Data Center token, or what follows BBDC-.",
        |draft, argument| alone(draft, argument, atlassian),
    ),
    Word::new("jfrog-reference", "A whole JFrog reference token.", |draft, argument| alone(draft, argument, jfrog)),
    Word::new("sendgrid", "A whole SendGrid key.", |draft, argument| alone(draft, argument, sendgrid)),
    Word::new("workos", "What follows sk_live_ or sk_test_ in a WorkOS key.", |draft, argument| {
        alone(draft, argument, workos)
    }),
    Word::new("vault-protobuf", "A whole Vault token: service, or `vault-protobuf:batch`.", vault),
    Word::new("nuget", "A whole NuGet key.", |draft, argument| alone(draft, argument, nuget)),
    Word::new("basic-auth", "User and password in Base64.", |draft, argument| alone(draft, argument, basic_auth)),
    Word::new("fernet", "A whole Fernet key.", |draft, argument| alone(draft, argument, fernet)),
    Word::new("wireguard", "A whole WireGuard private key.", |draft, argument| alone(draft, argument, wireguard)),
    Word::new("jwk-member", "The private member of a JSON Web Key: 256 bytes, or `jwk-member:ec`.", jwk_member),
    Word::new("tink-key", "A key of Tink in Base64: version and 32 bytes.", |draft, argument| {
        alone(draft, argument, tink)
    }),
    Word::new("ntlm-message", "An NTLM message that answers a challenge.", |draft, argument| {
        alone(draft, argument, ntlm)
    }),
    Word::new("cisco-type7", "A password as devices hide it.", |draft, argument| alone(draft, argument, cisco)),
    Word::new("openai-mark", "Twenty random characters, the mark, twenty more.", |draft, argument| {
        alone(draft, argument, openai)
    }),
    Word::new("anthropic-tail", "93 random characters and AA, after `sk-ant-api03-`.", |draft, argument| {
        alone(draft, argument, anthropic)
    }),
];

/// Random letters and digits, as text.
pub(super) fn base62(draft: &mut Draft, count: usize) -> String {
    draft.random.letters(classes::BASE62, count).into_iter().map(char::from).collect()
}

/// A random number of this many digits, as text.
pub(super) fn digits(draft: &mut Draft, count: usize) -> String {
    // No leading zero, so that it stays as long when read as a number.
    let first = *draft.random.pick(b"123456789");
    let rest = draft.random.letters(classes::DIGITS, count.saturating_sub(1));
    std::iter::once(first).chain(rest).map(char::from).collect()
}

fn tink(draft: &mut Draft) {
    let secret = draft.random.bytes(32);
    draft.push(BASE64.encode(&[[0x08, 0, 0x1a, 32].as_slice(), &secret].concat()));
}

fn ntlm(draft: &mut Draft) {
    let parts = [
        draft.random.bytes(24),
        draft.random.bytes(48),
        base62(draft, 6).into_bytes(),
        base62(draft, 8).into_bytes(),
        base62(draft, 9).into_bytes(),
        Vec::new(),
    ];
    let (mut head, mut offset) = (b"NTLMSSP\0\x03\0\0\0".to_vec(), 64_u32);
    for part in &parts {
        let length = u16::try_from(part.len()).unwrap_or_default().to_le_bytes();
        head.extend([length, length].concat());
        head.extend(offset.to_le_bytes());
        offset += u32::try_from(part.len()).unwrap_or_default();
    }
    head.extend([0; 4]);
    draft.push(BASE64.encode(&[head, parts.concat()].concat()));
}

fn aws_key_id(draft: &mut Draft) {
    // One bit that says there is an account, forty bits of it, the rest random.
    let account = draft.random.below(1_000_000_000_000) as u64;
    let front = 1 << 47 | account << 7 | draft.random.below(128) as u64;
    let bytes = [&front.to_be_bytes()[2..], &draft.random.bytes(4)].concat();
    draft.push(BASE32_NOPAD.encode(&bytes));
}

fn aws_bedrock(draft: &mut Draft) {
    let (user, account) = (base62(draft, 4).to_ascii_lowercase(), digits(draft, 12));
    let secret = BASE64.encode(&draft.random.bytes(32));
    let text = ["BedrockAPI", "Key-", &user, "-at-", &account, ":", &secret].concat();
    draft.push(["ABS", "K", &BASE64.encode(text.as_bytes())].concat());
}

fn azure_sas(draft: &mut Draft) {
    let signature = BASE64.encode(&draft.random.bytes(32)).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let year = 2027 + draft.random.below(5);
    draft.push(format!("sv=2022-11-02&ss=b&srt=sco&sp=rwdl&se={year}-01-31T08:00:00Z&spr=https&sig={signature}"));
}

fn pypi(draft: &mut Draft) {
    let mut id = Draft { text: Vec::new(), random: &mut *draft.random };
    id.text = super::expand("{uuid}", id.random).unwrap_or_default();
    let (identifier, signature) = (id.text, draft.random.bytes(32));
    let caveat = br#"{"version": 1, "permissions": "user"}"#;
    let macaroon = [
        &[2, 1, 8],
        b"pypi.org".as_slice(),
        &[2, identifier.len() as u8],
        &identifier,
        &[0, 2, caveat.len() as u8],
        caveat,
        &[0, 0, 6, 32],
        &signature,
    ];
    draft.push(["pyp", "i-", &BASE64URL_NOPAD.encode(&macaroon.concat())].concat());
}

fn fly(draft: &mut Draft) {
    let location = b"https://api.fly.io/v1";
    let (key, nonce, tail) = (draft.random.bytes(4), draft.random.bytes(16), draft.random.bytes(32));
    let ticket = draft.random.bytes(60);
    let macaroon = [
        &[0x94, 0x93, 0xc4, 4],
        key.as_slice(),
        &[0xc4, 16],
        &nonce,
        &[0xc2, 0xa0 | location.len() as u8],
        location,
        // One caveat: its number, then a third party's address and ticket.
        &[0x92, 0x0b, 0x92, 0xa1, b'a', 0xc4, 60],
        &ticket,
        &[0xc4, 32],
        &tail,
    ];
    draft.push(["fm", "2_", &BASE64.encode(&macaroon.concat())].concat());
}

fn discord(draft: &mut Draft) {
    let id = BASE64URL_NOPAD.encode(digits(draft, 18).as_bytes());
    let (time, signature) = (base62(draft, 6), BASE64URL_NOPAD.encode(&draft.random.bytes(20)));
    draft.push([id, time, signature].join("."));
}

fn telegram(draft: &mut Draft) {
    let number = digits(draft, 10);
    draft.push([&number, ":A", "A"].concat());
    draft.letters(classes::BASE64URL, 33);
}

fn atlassian(draft: &mut Draft) {
    let number = digits(draft, 12);
    let mut random = draft.random.bytes(20);
    // All but one draw in a hundred million would do; make it all of them.
    random[7] |= 0x80;
    draft.push(BASE64.encode(&[number.as_bytes(), b":", &random].concat()));
}

fn jfrog(draft: &mut Draft) {
    let expires = 1_900_000_000 + draft.random.below(90_000_000);
    let text = ["reft", "kn:01:", &expires.to_string(), ":", &base62(draft, 27)].concat();
    draft.push(BASE64_NOPAD.encode(text.as_bytes()));
}

fn sendgrid(draft: &mut Draft) {
    let parts = [16, 32].map(|length| BASE64URL_NOPAD.encode(&draft.random.bytes(length)));
    draft.push(["S", "G.", &parts.join(".")].concat());
}

fn workos(draft: &mut Draft) {
    let (id, random) = (base62(draft, 24).to_ascii_uppercase(), base62(draft, 25));
    draft.push(BASE64_NOPAD.encode(["key", "_01", &id, ",", &random].concat().as_bytes()));
}

fn vault(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    match argument {
        None => {
            let (mac, token) = (draft.random.bytes(32), ["hv", "s.", &base62(draft, 24)].concat());
            let message = [&[8, 1, 0x12, 32], mac.as_slice(), &[0x1a, token.len() as u8], token.as_bytes()].concat();
            draft.push(["hv", "s.", &BASE64URL_NOPAD.encode(&message)].concat());
        }
        Some("batch") => {
            let sealed = draft.random.bytes(110);
            draft.push(["hv", "b.", &BASE64URL_NOPAD.encode(&[[0, 0, 0, 1, 2].as_slice(), &sealed].concat())].concat());
        }
        Some(_) => return Err("batch or nothing"),
    }
    Ok(())
}

fn nuget(draft: &mut Draft) {
    let (id, password) = (draft.random.bytes(10), draft.random.bytes(16));
    let id = BASE32_NOPAD.encode(&[b"v4", id.as_slice()].concat());
    draft.push([id, BASE32_NOPAD.encode(&password)].concat().to_ascii_lowercase());
}

fn basic_auth(draft: &mut Draft) {
    let text = super::expand("{word}:{password}", draft.random).unwrap_or_default();
    draft.push(BASE64.encode(&text));
}

fn fernet(draft: &mut Draft) {
    let key = draft.random.bytes(32);
    draft.push(BASE64URL.encode(&key));
}

fn wireguard(draft: &mut Draft) {
    let mut key = draft.random.bytes(32);
    key[0] &= 0xf8;
    key[31] = key[31] & 0x3f | 0x40;
    draft.push(BASE64.encode(&key));
}

fn jwk_member(draft: &mut Draft, argument: Option<&str>) -> Result<(), Expected> {
    let length = match argument {
        None => 256,
        Some("ec") => 32,
        Some(_) => return Err("ec or nothing"),
    };
    let member = BASE64URL_NOPAD.encode(&draft.random.bytes(length));
    draft.push(member);
    Ok(())
}

fn cisco(draft: &mut Draft) {
    const PAD: &[u8] = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
    let salt = draft.random.below(16);
    let password = super::expand("{password}", draft.random).unwrap_or_default();
    let hidden: Vec<u8> = password.iter().zip(PAD.iter().cycle().skip(salt)).map(|(one, two)| one ^ two).collect();
    draft.push(format!("{salt:02}{}", data_encoding::HEXUPPER.encode(&hidden)));
}

fn openai(draft: &mut Draft) {
    let (before, behind) = (base62(draft, 20), base62(draft, 20));
    draft.push([&before, "T3Blbk", "FJ", &behind].concat());
}

fn anthropic(draft: &mut Draft) {
    draft.letters(classes::BASE64URL, 93);
    draft.push("AA");
}
