//! ffmpeg's arguments for raw pictures (MEDIA.md §2 and §4a). `showinfo` tells the time of each picture, which raw
//! video cannot carry.

use std::ffi::OsString;

use crate::arguments::{file_url, safe_opening, words};

use super::Clip;

/// What becomes of a decoded picture.
#[derive(Debug, Clone)]
pub(crate) struct Rendering {
    filters: String,
    pub picture_bytes: usize,
}

/// Which corners decoding may cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Keyframes alone, each out as soon as it is in, without smoothing.
    Keyframes,
    /// The frames that others are made from, without smoothing.
    Glance,
    /// All frames, without smoothing: enough to compare pictures of a few pixels.
    Sketch,
    /// As they are.
    Exact,
}

impl Rendering {
    /// For looking at closely: no corner is cut in scaling and in colour.
    pub(crate) fn still(width_px: u32, height_px: u32, is_hdr: bool) -> Self {
        let quick = Self::rgb(width_px, height_px, is_hdr);
        let careful = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
        Self {
            filters: quick.filters.replace("flags=fast_bilinear", careful),
            ..quick
        }
    }

    /// High dynamic range is brought down after scaling, where it costs little.
    pub(crate) fn rgb(width_px: u32, height_px: u32, is_hdr: bool) -> Self {
        let tone = if is_hdr {
            "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p,"
        } else {
            ""
        };
        Self {
            filters: format!("scale={width_px}:{height_px}:flags=fast_bilinear,{tone}format=rgb24"),
            picture_bytes: bytes(width_px, height_px, 3, 1),
        }
    }

    /// Luma, then both chromas at half the size.
    pub(crate) fn yuv(width_px: u32, height_px: u32) -> Self {
        Self {
            filters: format!("scale={width_px}:{height_px}:flags=fast_bilinear,format=yuv420p"),
            picture_bytes: bytes(width_px, height_px, 3, 2),
        }
    }
}

fn bytes(width_px: u32, height_px: u32, times: u64, parts: u64) -> usize {
    usize::try_from(u64::from(width_px) * u64::from(height_px) * times / parts).unwrap_or(usize::MAX)
}

/// For a small movie on stdin. Nothing can be opened: the only protocol is the pipe.
pub(crate) fn fed(rendering: &Rendering, care: Care, threads: usize) -> Vec<OsString> {
    let mut arguments = talkative();
    arguments.extend(words([
        "-protocol_whitelist",
        "pipe",
        "-max_pixels",
        "268435456",
        "-threads",
    ]));
    arguments.push(threads.to_string().into());
    arguments.extend(corners(care));
    arguments.extend(words([
        "-probesize",
        "32",
        "-analyzeduration",
        "0",
        "-f",
        "mov",
        "-i",
        "pipe:0",
    ]));
    arguments.extend(output(0, rendering, "", None));
    arguments
}

/// How a file is read that has no index to go by. Times are counted from the beginning of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Where to begin, and whether the keyframe before it will do.
    pub from_us: Option<u64>,
    pub care: Care,
    /// Only the first frame of each so long a stretch.
    pub every_us: Option<u64>,
    pub pictures_max: Option<u32>,
}

pub(crate) fn read(clip: Clip<'_>, rendering: &Rendering, reading: Reading) -> Vec<OsString> {
    let mut arguments = talkative();
    arguments.extend(words(["-start_at_zero"]));
    arguments.extend(safe_opening());
    arguments.extend(corners(reading.care));
    if reading.care == Care::Keyframes {
        arguments.extend(words(["-skip_frame", "nokey", "-noaccurate_seek"]));
    }
    if let Some(from_us) = reading.from_us.filter(|from_us| *from_us > 0) {
        arguments.extend([OsString::from("-ss"), format!("{from_us}us").into()]);
    }
    arguments.extend([OsString::from("-i"), file_url(clip.path)]);
    let spread = reading
        .every_us
        .filter(|every_us| *every_us > 0)
        .map_or_else(String::new, |every_us| {
            let seconds = format!("{}.{:06}", every_us / 1_000_000, every_us % 1_000_000);
            format!("select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,{seconds}),")
        });
    let stream = clip.info.video.stream_index;
    arguments.extend(output(stream, rendering, &spread, reading.pictures_max));
    arguments
}

/// Times as in the input, and a log that `showinfo` can speak in.
fn talkative() -> Vec<OsString> {
    words([
        "-nostdin",
        "-hide_banner",
        "-nostats",
        "-v",
        "info",
        "-max_alloc",
        "1073741824",
        "-copyts",
    ])
}

fn corners(care: Care) -> Vec<OsString> {
    match care {
        Care::Keyframes => words([
            "-flags",
            "low_delay",
            "-skip_loop_filter",
            "all",
            "-flags2",
            "fast",
        ]),
        Care::Glance => words([
            "-skip_loop_filter",
            "all",
            "-flags2",
            "fast",
            "-skip_frame",
            "noref",
        ]),
        Care::Sketch => words(["-skip_loop_filter", "all", "-flags2", "fast"]),
        Care::Exact => Vec::new(),
    }
}

fn output(stream: u32, rendering: &Rendering, before: &str, pictures_max: Option<u32>) -> Vec<OsString> {
    let mut arguments = words(["-map"]);
    arguments.push(format!("0:{stream}").into());
    arguments.extend(words(["-an", "-sn", "-dn"]));
    if let Some(most) = pictures_max {
        arguments.extend([OsString::from("-frames:v"), most.to_string().into()]);
    }
    arguments.push("-vf".into());
    arguments.push(format!("{before}{},showinfo=checksum=0", rendering.filters).into());
    arguments.extend(words([
        "-fps_mode",
        "passthrough",
        "-c:v",
        "rawvideo",
        "-f",
        "rawvideo",
        "pipe:1",
    ]));
    arguments
}
