//! Generated clips.

use std::path::Path;

use anyhow::Result;

use crate::call::Call;

/// How large the picture of a clip is.
#[derive(Clone, Copy)]
pub enum Size {
    /// 1080 × 1920, about 2 MB a second.
    FullHd,
    /// 360 × 640, about 20 kB a second.
    Small,
}

/// A vertical clip of `seconds` with a counter and a tone, which every platform takes as it is.
///
/// # Errors
/// When ffmpeg is missing or fails.
pub fn vertical(out: &Path, size: Size, seconds: u32) -> Result<()> {
    let (picture, quality) = match size {
        Size::FullHd => ("1080x1920", "23"),
        Size::Small => ("360x640", "45"),
    };
    let picture = format!("testsrc2=size={picture}:rate=30:duration={seconds}");
    let tone = format!("sine=frequency=440:sample_rate=48000:duration={seconds}");
    let out = out.display().to_string();
    let inputs = [
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &tone,
    ];
    let encoding = [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-crf",
        quality,
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
    ];
    let output = ["-ac", "2", "-movflags", "+faststart", &out];
    Call::new("ffmpeg", inputs.into_iter().chain(encoding).chain(output)).output()?;
    Ok(())
}

/// A playable MP4 of exactly `size_bytes`: a short clip and a `free` box, which players pass over.
///
/// # Errors
/// When ffmpeg fails, the disk is full, or `size_bytes` is smaller than the clip.
pub fn of_size(out: &Path, size_bytes: u64) -> Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    vertical(out, Size::FullHd, 5)?;
    let mut file = std::fs::OpenOptions::new().append(true).open(out)?;
    let have = file.seek(SeekFrom::End(0))?;
    let Some(missing) = size_bytes.checked_sub(have).filter(|missing| *missing >= 16) else {
        anyhow::bail!("the clip alone has {have} bytes");
    };
    // A box with a 64-bit length: size 1, type, length, then anything.
    file.write_all(&1u32.to_be_bytes())?;
    file.write_all(b"free")?;
    file.write_all(&missing.to_be_bytes())?;
    let mut left = missing - 16;
    // Not zeros: nothing on the way may gain by compressing or by holes in the file.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut block = vec![0u8; 1 << 20];
    for word in block.chunks_exact_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        word.copy_from_slice(&state.to_le_bytes());
    }
    while left > 0 {
        let part = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(part)?])?;
        left -= part;
    }
    Ok(())
}
