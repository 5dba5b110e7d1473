//! Answers of ffprobe 5.1, shortened to the fields that are read.

use daypart_domain::media_info::{Container, FrameRate};

use super::{FileFacts, ProbeRefusal, parse_ffprobe};

fn facts() -> FileFacts {
    FileFacts {
        size_bytes: 1234,
        container: None,
        boxes: None,
        packets_counted: true,
    }
}

/// Debian `forensics-samples-files`, VID_20191220_170832.mp4.
const ANDROID_PHONE: &str = r#"{"streams":[
 {"index":0,"codec_name":"h264","profile":"High","codec_type":"video","codec_tag_string":"avc1","width":1920,"height":1080,
  "coded_width":1920,"coded_height":1080,"sample_aspect_ratio":"1:1","pix_fmt":"yuv420p","color_transfer":"bt709",
  "field_order":"progressive","id":"0x1","r_frame_rate":"90000/2999","avg_frame_rate":"369000/13657","duration":"1.517444",
  "bit_rate":"13274444","bits_per_raw_sample":"8","disposition":{"default":1,"attached_pic":0,"still_image":0},
  "tags":{"language":"eng","handler_name":"VideoHandle"}},
 {"index":1,"codec_name":"aac","profile":"LC","codec_type":"audio","sample_rate":"48000","channels":2,"id":"0x2",
  "r_frame_rate":"0/0","avg_frame_rate":"0/0","duration":"1.599979","bit_rate":"96291","disposition":{"default":1}}],
 "format":{"format_name":"mov,mp4,m4a,3gp,3g2,mj2","duration":"1.600000","size":"2942343",
  "tags":{"major_brand":"mp42","location":"-15.8355-048.0153/","com.android.version":"9"}}}"#;

#[test]
fn a_phone_clip_is_read_in_full() {
    let info = parse_ffprobe(ANDROID_PHONE.as_bytes(), &facts()).unwrap();
    assert_eq!(info.container, Container::Mp4);
    assert_eq!(info.size_bytes, 1234);
    assert_eq!(info.duration_ms, 1517);
    assert_eq!(
        (info.video.codec.as_str(), info.video.profile.as_deref()),
        ("h264", Some("High"))
    );
    assert_eq!((info.video.width_px, info.video.height_px), (1920, 1080));
    assert!(
        info.video.variable_frame_rate,
        "30.01 is nominal, 27.02 is measured"
    );
    assert_eq!(info.video.bit_rate_bps, Some(13_274_444));
    let audio = info.audio.unwrap();
    assert_eq!(
        (audio.codec.as_str(), audio.channels, audio.bit_rate_bps),
        ("aac", 2, Some(96_291))
    );
    assert!(info.has_private_metadata);
    assert_eq!(info.index_first, None);
}

fn video(extra: &str) -> String {
    format!(
        r#"{{"streams":[{{"index":0,"codec_type":"video","codec_name":"h264","width":640,"height":360,
        "pix_fmt":"yuv420p","r_frame_rate":"30/1","avg_frame_rate":"30/1","duration":"4.0"{extra}}}],"format":{{}}}}"#
    )
}

fn parse_video(extra: &str) -> daypart_domain::media_info::MediaInfo {
    parse_ffprobe(video(extra).as_bytes(), &facts()).unwrap()
}

#[test]
fn a_counter_clockwise_quarter_is_shown_turned_clockwise_by_its_opposite() {
    for (rotation, clockwise, size) in [
        ("-90", 90, (360, 640)),
        ("90", 270, (360, 640)),
        ("180", 180, (640, 360)),
        ("-180", 180, (640, 360)),
        ("0", 0, (640, 360)),
        ("-89.5", 90, (360, 640)),
    ] {
        let info = parse_video(&format!(
            r#","side_data_list":[{{"side_data_type":"CPB properties"}},{{"rotation":{rotation}}}]"#
        ));
        assert_eq!(info.video.rotation_deg, clockwise, "{rotation}");
        assert_eq!((info.video.width_px, info.video.height_px), size, "{rotation}");
    }
}

