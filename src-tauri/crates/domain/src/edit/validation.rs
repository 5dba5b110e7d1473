//! Whether a document can be carried out on a source, with a sentence for everything that is wrong.

use std::ops::RangeInclusive;

use super::{Cover, Edit, Fit, KeptRange, PARTS_MAX, VERSION};
use crate::media_info::MediaInfo;

pub(super) const SPEED: RangeInclusive<f64> = 0.25..=4.0;
pub(super) const VOLUME_DB: RangeInclusive<f64> = -60.0..=12.0;

/// What is wrong with an edit, or why an operation on it is not possible. Displayed as a sentence for the user.
/// Parts are numbered from 1, in play order.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditProblem {
    #[error("This edit was made by a newer Daypart (version {version}). Update Daypart to use it.")]
    UnknownVersion { version: u32 },
    #[error("This is not an edit that Daypart can read: {detail}.")]
    NotAnEdit { detail: String },
    #[error("Part {number} ends before it begins. Move one of its ends.")]
    PartEmpty { number: usize },
    #[error("Part {number} reaches past the end of the video. Shorten it.")]
    PartBeyondEnd { number: usize },
    #[error("Parts {first} and {second} overlap. Shorten one of them.")]
    PartsOverlap { first: usize, second: usize },
    #[error("There is no part {number}.")]
    NoSuchPart { number: usize },
    #[error("At least one part must be kept.")]
    NothingLeft,
    #[error("A video can be cut into at most {PARTS_MAX} parts.")]
    TooManyParts,
    #[error("There is nothing to split here. Move to the inside of a part first.")]
    NothingToSplit,
    #[error("These two parts cannot be joined: they do not follow each other in the video.")]
    NotJoinable,
    #[error("The speed must lie between 0.25 and 4 times.")]
    Speed,
    #[error("The volume must lie between -60 and +12 dB.")]
    Volume,
    #[error("The fades are longer than the video. Shorten them.")]
    FadesTooLong,
    #[error("The picture can be turned by 90, 180 or 270 degrees only.")]
    Turn,
    #[error("The crop window lies outside the picture. Move it back.")]
    CropCentre,
    #[error("This video has no audio track {stream_index}. Choose one of its own.")]
    NoSuchAudioTrack { stream_index: u32 },
    #[error("The cover's frame lies past the end of the video. Choose another frame.")]
    CoverBeyondEnd,
    #[error("No file is named for the cover picture. Choose one.")]
    CoverWithoutFile,
    #[error("No file is named for the captions. Choose one.")]
    CaptionsWithoutFile,
}

impl Edit {
    /// Reads an exported document.
    ///
    /// # Errors
    /// [`EditProblem::UnknownVersion`] for a version this Daypart does not know, told before anything else about
    /// the text; [`EditProblem::NotAnEdit`] for what is no such document. Whether it suits a video is the
    /// question of [`Edit::problems`].
    pub fn from_json(text: &str) -> Result<Edit, EditProblem> {
        #[derive(serde::Deserialize)]
        struct Versioned {
            version: u32,
        }
        let unreadable = |error: serde_json::Error| EditProblem::NotAnEdit {
            detail: error.to_string(),
        };
        let Versioned { version } = serde_json::from_str(text).map_err(unreadable)?;
        if !(1..=VERSION).contains(&version) {
            return Err(EditProblem::UnknownVersion { version });
        }
        serde_json::from_str(text).map_err(unreadable)
    }

    /// Everything that keeps this edit from being carried out on a source: [`Edit::problems`], and an audio track that
    /// a document made for another video names. A video without sound has nothing to choose from, which is no problem.
    pub fn problems_on(&self, info: &MediaInfo) -> Vec<EditProblem> {
        let mut found = self.problems(info.duration_ms.saturating_mul(1_000));
        // Records made before all tracks were kept cannot tell.
        let are_known = info.known_audio_tracks().len() >= info.audio_track_count as usize;
        if let Some(stream_index) = self.sound.track
            && info.audio.is_some()
            && are_known
            && info.audio_track(stream_index).is_none()
        {
            found.push(EditProblem::NoSuchAudioTrack { stream_index });
        }
        found
    }

    /// Everything that keeps this edit from being carried out on a source of `duration_us`; empty when nothing
    /// does. An operation on a document without problems gives a document without problems.
    pub fn problems(&self, duration_us: u64) -> Vec<EditProblem> {
        let mut found = Vec::new();
        if !(1..=VERSION).contains(&self.version) {
            found.push(EditProblem::UnknownVersion {
                version: self.version,
            });
        }
        found.extend(range_problems(&self.ranges, duration_us));
        let speed_is_usable = SPEED.contains(&self.speed);
        if !speed_is_usable {
            found.push(EditProblem::Speed);
        }
        if !VOLUME_DB.contains(&self.sound.volume_db) {
            found.push(EditProblem::Volume);
        }
        let fades_us = (u64::from(self.sound.fade_in_ms) + u64::from(self.sound.fade_out_ms)) * 1_000;
        if speed_is_usable && fades_us > self.edited_duration_us(duration_us) {
            found.push(EditProblem::FadesTooLong);
        }
        if !matches!(self.turn.rotate_deg, 0 | 90 | 180 | 270) {
            found.push(EditProblem::Turn);
        }
        let own_fits = self.ranges.iter().filter_map(|range| range.fit);
        if own_fits.chain([self.framing.fit]).any(|fit| !is_inside(fit)) {
            found.push(EditProblem::CropCentre);
        }
        match &self.cover {
            Some(Cover::At { at_us }) if *at_us >= duration_us => found.push(EditProblem::CoverBeyondEnd),
            Some(Cover::Image { path }) if path.is_empty() => found.push(EditProblem::CoverWithoutFile),
            _ => {}
        }
        if self
            .captions
            .as_ref()
            .is_some_and(|captions| captions.path.is_empty())
        {
            found.push(EditProblem::CaptionsWithoutFile);
        }
        found
    }
}

/// A window's centre is on the picture.
fn is_inside(fit: Fit) -> bool {
    match fit {
        Fit::Fill { centre_x, centre_y } => {
            (0.0..=1.0).contains(&centre_x) && (0.0..=1.0).contains(&centre_y)
        }
        Fit::Blur | Fit::Colour { .. } => true,
    }
}

fn range_problems(ranges: &[KeptRange], duration_us: u64) -> Vec<EditProblem> {
    if ranges.len() > PARTS_MAX {
        return vec![EditProblem::TooManyParts];
    }
    let mut found = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        if range.length_us() == 0 {
            found.push(EditProblem::PartEmpty { number: index + 1 });
        } else if range.end_us > duration_us {
            found.push(EditProblem::PartBeyondEnd { number: index + 1 });
        }
    }
    let mut by_start: Vec<(usize, &KeptRange)> = ranges.iter().enumerate().collect();
    by_start.sort_by_key(|(_, range)| range.start_us);
    for pair in by_start.windows(2) {
        if pair[0].1.overlaps(pair[1].1) {
            let (first, second) = (pair[0].0.min(pair[1].0), pair[0].0.max(pair[1].0));
            found.push(EditProblem::PartsOverlap {
                first: first + 1,
                second: second + 1,
            });
        }
    }
    found
}
