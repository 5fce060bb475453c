//! Deltas: how an object is put together from pieces of its base and new bytes.

use std::ops::Range;

/// One instruction of a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it is put in the object.
    pub at: usize,
    /// How many bytes.
    pub len: usize,
    /// Where they come from.
    pub from: Source,
}

/// Where the bytes of a piece come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From this offset of the base.
    Base(usize),
    /// From this offset of the delta itself: they are new.
    Delta(usize),
}

impl Piece {
    /// The bytes it fills in the object.
    pub const fn range(&self) -> Range<usize> {
        self.at..self.at + self.len
    }
}

/// Why a delta cannot be used, in words.
pub type DeltaError = &'static str;

const CUT: DeltaError = "its delta ends in the middle";

/// Reads the instructions of `delta`, made for a base of `base_len` bytes, into `pieces`; gives the size of the object.
///
/// Neighbouring pieces of the base are joined, so that every border between two pieces is a real one.
///
/// # Errors
/// The delta is damaged, or made for another base.
pub fn read(delta: &[u8], base_len: usize, pieces: &mut Vec<Piece>) -> Result<usize, DeltaError> {
    pieces.clear();
    let mut at = 0;
    let base_size = size(delta, &mut at)?;
    let object_size = size(delta, &mut at)?;
    if base_size != base_len {
        return Err("its delta is made for another base");
    }
    let mut filled = 0usize;
    while at < delta.len() {
        let (len, from) = match delta[at] {
            0 => return Err("its delta holds an unknown instruction"),
            op if op & 0x80 != 0 => copy(delta, &mut at)?,
            op => {
                let len = usize::from(op);
                let start = at + 1;
                at = start + len;
                (len, Source::Delta(start))
            }
        };
        let inside = match from {
            Source::Base(start) => start.checked_add(len).is_some_and(|end| end <= base_len),
            Source::Delta(start) => start + len <= delta.len(),
        };
        if !inside || filled + len > object_size {
            return Err("its delta reaches out of its base");
        }
        push(pieces, Piece { at: filled, len, from });
        filled += len;
    }
    if filled == object_size { Ok(object_size) } else { Err(CUT) }
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    if let (Some(last), Source::Base(start)) = (pieces.last_mut(), piece.from)
        && let Source::Base(before) = last.from
        && before + last.len == start
    {
        last.len += piece.len;
        return;
    }
    if piece.len > 0 {
        pieces.push(piece);
    }
}

/// Puts the object together.
pub fn apply(base: &[u8], delta: &[u8], pieces: &[Piece], object_size: usize, out: &mut Vec<u8>) {
    out.clear();
    out.reserve_exact(object_size);
    for piece in pieces {
        match piece.from {
            Source::Base(start) => out.extend_from_slice(&base[start..start + piece.len]),
            Source::Delta(start) => out.extend_from_slice(&delta[start..start + piece.len]),
        }
    }
}

/// A size: seven bits to a byte, the lowest first.
fn size(delta: &[u8], at: &mut usize) -> Result<usize, DeltaError> {
    let mut value = 0usize;
    for shift in (0..63).step_by(7) {
        let byte = *delta.get(*at).ok_or(CUT)?;
        *at += 1;
        value |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return if value <= super::MAX_OBJECT { Ok(value) } else { Err("it claims to be larger than 1 GiB") };
        }
    }
    Err("its delta claims an impossible size")
}

fn copy(delta: &[u8], at: &mut usize) -> Result<(usize, Source), DeltaError> {
    let op = delta[*at];
    *at += 1;
    let mut number = |bits: Range<u8>| {
        let first = bits.start;
        bits.filter(|bit| op & (1 << bit) != 0).try_fold(0usize, |value, bit| -> Result<usize, DeltaError> {
            let byte = *delta.get(*at).ok_or(CUT)?;
            *at += 1;
            Ok(value | usize::from(byte) << (8 * (bit - first)))
        })
    };
    let start = number(0..4)?;
    let len = number(4..7)?;
    Ok((if len == 0 { 0x1_0000 } else { len }, Source::Base(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, DeltaError> {
        let (mut pieces, mut out) = (Vec::new(), Vec::new());
        let size = read(delta, base.len(), &mut pieces)?;
        apply(base, delta, &pieces, size, &mut out);
        Ok(out)
    }

    #[test]
    fn copies_and_inserts_make_the_object() {
        // Base of 10, object of 8: copy 0..4, insert "xy", copy 8..10.
        let delta = [10, 8, 0x90, 4, 2, b'x', b'y', 0x91, 8, 2];
        assert_eq!(whole(b"0123456789", &delta).expect("it is sound"), b"0123xy89");
    }

    #[test]
    fn neighbouring_copies_are_one_piece() {
        let mut pieces = Vec::new();
        let delta = [10, 8, 0x90, 4, 0x91, 4, 4];
        read(&delta, 10, &mut pieces).expect("it is sound");
        assert_eq!(pieces, [Piece { at: 0, len: 8, from: Source::Base(0) }]);
    }

    #[test]
    fn damaged_deltas_are_refused() {
        for delta in [
            &[10][..],
            &[9, 4, 0x90, 4],
            &[10, 4, 0x91, 8, 4],
            &[10, 4, 0],
            &[10, 4, 5, 1],
            &[10, 4, 0x90, 8],
            &[10, 9, 0x90, 4],
            &[10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        ] {
            assert!(whole(b"0123456789", delta).is_err(), "{delta:?}");
        }
    }
}
