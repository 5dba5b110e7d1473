//! What the program was started with: by a person, by the desktop entry, or by a second start of itself.

use std::path::{Path, PathBuf};

use crate::file_address;

/// The words after the program's name, understood.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Start in the tray without a window (the session's autostart does this).
    pub hidden: bool,
    pub print: Option<Print>,
    /// Files to add, absolute.
    pub files: Vec<PathBuf>,
    /// Options we do not know. They are told to the user but stop nothing: a second start must still open the window.
    pub unknown: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Print {
    Help,
    Version,
}

pub const HELP: &str = "\
Daypart publishes your short videos on time, from the system tray.

Usage: daypart-desktop [--hidden] [FILE…]

  FILE…      add these video files (a running Daypart takes them)
  --hidden   start in the tray, without a window
  --version  print the version
  --help     print this text

Without a window, use the program `daypart`.";

impl Arguments {
    /// Reads `words` (without the program's name). Relative files are taken from `folder`, the folder that the
    /// program was started in; `file:` addresses, as file managers pass them, become paths.
    pub fn parse(words: impl IntoIterator<Item = String>, folder: &Path) -> Self {
        let mut parsed = Self::default();
        let mut only_files = false;
        for word in words {
            match word.as_str() {
                _ if only_files => parsed.files.push(absolute(&word, folder)),
                "--" => only_files = true,
                "--hidden" => parsed.hidden = true,
                "--help" | "-h" => parsed.print = Some(Print::Help),
                "--version" | "-V" => parsed.print = Some(Print::Version),
                option if option.starts_with('-') && option.len() > 1 => parsed.unknown.push(word),
                _ => parsed.files.push(absolute(&word, folder)),
            }
        }
        parsed
    }
}

fn absolute(word: &str, folder: &Path) -> PathBuf {
    file_address::path_of(word).unwrap_or_else(|| folder.join(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Arguments {
        Arguments::parse(
            words.iter().map(|word| (*word).to_owned()),
            Path::new("/home/ada/Videos"),
        )
    }

    #[test]
    fn a_relative_file_is_taken_from_the_folder_of_the_start() {
        assert_eq!(
            parse(&["clip one.mp4"]).files,
            [PathBuf::from("/home/ada/Videos/clip one.mp4")]
        );
    }

    #[test]
    fn an_absolute_file_stays_as_it_is() {
        assert_eq!(
            parse(&["/mnt/card/a.mov"]).files,
            [PathBuf::from("/mnt/card/a.mov")]
        );
    }

    #[test]
    fn a_file_address_of_a_file_manager_becomes_a_path() {
        assert_eq!(
            parse(&["file:///home/ada/Vid%C3%A9os/a%20b.mp4"]).files,
            [PathBuf::from("/home/ada/Vidéos/a b.mp4")]
        );
    }

    #[test]
    fn hidden_is_an_option_and_not_a_file() {
        let parsed = parse(&["--hidden"]);
        assert!(parsed.hidden);
        assert!(parsed.files.is_empty());
    }

    #[test]
    fn everything_after_two_dashes_is_a_file() {
        assert_eq!(
            parse(&["--", "--hidden"]).files,
            [PathBuf::from("/home/ada/Videos/--hidden")]
        );
    }

    #[test]
    fn an_unknown_option_is_told_and_never_becomes_a_file() {
        let parsed = parse(&["--nonsense", "a.mp4"]);
        assert_eq!(parsed.unknown, ["--nonsense"]);
        assert_eq!(parsed.files.len(), 1);
    }
}
