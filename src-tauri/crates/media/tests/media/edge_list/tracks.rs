//! Containers, tracks, times and notes.

use daypart_domain::media_info::Container;

use super::{
    Case,
    Expected::{Refused, Video},
    lasts, shown,
};

pub(super) const CASES: &[Case] = &[
    Case {
        file: "browser_recording.webm",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=160x90:r=30:d=25 -c:v libvpx -b:v 200k -deadline realtime -live 1 \
                 browser_recording.webm",
            );
        },
        // A recording by a browser does not state its length.
        expected: Video(|info| lasts(info, 24_500..=25_500)),
    },
    Case {
        file: "base.mp4",
        make: |_| {},
        expected: Video(|info| {
            assert_eq!(info.container, Container::Mp4);
            shown(info, 640, 360);
            lasts(info, 3_950..=4_050);
            assert_eq!((info.video.rotation_deg, info.video.mirrored), (0, false));
            assert!(info.video.square_pixels && !info.video.variable_frame_rate && !info.video.interlaced);
            assert_eq!((info.video.bit_depth, info.video.hdr), (8, false));
            let rate = info.video.average_frame_rate.unwrap();
            assert_eq!((rate.numerator, rate.denominator), (30, 1));
            assert_eq!((info.index_first, info.missing_ms), (Some(true), 0));
            assert!(!info.has_private_metadata && !info.times_are_reckoned);
            assert_eq!(
                (info.audio_track_count, info.audio.as_ref().unwrap().channels),
                (1, 1)
            );
            assert!(info.audio_offset_ms.abs() <= 25, "{} ms", info.audio_offset_ms);
        }),
    },
    Case {
        file: "moov_end.mp4",
        make: |_| {},
        expected: Video(|info| assert_eq!(info.index_first, Some(false))),
    },
    Case {
        file: "pcm.mov",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:v copy -c:a pcm_s16be pcm.mov");
        },
        expected: Video(|info| {
            assert_eq!(info.container, Container::Mov);
            assert_eq!(info.audio.as_ref().unwrap().codec, "pcm_s16be");
        }),
    },
    Case {
        file: "silent.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -an silent.mp4");
        },
        expected: Video(|info| {
            assert_eq!(
                (&info.audio, info.audio_track_count, info.audio_offset_ms),
                (&None, 0, 0)
            );
        }),
    },
    Case {
        file: "song.m4a",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -vn song.m4a");
        },
        expected: Refused("media.sound_only", "no video"),
    },
    Case {
        file: "song_with_cover.m4a",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -i cover.jpg -map 0:a -map 1:v -c copy -disposition:v:0 attached_pic song_with_cover.m4a",
            );
        },
        expected: Refused("media.sound_only", "no video"),
    },
    Case {
        file: "cover_first.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-i cover.jpg -i base.mp4 -map 0:v -map 1:v -map 1:a -c copy -disposition:v:0 attached_pic \
                 cover_first.mp4",
            );
        },
        expected: Video(|info| {
            assert_eq!(info.video.codec, "h264");
            shown(info, 640, 360);
        }),
    },
    Case {
        file: "three_sounds.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -f lavfi -i anoisesrc=d=4:c=pink:r=48000 -map 0:v -map 0:a -map 0:a -map 1:a -c:v copy \
                 -c:a aac -ac:a:2 6 -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu three_sounds.mp4",
            );
        },
        expected: Video(|info| {
            let told: Vec<(Option<&str>, u16)> = info
                .audio_tracks
                .iter()
                .map(|track| (track.language.as_deref(), track.channels))
                .collect();
            assert_eq!(told, [(Some("eng"), 1), (Some("deu"), 1), (None, 6)]);
            assert_eq!(
                info.audio.as_ref(),
                info.audio_tracks.first(),
                "the first is the default"
            );
        }),
    },
    Case {
        file: "three_sounds.mkv",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -map 0:v -map 0:a -map 0:a -map 0:a -c copy -disposition:a:0 0 -disposition:a:1 default \
                 -metadata:s:a:1 title=Comments -metadata:s:a:2 language=fra three_sounds.mkv",
            );
        },
        expected: Video(|info| {
            assert_eq!((info.audio_track_count, info.audio_tracks.len()), (3, 3));
            let chosen = info.audio.as_ref().unwrap();
            assert_eq!(
                (chosen.stream_index, chosen.title.as_deref()),
                (2, Some("Comments"))
            );
            assert_eq!(info.audio_tracks[2].language.as_deref(), Some("fra"));
        }),
    },
    Case {
        file: "surround.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:v copy -c:a aac -ac 6 -ar 96000 surround.mp4");
        },
        expected: Video(|info| {
            let audio = info.audio.as_ref().unwrap();
            assert_eq!((audio.channels, audio.sample_rate_hz), (6, 96_000));
        }),
    },
    Case {
        file: "opus.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:v copy -c:a libopus opus.mp4");
        },
        expected: Video(|info| assert_eq!(info.audio.as_ref().unwrap().codec, "opus")),
    },
    Case {
        file: "vorbis.mkv",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:v copy -c:a libvorbis vorbis.mkv");
        },
        expected: Video(|info| assert_eq!(info.audio.as_ref().unwrap().codec, "vorbis")),
    },
    Case {
        file: "wrong_name.avi",
        make: |shop| {
            shop.write("wrong_name.avi", &shop.read("base.mp4"));
        },
        expected: Video(|info| assert_eq!(info.container, Container::Mp4)),
    },
    Case {
        file: "matroska_inside.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -f matroska matroska_inside.mp4");
        },
        expected: Video(|info| assert_eq!(info.container, Container::Matroska)),
    },
    Case {
        file: "raw_inside.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:v copy -an -bsf:v h264_mp4toannexb -f h264 raw_inside.mp4");
        },
        expected: Video(|info| {
            assert!(info.times_are_reckoned);
            assert_eq!(info.container, Container::Other);
            lasts(info, 3_900..=4_900);
        }),
    },
    Case {
        file: "late.ts",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -output_ts_offset 95000 -f mpegts late.ts");
        },
        expected: Video(|info| {
            assert_eq!(info.container, Container::MpegTs);
            lasts(info, 3_900..=4_200);
        }),
    },
    Case {
        file: "joined.ts",
        make: |shop| {
            let once = shop.read("plain.ts");
            shop.write("joined.ts", &[once.clone(), once].concat());
        },
        expected: Video(|info| lasts(info, 7_800..=8_400)),
    },
    Case {
        file: "late_sound.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -itsoffset 0.7 -i base.mp4 -map 0:v -map 1:a -c copy late_sound.mp4");
        },
        expected: Video(|info| {
            assert!(
                (600..=750).contains(&info.audio_offset_ms),
                "{}",
                info.audio_offset_ms
            )
        }),
    },
    Case {
        file: "late_sound.mkv",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -itsoffset 0.7 -i base.mp4 -map 0:v -map 1:a -c copy late_sound.mkv");
        },
        expected: Video(|info| {
            assert!(
                (600..=750).contains(&info.audio_offset_ms),
                "{}",
                info.audio_offset_ms
            )
        }),
    },
    Case {
        file: "trimmed.mp4",
        make: |shop| {
            shop.ffmpeg("-ss 1.3 -i base.mp4 -c copy -avoid_negative_ts disabled trimmed.mp4");
        },
        expected: Video(|info| {
            assert!(info.has_edit_list);
            lasts(info, 2_600..=2_800);
            assert!(
                (1_200..=1_400).contains(&info.hidden_lead_in_ms),
                "{} ms hidden",
                info.hidden_lead_in_ms
            );
        }),
    },
    Case {
        file: "fragmented.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -movflags frag_keyframe+empty_moov fragmented.mp4");
        },
        expected: Video(|info| {
            assert_eq!(info.index_first, Some(true));
            lasts(info, 3_900..=4_100);
        }),
    },
    Case {
        file: "two_pictures.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -vf scale=160:90 -an -c:v libx264 -preset ultrafast small.mp4")
                .ffmpeg("-i base.mp4 -i small.mp4 -map 0:a -map 1:v -map 0:v -c copy two_pictures.mp4");
        },
        expected: Video(|info| {
            assert_eq!((info.video.stream_index, info.video.width_px), (2, 640));
            assert_eq!(info.audio.as_ref().unwrap().stream_index, 0);
        }),
    },
    Case {
        file: "subtitled.mov",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -i s.srt -map 0 -map 1 -c copy -c:s mov_text -timecode 01:00:00:00 subtitled.mov");
        },
        expected: Video(|info| {
            shown(info, 640, 360);
            assert_eq!(info.audio_track_count, 1);
        }),
    },
    Case {
        file: "place.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -metadata location=+52.5200+013.4050/ place.mp4");
        },
        expected: Video(|info| assert!(info.has_private_metadata)),
    },
    Case {
        file: "device.mov",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -c copy -movflags use_metadata_tags -metadata com.apple.quicktime.model=Phone device.mov",
            );
        },
        expected: Video(|info| assert!(info.has_private_metadata)),
    },
];
