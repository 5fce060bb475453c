//! Numbers written in the alphabets that token formats use.

/// Digits, upper case, lower case: the usual Base62.
pub const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Digits, lower case, upper case: the Base62 of BigInteger libraries for JavaScript.
pub const BASE62_LOWER_FIRST: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Digits and lower case.
pub const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Lower-case hexadecimal digits.
pub const HEX: &[u8; 16] = b"0123456789abcdef";

/// Upper-case hexadecimal digits.
pub const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Writes `value` in the base that `alphabet` has letters for, most significant digit first, filled up on
/// the left with the first letter to at least `width` digits.
pub fn encode(mut value: u64, alphabet: &[u8], width: usize) -> Vec<u8> {
    let base = alphabet.len().max(2) as u64;
    let mut reversed = Vec::with_capacity(width.max(11));
    while value > 0 || reversed.len() < width {
        let digit = usize::try_from(value % base).unwrap_or(0);
        reversed.push(alphabet.get(digit).copied().unwrap_or(b'0'));
        value /= base;
    }
    reversed.reverse();
    reversed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_padded_with_the_first_letter() {
        assert_eq!(encode(0, BASE62, 6), b"000000");
        assert_eq!(encode(61, BASE62, 2), b"0z");
        assert_eq!(encode(62, b"ab", 0), b"bbbbba");
        assert_eq!(encode(0, BASE62, 0), b"");
    }

    #[test]
    fn the_largest_checksum_fits_the_widths_in_use() {
        let largest = u64::from(u32::MAX);
        assert_eq!(encode(largest, BASE62, 6), b"4gfFC3");
        assert_eq!(encode(largest, BASE62_LOWER_FIRST, 6), b"4GFfc3");
        assert_eq!(encode(largest, BASE36, 7), b"1z141z3");
        assert_eq!(encode(largest, HEX, 8), b"ffffffff");
        assert_eq!(encode(largest, UPPER_HEX, 8), b"FFFFFFFF");
    }
}
