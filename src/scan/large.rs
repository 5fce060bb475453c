//! Files and streams: small ones whole, large ones in chunks that overlap by what can decide about a finding.

use super::chunks::{Follows, Part, RawChunk};
use super::scanner::{Progress, Scanner};
use super::workspace::Workspace;
use crate::blob::decode::{self, Utf16};
use crate::blob::{FileKind, Origin};
use crate::detect::MARGIN;
use crate::finding::Finding;
use crate::source::files::FileEntry;
use crate::source::open::{self, OpenFile};
use crate::source::{NoVisitor, Skip, SkipReason, Visitor};
use rayon::prelude::*;
use std::io::{self, Read};
use std::sync::atomic::Ordering;

/// Bytes of a large file that one chunk owns; even, so that UTF-16 is not cut.
const CHUNK: usize = 1 << 20;

/// First guess for a file that does not tell its length.
const PAGE: usize = 4096;

/// What became of one file.
#[derive(Default)]
pub(super) struct FileResult {
    pub(super) findings: Vec<Finding>,
    pub(super) bytes: u64,
    pub(super) skip: Option<Skip>,
}

/// What the beginning of a file told.
enum Start {
    /// It was all of it.
    Whole(FileResult),
    /// There is more.
    Large(FileKind, Option<Utf16>),
}

impl Scanner {
    /// The findings in a file of any size, and why it could not be read as a whole.
    pub(crate) fn scan_whole_file(&self, file: &FileEntry) -> (Vec<Finding>, Option<SkipReason>) {
        let result = self.scan_file(file, &Progress::default(), &NoVisitor);
        (result.findings, result.skip.map(|skip| skip.reason))
    }

    /// Scans one file, in parallel if it is large.
    pub(super) fn scan_file(&self, file: &FileEntry, progress: &Progress, visitor: &dyn Visitor) -> FileResult {
        let opened = OpenFile::open(&file.path, file.follow);
        let result = opened.and_then(|opened| {
            let start = self.workspaces.with(|workspace| self.scan_start(file, &opened, workspace, visitor));
            match start.map_err(|error| open::reason(&error))? {
                Start::Whole(result) => Ok(result),
                Start::Large(kind, utf16) => {
                    visitor.large(&file.origin, kind);
                    Ok(self.scan_large(file, &opened, kind, utf16))
                }
            }
        });
        let result =
            result.unwrap_or_else(|reason| FileResult { skip: Some(skip(file, reason)), ..FileResult::default() });
        progress.files.fetch_add(1, Ordering::Relaxed);
        progress.bytes.fetch_add(result.bytes, Ordering::Relaxed);
        result
    }

    /// Reads the beginning of a file, and scans it if that is all of it.
    fn scan_start(
        &self,
        file: &FileEntry,
        opened: &OpenFile,
        workspace: &mut Workspace,
        visitor: &dyn Visitor,
    ) -> io::Result<Start> {
        let buffer = &mut workspace.buffer;
        // One byte more than the file says it has, so that its end is seen with the first read.
        let expected = usize::try_from(opened.len).unwrap_or(usize::MAX).saturating_add(1);
        let mut room = expected.clamp(PAGE, CHUNK + MARGIN);
        let mut filled = 0;
        loop {
            buffer.resize(buffer.len().max(room), 0);
            filled += opened.fill(&mut buffer[filled..room], filled as u64)?;
            if filled < room {
                break;
            }
            if room == CHUNK + MARGIN {
                let start = &buffer[..decode::SNIFF];
                return Ok(Start::Large(FileKind::of(file.origin.key.bytes(), start), decode::sniff_utf16(start)));
            }
            // It has grown, or it never told its length.
            room = CHUNK + MARGIN;
        }
        let raw = RawChunk::whole(self.kind_of(&file.origin, &buffer[..filled]), &buffer[..filled]);
        visitor.file(&file.origin, raw.kind, raw.bytes);
        let part = self.scan_chunk(&raw, &mut workspace.lanes);
        let shrank = (filled as u64) < opened.len;
        let skip = shrank.then(|| skip(file, SkipReason::Shrank));
        Ok(Start::Whole(FileResult { findings: self.join(&file.origin, [part]), bytes: filled as u64, skip }))
    }

