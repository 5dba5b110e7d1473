//! ffprobe's answer, turned into media info. Pure.

use std::collections::HashMap;

use daypart_domain::media_info::{AudioTrack, Container, FrameRate, MediaInfo, VideoTrack};
use serde::Deserialize;

use crate::{
    boxes::{BoxReport, TrackTable, tells_place_or_device},
    direct,
};

mod video;

/// What is known about the file from elsewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileFacts {
    pub size_bytes: u64,
    /// By the first bytes; `None` leaves it to ffprobe.
    pub container: Option<Container>,
    /// For MP4 and MOV, whose tables are trusted more than any header.
    pub boxes: Option<BoxReport>,
    /// Every packet was read, not just the first ones.
    pub packets_counted: bool,
}

/// Why a file that ffprobe could open is not a video.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProbeRefusal {
    #[error("ffprobe's answer could not be understood: {0}")]
    Unparsable(String),
    #[error("there is a picture, but no video")]
    PictureOnly,
    #[error("there is sound, but no video")]
    SoundOnly,
    #[error("there is neither video nor sound")]
    NoTracks,
    #[error("the video has no picture size")]
    NoPictureSize,
}

/// ffprobe's names of streams without a container, which carry no times.
const RAW_STREAMS: [&str; 5] = ["h264", "hevc", "m4v", "mpegvideo", "obu"];

#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    packets: Vec<Packet>,
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

/// Of the beginning of the file; asked for where the container has no table of frame times.
#[derive(Debug, Deserialize)]
struct Packet {
    stream_index: u32,
    pts_time: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Format {
    #[serde(default)]
    format_name: String,
    duration: Option<String>,
    #[serde(default)]
    tags: HashMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Stream {
    index: u32,
    /// The track's own number, in hexadecimal.
    id: Option<String>,
    codec_type: Option<String>,
    codec_name: Option<String>,
    codec_tag_string: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    sample_aspect_ratio: Option<String>,
    pix_fmt: Option<String>,
    bits_per_raw_sample: Option<String>,
    color_transfer: Option<String>,
    field_order: Option<String>,
    r_frame_rate: Option<String>,
    avg_frame_rate: Option<String>,
    duration: Option<String>,
    start_time: Option<String>,
    bit_rate: Option<String>,
    sample_rate: Option<String>,
    channels: Option<u16>,
    /// Only when packets were counted.
    nb_read_packets: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
    #[serde(default)]
    tags: HashMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    default: u8,
    #[serde(default)]
    attached_pic: u8,
    #[serde(default)]
    still_image: u8,
}

#[derive(Debug, Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

/// Reads what `ffprobe -of json -show_format -show_streams` printed, with `packets` where they were asked for.
///
/// # Errors
/// A file without a video track, or an answer that is not ffprobe's.
pub(crate) fn parse_ffprobe(json: &[u8], facts: &FileFacts) -> Result<MediaInfo, ProbeRefusal> {
    let answer: Answer =
        serde_json::from_slice(json).map_err(|error| ProbeRefusal::Unparsable(error.to_string()))?;
    let is_picture_format =
        answer.format.format_name.ends_with("_pipe") || answer.format.format_name == "image2";
    let audio_tracks: Vec<&Stream> = answer
        .streams
        .iter()
        .filter(|stream| stream.is("audio") && stream.codec_name.is_some())
        .collect();
    let Some(video) = video::choose(&answer.streams) else {
        return Err(if !audio_tracks.is_empty() {
            ProbeRefusal::SoundOnly
        } else if answer.streams.iter().any(|stream| stream.is("video")) {
            ProbeRefusal::PictureOnly
        } else {
            ProbeRefusal::NoTracks
        });
    };
    if is_picture_format {
        return Err(ProbeRefusal::PictureOnly);
    }
    if video.width == 0 || video.height == 0 {
        return Err(ProbeRefusal::NoPictureSize);
    }
    let table = video.table(facts);
    let audio = audio_tracks
        .iter()
        .find(|stream| stream.disposition.default == 1)
        .or(audio_tracks.first());
    let pace = table
        .and_then(|table| table.pace)
        .or_else(|| video::pace_of_packets(&answer.packets, video.index));
    let video_track = video::describe(video, pace, table.filter(|_| !facts.is_turned_as_a_whole()));
    Ok(MediaInfo {
        container: facts
            .container
            .unwrap_or_else(|| container_of(&answer.format.format_name)),
        size_bytes: facts.size_bytes,
        duration_ms: duration_ms(video.counted(facts), video, &video_track, &answer.format, table),
        missing_ms: table.map_or(0, |table| table.missing_ms),
        times_are_reckoned: RAW_STREAMS.contains(&answer.format.format_name.as_str()),
        audio: audio.map(|stream| describe_audio(stream, facts)),
        audio_track_count: u32::try_from(audio_tracks.len()).unwrap_or(u32::MAX),
        audio_offset_ms: audio.map_or(0, |audio| offset_ms(video, audio, facts)),
        audio_tracks: audio_tracks
            .iter()
            .map(|stream| describe_audio(stream, facts))
            .collect(),
        index_first: facts.boxes.as_ref().map(|boxes| boxes.index_first),
        has_edit_list: facts.boxes.as_ref().is_some_and(|boxes| boxes.has_edit_list),
        hidden_lead_in_ms: table.map_or(0, |table| table.hidden_lead_in_ms),
        has_private_metadata: facts
            .boxes
            .as_ref()
            .is_some_and(|boxes| boxes.names_place_or_device)
            || is_private(&answer),
        video: video_track,
    })
}

impl FileFacts {
    fn is_turned_as_a_whole(&self) -> bool {
        self.boxes
            .as_ref()
            .is_some_and(|boxes| boxes.is_turned_as_a_whole)
    }
}

/// By its table where both tracks have one, else by when ffprobe saw the first packet.
fn offset_ms(video: &Stream, audio: &Stream, facts: &FileFacts) -> i64 {
    let is_timed = |table: &&TrackTable| table.duration_ms.is_some();
    if let Some((picture, sound)) = video
        .table(facts)
        .filter(is_timed)
        .zip(audio.table(facts).filter(is_timed))
    {
        return direct::offset_ms(picture, sound);
    }
    let starts_s = |stream: &Stream| stream.start_time.as_deref()?.parse::<f64>().ok();
    match starts_s(audio).zip(starts_s(video)) {
        Some((audio_s, video_s)) => round_signed_ms(audio_s - video_s),
        None => 0,
    }
}

impl Stream {
    fn is(&self, kind: &str) -> bool {
        self.codec_type.as_deref() == Some(kind)
    }

    fn counted(&self, facts: &FileFacts) -> Option<f64> {
        number(self.nb_read_packets.as_deref()).filter(|_| facts.packets_counted)
    }

    /// The same track as our own reading saw it.
    fn table<'a>(&self, facts: &'a FileFacts) -> Option<&'a TrackTable> {
        facts.boxes.as_ref()?.track(self.track_id()?)
    }

