//! A small seeded generator of random numbers, so that examples can be made again from their seed.

/// SplitMix64 (Steele, Lea and Flood 2014): a counter that is scrambled on the way out.
///
/// Every seed gives a full period of 2^64 numbers. For test data only: its output is easily predicted.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The generator that starts from `seed`; equal seeds give equal numbers.
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ self.state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number from zero up to, not including, `bound`; zero if `bound` is.
    pub fn below(&mut self, bound: usize) -> usize {
        // The high half of the product: free of division, and biased by less than bound / 2^64.
        let product = u128::from(self.bits()) * bound as u128;
        (product >> 64) as usize
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        let at = self.below(choices.len());
        choices.get(at).expect("there is something to choose from")
    }

    /// `count` random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.bits() >> 56) as u8).collect()
    }

    /// `count` letters out of `alphabet`, which must not be empty.
    pub fn letters(&mut self, alphabet: &[u8], count: usize) -> Vec<u8> {
        (0..count).map(|_| *self.pick(alphabet)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence_comes_out() {
        let mut random = Random::seeded(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_all_of_it() {
        let mut random = Random::seeded(1);
        let mut seen = [false; 7];
        for _ in 0..1000 {
            seen[random.below(7)] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!(random.below(0), 0);
    }
}
