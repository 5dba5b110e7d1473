//! Small real clips, made with ffmpeg.

use std::process::Command;

/// An MP4 with the given picture size, frame rate and length.
pub fn clip(size: &str, rate: u32, seconds: u32) -> Vec<u8> {
    clip_as(size, rate, seconds, "mp4")
}

/// The same in another container.
pub fn clip_as(size: &str, rate: u32, seconds: u32, container: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("clip.{container}"));
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i"])
        .arg(format!("testsrc2=size={size}:rate={rate}:duration={seconds}"))
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-crf",
            "40",
            "-pix_fmt",
            "yuv420p",
        ])
        .arg(&path)
        .status()
        .expect("ffmpeg is installed");
    assert!(made.success());
    std::fs::read(path).unwrap()
}
