//! How many tests a program says it ran.

use std::{fmt, ops::Add};

/// Passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

impl Counts {
    /// Adds up what cargo test, vitest, Playwright and our own runners print; everything else is passed over.
    pub fn read(printed: &str) -> Self {
        printed
            .lines()
            .map(|line| Self::read_line(&plain(line)))
            .fold(Self::default(), Add::add)
    }

    /// A command that counts nothing is one test.
    pub fn or_one_passed(self) -> Self {
        if self == Self::default() {
            Self { passed: 1, failed: 0 }
        } else {
            self
        }
    }

    /// A failure that no test stands for (a build, a crash) counts as one.
    pub fn or_one_failed(self) -> Self {
        Self {
            failed: self.failed.max(1),
            ..self
        }
    }

    fn read_line(line: &str) -> Self {
        let line = line.trim();
        let counted = if let Some(rest) = line.strip_prefix("test result:") {
            rest.split_once(". ").map_or("", |(_, counts)| counts)
        } else if let Some(rest) = line.strip_prefix("Tests ") {
            rest
        } else if line.chars().next().is_some_and(|first| first.is_ascii_digit()) {
            line
        } else {
            return Self::default();
        };
        let number_before = |word: &str| {
            let words: Vec<&str> = counted
                .split([' ', ';', ',', '|', '('])
                .filter(|w| !w.is_empty())
                .collect();
            words
                .windows(2)
                .find(|pair| pair[1] == word)
                .and_then(|pair| pair[0].parse().ok())
                .unwrap_or(0)
        };
        Self {
            passed: number_before("passed"),
            failed: number_before("failed"),
        }
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Without terminal colours.
fn plain(line: &str) -> String {
    let mut rest = line.chars();
    let mut plain = String::with_capacity(line.len());
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(printed: &str, passed: u32, failed: u32) {
        assert_eq!(Counts::read(printed), Counts { passed, failed }, "{printed}");
    }

    #[test]
    fn cargo_test_binaries_are_added_up() {
        check(
            "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; finished in 0.01s\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n",
            4,
            2,
        );
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        check(
            " Test Files  3 passed (3)\n      Tests  1 failed | 26 passed (27)\n",
            26,
            1,
        );
    }

    #[test]
    fn playwright_and_colours_are_read() {
        check(
            "\n  \u{1b}[31m1 failed\u{1b}[39m\n  \u{1b}[32m18 passed\u{1b}[39m (12.1s)\n",
            18,
            1,
        );
    }

    #[test]
    fn our_own_runners_say_it_in_one_line() {
        check("7 passed, 0 failed\n", 7, 0);
    }

    #[test]
    fn a_step_without_tests_is_one() {
        assert_eq!(
            Counts::read("Compiling daypart\n").or_one_passed(),
            Counts { passed: 1, failed: 0 }
        );
        assert_eq!(
            Counts::read("error: x\n").or_one_failed(),
            Counts { passed: 0, failed: 1 }
        );
    }
}
