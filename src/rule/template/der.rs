//! A writer for the little DER that keys are made of.

/// One value: tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        bytes.push(0x80 | digits.len() as u8);
        bytes.extend(digits);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A sequence of values.
pub(super) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    value(0x30, &values.concat())
}

/// A positive integer, given by its digits, most significant first.
pub(super) fn integer(digits: &[u8]) -> Vec<u8> {
    let zeros = digits.iter().take_while(|byte| **byte == 0).count().min(digits.len().saturating_sub(1));
    let digits = &digits[zeros..];
    // A sign byte keeps it positive, and zero has a digit too.
    let needs_sign = digits.first().is_none_or(|first| first & 0x80 != 0);
    value(0x02, &[if needs_sign { [0].as_slice() } else { &[] }, digits].concat())
}

/// A string of bytes.
pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    value(0x04, content)
}

/// An object id, given as it is encoded.
pub(super) fn object_id(encoded: &[u8]) -> Vec<u8> {
    value(0x06, encoded)
}
