//! Clips made by ffmpeg, by the recipes of MEDIA.md §7, each in a folder of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use daypart_domain::{media_info::MediaInfo, problem::Problem};
use daypart_media::{Media, MediaToolbox};
use daypart_ports::media::MediaProbe as _;
use tempfile::TempDir;

/// A folder for one test.
pub struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs ffmpeg in the folder; `arguments` are split at spaces.
    pub fn ffmpeg(&self, arguments: &str) -> &Self {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        run_ffmpeg(self.folder.path(), &arguments);
        self
    }

    /// Like [`Self::ffmpeg`], with `base.mp4` (640 × 360, 30 fps, 4 s, AAC, index first) in the folder.
    pub fn with_base(self) -> Self {
        std::fs::copy(base(), self.path("base.mp4")).expect("base clip copied");
        self
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("file written");
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("file read")
    }

    /// Every name in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .expect("folder listed")
            .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub async fn probe(&self, name: &str) -> Result<MediaInfo, Problem> {
        media().probe(&self.path(name)).await
    }

    pub async fn info(&self, name: &str) -> MediaInfo {
        self.probe(name).await.expect("a video")
    }

    pub async fn refusal(&self, name: &str) -> Problem {
        self.probe(name).await.expect_err("a refusal")
    }
}

pub fn media() -> Media {
    Media::new(MediaToolbox::locate())
}

/// Measures what needs no tool, and nothing else.
pub fn without_tools() -> Media {
    Media::new(MediaToolbox::in_folder("/nothing/here"))
}

const BASE_RECIPE: &str = "-f lavfi -i testsrc2=s=640x360:r=30:d=4 -f lavfi -i sine=f=440:r=48000:d=4 \
    -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest -movflags +faststart";

/// Made once for all tests of this run; removed with the process's temporary folder.
fn base() -> &'static Path {
    static BASE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BASE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let arguments: Vec<&str> = BASE_RECIPE.split_whitespace().chain(["base.mp4"]).collect();
        run_ffmpeg(folder.path(), &arguments);
        let path = folder.path().join("base.mp4");
        (folder, path)
    });
    path
}

fn run_ffmpeg(folder: &Path, arguments: &[&str]) {
    let output = Command::new("ffmpeg")
        .current_dir(folder)
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments)
        .output()
        .expect("ffmpeg is installed");
    assert!(
        output.status.success(),
        "recipe failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Replaces the bytes after each occurrence of a box's name.
pub fn patch_after(bytes: &mut [u8], name: &[u8; 4], skip: usize, with: &[u8]) {
    let places: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| window == name)
        .map(|(place, _)| place + 4 + skip)
        .collect();
    assert!(!places.is_empty(), "no such box in the clip");
    for place in places {
        bytes[place..place + with.len()].copy_from_slice(with);
    }
}

/// A file of the Debian package `forensics-samples-files` (CC-BY-SA-4.0).
pub fn footage(name: &str) -> PathBuf {
    let path = Path::new("/usr/share/forensics-samples/original-files").join(name);
    assert!(
        path.exists(),
        "install the Debian package forensics-samples-files to run this test"
    );
    path
}
