//! Media info straight from the boxes of an MP4 or MOV, without starting ffprobe (MEDIA.md §3). Whatever is not
//! certain is `None`: then ffprobe decides. Both ways must agree on every file that both can read.

mod aac;
mod h264;
mod hevc;

use std::{cmp::Reverse, panic};

use daypart_domain::media_info::{AudioTrack, Container, MediaInfo, VideoTrack};

use crate::{
    boxes::{BoxReport, Completeness, Description, Pace, PictureEntry, TrackTable, Turn},
    shape::{self, is_hdr_transfer, sensible_shape},
};

/// Handlers of tracks that are neither picture nor sound and change nothing: timecode, telemetry, text, hints.
const BESIDE_THE_POINT: [&[u8; 4]; 7] = [b"tmcd", b"meta", b"text", b"sbtl", b"subt", b"hint", b"clcp"];

/// What a decoder setup says about the picture.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    codec: &'static str,
    profile: &'static str,
    pixel_format: String,
    bit_depth: u8,
    width_px: u32,
    height_px: u32,
    pixel_shape: Option<(u32, u32)>,
    /// As the stream itself names it; 2 or nothing is "not said".
    transfer: Option<u16>,
}

/// `None`: not certain enough.
pub(crate) fn describe(report: &BoxReport, container: Container, size_bytes: u64) -> Option<MediaInfo> {
    // The readers of decoder setups are not ours; a crafted one must not end more than this attempt.
    panic::catch_unwind(|| describe_unguarded(report, container, size_bytes)).unwrap_or(None)
}

fn describe_unguarded(report: &BoxReport, container: Container, size_bytes: u64) -> Option<MediaInfo> {
    let is_readable = matches!(
        report.completeness,
        Completeness::Complete | Completeness::DataCut { .. }
    );
    if !is_readable || report.is_fragmented || report.is_turned_as_a_whole || report.protected {
        return None;
    }
    let mut pictures = Vec::new();
    let mut sounds = Vec::new();
    for (index, track) in report.tracks.iter().enumerate() {
        let stream_index = u32::try_from(index).ok()?;
        match &track.handler {
            b"vide" => pictures.push((track, picture_track(track, stream_index)?)),
            b"soun" => sounds.push((track, sound_track(track, stream_index)?)),
            other if BESIDE_THE_POINT.contains(&other) => {}
            _ => return None,
        }
    }
    let (table, video) = pictures.into_iter().max_by_key(|(track, video)| {
        let area = u64::from(video.coded_width_px) * u64::from(video.coded_height_px);
        (area, track.is_enabled, Reverse(video.stream_index))
    })?;
    let chosen = sounds
        .iter()
        .find(|(track, _)| track.is_enabled)
        .or(sounds.first());
    Some(MediaInfo {
        container,
        size_bytes,
        duration_ms: table.duration_ms?,
        missing_ms: table.missing_ms,
        times_are_reckoned: false,
        audio_offset_ms: chosen.map_or(0, |(sound, _)| offset_ms(table, sound)),
        audio: chosen.map(|(_, sound)| sound.clone()),
        audio_track_count: u32::try_from(sounds.len()).ok()?,
        audio_tracks: sounds.into_iter().map(|(_, sound)| sound).collect(),
        index_first: Some(report.index_first),
        has_edit_list: report.has_edit_list,
        hidden_lead_in_ms: table.hidden_lead_in_ms,
        has_private_metadata: report.names_place_or_device,
        video,
    })
}

/// How much later than the picture the sound begins.
pub(crate) fn offset_ms(picture: &TrackTable, sound: &TrackTable) -> i64 {
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    signed(sound.begins_ms) - signed(picture.begins_ms)
}

/// The one description of a track whose tables are whole and whose samples are in this file.
fn certain_description(track: &TrackTable) -> Option<&Description> {
    let has_samples = track.samples.is_some_and(|samples| samples.count > 0);
    (has_samples && track.times_match_samples && track.is_self_contained)
        .then_some(track.description.as_ref())
        .flatten()
        .filter(|description| description.entry_count == 1)
}

