//! Command lines as a person would type them.

use std::{ffi::OsString, path::Path};

use daypart_domain::{
    edit::{KeptRange, Turn},
    media_info::{AudioTrack, Container, FrameRate, MediaInfo, VideoTrack},
    transcode_plan::{Background, CropWindow, EncodeTarget, PartFrame, Rung, SoundTarget, TranscodePlan},
};

mod encoders;

use super::{EditLists, Pass, Recipe, arguments, listening, lossless};

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
    planned(&plan, info, edit_lists, Pass::Only)
}

fn recipe<'a>(plan: &'a TranscodePlan, info: &'a MediaInfo) -> Recipe<'a> {
    Recipe {
        plan,
        info,
        source: Path::new("-in:1.mov"),
        edit_lists: EditLists::Drop,
        zero_us: 0,
        gain_db: plan.sound.gain_db,
    }
}

fn planned(plan: &TranscodePlan, info: &MediaInfo, edit_lists: EditLists, pass: Pass<'_>) -> String {
    let recipe = Recipe {
        edit_lists,
        ..recipe(plan, info)
    };
    spoken(&arguments(&recipe, pass, Path::new("out.mp4.part")).unwrap())
}

fn spoken(arguments: &[OsString]) -> String {
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

const PRIMED: &str = ",atrim=start_sample=1024,asetpts=PTS-STARTPTS";
const STEREO: &str = "aresample=48000:async=1:first_pts=0:ochl=stereo:rematrix_maxval=1";

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
            "{OPENING}-c:v copy -c:a aac -b:a 128000 -ar 48000 -ac 2 -af {STEREO}{PRIMED} -use_editlist 0 \
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
             -flags +cgop -color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv -c:a aac -b:a 128000 \
             -ar 48000 -ac 2 -af {STEREO}{PRIMED} -use_editlist 0 \
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

fn encode(target: EncodeTarget) -> TranscodePlan {
    TranscodePlan {
        rung: Rung::Encode,
        target: Some(target),
        ..TranscodePlan::default()
    }
}

/// The filters of the picture.
fn picture(target: EncodeTarget) -> String {
    let line = planned(&encode(target), &clip(), EditLists::Drop, Pass::Only);
    let (_, filters) = line.split_once(" -vf ").unwrap();
    filters.split_once(" -fps_mode").unwrap().0.to_owned()
}

const FIT: &str =
    "scale=1080:1920:force_original_aspect_ratio=decrease:force_divisible_by=2:in_range=auto:out_range=tv";

#[test]
fn a_window_is_cut_out_turned_and_mirrored_in_this_order() {
    let filters = picture(EncodeTarget {
        crop: Some(CropWindow {
            x_px: 100,
            y_px: 0,
            width_px: 202,
            height_px: 360,
        }),
        turn: Turn {
            rotate_deg: 90,
            mirrored: true,
        },
        ..target()
    });
    assert_eq!(
        filters,
        format!(
            "crop=202:360:100:0,transpose=clock,hflip,{FIT},pad=1080:1920:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p"
        )
    );
}

#[test]
fn a_blurred_background_is_made_small() {
    let filters = picture(EncodeTarget {
        background: Background::Blur,
        ..target()
    });
    assert_eq!(
        filters,
        format!(
            "{FIT},setsar=1,format=yuv420p,split[back][front];[back]scale=108:192:force_original_aspect_ratio=increase,\
             crop=108:192,gblur=sigma=4,scale=1080:1920,setsar=1[blurred];[blurred][front]overlay=(W-w)/2:(H-h)/2,\
             setsar=1,format=yuv420p"
        )
    );
}

#[test]
fn parts_that_differ_are_framed_one_by_one_before_they_are_joined() {
    let window = CropWindow {
        x_px: 100,
        y_px: 0,
        width_px: 202,
        height_px: 360,
    };
    let plan = TranscodePlan {
        parts: vec![KeptRange::new(0, 1_001_000), KeptRange::new(2_002_000, 3_003_000)],
        ..encode(EncodeTarget {
            part_frames: vec![
                PartFrame {
                    crop: Some(window),
                    background: Background::Black,
                },
                PartFrame {
                    crop: None,
                    background: Background::Blur,
                },
            ],
            ..target()
        })
    };
    let line = planned(&plan, &clip(), EditLists::Drop, Pass::Only);
    // A window of the frame's shape is stretched to it: a line of black would be left otherwise.
    let filled = "trim=end_frame=30,crop=202:360:100:0,scale=1080:1920:in_range=auto:out_range=tv,\
                  pad=1080:1920:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p[v0]";
    let fitted =
        format!("trim=end_frame=30,{FIT},setsar=1,format=yuv420p,split[back1][front1];[back1]scale=108:192:");
    for expected in [
        filled,
        &fitted,
        "[v0][v1]concat=n=2:v=1:a=0",
        "[cut_v];[cut_v]setsar=1,format=yuv420p[v]",
    ] {
        assert!(line.contains(expected), "{expected} in {line}");
    }
}

#[test]
fn a_coloured_background_is_named_in_hexadecimal() {
    let filters = picture(EncodeTarget {
        background: Background::Colour { rgb: [255, 0, 10] },
        ..target()
    });
    assert!(
        filters.contains("format=gbrp,pad=1080:1920:(ow-iw)/2:(oh-ih)/2:color=0xff000a,scale="),
        "{filters}"
    );
}

#[test]
fn speed_volume_limiter_and_fades_follow_each_other() {
    let plan = TranscodePlan {
        speed: 0.5,
        sound: SoundTarget {
            gain_db: -3.5,
            limit_peaks: true,
            fade_in_ms: 250,
            fade_out_ms: 1_000,
            bit_rate_bps: 192_000,
            ..SoundTarget::default()
        },
        ..encode(target())
    };
    let line = planned(&plan, &clip(), EditLists::Drop, Pass::Only);
    assert!(
        line.contains(
            "-vf setpts=(PTS-(0.000000)/TB)/0.5+0.137*1001/(30000*TB),fps=30000/1001:start_time=0,scale="
        ),
        "{line}"
    );
    assert!(
        line.contains(&format!(
            "-b:a 192000 -ar 48000 -ac 2 -af {STEREO},atempo=0.5,volume=-3.50dB,alimiter=limit=0.841:level=false,\
             afade=t=in:d=0.250000,afade=t=out:st=7.000000:d=1.000000{PRIMED} "
        )),
        "{line}"
    );
}

#[test]
fn a_removed_or_another_track_needs_no_encoding() {
    let mut info = clip();
    info.audio_track_count = 3;
    let remux = |sound| {
        let plan = TranscodePlan {
            rung: Rung::Remux,
            sound,
            ..TranscodePlan::default()
        };
        planned(&plan, &info, EditLists::Drop, Pass::Only)
    };
    let another = remux(SoundTarget {
        track: Some(5),
        ..SoundTarget::default()
    });
    assert!(another.contains("-map 0:2 -map 0:5 -sn"), "{another}");
    let removed = remux(SoundTarget {
        removed: true,
        ..SoundTarget::default()
    });
    assert!(
        removed.contains("-map 0:2 -sn") && !removed.contains("-c:a"),
        "{removed}"
    );
}

#[test]
fn two_passes_share_a_log_and_the_first_has_no_sound() {
    let plan = encode(EncodeTarget {
        two_passes: true,
        max_rate_bps: 3_000_000,
        ..target()
    });
    let log = Path::new("out.mp4.work/pass");
    let first = planned(&plan, &clip(), EditLists::Drop, Pass::First { log });
    assert!(
        first.contains(
            "-b:v 3000000 -maxrate 6000000 -pass 1 -passlogfile out.mp4.work/pass -bufsize 6000000"
        ),
        "{first}"
    );
    assert!(first.ends_with("-f null -") && !first.contains("-af"), "{first}");
    let second = planned(&plan, &clip(), EditLists::Drop, Pass::Second { log });
    assert!(
        second.contains("-pass 2 -passlogfile out.mp4.work/pass"),
        "{second}"
    );
    assert!(
        second.contains("-c:a aac") && !second.contains("-crf"),
        "{second}"
    );
}

#[test]
fn parts_are_cut_joined_and_then_framed() {
    let plan = TranscodePlan {
        parts: vec![KeptRange::new(1_000_000, 2_000_000), KeptRange::new(0, 500_000)],
        ..encode(EncodeTarget {
            frame_rate_fps: Some(30),
            ..target()
        })
    };
    let line = planned(&plan, &clip(), EditLists::Drop, Pass::Only);
    assert!(
        line.contains("-noaccurate_seek -ss 1.000000 -i file:-in:1.mov"),
        "{line}"
    );
    assert!(
        line.contains(&format!(
            "[v0][v1]concat=n=2:v=1:a=0,setpts=N*1/(30*TB)[cut_v];[cut_v]{FIT}"
        )),
        "{line}"
    );
    assert!(
        line.contains(&format!(
            "[a0][a1]concat=n=2:v=0:a=1[heard];[heard]anull{PRIMED}[a]"
        )),
        "{line}"
    );
    assert!(line.contains(" -map [v] -map [a] -sn"), "{line}");
}

#[test]
fn listening_hears_what_the_result_will_have() {
    let plan = encode(target());
    let heard = spoken(&listening(&recipe(&plan, &clip())).unwrap().unwrap());
    assert!(
        heard.ends_with(&format!(
            "-map 0:0 -vn -sn -dn -af {STEREO} -c:a pcm_s16le -f s16le pipe:1"
        )),
        "{heard}"
    );
    let mut mute = clip();
    mute.audio = None;
    assert_eq!(listening(&recipe(&plan, &mute)).unwrap(), None);
}

#[test]
fn a_lossless_cut_copies_counted_frames_and_joins_them_with_exact_sound() {
    let plan = TranscodePlan {
        rung: Rung::Remux,
        parts: vec![KeptRange::new(2_000_000, 3_001_000), KeptRange::new(0, 1_001_000)],
        ..TranscodePlan::default()
    };
    let info = clip();
    let recipe = recipe(&plan, &info);
    let pieces = lossless::copied_parts(&recipe);
    let piece = spoken(&lossless::piece(&recipe, pieces[0], Path::new("work/0.mp4")));
    assert!(
        piece.ends_with(
            "-ss 2.000500 -i file:-in:1.mov -map 0:2 -sn -dn -map_metadata -1 -map_chapters -1 -an -c:v copy -frames:v 30 \
             -video_track_timescale 90000 -use_editlist 0 -movflags +negative_cts_offsets -f mp4 file:work/0.mp4"
        ),
        "{piece}"
    );
    assert_eq!(
        lossless::list(&pieces, |index| format!("{index}.mp4")),
        "ffconcat version 1.0\nfile 0.mp4\nduration 1.001000\nfile 1.mp4\nduration 1.001000\n"
    );
    let join = spoken(&lossless::join(&recipe, Path::new("work/list"), Path::new("out.mp4.part")).unwrap());
    assert!(
        join.contains(
            "-format_whitelist concat,mov -f concat -safe 1 -i file:work/list -protocol_whitelist file"
        ),
        "{join}"
    );
    assert!(
        join.contains("[1:0]aresample=") && join.contains("[2:0]aresample="),
        "{join}"
    );
    assert!(join.contains("-map 0:0 -map [a] -sn"), "{join}");
}
