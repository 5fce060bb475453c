//! Tokens of several parts of fixed length and kind, or with a fixed mark inside.

use super::{Fact, Outcome, Proof, Strength, decode};
use crate::checksum::base64;

pub(super) const DISCORD: Proof = Proof {
    name: "discord",
    about: "The first part is the Base64 of the bot's number, and time and signature have their lengths.",
    source: "discord.com/developers, snowflakes; Samsung/CredSweeper, value_discord_bot_check.py",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(discord(token)),
};

pub(super) const TELEGRAM: Proof = Proof {
    name: "telegram",
    about: "A bot's number of 8 to 10 digits, a colon, the letters AA and 33 characters.",
    source: "core.telegram.org/bots/features",
    strength: Strength::Structure,
    check: |token| Outcome::from_result(telegram(token)),
};

pub(super) const SENDGRID: Proof = Proof {
    name: "sendgrid",
    about: "The two parts after the prefix decode to 16 and 32 bytes without bits left over.",
    source: "docs.sendgrid.com, API keys",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(sendgrid(key)),
};

pub(super) const OPENAI_MARK: Proof = Proof {
    name: "openai-mark",
    about: "The middle holds T3BlbkFJ, the Base64 of OpenAI, between random characters.",
    source: "rules of gitleaks, TruffleHog and others",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(openai_mark(key)),
};

pub(super) const ANTHROPIC_TAIL: Proof = Proof {
    name: "anthropic-tail",
    about: "After the kind follow 93 random characters and the letters AA.",
    source: "rules of gitleaks and TruffleHog",
    strength: Strength::Structure,
    check: |key| Outcome::from_result(anthropic_tail(key)),
};

pub(super) const UUID4: Proof = Proof {
    name: "uuid4",
    about: "It is a UUID whose version and variant bits say that it is random.",
    source: "RFC 9562",
    strength: Strength::Structure,
    check: |value| Outcome::from_result(uuid4(value)),
};

/// First millisecond of Discord's snowflakes: 2015-01-01.
const DISCORD_EPOCH: i64 = 1_420_070_400;

fn url_safe(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn three_parts(token: &[u8]) -> Option<[&[u8]; 3]> {
    let mut parts = token.split(|byte| *byte == b'.');
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}

fn discord(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let [id, time, signature] = three_parts(token).ok_or("not three parts")?;
    let lengths_fit = matches!(time.len(), 6 | 7) && matches!(signature.len(), 27 | 38);
    if !lengths_fit || !url_safe(time) || !url_safe(signature) {
        return Err("time or signature has not its length");
    }
    let digits = base64::decode(id).ok_or("the first part is not Base64")?;
    let digits = std::str::from_utf8(&digits).map_err(|_| "the first part is not a number")?;
    let snowflake = digits.parse::<i64>().map_err(|_| "the first part is not a number")?;
    if !(17..=19).contains(&digits.len()) || snowflake < 0 {
        return Err("the number is not that of a bot");
    }
    let mut facts = vec![Fact::new("bot", snowflake.to_string())];
    let made = decode::day(DISCORD_EPOCH + (snowflake >> 22) / 1000);
    facts.extend(made.map(|day| Fact::new("bot since", day)));
    Ok(facts)
}

fn telegram(token: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let colon = token.iter().position(|byte| *byte == b':').ok_or("no colon")?;
    let (number, rest) = token.split_at(colon);
    if !(8..=10).contains(&number.len()) || !number.iter().all(u8::is_ascii_digit) {
        return Err("no number of 8 to 10 digits before the colon");
    }
    if rest.len() != 36 || !rest.starts_with(b":AA") || !url_safe(&rest[1..]) {
        return Err("not AA and 33 characters after the colon");
    }
    Ok(vec![Fact::new("bot", String::from_utf8_lossy(number))])
}

fn sendgrid(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let [prefix, id, secret] = three_parts(key).ok_or("not three parts")?;
    let length = |part| base64::decode_canonical(part).map(|bytes| bytes.len());
    if prefix == b"SG" && url_safe(id) && url_safe(secret) && length(id) == Some(16) && length(secret) == Some(32) {
        Ok(Vec::new())
    } else {
        Err("the parts are not 16 and 32 bytes in Base64")
    }
}

fn openai_mark(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    const MARK: &[u8] = b"T3BlbkFJ";
    let at = key.windows(MARK.len()).position(|part| part == MARK).ok_or("the mark is missing")?;
    // As many random characters before the mark as behind it, 20 in the old keys, 58 or 74 later; and before
    // those a prefix, `sk-` at least. Where it ends cannot be seen, as the newer keys may hold dashes.
    let behind = key.len() - at - MARK.len();
    if behind < 20 || at < behind + 3 {
        return Err("the mark is not in the middle");
    }
    Ok(Vec::new())
}

fn anthropic_tail(key: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let rest = key.strip_prefix(b"sk-ant-").ok_or("the prefix is missing")?;
    let dash = rest.iter().position(|byte| *byte == b'-').ok_or("no kind after the prefix")?;
    let (kind, random) = rest.split_at(dash);
    if random.len() != 96 || !random.ends_with(b"AA") || !url_safe(random) {
        return Err("not 93 characters and AA after the kind");
    }
    let kind = std::str::from_utf8(kind).ok().and_then(decode::printable).filter(|kind| kind.len() <= 8);
    Ok(kind.map(|kind| Fact::new("kind", kind)).into_iter().collect())
}

fn uuid4(value: &[u8]) -> Result<Vec<Fact>, &'static str> {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let shape_fits = value.len() == 36
        && value.iter().enumerate().all(
            |(at, byte)| {
                if is_dash(at) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        );
    if !shape_fits {
        return Err("not a UUID");
    }
    if value[14] != b'4' || !b"89abAB".contains(&value[19]) {
        return Err("its version and variant are not those of a random UUID");
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_has_a_number_and_an_age() {
        let id = data_encoding::BASE64URL_NOPAD.encode(b"175928847299117063");
        let token = [id.as_str(), "AbCdEf", &"x".repeat(27)].join(".");
        let facts = discord(token.as_bytes()).expect("well formed");
        assert_eq!(facts, [Fact::new("bot", "175928847299117063"), Fact::new("bot since", "2016-04-30")]);
        assert!(discord(b"a.b.c").is_err());
    }

    #[test]
    fn only_random_uuids_pass() {
        assert!(uuid4(b"00000000-0000-4000-8000-000000000000").is_ok());
        assert!(uuid4(b"00000000-0000-1000-8000-000000000000").is_err());
        assert!(uuid4(b"00000000-0000-4000-c000-000000000000").is_err());
        assert!(uuid4(b"00000000000040008000000000000000").is_err());
    }

    #[test]
    fn the_mark_must_stand_in_the_middle() {
        let key =
            |before: usize, behind: usize| ["sk-", &"a".repeat(before), "T3Blbk", "FJ", &"b".repeat(behind)].concat();
        assert!(openai_mark(key(20, 20).as_bytes()).is_ok());
        assert!(openai_mark(key(74, 74).as_bytes()).is_ok());
        assert!(openai_mark(key(20, 19).as_bytes()).is_err());
        assert!(openai_mark(key(5, 40).as_bytes()).is_err());
        assert!(openai_mark(b"T3BlbkFJ").is_err());
    }
}
