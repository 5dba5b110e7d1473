//! Clips: real video made by ffmpeg, padded where a test needs many bytes.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

/// A file to post.
#[derive(Debug, Clone)]
pub struct Clip {
    pub path: PathBuf,
}

/// What the clip is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// H.264 and AAC in an MP4 with its index first: complies everywhere as it is.
    Compliant,
    /// Its index stands at the end, so that half of it is no video.
    IndexLast,
    /// Long and in an old codec, so that converting it takes a while.
    OldCodec,
}

impl Clip {
    /// Makes a clip of `kind` at `path`.
    pub fn make(path: &Path, kind: Kind) -> Self {
        let (picture, codec): (&str, &[&str]) = match kind {
            Kind::Compliant => (
                "testsrc2=size=360x640:rate=30:duration=4",
                &[
                    "-c:v",
                    "libx264",
                    "-preset",
                    "ultrafast",
                    "-c:a",
                    "aac",
                    "-movflags",
                    "+faststart",
                ],
            ),
            Kind::IndexLast => (
                "testsrc2=size=360x640:rate=30:duration=4",
                &["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"],
            ),
            Kind::OldCodec => (
                "testsrc2=size=720x1280:rate=30:duration=8",
                &["-c:v", "mpeg4", "-q:v", "4", "-c:a", "libmp3lame"],
            ),
        };
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-f", "lavfi", "-i", picture])
            .args([
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=440:sample_rate=48000",
                "-shortest",
                "-pix_fmt",
                "yuv420p",
            ])
            .args(codec)
            .arg(path)
            .output()
            .expect("ffmpeg is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self {
            path: path.to_owned(),
        }
    }

    /// A compliant clip of about `size_bytes`: a real video with a `free` box behind it. No two stretches of the
    /// padding are alike, so that bytes at a wrong place are noticed.
    pub fn padded(path: &Path, size_bytes: u64) -> Self {
        let clip = Self::make(path, Kind::Compliant);
        let padding = size_bytes - fs::metadata(path).unwrap().len();
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(&u32::try_from(padding).unwrap().to_be_bytes())
            .unwrap();
        file.write_all(b"free").unwrap();
        let mut left = padding - 8;
        let mut block = [0u8; 4096];
        for number in 0u64.. {
            if left == 0 {
                break;
            }
            let mark = Sha256::digest(number.to_be_bytes());
            for part in block.chunks_mut(mark.len()) {
                part.copy_from_slice(&mark);
            }
            let length = left.min(block.len() as u64);
            file.write_all(&block[..length as usize]).unwrap();
            left -= length;
        }
        clip
    }

    /// As the ledger writes it.
    pub fn sha256(&self) -> String {
        let mut file = File::open(&self.path).unwrap();
        let mut hash = Sha256::new();
        let mut block = vec![0u8; 1 << 20];
        loop {
            let length = file.read(&mut block).unwrap();
            if length == 0 {
                return hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            }
            hash.update(&block[..length]);
        }
    }

    pub fn size_bytes(&self) -> u64 {
        fs::metadata(&self.path).unwrap().len()
    }

    pub fn text(&self) -> &str {
        self.path.to_str().unwrap()
    }
}