fn picture_track(track: &TrackTable, stream_index: u32) -> Option<VideoTrack> {
    let description = certain_description(track)?;
    let entry = description.picture.as_ref()?;
    let setup = entry.decoder_setup.as_deref()?;
    let picture = match &description.format {
        b"avc1" => h264::read(setup, entry)?,
        b"hvc1" | b"hev1" => hevc::read(setup, entry)?,
        _ => return None,
    };
    // Where header and stream disagree about the size, only a decoder knows.
    let header_size = (u32::from(entry.width_px), u32::from(entry.height_px));
    if header_size != (picture.width_px, picture.height_px)
        || entry.field_count.is_some_and(|count| count != 1)
    {
        return None;
    }
    let Turn {
        rotation_deg,
        mirrored,
    } = track.turn?;
    let pixel_shape = sensible_shape(pixel_shape(track, entry, &picture)?);
    let shown = shape::shown(picture.width_px, picture.height_px, pixel_shape, rotation_deg);
    let pace = track.pace?;
    Some(VideoTrack {
        stream_index,
        codec: picture.codec.to_owned(),
        profile: Some(picture.profile.to_owned()),
        coded_width_px: picture.width_px,
        coded_height_px: picture.height_px,
        width_px: shown.width_px,
        height_px: shown.height_px,
        rotation_deg,
        mirrored,
        square_pixels: shown.square_pixels,
        pixel_format: picture.pixel_format,
        bit_depth: picture.bit_depth,
        hdr: is_hdr(picture.transfer, entry)?,
        interlaced: false,
        average_frame_rate: Some(Pace::rate(pace)),
        variable_frame_rate: pace.is_variable(),
        bit_rate_bps: track.bit_rate_bps,
    })
}

/// The outer `None`: box, header and stream contradict each other.
#[expect(clippy::option_option, reason = "unclear and unsaid are different answers")]
fn pixel_shape(track: &TrackTable, entry: &PictureEntry, picture: &Picture) -> Option<Option<(u32, u32)>> {
    let by_stream = picture.pixel_shape.filter(|shape| *shape != (1, 1));
    let Some(by_box) = entry.pixel_shape else {
        let says_nothing = track.wanted_size.0 == 0 || track.wanted_size.1 == 0;
        let wants_stored_size = track.wanted_size == (picture.width_px, picture.height_px);
        return (says_nothing || wants_stored_size).then_some(by_stream);
    };
    let agree = by_stream.is_none_or(|stream| {
        u64::from(stream.0) * u64::from(by_box.1) == u64::from(stream.1) * u64::from(by_box.0)
    });
    agree.then_some(Some(by_box))
}

/// `None`: box and stream contradict each other.
fn is_hdr(by_stream: Option<u16>, entry: &PictureEntry) -> Option<bool> {
    const UNSAID: u16 = 2;
    let by_box = entry.colour.map(|colour| is_hdr_transfer(colour.transfer));
    let by_stream = by_stream
        .filter(|transfer| *transfer != UNSAID)
        .map(is_hdr_transfer);
    match (by_stream, by_box) {
        (Some(stream), Some(in_box)) => (stream == in_box).then_some(stream),
        (Some(stream), None) => Some(stream),
        // A stream that does not say may still overrule the box.
        (None, Some(true)) => None,
        (None, _) => Some(false),
    }
}

/// ffmpeg's name of a planar format; `None` for those that few cameras write.
fn pixel_format(chroma_format: u32, luma_depth: u8, chroma_depth: u8, full_range: bool) -> Option<String> {
    let chroma = match chroma_format {
        1 => "420",
        2 => "422",
        _ => return None,
    };
    match (luma_depth == chroma_depth).then_some(luma_depth)? {
        8 if full_range => Some(format!("yuvj{chroma}p")),
        8 => Some(format!("yuv{chroma}p")),
        depth @ (10 | 12) => Some(format!("yuv{chroma}p{depth}le")),
        _ => None,
    }
}

fn sound_track(track: &TrackTable, stream_index: u32) -> Option<AudioTrack> {
    let description = certain_description(track)?;
    let entry = description.sound.as_ref()?;
    let (codec, channels, sample_rate_hz) = match &description.format {
        b"mp4a" if entry.version <= 1 => {
            let sound = aac::read(entry.stream_descriptor.as_deref()?)?;
            ("aac", sound.channels, sound.sample_rate_hz)
        }
        b"sowt" if entry.version <= 1 && entry.sample_bits == 16 => {
            ("pcm_s16le", entry.channels, entry.sample_rate_hz)
        }
        b"twos" if entry.version <= 1 && entry.sample_bits == 16 => {
            ("pcm_s16be", entry.channels, entry.sample_rate_hz)
        }
        _ => return None,
    };
    Some(AudioTrack {
        stream_index,
        codec: codec.to_owned(),
        channels,
        sample_rate_hz,
        bit_rate_bps: track.bit_rate_bps,
        language: track.language.clone(),
        title: track.title.clone(),
    })
}
