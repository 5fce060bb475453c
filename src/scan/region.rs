//! Parts of blobs: could anything be reported in a stretch of text that was cut out?
//!
//! For sources that know which part of a blob is new. The answer errs on one side only: where nothing is seen here, nothing would be
//! reported in the whole blob for anything that lies within [`REACH`](crate::detect::REACH) of the new bytes.

use super::scanner::Scanner;
use super::workspace::Lanes;
use crate::blob::Chunk;
use crate::detect::{Candidate, Focus};
use crate::judge::Judged;

/// What a part of a blob holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Something that would be reported, or might be if more of the text were known.
    pub(crate) findings: bool,
    /// Something that takes more text than [`REACH`](crate::detect::REACH) to decide about: only a scan of the whole blob tells.
    pub(crate) wide: bool,
}

impl Scanner {
    /// What `chunk` holds that anything in `focus` decides about.
    pub(crate) fn look(&self, chunk: &Chunk<'_>, focus: Focus<'_>, lanes: &mut Lanes) -> Seen {
        lanes.candidates.clear();
        self.detector.detect(chunk, focus, &mut lanes.scratch, &mut lanes.candidates);
        let wide = lanes.scratch.wide();
        let decoded = self.decoded(chunk, &lanes.scratch.encoded);
        let enough = |judged: &[Judged]| judged.iter().any(|one| one.confidence >= self.least);
        // Each candidate alone, since which of them would win does not matter.
        let alone = |candidate: &Candidate| self.judge.judge(chunk, std::slice::from_ref(candidate), Vec::new());
        // What is nothing alone is nothing beside others.
        let mut something = !decoded.is_empty();
        let alone = enough(&decoded)
            || lanes.candidates.iter().any(|candidate| {
                let judged = alone(candidate);
                something |= !judged.is_empty();
                enough(&judged)
            });
        Seen { findings: alone || something && self.holds_enough(chunk, lanes), wide }
    }

    /// Would anything in `chunk` be reported, new or not? Candidates can make each other surer.
    fn holds_enough(&self, chunk: &Chunk<'_>, lanes: &mut Lanes) -> bool {
        lanes.candidates.clear();
        self.detector.detect(chunk, Focus::EVERYTHING, &mut lanes.scratch, &mut lanes.candidates);
        let decoded = self.decoded(chunk, &lanes.scratch.encoded);
        self.judge.judge(chunk, &lanes.candidates, decoded).iter().any(|one| one.confidence >= self.least)
    }

    /// Did the last blob scanned with `lanes` hold something that takes more text than [`REACH`](crate::detect::REACH) to decide about?
    pub(crate) fn saw_wide(&self, lanes: &Lanes) -> bool {
        lanes.scratch.wide()
    }
}
