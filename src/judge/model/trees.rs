//! Boosted decision trees over bytes, read from the weights that `tools/model/train.py` writes.
//!
//! The sum of one leaf of each tree is the log-odds that a candidate is a secret. Integers only, so that every machine gives the
//! same verdicts.

use super::features::COUNT;
use std::sync::LazyLock;

pub(super) static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// What the file of weights begins with.
const MARK: &[u8] = b"caulk-trees-1\n";

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

/// Trees, and the scores from which on a value is worth reporting.
#[derive(Debug)]
pub(super) struct Trees {
    nodes: Vec<Node>,
    roots: Vec<u32>,
    bias: i32,
    /// Least scores of low, medium and high confidence.
    pub(super) least: [i32; 3],
}

/// The trained trees.
pub(super) static TREES: LazyLock<Trees> = LazyLock::new(|| Trees::read(WEIGHTS).unwrap_or_else(Trees::none));

impl Trees {
    /// No trees: nothing is a secret.
    const fn none() -> Self {
        Self { nodes: Vec::new(), roots: Vec::new(), bias: i32::MIN, least: [i32::MAX; 3] }
    }

    /// Reads weights; `None` if they are not for these features.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (head, mut rest) = bytes.strip_prefix(MARK)?.split_at_checked(19)?;
        let number = |at: usize| Some(i32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
        if usize::from(head[0]) != COUNT {
            return None;
        }
        let trees = u16::from_le_bytes([head[1], head[2]]);
        let mut found = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            bias: number(3)?,
            least: [number(7)?, number(11)?, number(15)?],
        };
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
        (rest.is_empty() && found.nodes.iter().all(fits)).then_some(found)
    }

    /// The score of `features`.
    pub(super) fn score(&self, features: &[u8; COUNT]) -> i32 {
        let mut score = self.bias;
        for &root in &self.roots {
            let mut at = root as usize;
            loop {
                let node = self.nodes[at];
                if node.feature == LEAF {
                    score += i32::from(node.value);
                    break;
                }
                at = Self::next(&node, at, root, features);
            }
        }
        score
    }

    /// How much each feature moved the score: what the mean changes by at each node that asks for it.
    pub(super) fn shares(&self, features: &[u8; COUNT]) -> [i32; COUNT] {
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

    const fn next(node: &Node, at: usize, root: u32, features: &[u8; COUNT]) -> usize {
        if features[node.feature as usize] <= node.limit { at + 1 } else { root as usize + node.right as usize }
    }
}

/// The likelihood behind a score, in percent.
pub(super) fn percent(score: i32) -> u8 {
    let odds = (f64::from(score) / STEPS).exp();
    (odds / (1.0 + odds) * 100.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_for_these_features() {
        let trees = Trees::read(WEIGHTS).expect("the weights can be read");
        assert!(trees.roots.len() >= 50);
        assert!(trees.least.windows(2).all(|two| two[0] < two[1]), "{:?}", trees.least);
        let right = |node: &Node| node.feature == LEAF || node.right > 1;
        assert!(trees.nodes.iter().all(right));
    }

    #[test]
    fn shares_sum_to_the_score() {
        let trees = Trees::read(WEIGHTS).expect("the weights can be read");
        for seed in 0..50_usize {
            let features: [u8; COUNT] = std::array::from_fn(|at| (at * 37 + seed * 11) as u8);
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
