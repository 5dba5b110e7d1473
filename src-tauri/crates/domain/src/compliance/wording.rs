//! Numbers as people read them.

use crate::delivery_spec::Certainty;

/// What a platform does with a limit: `takes`, or less surely, or less strictly.
pub(super) fn takes(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated | Certainty::Reported => "takes",
        Certainty::Unverified => "probably takes",
        Certainty::Advised => "recommends",
    }
}

/// What a platform does with a demand: `wants`, or less.
pub(super) fn wants(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated | Certainty::Reported => "wants",
        Certainty::Unverified => "probably wants",
        Certainty::Advised => "recommends",
    }
}

/// `25 Mbit/s`, `12.4 Mbit/s`, `128 kbit/s`.
pub(super) fn rate(value_bps: u64) -> String {
    if value_bps < 1_000_000 {
        return format!("{} kbit/s", value_bps / 1_000);
    }
    let tenths = value_bps / 100_000;
    match tenths % 10 {
        0 => format!("{} Mbit/s", tenths / 10),
        rest => format!("{}.{rest} Mbit/s", tenths / 10),
    }
}

/// `29.97`, `30`, `12.5`.
pub(super) fn frames_per_second(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    text.to_owned()
}

/// `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`. Rounded down, so that a limit never looks met when it is not;
/// tenths are shown under ten seconds.
pub(super) fn duration(value_ms: u64) -> String {
    let seconds = value_ms / 1_000;
    match seconds {
        0..10 if !value_ms.is_multiple_of(1_000) => format!("{seconds}.{} s", value_ms % 1_000 / 100),
        0..60 => format!("{seconds} s"),
        60..3_600 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds % 3_600 < 60 => format!("{} h", seconds / 3_600),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// `812 kB`, `2.9 MB`, `4.1 GB`: decimal, as file managers show it.
pub(super) fn size(value_bytes: u64) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "one decimal is shown; a double is exact far beyond that"
    )]
    let value = value_bytes as f64;
    if value_bytes < 1_000 {
        format!("{value_bytes} bytes")
    } else if value_bytes < 1_000_000 {
        format!("{:.0} kB", value / 1e3)
    } else if value_bytes < 1_000_000_000 {
        format!("{:.1} MB", value / 1e6)
    } else {
        format!("{:.1} GB", value / 1e9)
    }
}

/// `1080 × 1920`.
pub(super) fn picture(width_px: u32, height_px: u32) -> String {
    format!("{width_px} × {height_px}")
}

/// A codec as people know it; the technical name when there is no better one.
pub(super) fn codec(name: &str) -> &str {
    match name {
        "h264" => "H.264",
        "hevc" => "H.265 (HEVC)",
        "av1" => "AV1",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "prores" => "ProRes",
        "mpeg2video" => "MPEG-2",
        "mpeg4" => "MPEG-4 Part 2",
        "mjpeg" => "Motion JPEG",
        "theora" => "Theora",
        "aac" => "AAC",
        "mp3" => "MP3",
        "mp2" => "MP2",
        "ac3" => "AC-3 (Dolby Digital)",
        "eac3" => "E-AC-3 (Dolby Digital Plus)",
        "opus" => "Opus",
        "vorbis" => "Vorbis",
        "flac" => "FLAC",
        other if other.starts_with("pcm_") => "uncompressed PCM",
        other => other,
    }
}

/// `MP4, MOV or WebM`.
pub(super) fn any_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    // Several codecs can share one wording (the PCM family).
    names.dedup();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
