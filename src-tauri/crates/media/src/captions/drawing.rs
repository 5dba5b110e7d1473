//! What a conversion needs to draw captions: a script for the result, and one for each stretch it is checked by.

use std::path::{Path, PathBuf};

use daypart_domain::{
    captions::{Cue, retimed},
    edit::KeptRange,
    problem::{ErrorCode, Problem, UserAction},
    transcode_plan::{EncodeTarget, TranscodePlan},
};

use super::{ass::script, read_file};
use crate::{
    arguments::words,
    encode::work_folder::WorkFolder,
    problems,
    tool::{self, Bounds},
    toolbox::MediaToolbox,
};

/// The list of an ffmpeg with everything has 40 kB.
const FILTER_LIST_MAX_BYTES: usize = 1 << 20;

/// Captions to draw, and a folder for scripts that lasts as long as this.
pub(crate) struct Drawing {
    cues: Vec<Cue>,
    folder: WorkFolder,
}

impl Drawing {
    /// Reads what the plan wants drawn; `None` when that is nothing.
    ///
    /// # Errors
    /// `captions.missing`, `captions.unreadable`, `captions.invalid`; `media.captions_no_libass` when this ffmpeg
    /// cannot draw letters.
    pub(crate) async fn prepare(
        toolbox: &MediaToolbox,
        plan: &TranscodePlan,
        out: &Path,
    ) -> Result<Option<Self>, Problem> {
        let wanted = plan
            .target
            .as_ref()
            .and_then(|target| target.captions_path.as_ref());
        let Some(path) = wanted else { return Ok(None) };
        let file = read_file(Path::new(path)).await?;
        if !draws_letters(toolbox).await? {
            return Err(no_libass());
        }
        let folder = WorkFolder::of_captions(out).map_err(|error| problems::unwritable(out, &error))?;
        Ok(Some(Self {
            cues: file.cues,
            folder,
        }))
    }

    /// The plan with our script in the place of the user's file.
    pub(crate) async fn carried_by(&self, plan: &TranscodePlan) -> Result<TranscodePlan, Problem> {
        let Some(target) = &plan.target else {
            return Ok(plan.clone());
        };
        let target = self
            .drawn_on(target, &plan.parts, plan.speed, "captions.ass")
            .await?;
        Ok(TranscodePlan {
            target: Some(target),
            ..plan.clone()
        })
    }

    /// The target with a script for these stretches of the source, so that source and result can be compared.
    pub(crate) async fn compared_on(
        &self,
        target: &EncodeTarget,
        stretches: &[KeptRange],
        speed: f64,
    ) -> Result<EncodeTarget, Problem> {
        self.drawn_on(target, stretches, speed, "compared.ass").await
    }

    async fn drawn_on(
        &self,
        target: &EncodeTarget,
        parts: &[KeptRange],
        speed: f64,
        name: &str,
    ) -> Result<EncodeTarget, Problem> {
        let cues = retimed(&self.cues, parts, speed);
        let captions_path = if cues.is_empty() {
            None
        } else {
            let path = self.folder.file(name);
            let script = script(&cues, target.width_px, target.height_px);
            tokio::fs::write(&path, script)
                .await
                .map_err(|error| problems::unwritable(&path, &error))?;
            Some(nameable(path)?)
        };
        Ok(EncodeTarget {
            captions_path,
            ..target.clone()
        })
    }
}

/// A graph of filters is text.
fn nameable(path: PathBuf) -> Result<String, Problem> {
    path.into_os_string().into_string().map_err(|path| {
        Problem::permanent(
            ErrorCode::new("media.captions_not_drawn"),
            "Captions cannot be drawn, because the name of Daypart's data folder is not valid text.",
        )
        .fix("Keep Daypart's data in a folder with another name.")
        .detail(path.to_string_lossy().into_owned())
    })
}

async fn draws_letters(toolbox: &MediaToolbox) -> Result<bool, Problem> {
    let ffmpeg = toolbox.ffmpeg()?;
    let bounds = Bounds {
        timeout: toolbox.look_timeout(),
        stdout_max_bytes: FILTER_LIST_MAX_BYTES,
    };
    let finished = tool::run(&ffmpeg, &words(["-hide_banner", "-filters"]), bounds)
        .await
        .map_err(|error| problems::tool_failed(&ffmpeg, &error))?;
    let list = String::from_utf8_lossy(&finished.stdout).into_owned();
    Ok(list
        .lines()
        .any(|line| line.split_whitespace().nth(1) == Some("ass")))
}

fn no_libass() -> Problem {
    Problem::needs_user(
        ErrorCode::new("media.captions_no_libass"),
        UserAction::InstallFfmpeg,
        "The ffmpeg of this computer cannot draw letters: it was built without libass.",
    )
    .fix("Install an ffmpeg with libass, which nearly every one has, or hand the captions over beside the video.")
}
