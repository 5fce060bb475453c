//! The trained model: how likely is it that a value without a shape of its own is a secret?
//!
//! Takes a candidate, gives a verdict and what counted. Trained by `tools/model/train.py` on the features that
//! [`features`] gives, so that training and use see the same.

pub mod features;
mod lexicon;
mod trees;
mod vocabulary;

use crate::finding::Confidence;
use features::{ABOUT, COUNT, Features, Subject};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::sync::LazyLock;

/// Most reasons that are given.
const REASONS: usize = 4;

/// What the model says of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// How sure it is.
    pub confidence: Confidence,
    /// The likelihood that it is a secret, in percent.
    pub percent: u8,
    /// What spoke for it, most important first.
    pub reasons: Vec<&'static str>,
}

/// A digest of everything the model has learned.
pub fn digest() -> [u8; 32] {
    Sha256::new().chain_update(trees::WEIGHTS).chain_update(lexicon::TABLES).finalize().into()
}

/// The opinion on `subject`; `None` if it is no secret.
pub fn opinion(subject: &Subject<'_>) -> Option<Opinion> {
    let trees = &*trees::TREES;
    let mut features = Features::near(subject);
    let score = trees.promising(&mut features, |features| features.look_around(subject))?;
    let confidence = match trees.least {
        [_, _, high] if score >= high => Confidence::High,
        [_, medium, _] if score >= medium => Confidence::Medium,
        [low, _, _] if score >= low => Confidence::Low,
        _ => return None,
    };
    Some(Opinion { confidence, percent: trees::percent(score), reasons: reasons(&trees.shares(&features)) })
}

/// For each feature the first that speaks of the same.
static SAME: LazyLock<[u8; COUNT]> =
    LazyLock::new(|| std::array::from_fn(|at| ABOUT.iter().position(|about| *about == ABOUT[at]).unwrap_or(at) as u8));

/// What moved the score up most; features that speak of the same count together.
fn reasons(shares: &[i32; COUNT]) -> Vec<&'static str> {
    let mut sums = [0; COUNT];
    for (share, same) in shares.iter().zip(SAME.iter()) {
        sums[usize::from(*same)] += share;
    }
    let mut found = Vec::with_capacity(REASONS);
    while found.len() < REASONS {
        // Of equal ones the first.
        let Some(best) = (0..COUNT).max_by_key(|at| (sums[*at], Reverse(*at))).filter(|at| sums[*at] > 0) else {
            break;
        };
        found.push(ABOUT[best]);
        sums[best] = 0;
    }
    found
}

/// How likely `subject` is a secret, in percent, and what spoke against it, most important first; for those who ask why it is none.
pub fn doubt(subject: &Subject<'_>) -> (u8, Vec<&'static str>) {
    let trees = &*trees::TREES;
    let features = Features::of(subject);
    let against = trees.shares(&features).map(std::ops::Neg::neg);
    (trees::percent(trees.score(&features)), reasons(&against))
}
