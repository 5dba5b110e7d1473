//! What an encoder in hardware is told. Pure.
//!
//! All of them get a variable rate around what the picture needs and the plan's highest rate: the one mode that every
//! driver understands. They use bits worse than x264, so they get a third more of them.

use std::ffi::OsString;

use daypart_domain::{
    media_info::FrameRate,
    transcode_plan::{EncodeTarget, HardwareEncoder, Quality},
};

use crate::arguments::words;

/// The one that systems with a single card have.
const VAAPI_DEVICE: &str = "/dev/dri/renderD128";

/// As ffmpeg calls it.
pub(crate) const fn name(encoder: HardwareEncoder) -> &'static str {
    match encoder {
        HardwareEncoder::Nvenc => "h264_nvenc",
        HardwareEncoder::QuickSync => "h264_qsv",
        HardwareEncoder::Vaapi => "h264_vaapi",
        HardwareEncoder::Amf => "h264_amf",
        HardwareEncoder::VideoToolbox => "h264_videotoolbox",
    }
}

/// Before the first input.
pub(crate) fn device(encoder: HardwareEncoder) -> Vec<OsString> {
    match encoder {
        HardwareEncoder::Vaapi => words(["-vaapi_device", VAAPI_DEVICE]),
        _ => Vec::new(),
    }
}

/// The last filter, where frames have to be brought onto the card.
pub(crate) fn upload(encoder: HardwareEncoder) -> Option<&'static str> {
    match encoder {
        HardwareEncoder::Vaapi => Some("format=nv12,hwupload"),
        _ => None,
    }
}

/// The encoder with its settings for `target`; rate, group and colours are the caller's.
pub(crate) fn options(encoder: HardwareEncoder, target: &EncodeTarget, rate: FrameRate) -> Vec<OsString> {
    let mut arguments = words(["-c:v", name(encoder)]);
    arguments.extend(match encoder {
        HardwareEncoder::Nvenc => words(["-preset", "p5", "-tune", "hq", "-rc", "vbr", "-bf", "2"]),
        HardwareEncoder::QuickSync => words(["-preset", "slow", "-bf", "2"]),
        // Some drivers know no frames that refer to later ones.
        HardwareEncoder::Vaapi => words(["-rc_mode", "VBR", "-bf", "0"]),
        HardwareEncoder::Amf => words(["-quality", "quality", "-rc", "vbr_peak"]),
        // A fall back to Apple's software would hide that the card cannot.
        HardwareEncoder::VideoToolbox => words(["-allow_sw", "0", "-bf", "2"]),
    });
    let bits_per_pixel = match target.quality {
        Quality::Smaller => 0.1,
        Quality::Standard => 0.2,
        Quality::Best => 0.3,
    };
    let pixels = f64::from(target.width_px) * f64::from(target.height_px);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive; the cast saturates"
    )]
    let needed_bps = (pixels * rate.frames_per_second() * bits_per_pixel) as u64;
    for (option, value) in [
        ("-b:v", needed_bps.min(target.max_rate_bps)),
        ("-maxrate", target.max_rate_bps),
        ("-bufsize", target.max_rate_bps * 2),
    ] {
        arguments.extend([OsString::from(option), value.to_string().into()]);
    }
    arguments.extend(words(["-profile:v", "high"]));
    arguments
}