#[test]
fn pixel_shape_widens_the_picture_before_it_is_turned() {
    let info = parse_video(r#","sample_aspect_ratio":"4:3","side_data_list":[{"rotation":-90}]"#);
    assert_eq!((info.video.width_px, info.video.height_px), (360, 853));
    assert!(!info.video.square_pixels);
    for unknown in ["0:1", "N/A", "1000000:1"] {
        let info = parse_video(&format!(r#","sample_aspect_ratio":"{unknown}""#));
        assert!(info.video.square_pixels, "{unknown}");
    }
}

#[test]
fn depth_and_hdr_come_from_format_and_transfer() {
    let info = parse_video("");
    assert_eq!((info.video.bit_depth, info.video.hdr), (8, false));
    let hdr = video("")
        .replace("yuv420p", "yuv420p10le")
        .replace(r#""index":0"#, r#""index":0,"color_transfer":"arib-std-b67""#);
    let info = parse_ffprobe(hdr.as_bytes(), &facts()).unwrap();
    assert_eq!((info.video.bit_depth, info.video.hdr), (10, true));
}

#[test]
fn a_count_of_fields_is_not_a_varying_rate() {
    let fields =
        video(r#","field_order":"tt""#).replace(r#""r_frame_rate":"30/1""#, r#""r_frame_rate":"60/1""#);
    let info = parse_ffprobe(fields.as_bytes(), &facts()).unwrap();
    assert!(info.video.interlaced && !info.video.variable_frame_rate);
    assert_eq!(
        info.video.average_frame_rate,
        Some(FrameRate {
            numerator: 30,
            denominator: 1
        })
    );
}

#[test]
fn an_unknown_rate_stays_unknown() {
    let unknown = video("").replace("30/1", "0/0");
    let info = parse_ffprobe(unknown.as_bytes(), &facts()).unwrap();
    assert_eq!(info.video.average_frame_rate, None);
    let clock = video("").replace("30/1", "90000/1");
    assert_eq!(
        parse_ffprobe(clock.as_bytes(), &facts())
            .unwrap()
            .video
            .average_frame_rate,
        None
    );
}

#[test]
fn the_length_of_a_matroska_track_stands_in_its_tags() {
    let json = video("")
        .replace(
            r#","duration":"4.0""#,
            r#","tags":{"DURATION":"00:01:02.500000000"}"#,
        )
        .replace(
            r#""format":{}"#,
            r#""format":{"format_name":"matroska,webm","duration":"99"}"#,
        );
    let info = parse_ffprobe(json.as_bytes(), &facts()).unwrap();
    assert_eq!((info.container, info.duration_ms), (Container::Matroska, 62_500));
}

#[test]
fn counted_packets_win_over_a_header_that_says_much_less() {
    let joined = parse_video(r#","nb_read_packets":"240""#);
    assert_eq!(joined.duration_ms, 8_000);
    let alike = parse_video(r#","nb_read_packets":"122""#);
    assert_eq!(alike.duration_ms, 4_000);
}

#[test]
fn what_is_no_video_says_what_it_is() {
    let cases = [
        (
            r#"{"streams":[{"index":0,"codec_type":"audio","codec_name":"mp3"}],"format":{}}"#,
            ProbeRefusal::SoundOnly,
        ),
        (
            r#"{"streams":[{"index":0,"codec_type":"audio","codec_name":"aac"},{"index":1,"codec_type":"video",
             "codec_name":"mjpeg","width":9,"height":9,"disposition":{"attached_pic":1}}],"format":{}}"#,
            ProbeRefusal::SoundOnly,
        ),
        (
            r#"{"streams":[{"index":0,"codec_type":"video","codec_name":"png","width":9,"height":9}],
             "format":{"format_name":"png_pipe"}}"#,
            ProbeRefusal::PictureOnly,
        ),
        (
            r#"{"streams":[{"index":0,"codec_type":"data"}]}"#,
            ProbeRefusal::NoTracks,
        ),
        ("{}", ProbeRefusal::NoTracks),
        (
            r#"{"streams":[{"index":0,"codec_type":"video","codec_name":"webp","width":0,"height":0}],"format":{}}"#,
            ProbeRefusal::NoPictureSize,
        ),
    ];
    for (json, refusal) in cases {
        assert_eq!(parse_ffprobe(json.as_bytes(), &facts()), Err(refusal), "{json}");
    }
    assert!(matches!(
        parse_ffprobe(b"not json", &facts()),
        Err(ProbeRefusal::Unparsable(_))
    ));
}
