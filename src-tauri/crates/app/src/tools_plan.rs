//! What stands between a clip and its destinations, without a data folder.

use std::path::{Path, PathBuf};

use daypart_domain::{
    analysis::{Analysis, keyframe_gap_max_ms},
    compliance::check_edited,
    delivery_spec::{AccountLimits, DeliverySpec},
    edit::Edit,
    media_info::MediaInfo,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::{Checked, Destination, Material, SpeedHistory, Wishes, check_and_plan},
};
use daypart_media::{
    Media,
    sound::{Audibility, SoundOrder},
    strip::{Clip, keyframes_us},
};
use daypart_ports::media::MediaProbe;
use tokio_util::sync::CancellationToken;

/// A file, measured as far as its tables go.
#[derive(Debug, Clone)]
pub struct MeasuredClip {
    pub path: PathBuf,
    pub info: MediaInfo,
    pub analysis: Analysis,
    /// `None` where the container does not list them.
    pub keyframes_us: Option<Vec<u64>>,
}

impl MeasuredClip {
    /// Measures `path`; decodes nothing.
    ///
    /// # Errors
    /// As [`MediaProbe::probe`].
    pub async fn measure(path: &Path) -> Result<Self, Problem> {
        let info = Media::default().probe(path).await?;
        let keyframes_us = keyframes_us(Clip { path, info: &info }).await;
        let analysis = Analysis {
            keyframe_gap_max_ms: keyframes_us
                .as_deref()
                .map(|times_us| keyframe_gap_max_ms(times_us, info.duration_ms)),
            ..Analysis::default()
        };
        Ok(Self {
            path: path.to_owned(),
            info,
            analysis,
            keyframes_us,
        })
    }

    /// Decodes the sound, so that loudness and silence are judged too.
    ///
    /// # Errors
    /// `media.ffmpeg_missing`, `media.cancelled`, `media.sound_unreadable`, `media.tool_failed`, `file.missing`.
    pub async fn listen(&mut self, cancel: &CancellationToken) -> Result<(), Problem> {
        let order = SoundOrder {
            source: &self.path,
            info: &self.info,
            track: None,
            cache: None,
        };
        let sound = Media::default().sound(order, None, cancel).await?;
        self.analysis.loudness_lufs = sound.loudness.integrated_lufs;
        self.analysis.true_peak_dbtp = sound.loudness.true_peak_dbtp;
        self.analysis.silent = match sound.audibility {
            Audibility::NoTrack => None,
            Audibility::Empty | Audibility::Silent => Some(true),
            Audibility::Audible => Some(false),
        };
        Ok(())
    }

    /// Looks at a few pictures, so that black bars and a black beginning are judged too. A clip without a picture that
    /// can be decoded stays unjudged.
    ///
    /// # Errors
    /// `media.cancelled`.
    pub async fn look(&mut self, cancel: &CancellationToken) -> Result<(), Problem> {
        let clip = Clip {
            path: &self.path,
            info: &self.info,
        };
        match Media::default().look_at(clip, cancel).await {
            Ok(looks) => {
                self.analysis.black_bars = looks.black_bars;
                self.analysis.first_frame_black = looks.first_frame_black;
                Ok(())
            }
            Err(_) if !cancel.is_cancelled() => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// The findings at each placement and the fewest files that satisfy all of them. No account is asked: the
    /// tables' own limits count.
    ///
    /// # Errors
    /// `edit.invalid` when the edit does not suit this clip.
    pub fn check_and_plan(
        &self,
        edit: &Edit,
        wishes: Wishes,
        specs: &[&DeliverySpec],
    ) -> Result<Checked, Problem> {
        if let Some((first, others)) = edit.problems_on(&self.info).split_first() {
            let problem = Problem::needs_user(
                ErrorCode::new("edit.invalid"),
                UserAction::EditPost,
                first.to_string(),
            );
            return Err(others
                .iter()
                .fold(problem, |problem, other| problem.detail(other.to_string())));
        }
        Ok(self.planned(edit, wishes, specs))
    }

    fn planned(&self, edit: &Edit, wishes: Wishes, specs: &[&DeliverySpec]) -> Checked {
        let history = SpeedHistory::default();
        let material = Material {
            info: &self.info,
            edit,
            analysis: &self.analysis,
            keyframes_us: self.keyframes_us.as_deref(),
            history: &history,
        };
        let destinations: Vec<Destination<'_>> = specs
            .iter()
            .map(|spec| Destination {
                spec,
                limits: AccountLimits::default(),
            })
            .collect();
        check_and_plan(&material, wishes, &destinations)
    }
}

/// What the placements would still refuse about a finished file, in sentences.
pub(crate) fn refusals(info: &MediaInfo, specs: &[&DeliverySpec]) -> Vec<String> {
    specs
        .iter()
        .flat_map(|spec| {
            check_edited(
                info,
                &Edit::default(),
                &Analysis::default(),
                spec,
                AccountLimits::default(),
            )
        })
        .filter(|finding| finding.is_refusal())
        .map(|finding| finding.sentence)
        .collect()
}