    fn tag(&self, key: &str) -> Option<String> {
        self.tags.get(key).filter(|text| !text.is_empty()).cloned()
    }

    fn track_id(&self) -> Option<u32> {
        let id = self.id.as_deref()?;
        u32::from_str_radix(id.strip_prefix("0x")?, 16).ok()
    }
}

/// The video track's own length, 0 when nothing tells it: by its table, else by its counted packets where they say clearly more than the
/// header (joined transport streams) or there is no header (raw streams), else as the track or the file claims.
fn duration_ms(
    packets: Option<f64>,
    stream: &Stream,
    video: &VideoTrack,
    format: &Format,
    table: Option<&TrackTable>,
) -> u64 {
    if let Some(by_table) = table.and_then(|table| table.duration_ms) {
        return by_table;
    }
    let claimed = seconds_to_ms(stream.duration.as_deref())
        .or_else(|| clock_to_ms(stream.tags.get("DURATION")?))
        .or_else(|| seconds_to_ms(format.duration.as_deref()));
    let counted = packets
        .zip(video.average_frame_rate)
        .map(|(count, rate)| round_ms(count / rate.frames_per_second()));
    match (claimed, counted) {
        (Some(claimed), Some(counted)) if counted > claimed + claimed / 2 => counted,
        (Some(claimed), _) => claimed,
        (None, counted) => counted.unwrap_or(0),
    }
}

fn seconds_to_ms(text: Option<&str>) -> Option<u64> {
    text?
        .parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .map(round_ms)
}

/// `00:01:02.500000000`, as Matroska's statistics tags have it.
fn clock_to_ms(text: &str) -> Option<u64> {
    let mut seconds = 0.0;
    for part in text.split(':') {
        seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
    }
    (seconds > 0.0).then(|| round_ms(seconds))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a negative length means none"
)]
fn round_ms(seconds: f64) -> u64 {
    (seconds * 1000.0).round() as u64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no two tracks start so far apart"
)]
fn round_signed_ms(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn container_of(format_name: &str) -> Container {
    match format_name {
        name if name.split(',').any(|part| part == "mp4") => Container::Mp4,
        name if name.split(',').any(|part| part == "matroska") => Container::Matroska,
        "avi" => Container::Avi,
        "mpegts" => Container::MpegTs,
        "mpeg" => Container::MpegPs,
        _ => Container::Other,
    }
}

fn describe_audio(stream: &Stream, facts: &FileFacts) -> AudioTrack {
    let table = stream.table(facts);
    AudioTrack {
        stream_index: stream.index,
        codec: stream.codec_name.clone().unwrap_or_default(),
        channels: stream.channels.unwrap_or(0),
        sample_rate_hz: number(stream.sample_rate.as_deref()).unwrap_or(0),
        bit_rate_bps: table
            .and_then(|table| table.bit_rate_bps)
            .or_else(|| number(stream.bit_rate.as_deref())),
        language: table
            .and_then(|table| table.language.clone())
            .or_else(|| stream.tag("language").filter(|language| language != "und")),
        title: table
            .and_then(|table| table.title.clone())
            .or_else(|| stream.tag("title")),
    }
}

fn number<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text?.parse().ok()
}

/// `30000/1001`; `None` for `0/0` and for clocks that stand in for an unknown rate (`90000/1`).
fn frame_rate(text: Option<&str>) -> Option<FrameRate> {
    let (numerator, denominator) = text?.split_once('/')?;
    let rate = FrameRate {
        numerator: numerator.parse().ok().filter(|value| *value > 0)?,
        denominator: denominator.parse().ok().filter(|value| *value > 0)?,
    };
    (rate.frames_per_second() <= 1000.0).then_some(rate)
}

/// Place and device, in the spellings of phones and cameras, and GoPro's telemetry track.
fn is_private(answer: &Answer) -> bool {
    let all_tags = answer
        .streams
        .iter()
        .map(|stream| &stream.tags)
        .chain([&answer.format.tags]);
    let named = all_tags
        .flat_map(HashMap::keys)
        .any(|key| tells_place_or_device(key));
    named
        || answer
            .streams
            .iter()
            .any(|stream| stream.codec_tag_string.as_deref() == Some("gpmd"))
}

#[cfg(test)]
mod tests;
