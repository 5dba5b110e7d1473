//! What a tool behind its fence can still tell a test: lines into a file that was open before.

use std::{
    fs::File,
    os::fd::{AsRawFd as _, OwnedFd},
    path::Path,
};

pub struct Witness {
    inherited: OwnedFd,
}

impl Witness {
    /// Every process that this one starts from now on inherits the file.
    pub fn writing(path: &Path) -> Self {
        let file = File::options()
            .create(true)
            .append(true)
            .open(path)
            .expect("a file for what is told");
        // Unlike the library's own, this one is not closed on the way to another program.
        Self {
            inherited: rustix::io::dup(file).expect("a second number for the file"),
        }
    }

    /// For scripts of bash; other shells know single digits only.
    pub fn redirection(&self) -> String {
        format!(">&{}", self.inherited.as_raw_fd())
    }
}
