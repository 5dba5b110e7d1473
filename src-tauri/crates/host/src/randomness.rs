//! Randomness from the operating system.

use daypart_ports::randomness::Randomness;

/// The operating system's cryptographically secure source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    /// # Panics
    /// When the operating system has no randomness: no id or sign-in made after that could be trusted.
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(
            clippy::expect_used,
            reason = "every supported system has a source; guessing one would be worse"
        )]
        getrandom::fill(bytes).expect("the operating system gives no randomness");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        let (mut one, mut two) = ([0u8; 32], [0u8; 32]);
        OsRandomness.fill(&mut one);
        OsRandomness.fill(&mut two);
        assert_ne!(one, two);
    }
}
