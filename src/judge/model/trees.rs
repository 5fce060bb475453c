//! Boosted decision trees over bytes, read from the weights that `tools/model/train.py` writes.
//!
//! The sum of one leaf of each tree is the log-odds that a candidate is a secret. Integers only, so that every machine gives the
//! same verdicts.

use super::features::{COUNT, Features};
use std::sync::LazyLock;

pub(super) static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// What the file of weights begins with.
const MARK: &[u8] = b"caulk-trees-3\n";

/// Log-odds are kept in steps of this part of one.
const STEPS: f64 = 512.0;

/// The feature of a leaf.
const LEAF: u8 = u8::MAX;

/// Bytes of a node in the file.
const NODE: usize = 5;

/// One node: to the next if the feature is at most the limit, else to `right`.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u8,
    limit: u8,
    /// Counted from the root of the tree.
    right: u8,
    /// The mean of what is below it.
    value: i16,
}

/// Most decisions from a root to a leaf.
const DEPTH: usize = 6;

/// Trees that are walked side by side, so that the steps of one need not wait for those of another.
const ABREAST: usize = 8;

/// A tree in which every leaf is [`DEPTH`] decisions away, so that nothing has to be guessed on the way: below the test `at` are
/// those at twice `at` and one more.
#[derive(Clone, Debug)]
struct Full {
    /// Feature and limit; the first is at 1.
    tests: [(u8, u8); 1 << DEPTH],
    leaves: [i16; 1 << DEPTH],
}

/// Trees, and the scores from which on a value is worth reporting.
#[derive(Debug)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    roots: Vec<u32>,
    /// The same trees as they are walked.
    full: Vec<[Full; ABREAST]>,
    /// The least scores, after so many steps, of what got to low confidence in training.
    hopes: Vec<i32>,
    /// How many of `full` ask for nothing that stands around.
    near: usize,
    bias: i32,
    /// Least scores of low, medium and high confidence.
    pub(super) least: [i32; 3],
}

/// The trained trees.
pub(super) static TREES: LazyLock<Trees> = LazyLock::new(|| Trees::read(WEIGHTS).unwrap_or_else(Trees::none));

impl Trees {
    /// No trees: nothing is a secret.
    const fn none() -> Self {
        Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            full: Vec::new(),
            hopes: Vec::new(),
            near: 0,
            bias: i32::MIN,
            least: [i32::MAX; 3],
        }
    }

    /// Reads weights; `None` if they are not for these features.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (head, mut rest) = bytes.strip_prefix(MARK)?.split_at_checked(20)?;
        let number = |at: usize| Some(i32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
        if usize::from(head[0]) != COUNT {
            return None;
        }
        let trees = u16::from_le_bytes([head[1], head[2]]);
        let mut found = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            full: Vec::new(),
            hopes: Vec::new(),
            near: usize::from(head[3]),
            bias: number(4)?,
            least: [number(8)?, number(12)?, number(16)?],
        };
        for _ in 0..usize::from(trees).div_ceil(ABREAST) {
            let (hope, behind) = rest.split_first_chunk()?;
            found.hopes.push(i32::from_le_bytes(*hope));
            rest = behind;
        }
        for _ in 0..trees {
            let (&count, nodes) = rest.split_first()?;
            let (nodes, behind) = nodes.split_at_checked(usize::from(count) * NODE)?;
            found.roots.push(u32::try_from(found.nodes.len()).ok()?);
            found.nodes.extend(nodes.chunks_exact(NODE).map(|node| Node {
                feature: node[0],
                limit: node[1],
                right: node[2],
                value: i16::from_le_bytes([node[3], node[4]]),
            }));
            rest = behind;
        }
        let fits = |node: &Node| node.feature == LEAF || usize::from(node.feature) < COUNT;
        (rest.is_empty() && found.nodes.iter().all(fits)).then_some(())?;
        found.fill()?;
        Some(found)
    }

    /// Lays out the trees to be walked; `None` if one of them is too deep.
    fn fill(&mut self) -> Option<()> {
        for roots in self.roots.chunks(ABREAST) {
            let mut abreast = std::array::from_fn(|_| Full::nothing());
            for (full, &root) in abreast.iter_mut().zip(roots) {
                self.fill_below(full, root, root as usize, 1)?;
            }
            self.full.push(abreast);
        }
        Some(())
    }

    /// Lays out what is below the node `at` of the tree at `root`, from the test `place` on.
    fn fill_below(&self, full: &mut Full, root: u32, at: usize, place: usize) -> Option<()> {
        let node = self.nodes.get(at)?;
        if node.feature == LEAF {
            let below = DEPTH - place.ilog2() as usize;
            let first = (place << below) - full.leaves.len();
            full.leaves[first..first + (1 << below)].fill(node.value);
            return Some(());
        }
        *full.tests.get_mut(place)? = (node.feature, node.limit);
        self.fill_below(full, root, at + 1, place * 2)?;
        self.fill_below(full, root, root as usize + usize::from(node.right), place * 2 + 1)
    }

    /// The score of `features`.
    pub(super) fn score(&self, features: &Features) -> i32 {
        self.bias + self.full.iter().map(|abreast| walk(abreast, features)).sum::<i32>()
    }

    /// The score of `features`, or `None` as soon as it is plain that it will not reach low confidence; `look_around` is called only
    /// where that is not plain without.
    pub(super) fn promising(&self, features: &mut Features, look_around: impl FnOnce(&mut Features)) -> Option<i32> {
        let mut score = self.bias;
        let mut look_around = Some(look_around);
        for (at, (abreast, &hope)) in self.full.iter().zip(&self.hopes).enumerate() {
            if at >= self.near
                && let Some(look_around) = look_around.take()
            {
                look_around(features);
            }
            score += walk(abreast, features);
            if score < hope {
                return None;
            }
        }
        Some(score)
    }

    /// How much each feature moved the score: what the mean changes by at each node that asks for it.
    pub(super) fn shares(&self, features: &Features) -> [i32; COUNT] {
        let mut shares = [0; COUNT];
        for &root in &self.roots {
            let mut at = root as usize;
            while self.nodes[at].feature != LEAF {
                let node = self.nodes[at];
                let next = Self::next(&node, at, root, features);
                shares[usize::from(node.feature)] += i32::from(self.nodes[next].value) - i32::from(node.value);
                at = next;
            }
        }
        shares
    }

    const fn next(node: &Node, at: usize, root: u32, features: &Features) -> usize {
        if features.at(node.feature) <= node.limit { at + 1 } else { root as usize + node.right as usize }
    }
}

