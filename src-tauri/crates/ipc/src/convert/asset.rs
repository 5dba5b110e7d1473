use daypart_domain::{
    asset::{Asset as DomainAsset, AssetState as DomainAssetState, FileIdentity},
    capabilities::Capabilities,
    compliance::Finding as DomainFinding,
    media_info::{AudioTrack, MediaInfo as DomainMediaInfo, VideoTrack},
    picture_info::{Animation, PictureInfo as DomainPictureInfo},
};

use crate::{Asset, AssetCompliance, AssetState, MediaInfo, PictureInfo, Severity, Verdict};

/// Addresses on the preview server, token included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetLinks {
    pub poster_url: Option<String>,
    pub preview_url: Option<String>,
}

impl Asset {
    /// `compliance` has one entry per platform and is empty until the file is measured.
    pub fn from_domain(asset: DomainAsset, links: AssetLinks, compliance: Vec<AssetCompliance>) -> Self {
        let file_name = asset.file_name().to_owned();
        let DomainAsset {
            id,
            path,
            identity,
            state,
            poster_file: _,
            added_at,
            removed_at: _,
        } = asset;
        let identity_bytes = identity.map(|FileIdentity { size_bytes, .. }| size_bytes);
        let (state, media, picture, error) = match state {
            DomainAssetState::Probing => (AssetState::Probing, None, None, None),
            DomainAssetState::Ready(info) => (AssetState::Ready, Some(*info), None, None),
            DomainAssetState::Picture(info) => (AssetState::Ready, None, Some(*info), None),
            DomainAssetState::Refused(problem) => (AssetState::Refused, None, None, Some(problem.into())),
        };
        let size_bytes = identity_bytes
            .or(media.as_ref().map(|info| info.size_bytes))
            .or(picture.as_ref().map(|info| info.size_bytes))
            .unwrap_or(0);
        let AssetLinks {
            poster_url,
            preview_url,
        } = links;
        Self {
            id: id.to_string(),
            file_name,
            path,
            size_bytes,
            added_at,
            state,
            error,
            media: media.map(MediaInfo::from),
            picture: picture.map(PictureInfo::from),
            poster_url,
            preview_url,
            compliance,
        }
    }
}

impl AssetCompliance {
    /// Judges a platform by what its spec found in the file.
    pub fn from_findings(capabilities: &Capabilities, findings: Vec<DomainFinding>) -> Self {
        let findings: Vec<crate::Finding> = findings.into_iter().map(Into::into).collect();
        let has = |severity| findings.iter().any(|finding| finding.severity == severity);
        let verdict = if has(Severity::Blocking) {
            Verdict::Refused
        } else if has(Severity::Fixable) {
            Verdict::AfterConversion
        } else {
            Verdict::AsIs
        };
        Self {
            platform: capabilities.platform.as_str().to_owned(),
            platform_name: capabilities.name.to_owned(),
            verdict,
            findings,
        }
    }
}

impl From<DomainMediaInfo> for MediaInfo {
    fn from(info: DomainMediaInfo) -> Self {
        let main = info.audio.as_ref().map(|audio| audio.stream_index);
        let audio_tracks = info
            .known_audio_tracks()
            .iter()
            .map(|track| crate::AudioTrack {
                stream_index: track.stream_index,
                is_main: main == Some(track.stream_index),
                language: track.language.clone(),
                title: track.title.clone(),
                codec: codec_label(&track.codec),
                channels: track.channels,
            })
            .collect();
        let DomainMediaInfo {
            container,
            size_bytes: _,
            duration_ms,
            missing_ms: _,
            times_are_reckoned: _,
            video,
            audio,
            audio_track_count: _,
            audio_tracks: _,
            audio_offset_ms: _,
            index_first,
            has_edit_list: _,
            hidden_lead_in_ms: _,
            has_private_metadata,
        } = info;
        let VideoTrack {
            stream_index: _,
            codec,
            profile: _,
            coded_width_px: _,
            coded_height_px: _,
            width_px,
            height_px,
            rotation_deg,
            mirrored: _,
            square_pixels: _,
            pixel_format,
            bit_depth,
            hdr,
            interlaced: _,
            average_frame_rate,
            variable_frame_rate,
            bit_rate_bps,
        } = video;
        let (audio_codec, audio_channels, audio_sample_rate_hz) = match audio {
            Some(AudioTrack {
                stream_index: _,
                codec,
                channels,
                sample_rate_hz,
                bit_rate_bps: _,
                language: _,
                title: _,
            }) => (Some(codec_label(&codec)), Some(channels), Some(sample_rate_hz)),
            None => (None, None, None),
        };
        Self {
            container: container.label().to_owned(),
            duration_ms,
            width_px,
            height_px,
            rotation_deg,
            frame_rate_fps: average_frame_rate.map(|rate| rate.frames_per_second()),
            variable_frame_rate,
            video_codec: codec_label(&codec),
            pixel_format,
            bit_depth,
            hdr,
            audio_codec,
            audio_channels,
            audio_sample_rate_hz,
            audio_tracks,
            bit_rate_bps,
            index_first,
            has_private_metadata,
        }
    }
}

impl From<DomainPictureInfo> for PictureInfo {
    fn from(info: DomainPictureInfo) -> Self {
        let DomainPictureInfo {
            format,
            size_bytes: _,
            width_px,
            height_px,
            orientation,
            colour_profile,
            animation,
            has_private_metadata,
        } = info;
        let (frame_count, duration_ms) = match animation {
            Some(Animation {
                frame_count,
                duration_ms,
            }) => (Some(frame_count), Some(duration_ms)),
            None => (None, None),
        };
        Self {
            format: format.label().to_owned(),
            width_px,
            height_px,
            orientation,
            colour_profile,
            frame_count,
            duration_ms,
            has_private_metadata,
        }
    }
}

/// ffprobe's codec name as people write it; an unknown one stays as it is.
fn codec_label(codec: &str) -> String {
    let known = match codec {
        "h264" => "H.264",
        "hevc" => "HEVC",
        "av1" => "AV1",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "mpeg4" => "MPEG-4",
        "mpeg2video" => "MPEG-2",
        "mjpeg" => "Motion JPEG",
        "prores" => "ProRes",
        "aac" => "AAC",
        "mp3" => "MP3",
        "opus" => "Opus",
        "vorbis" => "Vorbis",
        "ac3" => "AC-3",
        "flac" => "FLAC",
        other if other.starts_with("pcm_") => "PCM",
        other => other,
    };
    known.to_owned()
}
