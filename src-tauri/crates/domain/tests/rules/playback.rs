//! What a web view is given to play, and the size of a copy where it cannot.

use daypart_domain::{
    media_info::{AudioTrack, Container, FrameRate, MediaInfo},
    playback::{copy_frame_rate_fps, copy_size, obstacle},
};

use crate::clips::good_clip;

fn changed(change: impl FnOnce(&mut MediaInfo)) -> MediaInfo {
    let mut clip = good_clip();
    change(&mut clip);
    clip
}

fn sounding(codec: &str) -> MediaInfo {
    changed(|clip| {
        clip.audio = clip.audio.take().map(|audio| AudioTrack {
            codec: codec.to_owned(),
            ..audio
        });
    })
}

#[test]
fn what_every_web_view_plays_is_played_as_it_is() {
    assert_eq!(obstacle(&good_clip()), None);
    let webm = changed(|clip| {
        clip.container = Container::Webm;
        clip.video.codec = "vp9".to_owned();
    });
    assert_eq!(obstacle(&webm), None);
    assert_eq!(obstacle(&changed(|clip| clip.audio = None)), None);
    assert_eq!(obstacle(&sounding("opus")), None);
}

#[test]
fn what_no_web_view_can_be_trusted_with_needs_a_copy_and_says_why() {
    let cases: [(MediaInfo, &str); 9] = [
        (changed(|clip| clip.video.codec = "hevc".to_owned()), "HEVC video"),
        (
            changed(|clip| clip.video.codec = "prores".to_owned()),
            "ProRes video",
        ),
        (changed(|clip| clip.video.bit_depth = 10), "10-bit video"),
        (changed(|clip| clip.video.hdr = true), "HDR video"),
        (
            changed(|clip| clip.video.pixel_format = "yuv422p".to_owned()),
            "video of the pixel format yuv422p",
        ),
        (changed(|clip| clip.video.interlaced = true), "interlaced video"),
        (changed(|clip| clip.container = Container::Avi), "AVI files"),
        (
            changed(|clip| {
                (clip.video.coded_width_px, clip.video.coded_height_px) = (7_680, 4_320);
                (clip.video.width_px, clip.video.height_px) = (7_680, 4_320);
            }),
            "video of 7680 × 4320",
        ),
        (sounding("pcm_s24le"), "PCM sound"),
    ];
    for (clip, why) in cases {
        assert_eq!(obstacle(&clip).unwrap().to_string(), why);
    }
}

#[test]
fn a_copy_keeps_the_shape_in_even_sides_of_at_most_960() {
    let sized = |width_px, height_px| {
        copy_size(&changed(|clip| {
            (clip.video.width_px, clip.video.height_px) = (width_px, height_px);
        }))
    };
    assert_eq!(sized(1080, 1920), (540, 960));
    assert_eq!(sized(3840, 2160), (960, 540));
    assert_eq!(sized(641, 361), (640, 360));
    assert_eq!(sized(7_000, 1), (960, 2));
}

#[test]
fn a_copy_runs_at_the_sources_rate_unless_that_varies_or_is_too_high() {
    let rated = |numerator, variable| {
        copy_frame_rate_fps(&changed(|clip| {
            clip.video.average_frame_rate = Some(FrameRate {
                numerator,
                denominator: 1,
            });
            clip.video.variable_frame_rate = variable;
        }))
    };
    assert_eq!(rated(24, false), None);
    assert_eq!(rated(60, false), None);
    assert_eq!(rated(120, false), Some(60));
    assert_eq!(rated(27, true), Some(30));
    assert_eq!(rated(51, true), Some(60));
}
