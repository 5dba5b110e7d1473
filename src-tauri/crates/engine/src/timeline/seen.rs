//! What measuring a clip over time tells the rules about its looks and its sound.

use std::path::Path;

use daypart_domain::{
    analysis::{Analysis, Stretch, keyframe_gap_max_ms},
    asset::{Asset, FileIdentity},
    media_info::MediaInfo,
    problem::Problem,
};
use daypart_ports::timeline::{Clip, Scenes, Sound, TimeSpan};

use super::{Measured, lock};
use crate::Engine;

/// Nothing louder than this (-60 dB) is heard as sound.
const SILENT_MAX: i16 = 33;

/// What was found out so far. What is not known yet is judged by nobody.
#[derive(Default)]
pub(crate) struct Seen {
    pub analysis: Analysis,
    pub keyframes_us: Option<Vec<u64>>,
}

impl Engine {
    /// All that is known of a clip by now, and its keyframes, which are quickly listed. Decodes nothing.
    ///
    /// # Errors
    /// As [`daypart_ports::timeline::MediaTimeline::keyframes_us`].
    pub(crate) async fn seen(&self, clip: Clip<'_>) -> Result<Seen, Problem> {
        let mut seen = self.measured_so_far(clip.identity, clip.info);
        if seen.keyframes_us.is_none() {
            seen.keyframes_us = self.parts().media_timeline.keyframes_us(clip).await?;
        }
        seen.analysis.keyframe_gap_max_ms = seen
            .keyframes_us
            .as_deref()
            .map(|keyframes_us| keyframe_gap_max_ms(keyframes_us, clip.info.duration_ms));
        Ok(seen)
    }

    /// As [`Engine::seen`], of an asset; nothing without an identity.
    pub(crate) async fn seen_of(&self, asset: &Asset, info: &MediaInfo) -> Result<Seen, Problem> {
        let Some(identity) = &asset.identity else {
            return Ok(Seen::default());
        };
        self.seen(Clip {
            path: Path::new(&asset.path),
            info,
            identity,
        })
        .await
    }

    fn measured_so_far(&self, identity: &FileIdentity, info: &MediaInfo) -> Seen {
        let known = lock(&self.inner.timelines.measured)
            .get(&identity.content_hash)
            .cloned();
        known.map_or_else(Seen::default, |measured| {
            let measured = lock(&measured);
            Seen {
                analysis: analysis(&measured, info),
                keyframes_us: measured.keyframes_us.clone(),
            }
        })
    }
}

fn analysis(measured: &Measured, info: &MediaInfo) -> Analysis {
    let (sound, scenes) = (measured.sound.as_ref(), measured.scenes.as_ref());
    let starts_black = |scenes: &Scenes| {
        scenes
            .black
            .first()
            .is_some_and(|black| black.from_us == 0)
            .then_some(true)
    };
    Analysis {
        loudness_lufs: sound.and_then(|sound| sound.loudness_lufs),
        true_peak_dbtp: sound.and_then(|sound| sound.true_peak_dbtp),
        silent: sound.filter(|_| info.audio.is_some()).and_then(is_silent),
        black_bars: measured.looks.and_then(|looks| looks.black_bars),
        first_frame_black: scenes
            .and_then(starts_black)
            .or(measured.looks.and_then(|looks| looks.first_frame_black)),
        black: scenes.and_then(|scenes| longest(&scenes.black)),
        frozen: scenes.and_then(|scenes| longest(&scenes.freezes)),
        ..Analysis::default()
    }
}

/// `None` when nothing was heard at all: a track without samples is not known to be silent.
fn is_silent(sound: &Sound) -> Option<bool> {
    let coarsest = sound.levels.last().filter(|level| !level.buckets.is_empty())?;
    Some(
        coarsest
            .buckets
            .iter()
            .all(|bucket| bucket.max <= SILENT_MAX && bucket.min >= -SILENT_MAX),
    )
}

fn longest(spans: &[TimeSpan]) -> Option<Stretch> {
    let length_us = |span: &&TimeSpan| span.to_us.saturating_sub(span.from_us);
    spans.iter().max_by_key(length_us).map(|span| Stretch {
        at_ms: span.from_us / 1_000,
        length_ms: length_us(&span) / 1_000,
    })
}

#[cfg(test)]
mod tests {
    use daypart_ports::timeline::{SoundBucket, SoundLevel};

    use super::*;

    fn sound(loudest: i16) -> Sound {
        let bucket = SoundBucket {
            min: -loudest,
            max: loudest,
            rms: loudest.unsigned_abs(),
        };
        Sound {
            levels: vec![SoundLevel {
                bucket_us: 20_000,
                buckets: vec![SoundBucket::default(), bucket],
            }],
            ..Sound::default()
        }
    }

    #[test]
    fn silence_is_what_nobody_hears() {
        assert_eq!(is_silent(&sound(0)), Some(true));
        assert_eq!(is_silent(&sound(SILENT_MAX)), Some(true));
        assert_eq!(is_silent(&sound(400)), Some(false));
        assert_eq!(is_silent(&Sound::default()), None);
    }

    #[test]
    fn the_longest_stretch_counts() {
        let span = |from_us, to_us| TimeSpan { from_us, to_us };
        assert_eq!(longest(&[]), None);
        assert_eq!(
            longest(&[span(0, 40_000), span(1_000_000, 3_500_000)]),
            Some(Stretch {
                at_ms: 1_000,
                length_ms: 2_500
            })
        );
    }
}
