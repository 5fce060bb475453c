//! GitHub code scanning's identity of a line: `primaryLocationLineHash`.
//!
//! The upload action computes it where a report lacks it, uploads through the API do not; so we write it, by the
//! action's algorithm (`fingerprints.ts` of `github/codeql-action`): a rolling hash, base 37 in wrapping 64-bit arithmetic,
//! over 100 UTF-16 units from the beginning of a line on, without spaces and tabs and with every line end as LF.

use std::collections::HashMap;

const BLOCK: usize = 100;
const BASE: u64 = 37;
const END_OF_FILE: u16 = u16::MAX;
const TAB: u16 = 9;
const LF: u16 = 10;
const CR: u16 = 13;
const SPACE: u16 = 32;

/// Files above this size get no hashes, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// The hashes of all lines of `text`, the first line at index 0.
pub fn line_hashes(text: &[u8]) -> Vec<String> {
    let mut hasher = Hasher::default();
    let text = String::from_utf8_lossy(text);
    text.encode_utf16().for_each(|unit| hasher.character(unit));
    hasher.character(END_OF_FILE);
    (0..BLOCK).for_each(|_| hasher.push(0, false));
    hasher.lines
}

struct Hasher {
    window: [u16; BLOCK],
    /// Does a line begin at this place of the window?
    begins: [bool; BLOCK],
    at: usize,
    hash: u64,
    line_start: bool,
    after_return: bool,
    counts: HashMap<u64, u32>,
    lines: Vec<String>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            window: [0; BLOCK],
            begins: [false; BLOCK],
            at: 0,
            hash: 0,
            line_start: true,
            after_return: false,
            counts: HashMap::new(),
            lines: Vec::new(),
        }
    }
}

impl Hasher {
    fn character(&mut self, unit: u16) {
        let second_half = self.after_return && unit == LF;
        self.after_return = unit == CR;
        if unit == SPACE || unit == TAB || second_half {
            return;
        }
        let unit = if unit == CR { LF } else { unit };
        let begins = std::mem::replace(&mut self.line_start, unit == LF);
        self.push(unit, begins);
    }

    /// Gives out the hash of the line that began a whole window ago.
    fn finish_line(&mut self) {
        if std::mem::take(&mut self.begins[self.at]) {
            let count = self.counts.entry(self.hash).or_insert(0);
            *count += 1;
            self.lines.push(format!("{:x}:{count}", self.hash));
        }
    }

    fn push(&mut self, unit: u16, begins: bool) {
        self.finish_line();
        self.begins[self.at] = begins;
        let leaves = BASE.wrapping_pow(BLOCK as u32).wrapping_mul(u64::from(self.window[self.at]));
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(unit)).wrapping_sub(leaves);
        self.window[self.at] = unit;
        self.at = (self.at + 1) % BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition read literally: each line's hash from its own 100 units, without a rolling window.
    fn plain(units: &[u16]) -> u64 {
        let padded = units.iter().copied().chain(std::iter::repeat(0)).take(BLOCK);
        padded.fold(0_u64, |hash, unit| hash.wrapping_mul(BASE).wrapping_add(u64::from(unit)))
    }

    #[test]
    fn rolling_hashes_equal_hashes_of_each_window() {
        let text = format!("one two\n\tthree\r\n\n{}\nlast", "long line ".repeat(40));
        let units: Vec<u16> = text
            .replace("\r\n", "\n")
            .encode_utf16()
            .filter(|unit| ![SPACE, TAB].contains(unit))
            .chain([END_OF_FILE])
            .collect();
        let starts: Vec<usize> = std::iter::once(0).chain((1..units.len()).filter(|at| units[at - 1] == LF)).collect();
        let expected: Vec<String> = starts.iter().map(|&start| format!("{:x}:1", plain(&units[start..]))).collect();
        assert_eq!(line_hashes(text.as_bytes()), expected);
    }

    #[test]
    fn equal_lines_are_counted() {
        let hashes = line_hashes("a\n".repeat(300).as_bytes());
        assert_eq!(hashes[0].split(':').next(), hashes[1].split(':').next());
        assert_ne!(hashes[0], hashes[1]);
    }
}
