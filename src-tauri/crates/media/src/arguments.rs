//! Arguments that every run of ffmpeg or ffprobe has (MEDIA.md §2).

use std::{ffi::OsString, path::Path};

/// Containers a source may have. Nothing that refers to other files (concat, hls, dash, image2 …) is on it.
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,h264,hevc,flv,asf,ogg,wav,mp3,flac,aac,gif,apng,png_pipe,jpeg_pipe,webp_pipe,mxf,ivf,obu";

/// `file:` keeps names such as `-x.mp4` and `a:b.mp4` from being read as an option or a protocol.
pub(crate) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

/// How the one input is opened: local files only, known containers only, bounded pictures and allocations.
/// For both tools; ffprobe takes the input without `-i` too.
pub(crate) fn safe_input(path: &Path) -> Vec<OsString> {
    let mut arguments = safe_opening();
    arguments.extend([OsString::from("-i"), file_url(path)]);
    arguments
}

/// [`safe_input`] without the input itself, for options that must stand directly before `-i`.
pub(crate) fn safe_opening() -> Vec<OsString> {
    words([
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        FORMATS,
        "-max_pixels",
        "268435456",
        "-threads",
        "2",
    ])
}

/// What stands first in every ffmpeg command line.
pub(crate) fn quiet_ffmpeg() -> Vec<OsString> {
    words([
        "-nostdin",
        "-hide_banner",
        "-nostats",
        "-v",
        "error",
        "-max_alloc",
        "1073741824",
    ])
}

pub(crate) fn words<const N: usize>(words: [&str; N]) -> Vec<OsString> {
    words.into_iter().map(OsString::from).collect()
}
