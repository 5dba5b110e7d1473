//! Where a clip is cut, black or frozen.
//!
//! In MP4 and MOV the keyframes are compared first, and only the groups of frames between two that differ are looked at
//! (MEDIA.md §4c): by the frames that others are made from, and whole where those leave it open. Whole are decoded, too,
//! groups that are dark at an end or whose frames have next to no bytes; a keyframe that an encoder set before its time,
//! where everything changes, is a cut without decoding what is before it. Other containers are decoded from beginning to end. Pictures of 64 × 36 pixels are enough.

use std::{collections::BTreeMap, ops::RangeInclusive};

use daypart_domain::problem::Problem;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    index::IndexFault,
    picture_pipe::PipeFault,
    problems,
    strip::{
        Clip,
        arguments::{Care, Rendering},
        cancelled,
        film::Film,
        injection::{self, Decoding, portions},
        seeking::Seeker,
    },
    toolbox::MediaToolbox,
};

mod glance;
mod marks;
mod sketch;
mod suspects;
mod watch;

use marks::{Step, Steps};
use sketch::{HEIGHT_PX, Sketch, WIDTH_PX};
use suspects::Suspects;
use watch::Watch;

/// What was found; all times are on the clip's own time line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneMarks {
    /// The first frame of each new scene, ascending; never the first frame of the clip. Scenes last at least 0.6 s.
    pub cuts_us: Vec<u64>,
    /// At least 0.3 s in which 98 of 100 pixels are nearly black.
    pub black: Vec<Stretch>,
    /// At least 2 s without a change.
    pub frozen: Vec<Stretch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub from_us: u64,
    /// Exclusive.
    pub to_us: u64,
}

/// Looks through the whole clip. A cut within a group of frames that begins and ends alike is not found in MP4 and
/// MOV. Cancelling ends every process at once. What cannot be decoded has no marks.
///
/// # Errors
/// `media.ffmpeg_missing`, `media.cancelled`, `media.tool_failed`, `file.missing`, `file.unreadable`.
pub async fn find_scenes(
    toolbox: &MediaToolbox,
    clip: Clip<'_>,
    cancel: &CancellationToken,
) -> Result<SceneMarks, Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let rendering = Rendering::yuv(WIDTH_PX, HEIGHT_PX);
    let outcome = match Film::open(clip.path, clip.info.video.stream_index).await {
        Ok(film) => {
            let eye = Eye {
                decoding: Decoding {
                    ffmpeg: &ffmpeg,
                    rendering: &rendering,
                    care: Care::Sketch,
                },
                film: &film,
                cancel,
            };
            eye.look_through(clip).await
        }
        Err(IndexFault::Io(error)) if clip.path.metadata().is_err() => {
            return Err(problems::unopened(clip.path, &error));
        }
        Err(fault) => {
            tracing::debug!(%fault, "the whole clip is decoded");
            let seeker = Seeker {
                ffmpeg: &ffmpeg,
                clip,
                rendering: &rendering,
                cancel,
            };
            decode_whole(&seeker, clip).await
        }
    };
    outcome.map_err(|fault| match fault {
        PipeFault::Cancelled => cancelled(clip.path),
        fault => problems::tool_failed(clip.path, &fault),
    })
}

async fn decode_whole(seeker: &Seeker<'_>, clip: Clip<'_>) -> Result<SceneMarks, PipeFault> {
    let mut steps = Vec::new();
    let mut before: Option<Sketch> = None;
    seeker
        .sketch(&mut |at_us, picture| {
            let sketch = Sketch::new(picture);
            steps.push(Step::between(at_us, before.as_ref(), &sketch));
            before = Some(sketch);
        })
        .await?;
    let to_us = clip.info.duration_ms.saturating_mul(1000);
    Ok(marks::find(&[Steps { steps, to_us }], Vec::new()))
}

/// Looks at frames of a film.
struct Eye<'a> {
    decoding: Decoding<'a>,
    film: &'a Film,
    cancel: &'a CancellationToken,
}

impl Eye<'_> {
    async fn look_through(&self, clip: Clip<'_>) -> Result<SceneMarks, PipeFault> {
        let table = &self.film.table;
        let keys: Vec<usize> = table
            .samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| sample.is_key && self.film.is_whole(sample))
            .map(|(place, _)| place)
            .collect();
        let pixels = u64::from(clip.info.video.coded_width_px) * u64::from(clip.info.video.coded_height_px);
        let alone = keys
            .iter()
            .filter(|key| self.film.needs_own_decoder(**key))
            .count();
        let suspects = if suspects::keys_tell_nothing(keys.len(), alone, table.samples.len()) {
            let last = table.samples.len().saturating_sub(1);
            Suspects {
                runs: vec![keys.first().copied().unwrap_or(0)..=last],
                ..Suspects::default()
            }
        } else {
            let sketches = self.keyframes(&keys).await?;
            suspects::find(table, &keys, &sketches, pixels)
        };
        let own_cuts = suspects.cuts.iter().filter_map(|(place, strength)| {
            let sample = table.samples.get(*place)?;
            Some((table.at_us(sample), *strength))
        });
        let mut cuts: Vec<(u64, f32)> = own_cuts.collect();
        let groups = suspects::joined(suspects.groups.clone());
        let seen = self.frames(&groups, Care::Glance).await?;
        let glance = glance::judge(table, &suspects.groups, &seen);
        cuts.extend(glance.cuts);
        let runs = suspects::joined([suspects.runs, glance.unclear].concat());
        let steps = self.frames(&runs, Care::Sketch).await?;
        Ok(marks::find(&steps, cuts))
    }

    async fn keyframes(&self, keys: &[usize]) -> Result<BTreeMap<usize, Sketch>, PipeFault> {
        let runs: Vec<RangeInclusive<usize>> = keys.iter().map(|place| *place..=*place).collect();
        let decoding = Decoding {
            care: Care::Keyframes,
            ..self.decoding
        };
        let mut sketches = BTreeMap::new();
        let all = portions(self.film, &runs);
        injection::decode(
            decoding,
            self.film,
            all,
            None,
            &mut |place, picture| {
                sketches.insert(place, Sketch::new(picture));
            },
            self.cancel,
        )
        .await?;
        Ok(sketches)
    }

    /// Every frame of the runs, as far as `care` has them decoded.
    async fn frames(&self, runs: &[RangeInclusive<usize>], care: Care) -> Result<Vec<Steps>, PipeFault> {
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let decoding = Decoding {
            care,
            ..self.decoding
        };
        let mut watch = Watch::new(&self.film.table, runs);
        injection::decode(
            decoding,
            self.film,
            portions(self.film, runs),
            None,
            &mut |place, picture| watch.see(place, Sketch::new(picture)),
            self.cancel,
        )
        .await?;
        Ok(watch.into_steps())
    }
}