    /// Scans a large file in chunks, on as many threads as are free.
    fn scan_large(&self, file: &FileEntry, opened: &OpenFile, kind: FileKind, utf16: Option<Utf16>) -> FileResult {
        let chunks = usize::try_from(opened.len.max(CHUNK as u64).div_ceil(CHUNK as u64)).unwrap_or(usize::MAX);
        let scan = |chunk: usize| {
            let follows = if chunk + 1 < chunks { Follows::More } else { Follows::Nothing };
            self.workspaces.with(|workspace| {
                let first = chunk * CHUNK;
                let base = first.saturating_sub(MARGIN);
                let room = first - base + CHUNK + MARGIN;
                workspace.buffer.resize(workspace.buffer.len().max(room), 0);
                let filled = opened.fill(&mut workspace.buffer[..room], base as u64)?;
                let owned = (first - base).min(filled)..(first - base + CHUNK).min(filled);
                let read = owned.len() as u64;
                let raw = RawChunk { bytes: &workspace.buffer[..filled], owned, base, kind, utf16, follows };
                Ok((self.scan_chunk(&raw, &mut workspace.lanes), read))
            })
        };
        let parts: Vec<io::Result<(Part, u64)>> = (0..chunks).into_par_iter().map(scan).collect();
        let (mut bytes, mut reason) = (0, None);
        let parts = parts.into_iter().map(|part| match part {
            Ok((part, read)) => {
                bytes += read;
                part
            }
            Err(error) => {
                reason = Some(open::reason(&error));
                Part::default()
            }
        });
        let findings = self.join(&file.origin, parts);
        let reason = reason.or_else(|| (bytes < opened.len).then_some(SkipReason::Shrank));
        FileResult { findings, bytes, skip: reason.map(|reason| skip(file, reason)) }
    }

    /// Scans a stream of unknown length chunk by chunk.
    pub(super) fn scan_stream(
        &self,
        origin: &Origin,
        input: &mut impl Read,
        workspace: &mut Workspace,
        progress: &Progress,
    ) -> io::Result<Vec<Finding>> {
        let buffer = &mut workspace.buffer;
        buffer.resize(buffer.len().max(CHUNK + 2 * MARGIN), 0);
        let (mut parts, mut kind, mut utf16) = (Vec::new(), FileKind::UNKNOWN, None);
        // `base` is the offset of the buffer in the stream; `owned` is where the next chunk begins in the buffer.
        let (mut base, mut owned, mut filled) = (0, 0, 0);
        loop {
            let room = owned + CHUNK + MARGIN;
            let count = fill(input, &mut buffer[filled..room])?;
            filled += count;
            progress.bytes.fetch_add(count as u64, Ordering::Relaxed);
            if parts.is_empty() {
                let start = &buffer[..filled];
                (kind, utf16) = (self.kind_of(origin, start), decode::sniff_utf16(start));
            }
            let last = filled < room;
            let end = if last { filled } else { owned + CHUNK };
            let follows = if last { Follows::Nothing } else { Follows::More };
            let raw = RawChunk { bytes: &buffer[..filled], owned: owned.min(end)..end, base, kind, utf16, follows };
            parts.push(self.scan_chunk(&raw, &mut workspace.lanes));
            if last {
                return Ok(self.join(origin, parts));
            }
            let keep = end - MARGIN;
            buffer.copy_within(keep..filled, 0);
            (base, owned, filled) = (base + keep, MARGIN, filled - keep);
        }
    }
}

fn skip(file: &FileEntry, reason: SkipReason) -> Skip {
    Skip { path: file.origin.path.clone(), reason }
}

/// Fills `buffer` as far as `input` goes.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