impl Full {
    /// A tree that says nothing.
    const fn nothing() -> Self {
        // No byte is above the limit.
        Self { tests: [(0, u8::MAX); 1 << DEPTH], leaves: [0; 1 << DEPTH] }
    }
}

/// The sum of the leaves that the trees come to.
fn walk(abreast: &[Full; ABREAST], features: &Features) -> i32 {
    let mut places = [1; ABREAST];
    for _ in 0..DEPTH {
        for (place, tree) in places.iter_mut().zip(abreast) {
            let (feature, limit) = tree.tests[*place & ((1 << DEPTH) - 1)];
            *place = *place * 2 + usize::from(features.at(feature) > limit);
        }
    }
    places.iter().zip(abreast).map(|(place, tree)| i32::from(tree.leaves[place & ((1 << DEPTH) - 1)])).sum()
}

/// The likelihood behind a score, in percent.
pub(super) fn percent(score: i32) -> u8 {
    let odds = (f64::from(score) / STEPS).exp();
    (odds / (1.0 + odds) * 100.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::model::features::AROUND;

    #[test]
    fn the_weights_are_for_these_features() {
        let trees = Trees::read(WEIGHTS).expect("the weights can be read");
        assert!(trees.roots.len() >= 50);
        assert!(trees.least.windows(2).all(|two| two[0] < two[1]), "{:?}", trees.least);
        let right = |node: &Node| node.feature == LEAF || node.right > 1;
        assert!(trees.nodes.iter().all(right));
    }

    #[test]
    fn the_first_trees_ask_for_nothing_around() {
        let trees = Trees::read(WEIGHTS).expect("the weights can be read");
        let mut features = Features::from_bytes([0; 1 << u8::BITS]);
        let mut looked = 0;
        trees.promising(&mut features, |_| looked += 1);
        assert!(looked <= 1 && 0 < trees.near && trees.near < trees.full.len());
        let rest = trees.roots.get(trees.near * ABREAST).map_or(trees.nodes.len(), |root| *root as usize);
        let near = |node: &Node| node.feature == LEAF || usize::from(node.feature) < AROUND;
        assert!(trees.nodes[..rest].iter().all(near) && !trees.nodes[rest..].iter().all(near));
    }

    #[test]
    fn shares_sum_to_the_score() {
        let trees = Trees::read(WEIGHTS).expect("the weights can be read");
        for seed in 0..50_usize {
            let features = Features::from_bytes(std::array::from_fn(|at| (at * 37 + seed * 11) as u8));
            let roots: i32 = trees.roots.iter().map(|&root| i32::from(trees.nodes[root as usize].value)).sum();
            let sum = trees.bias + roots + trees.shares(&features).iter().sum::<i32>();
            assert_eq!(sum, trees.score(&features));
        }
    }

    #[test]
    fn weights_that_are_cut_are_refused() {
        assert!((0..WEIGHTS.len()).step_by(97).all(|end| Trees::read(&WEIGHTS[..end]).is_none()));
    }

    #[test]
    fn percentages_are_monotone() {
        assert_eq!([percent(-100_000), percent(0), percent(100_000)], [0, 50, 100]);
    }
}
