//! Command lines as a person would type them.

use std::path::Path;

use daypart_domain::{
    media_info::{AudioTrack, Container, FrameRate, MediaInfo, VideoTrack},
    transcode_plan::{EncodeTarget, Rung, TranscodePlan},
};

use super::{EditLists, arguments};

fn clip() -> MediaInfo {
    MediaInfo {
        container: Container::Mov,
        size_bytes: 1_000_000,
        duration_ms: 4_000,
        missing_ms: 0,
        times_are_reckoned: false,
        video: VideoTrack {
            stream_index: 2,
            codec: "h264".to_owned(),
            profile: None,
            coded_width_px: 640,
            coded_height_px: 360,
            width_px: 640,
            height_px: 360,
            rotation_deg: 0,
            mirrored: false,
            square_pixels: true,
            pixel_format: "yuv420p".to_owned(),
            bit_depth: 8,
            hdr: false,
            interlaced: false,
            average_frame_rate: Some(FrameRate {
                numerator: 30_000,
                denominator: 1001,
            }),
            variable_frame_rate: false,
            bit_rate_bps: None,
        },
        audio: Some(AudioTrack {
            stream_index: 0,
            codec: "aac".to_owned(),
            channels: 2,
            sample_rate_hz: 48_000,
            bit_rate_bps: None,
            language: None,
            title: None,
        }),
        audio_track_count: 1,
        audio_tracks: Vec::new(),
        audio_offset_ms: 0,
        index_first: Some(false),
        has_edit_list: false,
        hidden_lead_in_ms: 0,
        has_private_metadata: false,
    }
}

fn target() -> EncodeTarget {
    EncodeTarget::whole(1080, 1920, None, 20_000_000)
}

fn line(rung: Rung, target: Option<EncodeTarget>, info: &MediaInfo, edit_lists: EditLists) -> String {
    let plan = TranscodePlan {
        rung,
        spec_key: "x/1".to_owned(),
        target,
        ..TranscodePlan::default()
    };
    let arguments = arguments(
        &plan,
        info,
        edit_lists,
        Path::new("-in:1.mov"),
        Path::new("out.mp4.part"),
    );
    let words: Vec<String> = arguments
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

const OPENING: &str = "-nostdin -hide_banner -nostats -v error -max_alloc 1073741824 -y -progress pipe:1 \
-stats_period 0.25 -protocol_whitelist file -format_whitelist mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,\
mpegvideo,h264,hevc,flv,asf,ogg,wav,mp3,flac,aac,gif,apng,png_pipe,jpeg_pipe,webp_pipe,mxf,ivf,obu \
-max_pixels 268435456 -threads 2 -i file:-in:1.mov -map 0:2 -map 0:0 -sn -dn -map_metadata -1 -map_chapters -1 ";

#[test]
fn remux() {
    assert_eq!(
        line(Rung::Remux, None, &clip(), EditLists::Drop),
        format!(
            "{OPENING}-c:v copy -c:a copy -use_editlist 0 -movflags +faststart+negative_cts_offsets -f mp4 \
             file:out.mp4.part"
        )
    );
}

#[test]
fn remux_where_edit_lists_matter() {
    assert_eq!(
        line(Rung::Remux, None, &clip(), EditLists::Keep),
        format!("{OPENING}-c:v copy -c:a copy -movflags +faststart -f mp4 file:out.mp4.part")
    );
}

#[test]
fn remux_of_hevc_names_it_for_apple() {
    let mut info = clip();
    info.video.codec = "hevc".to_owned();
    assert!(line(Rung::Remux, None, &info, EditLists::Drop).contains("-c:v copy -tag:v hvc1 -c:a copy"));
}

#[test]
fn audio_only() {
    assert_eq!(
        line(Rung::AudioOnly, None, &clip(), EditLists::Drop),
        format!(
            "{OPENING}-c:v copy -c:a aac -b:a 128k -ar 48000 -ac 2 -af aresample=async=1:first_pts=0 -use_editlist 0 \
             -movflags +faststart+negative_cts_offsets -f mp4 file:out.mp4.part"
        )
    );
}

#[test]
fn encode_keeps_a_constant_rate() {
    assert_eq!(
        line(Rung::Encode, Some(target()), &clip(), EditLists::Drop),
        format!(
            "{OPENING}-vf scale=1080:1920:force_original_aspect_ratio=decrease:force_divisible_by=2:in_range=auto:\
             out_range=tv,pad=1080:1920:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p -fps_mode cfr -r 30000/1001 \
             -c:v libx264 -preset superfast -crf 18 -maxrate 20000000 -bufsize 40000000 -profile:v high -bf 2 -g 60 \
             -flags +cgop -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv -c:a aac -b:a 128k \
             -ar 48000 -ac 2 -af aresample=async=1:first_pts=0 -use_editlist 0 \
             -movflags +faststart+negative_cts_offsets -f mp4 file:out.mp4.part"
        )
    );
}

#[test]
fn encode_without_sound_maps_none() {
    let mut info = clip();
    info.audio = None;
    let line = line(Rung::Encode, Some(target()), &info, EditLists::Drop);
    assert!(!line.contains("-map 0:0") && !line.contains("-c:a"), "{line}");
}

#[test]
fn encode_treats_only_what_the_source_has() {
    let mut info = clip();
    info.video.interlaced = true;
    info.video.square_pixels = false;
    info.video.hdr = true;
    let line = line(Rung::Encode, Some(target()), &info, EditLists::Drop);
    let order = [
        "bwdif=",
        "setsar=1,scale=1080:1920",
        "tonemap=hable",
        "pad=1080:1920",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|part| line.find(part).unwrap_or_else(|| panic!("{part} in {line}")))
        .collect();
    assert!(places.is_sorted(), "{line}");
}

#[test]
fn a_scarce_rate_gets_a_slower_preset() {
    let mut target = target();
    target.max_rate_bps = 4_000_000;
    target.frame_rate_fps = Some(25);
    let line = line(Rung::Encode, Some(target), &clip(), EditLists::Drop);
    assert!(
        line.contains("-r 25/1 -c:v libx264 -preset faster -crf 20 -maxrate 4000000 -bufsize 8000000"),
        "{line}"
    );
}
