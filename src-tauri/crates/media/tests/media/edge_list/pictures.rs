//! What the picture is like: turned, varying, deep, wide, interlaced, moving pictures of other kinds.

use daypart_domain::media_info::Container;

use super::{
    Case,
    Expected::{Refused, Video},
    lasts, patched, place_of, shown,
};

const HDR: &str = "-f lavfi -i testsrc2=s=320x180:r=30:d=0.3 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le \
    -tag:v hvc1 -x265-params log-level=none:colorprim=bt2020:colormatrix=bt2020nc";

pub(super) const CASES: &[Case] = &[
    Case {
        file: "rotated.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy -metadata:s:v:0 rotate=270 rotated.mp4");
        },
        expected: Video(|info| {
            shown(info, 360, 640);
            assert_eq!(
                (info.video.coded_width_px, info.video.coded_height_px),
                (640, 360)
            );
            assert_eq!((info.video.rotation_deg, info.video.mirrored), (90, false));
        }),
    },
    Case {
        file: "rotated_and_mirrored.mp4",
        make: |shop| {
            patched(shop, "rotated_and_mirrored.mp4", |bytes| {
                // `tkhd` of version 0 has its matrix after 40 bytes; (0 -1 / -1 0) turns and flips.
                let at = place_of(bytes, b"tkhd") + 4 + 40;
                let minus_one = (-0x1_0000_i32).to_be_bytes();
                bytes[at..at + 32].fill(0);
                bytes[at + 4..at + 8].copy_from_slice(&minus_one);
                bytes[at + 12..at + 16].copy_from_slice(&minus_one);
            });
        },
        expected: Video(|info| {
            shown(info, 360, 640);
            assert_eq!((info.video.rotation_deg, info.video.mirrored), (270, true));
        }),
    },
    Case {
        file: "vfr.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -fps_mode vfr -c:v libx264 -preset ultrafast \
                 -c:a copy vfr.mp4",
            );
        },
        expected: Video(|info| assert!(info.video.variable_frame_rate)),
    },
    Case {
        file: "vfr.mkv",
        make: |shop| {
            shop.ffmpeg(
                "-i base.mp4 -vf select='not(between(mod(n\\,17)\\,3\\,7))' -fps_mode vfr -c:v libx264 -preset ultrafast \
                 -c:a copy vfr.mkv",
            );
        },
        expected: Video(|info| assert!(info.video.variable_frame_rate)),
    },
    Case {
        file: "cfr.mkv",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c copy cfr.mkv");
        },
        expected: Video(|info| {
            assert_eq!((info.container, info.index_first), (Container::Matroska, None));
            assert!(!info.video.variable_frame_rate);
            lasts(info, 3_950..=4_100);
        }),
    },
    Case {
        file: "fast.mp4",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=240:d=0.5 -c:v libx264 -preset ultrafast fast.mp4");
        },
        expected: Video(|info| {
            let rate = info.video.average_frame_rate.unwrap();
            assert_eq!((rate.numerator, rate.denominator), (240, 1));
        }),
    },
    Case {
        file: "hdr10.mp4",
        make: |shop| {
            shop.ffmpeg(&format!("{HDR}:transfer=smpte2084:hdr10=1 hdr10.mp4"));
        },
        expected: Video(|info| {
            assert_eq!(
                (info.video.codec.as_str(), info.video.profile.as_deref()),
                ("hevc", Some("Main 10"))
            );
            assert_eq!((info.video.bit_depth, info.video.hdr), (10, true));
        }),
    },
    Case {
        file: "hlg.mov",
        make: |shop| {
            shop.ffmpeg(&format!("{HDR}:transfer=arib-std-b67 hlg.mov"));
        },
        expected: Video(|info| {
            assert_eq!(info.container, Container::Mov);
            assert_eq!((info.video.bit_depth, info.video.hdr), (10, true));
        }),
    },
    Case {
        file: "prores.mov",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -c:v prores_ks -profile:v 0 prores.mov");
        },
        expected: Video(|info| {
            assert_eq!(
                (info.video.codec.as_str(), info.video.pixel_format.as_str()),
                ("prores", "yuv422p10le")
            );
            assert_eq!(info.audio, None);
        }),
    },
    Case {
        file: "odd.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=642x362:d=0.3 -vf scale=641:361,format=yuv444p -c:v libx264 -preset ultrafast \
                 odd.mp4",
            );
        },
        expected: Video(|info| {
            shown(info, 641, 361);
            assert_eq!(info.video.pixel_format, "yuv444p");
        }),
    },
    Case {
        file: "odd.webm",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=642x362:d=0.3 -vf scale=641:361 -c:v libvpx -b:v 200k odd.webm",
            );
        },
        expected: Video(|info| {
            shown(info, 641, 361);
            assert_eq!(
                (info.container, info.video.codec.as_str()),
                (Container::Webm, "vp8")
            );
        }),
    },
    Case {
        file: "interlaced.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=640x480:r=30:d=0.5 -vf interlace=scan=tff,setsar=16/15 -flags +ilme+ildct \
                 -c:v libx264 -preset ultrafast -x264opts tff=1 interlaced.mp4",
            );
        },
        expected: Video(|info| {
            assert!(info.video.interlaced && !info.video.square_pixels);
            shown(info, 682, 480);
        }),
    },
    Case {
        file: "interlaced.mpg",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=720x576:r=25:d=0.5 -flags +ilme+ildct -top 1 -c:v mpeg2video interlaced.mpg",
            );
        },
        expected: Video(|info| {
            assert!(info.video.interlaced && !info.video.variable_frame_rate);
            assert_eq!(info.container, Container::MpegPs);
        }),
    },
    Case {
        file: "anamorphic.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=1440x1080:d=0.2 -vf setsar=4/3 -c:v libx264 -preset ultrafast anamorphic.mp4",
            );
        },
        expected: Video(|info| {
            shown(info, 1920, 1080);
            assert!(!info.video.square_pixels);
        }),
    },
    Case {
        file: "eight_k.mp4",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i color=gray:s=7680x4320:r=1 -frames:v 1 -c:v libx264 -preset ultrafast eight_k.mp4");
        },
        expected: Video(|info| shown(info, 7680, 4320)),
    },
    Case {
        file: "tiny.mp4",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=2x2:d=0.2 -c:v libx264 tiny.mp4");
        },
        expected: Video(|info| shown(info, 2, 2)),
    },
    Case {
        file: "one_frame.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -frames:v 1 -an -c:v libx264 one_frame.mp4");
        },
        expected: Video(|info| lasts(info, 1..=99)),
    },
    Case {
        file: "one_group.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=160x90:r=10:d=60 -c:v libx264 -preset ultrafast -g 100000 -keyint_min 100000 \
                 -sc_threshold 0 one_group.mp4",
            );
        },
        expected: Video(|info| lasts(info, 60_000..=60_000)),
    },
    Case {
        file: "open_groups.mp4",
        make: |shop| {
            shop.ffmpeg("-i base.mp4 -c:a copy -c:v libx264 -preset veryfast -g 30 -x264-params open-gop=1 open_groups.mp4");
        },
        expected: Video(|info| {
            lasts(info, 3_950..=4_050);
            assert_eq!(info.video.profile.as_deref(), Some("High"));
        }),
    },
    Case {
        file: "moving.gif",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 moving.gif");
        },
        expected: Video(|info| {
            assert_eq!(
                (info.container, info.video.codec.as_str()),
                (Container::Other, "gif")
            );
            lasts(info, 900..=1_100);
        }),
    },
    Case {
        file: "moving.png",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 -f apng moving.png");
        },
        expected: Video(|info| {
            assert_eq!(info.video.codec, "apng");
            lasts(info, 900..=1_100);
        }),
    },
    Case {
        file: "moving.webp",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:r=10:d=1 -c:v libwebp_anim moving.webp");
        },
        expected: Refused("media.moving_webp", "moving WebP"),
    },
    Case {
        file: "full_range.avi",
        make: |shop| {
            shop.ffmpeg("-f lavfi -i testsrc2=s=160x90:d=0.4 -pix_fmt yuvj420p -c:v mjpeg full_range.avi");
        },
        expected: Video(|info| {
            assert_eq!(
                (info.container, info.video.pixel_format.as_str()),
                (Container::Avi, "yuvj420p")
            );
        }),
    },
    Case {
        file: "full_range.mp4",
        make: |shop| {
            shop.ffmpeg(
                "-f lavfi -i testsrc2=s=160x90:d=0.4 -pix_fmt yuvj420p -c:v libx264 -preset ultrafast full_range.mp4",
            );
        },
        expected: Video(|info| assert_eq!(info.video.pixel_format, "yuvj420p")),
    },
];
