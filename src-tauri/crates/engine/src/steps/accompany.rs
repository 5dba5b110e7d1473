//! What goes along with the file: its cover and its captions. Which they are is known at once; their files are made
//! for the one call that needs them and are gone after it.

use std::path::{Path, PathBuf};

use daypart_domain::{
    captions,
    cover::{chosen, plays_at_us},
    edit::{Captions, Cover, Edit},
    extra,
    problem::{ErrorCode, Problem, UserAction},
};
use daypart_ports::platform::{Accompaniment, Submission, SubmittedCaptions, SubmittedCover};

use super::{StepEnd, StepRun, Subject};

/// The smallest limit that a platform has or had.
const COVER_MAX_BYTES: usize = 2_000_000;
/// An own picture is tried in these sizes until it is small enough.
const OWN_SIDES_PX: [u32; 3] = [1920, 1280, 640];

/// Removes the file when the call is over. A process that dies before leaves it to the next run of the same step, which
/// writes to the same name.
pub(super) struct PreparedFile(PathBuf);

impl Drop for PreparedFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!(file = %self.0.display(), %error, "a file for a platform stays");
        }
    }
}

/// As far as it can be told without opening a file.
pub(super) fn accompaniment(subject: &Subject) -> Accompaniment {
    let edit = subject.post.edit.as_ref();
    Accompaniment {
        cover: chosen(&subject.publication.content, edit).map(|cover| SubmittedCover {
            // The frame begins within this millisecond: the next one surely shows it.
            at_ms: plays_at_us(cover, edit).map(|at_us| at_us.div_ceil(1_000)),
            jpeg: None,
        }),
        captions: attached(edit).map(|_| SubmittedCaptions { srt: None }),
    }
}

/// What an addition is made of, in a form that shows every change of it.
pub(super) fn made_of(subject: &Subject, key: &str) -> String {
    let (content, edit) = (&subject.publication.content, subject.post.edit.as_ref());
    let written = match key {
        extra::COVER => serde_json::to_string(&chosen(content, edit)),
        _ => serde_json::to_string(&content.options),
    };
    written.unwrap_or_default()
}

fn attached(edit: Option<&Edit>) -> Option<&Captions> {
    edit?.captions.as_ref().filter(|captions| !captions.burned_in)
}

impl StepRun {
    /// Makes the file that this addition is made of, names it in `submission`, and keeps it as long as the answer
    /// lives. `None` for additions that need none.
    pub(super) async fn prepared(
        &self,
        subject: &Subject,
        key: &str,
        submission: &mut Submission,
    ) -> Result<Option<PreparedFile>, StepEnd> {
        let along = &mut submission.accompaniment;
        match (key, &mut along.cover, &mut along.captions) {
            (extra::COVER, Some(cover), _) => {
                let jpeg = self.cover_jpeg(subject).await?;
                let name = format!("cover-{}.jpg", subject.publication.id);
                let (path, kept) = self.put(&name, &jpeg).await?;
                cover.jpeg = Some(path);
                Ok(Some(kept))
            }
            (extra::CAPTIONS, _, Some(captions)) => {
                let srt = self.captions_srt(subject).await?;
                let name = format!("captions-{}.srt", subject.publication.id);
                let (path, kept) = self.put(&name, srt.as_bytes()).await?;
                captions.srt = Some(path);
                Ok(Some(kept))
            }
            _ => Ok(None),
        }
    }

    async fn cover_jpeg(&self, subject: &Subject) -> Result<Vec<u8>, StepEnd> {
        let edit = subject.post.edit.as_ref();
        let timeline = &self.engine.parts().media_timeline;
        match chosen(&subject.publication.content, edit) {
            None => Err(Problem::bug("a cover is made that nobody asked for").into()),
            Some(Cover::Image { path }) => {
                for side_px in OWN_SIDES_PX {
                    let jpeg = timeline.own_cover(Path::new(path), side_px).await?;
                    if jpeg.len() <= COVER_MAX_BYTES {
                        return Ok(jpeg);
                    }
                }
                Err(Problem::bug("an own cover stays too large whatever its size").into())
            }
            Some(Cover::At { at_us }) => {
                let footage = self.footage(subject).await?;
                let edit = edit.cloned().unwrap_or_default();
                let made = timeline
                    .cover_frame(footage.clip(), &edit, *at_us, COVER_MAX_BYTES, &self.cancel)
                    .await;
                self.heed_cancel()?;
                Ok(made?)
            }
        }
    }

    async fn captions_srt(&self, subject: &Subject) -> Result<String, StepEnd> {
        let edit = subject.post.edit.as_ref();
        let (Some(edit), Some(attached)) = (edit, attached(edit)) else {
            return Err(Problem::bug("captions are made that nobody asked for").into());
        };
        let footage = self.footage(subject).await?;
        let file = self.engine.captions_file(&attached.path).await?;
        let cues = captions::for_edit(&file.cues, edit, footage.duration_us());
        if cues.is_empty() {
            return Err(nothing_left().into());
        }
        Ok(captions::to_srt(&cues))
    }

    /// The video as it was when it was sent.
    async fn footage(&self, subject: &Subject) -> Result<crate::timeline::Footage, StepEnd> {
        let asset = self.unchanged_asset(subject).await?;
        Ok(self.engine.footage(asset.id).await?)
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(PathBuf, PreparedFile), StepEnd> {
        let path = self.engine.parts().folders.media.join(name);
        tokio::fs::write(&path, bytes).await.map_err(|error| {
            Problem::transient(
                ErrorCode::new("file.unwritable"),
                format!("“{name}” could not be written to Daypart's folder."),
            )
            .fix("Check the free space and the rights of Daypart's data folder.")
            .caused_by(&error)
        })?;
        Ok((path.clone(), PreparedFile(path)))
    }
}

fn nothing_left() -> Problem {
    Problem::needs_user(
        ErrorCode::new("captions.none_left"),
        UserAction::EditPost,
        "None of the captions is left in the edited video.",
    )
    .fix("Choose captions that belong to the parts that are kept.")
}
