//! UTF-16 text: recognised and turned into UTF-8, with the way back to the original offsets.
//!
//! Secrets in UTF-16 are missed by most scanners, because each of their characters is followed by a NUL. Everything else
//! is scanned as the bytes it is.

/// Byte order of UTF-16 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf16 {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// How many bytes are looked at to tell what a blob is.
pub const SNIFF: usize = 8 * 1024;

/// Is this the beginning of UTF-16 text, by its mark or by NULs at every other byte? The first 512 bytes tell.
pub fn sniff_utf16(start: &[u8]) -> Option<Utf16> {
    match start {
        [0xFF, 0xFE, 0, 0, ..] => return None,
        [0xFF, 0xFE, ..] => return Some(Utf16::Little),
        [0xFE, 0xFF, ..] => return Some(Utf16::Big),
        _ => {}
    }
    let start = &start[..start.len().min(512) & !1];
    if start.len() < 8 || memchr::memchr(0, start).is_none() {
        return None;
    }
    let nuls = |parity: usize| start.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (nuls(0), nuls(1), start.len() / 2);
    // Mostly Latin letters: nearly all high bytes are NUL, hardly any low byte is.
    match () {
        () if odd * 10 >= half * 8 && even * 20 <= half => Some(Utf16::Little),
        () if even * 10 >= half * 8 && odd * 20 <= half => Some(Utf16::Big),
        () => None,
    }
}

/// Does this beginning of a blob say that it is not text?
pub fn sniff_binary(start: &[u8]) -> bool {
    memchr::memchr(0, &start[..start.len().min(SNIFF)]).is_some()
}

/// `text` as UTF-8; an unpaired surrogate becomes the replacement character, an odd last byte is left out.
pub fn utf16_to_utf8(text: &[u8], order: Utf16) -> Vec<u8> {
    let mut utf8 = String::with_capacity(text.len() / 2 + 16);
    utf8.extend(characters(text, order));
    utf8.into_bytes()
}

/// The offsets in UTF-16 `text` of the characters at the `decoded` offsets of its UTF-8 form, which must be in order; one pass.
pub fn utf16_offsets(text: &[u8], order: Utf16, decoded: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let (mut raw, mut utf8) = (0, 0);
    let mut characters = characters(text, order);
    let mut offsets = Vec::new();
    for offset in decoded {
        while utf8 < offset {
            let Some(character) = characters.next() else { break };
            raw += character.len_utf16() * 2;
            utf8 += character.len_utf8();
        }
        offsets.push(raw);
    }
    offsets
}

fn characters(text: &[u8], order: Utf16) -> impl Iterator<Item = char> + '_ {
    let units = text.chunks_exact(2).map(move |pair| match order {
        Utf16::Little => u16::from_le_bytes([pair[0], pair[1]]),
        Utf16::Big => u16::from_be_bytes([pair[0], pair[1]]),
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str, order: Utf16) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| match order {
                Utf16::Little => unit.to_le_bytes(),
                Utf16::Big => unit.to_be_bytes(),
            })
            .collect()
    }

    #[test]
    fn both_orders_are_recognised_without_a_mark_and_offsets_lead_back() {
        let text = "name = \"ä😀value\"\nnext line of plain text\n";
        for order in [Utf16::Little, Utf16::Big] {
            let raw = encode(text, order);
            assert_eq!(sniff_utf16(&raw), Some(order));
            assert_eq!(utf16_to_utf8(&raw, order), text.as_bytes());
            let at = text.find("value").expect("is there");
            let offsets = utf16_offsets(&raw, order, [at, at + 5]);
            assert_eq!(&raw[offsets[0]..offsets[1]], encode("value", order));
        }
    }

    #[test]
    fn plain_text_and_binaries_are_not_utf16() {
        assert_eq!(sniff_utf16(b"just some text, nothing else"), None);
        assert_eq!(sniff_utf16(&[0; 64]), None);
        assert!(sniff_binary(b"ELF\0\x01") && !sniff_binary(b"text"));
    }
}
