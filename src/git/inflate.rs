//! Inflating, with the sizes that git's headers promise held against what comes out.

use super::MAX_OBJECT;
use libdeflater::{DecompressionError, Decompressor};

/// Most bytes that one compressed byte can become in DEFLATE.
const MAX_RATIO: usize = 1032;

/// Room for what comes out of a stream whose content is not wanted.
const SPARE: usize = 1 << 16;

/// Why a stream did not inflate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InflateError {
    /// Not a zlib stream, or cut off, or its checksum is wrong.
    Corrupt,
    /// The end is not there.
    Cut,
    /// Something else comes out than was promised.
    WrongSize,
    /// More than is read.
    Huge,
}

impl InflateError {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Corrupt | Self::Cut => "its compressed data is damaged",
            Self::WrongSize => "it does not have the size it claims",
            Self::Huge => "it claims to be larger than 1 GiB",
        }
    }
}

/// A reusable inflater.
pub struct Inflater(Decompressor);

impl Default for Inflater {
    fn default() -> Self {
        Self(Decompressor::new())
    }
}

impl Inflater {
    /// Inflates the zlib stream at the beginning of `input`, which holds `size` bytes, into `out`.
    ///
    /// # Errors
    /// The stream is damaged, or does not hold `size` bytes.
    pub fn exact(&mut self, input: &[u8], size: u64, out: &mut Vec<u8>) -> Result<(), InflateError> {
        let size = usize::try_from(size).ok().filter(|size| *size <= MAX_OBJECT).ok_or(InflateError::Huge)?;
        // A promise that this much input cannot keep gets no memory.
        if size > input.len().saturating_mul(MAX_RATIO) {
            return Err(InflateError::WrongSize);
        }
        out.clear();
        out.resize(size, 0);
        match self.0.zlib_decompress(input, out) {
            Ok(written) if written == size => Ok(()),
            Ok(_) | Err(DecompressionError::InsufficientSpace) => Err(InflateError::WrongSize),
            Err(DecompressionError::BadData) => Err(InflateError::Corrupt),
        }
    }

    /// Inflates a zlib stream of unknown size.
    ///
    /// # Errors
    /// The stream is damaged, or holds more than is read.
    pub fn unknown(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(), InflateError> {
        let limit = MAX_OBJECT.min(input.len().saturating_mul(MAX_RATIO));
        let mut room = input.len().saturating_mul(4).clamp(4096, limit.max(4096));
        loop {
            out.resize(room, 0);
            match self.0.zlib_decompress(input, out) {
                Ok(written) => {
                    out.truncate(written);
                    return Ok(());
                }
                Err(DecompressionError::BadData) => return Err(InflateError::Corrupt),
                Err(DecompressionError::InsufficientSpace) if room >= limit => return Err(InflateError::Huge),
                Err(DecompressionError::InsufficientSpace) => room = room.saturating_mul(4).min(limit),
            }
        }
    }
}

/// How much of `input` the zlib stream at its beginning takes, which holds `size` bytes.
///
/// # Errors
/// It is damaged, or does not hold them, or `input` ends before it does.
pub fn stream_len(input: &[u8], size: u64) -> Result<usize, InflateError> {
    let mut inflate = flate2::Decompress::new(true);
    let mut out = vec![0; usize::try_from(size).unwrap_or(SPARE).saturating_add(1).min(SPARE)];
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let rest = usize::try_from(read).ok().and_then(|read| input.get(read..)).unwrap_or_default();
        let status = inflate.decompress(rest, &mut out, flate2::FlushDecompress::None);
        let status = status.map_err(|_| InflateError::Corrupt)?;
        if inflate.total_out() > size {
            return Err(InflateError::WrongSize);
        }
        if status == flate2::Status::StreamEnd {
            let whole = inflate.total_out() == size;
            return if whole { Ok(inflate.total_in() as usize) } else { Err(InflateError::WrongSize) };
        }
        if (inflate.total_in(), inflate.total_out()) == (read, written) {
            return Err(if rest.is_empty() { InflateError::Cut } else { InflateError::Corrupt });
        }
    }
}
