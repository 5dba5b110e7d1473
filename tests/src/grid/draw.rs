//! What a cell leaves open (which status, which byte) is drawn from the seed, so that a failure can be replayed.

use super::{Step, Trouble};

/// The draws of one cell: the same seed gives the same draws whatever else is played.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    pub fn of(seed: u64, step: Step, trouble: Trouble) -> Self {
        let place = (step as u64) << 8 | trouble as u64;
        Self(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `end`, which must not be zero.
    pub fn below(&mut self, end: u64) -> u64 {
        // SplitMix64: every seed is a good one, neighbours too.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 1
    }
}
