//! Chance that replays: what falls depends on the seed and on what it is about, never on who asked first.

use std::hash::{Hash, Hasher};

/// One seed.
#[derive(Debug, Clone, Copy)]
pub struct Dice(pub u64);

/// Numbers about one thing, one after another (SplitMix64).
#[derive(Debug, Clone)]
pub struct Roll(u64);

impl Dice {
    pub fn about(self, what: impl Hash) -> Roll {
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325 ^ self.0);
        what.hash(&mut hasher);
        Roll(hasher.finish())
    }
}

impl Roll {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In `0..below`.
    pub fn below(&mut self, below: u64) -> u64 {
        self.number() % below
    }

    /// True in `of_thousand` of a thousand cases.
    pub fn happens(&mut self, of_thousand: u64) -> bool {
        self.below(1000) < of_thousand
    }

    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// FNV-1a: the same in every build, which the standard hasher does not promise.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
